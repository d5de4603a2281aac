#include "models/synthetic/synthetic_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <optional>

#include <fmt/format.h>

#include "models/base/hash.h"
#include "models/base/text.h"
#include "models/synthetic/random_blocks.h"

namespace ponder::models::synthetic {

namespace {

constexpr std::string_view kPrefix = "synthetic:";
constexpr std::string_view kDefaultMix = "q4_k_m";

struct Request {
    const Shape* shape = nullptr;
    Mix mix;
    uint32_t layers = 0;
};

Error wrong(std::string message) { return {ErrorCode::InvalidArgument, std::move(message)}; }

Result<const Shape*> findShape(std::string_view name) {
    std::string names;
    for (const Shape& shape : shapes()) {
        if (shape.name == name) return &shape;
        names += fmt::format("{}{}", names.empty() ? "" : ", ", shape.name);
    }
    return wrong(fmt::format("There are no random weights in the shape of '{}': choose one of {}.",
                             printable(name, 60), names));
}

Result<uint32_t> readLayers(std::string_view text, const Shape& shape) {
    const uint32_t most = shape.hyperparams.n_layers, least = shape.hyperparams.n_dense_layers + 1;
    uint32_t layers = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), layers);
    if (error != std::errc() || end != text.data() + text.size() || layers < least || layers > most)
        return wrong(fmt::format("layers={} is not possible: {} can have {} to {} layers.",
                                 printable(text, 20), shape.name, least, most));
    return layers;
}

Result<Request> parse(std::string_view name) {
    name.remove_prefix(kPrefix.size());
    const size_t question = name.find('?');
    Request request;
    ASSIGN_OR_RETURN(request.shape, findShape(name.substr(0, question)));
    request.mix = *Mix::find(kDefaultMix);
    request.layers = request.shape->hyperparams.n_layers;
    std::string_view options = question == std::string_view::npos ? "" : name.substr(question + 1);
    while (!options.empty()) {
        const size_t ampersand = options.find('&');
        const std::string_view option = options.substr(0, ampersand);
        options.remove_prefix(ampersand == std::string_view::npos ? options.size() : ampersand + 1);
        const size_t equals = option.find('=');
        const std::string_view key = option.substr(0, equals),
                               value = equals == std::string_view::npos ? "" : option.substr(equals + 1);
        if (key == "quant") {
            const auto mix = Mix::find(value);
            if (!mix)
                return wrong(fmt::format("quant={} is not possible: choose one of {}.", printable(value, 20),
                                         Mix::names()));
            request.mix = *mix;
        } else if (key == "layers") {
            ASSIGN_OR_RETURN(request.layers, readLayers(value, *request.shape));
        } else {
            return wrong(fmt::format("Random weights have no option '{}': there are quant and layers, as in "
                                     "synthetic:{}?quant=q4_k_m&layers=4.",
                                     printable(key, 40), request.shape->name));
        }
    }
    return request;
}

class SyntheticFile final : public ByteSource {
public:
    SyntheticFile(std::string_view name, Header header) : m_path(name), m_header(std::move(header)) {}

    const std::filesystem::path& path() const override { return m_path; }
    uint64_t sizeBytes() const override { return m_header.sizeBytes; }
    Result<void> checkUnchanged() const override { return {}; }

    Result<void> readAt(uint64_t offset, std::span<std::byte> into) const override {
        if (offset > sizeBytes() || into.size() > sizeBytes() - offset)
            return Error{ErrorCode::Io,
                         fmt::format("{} ends at byte {} and {} more were expected: use it as it is.",
                                     m_path.string(), sizeBytes(), into.size())};
        if (offset < m_header.bytes.size()) {
            const size_t count = std::min<uint64_t>(into.size(), m_header.bytes.size() - offset);
            std::memcpy(into.data(), m_header.bytes.data() + offset, count);
            into = into.subspan(count);
            offset += count;
        }
        auto tensor = std::upper_bound(m_header.tensors.begin(), m_header.tensors.end(), offset,
                                       [](uint64_t at, const PlacedTensor& one) { return at < one.offset; });
        if (tensor != m_header.tensors.begin()) --tensor;
        while (!into.empty()) {
            const auto next = std::next(tensor);
            const uint64_t end = next == m_header.tensors.end() ? sizeBytes() : next->offset;
            const auto part = into.first(std::min<uint64_t>(into.size(), end - offset));
            fill(*tensor, offset - tensor->offset, part);
            into = into.subspan(part.size());
            offset += part.size();
            tensor = next;
        }
        return {};
    }

private:
    // Bytes `from` and on of a tensor, and the zeros between it and the next.
    void fill(const PlacedTensor& tensor, uint64_t from, std::span<std::byte> out) const {
        if (from + out.size() > tensor.sizeBytes) {
            const uint64_t inside = tensor.sizeBytes > from ? tensor.sizeBytes - from : 0;
            std::fill(out.begin() + static_cast<std::ptrdiff_t>(inside), out.end(), std::byte{0});
            out = out.first(inside);
        }
        if (out.empty()) return;
        if (tensor.name.ends_with(".bias")) {
            std::fill(out.begin(), out.end(), std::byte{0});
            return;
        }
        const uint64_t size = quantTypeInfo(tensor.type).bytesPerBlock;
        if (const uint64_t inBlock = from % size; inBlock != 0) {
            const auto part = out.first(std::min<uint64_t>(out.size(), size - inBlock));
            fillPart(tensor, from / size, inBlock, part);
            out = out.subspan(part.size());
            from += part.size();
        }
        const uint64_t whole = out.size() / size * size;
        fillWhole(tensor, from / size, out.first(whole));
        if (whole < out.size()) fillPart(tensor, (from + whole) / size, 0, out.subspan(whole));
    }

    void fillPart(const PlacedTensor& tensor, uint64_t block, uint64_t at, std::span<std::byte> out) const {
        std::array<std::byte, 256> bytes{}; // no format's block is larger
        makeBlocks(tensor, block, std::span(bytes).first(quantTypeInfo(tensor.type).bytesPerBlock));
        std::memcpy(out.data(), &bytes[at], out.size());
    }

    // Formats are finished where their random bits lie, which must not be `out`: that may be slow to read.
    void fillWhole(const PlacedTensor& tensor, uint64_t block, std::span<std::byte> out) const {
        std::array<std::byte, 16384> bytes{}; // stays in the nearest cache
        const size_t size = quantTypeInfo(tensor.type).bytesPerBlock;
        while (!out.empty()) {
            const auto part = std::span(bytes).first(std::min(out.size(), bytes.size() / size * size));
            makeBlocks(tensor, block, part);
            std::memcpy(out.data(), part.data(), part.size());
            block += part.size() / size;
            out = out.subspan(part.size());
        }
    }

    void makeBlocks(const PlacedTensor& tensor, uint64_t block, std::span<std::byte> out) const {
        const bool isVector =
            tensor.sizeBytes == tensor.columns * sizeof(float) && tensor.type == QuantType::F32;
        if (isVector) { // a norm, or the divisors of rotary frequencies
            constexpr float kOne = 1;
            for (size_t at = 0; at < out.size(); at += sizeof kOne) std::memcpy(&out[at], &kOne, sizeof kOne);
            return;
        }
        const float spread = 1 / std::sqrt(static_cast<float>(tensor.columns));
        // Seeded by the name alone, so that a tensor is the same however many layers there are.
        fillBlocks(tensor.type, hashOf(tensor.name), spread, block, out);
    }

    const std::filesystem::path m_path;
    const Header m_header;
};

} // namespace

bool isSyntheticName(std::string_view name) { return name.starts_with(kPrefix); }

Result<std::unique_ptr<ByteSource>> openSynthetic(std::string_view name) {
    ASSIGN_OR_RETURN(const Request request, parse(name));
    return std::unique_ptr<ByteSource>(
        std::make_unique<SyntheticFile>(name, makeHeader(*request.shape, request.mix, request.layers)));
}

} // namespace ponder::models::synthetic
