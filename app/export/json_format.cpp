#include "app/export/writers.h"

namespace ponder::app {

Result<QByteArray> writeJson(const ConversationTree&, const ExportOptions&) { return QByteArray(); }

} // namespace ponder::app
#include "app/export/json_format.h"
namespace ponder::app {
Result<ConversationTree> readJson(const QByteArray&) { return ConversationTree{}; }
} // namespace ponder::app
