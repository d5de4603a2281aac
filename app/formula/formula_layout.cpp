#include "app/formula/formula_layout.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "app/formula/formula_fonts.h"
#include "app/formula/formula_pictures.h"

namespace ponder::app {

using namespace katex;

namespace {

constexpr double kRule = 0.04;   // em, KaTeX's default thickness of a rule
constexpr double kTagGap = 2;    // em, before the number of an equation
constexpr double kLineGap = 0.3; // em, between lines broken with \\ at the top

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
    const SpaceClass space = spaceOf(node);
    left += space.left;
    right += space.right;
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
