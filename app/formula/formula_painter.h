#pragma once
// Paints formulas, on a picture or into a PDF, where they stay lines and letters. Any thread that may use the painter.

#include <QColor>
#include <QImage>

#include "app/formula/formula.h"

class QPainter;

namespace ponder::app {

// at: the left end of the baseline; em: the type size in pixels, kFormulaScale times that of the text around.
void paintFormula(QPainter& painter, const Formula& formula, QPointF at, double em, const QColor& ink);

// A transparent picture of it, baseline at height * em + 1 pixel from above.
QImage formulaImage(const Formula& formula, double em, const QColor& ink, double devicePixelRatio = 1);

} // namespace ponder::app
