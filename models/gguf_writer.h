#pragma once
// The header of a GGUF file, written: what gguf_reader.h describes, in version 3. Values follow behind the header in the order
// of the tensors, each at a multiple of the alignment. One file an object; one thread.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/gguf_reader.h"
#include "models/quant_type.h"

namespace ponder::models {

class GgufWriter {
public:
    // Metadata.
    void string(std::string_view key, std::string_view value);
    void number(std::string_view key, uint32_t value);
    void real(std::string_view key, float value);
    void truth(std::string_view key, bool value);
    void strings(std::string_view key, std::span<const std::string> values);
    void integers(std::string_view key, std::span<const int32_t> values);

    struct Place {
        uint64_t offset = 0, sizeBytes = 0; // of the data, which begins where the header ends
    };
    Place tensor(std::string_view name, std::span<const uint64_t> shape, QuantType type); // columns first

    std::vector<std::byte> header() const; // with its padding
    uint64_t dataBytes() const { return m_dataBytes; }
    static uint64_t padded(uint64_t bytes); // to the alignment

private:
    class Bytes {
    public:
        template <typename T>
        void put(T value) {
            const auto* const from = reinterpret_cast<const std::byte*>(&value);
            m_bytes.insert(m_bytes.end(), from, from + sizeof value);
        }
        void text(std::string_view value);
        const std::vector<std::byte>& all() const { return m_bytes; }

    private:
        std::vector<std::byte> m_bytes;
    };
    void key(std::string_view name, GgufValueType type);
    void array(std::string_view name, GgufValueType elements, size_t count);

    Bytes m_metadata, m_directory;
    uint64_t m_keys = 0, m_tensors = 0, m_dataBytes = 0;
};

} // namespace ponder::models
