#include "ui/items/hit_marks.h"

#include <algorithm>

#include <QAbstractTextDocumentLayout>
#include <QSyntaxHighlighter>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextLayout>

#include "ui/items/selectable_paper.h"

namespace ponder::ui {

// The state of a block is the number of hits up to its end.
class HitHighlighter : public QSyntaxHighlighter {
public:
    HitHighlighter(QTextDocument* document, const HitMarks& marks)
        : QSyntaxHighlighter(document), m_marks(marks) {}

protected:
    void highlightBlock(const QString& text) override {
        int ordinal = std::max(0, previousBlockState());
        const qsizetype length = m_marks.m_query.size();
        for (qsizetype at = length > 0 ? text.indexOf(m_marks.m_query, 0, Qt::CaseInsensitive) : -1; at >= 0;
             at = text.indexOf(m_marks.m_query, at + length, Qt::CaseInsensitive)) {
            QTextCharFormat format;
            format.setBackground(ordinal == m_marks.m_current ? m_marks.m_markCurrent : m_marks.m_mark);
            format.setForeground(m_marks.m_ink);
            setFormat(static_cast<int>(at), static_cast<int>(length), format);
            ++ordinal;
        }
        setCurrentBlockState(ordinal);
    }

private:
    const HitMarks& m_marks;
};

HitMarks::HitMarks(QObject* parent) : QObject(parent) {
    connect(this, &HitMarks::changed, this, &HitMarks::apply);
}

QTextDocument* HitMarks::document() const {
    if (!m_edit) return nullptr;
    auto* quick = m_edit->property("textDocument").value<QQuickTextDocument*>();
    return quick ? quick->textDocument() : nullptr;
}

void HitMarks::apply() {
    if (auto* paper = qobject_cast<SelectablePaper*>(m_edit.data()))
        return paper->setMarks(m_query, m_current, m_mark, m_markCurrent);
    if (m_query.isEmpty()) {
        if (m_highlighter) {
            m_highlighter->setDocument(nullptr); // takes its formats along
            m_highlighter->deleteLater();
            m_highlighter = nullptr;
        }
        return;
    }
    if (!m_highlighter && document()) m_highlighter = new HitHighlighter(document(), *this);
    if (m_highlighter) m_highlighter->rehighlight();
}

int HitMarks::count() const {
    if (const auto* paper = qobject_cast<SelectablePaper*>(m_edit.data())) return paper->markCount();
    const QTextDocument* text = document();
    return m_highlighter && text ? std::max(0, text->lastBlock().userState()) : 0;
}

QRectF HitMarks::lineIn(QQuickItem* item) const {
    if (auto* paper = qobject_cast<SelectablePaper*>(m_edit.data())) {
        const QRectF line = paper->currentMarkRect();
        return line.isEmpty() ? QRectF() : paper->mapRectToItem(item, line);
    }
    QTextDocument* text = document();
    if (!text || m_query.isEmpty() || m_current < 0) return {};
    int ordinal = 0;
    for (QTextBlock block = text->begin(); block.isValid(); block = block.next()) {
        const QString words = block.text();
        for (qsizetype at = words.indexOf(m_query, 0, Qt::CaseInsensitive); at >= 0;
             at = words.indexOf(m_query, at + m_query.size(), Qt::CaseInsensitive)) {
            if (ordinal++ != m_current) continue;
            const QRectF around = text->documentLayout()->blockBoundingRect(block);
            const QTextLine line = block.layout()->lineForTextPosition(static_cast<int>(at));
            if (!line.isValid()) return {};
            return m_edit->mapRectToItem(item, line.rect().translated(around.topLeft()));
        }
    }
    return {};
}

} // namespace ponder::ui
