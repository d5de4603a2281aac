#pragma once
// A formula ready to be painted at any size: what stands where, in em of its own type size. Immutable once made, so any
// number of threads may paint it.

#include <vector>

#include <QPainterPath>
#include <QRectF>
#include <QRgb>
#include <QString>

namespace ponder::app {

// The faces that KaTeX sets formulas with.
enum class FormulaFace : quint8 {
    MainRegular,
    MainItalic,
    MainBold,
    MainBoldItalic,
    MathItalic,
    MathBoldItalic,
    Ams,
    Caligraphic,
    CaligraphicBold,
    Fraktur,
    FrakturBold,
    SansSerif,
    SansSerifItalic,
    SansSerifBold,
    Script,
    Typewriter,
    Size1,
    Size2,
    Size3,
    Size4,
    System, // for characters that none of the others has
};

struct FormulaGlyph {
    FormulaFace face = FormulaFace::MainRegular;
    char32_t character = 0;
    double x = 0, y = 0; // of its origin; y grows downwards, 0 is the baseline
    double size = 1;
    QRgb colour = 0; // 0: that of the text
};

struct FormulaRule {
    QRectF area;
    QRgb colour = 0;
};

struct FormulaShape {
    QPainterPath path;
    QRectF clip;
    double stroke = 0; // width of its line; 0: it is filled
    QRgb colour = 0;
};

struct Formula {
    double width = 0, height = 0, depth = 0; // height: above the baseline, depth: below
    std::vector<FormulaRule> fills;          // behind everything
    std::vector<FormulaRule> rules;
    std::vector<FormulaShape> shapes;
    std::vector<FormulaGlyph> glyphs;
    QString error; // why there is nothing to paint; then the source is shown
};

// KaTeX sets a formula a little larger than the text around it, as its letters are smaller.
constexpr double kFormulaScale = 1.21;

} // namespace ponder::app
