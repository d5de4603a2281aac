#include "models/gguf_shards.h"

#include <charconv>

#include <fmt/format.h>

#include "models/base/text.h"

namespace ponder::models {

namespace {

constexpr std::string_view kExtension = ".gguf";
constexpr size_t kTailBytes = std::string_view("-00001-of-00003.gguf").size();

std::string nameOf(const std::filesystem::path& path) { return printable(path.filename().string()); }

struct NamedPart {
    std::string base; // the name up to "-00001"
    uint64_t part = 0, count = 0;
};

std::optional<uint64_t> fiveDigits(std::string_view text) {
    uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + 5, number);
    if (error != std::errc() || end != text.data() + 5) return std::nullopt;
    return number;
}

std::optional<NamedPart> parseName(const std::string& name) {
    if (name.size() <= kTailBytes) return std::nullopt;
    const std::string_view tail = std::string_view(name).substr(name.size() - kTailBytes);
    if (tail[0] != '-' || tail.substr(6, 4) != "-of-" || tail.substr(15) != kExtension) return std::nullopt;
    const auto part = fiveDigits(tail.substr(1, 5)), count = fiveDigits(tail.substr(10, 5));
    if (!part || !count) return std::nullopt;
    return NamedPart{name.substr(0, name.size() - kTailBytes), *part, *count};
}

std::optional<uint64_t> getCount(const GgufHeader& header, std::string_view key) {
    const GgufValue* const value = header.find(key);
    if (value == nullptr) return std::nullopt;
    const auto number = header.integer(value->type, value->offset);
    if (!number || *number < 0) return std::nullopt;
    return static_cast<uint64_t>(*number);
}

} // namespace

Result<GgufShards> findShards(const std::filesystem::path& path, const GgufHeader& header) {
    GgufShards shards;
    const std::string name = path.filename().string();
    if (header.find("split.count") == nullptr) {
        shards.paths.push_back(path);
        return shards;
    }
    const auto count = getCount(header, "split.count");
    if (!count || *count > kMaxShards) {
        return Error{ErrorCode::MalformedFile,
                     fmt::format("{}: split.count is {}, expected a number up to {}: download the file "
                                 "again.",
                                 nameOf(path), count ? fmt::format("{}", *count) : "not a number",
                                 kMaxShards)};
    }
    if (*count <= 1) {
        shards.paths.push_back(path);
        return shards;
    }
    const auto number = getCount(header, "split.no");
    if (!number || *number >= *count) {
        return Error{
            ErrorCode::MalformedFile,
            fmt::format("{}: split.no is {}, expected a number below the {} of split.count: download "
                        "the file again.",
                        nameOf(path), number ? fmt::format("{}", *number) : "missing", *count)};
    }
    const auto named = parseName(name);
    if (!named || named->count != *count || named->part != *number + 1) {
        return Error{ErrorCode::MissingShard,
                     fmt::format("{} is part {} of {} by its metadata, but its name does not end in "
                                 "-{:05}-of-{:05}.gguf: give "
                                 "all parts their original names.",
                                 nameOf(path), *number + 1, *count, *number + 1, *count)};
    }
    shards.index = *number;
    shards.tensorCount = getCount(header, "split.tensors.count");
    for (uint64_t part = 1; part <= *count; ++part)
        shards.paths.push_back(path.parent_path() /
                               fmt::format("{}-{:05}-of-{:05}.gguf", named->base, part, *count));
    return shards;
}

Result<void> GgufShards::check(size_t part, const GgufHeader& header) const {
    const auto number = getCount(header, "split.no"), count = getCount(header, "split.count");
    const auto said = [](std::optional<uint64_t> value) {
        return value ? fmt::format("{}", *value) : std::string("nothing");
    };
    if (number == part && count == paths.size()) return {};
    return {ErrorCode::MalformedFile,
            fmt::format(
                "{} says split.no {} and split.count {}, expected {} and {}: it belongs to another model, "
                "download this part again.",
                nameOf(paths[part]), said(number), said(count), part, paths.size())};
}

Result<void> GgufShards::checkTensorCount(size_t found) const {
    if (!tensorCount || *tensorCount == found) return {};
    return {ErrorCode::MalformedFile,
            fmt::format("{}: the {} parts hold {} tensors, expected {}: download them again.",
                        nameOf(paths[index]), paths.size(), found, *tensorCount)};
}

Error GgufShards::explain(size_t part, Error error) const {
    if (error.code != ErrorCode::NotFound) return error;
    return {ErrorCode::MissingShard,
            fmt::format("{}, part {} of {}, is missing beside {}: download it into the same folder.",
                        nameOf(paths[part]), part + 1, paths.size(), nameOf(paths[index]))};
}

} // namespace ponder::models
