#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <QGuiApplication>
#include <QLocale>

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("TZ", "UTC");
    QGuiApplication app(argc, argv);
    QLocale::setDefault(QLocale::c());
    doctest::Context context(argc, argv);
    return context.run();
}
