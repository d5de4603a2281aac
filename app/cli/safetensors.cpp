#include "app/cli/safetensors.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "models/base/checked.h"
#include "models/base/half.h"
#include "models/base/text.h"

namespace ponder::app::cli {

namespace {

using Json = nlohmann::json;

constexpr uint64_t kMaxHeaderBytes = uint64_t{256} << 20;
constexpr uint64_t kScaleBlock = 128;
constexpr uint64_t kMaxValues = uint64_t{1} << 36;

Error malformed(const std::string& file, std::string_view what) {
    return {ErrorCode::MalformedFile,
            fmt::format("{}: {}: download the folder again.", printable(file, 200), what)};
}

Result<Json> parse(const std::string& file, std::span<const std::byte> bytes) {
    const char* begin = reinterpret_cast<const char*>(bytes.data());
    Json json = Json::parse(begin, begin + bytes.size(), nullptr, false);
    if (json.is_discarded() || !json.is_object()) return malformed(file, "its header is no JSON object");
    return json;
}

uint64_t bytesOf(std::string_view type) {
    return type == "F32" ? 4 : type == "F16" || type == "BF16" ? 2 : type == "F8_E4M3" ? 1 : 0;
}

// The product, or 0 where it is beyond any tensor.
uint64_t valuesOf(const std::vector<uint64_t>& shape) {
    uint64_t values = 1;
    for (const uint64_t extent : shape) {
        if (extent == 0 || extent > kMaxValues / values) return 0;
        values *= extent;
    }
    return values;
}

} // namespace

float fromE4m3(uint8_t bits) {
    const int exponent = (bits >> 3) & 15, mantissa = bits & 7;
    const float sign = (bits & 0x80) != 0 ? -1.0f : 1.0f;
    if (exponent == 15 && mantissa == 7) return std::numeric_limits<float>::quiet_NaN();
    if (exponent == 0) return sign * std::ldexp(static_cast<float>(mantissa), -9);
    return sign * std::ldexp(static_cast<float>(8 + mantissa), exponent - 10);
}

Result<Safetensors> Safetensors::open(const std::filesystem::path& folder) {
    Safetensors made;
    made.m_folder = folder;
    const std::string index = "model.safetensors.index.json", single = "model.safetensors";
    std::error_code ignored;
    if (std::filesystem::exists(folder / index, ignored)) {
        ASSIGN_OR_RETURN(auto file, DiskFile::open(folder / index));
        if (file.sizeBytes() > kMaxHeaderBytes) return malformed(index, "it is larger than any index");
        std::vector<std::byte> bytes(file.sizeBytes());
        RETURN_IF_ERROR(file.readAt(0, bytes));
        ASSIGN_OR_RETURN(const Json json, parse(index, bytes));
        const auto map = json.find("weight_map");
        if (map == json.end() || !map->is_object()) return malformed(index, "it has no weight_map");
        for (const auto& [tensor, name] : map->items()) {
            // Names lead to files of the folder and nowhere else.
            if (!name.is_string() ||
                std::filesystem::path(name.get<std::string>()).filename() != name.get<std::string>())
                return malformed(index, "its weight_map names something that is no file of the folder");
            made.m_fileOf[tensor] = name.get<std::string>();
        }
        return made;
    }
    if (!std::filesystem::exists(folder / single, ignored))
        return Error{ErrorCode::NotFound,
                     fmt::format("{} holds neither {} nor {}: name the folder of the official checkpoint.",
                                 printable(folder.string(), 200), index, single)};
    ASSIGN_OR_RETURN(const File* file, made.openFile(single));
    for (const auto& [tensor, entry] : file->tensors) made.m_fileOf[tensor] = single;
    return made;
}

Result<Safetensors::File*> Safetensors::openFile(const std::string& name) {
    if (const auto opened = m_files.find(name); opened != m_files.end()) return &opened->second;
    File made;
    ASSIGN_OR_RETURN(auto opened, DiskFile::open(m_folder / name));
    made.file = std::make_unique<DiskFile>(std::move(opened));
    const uint64_t size = made.file->sizeBytes();
    uint64_t headerBytes = 0;
    if (size < sizeof(headerBytes)) return malformed(name, "it is shorter than a header");
    RETURN_IF_ERROR(made.file->readAt(0, std::as_writable_bytes(std::span(&headerBytes, 1))));
    if (headerBytes > kMaxHeaderBytes || headerBytes > size - sizeof(headerBytes))
        return malformed(name, fmt::format("its header has {} bytes and the file {}", headerBytes, size));
    std::vector<std::byte> header(headerBytes);
    RETURN_IF_ERROR(made.file->readAt(sizeof(headerBytes), header));
    ASSIGN_OR_RETURN(const Json json, parse(name, header));
    const uint64_t data = sizeof(headerBytes) + headerBytes;
    for (const auto& [tensor, what] : json.items()) {
        if (tensor == "__metadata__") continue;
        Entry entry;
        const auto bad = [&] {
            return malformed(name, fmt::format("what it says of {} makes no sense", printable(tensor, 100)));
        };
        if (!what.is_object() || !what.contains("dtype") || !what["dtype"].is_string() ||
            !what.contains("shape") || !what["shape"].is_array() || !what.contains("data_offsets") ||
            !what["data_offsets"].is_array() || what["data_offsets"].size() != 2)
            return bad();
        entry.type = what["dtype"].get<std::string>();
        for (const auto& extent : what["shape"]) {
            if (!extent.is_number_unsigned()) return bad();
            entry.shape.push_back(extent.get<uint64_t>());
        }
        const auto &first = what["data_offsets"][0], &last = what["data_offsets"][1];
        if (!first.is_number_unsigned() || !last.is_number_unsigned()) return bad();
        entry.begin = first.get<uint64_t>();
        entry.end = last.get<uint64_t>();
        if (entry.begin > entry.end || entry.end > size - data) return bad();
        entry.begin += data;
        entry.end += data;
        made.tensors[tensor] = std::move(entry);
    }
    return &m_files.emplace(name, std::move(made)).first->second;
}

Result<std::pair<Safetensors::File*, const Safetensors::Entry*>> Safetensors::find(const std::string& tensor) {
    const auto name = m_fileOf.find(tensor);
    if (name == m_fileOf.end())
        return Error{
            ErrorCode::MalformedFile,
            fmt::format("{} is not in the checkpoint {}: name the folder of one that has the block which "
                        "predicts.",
                        printable(tensor, 100), printable(m_folder.string(), 200))};
    ASSIGN_OR_RETURN(File * file, openFile(name->second));
    const auto entry = file->tensors.find(tensor);
    if (entry == file->tensors.end())
        return malformed(name->second,
                         fmt::format("it lacks {}, which the index promises", printable(tensor, 100)));
    return std::pair<File*, const Entry*>{file, &entry->second};
}

Result<std::vector<uint64_t>> Safetensors::shape(const std::string& tensor) {
    ASSIGN_OR_RETURN(const auto found, find(tensor));
    return found.second->shape;
}

Result<std::vector<float>> Safetensors::read(const std::string& tensor) {
    ASSIGN_OR_RETURN(const auto found, find(tensor));
    const Entry& entry = *found.second;
    const uint64_t count = valuesOf(entry.shape), size = bytesOf(entry.type);
    const std::string name = found.first->file->path().filename().string();
    if (size == 0 || count == 0 || count * size != entry.end - entry.begin)
        return malformed(name, fmt::format("{} is {} of {} values in {} bytes", printable(tensor, 100),
                                           printable(entry.type, 20), count, entry.end - entry.begin));
    std::vector<std::byte> bytes(entry.end - entry.begin);
    RETURN_IF_ERROR(found.first->file->readAt(entry.begin, bytes));
    std::vector<float> values(count);
    for (uint64_t i = 0; i < count; ++i) {
        if (size == 4) {
            std::memcpy(&values[i], &bytes[i * 4], 4);
        } else if (size == 2) {
            uint16_t bits = 0;
            std::memcpy(&bits, &bytes[i * 2], 2);
            values[i] = entry.type == "F16" ? halfToFloat(bits) : bf16ToFloat(bits);
        } else {
            values[i] = fromE4m3(static_cast<uint8_t>(bytes[i]));
        }
    }
    if (size == 1) RETURN_IF_ERROR(scaleBlocks(tensor, entry, values));
    if (!std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); }))
        return malformed(name, fmt::format("{} has values that are no numbers", printable(tensor, 100)));
    return values;
}

Result<void> Safetensors::scaleBlocks(const std::string& tensor, const Entry& entry,
                                      std::vector<float>& values) {
    const std::string scaleName = tensor + "_scale_inv";
    ASSIGN_OR_RETURN(const auto shape, this->shape(scaleName));
    ASSIGN_OR_RETURN(const auto scales, read(scaleName));
    const uint64_t rows = entry.shape[0], columns = entry.shape.size() == 2 ? entry.shape[1] : 0;
    const uint64_t blocksDown = (rows + kScaleBlock - 1) / kScaleBlock,
                   blocksAcross = (columns + kScaleBlock - 1) / kScaleBlock;
    if (columns == 0 || shape != std::vector<uint64_t>{blocksDown, blocksAcross})
        return malformed(tensor,
                         fmt::format("{} scales, expected {} x {}", scales.size(), blocksDown, blocksAcross));
    for (uint64_t row = 0; row < rows; ++row)
        for (uint64_t column = 0; column < columns; ++column)
            values[row * columns + column] *= scales[row / kScaleBlock * blocksAcross + column / kScaleBlock];
    return {};
}

} // namespace ponder::app::cli
