#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <QCoreApplication>

// Signals of the store's thread are delivered by an event loop.
int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    return doctest::Context(argc, argv).run();
}
