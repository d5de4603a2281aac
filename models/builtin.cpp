#include "models/builtin.h"

#include <string>
#include <system_error>

#include <fmt/format.h>

#include "models/base/text.h"

namespace ponder::models {

namespace {

constexpr std::string_view kPrefix = "builtin:";
constexpr std::string_view kMini = "mini", kMiniFile = "ponder-mini.gguf";

} // namespace

Result<std::filesystem::path> resolveBuiltin(const std::filesystem::path& path) {
    const std::string& text = path.native();
    if (text.compare(0, kPrefix.size(), kPrefix) != 0) return path;
    const std::string name = text.substr(kPrefix.size());
    if (name != kMini) {
        return Error{ErrorCode::InvalidArgument,
                     fmt::format("There is no model builtin:{} in the box: use builtin:mini, or give the "
                                 "name of a .gguf file.",
                                 printable(name))};
    }
    std::error_code ignored;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
    const auto installed = program.parent_path().parent_path() / "share/ponder/models" / kMiniFile;
    if (!program.empty() && std::filesystem::exists(installed, ignored)) return installed;
    const auto inTree = std::filesystem::path(PONDER_MODELS_IN_TREE) / kMiniFile;
    if (std::filesystem::exists(inTree, ignored)) return inTree;
    return Error{
        ErrorCode::NotFound,
        fmt::format(
            "The model in the box is not there, {} is missing: install Ponder again, or open a .gguf file.",
            installed.string())};
}

} // namespace ponder::models
