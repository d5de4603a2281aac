#pragma once
// How a document of one paragraph is laid out when formulas stand in its lines: Qt's own layout puts every object on top of
// the baseline, so it cannot say that half of a fraction hangs below it. GUI thread.

#include <memory>
#include <vector>

#include <QAbstractTextDocumentLayout>
#include <QColor>

#include "app/formula/formula.h"

namespace ponder::ui {

class ProseLayout : public QAbstractTextDocumentLayout {
    Q_OBJECT
public:
    static constexpr int kFormulaProperty = 0x100100; // index of a formula, in the format of its character

    explicit ProseLayout(QTextDocument* document) : QAbstractTextDocumentLayout(document) {}

    struct Inline {
        std::shared_ptr<const app::Formula> formula; // null: not there yet
        double waitingWidth = 0;                     // px, until it is
        double scale = 1;                            // less than 1 where it would be wider than the line
    };
    std::vector<Inline> formulas;
    double em = 16; // px
    QColor text;
    qreal width = 0;
    qreal rise = 0; // px that the first line stands lower than one that only has text

    qreal layOut(qreal lineWidth, qreal lineHeight, Qt::Alignment align); // gives its height

    void draw(QPainter*, const PaintContext&) override {}
    int hitTest(const QPointF&, Qt::HitTestAccuracy) const override { return -1; }
    int pageCount() const override { return 1; }
    QSizeF documentSize() const override { return {width, 0}; }
    QRectF frameBoundingRect(QTextFrame*) const override { return {}; }
    QRectF blockBoundingRect(const QTextBlock&) const override { return {}; }

protected:
    void documentChanged(int, int, int) override {}
    void resizeInlineObject(QTextInlineObject item, int position, const QTextFormat& format) override;
    void positionInlineObject(QTextInlineObject, int, const QTextFormat&) override {}
    void drawInlineObject(QPainter* painter, const QRectF& rect, QTextInlineObject object, int position,
                          const QTextFormat& format) override;

private:
    Inline* of(const QTextFormat& format);
};

} // namespace ponder::ui
