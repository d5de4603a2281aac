#include "ui/items/prose_text.h"

#include <QTextBoundaryFinder>

#include "ui/items/formulas.h"

namespace ponder::ui {

ProseText::ProseText(QQuickItem* parent) : SelectablePaper(parent) {}

void ProseText::setProse(const QVariant& prose) {
    const auto wanted = prose.value<app::Prose>();
    if (wanted == m_prose) return;
    m_prose = wanted;
    m_stale = true;
    lay();
    textIsOther();
}

void ProseText::componentComplete() {
    SelectablePaper::componentComplete();
    if (Formulas* formulas = Formulas::of(this))
        connect(formulas, &Formulas::changed, this, [this] {
            if (!m_waiting) return;
            m_stale = true;
            lay();
        });
    lay();
}

void ProseText::geometryChange(const QRectF& now, const QRectF& before) {
    SelectablePaper::geometryChange(now, before);
    if (now.width() != before.width()) lay();
}

void ProseText::restyle() {
    ProseStyle style{m_font, m_mono, m_lineHeight, m_color, m_linkColor, m_codeColor, Qt::AlignLeft};
    if (!(style == m_style)) {
        m_style = style;
        m_stale = true;
    }
    repaint();
    polish();
}

void ProseText::prepare() {
    if (m_stale) lay();
}

void ProseText::lay() {
    if (!isComponentComplete() || width() <= 0) return;
    if (m_stale) {
        m_style = {m_font, m_mono, m_lineHeight, m_color, m_linkColor, m_codeColor, Qt::AlignLeft};
        Formulas* formulas = Formulas::of(this);
        m_waiting = !m_flow.set(m_prose, m_style, [formulas](const QString& tex) {
            return formulas ? formulas->find(tex, false) : std::make_shared<const app::Formula>();
        });
        m_stale = false;
    }
    m_flow.layOut(width());
    setImplicitHeight(m_flow.height());
    emit laidOut();
    repaint();
}

void ProseText::paintPart(QPainter& painter, const QRectF& part) {
    ProseFlow::Paint paint;
    for (const Mark& mark : marksWithin(0, length()))
        paint.marks.append({mark.start, mark.length, mark.colour});
    paint.selectionStart = selectionStart();
    paint.selectionEnd = selectionEnd();
    paint.selection = m_selectionColor;
    paint.selectedText = m_selectedTextColor;
    m_flow.paint(painter, QPointF(), part, paint);
}

QString ProseText::textBetween(int begin, int end) const { return app::plainText(m_prose, begin, end); }

std::pair<int, int> ProseText::wordAt(int place) const {
    QTextBoundaryFinder finder(QTextBoundaryFinder::Word, m_prose.text);
    finder.setPosition(std::min(place + 1, length()));
    const auto begin = std::max<qsizetype>(0, finder.toPreviousBoundary());
    const qsizetype end = finder.toNextBoundary();
    return {static_cast<int>(begin), static_cast<int>(end < 0 ? length() : end)};
}

int ProseText::placeBelow(int place, int lines) const {
    const QRectF here = m_flow.placeRect(place);
    return m_flow.placeAt(QPointF(here.x(), here.center().y() + lines * m_lineHeight));
}

} // namespace ponder::ui
