#include "models/gguf_writer.h"

namespace ponder::models {

void GgufWriter::Bytes::text(std::string_view value) {
    put<uint64_t>(value.size());
    const auto* const from = reinterpret_cast<const std::byte*>(value.data());
    m_bytes.insert(m_bytes.end(), from, from + value.size());
}

void GgufWriter::key(std::string_view name, GgufValueType type) {
    m_metadata.text(name);
    m_metadata.put(static_cast<uint32_t>(type));
    ++m_keys;
}

void GgufWriter::array(std::string_view name, GgufValueType elements, size_t count) {
    key(name, GgufValueType::Array);
    m_metadata.put(static_cast<uint32_t>(elements));
    m_metadata.put<uint64_t>(count);
}

void GgufWriter::string(std::string_view name, std::string_view value) {
    key(name, GgufValueType::String);
    m_metadata.text(value);
}

void GgufWriter::number(std::string_view name, uint32_t value) {
    key(name, GgufValueType::Uint32);
    m_metadata.put(value);
}

void GgufWriter::real(std::string_view name, float value) {
    key(name, GgufValueType::Float32);
    m_metadata.put(value);
}

void GgufWriter::truth(std::string_view name, bool value) {
    key(name, GgufValueType::Bool);
    m_metadata.put<uint8_t>(value);
}

void GgufWriter::strings(std::string_view name, std::span<const std::string> values) {
    array(name, GgufValueType::String, values.size());
    for (const std::string& value : values) m_metadata.text(value);
}

void GgufWriter::integers(std::string_view name, std::span<const int32_t> values) {
    array(name, GgufValueType::Int32, values.size());
    for (const int32_t value : values) m_metadata.put(value);
}

GgufWriter::Place GgufWriter::tensor(std::string_view name, std::span<const uint64_t> shape, QuantType type) {
    const QuantTypeInfo& format = quantTypeInfo(type);
    uint64_t values = 1;
    m_directory.text(name);
    m_directory.put(static_cast<uint32_t>(shape.size()));
    for (const uint64_t extent : shape) {
        m_directory.put(extent);
        values *= extent;
    }
    m_directory.put(format.ggufId);
    m_directory.put(m_dataBytes);
    ++m_tensors;
    const Place place{m_dataBytes, values / format.valuesPerBlock * format.bytesPerBlock};
    m_dataBytes = padded(place.offset + place.sizeBytes);
    return place;
}

std::vector<std::byte> GgufWriter::header() const {
    Bytes start;
    for (const char letter : {'G', 'G', 'U', 'F'}) start.put(letter);
    start.put(uint32_t{3});
    start.put(m_tensors);
    start.put(m_keys);
    std::vector<std::byte> bytes = start.all();
    for (const Bytes* part : {&m_metadata, &m_directory})
        bytes.insert(bytes.end(), part->all().begin(), part->all().end());
    bytes.resize(padded(bytes.size()));
    return bytes;
}

uint64_t GgufWriter::padded(uint64_t bytes) {
    return (bytes + kDefaultAlignment - 1) / kDefaultAlignment * kDefaultAlignment;
}

} // namespace ponder::models
