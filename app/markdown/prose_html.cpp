#include "app/markdown/prose_html.h"

#include <algorithm>
#include <vector>

namespace ponder::app {

namespace {

QString opening(const Span& span) {
    switch (span.kind) {
    case SpanKind::Bold:
        return QStringLiteral("<b>");
    case SpanKind::Italic:
        return QStringLiteral("<i>");
    case SpanKind::Struck:
        return QStringLiteral("<s>");
    case SpanKind::Code:
        return QStringLiteral("<code>");
    case SpanKind::Link:
        return QStringLiteral("<a href=\"%1\">").arg(span.target.toHtmlEscaped());
    case SpanKind::Formula:
        break;
    }
    return {};
}

QString closing(SpanKind kind) {
    switch (kind) {
    case SpanKind::Bold:
        return QStringLiteral("</b>");
    case SpanKind::Italic:
        return QStringLiteral("</i>");
    case SpanKind::Struck:
        return QStringLiteral("</s>");
    case SpanKind::Code:
        return QStringLiteral("</code>");
    case SpanKind::Link:
        return QStringLiteral("</a>");
    case SpanKind::Formula:
        break;
    }
    return {};
}

} // namespace

QString proseHtml(const Prose& prose, const std::function<QString(const Span&)>& formula) {
    QString html;
    std::vector<Span> spans(prose.spans.begin(), prose.spans.end());
    std::stable_sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) {
        return a.start != b.start ? a.start < b.start : a.length > b.length;
    });
    std::vector<Span> open;
    const auto closeUntil = [&](int at) { // what ends in the middle of another closes that one for a moment
        const auto ends = [at](const Span& span) { return span.start + span.length <= at; };
        while (std::any_of(open.begin(), open.end(), ends)) {
            std::vector<Span> again;
            while (!ends(open.back())) {
                html += closing(open.back().kind);
                again.push_back(open.back());
                open.pop_back();
            }
            html += closing(open.back().kind);
            open.pop_back();
            for (; !again.empty(); again.pop_back()) {
                html += opening(again.back());
                open.push_back(again.back());
            }
        }
    };
    const auto plain = [&](int from, int to) {
        html +=
            prose.text.mid(from, to - from).toHtmlEscaped().replace(QChar::LineSeparator, QLatin1String("<br>"));
    };
    int at = 0;
    const auto advance = [&](int to) {
        while (at < to) {
            int next = to;
            for (const Span& span : open) next = std::min(next, span.start + span.length);
            plain(at, next);
            at = next;
            closeUntil(at);
        }
    };
    for (const Span& span : spans) {
        advance(span.start);
        if (span.kind == SpanKind::Formula) {
            html += formula ? formula(span) : span.source.toHtmlEscaped();
            at = span.start + span.length;
            closeUntil(at);
        } else {
            html += opening(span);
            open.push_back(span);
        }
    }
    advance(static_cast<int>(prose.text.size()));
    return html;
}

} // namespace ponder::app
