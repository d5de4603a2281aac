#pragma once
// An item of any size that paints itself with QPainter, of which only the tiles in view exist: a code block of 5,000 lines
// costs what one screen of it does. It finds the lists and scroll areas around it by itself. GUI thread; painting happens
// on the render thread while the GUI thread waits.

#include <QHash>
#include <QPointer>
#include <QQuickItem>
#include <QSet>
#include <QtQml/qqmlregistration.h>

namespace ponder::ui {

class Paper : public QQuickItem {
    Q_OBJECT
    QML_ANONYMOUS
    Q_PROPERTY(QRectF view READ view NOTIFY viewChanged) // what of it can be seen, in its own coordinates
public:
    explicit Paper(QQuickItem* parent = nullptr);

    QRectF view() const { return m_view; }

signals:
    void viewChanged();

protected:
    virtual void paintPart(QPainter& painter, const QRectF& part) = 0;
    virtual void prepare() {} // before anything is painted, on the GUI thread: the place to lay out
    void repaint(const QRectF& area = {}); // empty: all of it

    void updatePolish() override;
    QSGNode* updatePaintNode(QSGNode* node, UpdatePaintNodeData*) override;
    void geometryChange(const QRectF& now, const QRectF& before) override;
    void itemChange(ItemChange change, const ItemChangeData& data) override;

private:
    using Tile = std::pair<int, int>; // column, row
    void hook();
    QSet<Tile> wantedTiles() const;

    QRectF m_view;
    QSet<Tile> m_stale; // painted before, and not any more what they should show
    QSet<Tile> m_shown;
    bool m_allStale = true;
    QList<QPointer<QQuickItem>> m_around;
    QList<QMetaObject::Connection> m_hooks;
};

} // namespace ponder::ui
