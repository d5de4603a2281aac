#pragma once
// A pictogram of the window, drawn as lines in one colour: 20 units wide, stroke 1.5, round ends. A new one is a row of the
// table in icon.cpp. Icons that look the same share one picture: a painted item of its own costs 30 KB each, and a long thought
// has one a paragraph. GUI thread (the picture is made on the render thread while the GUI thread waits).

#include <QColor>
#include <QImage>
#include <QQuickItem>
#include <QtQml/qqmlregistration.h>

namespace ponder::ui {

class Icon : public QQuickItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QString name READ name WRITE setName NOTIFY nameChanged)
    Q_PROPERTY(QColor color READ color WRITE setColor NOTIFY colorChanged)
    Q_PROPERTY(int size READ size WRITE setSize NOTIFY sizeChanged)
public:
    explicit Icon(QQuickItem* parent = nullptr);

    QString name() const { return m_name; }
    void setName(const QString& name);
    QColor color() const { return m_color; }
    void setColor(const QColor& color);
    int size() const { return static_cast<int>(width()); }
    void setSize(int size);

    static QStringList names();
    static QImage picture(const QString& name, const QColor& color, int size, qreal scale); // shared

signals:
    void nameChanged();
    void colorChanged();
    void sizeChanged();

protected:
    QSGNode* updatePaintNode(QSGNode* node, UpdatePaintNodeData*) override;
    void itemChange(ItemChange change, const ItemChangeData& data) override;
    void geometryChange(const QRectF& now, const QRectF& before) override;

private:
    void redraw();

    QString m_name;
    QColor m_color = Qt::black;
    bool m_stale = true;
};

} // namespace ponder::ui
