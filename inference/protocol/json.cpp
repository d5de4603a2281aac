#include "inference/protocol/json.h"

#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <limits>
#include <type_traits>
#include <utility>

#include <nlohmann/json.hpp>

#include "inference/protocol/message_fields.h"
#include "models/base/text.h"

namespace ponder::protocol {
namespace {

using Json = nlohmann::ordered_json; // lines begin with version, type and id, in that order

// Deeper than any message of ours, shallow enough that no parser can be made to exhaust its memory by
// nesting.
constexpr int kMaxDepth = 16;

// -- writing ------------------------------------------------------------------------------------------------
class Writer {
public:
    static constexpr bool kWrites = true;
    explicit Writer(Json& into) : m_into(into) {}

    template <typename T>
    void operator()(const char* key, const T& value, Presence = Presence::Optional) {
        m_into[key] = toValue(value);
    }

private:
    static Json toValue(const std::string& value) { return value; }
    static Json toValue(double value) { return value; }
    // A float as the shortest decimal that gives it back: 0.6, not 0.60000002384185791.
    static Json toValue(float value) {
        std::array<char, 32> text{};
        const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
        double decimal = value;
        std::from_chars(text.data(), end, decimal);
        return decimal;
    }
    template <typename T>
    static Json toValue(const AsText<T>& wide) {
        return std::to_string(wide.value);
    }
    template <typename T>
    static Json toValue(const std::vector<T>& list) {
        Json array = Json::array();
        for (const auto& item : list) array.push_back(toValue(item));
        return array;
    }
    template <typename T>
    static Json toValue(const T& value) {
        if constexpr (std::is_enum_v<T>) {
            return std::string(nameOf(value));
        } else if constexpr (std::is_class_v<T>) {
            Json object = Json::object();
            Writer inner(object);
            fields(inner, value);
            return object;
        } else {
            return value;
        }
    }

    Json& m_into;
};

template <typename Message_, size_t N>
std::string write(const Message_& message, const std::array<std::string_view, N>& types) {
    Json line = Json::object();
    line["v"] = kVersion;
    line["type"] = std::string(types[message.body.index()]);
    if (!message.id.empty()) line["id"] = message.id;
    Writer writer(line);
    std::visit([&](const auto& body) { fields(writer, body); }, message.body);
    // Malformed UTF-8 is replaced, never thrown about; everything outside ASCII stays as it is.
    return line.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// -- reading ------------------------------------------------------------------------------------------------
// Keeps the first complaint; what follows it is skipped.
class Reader {
public:
    static constexpr bool kWrites = false;
    Reader(const Json& object, std::string where, std::string& complaint)
        : m_object(object), m_where(std::move(where)), m_complaint(complaint) {}

    template <typename T>
    void operator()(const char* key, T&& value, Presence presence = Presence::Optional) {
        if (!m_complaint.empty()) return;
        const auto found = m_object.find(key);
        const std::string where = m_where.empty() ? std::string(key) : m_where + "." + key;
        if (found == m_object.end() || found->is_null()) {
            if (presence == Presence::Required) m_complaint = "\"" + where + "\" is missing";
            return;
        }
        read(*found, value, where);
    }

private:
    void expected(const std::string& where, const std::string& what) {
        if (m_complaint.empty()) m_complaint = "\"" + where + "\" must be " + what;
    }

    void read(const Json& json, std::string& value, const std::string& where) {
        if (!json.is_string()) return expected(where, "a string");
        value = json.get_ref<const std::string&>();
    }
    void read(const Json& json, bool& value, const std::string& where) {
        if (!json.is_boolean()) return expected(where, "true or false");
        value = json.get<bool>();
    }
    template <std::floating_point T>
    void read(const Json& json, T& value, const std::string& where) {
        if (!json.is_number()) return expected(where, "a number");
        const double number = json.get<double>();
        if (!(std::abs(number) <= static_cast<double>(std::numeric_limits<T>::max())))
            return expected(where, "a finite number");
        value = static_cast<T>(number);
    }
    template <std::integral T>
    void read(const Json& json, T& value, const std::string& where) {
        const auto tooWide = [&] {
            expected(where, "a whole number from " + std::to_string(std::numeric_limits<T>::min()) + " to " +
                                std::to_string(std::numeric_limits<T>::max()));
        };
        if (json.is_number_unsigned()) {
            const auto number = json.get<uint64_t>();
            if (!std::in_range<T>(number)) return tooWide();
            value = static_cast<T>(number);
        } else if (json.is_number_integer()) {
            const auto number = json.get<int64_t>();
            if (!std::in_range<T>(number)) return tooWide();
            value = static_cast<T>(number);
        } else {
            tooWide();
        }
    }
    template <typename T>
    void read(const Json& json, AsText<T>& wide, const std::string& where) {
        if (!json.is_string()) return read(json, wide.value, where);
        const auto& text = json.get_ref<const std::string&>();
        const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), wide.value);
        if (failure != std::errc() || end != text.data() + text.size())
            expected(where, "a decimal number in quotes");
    }
    template <typename T>
    void read(const Json& json, std::vector<T>& list, const std::string& where) {
        if (!json.is_array()) return expected(where, "an array");
        list.clear();
        list.reserve(json.size());
        for (size_t i = 0; i < json.size() && m_complaint.empty(); ++i) {
            list.emplace_back();
            read(json[i], list.back(), where + "[" + std::to_string(i) + "]");
        }
    }
    template <typename T>
    requires std::is_enum_v<T>
    void read(const Json& json, T& value, const std::string& where) {
        std::string choices;
        if (json.is_string()) {
            const auto& text = json.get_ref<const std::string&>();
            for (const auto& named : names(T{})) {
                if (named.name != text) continue;
                value = named.value;
                return;
            }
        }
        for (const auto& named : names(T{})) {
            if (!choices.empty()) choices += ", ";
            choices += named.name;
        }
        expected(where, "one of " + choices);
    }
    template <typename T>
    requires std::is_class_v<T>
    void read(const Json& json, T& value, const std::string& where) {
        if (!json.is_object()) return expected(where, "an object");
        Reader inner(json, where, m_complaint);
        fields(inner, value);
    }

    const Json& m_object;
    std::string m_where;
    std::string& m_complaint;
};

// Nesting of brackets outside of strings; the text need not be JSON.
bool tooDeep(std::string_view line) {
    int depth = 0;
    bool inString = false;
    for (size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (inString) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inString = false;
        } else if (c == '"') {
            inString = true;
        } else if (c == '{' || c == '[') {
            if (++depth > kMaxDepth) return true;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return false;
}

Result<Json> parseObject(std::string_view line) {
    const auto complain = [](std::string what) { return Error{ErrorCode::Protocol, std::move(what)}; };
    if (line.size() > kMaxLineBytes)
        return complain("the line is " + std::to_string(line.size()) + " bytes long, more than the " +
                        std::to_string(kMaxLineBytes) + " that one message may have");
    if (tooDeep(line)) return complain("the line nests deeper than " + std::to_string(kMaxDepth) + " levels");
    try {
        Json json = Json::parse(line.begin(), line.end());
        if (!json.is_object()) return complain("the line is not a JSON object");
        return json;
    } catch (const nlohmann::json::parse_error& failure) {
        return complain("the line is not JSON: malformed at byte " + std::to_string(failure.byte));
    } catch (const std::exception& failure) { // out of range numbers, no memory
        return complain("the line cannot be read: " + printable(failure.what(), 300));
    }
}

// Makes the alternative whose place in `types` is the name's, and reads its fields.
template <typename Body, size_t I = 0>
bool emplaceNth(Body& body, size_t index) {
    if constexpr (I < std::variant_size_v<Body>) {
        if (index == I) {
            body.template emplace<I>();
            return true;
        }
        return emplaceNth<Body, I + 1>(body, index);
    } else {
        return false;
    }
}

template <typename Message_, size_t N>
Result<Message_> parse(std::string_view line, const std::array<std::string_view, N>& types) {
    ASSIGN_OR_RETURN(const Json json, parseObject(line));
    try {
        std::string complaint;
        int version = 0;
        std::string type;
        Message_ message;
        Reader reader(json, "", complaint);
        reader("v", version, kRequired);
        reader("type", type, kRequired);
        // A hello of any version is read, so that its receiver can say which of the two is too old.
        if (complaint.empty() && version != kVersion && type != "hello")
            complaint = "the line is of protocol version " + std::to_string(version) +
                        ", this program speaks " + std::to_string(kVersion);
        reader("id", message.id);
        if (!complaint.empty()) return Error{ErrorCode::Protocol, std::move(complaint)};
        size_t index = 0;
        while (index < N && types[index] != type) ++index;
        if (!emplaceNth(message.body, index))
            return Error{ErrorCode::Protocol, "unknown type \"" + printable(type, 40) + "\""};
        std::visit([&](auto& body) { fields(reader, body); }, message.body);
        if (!complaint.empty()) return Error{ErrorCode::Protocol, type + ": " + complaint};
        return message;
    } catch (const std::exception& failure) {
        return Error{ErrorCode::Protocol, std::string("the line cannot be read: ") + failure.what()};
    }
}

} // namespace

std::string toJson(const Request& request) { return write(request, kRequestTypes); }
std::string toJson(const Event& event) { return write(event, kEventTypes); }

Result<Request> parseRequest(std::string_view line) { return parse<Request>(line, kRequestTypes); }
Result<Event> parseEvent(std::string_view line) { return parse<Event>(line, kEventTypes); }

std::string idOfLine(std::string_view line) {
    const auto json = parseObject(line);
    if (!json.ok()) return "";
    const auto id = json->find("id");
    return id != json->end() && id->is_string() ? id->get_ref<const std::string&>() : std::string();
}

std::string_view errorCodeName(ErrorCode code) { return nameOf(code); }

ErrorCode errorCodeFromName(std::string_view name) {
    for (const auto& named : names(ErrorCode{}))
        if (named.name == name) return named.value;
    return ErrorCode::Internal;
}

} // namespace ponder::protocol
