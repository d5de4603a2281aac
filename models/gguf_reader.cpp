#include "models/gguf_reader.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

#include <fmt/format.h>

#include "models/base/checked.h"
#include "models/base/text.h"

namespace ponder::models {

static_assert(std::endian::native == std::endian::little, "values are copied out of the file as they are");

namespace {

constexpr uint64_t kReadAhead = uint64_t{1} << 20;
constexpr uint64_t kLeastKeyBytes = 8 + 1 + 4 + 1;            // key of one byte, a value of one
constexpr uint64_t kLeastTensorBytes = 8 + 1 + 4 + 8 + 4 + 8; // name of one byte, one dimension

struct ValueTypeInfo {
    std::string_view name;
    uint64_t bytes;
};
constexpr std::array<ValueTypeInfo, kGgufValueTypes> kValueTypes{{{"uint8", 1},
                                                                  {"int8", 1},
                                                                  {"uint16", 2},
                                                                  {"int16", 2},
                                                                  {"uint32", 4},
                                                                  {"int32", 4},
                                                                  {"float32", 4},
                                                                  {"bool", 1},
                                                                  {"string", 0},
                                                                  {"array", 0},
                                                                  {"uint64", 8},
                                                                  {"int64", 8},
                                                                  {"float64", 8}}};

// Walks the header once. Every step asks for its bytes first; what is not there is an error, never a read.
class Parser {
public:
    explicit Parser(const ByteSource& file) : m_file(file) {}

    Result<GgufHeader> parse() {
        RETURN_IF_ERROR(parseStart());
        for (uint64_t i = 0; i < m_keyCount; ++i) RETURN_IF_ERROR(parseKey(i));
        RETURN_IF_ERROR(indexKeys());
        RETURN_IF_ERROR(readAlignment());
        m_header.tensors.reserve(m_tensorCount);
        for (uint64_t i = 0; i < m_tensorCount; ++i) RETURN_IF_ERROR(parseTensor(i));
        RETURN_IF_ERROR(placeTensors());
        m_header.bytes.resize(m_at);
        m_header.bytes.shrink_to_fit();
        return std::move(m_header);
    }

private:
    // What damage looks like; the sentence gets its full stop and what to do here.
    template <typename... Args>
    Error malformed(fmt::format_string<Args...> format, Args&&... args) const {
        return refuse("it is cut short or corrupted, download it again",
                      fmt::format(format, std::forward<Args>(args)...));
    }

    Error refuse(std::string_view advice, std::string_view found) const {
        return {ErrorCode::MalformedFile,
                fmt::format("{}: {}: {}.", printable(m_file.path().filename().string()), found, advice)};
    }

    uint64_t left() const { return m_file.sizeBytes() - m_at; } // m_at never passes the size

    // Makes the next `size` bytes present in m_header.bytes.
    Result<void> ensure(uint64_t size, std::string_view what) {
        if (size > left()) {
            return malformed("{} at byte {} needs {} bytes, but the file ends at {}", what, m_at, size,
                             m_file.sizeBytes());
        }
        const uint64_t end = m_at + size;
        if (end <= m_header.bytes.size()) return {};
        if (end > kMaxHeaderBytes) {
            return malformed("{} reaches byte {} of the header, expected at most {}", what, end,
                             kMaxHeaderBytes);
        }
        const uint64_t had = m_header.bytes.size();
        const uint64_t wanted = std::max({end, had + kReadAhead, had + had / 2});
        m_header.bytes.resize(std::min({wanted, m_file.sizeBytes(), kMaxHeaderBytes}));
        return m_file.readAt(had, std::span(m_header.bytes).subspan(had));
    }

    template <typename T>
    Result<T> take(std::string_view what) {
        RETURN_IF_ERROR(ensure(sizeof(T), what));
        const T value = m_header.scalar<T>(m_at);
        m_at += sizeof(T);
        return value;
    }

    // A string of the file; `limit` bytes at most. Leaves m_at behind it.
    Result<ByteRange> takeString(std::string_view what, uint64_t limit) {
        ASSIGN_OR_RETURN(const uint64_t length, take<uint64_t>(what));
        if (length > limit) {
            return malformed("{} at byte {} is said to be {} bytes long, expected at most {}", what, m_at - 8,
                             length, limit);
        }
        RETURN_IF_ERROR(ensure(length, what));
        const ByteRange range{m_at, length};
        m_at += length;
        return range;
    }

    // A key or a tensor's name: what stands in messages and is compared, so plain ASCII and not empty.
    Result<ByteRange> takeName(std::string_view what, uint64_t limit) {
        ASSIGN_OR_RETURN(const ByteRange range, takeString(what, limit));
        const std::string_view name = m_header.text(range);
        const bool plain = std::all_of(name.begin(), name.end(), [](char c) { return c > 0x20 && c < 0x7F; });
        if (name.empty() || !plain) {
            return malformed("{} at byte {} is \"{}\", expected visible ASCII characters", what, range.offset,
                             printable(name));
        }
        return range;
    }

    Result<void> parseStart() {
        if (m_file.sizeBytes() < 24) {
            return malformed("The file is {} bytes long, expected at least the 24 of a GGUF header",
                             m_file.sizeBytes());
        }
        RETURN_IF_ERROR(ensure(24, "The header"));
        if (std::memcmp(m_header.bytes.data(), "GGUF", 4) != 0) {
            return refuse("it is not a GGUF model, choose another file",
                          fmt::format("The file begins with \"{}\", expected \"GGUF\"",
                                      printable(m_header.text({0, 4}))));
        }
        m_at = 4;
        ASSIGN_OR_RETURN(m_header.version, take<uint32_t>("The version"));
        const uint32_t version = m_header.version;
        if (version != 0 && (version & 0xFFFFu) == 0) {
            return refuse(
                "choose a little-endian file",
                fmt::format("The version reads {:#010x}, so the file is byte-swapped (big-endian)", version));
        }
        if (version != 2 && version != 3)
            return refuse("choose another file of the model",
                          fmt::format("The file is GGUF version {}, expected 2 or 3", version));
        ASSIGN_OR_RETURN(m_tensorCount, take<uint64_t>("The number of tensors"));
        ASSIGN_OR_RETURN(m_keyCount, take<uint64_t>("The number of keys"));
        RETURN_IF_ERROR(checkCount("tensors", m_tensorCount, kMaxTensors, kLeastTensorBytes));
        return checkCount("metadata keys", m_keyCount, kMaxKeys, kLeastKeyBytes);
    }

    // A count is believed only when the rest of the file could hold as many.
    Result<void> checkCount(std::string_view what, uint64_t count, uint64_t limit, uint64_t leastBytes) const {
        if (count > limit)
            return malformed("The file is said to hold {} {}, expected at most {}", count, what, limit);
        if (count > left() / leastBytes) {
            return malformed("The file is said to hold {} {}, but the file ends at byte {}", count, what,
                             m_file.sizeBytes());
        }
        return {};
    }

    Result<void> parseKey(uint64_t index) {
        GgufValue value;
        ASSIGN_OR_RETURN(value.key, takeName(fmt::format("Metadata key {}", index + 1), kMaxKeyBytes));
        ASSIGN_OR_RETURN(value.type, takeType(value.key));
        if (value.type == GgufValueType::Array) {
            ASSIGN_OR_RETURN(value.elementType, takeType(value.key));
            ASSIGN_OR_RETURN(value.count, takeArrayCount(value.key, value.elementType));
        }
        value.offset = m_at;
        if (value.type == GgufValueType::Array) {
            RETURN_IF_ERROR(skipElements(value.key, value.elementType, value.count, 1));
        } else {
            RETURN_IF_ERROR(skipElements(value.key, value.type, 1, 0));
        }
        m_header.values.push_back(value);
        return {};
    }

    std::string keyName(ByteRange key) const { return printable(m_header.text(key)); }

    Result<GgufValueType> takeType(ByteRange key) {
        ASSIGN_OR_RETURN(const uint32_t type, take<uint32_t>("The type of a value"));
        if (type >= kGgufValueTypes) {
            return malformed("{} has value type {}, expected 0 to {}", keyName(key), type,
                             kGgufValueTypes - 1);
        }
        return static_cast<GgufValueType>(type);
    }

    Result<uint64_t> takeArrayCount(ByteRange key, GgufValueType elementType) {
        ASSIGN_OR_RETURN(const uint64_t count, take<uint64_t>("The length of an array"));
        // A string takes at least its length, an inner array its type and count.
        const uint64_t scalar = ggufScalarBytes(elementType);
        const uint64_t least = scalar != 0 ? scalar : elementType == GgufValueType::String ? 8 : 12;
        if (count > kMaxArrayElements || count > left() / least) {
            return malformed(
                "{} is said to hold {} elements, expected at most {} in the {} bytes that follow",
                keyName(key), count, std::min(kMaxArrayElements, left() / least), left());
        }
        return count;
    }

    // Proves that `count` values of a type are there and well-formed. depth: arrays around them.
    Result<void> skipElements(ByteRange key, GgufValueType type, uint64_t count, uint32_t depth) {
        if (type == GgufValueType::Array) {
            if (depth >= kMaxArrayDepth) {
                return malformed("{} nests arrays more than {} deep", keyName(key), kMaxArrayDepth);
            }
            for (uint64_t i = 0; i < count; ++i) {
                ASSIGN_OR_RETURN(const GgufValueType inner, takeType(key));
                ASSIGN_OR_RETURN(const uint64_t innerCount, takeArrayCount(key, inner));
                RETURN_IF_ERROR(skipElements(key, inner, innerCount, depth + 1));
            }
            return {};
        }
        if (type == GgufValueType::String) {
            for (uint64_t i = 0; i < count; ++i) RETURN_IF_ERROR(takeString("A string", kMaxHeaderBytes));
            return {};
        }
        const uint64_t bytes = count * ggufScalarBytes(type); // count is at most kMaxArrayElements
        RETURN_IF_ERROR(ensure(bytes, keyName(key)));
        if (type == GgufValueType::Bool) {
            for (uint64_t i = 0; i < count; ++i) {
                const auto found = m_header.scalar<uint8_t>(m_at + i);
                if (found > 1)
                    return malformed("{} holds the truth value {}, expected 0 or 1", keyName(key), found);
            }
        }
        m_at += bytes;
        return {};
    }

    Result<void> indexKeys() {
        std::vector<uint32_t>& order = m_header.byKey;
        order.resize(m_header.values.size());
        for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
        const auto keyOf = [&](uint32_t i) { return m_header.text(m_header.values[i].key); };
        std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return keyOf(a) < keyOf(b); });
        const auto twice = std::adjacent_find(order.begin(), order.end(),
                                              [&](uint32_t a, uint32_t b) { return keyOf(a) == keyOf(b); });
        if (twice != order.end()) {
            return malformed("The metadata key {} stands twice, expected once", printable(keyOf(*twice)));
        }
        return {};
    }

    Result<void> readAlignment() {
        const GgufValue* const value = m_header.find("general.alignment");
        if (value == nullptr) return {};
        const auto alignment = m_header.integer(value->type, value->offset);
        if (!alignment || *alignment <= 0 || !isPowerOfTwo(static_cast<uint64_t>(*alignment)) ||
            static_cast<uint64_t>(*alignment) > kMaxAlignment) {
            return malformed("general.alignment is {}, expected a power of two up to {}",
                             value->type == GgufValueType::Array
                                 ? "an array"
                                 : m_header.describeScalar(value->type, value->offset, 40),
                             kMaxAlignment);
        }
        m_alignment = static_cast<uint64_t>(*alignment);
        return {};
    }

    Result<void> parseTensor(uint64_t index) {
        TensorInfo tensor;
        ASSIGN_OR_RETURN(const ByteRange name,
                         takeName(fmt::format("The name of tensor {}", index + 1), kMaxNameBytes));
        tensor.name = m_header.text(name);
        ASSIGN_OR_RETURN(tensor.n_dims, take<uint32_t>(tensor.name));
        if (tensor.n_dims < 1 || tensor.n_dims > tensor.shape.size()) {
            return malformed("{} has {} dimensions, expected 1 to {}", tensor.name, tensor.n_dims,
                             tensor.shape.size());
        }
        uint64_t values = 1;
        for (uint32_t i = 0; i < tensor.n_dims; ++i) {
            ASSIGN_OR_RETURN(tensor.shape[i], take<uint64_t>(tensor.name));
            const auto product = checkedMul(values, tensor.shape[i]);
            // Signed 64-bit positions are what kernels and system calls take.
            if (tensor.shape[i] == 0 || !product || *product > uint64_t{std::numeric_limits<int64_t>::max()}) {
                return malformed(
                    "{} has the dimensions {}, expected at least 1 each and fewer than 2^63 values in all",
                    tensor.name, fmt::join(std::span(tensor.shape).first(i + 1), " x "));
            }
            values = *product;
        }
        ASSIGN_OR_RETURN(const uint32_t ggufId, take<uint32_t>(tensor.name));
        ASSIGN_OR_RETURN(tensor.offset,
                         take<uint64_t>(tensor.name)); // from the start of the data, until placeTensors
        const auto type = quantTypeFromGguf(ggufId);
        if (!type) return unsupportedFormat(tensor.name, ggufId);
        tensor.type = *type;
        const QuantTypeInfo& format = quantTypeInfo(*type);
        if (tensor.shape[0] % format.valuesPerBlock != 0) {
            return malformed("{} has {} columns, expected a multiple of {} as {} takes them", tensor.name,
                             tensor.shape[0], format.valuesPerBlock, format.name);
        }
        const auto bytes = checkedMul(values / format.valuesPerBlock, format.bytesPerBlock);
        if (!bytes || *bytes > m_file.sizeBytes()) {
            return malformed("{} has {} values of {}, more than the {} bytes of the file hold", tensor.name,
                             values, format.name, m_file.sizeBytes());
        }
        tensor.sizeBytes = *bytes;
        m_header.tensors.push_back(std::move(tensor));
        return {};
    }

    Error unsupportedFormat(std::string_view tensor, uint32_t ggufId) const {
        const std::string_view name = ggufTypeName(ggufId);
        const std::string found = name == "unknown" ? fmt::format("the unknown format {}", ggufId)
                                                    : fmt::format("the format {} ({})", name, ggufId);
        return {ErrorCode::UnsupportedQuantization,
                fmt::format("{}: {} has {}, which Ponder does not read: choose a file in Q4_K_M, Q8_0 or "
                            "another common format.",
                            printable(m_file.path().filename().string()), tensor, found)};
    }

    // Offsets become positions in the file; ranges must lie inside it, aligned, and share no byte.
    Result<void> placeTensors() {
        if (m_header.tensors.empty()) return {};
        const auto start = checkedAlignUp(m_at, m_alignment);
        for (TensorInfo& tensor : m_header.tensors) {
            if (tensor.offset % m_alignment != 0) {
                return malformed("{} begins at offset {}, expected a multiple of {}", tensor.name,
                                 tensor.offset, m_alignment);
            }
            const auto position = checkedAdd(*start, tensor.offset);
            if (!position || !rangeInside(*position, tensor.sizeBytes, m_file.sizeBytes())) {
                return malformed("{} takes {} bytes from offset {} of the data, but the file of {} bytes "
                                 "ends before",
                                 tensor.name, tensor.sizeBytes, tensor.offset, m_file.sizeBytes());
            }
            tensor.offset = *position;
        }
        std::vector<const TensorInfo*> order;
        for (const TensorInfo& tensor : m_header.tensors) order.push_back(&tensor);
        std::sort(order.begin(), order.end(), [](auto* a, auto* b) { return a->offset < b->offset; });
        for (size_t i = 1; i < order.size(); ++i) {
            const TensorInfo &before = *order[i - 1], &after = *order[i];
            if (before.offset + before.sizeBytes > after.offset) {
                return malformed("{} begins at byte {}, inside {} which ends at {}", after.name, after.offset,
                                 before.name, before.offset + before.sizeBytes);
            }
        }
        return {};
    }

    const ByteSource& m_file;
    GgufHeader m_header;
    uint64_t m_at = 0; // what has been read of the file
    uint64_t m_tensorCount = 0, m_keyCount = 0;
    uint64_t m_alignment = kDefaultAlignment;
};

} // namespace

uint64_t ggufScalarBytes(GgufValueType type) { return kValueTypes.at(static_cast<uint32_t>(type)).bytes; }
std::string_view ggufValueTypeName(GgufValueType type) {
    return kValueTypes.at(static_cast<uint32_t>(type)).name;
}

bool isInteger(GgufValueType type) {
    return isNumber(type) && type != GgufValueType::Float32 && type != GgufValueType::Float64;
}

bool isNumber(GgufValueType type) { return ggufScalarBytes(type) != 0 && type != GgufValueType::Bool; }

std::optional<int64_t> GgufHeader::integer(GgufValueType type, uint64_t offset) const {
    switch (type) {
    case GgufValueType::Uint8:
        return scalar<uint8_t>(offset);
    case GgufValueType::Int8:
        return scalar<int8_t>(offset);
    case GgufValueType::Uint16:
        return scalar<uint16_t>(offset);
    case GgufValueType::Int16:
        return scalar<int16_t>(offset);
    case GgufValueType::Uint32:
        return scalar<uint32_t>(offset);
    case GgufValueType::Int32:
        return scalar<int32_t>(offset);
    case GgufValueType::Int64:
        return scalar<int64_t>(offset);
    case GgufValueType::Uint64: {
        const auto value = scalar<uint64_t>(offset);
        if (value > uint64_t{std::numeric_limits<int64_t>::max()}) return std::nullopt;
        return static_cast<int64_t>(value);
    }
    default:
        return std::nullopt;
    }
}

std::optional<double> GgufHeader::number(GgufValueType type, uint64_t offset) const {
    if (type == GgufValueType::Float32) return scalar<float>(offset);
    if (type == GgufValueType::Float64) return scalar<double>(offset);
    if (type == GgufValueType::Uint64) return static_cast<double>(scalar<uint64_t>(offset));
    if (const auto value = integer(type, offset)) return static_cast<double>(*value);
    return std::nullopt;
}

std::string GgufHeader::describeScalar(GgufValueType type, uint64_t offset, size_t maxBytes) const {
    if (type == GgufValueType::String) return fmt::format("\"{}\"", printable(string(offset), maxBytes));
    if (type == GgufValueType::Bool) return scalar<uint8_t>(offset) != 0 ? "true" : "false";
    if (type == GgufValueType::Uint64) return fmt::format("{}", scalar<uint64_t>(offset));
    if (type == GgufValueType::Float32) return fmt::format("{}", scalar<float>(offset));
    if (const auto value = integer(type, offset)) return fmt::format("{}", *value);
    if (const auto value = number(type, offset)) return fmt::format("{}", *value);
    return "an array";
}

const GgufValue* GgufHeader::find(std::string_view key) const {
    const auto found =
        std::lower_bound(byKey.begin(), byKey.end(), key, [&](uint32_t index, std::string_view wanted) {
            return text(values[index].key) < wanted;
        });
    if (found == byKey.end() || text(values[*found].key) != key) return nullptr;
    return &values[*found];
}

Result<GgufHeader> readGgufHeader(const ByteSource& file) { return Parser(file).parse(); }

} // namespace ponder::models
