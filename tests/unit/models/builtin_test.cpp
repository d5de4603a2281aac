#include "models/builtin.h"

#include <doctest/doctest.h>

#include "models/gguf_file.h"

using namespace ponder;
using namespace ponder::models;

TEST_CASE("builtin: names of files are left alone") {
    for (const char* path : {"model.gguf", "/a/b.gguf", "", "./builtin:mini", "Builtin:mini"})
        CHECK(resolveBuiltin(path).value() == path);
}

TEST_CASE("builtin: the model in the box opens by its name, in as many words as it has") {
    const auto path = resolveBuiltin("builtin:mini");
    REQUIRE(path.ok());
    CHECK(path->filename() == "ponder-mini.gguf");
    const auto file = GgufFile::open("builtin:mini");
    REQUIRE(file.ok());
    CHECK(file->getString("general.architecture") == "qwen2");
    CHECK(file->sizeBytes() <= 12'000'000); // what a package can carry
}

TEST_CASE("builtin: a name that there is not is refused in one sentence") {
    for (const char* name :
         {"builtin:", "builtin:maxi", "builtin:../../etc/passwd", "builtin:mini/", "builtin:\n"}) {
        const auto path = resolveBuiltin(name);
        REQUIRE_FALSE(path.ok());
        CHECK(path.error().code == ErrorCode::InvalidArgument);
        CHECK(path.error().message.find("builtin:mini") != std::string::npos);
        CHECK(path.error().message.find('\n') == std::string::npos);
    }
}
