#pragma once
// The boxes that KaTeX makes of a formula, and what its style sheet says of them: typefaces, sizes, colours, spaces. Values;
// any thread.

#include <algorithm>
#include <cmath>

#include <QJsonArray>
#include <QJsonObject>
#include <QStringList>

#include "app/formula/formula.h"

namespace ponder::app::katex {

constexpr double kAnyWidth = -1;
constexpr QRgb kTransparent = 0x00000001; // a phantom: not 0, which is the colour of the text

enum class Family {
    Main,
    Math,
    Ams,
    Caligraphic,
    Fraktur,
    SansSerif,
    Script,
    Typewriter,
    Size1,
    Size2,
    Size3,
    Size4
};
enum class Align { Left, Centre, Right };

// What a box hands down to those inside of it.
struct Context {
    double em = 1; // its type size in em of the formula
    Family family = Family::Main;
    bool bold = false, italic = false;
    Align align = Align::Left;
    QRgb colour = 0;
    double width = kAnyWidth; // of the column it stands in, where that is known
};

// One box of the tree.
struct Node {
    explicit Node(const QJsonObject& object) : json(object) {
        for (const QJsonValue& name : object[QStringLiteral("c")].toArray())
            classes += name.toString().split(QLatin1Char(' '), Qt::SkipEmptyParts);
        style = object[QStringLiteral("s")].toObject();
    }

    bool is(const char* name) const { return classes.contains(QLatin1String(name)); }
    QJsonArray children() const { return json[QStringLiteral("k")].toArray(); }
    bool has(const char* name) const { return style.contains(QLatin1String(name)); }
    QString text(const char* name) const { return style[QLatin1String(name)].toString(); }

    // A length in the type size of the box; "0 -0.02em" is that of its left and right margin.
    double em(const char* name, double otherwise = 0) const {
        const QString value = text(name);
        const QString last = value.section(QLatin1Char(' '), -1);
        if (!last.endsWith(QLatin1String("em"))) return otherwise;
        bool ok = false;
        const double length = last.chopped(2).toDouble(&ok);
        return ok && std::isfinite(length) ? std::clamp(length, -1000.0, 1000.0) : otherwise;
    }

    QJsonObject json;
    QStringList classes;
    QJsonObject style;
};

// Padding and margins that the style sheet gives to classes, left and right, in em.
struct SpaceClass {
    double left = 0, right = 0;
};

FormulaFace faceOf(const Context& context);
QRgb colourFrom(const QString& name); // 0: it is none
SpaceClass spaceOf(const Node& node);
void enter(const Node& node, Context& context); // what the box changes for those inside of it

} // namespace ponder::app::katex
