// One HTML file: light and dark by what the reader's system prefers, thoughts folded, no scripts, nothing loaded.

#include <QLocale>

#include "app/export/html_body.h"
#include "app/export/reading_order.h"
#include "app/export/writers.h"

namespace ponder::app {

namespace {

// The colours and measures of ui/theme/Theme.qml.
const char kStyle[] = R"(
:root { color-scheme: light dark; --bg: #FCFBF9; --raised: #F5F3EF; --bubble: #EFECE6; --border: #E3DFD8;
  --text: #1E1C1A; --muted: #5C5751; --accent: #0A6770; --thought: #7B4196; --thoughtText: #5B5262; --warn: #855300; }
@media (prefers-color-scheme: dark) { :root { --bg: #17181B; --raised: #111215; --bubble: #26282D; --border: #2F3238;
  --text: #ECEAE6; --muted: #B0ADA7; --accent: #62C4C8; --thought: #CDA6E6; --thoughtText: #BDB4C4; --warn: #EABB55; } }
body { margin: 0; background: var(--bg); color: var(--text); font: 16px/26px Inter, system-ui, sans-serif; }
main { max-width: 712px; margin: 0 auto; padding: 32px 24px 64px; overflow-wrap: anywhere; }
h1 { font-size: 30px; line-height: 38px; margin: 0 0 4px; }
h2 { font-size: 13px; line-height: 20px; color: var(--muted); margin: 0 0 4px; }
h3 { font-size: 20px; line-height: 28px; } h4 { font-size: 18px; line-height: 26px; } h5, h6 { font-size: 16px; }
.byline, .state { color: var(--muted); font-size: 13px; } .state { color: var(--warn); }
.question { margin: 32px 0 20px auto; max-width: 448px; width: fit-content; background: var(--bubble);
  border-radius: 16px; padding: 12px 16px; }
.question p, .thought p { margin: 0 0 8px; }
.answer { margin: 20px 0 0; }
a { color: var(--accent); }
code, pre { font: 13px/20px "JetBrains Mono", ui-monospace, monospace; }
code { background: var(--bubble); border-radius: 4px; padding: 0 3px; }
pre { background: var(--raised); border: 1px solid var(--border); border-radius: 12px; padding: 12px 16px; overflow-x: auto; }
pre code { background: none; padding: 0; }
.wide { overflow-x: auto; } table { border-collapse: collapse; }
th, td { padding: 6px 12px; border-bottom: 1px solid var(--border); } th { border-bottom-color: var(--muted); }
blockquote { margin: 8px 0; padding-left: 16px; border-left: 2px solid var(--border); color: var(--muted); }
hr { border: 0; border-top: 1px solid var(--border); }
summary { cursor: pointer; } details { margin: 0 0 12px; }
.thought > summary { color: var(--thought); font-size: 14px; font-weight: 500; }
.thought > div { margin-left: 7px; padding-left: 20px; border-left: 2px solid var(--thought); color: var(--thoughtText);
  font-size: 14px; line-height: 22px; }
.branch { margin-top: 32px; border-top: 1px solid var(--border); padding-top: 12px; }
.branch > summary { color: var(--muted); font-size: 13px; }
.formula { text-align: center; } .formula code, code.formula { background: none; }
math[display="block"] { margin: 12px 0; }
@media print { main { max-width: none; padding: 0; } pre { white-space: pre-wrap; } }
)";

} // namespace

Result<QByteArray> writeHtml(const ConversationTree& tree, const ExportOptions& options) {
    ASSIGN_OR_RETURN(const QString body, htmlBody(tree, options, {HtmlUse::Screen}));
    // The policy holds in every browser even if something slipped through: nothing is loaded, nothing runs.
    const QString page =
        QStringLiteral("<!DOCTYPE html>\n<html lang=\"") + QLocale().bcp47Name() +
        QStringLiteral("\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                       "style-src 'unsafe-inline'; img-src data:\"/>\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                       "<meta name=\"generator\" content=\"") +
        xmlEscaped(options.program) + QStringLiteral("\"/>\n<title>") + xmlEscaped(titleOf(tree)) +
        QStringLiteral("</title>\n<style>") + QLatin1String(kStyle) +
        QStringLiteral("</style>\n</head>\n<body>\n<main>\n") + body +
        QStringLiteral("</main>\n</body>\n</html>\n");
    return page.toUtf8();
}

} // namespace ponder::app
