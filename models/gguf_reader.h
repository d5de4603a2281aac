#pragma once
// The header of one GGUF file: version, metadata, tensor directory. Read with pread into memory of our own, as far as the
// header goes and no further, so that a file cut short meanwhile is an error, and arrays stay where they are: a value is a
// place in these bytes. Used by gguf_file.cpp alone. Immutable once read; any thread.
//
// The layout (ggml/docs/gguf.md), little-endian, nothing padded before the data:
//   "GGUF" | version u32 | tensors u64 | keys u64
//   keys:    key (length u64, bytes) | value type u32 | value        array: element type u32 | count u64 | elements
//   tensors: name (length u64, bytes) | n_dims u32 | dims u64[] | format u32 | offset u64 from the start of the data
//   data:    at the next multiple of general.alignment

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/byte_source.h"
#include "models/base/result.h"
#include "models/tensor_info.h"

namespace ponder::models {

enum class GgufValueType : uint32_t {
    Uint8 = 0,
    Int8 = 1,
    Uint16 = 2,
    Int16 = 3,
    Uint32 = 4,
    Int32 = 5,
    Float32 = 6,
    Bool = 7,
    String = 8,
    Array = 9,
    Uint64 = 10,
    Int64 = 11,
    Float64 = 12,
};
inline constexpr uint32_t kGgufValueTypes = 13;

uint64_t ggufScalarBytes(GgufValueType type); // 0: a string or an array
bool isInteger(GgufValueType type);
bool isNumber(GgufValueType type); // integer or float
std::string_view ggufValueTypeName(GgufValueType type);

// Limits beyond which a file is refused, far above any real one (128,256 tokens with 280,147 merges are 9 MB, the
// experts of the 671B models stored one by one 45,000 tensors).
inline constexpr uint64_t kMaxHeaderBytes = uint64_t{128} << 20;
inline constexpr uint64_t kMaxKeys = 16384;
inline constexpr uint64_t kMaxTensors = 131072;
inline constexpr uint64_t kMaxArrayElements = uint64_t{4} << 20;
inline constexpr uint64_t kMaxKeyBytes = 65535; // of the specification
inline constexpr uint64_t kMaxNameBytes = 255;
inline constexpr uint32_t kMaxArrayDepth = 4;
inline constexpr uint64_t kMaxAlignment = uint64_t{1} << 20;
inline constexpr uint64_t kDefaultAlignment = 32;

struct ByteRange { // of GgufHeader::bytes
    uint64_t offset = 0, size = 0;
};

struct GgufValue {
    ByteRange key;
    GgufValueType type = GgufValueType::Uint8;
    GgufValueType elementType = GgufValueType::Uint8; // of an array
    uint64_t count = 0;                               // elements of an array
    uint64_t offset = 0; // of the scalar, of the string's length, of the first element
};

struct GgufHeader {
    uint32_t version = 0;
    std::vector<std::byte> bytes;
    std::vector<GgufValue> values;   // in file order
    std::vector<uint32_t> byKey;     // indices into values, sorted by key
    std::vector<TensorInfo> tensors; // ranges proven to lie inside the file and not to overlap

    std::string_view text(ByteRange range) const {
        return {reinterpret_cast<const char*>(bytes.data()) + range.offset, static_cast<size_t>(range.size)};
    }
    template <typename T>
    T scalar(uint64_t offset) const {
        T value;
        std::memcpy(&value, bytes.data() + offset, sizeof value);
        return value;
    }
    std::string_view string(uint64_t offset) const {
        return text({offset + sizeof(uint64_t), scalar<uint64_t>(offset)});
    }
    std::optional<int64_t> integer(GgufValueType type,
                                   uint64_t offset) const; // nothing: no integer, or past 2^63
    std::optional<double> number(GgufValueType type, uint64_t offset) const; // nothing: no number
    std::string describeScalar(GgufValueType type, uint64_t offset, size_t maxBytes) const;
    const GgufValue* find(std::string_view key) const;
};

// Errors: MalformedFile, UnsupportedQuantization, Io; each names the file and what was expected and found.
Result<GgufHeader> readGgufHeader(const ByteSource& file);

} // namespace ponder::models
