#include "ui/items/icon.h"

#include <cmath>

#include <QCache>
#include <QHash>
#include <QMutex>
#include <QPainter>
#include <QQuickWindow>
#include <QSGImageNode>
#include <QSvgRenderer>

namespace ponder::ui {

namespace {

constexpr int kPictures = 256; // kept; each some kilobytes

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
        {"up", "<path d='M5 12.5l5-5 5 5'/>"},
        {"left", "<path d='M12.5 5l-5 5 5 5'/>"},
        {"gear", "<circle cx='10' cy='10' r='2.6'/><path d='M10 3v2.2M10 14.8V17M3 10h2.2M14.8 10H17M5.05 "
                 "5.05l1.6 1.6M13.35 13.35l1.6 1.6M5.05 14.95l1.6-1.6M13.35 6.65l1.6-1.6'/>"},
        {"trash", "<path d='M3.5 5.5h13M8 5.5V4a1 1 0 0 1 1-1h2a1 1 0 0 1 1 1v1.5M5 5.5l.7 10a1.5 1.5 0 0 0 "
                  "1.5 1.5h5.6a1.5 1.5 0 0 0 1.5-1.5l.7-10'/>"},
        {"edit", "<path d='M4 16l.8-3.4L13.4 4a1.6 1.6 0 0 1 2.3 0l.3.3a1.6 1.6 0 0 1 0 2.3L7.4 15.2z'/>"},
        {"export", "<path d='M10 12.5v-9M6.5 7L10 3.5 13.5 7M3.5 12v3a2 2 0 0 0 2 2h9a2 2 0 0 0 2-2v-3'/>"},
        {"wrap", "<path d='M3 5h14M3 10h11a2.7 2.7 0 0 1 0 5.4h-3.4M12.8 13.2l-2.2 2.2 2.2 2.2M3 15.4h4'/>"},
        {"save", "<path d='M10 3v9M6.5 8.8l3.5 3.5 3.5-3.5M4 16.5h12'/>"},
        {"key", "<rect x='2.5' y='5.5' width='15' height='9' rx='2'/><path d='M6 8.8h.01M10 8.8h.01M14 "
                "8.8h.01M7 11.8h6'/>"},
        {"info", "<circle cx='10' cy='10' r='6.8'/><path d='M10 9.2v4'/><circle cx='10' cy='6.7' r='.9' "
                 "fill='@' stroke='none'/>"},
        {"disk", "<path d='M5.2 4h9.6l2.2 8v3a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-3zM3 12h14'/><circle cx='14' "
                 "cy='14' r='.9' fill='@' stroke='none'/>"},
        {"ram", "<rect x='2.5' y='6' width='15' height='7' rx='1.5'/><path d='M6 13v2M10 13v2M14 13v2M6 "
                "8.6v1.8M10 8.6v1.8M14 8.6v1.8'/>"},
        {"more", "<g fill='@' stroke='none'><circle cx='5' cy='10' r='1.2'/><circle cx='10' cy='10' "
                 "r='1.2'/><circle cx='15' cy='10' r='1.2'/></g>"},
        {"lock", "<rect x='4.5' y='9' width='11' height='8' rx='2'/><path d='M7 9V6.5a3 3 0 0 1 6 0V9'/>"},
        {"stats", "<path d='M4.5 16v-5M10 16V5M15.5 16V9'/>"},
        {"folder", "<path d='M3 6a1.5 1.5 0 0 1 1.5-1.5h3.2l1.8 2h6A1.5 1.5 0 0 1 17 8v6.5a1.5 1.5 0 0 1-1.5 "
                   "1.5h-11A1.5 1.5 0 0 1 3 14.5z'/>"},
        {"back", "<path d='M7 4.5L3.5 8 7 11.5M3.5 8H12a4 4 0 0 1 0 8H8'/>"},
        {"sun", "<circle cx='10' cy='10' r='3.2'/><path d='M10 2.8v1.6M10 15.6v1.6M2.8 10h1.6M15.6 "
                "10h1.6M4.9 4.9L6 6M14 14l1.1 1.1M4.9 15.1L6 14M14 6l1.1-1.1'/>"},
        {"plan", "<path d='M4 5.5h.01M4 10h.01M4 14.5h.01M7.5 5.5H16M7.5 10H16M7.5 14.5H16'/>"},
        {"compute", "<path d='M4 7.5h12M4 12.5h12'/>"},
        {"checkc", "<circle cx='10' cy='10' r='6.8'/><path d='M7 10.2l2.1 2.1 4-4.4'/>"},
        {"flag", "<path d='M5 17V3.5h9.5l-2.5 3.3 2.5 3.3H5'/>"},
        {"logo", "<g stroke-width='2.2'><path d='M5.6 4.6v12.4'/><circle cx='10.6' cy='9' r='5'/></g>"
                 "<circle cx='10.6' cy='9' r='1.8' fill='@' stroke='none'/>"},
    };
    return all;
}

} // namespace

Icon::Icon(QQuickItem* parent) : QQuickItem(parent) {
    setFlag(ItemHasContents);
    setSize(18);
    setAntialiasing(true);
}

void Icon::redraw() {
    m_stale = true;
    update();
}

void Icon::setName(const QString& name) {
    if (name == m_name) return;
    m_name = name;
    emit nameChanged();
    redraw();
}

void Icon::setColor(const QColor& color) {
    if (color == m_color) return;
    m_color = color;
    emit colorChanged();
    redraw();
}

void Icon::setSize(int size) {
    if (size == static_cast<int>(width())) return;
    setImplicitSize(size, size);
    QQuickItem::setSize(QSizeF(size, size));
    emit sizeChanged();
}

void Icon::itemChange(ItemChange change, const ItemChangeData& data) {
    QQuickItem::itemChange(change, data);
    if (change == ItemDevicePixelRatioHasChanged) redraw();
}

void Icon::geometryChange(const QRectF& now, const QRectF& before) {
    QQuickItem::geometryChange(now, before);
    if (now.size() != before.size()) redraw();
}

QImage Icon::picture(const QString& name, const QColor& color, int size, qreal scale) {
    const int pixels = static_cast<int>(std::ceil(size * scale));
    const QString drawn = drawings().value(name);
    if (drawn.isEmpty() || pixels <= 0) return {};
    static QMutex mutex; // several windows may have a render thread each
    static QCache<QString, QImage> made(kPictures);
    const QMutexLocker lock(&mutex);
    const QString key =
        QStringLiteral("%1 %2 %3 %4").arg(name, color.name(QColor::HexArgb)).arg(pixels).arg(scale);
    if (const QImage* known = made.object(key)) return *known;
    const QString colour = color.name();
    const QString svg =
        QStringLiteral(
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 20'><g fill='none' stroke='%1' "
            "stroke-width='1.5' stroke-linecap='round' stroke-linejoin='round'>%2</g></svg>")
            .arg(colour, QString(drawn).replace(QLatin1Char('@'), colour));
    QImage canvas(pixels, pixels, QImage::Format_ARGB32_Premultiplied);
    canvas.fill(Qt::transparent);
    QSvgRenderer renderer(svg.toUtf8());
    QPainter painter(&canvas);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setOpacity(color.alphaF());
    renderer.render(&painter, QRectF(0, 0, size * scale, size * scale));
    painter.end();
    // A copy: an image that was painted on keeps all that its painter had allocated.
    auto* image = new QImage(canvas.copy());
    image->setDevicePixelRatio(scale);
    made.insert(key, image);
    return *image;
}

QSGNode* Icon::updatePaintNode(QSGNode* old, UpdatePaintNodeData*) {
    auto* node = static_cast<QSGImageNode*>(old);
    if (!m_stale && node) return node;
    m_stale = false;
    const QImage image = picture(m_name, m_color, size(), window()->effectiveDevicePixelRatio());
    delete node; // its texture goes with it
    if (image.isNull()) return nullptr;
    node = window()->createImageNode();
    node->setOwnsTexture(true);
    constexpr auto kHow = QQuickWindow::TextureHasAlphaChannel | QQuickWindow::TextureCanUseAtlas;
    node->setTexture(window()->createTextureFromImage(image, QQuickWindow::CreateTextureOptions(kHow)));
    node->setFiltering(QSGTexture::Linear);
    node->setRect(QRectF(QPointF(), image.deviceIndependentSize()));
    return node;
}

QStringList Icon::names() { return drawings().keys(); }

} // namespace ponder::ui
