#pragma once
// KaTeX's typefaces, which are built into the program. Each thread has its own (Qt's raw fonts belong to one).

#include <QRawFont>

#include "app/formula/formula.h"

namespace ponder::app {

// The face at a size in pixels; at most a few hundred are kept. Invalid for FormulaFace::System.
const QRawFont& formulaFont(FormulaFace face, double pixelSize);

// 0: the face does not have the character.
quint32 glyphOf(FormulaFace face, char32_t character);

// Width of a character in em.
double advanceOf(FormulaFace face, char32_t character);

// Whether the program was built with KaTeX. Without it formulas are shown as they were written.
bool hasKatex();
Formula noKatex(); // what every formula is in such a build

} // namespace ponder::app
