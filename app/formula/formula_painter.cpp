#include "app/formula/formula_painter.h"

#include <algorithm>
#include <cmath>

#include <QGlyphRun>
#include <QPainter>

#include "app/formula/formula_fonts.h"

namespace ponder::app {

namespace {

QColor colourOf(QRgb own, const QColor& ink) { return own == 0 ? ink : QColor::fromRgba(own); }

// Rules are at least one device pixel thick and begin on a whole one, so that those of equal thickness look equal.
void paintRule(QPainter& painter, const FormulaRule& rule, double em, const QColor& ink) {
    const double pixel =
        1 / std::max(0.1, painter.worldTransform().m22() * painter.device()->devicePixelRatioF());
    QRectF area(rule.area.x() * em, rule.area.y() * em, rule.area.width() * em, rule.area.height() * em);
    const QTransform transform = painter.worldTransform();
    const double scale = painter.device()->devicePixelRatioF();
    const auto snap = [&](double& begin, double& length, double origin, double factor) {
        length = std::max(pixel, std::round(length / pixel) * pixel);
        begin = (std::round((begin * factor + origin) * scale) / scale - origin) / factor;
    };
    double x = area.x(), y = area.y(), width = area.width(), height = area.height();
    if (height < width)
        snap(y, height, transform.dy(), transform.m22());
    else
        snap(x, width, transform.dx(), transform.m11());
    painter.fillRect(QRectF(x, y, width, height), colourOf(rule.colour, ink));
}

} // namespace

void paintFormula(QPainter& painter, const Formula& formula, QPointF at, double em, const QColor& ink) {
    painter.save();
    painter.translate(at);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    for (const FormulaRule& fill : formula.fills)
        painter.fillRect(QRectF(fill.area.topLeft() * em, fill.area.size() * em), colourOf(fill.colour, ink));
    for (const FormulaRule& rule : formula.rules) paintRule(painter, rule, em, ink);
    for (const FormulaShape& shape : formula.shapes) {
        painter.save();
        painter.scale(em, em);
        if (!shape.clip.isNull()) painter.setClipRect(shape.clip, Qt::IntersectClip);
        const QColor colour = colourOf(shape.colour, ink);
        if (shape.stroke > 0)
            painter.strokePath(shape.path, QPen(colour, shape.stroke));
        else
            painter.fillPath(shape.path, colour);
        painter.restore();
    }
    for (const FormulaGlyph& glyph : formula.glyphs) {
        painter.setPen(colourOf(glyph.colour, ink));
        const QPointF origin(glyph.x * em, glyph.y * em);
        if (glyph.face == FormulaFace::System) {
            QFont font = painter.font();
            font.setPixelSize(std::max(1, static_cast<int>(std::lround(glyph.size * em))));
            painter.setFont(font);
            painter.drawText(origin, QString::fromUcs4(&glyph.character, 1));
            continue;
        }
        QGlyphRun run;
        run.setRawFont(formulaFont(glyph.face, glyph.size * em));
        run.setGlyphIndexes({glyphOf(glyph.face, glyph.character)});
        run.setPositions({QPointF(0, 0)});
        painter.drawGlyphRun(origin, run);
    }
    painter.restore();
}

} // namespace ponder::app
