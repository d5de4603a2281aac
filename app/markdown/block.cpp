#include "app/markdown/block.h"

#include <algorithm>

namespace ponder::app {

QString plainText(const Prose& prose, qsizetype begin, qsizetype end) {
    if (end < 0) end = prose.text.size();
    QString text;
    qsizetype at = begin;
    for (const Span& span : prose.spans) {
        if (span.kind != SpanKind::Formula || span.start < at || span.start >= end) continue;
        text += QStringView(prose.text).mid(at, span.start - at);
        text += span.source;
        at = span.start + span.length;
    }
    if (at < end) text += QStringView(prose.text).mid(at, end - at);
    return text.replace(QChar::LineSeparator, QLatin1Char('\n'));
}

QString plainText(const Block& block) {
    switch (block.kind) {
    case BlockKind::Paragraph:
    case BlockKind::Heading:
        return plainText(block.prose());
    case BlockKind::Code:
        return block.text;
    case BlockKind::Formula:
        return block.source;
    case BlockKind::Table: {
        QString text;
        for (qsizetype i = 0; i < block.cells.list.size(); ++i) {
            text += plainText(block.cells.list[i]);
            text += QLatin1Char((i + 1) % std::max(1, block.columns) == 0 ? '\n' : '\t');
        }
        return text;
    }
    case BlockKind::Rule:
        break;
    }
    return {};
}

} // namespace ponder::app
