#include "models/gguf_file.h"

#include <algorithm>
#include <new>
#include <unordered_map>

#include <fmt/format.h>

#include "models/base/disk_file.h"
#include "models/base/errors.h"
#include "models/base/text.h"
#include "models/builtin.h"
#include "models/gguf_reader.h"
#include "models/gguf_shards.h"
#include "models/synthetic/synthetic_file.h"

namespace ponder::models {

namespace {

constexpr uint32_t kMaxDescribedElements = 6;
constexpr size_t kMaxDescribedBytes = 120;
// One read of the system: small enough that a cancelled load ends in time on a slow disk.
constexpr size_t kReadBytes = size_t{1} << 20;

} // namespace

struct GgufFile::Data {
    std::vector<std::unique_ptr<ByteSource>> files; // one a shard
    std::vector<std::filesystem::path> paths;
    GgufHeader header; // of the first shard: the metadata of the set
    uint64_t sizeBytes = 0;
    std::vector<TensorInfo> tensors;
    std::unordered_map<std::string_view, size_t> tensorsByName; // views of tensors[i].name

    const GgufValue* value(std::string_view key) const { return header.find(key); }
};

struct GgufFile::OpenShard {
    std::unique_ptr<ByteSource> file;
    GgufHeader header;
};

GgufFile::GgufFile(std::unique_ptr<Data> data) : m_data(std::move(data)) {}
GgufFile::GgufFile(GgufFile&&) noexcept = default;
GgufFile& GgufFile::operator=(GgufFile&&) noexcept = default;
GgufFile::~GgufFile() = default;

Result<GgufFile::OpenShard> GgufFile::openShard(const std::filesystem::path& path) {
    ASSIGN_OR_RETURN(DiskFile file, DiskFile::open(path));
    ASSIGN_OR_RETURN(GgufHeader header, readGgufHeader(file));
    return OpenShard{std::make_unique<DiskFile>(std::move(file)), std::move(header)};
}

Result<GgufFile> GgufFile::open(const std::filesystem::path& name) try {
    std::vector<OpenShard> set;
    if (synthetic::isSyntheticName(name.native())) {
        ASSIGN_OR_RETURN(auto file, synthetic::openSynthetic(name.native()));
        ASSIGN_OR_RETURN(GgufHeader header, readGgufHeader(*file));
        set.push_back({std::move(file), std::move(header)});
        return fromShards(std::move(set));
    }
    ASSIGN_OR_RETURN(const std::filesystem::path path, resolveBuiltin(name));
    ASSIGN_OR_RETURN(OpenShard opened, openShard(path));
    ASSIGN_OR_RETURN(const GgufShards shards, findShards(path, opened.header));
    if (shards.paths.size() == 1) {
        set.push_back(std::move(opened));
    } else {
        for (size_t i = 0; i < shards.paths.size(); ++i) {
            if (i == shards.index) {
                set.push_back(std::move(opened)); // only once: the loop meets its own index a single time
                continue;
            }
            auto shard = openShard(shards.paths[i]);
            if (!shard.ok()) return shards.explain(i, std::move(shard).error());
            RETURN_IF_ERROR(shards.check(i, shard->header));
            set.push_back(std::move(shard).value());
        }
    }

    size_t tensors = 0;
    for (const OpenShard& shard : set) tensors += shard.header.tensors.size();
    RETURN_IF_ERROR(shards.checkTensorCount(tensors));
    return fromShards(std::move(set));
} catch (const std::bad_alloc&) {
    return Error{ErrorCode::OutOfHostMemory,
                 fmt::format("There is not enough memory to read the header of {}: close other programs.",
                             printable(name.filename().string()))};
}

Result<GgufFile> GgufFile::fromShards(std::vector<OpenShard> set) {
    auto data = std::make_unique<Data>();
    for (size_t i = 0; i < set.size(); ++i) {
        for (TensorInfo& tensor : set[i].header.tensors) {
            tensor.shard = static_cast<uint32_t>(i);
            data->tensors.push_back(std::move(tensor));
        }
        set[i].header.tensors.clear();
        data->sizeBytes += set[i].file->sizeBytes();
        data->paths.push_back(set[i].file->path());
    }
    data->tensorsByName.reserve(data->tensors.size());
    for (size_t i = 0; i < data->tensors.size(); ++i) {
        const TensorInfo& tensor = data->tensors[i];
        const auto [other, isNew] = data->tensorsByName.emplace(tensor.name, i);
        if (!isNew) {
            return Error{ErrorCode::MalformedFile,
                         fmt::format("{} holds the tensor {} twice, expected once: download the file again.",
                                     printable(data->paths[tensor.shard].filename().string()), tensor.name)};
        }
    }
    data->header = std::move(set.front().header);
    for (OpenShard& shard : set) data->files.push_back(std::move(shard.file));
    return GgufFile(std::move(data));
}

void GgufFile::attach(GgufFile side) {
    const auto shards = static_cast<uint32_t>(m_data->files.size());
    for (TensorInfo& tensor : side.m_data->tensors) {
        if (find(tensor.name) != nullptr) continue;
        tensor.shard += shards;
        m_data->tensors.push_back(std::move(tensor));
    }
    for (auto& file : side.m_data->files) m_data->files.push_back(std::move(file));
    for (auto& path : side.m_data->paths) m_data->paths.push_back(std::move(path));
    m_data->sizeBytes += side.m_data->sizeBytes;
    m_data->tensorsByName.clear(); // names may have moved with their tensors
    for (size_t i = 0; i < m_data->tensors.size(); ++i)
        m_data->tensorsByName.emplace(m_data->tensors[i].name, i);
}

const std::vector<std::filesystem::path>& GgufFile::paths() const { return m_data->paths; }
uint64_t GgufFile::sizeBytes() const { return m_data->sizeBytes; }
uint32_t GgufFile::version() const { return m_data->header.version; }
const std::vector<TensorInfo>& GgufFile::tensors() const { return m_data->tensors; }

const TensorInfo* GgufFile::find(std::string_view name) const {
    const auto found = m_data->tensorsByName.find(name);
    return found == m_data->tensorsByName.end() ? nullptr : &m_data->tensors[found->second];
}

Result<void> GgufFile::read(uint32_t shard, uint64_t offset, std::span<std::byte> into,
                            const std::stop_token& stop) const {
    while (!into.empty()) {
        RETURN_IF_ERROR(unlessStopped(stop));
        const auto part = into.first(std::min(into.size(), kReadBytes));
        RETURN_IF_ERROR(m_data->files[shard]->readAt(offset, part));
        into = into.subspan(part.size());
        offset += part.size();
    }
    return {};
}

Result<void> GgufFile::read(const TensorInfo& tensor, std::span<std::byte> into) const {
    PONDER_CHECK(into.size() <= tensor.sizeBytes);
    return read(tensor.shard, tensor.offset, into);
}

Result<void> GgufFile::checkUnchanged() const {
    for (const auto& file : m_data->files) RETURN_IF_ERROR(file->checkUnchanged());
    return {};
}

// -- metadata -------------------------------------------------------------------------------------------------------

bool GgufFile::has(std::string_view key) const { return m_data->value(key) != nullptr; }

std::optional<uint64_t> GgufFile::getUint(std::string_view key) const {
    const GgufValue* const value = m_data->value(key);
    if (value == nullptr) return std::nullopt;
    if (value->type == GgufValueType::Uint64) return m_data->header.scalar<uint64_t>(value->offset);
    const auto number = m_data->header.integer(value->type, value->offset);
    if (!number || *number < 0) return std::nullopt;
    return static_cast<uint64_t>(*number);
}

std::optional<int64_t> GgufFile::getInt(std::string_view key) const {
    const GgufValue* const value = m_data->value(key);
    if (value == nullptr) return std::nullopt;
    return m_data->header.integer(value->type, value->offset);
}

std::optional<double> GgufFile::getFloat(std::string_view key) const {
    const GgufValue* const value = m_data->value(key);
    if (value == nullptr) return std::nullopt;
    return m_data->header.number(value->type, value->offset);
}

std::optional<bool> GgufFile::getBool(std::string_view key) const {
    const GgufValue* const value = m_data->value(key);
    if (value == nullptr || value->type != GgufValueType::Bool) return std::nullopt;
    return m_data->header.scalar<uint8_t>(value->offset) != 0;
}

std::optional<std::string_view> GgufFile::getString(std::string_view key) const {
    const GgufValue* const value = m_data->value(key);
    if (value == nullptr || value->type != GgufValueType::String) return std::nullopt;
    return m_data->header.string(value->offset);
}

std::optional<std::vector<std::string_view>> GgufFile::getStrings(std::string_view key) const {
    const GgufValue* const value = m_data->value(key);
    if (value == nullptr || value->type != GgufValueType::Array || value->elementType != GgufValueType::String)
        return std::nullopt;
    std::vector<std::string_view> strings;
    strings.reserve(value->count);
    uint64_t at = value->offset;
    for (uint64_t i = 0; i < value->count; ++i) {
        strings.push_back(m_data->header.string(at));
        at += sizeof(uint64_t) + strings.back().size();
    }
    return strings;
}

std::optional<std::vector<int64_t>> GgufFile::getInts(std::string_view key) const {
    const GgufValue* const value = m_data->value(key);
    if (value == nullptr || value->type != GgufValueType::Array || !isInteger(value->elementType))
        return std::nullopt;
    std::vector<int64_t> numbers;
    numbers.reserve(value->count);
    const uint64_t step = ggufScalarBytes(value->elementType);
    for (uint64_t i = 0; i < value->count; ++i) {
        const auto number = m_data->header.integer(value->elementType, value->offset + i * step);
        if (!number) return std::nullopt; // past 2^63
        numbers.push_back(*number);
    }
    return numbers;
}

std::vector<std::string_view> GgufFile::keys() const {
    std::vector<std::string_view> keys;
    for (const GgufValue& value : m_data->header.values) keys.push_back(m_data->header.text(value.key));
    return keys;
}

std::string GgufFile::describe(std::string_view key) const {
    const GgufHeader& header = m_data->header;
    const GgufValue* const value = m_data->value(key);
    if (value == nullptr) return {};
    if (value->type != GgufValueType::Array)
        return header.describeScalar(value->type, value->offset, kMaxDescribedBytes);
    std::string text =
        fmt::format("{} × {}", formatCount(value->count), ggufValueTypeName(value->elementType));
    if (value->elementType == GgufValueType::Array || value->count == 0) return text;
    uint64_t at = value->offset;
    for (uint64_t i = 0; i < std::min<uint64_t>(value->count, kMaxDescribedElements); ++i) {
        text += i == 0 ? ": " : ", ";
        text += header.describeScalar(value->elementType, at, kMaxDescribedBytes / kMaxDescribedElements);
        at += value->elementType == GgufValueType::String ? sizeof(uint64_t) + header.string(at).size()
                                                          : ggufScalarBytes(value->elementType);
    }
    return value->count > kMaxDescribedElements ? text + ", ..." : text;
}

} // namespace ponder::models
