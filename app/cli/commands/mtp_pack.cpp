#include "app/cli/commands/commands.h"

namespace ponder::app::cli {

Result<void> runMtpPack(const CommandLine&) {
    return {ErrorCode::InvalidArgument,
            "mtp-pack comes with the mixture of experts; nothing has been written."};
}

} // namespace ponder::app::cli
