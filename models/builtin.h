#pragma once
// The model in the box: `builtin:mini` in place of a file name, wherever a model is named. Its file lies beside the program,
// ../share/ponder/models/ from where the binary is, or, in a tree that is not installed, in resources/models/. Any thread.

#include <filesystem>

#include "models/base/result.h"

namespace ponder::models {

// The file that `builtin:NAME` stands for; every other path as it is.
// Errors: InvalidArgument (a name that there is not), NotFound (the file is not where it should be).
Result<std::filesystem::path> resolveBuiltin(const std::filesystem::path& path);

} // namespace ponder::models
