#pragma once
// A conversation as the inside of an HTML page: for a browser, and for the paper of a PDF. What comes out is well-formed
// XML as well, has no scripts and names nothing that could be loaded. Pure; any thread.

#include <vector>

#include "app/export/export_format.h"
#include "app/formula/formula.h"

namespace ponder::app {

enum class HtmlUse {
    Screen, // thoughts can be folded
    Paper,  // for QTextDocument, which knows less of HTML
};

struct PaperFormula {
    Formula formula;
    bool display = false; // on a line of its own
};

struct HtmlTarget {
    HtmlUse use = HtmlUse::Screen;
    // Of paper: each formula is a U+FFFC in the text, in this order. Null: formulas stand as they were written.
    std::vector<PaperFormula>* formulas = nullptr;
};

Result<QString> htmlBody(const ConversationTree& tree, const ExportOptions& options, const HtmlTarget& to);

QString xmlEscaped(const QString& text); // also without the characters that XML does not allow
QString htmlOfMarkdown(const QString& text, const HtmlTarget& to);

} // namespace ponder::app
