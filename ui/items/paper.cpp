#include "ui/items/paper.h"

#include <cmath>
#include <utility>

#include <QPainter>
#include <QQuickWindow>
#include <QSGImageNode>

namespace ponder::ui {

namespace {

constexpr int kTileWidth = 512, kTileHeight = 256; // px, before scaling

// The tiles of one item, by their place. A transform that changes nothing: below a plain node the software renderer of Qt 6.4
// takes what is added later to stand at the window's corner.
class TilesNode : public QSGTransformNode {
public:
    QHash<std::pair<int, int>, QSGImageNode*> tiles;
    qreal scale = 0;
};

QRectF areaOf(const std::pair<int, int>& tile, const QSizeF& size) {
    const QRectF area(tile.first * kTileWidth, tile.second * kTileHeight, kTileWidth, kTileHeight);
    return area.intersected(QRectF(QPointF(), size));
}

} // namespace

Paper::Paper(QQuickItem* parent) : QQuickItem(parent) { setFlag(ItemHasContents); }

void Paper::repaint(const QRectF& area) {
    if (area.isEmpty()) {
        m_allStale = true;
    } else {
        for (const Tile& tile : std::as_const(m_shown))
            if (areaOf(tile, size()).intersects(area)) m_stale.insert(tile);
    }
    polish();
    update();
}

void Paper::geometryChange(const QRectF& now, const QRectF& before) {
    QQuickItem::geometryChange(now, before);
    if (now.size() != before.size()) m_allStale = true;
    polish();
    update();
}

void Paper::itemChange(ItemChange change, const ItemChangeData& data) {
    QQuickItem::itemChange(change, data);
    if (change == ItemDevicePixelRatioHasChanged) m_allStale = true;
    if (change == ItemSceneChange || change == ItemVisibleHasChanged || change == ItemParentHasChanged ||
        change == ItemDevicePixelRatioHasChanged) {
        polish();
        update();
    }
}

// Listens to whatever moves it: everything around it up to the window.
void Paper::hook() {
    QList<QPointer<QQuickItem>> around;
    for (QQuickItem* item = parentItem(); item; item = item->parentItem()) around.append(item);
    if (around == m_around) return;
    for (const auto& connection : std::as_const(m_hooks)) disconnect(connection);
    m_hooks.clear();
    m_around = around;
    const auto again = [this] { polish(); };
    for (const auto& item : std::as_const(m_around)) {
        m_hooks << connect(item, &QQuickItem::yChanged, this, again)
                << connect(item, &QQuickItem::xChanged, this, again)
                << connect(item, &QQuickItem::parentChanged, this, again)
                << connect(item, &QQuickItem::heightChanged, this, again)
                << connect(item, &QQuickItem::widthChanged, this, again);
    }
}

void Paper::updatePolish() {
    prepare();
    hook();
    QRectF view(QPointF(), size());
    for (const auto& item : std::as_const(m_around))
        if (item && (item->clip() || !item->parentItem()))
            view = view.intersected(mapRectFromItem(item, QRectF(QPointF(), item->size())));
    if (view != m_view) {
        m_view = view;
        emit viewChanged();
    }
    if (wantedTiles() != m_shown) update();
}

QSet<Paper::Tile> Paper::wantedTiles() const {
    QSet<Tile> tiles;
    if (m_view.isEmpty()) return tiles;
    // One tile more on each side, so that scrolling finds it painted.
    const QRectF wide =
        m_view.adjusted(0, -kTileHeight, 0, kTileHeight).intersected(QRectF(QPointF(), size()));
    for (int row = static_cast<int>(wide.top()) / kTileHeight; row * kTileHeight < wide.bottom(); ++row)
        for (int column = static_cast<int>(wide.left()) / kTileWidth; column * kTileWidth < wide.right();
             ++column)
            tiles.insert({column, row});
    return tiles;
}

QSGNode* Paper::updatePaintNode(QSGNode* old, UpdatePaintNodeData*) {
    auto* node = static_cast<TilesNode*>(old);
    if (!node) node = new TilesNode;
    const qreal scale = window()->effectiveDevicePixelRatio();
    if (scale != node->scale) m_allStale = true;
    node->scale = scale;
    const QSet<Tile> wanted = wantedTiles();
    for (auto tile = node->tiles.begin(); tile != node->tiles.end();) {
        if (wanted.contains(tile.key())) {
            ++tile;
            continue;
        }
        node->removeChildNode(*tile);
        delete *tile;
        tile = node->tiles.erase(tile);
    }
    for (const Tile& tile : wanted) {
        QSGImageNode*& image = node->tiles[tile];
        if (image && !m_allStale && !m_stale.contains(tile)) continue;
        const QRectF area = areaOf(tile, size());
        QImage picture(QSize(static_cast<int>(std::ceil(area.width() * scale)),
                             static_cast<int>(std::ceil(area.height() * scale))),
                       QImage::Format_ARGB32_Premultiplied);
        picture.setDevicePixelRatio(scale);
        picture.fill(Qt::transparent);
        QPainter painter(&picture);
        painter.translate(-area.topLeft());
        paintPart(painter, area);
        painter.end();
        delete std::exchange(image, window()->createImageNode()); // its texture goes with it
        image->setOwnsTexture(true);
        image->setTexture(window()->createTextureFromImage(picture, QQuickWindow::TextureHasAlphaChannel));
        image->setRect(QRectF(area.topLeft(), QSizeF(picture.size()) / scale));
        node->appendChildNode(image); // the software renderer looks at the texture at once
    }
    m_shown = wanted;
    m_stale.clear();
    m_allStale = false;
    return node;
}

} // namespace ponder::ui
