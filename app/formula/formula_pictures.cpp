#include "app/formula/formula_pictures.h"

#include <algorithm>

#include <QRegularExpression>
#include <QTransform>

#include "app/formula/svg_path.h"

namespace ponder::app::katex {

namespace {

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

} // namespace

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

} // namespace ponder::app::katex
