#pragma once
// The write function of each format; export_format.cpp lists them. Pure; any thread.

#include "app/export/export_format.h"

namespace ponder::app {

Result<QByteArray> writeMarkdown(const ConversationTree& tree, const ExportOptions& options);
Result<QByteArray> writeText(const ConversationTree& tree, const ExportOptions& options);
Result<QByteArray> writeHtml(const ConversationTree& tree, const ExportOptions& options);
Result<QByteArray> writePdf(const ConversationTree& tree, const ExportOptions& options);
Result<QByteArray> writeJson(const ConversationTree& tree, const ExportOptions& options); // json_format.h

} // namespace ponder::app
