#pragma once
// Running text with formulas in its lines: laid out in a given width, every formula on the baseline. What a paragraph and a
// cell of a table have in common. GUI thread, or a thread that the GUI thread waits for.

#include <functional>
#include <memory>

#include <QColor>
#include <QFont>
#include <QTextDocument>
#include <QTextLayout>

#include "app/formula/formula.h"
#include "app/markdown/block.h"

namespace ponder::ui {

struct ProseStyle {
    QFont font;
    QString mono; // family of code
    qreal lineHeight = 26;
    QColor text, link, code; // code: behind it
    Qt::Alignment align = Qt::AlignLeft;
    bool operator==(const ProseStyle&) const = default;
};

class ProseLayout;

class ProseFlow {
public:
    using FindFormula = std::function<std::shared_ptr<const app::Formula>(const QString& tex)>;

    ProseFlow();
    ~ProseFlow();
    ProseFlow(ProseFlow&&) noexcept;
    ProseFlow& operator=(ProseFlow&&) noexcept;

    // Gives false while some of its formulas are still being computed; then set it again later.
    bool set(const app::Prose& prose, const ProseStyle& style, const FindFormula& find);
    void layOut(qreal width);

    qreal height() const { return m_height; }
    qreal rise() const;         // that the first line is lower than one that only has text
    qreal naturalWidth() const; // without any line broken

    // Places are characters of the prose, however its formulas are shown.
    int placeAt(QPointF point) const;
    QString linkAt(QPointF point) const;
    QRectF placeRect(int place) const;

    struct Paint {
        struct Mark {
            int start = 0, length = 0;
            QColor background;
        };
        QList<Mark> marks; // below the selection
        int selectionStart = 0, selectionEnd = 0;
        QColor selection, selectedText;
    };
    void paint(QPainter& painter, QPointF at, const QRectF& clip, const Paint& paint) const;

private:
    struct Expansion { // a formula that is shown as it was written
        int place = 0, length = 0;
    };
    int toDocument(int place) const;
    int toPlace(int position) const;

    std::unique_ptr<QTextDocument> m_document;
    ProseLayout* m_layout = nullptr; // the document's
    app::Prose m_prose;
    ProseStyle m_style;
    QList<Expansion> m_expansions;
    qreal m_height = 0;
};

} // namespace ponder::ui
