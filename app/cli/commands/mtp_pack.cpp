#include "app/cli/mtp_pack.h"

#include <fmt/format.h>

#include "app/cli/commands/commands.h"
#include "app/cli/interrupt.h"
#include "app/cli/io.h"
#include "models/base/text.h"

namespace ponder::app::cli {

Result<void> runMtpPack(const CommandLine& line) {
    Interrupt interrupt;
    ASSIGN_OR_RETURN(const auto packed, packPrediction(line.file, line.output, [&](uint64_t, uint64_t) {
                         return !interrupt.requested();
                     }));
    return write(fmt::format("{}: block {} in {} tensors, {}\n", printable(line.output, 200), packed.block,
                             packed.tensors, formatBytes(packed.sizeBytes)));
}

} // namespace ponder::app::cli
