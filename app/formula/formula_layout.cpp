#include "app/formula/formula_layout.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include <QColor>
#include <QHash>
#include <QJsonArray>
#include <QRegularExpression>
#include <QStringList>

#include "app/formula/formula_fonts.h"
#include "app/formula/svg_path.h"

namespace ponder::app {

namespace {

constexpr double kAnyWidth = -1;
constexpr double kRule = 0.04;            // em, KaTeX's default thickness of a rule
constexpr double kTagGap = 2;             // em, before the number of an equation
constexpr double kLineGap = 0.3;          // em, between lines broken with \\ at the top
constexpr QRgb kTransparent = 0x00000001; // a phantom: not 0, which is the colour of the text

// Type sizes 1 to 11 of KaTeX's style sheet, of which 6 is the normal one.
constexpr std::array kSizes{0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.44, 1.728, 2.074, 2.488};

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
    bool inMult = false;      // within a delimiter that is made of parts
};

// Something laid out, its origin at the left end of its baseline.
struct Box {
    Formula ink;
    double width = 0;
    bool fills = false; // wants to be as wide as its column

    void add(Box&& other, double dx, double dy) {
        const auto move = [&](auto& to, auto& from, auto shift) {
            for (auto& item : from) {
                shift(item);
                to.push_back(std::move(item));
            }
        };
        const auto moveRule = [&](FormulaRule& rule) { rule.area.translate(dx, dy); };
        move(ink.fills, other.ink.fills, moveRule);
        move(ink.rules, other.ink.rules, moveRule);
        move(ink.glyphs, other.ink.glyphs, [&](FormulaGlyph& glyph) {
            glyph.x += dx;
            glyph.y += dy;
        });
        move(ink.shapes, other.ink.shapes, [&](FormulaShape& shape) {
            shape.path.translate(dx, dy);
            shape.clip.translate(dx, dy);
        });
        fills = fills || other.fills;
    }
};

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

// Padding and margins that the style sheet gives to classes, left and right, in em.
struct SpaceClass {
    double left = 0, right = 0;
};

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

QRgb colourFrom(const QString& name) {
    if (name == QLatin1String("transparent")) return kTransparent;
    const QColor colour(name);
    return colour.isValid() ? colour.rgba() : 0;
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
        context.inMult = node.is("mult");
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

Box layOutNode(const Node& node, Context context);

void addRule(Box& box, QRectF area, QRgb colour) {
    if (colour != kTransparent) box.ink.rules.push_back({area, colour});
}

Box symbol(const Node& node, const Context& context) {
    Box box;
    const FormulaFace wanted = faceOf(context);
    for (const char32_t character : node.json[QStringLiteral("t")].toString().toUcs4()) {
        if (character == 0x200B || character == 0x2061) continue; // takes no room
        FormulaFace face = wanted;
        if (glyphOf(face, character) == 0) {
            face = glyphOf(FormulaFace::MainRegular, character) != 0 ? FormulaFace::MainRegular
                   : glyphOf(FormulaFace::Ams, character) != 0       ? FormulaFace::Ams
                                                                     : FormulaFace::System;
        }
        if (context.colour != kTransparent)
            box.ink.glyphs.push_back({face, character, box.width, 0, context.em, context.colour});
        box.width += advanceOf(face, character) * context.em;
    }
    box.width += node.json[QStringLiteral("i")].toDouble() * context.em;
    return box;
}

// An attribute of a picture: KaTeX writes them between single quotes.
QString attribute(const QString& markup, const QString& name) {
    const qsizetype at = markup.indexOf(QLatin1Char(' ') + name + QLatin1String("='"));
    if (at < 0) return {};
    const qsizetype begin = at + name.size() + 3;
    return markup.mid(begin, markup.indexOf(QLatin1Char('\''), begin) - begin);
}

double lengthOf(const QString& value, double whole, double em) {
    if (value.endsWith(QLatin1Char('%'))) return whole * value.chopped(1).toDouble() / 100;
    if (value.endsWith(QLatin1String("em"))) return value.chopped(2).toDouble() * em;
    return value.toDouble() * em;
}

// A picture that stands on the baseline, as wide as given: part of a root, a brace, an arrow, a tall delimiter.
Box picture(const QString& markup, double width, double height, const Context& context) {
    Box box;
    box.width = width;
    if (context.colour == kTransparent) return box;
    const QRectF area(0, -height, width, height);
    const QStringList view = attribute(markup, QStringLiteral("viewBox")).split(QLatin1Char(' '));
    const QString keep = attribute(markup, QStringLiteral("preserveAspectRatio"));
    double scaleX = 1, scaleY = 1, dx = 0;
    if (view.size() == 4 && view[2].toDouble() > 0 && view[3].toDouble() > 0) {
        scaleX = width / view[2].toDouble();
        scaleY = height / view[3].toDouble();
        if (keep != QLatin1String("none"))
            scaleX = scaleY =
                keep.contains(QLatin1String("slice")) ? std::max(scaleX, scaleY) : std::min(scaleX, scaleY);
        const double over = width - view[2].toDouble() * scaleX;
        dx = keep.startsWith(QLatin1String("xMin"))   ? 0
             : keep.startsWith(QLatin1String("xMax")) ? over
                                                      : over / 2;
    }
    static const QRegularExpression path(QStringLiteral("<path d='([^']*)'"));
    for (auto found = path.globalMatch(markup); found.hasNext();) {
        QTransform transform;
        transform.translate(dx, -height);
        transform.scale(scaleX, scaleY);
        box.ink.shapes.push_back({transform.map(svgPath(found.next().captured(1))), area, 0, context.colour});
    }
    static const QRegularExpression line(QStringLiteral("<line [^>]*>"));
    for (auto found = line.globalMatch(markup); found.hasNext();) {
        const QString tag = found.next().captured();
        const auto x = [&](const char* name) {
            return lengthOf(attribute(tag, QLatin1String(name)), width, context.em);
        };
        const auto y = [&](const char* name) {
            return lengthOf(attribute(tag, QLatin1String(name)), height, context.em) - height;
        };
        QPainterPath stroke(QPointF(x("x1"), y("y1")));
        stroke.lineTo(x("x2"), y("y2"));
        box.ink.shapes.push_back({stroke,
                                  {},
                                  lengthOf(attribute(tag, QStringLiteral("stroke-width")), 0, context.em),
                                  context.colour});
    }
    return box;
}

// A box around pictures, which stand in it from edge to edge or in its parts.
Box pictures(const Node& node, const Context& context) {
    Box box;
    const double height = node.em("height") * context.em;
    const QJsonArray children = node.children();
    const QString markup =
        children.isEmpty() ? QString() : Node(children[0].toObject()).json[QStringLiteral("v")].toString();
    const QString own = attribute(markup, QStringLiteral("width"));
    const bool fills = node.is("hide-tail") || node.is("stretchy") || own == QLatin1String("100%") ||
                       own == QLatin1String("400em");
    if (node.has("width"))
        box.width = node.em("width") * context.em;
    else if (!fills)
        box.width = lengthOf(own, 0, context.em);
    else
        box.width = std::max(context.width, node.em("minWidth") * context.em);
    box.fills = fills && !node.has("width");
    for (qsizetype i = 0; i < children.size(); ++i) {
        const Node child(children[i].toObject());
        QString part = child.json[QStringLiteral("v")].toString();
        double left = 0, width = box.width;
        if (part.isEmpty() && !child.children().isEmpty()) {
            part = child.children()[0].toObject()[QStringLiteral("v")].toString();
            // Widths overlap a little in the style sheet, too, so that no gap shows.
            if (child.is("brace-left") || child.is("brace-right")) width *= 0.251;
            if (child.is("brace-center")) width *= 0.5;
            if (child.is("halfarrow-left") || child.is("halfarrow-right")) width *= 0.502;
            if (child.is("brace-center")) left = 0.25 * box.width;
            if (child.is("brace-right") || child.is("halfarrow-right")) left = box.width - width;
        }
        const double own_ = lengthOf(attribute(part, QStringLiteral("height")), height, context.em);
        box.add(picture(part, width, height > 0 ? height : own_, context), left, 0);
    }
    return box;
}

bool holdsPictures(const Node& node) {
    for (const QJsonValue& value : node.children()) {
        const Node child(value.toObject());
        if (child.json.contains(QStringLiteral("v"))) return true;
        if (!child.children().isEmpty() && child.children()[0].toObject().contains(QStringLiteral("v")) &&
            (child.is("brace-left") || child.is("brace-center") || child.is("brace-right") ||
             child.is("halfarrow-left") || child.is("halfarrow-right")))
            return true;
    }
    return false;
}

// Lines as wide as their column, and frames around it.
std::optional<Box> lines(const Node& node, const Context& context) {
    const double width = std::max(0.0, context.width);
    Box box;
    box.width = width;
    box.fills = true;
    const bool line = node.is("frac-line") || node.is("overline-line") || node.is("underline-line") ||
                      node.is("hline") || node.is("hdashline");
    if (line) {
        const double thick = node.em("borderBottomWidth", kRule) * context.em;
        addRule(box, {0, -thick, width, thick}, context.colour);
        return box;
    }
    const bool frame =
        node.is("fbox") || node.is("fcolorbox") || node.is("colorbox") || node.is("angl") || node.is("sout");
    if (!frame) return std::nullopt;
    const double height = node.em("height") * context.em;
    if (node.has("backgroundColor"))
        box.ink.fills.push_back({{0, -height, width, height}, colourFrom(node.text("backgroundColor"))});
    if (node.is("colorbox")) return box;
    const QRgb colour = node.has("borderColor") ? colourFrom(node.text("borderColor")) : context.colour;
    const double thick = (node.is("sout")   ? 0.08
                          : node.is("angl") ? 0.049
                                            : node.em("borderWidth", kRule)) *
                         context.em;
    const bool all = node.is("fbox") || node.is("fcolorbox");
    if (all || node.is("angl")) addRule(box, {0, -height, width, thick}, colour);
    if (all || node.is("sout")) addRule(box, {0, -thick, width, thick}, colour);
    if (all) addRule(box, {0, -height, thick, height}, colour);
    if (all || node.is("angl")) addRule(box, {width - thick, -height, thick, height}, colour);
    return box;
}

// Boxes above one another, each at a height of its own.
Box column(const Node& list, const Context& context) {
    struct Entry {
        Node node;
        Context inner;
        Box box;
        double top = 0, strut = 0, left = 0, right = 0;
    };
    std::vector<Entry> entries;
    Box whole;
    for (const QJsonValue& value : list.children()) {
        Entry entry{Node(value.toObject()), context, {}};
        enter(entry.node, entry.inner);
        entry.inner.width = kAnyWidth;
        entry.top = entry.node.em("top") * entry.inner.em;
        entry.left = entry.node.em("marginLeft") * entry.inner.em;
        entry.right = entry.node.em("marginRight") * entry.inner.em;
        entries.push_back(std::move(entry));
    }
    const auto fillEntry = [](Entry& entry) {
        entry.box = {};
        for (const QJsonValue& value : entry.node.children()) {
            const Node child(value.toObject());
            if (child.is("pstrut")) {
                entry.strut = child.em("height") * entry.inner.em;
                continue;
            }
            Box box = layOutNode(child, entry.inner);
            const double width = box.width;
            entry.box.add(std::move(box), entry.box.width, 0);
            entry.box.width += width;
        }
    };
    for (Entry& entry : entries) {
        fillEntry(entry);
        whole.width = std::max(whole.width, entry.box.width + entry.left + entry.right);
    }
    // What is as wide as its column is laid out again now that the width is known.
    for (Entry& entry : entries) {
        const double room = whole.width - entry.left - entry.right;
        if (entry.box.fills) {
            entry.inner.width = room;
            fillEntry(entry);
        }
        const double rest = room - entry.box.width;
        const double dx = entry.inner.align == Align::Left    ? 0
                          : entry.inner.align == Align::Right ? rest
                                                              : rest / 2;
        entry.box.fills = false;
        whole.add(std::move(entry.box), entry.left + dx, entry.top + entry.strut);
    }
    // A column that is only lines wants to be as wide as the one around it; KaTeX makes none.
    return whole;
}

Box columnOf(const Node& table, const Context& context) {
    // The second row is only there to give the box its depth.
    const QJsonArray rows = table.children();
    if (rows.isEmpty()) return {};
    for (const QJsonValue& cell : Node(rows[0].toObject()).children())
        if (const Node list(cell.toObject()); list.is("vlist")) return column(list, context);
    return {};
}

// Boxes side by side.
Box row(const Node& node, const Context& context) {
    Box box;
    for (const QJsonValue& value : node.children()) {
        const Node child(value.toObject());
        Box inner = layOutNode(child, context);
        const double width = inner.width;
        box.add(std::move(inner), box.width, 0);
        box.width += width;
    }
    return box;
}

// What takes no room: \llap and its like.
Box lap(const Node& node, const Context& context) {
    Box box;
    for (const QJsonValue& value : node.children()) {
        const Node child(value.toObject());
        if (!child.is("inner")) continue;
        Box inner = row(child, context);
        const double dx = node.is("llap") ? -inner.width : node.is("clap") ? -inner.width / 2 : 0;
        box.add(std::move(inner), dx, 0);
    }
    return box;
}

Box rule(const Node& node, const Context& context) {
    Box box;
    box.width = node.em("borderRightWidth") * context.em;
    const double height = node.em("borderTopWidth") * context.em;
    if (box.width > 0 && height > 0) addRule(box, {0, -height, box.width, height}, context.colour);
    return box;
}

Box separator(const Node& node, const Context& context) {
    Box box;
    const double thick = node.em("borderRightWidth", kRule) * context.em;
    const double height = node.em("height") * context.em;
    addRule(box, {0, -height - node.em("verticalAlign") * context.em, thick, height}, context.colour);
    box.width = thick;
    return box;
}

Box content(const Node& node, const Context& context) {
    if (node.json.contains(QStringLiteral("t"))) return symbol(node, context);
    if (node.is("strut") || node.is("pstrut") || node.is("vlist-s") || node.is("mtr-glue") || node.is("fix"))
        return {};
    if (node.is("nulldelimiter")) {
        Box box;
        box.width = node.em("width", 0.12) * context.em;
        return box;
    }
    if (node.is("rule")) return rule(node, context);
    if (node.is("vertical-separator")) return separator(node, context);
    if (node.is("llap") || node.is("rlap") || node.is("clap")) return lap(node, context);
    if (holdsPictures(node)) return pictures(node, context);
    if (std::optional<Box> drawn = lines(node, context)) return std::move(*drawn);
    if (node.is("vlist-t")) return columnOf(node, context);
    return row(node, context);
}

Box layOutNode(const Node& node, Context context) {
    enter(node, context);
    double left = node.em("marginLeft") + node.em("paddingLeft") + node.em("margin");
    double right = node.em("marginRight") + node.em("paddingRight") + node.em("margin");
    for (const QString& name : node.classes) {
        const auto space = spaceClasses().constFind(name);
        if (space == spaceClasses().constEnd()) continue;
        left += space->left;
        right += space->right;
    }
    if (node.is("root")) { // the index of a root
        left += 0.27777778;
        right -= 0.55555556;
    }
    if (context.width > 0) context.width = std::max(0.0, context.width - (left + right) * context.em);
    Box inner = content(node, context);
    Box box;
    double width = inner.width;
    if (node.has("width") && !holdsPictures(node)) width = node.em("width", width / context.em) * context.em;
    if (node.is("accent-body") && !node.is("accent-full")) width = 0;
    const double dy = (node.em("top") - node.em("bottom")) * context.em;
    box.add(std::move(inner), left * context.em + node.em("left") * context.em, dy);
    box.width = width + (left + right) * context.em;
    return box;
}

// The lines of a formula: \\ at its top begins a new one.
Formula stack(const Node& html, const Context& context, double height, double depth) {
    struct Line {
        Box box;
        double height = 0, depth = 0;
    };
    std::vector<Line> all(1);
    for (const QJsonValue& value : html.children()) {
        const Node child(value.toObject());
        if (child.is("newline")) {
            all.emplace_back();
            continue;
        }
        Line& line = all.back();
        Box box = layOutNode(child, context);
        const double width = box.width;
        const double gap = child.is("tag") ? kTagGap : 0;
        line.box.add(std::move(box), line.box.width + gap, 0);
        line.box.width += width + gap;
        for (const QJsonValue& part : child.children())
            if (const Node strut(part.toObject()); strut.is("strut")) {
                const double below = -strut.em("verticalAlign");
                line.depth = std::max(line.depth, below);
                line.height = std::max(line.height, strut.em("height") - below);
            }
    }
    Box whole;
    double y = 0;
    for (size_t i = 0; i < all.size(); ++i) {
        if (i > 0) y += all[i - 1].depth + all[i].height + kLineGap;
        const double width = all[i].box.width;
        whole.add(std::move(all[i].box), 0, y);
        whole.width = std::max(whole.width, width);
    }
    Formula formula = std::move(whole.ink);
    formula.width = whole.width;
    formula.height = all.size() > 1 ? all.front().height : height;
    formula.depth = all.size() > 1 ? y + all.back().depth : depth;
    return formula;
}

const QJsonObject* findHtml(const QJsonObject& object, QJsonObject& found, int depth) {
    if (depth > 4) return nullptr;
    if (Node(object).is("katex-html")) {
        found = object;
        return &found;
    }
    for (const QJsonValue& value : object[QStringLiteral("k")].toArray())
        if (findHtml(value.toObject(), found, depth + 1)) return &found;
    return nullptr;
}

} // namespace

Formula layOut(const QJsonObject& tree) {
    QJsonObject html;
    if (!findHtml(tree, html, 0)) {
        Formula none;
        none.error = QStringLiteral("KaTeX gave no boxes");
        return none;
    }
    return stack(Node(html), Context{}, tree[QStringLiteral("h")].toDouble(),
                 tree[QStringLiteral("d")].toDouble());
}

} // namespace ponder::app
