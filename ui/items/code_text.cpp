#include "ui/items/code_text.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <QPointer>
#include <QSaveFile>
#include <QThreadPool>

namespace ponder::ui {

namespace {

constexpr int kTab = 4;               // columns
constexpr qsizetype kLongLine = 3000; // of a longer line only what is in view is laid out
constexpr qsizetype kBesides = 8;     // letters laid out on either side of that
constexpr int kNarrowest = 10;        // columns that lines are wrapped in

// Chinese, Japanese and Korean characters and most pictures take two columns.
bool isWide(char16_t unit) {
    return (unit >= 0x1100 && unit <= 0x115F) || (unit >= 0x2E80 && unit <= 0xA4CF) ||
           (unit >= 0xAC00 && unit <= 0xD7A3) || (unit >= 0xF900 && unit <= 0xFAFF) ||
           (unit >= 0xFE30 && unit <= 0xFE6F) || (unit >= 0xFF00 && unit <= 0xFF60) ||
           (unit >= 0xD83C && unit <= 0xD83E);
}

int columnsOf(QChar c, int at) {
    if (c == QLatin1Char('\t')) return kTab - at % kTab;
    if (c.isLowSurrogate() || c.category() == QChar::Mark_NonSpacing) return 0;
    return isWide(c.unicode()) ? 2 : 1;
}

// Where the row of a wrapped line that begins there ends.
qsizetype rowEnd(QStringView line, qsizetype begin, int columns) {
    int used = 0;
    qsizetype at = begin;
    for (; at < line.size(); ++at) {
        used += columnsOf(line[at], used);
        if (used > columns && at > begin) break;
    }
    return at;
}

} // namespace

void CodeText::setCode(const QString& code) {
    const int first = m_code.set(code, m_language);
    if (first == m_code.lines() && static_cast<size_t>(first) == m_columns.size()) return;
    measure(first);
    textIsOther();
}

void CodeText::setLanguage(const QString& language) {
    if (language == m_language) return;
    m_language = language;
    m_code.set(m_code.text(), language);
    repaint();
    emit languageChanged();
}

void CodeText::componentComplete() {
    SelectablePaper::componentComplete();
    restyle();
}

void CodeText::restyle() {
    m_letter = std::max<qreal>(1, QFontMetricsF(m_font).horizontalAdvance(QLatin1Char('0')));
    measure(0);
    repaint();
}

int CodeText::wrapColumns() const { return std::max(kNarrowest, static_cast<int>(m_room / m_letter)); }

// From that line on; the item below it is painted anew.
void CodeText::measure(int firstLine) {
    if (!isComponentComplete()) return;
    const int known = std::min({firstLine, static_cast<int>(m_columns.size()), m_code.lines()});
    m_columns.resize(static_cast<size_t>(known));
    m_rowStarts.resize(static_cast<size_t>(known) + 1, 0);
    if (known == 0) m_rowStarts = {0}, m_widest = 0;
    const int columns = wrapColumns();
    for (int line = known; line < m_code.lines(); ++line) {
        const QStringView text = m_code.line(line);
        int used = 0;
        for (const QChar c : text) used += columnsOf(c, used);
        m_columns.push_back(used);
        m_widest = std::max(m_widest, used);
        int rows = 1;
        if (m_wrap && used > columns) {
            rows = 0;
            for (qsizetype at = 0; at < text.size(); at = rowEnd(text, at, columns)) ++rows;
        }
        m_rowStarts.push_back(m_rowStarts.back() + rows);
    }
    setImplicitWidth(m_wrap ? m_room : std::ceil(m_widest * m_letter) + 2);
    setImplicitHeight(rowCount() * m_lineHeight);
    repaint(QRectF(0, m_rowStarts[static_cast<size_t>(known)] * m_lineHeight, 1e7, 1e7));
}

// left, right: what is to be seen of it.
CodeText::Piece CodeText::pieceAt(int row, qreal left, qreal right) const {
    row = std::clamp(row, 0, std::max(0, rowCount() - 1));
    const auto next = std::upper_bound(m_rowStarts.begin(), m_rowStarts.end(), row);
    Piece piece;
    piece.line = std::max(0, static_cast<int>(next - m_rowStarts.begin()) - 1);
    const QStringView line = m_code.line(piece.line);
    piece.end = line.size();
    if (m_wrap) {
        for (int i = m_rowStarts[static_cast<size_t>(piece.line)]; i < row; ++i)
            piece.begin = rowEnd(line, piece.begin, wrapColumns());
        piece.end = rowEnd(line, piece.begin, wrapColumns());
    } else if (line.size() > kLongLine) {
        piece.begin =
            std::clamp<qsizetype>(static_cast<qsizetype>(left / m_letter) - kBesides, 0, line.size());
        piece.end = std::clamp<qsizetype>(static_cast<qsizetype>(right / m_letter) + kBesides, piece.begin,
                                          line.size());
        piece.x = static_cast<qreal>(piece.begin) * m_letter;
    }
    return piece;
}

std::unique_ptr<QTextLayout> CodeText::layOut(const Piece& piece) const {
    QString text = m_code.line(piece.line).mid(piece.begin, piece.end - piece.begin).toString();
    for (QChar& c : text)
        if (c.unicode() < 0x20 && c != QLatin1Char('\t')) c = QChar(QChar::ReplacementCharacter);
    QFont font = m_font;
    font.setStyleStrategy(QFont::PreferNoShaping); // "==" is two characters, not a drawing of them joined
    auto layout = std::make_unique<QTextLayout>(text, font);
    QTextOption option;
    option.setWrapMode(QTextOption::NoWrap);
    option.setTabStopDistance(kTab * m_letter);
    option.setTextDirection(Qt::LeftToRight); // code is, whatever its comments say
    layout->setTextOption(option);
    layout->beginLayout();
    QTextLine line = layout->createLine();
    if (line.isValid()) {
        line.setLineWidth(1e7);
        line.setPosition(QPointF(0, std::round((m_lineHeight - line.height()) / 2)));
    }
    layout->endLayout();
    return layout;
}

void CodeText::paintPart(QPainter& painter, const QRectF& part) {
    if (m_rowStarts.size() < 2) return;
    const int last = std::min(rowCount() - 1, static_cast<int>(part.bottom() / m_lineHeight));
    for (int row = std::max(0, static_cast<int>(part.top() / m_lineHeight)); row <= last; ++row) {
        const Piece piece = pieceAt(row, part.left(), part.right());
        QList<QTextLayout::FormatRange> ranges;
        const auto add = [&](qsizetype begin, qsizetype end, const QColor& ink, const QColor& behind) {
            begin = std::max(begin, piece.begin) - piece.begin;
            end = std::min(end, piece.end) - piece.begin;
            if (end <= begin) return;
            QTextLayout::FormatRange range;
            range.start = static_cast<int>(begin);
            range.length = static_cast<int>(end - begin);
            if (ink.isValid()) range.format.setForeground(ink);
            if (behind.isValid()) range.format.setBackground(behind);
            ranges.append(range);
        };
        for (const app::CodeToken& token : m_code.tokens(piece.line))
            add(token.start, token.start + token.length,
                token.kind == app::TokenKind::Keyword   ? m_keywordColor
                : token.kind == app::TokenKind::Comment ? m_commentColor
                                                        : m_literalColor,
                {});
        const auto start = static_cast<int>(m_code.lineStart(piece.line));
        for (const Mark& mark : marksWithin(start, start + static_cast<int>(m_code.line(piece.line).size())))
            add(mark.start, mark.start + mark.length, m_color, mark.colour);
        add(selectionStart() - start, selectionEnd() - start, m_selectedTextColor, m_selectionColor);
        painter.setPen(m_color);
        layOut(piece)->draw(&painter, QPointF(piece.x, row * m_lineHeight), ranges,
                            part.adjusted(-m_letter, -m_lineHeight, m_letter, m_lineHeight));
    }
}

int CodeText::placeAt(QPointF point) const {
    if (rowCount() == 0) return 0;
    if (point.y() < 0) return 0;
    if (point.y() >= rowCount() * m_lineHeight) return length();
    const Piece piece = pieceAt(static_cast<int>(point.y() / m_lineHeight), point.x() - 50, point.x() + 50);
    const auto layout = layOut(piece);
    const int inside = layout->lineCount() > 0 ? layout->lineAt(0).xToCursor(point.x() - piece.x) : 0;
    return static_cast<int>(m_code.lineStart(piece.line) + piece.begin) + inside;
}

std::pair<int, int> CodeText::wordAt(int place) const {
    const QString& text = m_code.text();
    const auto isWord = [&](int at) {
        const QChar c = text[at];
        return c.isLetterOrNumber() || c == QLatin1Char('_') || c.isSurrogate();
    };
    int begin = std::clamp(place, 0, length()), end = begin;
    while (begin > 0 && isWord(begin - 1)) --begin;
    while (end < length() && isWord(end)) ++end;
    return {begin, begin == end ? std::min(end + 1, length()) : end};
}

int CodeText::placeBelow(int place, int lines) const {
    const int line = m_code.lineOf(place);
    const int to = line + lines;
    if (to < 0) return 0;
    if (to >= m_code.lines()) return length();
    const qsizetype column = place - m_code.lineStart(line);
    return static_cast<int>(m_code.lineStart(to) + std::min(column, m_code.line(to).size()));
}

QRectF CodeText::lineOf(int place) const {
    const auto line = static_cast<size_t>(m_code.lineOf(place));
    if (line + 1 >= m_rowStarts.size()) return {};
    return {0, m_rowStarts[line] * m_lineHeight, width(),
            (m_rowStarts[line + 1] - m_rowStarts[line]) * m_lineHeight};
}

void CodeText::saveTo(const QUrl& file) {
    const QPointer<CodeText> self(this);
    QThreadPool::globalInstance()->start([self, path = file.toLocalFile(), text = m_code.text(), app = qApp] {
        QSaveFile out(path);
        const QByteArray bytes = text.toUtf8() + '\n';
        const bool ok = out.open(QIODevice::WriteOnly) && out.write(bytes) == bytes.size() && out.commit();
        const QString error = ok ? QString() : tr("%1 could not be written: %2").arg(path, out.errorString());
        QMetaObject::invokeMethod(app, [self, error] {
            if (self) emit self->savedTo(error);
        });
    });
}

} // namespace ponder::ui
