#pragma once
// What the window remembers about itself, typed, in an INI file. A new setting is a property here and nothing else.
// GUI thread.

#include <algorithm>
#include <optional>

#include <QObject>
#include <QSettings>
#include <QtQml/qqmlregistration.h>

namespace ponder::app {

class Settings : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(Theme theme READ theme WRITE setTheme NOTIFY themeChanged)
    Q_PROPERTY(bool sidebar READ sidebar WRITE setSidebar NOTIFY sidebarChanged)
    Q_PROPERTY(int width READ width CONSTANT) // of the window, as it was left
    Q_PROPERTY(int height READ height CONSTANT)
public:
    enum Theme { System, Light, Dark };
    Q_ENUM(Theme)

    explicit Settings(const QString& file, QObject* parent = nullptr)
        : QObject(parent), m_file(file, QSettings::IniFormat) {}

    Theme theme() const {
        return m_themeOverride ? *m_themeOverride
                               : static_cast<Theme>(std::clamp(m_file.value("theme", 0).toInt(), 0, 2));
    }
    void setTheme(Theme theme) {
        m_file.setValue("theme", static_cast<int>(theme));
        emit themeChanged();
    }
    void overrideTheme(Theme theme) { m_themeOverride = theme; } // for this run
    bool sidebar() const { return m_file.value("sidebar", true).toBool(); }
    void setSidebar(bool shown) {
        m_file.setValue("sidebar", shown);
        emit sidebarChanged();
    }
    int width() const { return m_file.value("width", 1440).toInt(); }
    int height() const { return m_file.value("height", 900).toInt(); }
    Q_INVOKABLE void keepSize(int width, int height) {
        m_file.setValue("width", width);
        m_file.setValue("height", height);
    }

signals:
    void themeChanged();
    void sidebarChanged();

private:
    QSettings m_file;
    std::optional<Theme> m_themeOverride;
};

} // namespace ponder::app
