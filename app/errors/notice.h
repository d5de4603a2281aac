#pragma once
// One place of the window where a failure can be told: at most one at a time, the newest. GUI thread.

#include <QObject>
#include <QtQml/qqmlregistration.h>

#include "app/errors/advice.h"

namespace ponder::app {

class Notice : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(bool shown READ shown NOTIFY changed)
    Q_PROPERTY(QString title READ title NOTIFY changed)
    Q_PROPERTY(QString text READ text NOTIFY changed)
    Q_PROPERTY(QString button READ button NOTIFY changed)
    Q_PROPERTY(bool grave READ grave NOTIFY changed)
public:
    explicit Notice(QObject* parent = nullptr) : QObject(parent) {}

    bool shown() const { return !m_advice.title.isEmpty(); }
    QString title() const { return m_advice.title; }
    QString text() const { return m_advice.text; }
    QString button() const { return m_advice.button; }
    bool grave() const { return m_advice.grave; }

    void show(Advice advice) {
        m_advice = std::move(advice);
        emit changed();
    }
    Q_INVOKABLE void dismiss() {
        if (shown()) show({});
    }
    Q_INVOKABLE void act() { // its button
        const Remedy remedy = m_advice.remedy;
        dismiss();
        emit chosen(remedy);
    }

signals:
    void changed();
    void chosen(ponder::app::Remedy remedy);

private:
    Advice m_advice;
};

} // namespace ponder::app
