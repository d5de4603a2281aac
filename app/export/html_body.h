#pragma once
// A conversation as the inside of an HTML page: for a browser, and for the paper of a PDF. What comes out is well-formed
// XML as well, has no scripts and names nothing that could be loaded. Pure; any thread.

#include "app/export/export_format.h"

namespace ponder::app {

enum class HtmlUse {
    Screen, // thoughts can be folded
    Paper,  // for QTextDocument, which knows less of HTML
};

Result<QString> htmlBody(const ConversationTree& tree, const ExportOptions& options, HtmlUse use);

QString xmlEscaped(const QString& text); // also without the characters that XML does not allow
QString htmlOfMarkdown(const QString& text, HtmlUse use);

} // namespace ponder::app
