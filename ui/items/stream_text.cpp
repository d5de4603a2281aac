#include "ui/items/stream_text.h"

#include <cmath>

#include <QAbstractTextDocumentLayout>
#include <QTextBlock>
#include <QTextBlockFormat>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextLayout>

namespace ponder::ui {

namespace {

constexpr qreal kBeforeCaret = 0.4; // of its width, between the text and it

}

void StreamText::setDocument(QQuickTextDocument* document) {
    if (document == m_document) return;
    m_document = document;
    if (m_document)
        connect(m_document->textDocument()->documentLayout(),
                &QAbstractTextDocumentLayout::documentSizeChanged, this, &StreamText::placeCaret);
    if (!m_text.isEmpty()) set(m_text);
    emit documentChanged();
}

void StreamText::setLineHeight(qreal height) {
    if (height == m_lineHeight) return;
    m_lineHeight = height;
    if (m_document && !m_document->textDocument()->isEmpty()) {
        QTextCursor cursor(m_document->textDocument());
        cursor.select(QTextCursor::Document);
        QTextBlockFormat format;
        format.setLineHeight(m_lineHeight, QTextBlockFormat::FixedHeight);
        cursor.mergeBlockFormat(format);
    }
    emit formatChanged();
}

void StreamText::setText(const QString& text) {
    if (text == m_text) return;
    if (!m_text.isEmpty() && text.startsWith(m_text))
        append(text.mid(m_text.size()));
    else
        set(text);
    m_text = text;
    emit textChanged();
}

void StreamText::set(const QString& text) {
    if (!m_document) return;
    QTextDocument* document = m_document->textDocument();
    document->setUndoRedoEnabled(false);
    document->clear();
    m_atBreak = true; // nor do breaks at the beginning
    insert(text);
    placeCaret();
}

void StreamText::append(const QString& more) {
    if (!m_document) return;
    insert(more);
    if (m_limit > 0 && m_document->textDocument()->characterCount() > m_limit) dropBeginning();
    placeCaret();
}

void StreamText::setTranscript(app::ChatModel* transcript) {
    if (transcript == m_transcript) return;
    if (m_transcript) m_transcript->disconnect(this);
    m_transcript = transcript;
    if (m_transcript)
        connect(m_transcript, &app::ChatModel::thoughtGrew, this, [this](qint64 message, const QString& more) {
            if (static_cast<double>(message) == m_message) append(more);
        });
    emit sourceChanged();
}

void StreamText::setCaret(QQuickItem* caret) {
    if (caret == m_caret) return;
    if (m_caret) m_caret->disconnect(this);
    m_caret = caret;
    if (m_caret) {
        connect(m_caret, &QQuickItem::visibleChanged, this, &StreamText::placeCaret);
        connect(m_caret, &QQuickItem::heightChanged, this, &StreamText::placeCaret);
    }
    placeCaret();
    emit caretChanged();
}

void StreamText::placeCaret() {
    if (!m_document || !m_caret || !m_caret->isVisible()) return;
    const QTextDocument* document = m_document->textDocument();
    const QTextBlock block = document->lastBlock();
    const QPointF corner = document->documentLayout()->blockBoundingRect(block).topLeft(); // lays it out
    const int last = block.length() - 1;
    const QTextLine line = block.layout()->lineForTextPosition(last);
    const QPointF end = line.isValid() ? QPointF(line.cursorToX(last), line.y()) : QPointF();
    const QPointF within(kBeforeCaret * m_caret->width(), (m_lineHeight - m_caret->height()) / 2);
    m_caret->setPosition(corner + end + QPointF(std::round(within.x()), std::round(within.y())));
}

void StreamText::dropBeginning() {
    QTextDocument* document = m_document->textDocument();
    QTextBlock block = document->begin();
    const int end = document->characterCount() - m_limit / 2;
    while (block.next().isValid() && block.next().position() <= end) block = block.next();
    if (block == document->begin()) return; // one paragraph; the next break is not far
    QTextCursor cursor(document);
    cursor.setPosition(block.position(), QTextCursor::KeepAnchor);
    cursor.removeSelectedText();
}

void StreamText::insert(const QString& text) {
    QTextCursor cursor(m_document->textDocument());
    cursor.movePosition(QTextCursor::End);
    QTextBlockFormat format;
    format.setLineHeight(m_lineHeight, QTextBlockFormat::FixedHeight);
    format.setBottomMargin(m_paragraphGap);
    cursor.beginEditBlock();
    if (cursor.atStart()) cursor.setBlockFormat(format);
    qsizetype begin = 0;
    for (;;) {
        const qsizetype end = text.indexOf(QLatin1Char('\n'), begin);
        const QString part = text.mid(begin, end < 0 ? -1 : end - begin);
        if (!part.isEmpty()) {
            // The break is made when something follows it, so an empty paragraph never stands at the end.
            if (m_atBreak && !cursor.atStart()) cursor.insertBlock(format);
            cursor.insertText(part);
            m_atBreak = false;
        }
        if (end < 0) break;
        m_atBreak = true;
        begin = end + 1;
    }
    cursor.endEditBlock();
}

} // namespace ponder::ui
