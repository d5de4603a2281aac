// What is kept between two starts, whatever somebody wrote into the file by hand.

#include <limits>

#include <doctest/doctest.h>

#include <QFile>
#include <QTemporaryDir>

#include "app/settings/settings.h"

using namespace ponder::app;

namespace {

QString written(const QTemporaryDir& folder, const QByteArray& ini) {
    const QString path = folder.filePath(QStringLiteral("window.ini"));
    QFile file(path);
    REQUIRE(file.open(QIODevice::WriteOnly));
    file.write("[General]\n" + ini);
    return path;
}

} // namespace

TEST_CASE("the settings to begin with are those recommended for R1") {
    const QTemporaryDir folder;
    const Settings settings(folder.filePath(QStringLiteral("window.ini")));
    CHECK(settings.temperature() == doctest::Approx(0.6));
    CHECK(settings.topP() == doctest::Approx(0.95));
    CHECK(settings.maxTokens() == 32768);
    CHECK(settings.fontScale() == doctest::Approx(1));
    CHECK(settings.theme() == Settings::System);
    CHECK(settings.loadOptions() == ponder::protocol::LoadOptions{});
    CHECK(settings.sampling().topK == 0);
}

TEST_CASE("what a file says beyond the limits, or not in numbers, does no harm") {
    const QTemporaryDir folder;
    const Settings settings(written(folder,
                                    "temperature=99\ntopP=nan\ntopK=-3\nfontScale=1e300\ntheme=17\nwidth=-5\n"
                                    "maxTokens=many\nminP=inf\nseed=99999999999999\n"));
    CHECK(settings.temperature() == doctest::Approx(2));
    CHECK(settings.topP() == doctest::Approx(0.95));
    CHECK(settings.topK() == 0);
    CHECK(settings.fontScale() == doctest::Approx(2));
    CHECK(settings.theme() == Settings::Dark);
    CHECK(settings.width() == 420);
    CHECK(settings.maxTokens() == 32768);
    CHECK(settings.minP() == doctest::Approx(0));
    CHECK(settings.seed() == std::numeric_limits<int>::max());
}

TEST_CASE("a cache that there is not is the usual one") {
    for (const char* value : {"", "1", "8", "-1", "99999999999999", "nan", "Q8", "q4", "q8x", "q8, q8",
                              "@Invalid()", "@ByteArray(\\0)", "\"q8 \""}) {
        CAPTURE(value);
        const QTemporaryDir folder;
        const Settings settings(written(folder, QByteArray("cache=") + value + "\n"));
        CHECK(settings.cache() == Settings::F16);
    }
    const QTemporaryDir folder;
    CHECK(Settings(written(folder, "cache=q8\n")).cache() == Settings::Q8);
}

TEST_CASE("settings are there again at the next start") {
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("window.ini"));
    {
        Settings settings(path);
        int changes = 0;
        QObject::connect(&settings, &Settings::changed, [&changes] { ++changes; });
        settings.setTemperature(0.25);
        settings.setTemperature(0.25); // no change
        settings.setLanguage(QStringLiteral("de"));
        settings.setHighContrast(true);
        settings.setCache(Settings::Q8);
        settings.setCache(Settings::Q8);
        CHECK(changes == 4);
    }
    Settings settings(path);
    CHECK(settings.temperature() == doctest::Approx(0.25));
    CHECK(settings.language() == QStringLiteral("de"));
    CHECK(settings.highContrast());
    CHECK(settings.cache() == Settings::Q8);
    CHECK(settings.loadOptions().cache == ponder::protocol::Cache::Q8);
    settings.setCache(Settings::F16);
    CHECK(settings.loadOptions().cache == ponder::protocol::Cache::F16);
    settings.resetSampling();
    CHECK(settings.temperature() == doctest::Approx(0.6));
    CHECK(settings.language() == QStringLiteral("de"));
}

TEST_CASE("a fixed seed is that seed each time, another one is new each time") {
    const QTemporaryDir folder;
    Settings settings(folder.filePath(QStringLiteral("window.ini")));
    CHECK(settings.sampling().seed != settings.sampling().seed);
    settings.setSeedFixed(true);
    settings.setSeed(42);
    CHECK(settings.sampling().seed == 42);
    CHECK(settings.sampling().seed == 42);
}

TEST_CASE("what is chosen for one run is not kept") {
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("window.ini"));
    {
        Settings settings(path);
        settings.overrideTheme(Settings::Dark, true);
        CHECK(settings.theme() == Settings::Dark);
        CHECK(settings.highContrast());
    }
    const Settings settings(path);
    CHECK(settings.theme() == Settings::System);
    CHECK(!settings.highContrast());
}
