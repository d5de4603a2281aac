#include "ui/items/icon.h"

#include <QHash>
#include <QPainter>
#include <QSvgRenderer>

namespace ponder::ui {

namespace {

// SVG on a grid of 20; "@" stands for the colour where something is filled.
const QHash<QString, QString>& drawings() {
    static const QHash<QString, QString> all{
        {"plus", "<path d='M10 4v12M4 10h12'/>"},
        {"search", "<circle cx='9' cy='9' r='5'/><path d='M12.8 12.8L17 17'/>"},
        {"sidebar", "<rect x='3' y='4' width='14' height='12' rx='2.5'/><path d='M8 4v12'/>"},
        {"send", "<path d='M10 16V4.5M5 9.5l5-5 5 5'/>"},
        {"stop", "<rect x='5.5' y='5.5' width='9' height='9' rx='2' fill='@' stroke='none'/>"},
        {"down", "<path d='M5 7.5l5 5 5-5'/>"},
        {"right", "<path d='M7.5 5l5 5-5 5'/>"},
        {"copy",
         "<rect x='7.5' y='7.5' width='9' height='9' rx='2'/><path d='M4.5 12.5h-1V5.5a2 2 0 0 1 2-2h7v1'/>"},
        {"check", "<path d='M4.5 10.5l3.5 3.5 7.5-8'/>"},
        {"redo", "<path d='M15.6 10.5a5.6 5.6 0 1 1-1.5-4.4l1.4 1.4'/><path d='M15.7 3.6v4h-4'/>"},
        {"warn", "<path d='M10 3.5l7 12.5H3z'/><path d='M10 8.2v3.4'/><circle cx='10' cy='13.7' r='.9' "
                 "fill='@' stroke='none'/>"},
        {"bolt", "<path d='M11 2.8L4.6 11.4H9.4L8.8 17.2L15.4 8.6H10.4z'/>"},
        {"clock", "<circle cx='10' cy='10' r='6.8'/><path d='M10 6v4.2l2.6 1.6'/>"},
        {"circle", "<circle cx='10' cy='10' r='6.8'/>"},
        {"arc", "<path d='M10 3.2a6.8 6.8 0 1 1-6.4 4.4'/>"},
        {"file", "<path d='M5.5 3h6l3.5 3.5V16a1 1 0 0 1-1 1H5.5a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z'/><path "
                 "d='M11 3v4h4'/>"},
        {"drop",
         "<path d='M10 3v8.5M6.5 8.5l3.5 3.5 3.5-3.5M3.5 12.5V15a2 2 0 0 0 2 2h9a2 2 0 0 0 2-2v-2.5'/>"},
        {"layers", "<path d='M10 3l7 3.6-7 3.6-7-3.6zM3 10l7 3.6 7-3.6M3 13.4l7 3.6 7-3.6'/>"},
        {"think", "<path d='M3.2 10a6.8 6.8 0 1 0 6.8-6.8'/><path d='M6.2 10a3.8 3.8 0 1 0 3.8-3.8'/>"
                  "<circle cx='10' cy='10' r='1.3' fill='@' stroke='none'/>"},
        {"x", "<path d='M5 5l10 10M15 5L5 15'/>"},
        {"pin", "<path d='M7 3h6M8 3v5l-2.5 3h9L12 8V3M10 11v6'/>"},
        {"gpu",
         "<rect x='5' y='5' width='10' height='10' rx='2'/><rect x='8' y='8' width='4' height='4' rx='1'/>"
         "<path d='M8 5V2.8M12 5V2.8M8 17.2V15M12 17.2V15M5 8H2.8M5 12H2.8M17.2 8H15M17.2 12H15'/>"},
        {"question",
         "<path d='M4 4.5h12a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H9l-3.5 3v-3H4a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1z'/>"},
        {"logo", "<g stroke-width='2.2'><path d='M5.6 4.6v12.4'/><circle cx='10.6' cy='9' r='5'/></g>"
                 "<circle cx='10.6' cy='9' r='1.8' fill='@' stroke='none'/>"},
    };
    return all;
}

} // namespace

Icon::Icon(QQuickItem* parent) : QQuickPaintedItem(parent) {
    setSize(18);
    setAntialiasing(true);
}

void Icon::setName(const QString& name) {
    if (name == m_name) return;
    m_name = name;
    emit nameChanged();
    update();
}

void Icon::setColor(const QColor& color) {
    if (color == m_color) return;
    m_color = color;
    emit colorChanged();
    update();
}

void Icon::setSize(int size) {
    if (size == static_cast<int>(width())) return;
    setImplicitSize(size, size);
    QQuickPaintedItem::setSize(QSizeF(size, size));
    emit sizeChanged();
}

void Icon::paint(QPainter* painter) {
    const QString colour = m_color.name();
    QString drawing = drawings().value(m_name);
    drawing.replace(QLatin1Char('@'), colour);
    const QString svg =
        QStringLiteral(
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 20'><g fill='none' stroke='%1' "
            "stroke-width='1.5' stroke-linecap='round' stroke-linejoin='round'>%2</g></svg>")
            .arg(colour, drawing);
    QSvgRenderer renderer(svg.toUtf8());
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setOpacity(m_color.alphaF());
    renderer.render(painter, boundingRect());
}

QStringList Icon::names() { return drawings().keys(); }

} // namespace ponder::ui
