#pragma once
// A pictogram of the window, drawn as lines in one colour: 20 units wide, stroke 1.5, round ends. A new one is a row of the
// table in icon.cpp. GUI thread (painting may happen on the render thread while the GUI thread waits).

#include <QColor>
#include <QQuickPaintedItem>
#include <QtQml/qqmlregistration.h>

namespace ponder::ui {

class Icon : public QQuickPaintedItem {
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
    void paint(QPainter* painter) override;

    static QStringList names();

signals:
    void nameChanged();
    void colorChanged();
    void sizeChanged();

private:
    QString m_name;
    QColor m_color = Qt::black;
};

} // namespace ponder::ui
