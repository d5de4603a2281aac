#include "ui/items/table_text.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <QElapsedTimer>
#include <QFontMetricsF>
#include <QPainter>

#include "ui/items/formulas.h"

namespace ponder::ui {

namespace {
constexpr qreal kGap = 28;          // px between columns
constexpr qreal kWidest = 24;       // em that a column asks for
constexpr qreal kNarrowest = 64;    // px that a column shrinks to
constexpr qreal kLongestWord = 9.4; // em that a column is kept wide enough for
constexpr qreal kStep = 4;          // px that a column gives way at a time
constexpr qreal kPadding = 8;       // px of a row, above and below together
constexpr int kMeasured = 60;       // rows whose text is measured; of the rest letters are counted
constexpr int kKept = 120;          // rows that stay laid out
constexpr int kSliceMs = 4;
constexpr double kFormulaEm = 0.45;
} // namespace

TableText::TableText(QQuickItem* parent) : SelectablePaper(parent) {
    m_refine.setInterval(0);
    connect(&m_refine, &QTimer::timeout, this, &TableText::refine);
    connect(this, &TableText::shapeChanged, this, [this] { reshape(0); });
}

void TableText::setCells(const QVariant& cells) {
    const auto wanted = cells.value<app::Cells>();
    size_t same = 0;
    const auto common = static_cast<size_t>(std::min(wanted.list.size(), m_cells.list.size()));
    while (same < common &&
           wanted.list[static_cast<qsizetype>(same)] == m_cells.list[static_cast<qsizetype>(same)])
        ++same;
    m_cells = wanted;
    reshape(same);
    textIsOther();
}

void TableText::componentComplete() {
    SelectablePaper::componentComplete();
    if (Formulas* formulas = Formulas::of(this))
        connect(formulas, &Formulas::changed, this, [this] {
            bool any = false;
            for (int row = 0; row < rows(); ++row)
                if (m_rows[static_cast<size_t>(row)].waiting) layRow(row), any = true;
            if (!any) return;
            placeRows();
            repaint();
        });
    reshape(0);
}

void TableText::restyle() {
    if (isComponentComplete()) reshape(0);
}

qreal TableText::wishOf(const app::Prose& cell) const {
    QFont font = m_font;
    font.setWeight(QFont::DemiBold); // as wide as a head would be
    const QFontMetricsF metrics(font);
    qreal width = 0;
    QString text = cell.text;
    Formulas* formulas = Formulas::of(this);
    for (const app::Span& span : cell.spans) {
        if (span.kind != app::SpanKind::Formula) continue;
        const double em = m_font.pixelSize() * app::kFormulaScale;
        const auto formula = formulas ? formulas->find(span.target, false) : nullptr;
        width += formula && formula->error.isEmpty()
                     ? formula->width * em
                     : kFormulaEm * em * static_cast<double>(span.target.size());
    }
    text.remove(QChar(QChar::ObjectReplacementCharacter));
    qreal longest = 0;
    for (const QString& line : text.split(QChar::LineSeparator))
        longest = std::max(longest, metrics.horizontalAdvance(line));
    return std::ceil(width + longest) + 2;
}

// px that its longest word needs, within reason.
qreal TableText::leastOf(const app::Prose& cell) const {
    QFont font = m_font;
    font.setWeight(QFont::DemiBold);
    const QFontMetricsF metrics(font);
    qreal least = 0;
    qsizetype begin = 0;
    const QString& text = cell.text;
    for (qsizetype i = 0; i <= text.size(); ++i) {
        if (i < text.size() && !text[i].isSpace() && text[i] != QLatin1Char('-')) continue;
        least = std::max(least, metrics.horizontalAdvance(text.mid(begin, i + 1 - begin).trimmed()));
        begin = i + 1;
    }
    return std::min(std::ceil(least) + 2, kLongestWord * m_font.pixelSize());
}

// Cells from that one on are others: widths of the columns, then heights of the rows.
void TableText::reshape(size_t firstChanged) {
    if (!isComponentComplete() || m_columns <= 0) return;
    m_wishes.resize(std::min(m_wishes.size(), firstChanged));
    const qreal letter = QFontMetricsF(m_font).averageCharWidth() * 1.15;
    for (auto i = static_cast<qsizetype>(m_wishes.size()); i < m_cells.list.size(); ++i) {
        const app::Prose& cell = m_cells.list[i];
        m_wishes.push_back(i < kMeasured * m_columns ? wishOf(cell)
                                                     : letter * static_cast<qreal>(cell.text.size()));
    }
    std::vector<qreal> widths(static_cast<size_t>(m_columns), kNarrowest / 2);
    std::vector<qreal> least(static_cast<size_t>(m_columns), kNarrowest);
    for (qsizetype i = 0; i < std::min<qsizetype>(m_cells.list.size(), kMeasured * m_columns); ++i) {
        qreal& width = least[static_cast<size_t>(i) % least.size()];
        width = std::max(width, leastOf(m_cells.list[i]));
    }
    for (size_t i = 0; i < m_wishes.size(); ++i) {
        qreal& width = widths[i % widths.size()];
        width = std::max(width, std::min(m_wishes[i], kWidest * m_font.pixelSize()));
    }
    // Too wide for the room: the widest columns give way, the narrow ones keep theirs; then it scrolls.
    const auto total = [&] {
        qreal sum = 0;
        for (const qreal width : widths) sum += width + kGap;
        return sum;
    };
    for (qreal over = total() - m_room; over > 1; over -= kStep) {
        size_t widest = widths.size();
        for (size_t i = 0; i < widths.size(); ++i)
            if (widths[i] > least[i] && (widest == widths.size() || widths[i] > widths[widest])) widest = i;
        if (widest == widths.size()) break;
        widths[widest] = std::max(least[widest], widths[widest] - kStep);
    }
    // Much room left: columns spread to a comfortable width.
    const qreal wanted = std::min<qreal>(m_room, 600);
    if (const qreal rest = wanted - total(); rest > 0)
        for (qreal& width : widths) width += std::floor(rest / m_columns);
    std::vector<qreal> lefts{0};
    for (const qreal width : widths) lefts.push_back(lefts.back() + width + kGap);
    const bool moved = lefts != m_lefts;
    m_lefts = std::move(lefts);
    const size_t keep = moved ? 0 : std::min(firstChanged / static_cast<size_t>(m_columns), m_rows.size());
    m_rows.resize(keep);
    m_rows.resize(static_cast<size_t>(rows()));
    for (size_t row = keep; row < m_rows.size(); ++row)
        m_rows[row].height = guessHeight(static_cast<int>(row));
    m_next = static_cast<int>(keep);
    setImplicitWidth(m_lefts.back());
    placeRows();
    m_refine.start();
    repaint();
}

qreal TableText::innerWidth(int column) const {
    return m_lefts[static_cast<size_t>(column) + 1] - m_lefts[static_cast<size_t>(column)] - kGap;
}

qreal TableText::guessHeight(int row) const {
    qreal lines = 1;
    for (int column = 0; column < m_columns; ++column) {
        const qreal wish = m_wishes[static_cast<size_t>(row * m_columns + column)];
        lines = std::max(lines, std::ceil(wish / std::max<qreal>(1, innerWidth(column))));
    }
    return std::round(lines * m_lineHeight + kPadding);
}

void TableText::placeRows() {
    m_tops.assign(1, 0);
    for (const Row& row : m_rows) m_tops.push_back(m_tops.back() + row.height);
    setImplicitHeight(m_tops.back());
}

ProseStyle TableText::styleOf(int row, int column) const {
    ProseStyle style{m_font, m_mono, m_lineHeight, m_color, m_linkColor, m_codeColor, Qt::AlignLeft};
    if (row == 0) style.font.setWeight(QFont::DemiBold);
    style.align = static_cast<Qt::Alignment>(m_alignments.value(column, Qt::AlignLeft));
    return style;
}

void TableText::layRow(int index) {
    Row& row = m_rows[static_cast<size_t>(index)];
    Formulas* formulas = Formulas::of(this);
    const auto find = [formulas](const QString& tex) {
        return formulas ? formulas->find(tex, false) : std::make_shared<const app::Formula>();
    };
    row.cells.clear();
    row.waiting = false;
    qreal height = 0;
    for (int column = 0; column < m_columns; ++column) {
        ProseFlow& flow = row.cells.emplace_back();
        row.waiting =
            !flow.set(m_cells.list[index * m_columns + column], styleOf(index, column), find) || row.waiting;
        flow.layOut(innerWidth(column));
        height = std::max(height, flow.height());
    }
    row.height = std::round(height + kPadding);
    row.exact = true;
}

// Guessed heights become true ones, a few milliseconds at a time.
void TableText::refine() {
    QElapsedTimer clock;
    clock.start();
    bool changed = false;
    for (; m_next < rows() && clock.elapsed() < kSliceMs; ++m_next) {
        Row& row = m_rows[static_cast<size_t>(m_next)];
        if (row.exact) continue;
        const qreal guess = row.height;
        if (guess <= m_lineHeight + kPadding && m_next >= kKept && guessHeight(m_next) == guess) {
            row.exact = true; // one line, whatever it is
            continue;
        }
        layRow(m_next);
        if (m_next >= kKept) row.cells.clear();
        changed = changed || row.height != guess;
    }
    if (m_next >= rows()) m_refine.stop();
    if (!changed) return;
    placeRows();
    repaint();
}

void TableText::refineAgain() {
    m_next = 0;
    m_refine.start();
}

void TableText::prepare() {
    if (m_lefts.empty() || rows() == 0) return;
    const int first = std::max(0, rowAt(view().top() - 300)), last = rowAt(view().bottom() + 300);
    bool changed = false, any = false;
    for (int row = first; row <= last && row < rows() && !view().isEmpty(); ++row) {
        if (!m_rows[static_cast<size_t>(row)].cells.empty()) continue;
        const qreal height = m_rows[static_cast<size_t>(row)].height;
        layRow(row);
        any = true;
        changed = changed || m_rows[static_cast<size_t>(row)].height != height;
    }
    if (changed) placeRows();
    if (any) repaint();
}

int TableText::rowAt(qreal y) const {
    const auto next = std::upper_bound(m_tops.begin(), m_tops.end(), y);
    return std::clamp(static_cast<int>(next - m_tops.begin()) - 1, 0, std::max(0, rows() - 1));
}

int TableText::columnAt(qreal x) const {
    const auto next = std::upper_bound(m_lefts.begin(), m_lefts.end(), x);
    return std::clamp(static_cast<int>(next - m_lefts.begin()) - 1, 0, std::max(0, m_columns - 1));
}

QPointF TableText::originOf(int row, int column) const {
    return {m_lefts[static_cast<size_t>(column)], m_tops[static_cast<size_t>(row)] + kPadding / 2};
}

void TableText::paintPart(QPainter& painter, const QRectF& part) {
    if (m_lefts.empty() || rows() == 0) return;
    int before = 0; // characters of the cells above, a line break behind each
    for (int i = 0; i < rowAt(part.top()) * m_columns; ++i)
        before += static_cast<int>(m_cells.list[i].text.size()) + 1;
    for (int row = rowAt(part.top()); row < rows() && m_tops[static_cast<size_t>(row)] < part.bottom();
         ++row) {
        if (m_rows[static_cast<size_t>(row)].cells.empty()) { // its place may change on the GUI thread only
            const qreal height = m_rows[static_cast<size_t>(row)].height;
            layRow(row);
            if (std::exchange(m_rows[static_cast<size_t>(row)].height, height) != height) {
                m_rows[static_cast<size_t>(row)].exact = false;
                QMetaObject::invokeMethod(this, &TableText::refineAgain, Qt::QueuedConnection);
            }
        }
        const Row& shown = m_rows[static_cast<size_t>(row)];
        const qreal top = m_tops[static_cast<size_t>(row)];
        for (int column = 0; column < m_columns; ++column) {
            const int cell = row * m_columns + column;
            const QString& text = m_cells.list[cell].text;
            ProseFlow::Paint paint;
            for (const Mark& mark : marksWithin(before, before + static_cast<int>(text.size())))
                paint.marks.append({mark.start, mark.length, mark.colour});
            if (cell >= selectionStart() && cell < selectionEnd()) {
                painter.fillRect(
                    QRectF(m_lefts[static_cast<size_t>(column)], top,
                           m_lefts[static_cast<size_t>(column) + 1] - m_lefts[static_cast<size_t>(column)],
                           shown.height - 1),
                    m_selectionColor);
                paint.selectionEnd = static_cast<int>(text.size());
                paint.selection = m_selectionColor;
                paint.selectedText = m_selectedTextColor;
            }
            const QPointF origin = originOf(row, column);
            shown.cells[static_cast<size_t>(column)].paint(painter, origin, part, paint);
            before += static_cast<int>(text.size()) + 1;
        }
        if (row + 1 < rows())
            painter.fillRect(QRectF(0, top + shown.height - 1, m_lefts.back() - kGap / 2, 1),
                             row == 0 ? m_headLine : m_rowLine);
    }
}

int TableText::placeAt(QPointF point) const {
    if (m_lefts.empty() || rows() == 0) return 0;
    const int cell = rowAt(point.y()) * m_columns + columnAt(point.x());
    const qreal left = m_lefts[static_cast<size_t>(columnAt(point.x()))];
    return cell + (point.x() - left > innerWidth(columnAt(point.x())) / 2 ? 1 : 0);
}

QString TableText::textBetween(int begin, int end) const {
    QString text;
    for (int i = begin; i < end && i < length(); ++i) {
        text += app::plainText(m_cells.list[i]);
        if (i + 1 < end) text += QLatin1Char((i + 1) % std::max(1, m_columns) == 0 ? '\n' : '\t');
    }
    return text;
}

QString TableText::linkAt(QPointF point) const {
    if (m_lefts.empty() || rows() == 0) return {};
    const int row = rowAt(point.y()), column = columnAt(point.x());
    const Row& shown = m_rows[static_cast<size_t>(row)];
    return shown.cells.empty()
               ? QString()
               : shown.cells[static_cast<size_t>(column)].linkAt(point - originOf(row, column));
}

QString TableText::searched() const {
    QString text;
    for (const app::Prose& cell : m_cells.list) text += cell.text + QLatin1Char('\n');
    return text;
}

QRectF TableText::lineOf(int place) const {
    int cell = 0;
    for (; cell < length() && place > m_cells.list[cell].text.size(); ++cell)
        place -= static_cast<int>(m_cells.list[cell].text.size()) + 1;
    const auto row = static_cast<size_t>(cell / std::max(1, m_columns));
    return row + 1 < m_tops.size() ? QRectF(0, m_tops[row], width(), m_tops[row + 1] - m_tops[row]) : QRectF();
}

} // namespace ponder::ui
