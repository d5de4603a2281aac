#pragma once
// Says a sentence through assistive technology, for what happens without being looked at. Few and whole sentences: what
// speaks with every word is worse than silence. GUI thread.

#include <QAccessible>
#include <QQuickItem>
#include <QtQml/qqmlregistration.h>

namespace ponder::ui {

class Announcer : public QQuickItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QString text READ text NOTIFY said) // the last one
    Q_PROPERTY(int count READ count NOTIFY said)   // so far
public:
    using QQuickItem::QQuickItem;

    QString text() const { return m_text; }
    int count() const { return m_count; }
    Q_INVOKABLE void say(const QString& text) {
        m_text = text;
        ++m_count;
        emit said(); // the accessible name is bound to it
        QAccessibleEvent event(this, QAccessible::Alert);
        QAccessible::updateAccessibility(&event);
    }

signals:
    void said();

private:
    QString m_text;
    int m_count = 0;
};

} // namespace ponder::ui
