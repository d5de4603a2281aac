#include "app/export/writers.h"

namespace ponder::app {

Result<QByteArray> writeHtml(const ConversationTree&, const ExportOptions&) { return QByteArray(); }

} // namespace ponder::app
