#include "ui/items/prose_flow.h"

#include <algorithm>
#include <cmath>

#include <QFontMetricsF>
#include <QPainter>
#include <QTextBlock>
#include <QTextCursor>

#include "ui/items/prose_layout.h"

namespace ponder::ui {

using app::Span;
using app::SpanKind;

namespace {

constexpr double kCodeSize = 0.875; // of the text around
constexpr double kWaitingEm = 0.45; // width of a character of TeX, roughly

QTextCharFormat formatOf(const Span& span, const ProseStyle& style) {
    QTextCharFormat format;
    switch (span.kind) {
    case SpanKind::Bold:
        format.setFontWeight(std::max<int>(QFont::Bold, style.font.weight()));
        break;
    case SpanKind::Italic:
        format.setFontItalic(true);
        break;
    case SpanKind::Struck:
        format.setFontStrikeOut(true);
        break;
    case SpanKind::Code:
        format.setFontFamilies({style.mono});
        format.setProperty(QTextFormat::FontPixelSize,
                           static_cast<int>(std::lround(style.font.pixelSize() * kCodeSize)));
        format.setFontStyleStrategy(QFont::PreferNoShaping); // "==" is two characters
        format.setBackground(style.code);
        break;
    case SpanKind::Link:
        format.setForeground(style.link);
        format.setAnchor(true);
        format.setAnchorHref(span.target);
        break;
    case SpanKind::Formula:
        break;
    }
    return format;
}

} // namespace

ProseFlow::ProseFlow() : m_document(std::make_unique<QTextDocument>()) {
    m_document->setUndoRedoEnabled(false);
    m_document->setDocumentMargin(0);
    m_layout = new ProseLayout(m_document.get());
    m_document->setDocumentLayout(m_layout);
}

ProseFlow::~ProseFlow() = default;
ProseFlow::ProseFlow(ProseFlow&&) noexcept = default;
ProseFlow& ProseFlow::operator=(ProseFlow&&) noexcept = default;

bool ProseFlow::set(const app::Prose& prose, const ProseStyle& style, const FindFormula& find) {
    m_prose = prose;
    m_style = style;
    m_expansions.clear();
    m_layout->formulas.clear();
    m_layout->em = style.font.pixelSize() * app::kFormulaScale;
    m_layout->text = style.text;
    bool complete = true;
    // First the text, with the source in place of a formula that cannot be set.
    QString text = prose.text;
    struct Object {
        int place, index;
    };
    QList<Object> objects;
    for (const Span& span : prose.spans) {
        if (span.kind != SpanKind::Formula) continue;
        const auto formula = find(span.target);
        if (formula && !formula->error.isEmpty()) {
            m_expansions.append({span.start, static_cast<int>(span.source.size())});
            continue;
        }
        complete = complete && formula;
        m_layout->formulas.push_back(
            {formula,
             m_layout->em * kWaitingEm * std::min<double>(30, static_cast<double>(span.target.size())), 1});
        objects.append({span.start, static_cast<int>(m_layout->formulas.size())});
    }
    QTextCharFormat source;
    source = formatOf({SpanKind::Code, 0, 1, {}, {}}, style);
    for (qsizetype i = m_expansions.size(); i-- > 0;) {
        for (const Span& span : prose.spans)
            if (span.kind == SpanKind::Formula && span.start == m_expansions[i].place)
                text.replace(span.start, span.length,
                             QString(span.source).replace(QLatin1Char('\n'), QLatin1Char(' ')));
    }
    m_document->setDefaultFont(style.font);
    m_document->clear();
    QTextCursor cursor(m_document.get());
    cursor.insertText(text);
    const auto format = [&](int begin, int end, const QTextCharFormat& how) {
        cursor.setPosition(begin);
        cursor.setPosition(end, QTextCursor::KeepAnchor);
        cursor.mergeCharFormat(how);
    };
    for (const Span& span : prose.spans)
        if (span.kind != SpanKind::Formula)
            format(toDocument(span.start), toDocument(span.start + span.length), formatOf(span, style));
    for (const Expansion& expansion : std::as_const(m_expansions))
        format(toDocument(expansion.place), toDocument(expansion.place) + expansion.length, source);
    for (const Object& object : std::as_const(objects)) {
        QTextCharFormat how;
        how.setObjectType(QTextFormat::UserObject);
        how.setProperty(ProseLayout::kFormulaProperty, object.index);
        format(toDocument(object.place), toDocument(object.place) + 1, how);
    }
    return complete;
}

void ProseFlow::layOut(qreal width) { m_height = m_layout->layOut(width, m_style.lineHeight, m_style.align); }

qreal ProseFlow::rise() const { return m_layout->rise; }

qreal ProseFlow::naturalWidth() const {
    const QTextLayout& layout = *m_document->firstBlock().layout();
    qreal width = 0;
    for (int i = 0; i < layout.lineCount(); ++i) width = std::max(width, layout.lineAt(i).naturalTextWidth());
    return width;
}

int ProseFlow::toDocument(int place) const {
    int position = place;
    for (const Expansion& expansion : m_expansions)
        if (expansion.place < place) position += expansion.length - 1;
    return position;
}

int ProseFlow::toPlace(int position) const {
    for (const Expansion& expansion : m_expansions) {
        if (position <= expansion.place) break;
        if (position < expansion.place + expansion.length) return expansion.place;
        position -= expansion.length - 1;
    }
    return position;
}

int ProseFlow::placeAt(QPointF point) const {
    const QTextLayout& layout = *m_document->firstBlock().layout();
    for (int i = 0; i < layout.lineCount(); ++i) {
        const QTextLine line = layout.lineAt(i);
        const qreal next = i + 1 < layout.lineCount() ? layout.lineAt(i + 1).y() : m_height;
        if (point.y() < next || i + 1 == layout.lineCount()) return toPlace(line.xToCursor(point.x()));
    }
    return 0;
}

QString ProseFlow::linkAt(QPointF point) const {
    const QTextLayout& layout = *m_document->firstBlock().layout();
    for (int i = 0; i < layout.lineCount(); ++i) {
        const QTextLine line = layout.lineAt(i);
        if (!line.naturalTextRect().contains(point)) continue;
        const int place = toPlace(line.xToCursor(point.x(), QTextLine::CursorOnCharacter));
        for (const Span& span : m_prose.spans)
            if (span.kind == SpanKind::Link && place >= span.start && place < span.start + span.length)
                return span.target;
    }
    return {};
}

QRectF ProseFlow::placeRect(int place) const {
    const QTextLayout& layout = *m_document->firstBlock().layout();
    const int position = toDocument(place);
    const QTextLine line = layout.lineForTextPosition(position);
    if (!line.isValid()) return {0, 0, 1, m_style.lineHeight};
    return {line.cursorToX(position), line.y(), 1, line.height()};
}

void ProseFlow::paint(QPainter& painter, QPointF at, const QRectF& clip, const Paint& paint) const {
    QList<QTextLayout::FormatRange> ranges;
    const auto range = [&](int start, int end, const QColor& background, const QColor& foreground) {
        QTextLayout::FormatRange how;
        how.start = toDocument(start);
        how.length = toDocument(end) - how.start;
        how.format.setBackground(background);
        if (foreground.isValid()) how.format.setForeground(foreground);
        if (how.length > 0) ranges.append(how);
    };
    for (const Paint::Mark& mark : paint.marks)
        range(mark.start, mark.start + mark.length, mark.background, {});
    if (paint.selectionEnd > paint.selectionStart)
        range(paint.selectionStart, paint.selectionEnd, paint.selection, paint.selectedText);
    painter.setPen(m_style.text);
    m_document->firstBlock().layout()->draw(&painter, at, ranges, clip);
}

} // namespace ponder::ui
