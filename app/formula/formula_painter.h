#pragma once
// Paints formulas, in the window or into a PDF, where they stay lines and letters. Any thread that may use the painter.

#include <QColor>

#include "app/formula/formula.h"

class QPainter;

namespace ponder::app {

// at: the left end of the baseline; em: the type size in pixels, kFormulaScale times that of the text around.
void paintFormula(QPainter& painter, const Formula& formula, QPointF at, double em, const QColor& ink);

} // namespace ponder::app
