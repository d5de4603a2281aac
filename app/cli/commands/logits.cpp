#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include <unistd.h>

#include <fmt/format.h>

#include "app/cli/commands/commands.h"
#include "app/cli/interrupt.h"
#include "app/cli/io.h"
#include "app/cli/model_session.h"
#include "models/base/text.h"

namespace ponder::app::cli {

namespace {

static_assert(std::endian::native == std::endian::little,
              "the file is little-endian; write its bytes in turn elsewhere");

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using OutputFile = std::unique_ptr<std::FILE, CloseFile>;

Error cannotWrite(const std::string& path) {
    return {ErrorCode::Io,
            fmt::format("{} cannot be written ({}): check the folder and the space on the disk.",
                        printable(path, 200), std::strerror(errno))};
}

} // namespace

Result<void> runLogits(const CommandLine& line) {
    ASSIGN_OR_RETURN(const auto tokens, readTokens(*line.tokens));
    Interrupt interrupt;
    ASSIGN_OR_RETURN(const auto engine, loadModel(line, interrupt.token()));
    const OutputFile out(std::fopen(line.output.c_str(), "wb"));
    if (!out) return cannotWrite(line.output);
    const auto write = [&](size_t, std::span<const float> row) -> Result<void> {
        if (interrupt.requested())
            return {ErrorCode::Cancelled, "Stopped before it was done: what is in the file is not whole."};
        if (std::fwrite(row.data(), sizeof(float), row.size(), out.get()) != row.size())
            return cannotWrite(line.output);
        return {};
    };
    RETURN_IF_ERROR(line.mtp ? engine->predictedLogits(tokens, write)
                             : engine->logits(tokens, line.step, write));
    if (std::fflush(out.get()) != 0) return cannotWrite(line.output);
    fmt::print(stderr, "{}\n", engine->kernelSummary()); // not before: an error stands alone on standard error
    return {};
}

} // namespace ponder::app::cli
