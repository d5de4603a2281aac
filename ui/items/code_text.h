#pragma once
// The text of a code block, coloured, of which only the lines in view are laid out, so 5,000 lines cost what 50 do. Letters
// stand on the grid of a monospaced face. GUI thread.

#include <memory>

#include <QTextLayout>
#include <QUrl>

#include "app/highlight/highlighted_code.h"
#include "ui/items/selectable_paper.h"

namespace ponder::ui {

class CodeText : public ponder::ui::SelectablePaper {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QString code READ code WRITE setCode NOTIFY textChanged)
    Q_PROPERTY(QString language READ language WRITE setLanguage NOTIFY languageChanged)
    Q_PROPERTY(QString title READ title NOTIFY languageChanged)   // "C++"
    Q_PROPERTY(QString suffix READ suffix NOTIFY languageChanged) // of a file
    Q_PROPERTY(int lineCount READ lineCount NOTIFY textChanged)
    Q_PROPERTY(bool wrap MEMBER m_wrap NOTIFY styleChanged)
    Q_PROPERTY(qreal room MEMBER m_room NOTIFY styleChanged) // width that lines are wrapped in
    Q_PROPERTY(QColor keywordColor MEMBER m_keywordColor NOTIFY styleChanged)
    Q_PROPERTY(QColor literalColor MEMBER m_literalColor NOTIFY styleChanged)
    Q_PROPERTY(QColor commentColor MEMBER m_commentColor NOTIFY styleChanged)
public:
    explicit CodeText(QQuickItem* parent = nullptr) : SelectablePaper(parent) {}

    QString code() const { return m_code.text(); }
    void setCode(const QString& code);
    QString language() const { return m_language; }
    void setLanguage(const QString& language);
    QString title() const { return app::languageTitle(m_language); }
    QString suffix() const { return app::languageSuffix(m_language); }
    int lineCount() const { return m_code.lines(); }
    QString text() const override { return m_code.text(); }

    // Writes it into a file on another thread; savedTo() tells.
    Q_INVOKABLE void saveTo(const QUrl& file);

signals:
    void languageChanged();
    void savedTo(const QString& error); // "": it is there

protected:
    void componentComplete() override;
    void paintPart(QPainter& painter, const QRectF& part) override;
    void restyle() override;
    int length() const override { return static_cast<int>(m_code.text().size()); }
    int placeAt(QPointF point) const override;
    QString textBetween(int begin, int end) const override { return m_code.text().mid(begin, end - begin); }
    std::pair<int, int> wordAt(int place) const override;
    int placeBelow(int place, int lines) const override;
    QString searched() const override { return m_code.text(); }
    QRectF lineOf(int place) const override;

private:
    struct Piece { // what stands in one row of the picture
        int line = 0;
        qsizetype begin = 0, end = 0; // in the line
        qreal x = 0;
    };
    void measure(int firstLine);
    int wrapColumns() const;
    int rowCount() const { return m_rowStarts.empty() ? 0 : m_rowStarts.back(); }
    Piece pieceAt(int row, qreal left, qreal right) const;
    std::unique_ptr<QTextLayout> layOut(const Piece& piece) const;

    app::HighlightedCode m_code;
    QString m_language;
    bool m_wrap = false;
    qreal m_room = 600, m_letter = 8;
    QColor m_keywordColor, m_literalColor, m_commentColor;
    std::vector<int> m_columns;   // of each line
    std::vector<int> m_rowStarts; // of each line the row that it begins with, and the number of rows
    int m_widest = 0;             // columns
};

} // namespace ponder::ui
