#include "ui/items/selectable_paper.h"

#include <algorithm>

#include <QClipboard>
#include <QCursor>
#include <QGuiApplication>
#include <QStyleHints>

namespace ponder::ui {

SelectablePaper::SelectablePaper(QQuickItem* parent) : Paper(parent) {
    setAcceptedMouseButtons(Qt::LeftButton);
    setAcceptHoverEvents(true);
    setActiveFocusOnTab(false); // a transcript has hundreds; a press gives focus
    setCursor(Qt::IBeamCursor);
    connect(this, &SelectablePaper::styleChanged, this, [this] { restyle(); });
}

void SelectablePaper::select(int anchor, int cursor) {
    anchor = std::clamp(anchor, 0, length());
    cursor = std::clamp(cursor, 0, length());
    if (anchor == m_anchor && cursor == m_cursor) return;
    m_anchor = anchor;
    m_cursor = cursor;
    repaint();
    emit selectionChanged();
}

void SelectablePaper::copy() const {
    if (selectionEnd() > selectionStart()) QGuiApplication::clipboard()->setText(selectedText());
}

void SelectablePaper::setMarks(const QString& query, int current, const QColor& mark,
                               const QColor& markCurrent) {
    if (query == m_query && current == m_currentMark && mark == m_markColor && markCurrent == m_markOnColor)
        return;
    const bool any = !query.isEmpty() || !m_query.isEmpty();
    m_marksStale = m_marksStale || query != m_query;
    m_query = query;
    m_currentMark = current;
    m_markColor = mark;
    m_markOnColor = markCurrent;
    if (any) repaint();
}

void SelectablePaper::textIsOther() {
    m_marksStale = true;
    emit textChanged();
}

const QList<int>& SelectablePaper::marks() const {
    if (!m_marksStale) return m_marks;
    m_marksStale = false;
    m_marks.clear();
    if (m_query.isEmpty()) return m_marks;
    const QString text = searched();
    for (qsizetype at = text.indexOf(m_query, 0, Qt::CaseInsensitive); at >= 0;
         at = text.indexOf(m_query, at + m_query.size(), Qt::CaseInsensitive))
        m_marks.append(static_cast<int>(at));
    return m_marks;
}

QList<SelectablePaper::Mark> SelectablePaper::marksWithin(int begin, int end) const {
    QList<Mark> within;
    const auto size = static_cast<int>(m_query.size());
    const QList<int>& all = marks();
    for (auto mark = std::upper_bound(all.begin(), all.end(), begin - size); mark != all.end() && *mark < end;
         ++mark) {
        const int from = std::max(*mark, begin), to = std::min(*mark + size, end);
        const bool current = mark - all.begin() == m_currentMark;
        within.append({from - begin, to - from, current ? m_markOnColor : m_markColor});
    }
    return within;
}

QRectF SelectablePaper::currentMarkRect() const {
    return m_currentMark < 0 || m_currentMark >= markCount() ? QRectF() : lineOf(marks()[m_currentMark]);
}

void SelectablePaper::mousePressEvent(QMouseEvent* event) {
    forceActiveFocus(Qt::MouseFocusReason);
    m_pressed = event->position();
    m_dragged = false;
    const int place = placeAt(event->position());
    select(event->modifiers() & Qt::ShiftModifier ? m_anchor : place, place);
    setKeepMouseGrab(true); // the list around does not take the drag for a flick
    event->accept();
}

void SelectablePaper::mouseMoveEvent(QMouseEvent* event) {
    const QPointF way = event->position() - m_pressed;
    m_dragged = m_dragged || way.manhattanLength() >= QGuiApplication::styleHints()->startDragDistance();
    if (m_dragged) select(m_anchor, placeAt(event->position()));
}

void SelectablePaper::mouseReleaseEvent(QMouseEvent* event) {
    setKeepMouseGrab(false);
    if (m_dragged || selectionEnd() > selectionStart()) return;
    if (const QString link = linkAt(event->position()); !link.isEmpty()) emit linkActivated(link);
}

void SelectablePaper::mouseDoubleClickEvent(QMouseEvent* event) {
    const auto [begin, end] = wordAt(placeAt(event->position()));
    select(begin, end);
    m_dragged = true;
    event->accept();
}

void SelectablePaper::hoverMoveEvent(QHoverEvent* event) {
    setCursor(linkAt(event->position()).isEmpty() ? Qt::IBeamCursor : Qt::PointingHandCursor);
}

void SelectablePaper::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy))
        copy();
    else if (event->matches(QKeySequence::SelectAll))
        selectAll();
    else if (event->matches(QKeySequence::SelectNextChar))
        select(m_anchor, m_cursor + 1);
    else if (event->matches(QKeySequence::SelectPreviousChar))
        select(m_anchor, m_cursor - 1);
    else if (event->matches(QKeySequence::SelectNextWord))
        select(m_anchor, wordAt(std::min(m_cursor + 1, length())).second);
    else if (event->matches(QKeySequence::SelectPreviousWord))
        select(m_anchor, wordAt(std::max(m_cursor - 1, 0)).first);
    else if (event->matches(QKeySequence::SelectNextLine))
        select(m_anchor, placeBelow(m_cursor, 1));
    else if (event->matches(QKeySequence::SelectPreviousLine))
        select(m_anchor, placeBelow(m_cursor, -1));
    else if (event->matches(QKeySequence::SelectEndOfDocument))
        select(m_anchor, length());
    else if (event->matches(QKeySequence::SelectStartOfDocument))
        select(m_anchor, 0);
    else
        return event->ignore();
    event->accept();
}

// Only one block shows a selection: what Ctrl+C copies is always what is marked.
void SelectablePaper::focusOutEvent(QFocusEvent* event) {
    Paper::focusOutEvent(event);
    if (event->reason() != Qt::PopupFocusReason && event->reason() != Qt::ActiveWindowFocusReason)
        select(m_cursor, m_cursor);
}

} // namespace ponder::ui
