#include "app/formula/formula_style.h"

#include <array>
#include <optional>

#include <QColor>
#include <QHash>

namespace ponder::app::katex {

namespace {

// Type sizes 1 to 11 of KaTeX's style sheet, of which 6 is the normal one.
constexpr std::array kSizes{0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.44, 1.728, 2.074, 2.488};

// What the style sheet says of typefaces, a class a row.
struct FaceClass {
    std::optional<Family> family;
    std::optional<bool> bold, italic;
};

const QHash<QString, FaceClass>& faceClasses() {
    static const QHash<QString, FaceClass> all{
        {"textbf", {{}, true, {}}},
        {"textit", {{}, {}, true}},
        {"textrm", {Family::Main, {}, {}}},
        {"textsf", {Family::SansSerif, {}, {}}},
        {"texttt", {Family::Typewriter, {}, {}}},
        {"mathnormal", {Family::Math, {}, true}},
        {"mathit", {Family::Main, {}, true}},
        {"mathrm", {{}, {}, false}},
        {"mathbf", {Family::Main, true, {}}},
        {"boldsymbol", {Family::Math, true, true}},
        {"amsrm", {Family::Ams, {}, {}}},
        {"mathbb", {Family::Ams, {}, {}}},
        {"textbb", {Family::Ams, {}, {}}},
        {"mathcal", {Family::Caligraphic, {}, {}}},
        {"mathfrak", {Family::Fraktur, {}, {}}},
        {"textfrak", {Family::Fraktur, {}, {}}},
        {"mathtt", {Family::Typewriter, {}, {}}},
        {"mathscr", {Family::Script, {}, {}}},
        {"textscr", {Family::Script, {}, {}}},
        {"mathsf", {Family::SansSerif, {}, {}}},
        {"mathboldsf", {Family::SansSerif, true, {}}},
        {"textboldsf", {Family::SansSerif, true, {}}},
        {"mathitsf", {Family::SansSerif, {}, true}},
        {"textitsf", {Family::SansSerif, {}, true}},
        {"mainrm", {Family::Main, {}, false}},
        {"small-op", {Family::Size1, {}, {}}},
        {"large-op", {Family::Size2, {}, {}}},
        {"delim-size1", {Family::Size1, {}, {}}},
        {"delim-size4", {Family::Size4, {}, {}}},
    };
    return all;
}

const QHash<QString, SpaceClass>& spaceClasses() {
    static const QHash<QString, SpaceClass> all{
        {"boxpad", {0.3, 0.3}},     {"x-arrow-pad", {0.5, 0.5}},  {"cd-arrow-pad", {0.27778, 0.55556}},
        {"cancel-pad", {0.2, 0.2}}, {"cancel-lap", {-0.2, -0.2}}, {"anglpad", {0.03889, 0.03889}},
    };
    return all;
}

int sizeAfter(const QStringList& classes, const QString& prefix) {
    for (const QString& name : classes) {
        bool ok = false;
        if (const int size = name.startsWith(prefix) ? name.mid(prefix.size()).toInt(&ok) : 0; ok)
            return std::clamp(size, 1, static_cast<int>(kSizes.size()));
    }
    return 0;
}

} // namespace

FormulaFace faceOf(const Context& context) {
    const bool bold = context.bold, italic = context.italic;
    switch (context.family) {
    case Family::Main:
        return bold ? (italic ? FormulaFace::MainBoldItalic : FormulaFace::MainBold)
                    : (italic ? FormulaFace::MainItalic : FormulaFace::MainRegular);
    case Family::Math:
        return bold ? FormulaFace::MathBoldItalic : FormulaFace::MathItalic;
    case Family::Ams:
        return FormulaFace::Ams;
    case Family::Caligraphic:
        return bold ? FormulaFace::CaligraphicBold : FormulaFace::Caligraphic;
    case Family::Fraktur:
        return bold ? FormulaFace::FrakturBold : FormulaFace::Fraktur;
    case Family::SansSerif:
        return bold     ? FormulaFace::SansSerifBold
               : italic ? FormulaFace::SansSerifItalic
                        : FormulaFace::SansSerif;
    case Family::Script:
        return FormulaFace::Script;
    case Family::Typewriter:
        return FormulaFace::Typewriter;
    case Family::Size1:
        return FormulaFace::Size1;
    case Family::Size2:
        return FormulaFace::Size2;
    case Family::Size3:
        return FormulaFace::Size3;
    case Family::Size4:
        return FormulaFace::Size4;
    }
    return FormulaFace::MainRegular;
}

QRgb colourFrom(const QString& name) {
    if (name == QLatin1String("transparent")) return kTransparent;
    const QColor colour(name);
    return colour.isValid() ? colour.rgba() : 0;
}

SpaceClass spaceOf(const Node& node) {
    SpaceClass all;
    for (const QString& name : node.classes) {
        const auto space = spaceClasses().constFind(name);
        if (space == spaceClasses().constEnd()) continue;
        all.left += space->left;
        all.right += space->right;
    }
    return all;
}

void enter(const Node& node, Context& context) {
    for (const QString& name : node.classes) {
        const auto face = faceClasses().constFind(name);
        if (face == faceClasses().constEnd()) continue;
        if (face->family) context.family = *face->family;
        if (face->bold) context.bold = *face->bold;
        if (face->italic) context.italic = *face->italic;
    }
    if (node.is("delimsizing")) {
        switch (sizeAfter(node.classes, QStringLiteral("size"))) {
        case 1:
            context.family = Family::Size1;
            break;
        case 2:
            context.family = Family::Size2;
            break;
        case 3:
            context.family = Family::Size3;
            break;
        case 4:
            context.family = Family::Size4;
            break;
        default:
            break;
        }
    } else if (node.is("sizing") || node.is("fontsize-ensurer")) {
        const int from = sizeAfter(node.classes, QStringLiteral("reset-size"));
        const int to = sizeAfter(node.classes, QStringLiteral("size"));
        if (from > 0 && to > 0)
            context.em *= kSizes[static_cast<size_t>(to - 1)] / kSizes[static_cast<size_t>(from - 1)];
    }
    if (node.has("color")) context.colour = colourFrom(node.text("color"));
    if (node.is("mfrac") || node.is("op-limits") || node.is("accent") || node.is("x-arrow") ||
        node.is("mover") || node.is("munder") || node.is("col-align-c"))
        context.align = Align::Centre;
    if (node.is("msupsub") || node.is("svg-align") || node.is("col-align-l")) context.align = Align::Left;
    if (node.is("col-align-r")) context.align = Align::Right;
}

} // namespace ponder::app::katex
