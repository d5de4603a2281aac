#include "inference/tuning.h"

#include <charconv>
#include <string_view>

extern char** environ; // POSIX has no header for it

namespace ponder::inference {

namespace {

template <typename T>
T number(std::string_view text) {
    T value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? value : 0;
}

LogLevel level(std::string_view name) {
    for (const LogLevel level :
         {LogLevel::Debug, LogLevel::Info, LogLevel::Warning, LogLevel::Error, LogLevel::Off})
        if (logLevelName(level) == name) return level;
    return LogLevel::Warning;
}

bool isSet(std::string_view text) { return !text.empty() && text != "0"; }

// One row a switch: its name, what it does to the tuning. What each means stands in the header.
struct Switch {
    std::string_view name;
    void (*apply)(Tuning&, std::string_view);
};

constexpr Switch kSwitches[] = {
    {"PONDER_VALIDATION", [](Tuning& t, std::string_view v) { t.validation = isSet(v); }},
    {"PONDER_DEVICE", [](Tuning& t, std::string_view v) { t.device = v; }},
    {"PONDER_CACHE_DIR", [](Tuning& t, std::string_view v) { t.cacheFolder = v == "-" ? "" : v; }},
    {"PONDER_NO_COOPMAT",
     [](Tuning& t, std::string_view v) {
         t.noCooperativeMatrix = isSet(v);
         t.anyCooperativeMatrix = !t.noCooperativeMatrix;
     }},
    {"PONDER_INTEGER_DOT", [](Tuning& t, std::string_view v) { t.integerDot = isSet(v); }},
    {"PONDER_SELF_TEST", [](Tuning& t, std::string_view v) { t.selfTest = isSet(v); }},
    {"PONDER_SUBGROUP", [](Tuning& t, std::string_view v) { t.subgroupSize = number<uint32_t>(v); }},
    {"PONDER_FAIL_VULKAN_CALL",
     [](Tuning& t, std::string_view v) {
         const size_t colon = v.find(':');
         t.failVulkanCall = number<uint64_t>(v.substr(0, colon));
         t.failVulkanResult = colon == std::string_view::npos ? "" : v.substr(colon + 1);
     }},
    {"PONDER_MAX_ARENA", [](Tuning& t, std::string_view v) { t.maxArenaBytes = number<uint64_t>(v); }},
    {"PONDER_PREFILL_CHUNK", [](Tuning& t, std::string_view v) { t.prefillChunk = number<uint32_t>(v); }},
    {"PONDER_DECODE_PARTS", [](Tuning& t, std::string_view v) { t.decodeParts = number<uint32_t>(v); }},
    {"PONDER_LOAD_DIRECT", [](Tuning& t, std::string_view v) { t.directThreads = number<uint32_t>(v); }},
    {"PONDER_SPIN", [](Tuning& t, std::string_view v) { t.spinMicroseconds = number<uint32_t>(v); }},
    {"PONDER_EXPERT_CACHE",
     [](Tuning& t, std::string_view v) {
         t.expertCache = isSet(v);
         t.restlessExperts = v == "restless";
     }},
    {"PONDER_EXPERT_LINK",
     [](Tuning& t, std::string_view v) {
         t.expertLinkMeasured = v == "measured";
         if (!t.expertLinkMeasured) t.expertLink = number<uint32_t>(v);
     }},
    {"PONDER_EXPERT_STREAM", [](Tuning& t, std::string_view v) { t.expertStream = number<uint32_t>(v); }},
    {"PONDER_LAYER_STREAM", [](Tuning& t, std::string_view v) { t.layerStream = number<uint32_t>(v); }},
    {"PONDER_PROFILE", [](Tuning& t, std::string_view v) { t.profile = isSet(v); }},
    {"PONDER_LOG", [](Tuning& t, std::string_view v) { t.logLevel = level(v); }},
};

// The value of `name` in an environment block, or nothing.
std::string_view lookup(const char* const* environment, std::string_view name) {
    for (; environment && *environment; ++environment) {
        const std::string_view line = *environment;
        if (line.size() > name.size() && line.starts_with(name) && line[name.size()] == '=')
            return line.substr(name.size() + 1);
    }
    return {};
}

} // namespace

Tuning parseTuning(const char* const* environment) {
    Tuning result;
    if (const auto cache = lookup(environment, "XDG_CACHE_HOME"); !cache.empty())
        result.cacheFolder = std::string(cache) + "/ponder";
    else if (const auto home = lookup(environment, "HOME"); !home.empty())
        result.cacheFolder = std::string(home) + "/.cache/ponder";
    for (const Switch& one : kSwitches)
        if (const auto value = lookup(environment, one.name); !value.empty()) one.apply(result, value);
    return result;
}

const Tuning& tuning() {
    static const Tuning parsed = parseTuning(environ);
    return parsed;
}

} // namespace ponder::inference
