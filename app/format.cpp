#include "app/format.h"

#include <array>

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace ponder::app {

namespace {
QString scaled(double value, double step, const std::array<const char*, 5>& units) {
    size_t unit = 0;
    for (; value >= step * 0.9995 && unit + 1 < units.size(); ++unit) value /= step;
    return QLocale().toString(value, 'f', unit == 0 || value >= 999.5 ? 0 : 1) + QLatin1Char(' ') +
           QLatin1String(units[unit]);
}
} // namespace

QString formatBytes(quint64 bytes) {
    return scaled(static_cast<double>(bytes), 1000, {"B", "kB", "MB", "GB", "TB"});
}
QString formatMemory(quint64 bytes) {
    return scaled(static_cast<double>(bytes), 1024, {"B", "KiB", "MiB", "GiB", "TiB"});
}
QString formatCount(qint64 count) { return QLocale().toString(count); }

QString formatClock(double seconds) {
    const auto whole = static_cast<qint64>(seconds);
    return QStringLiteral("%1:%2").arg(whole / 60).arg(whole % 60, 2, 10, QLatin1Char('0'));
}

QString formatSeconds(double seconds) {
    if (seconds >= 59.5) return formatClock(seconds + 0.5);
    return QCoreApplication::translate("Format", "%1 s")
        .arg(QLocale().toString(seconds, 'f',
                                seconds < 0.995  ? 2
                                : seconds < 9.95 ? 1
                                                 : 0));
}

QString formatRate(double rate) {
    return QCoreApplication::translate("Format", "%1 tok/s")
        .arg(QLocale().toString(rate, 'f', rate < 999.5 ? 1 : 0));
}

QString formatDay(qint64 timeMs) {
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(timeMs);
    const QDate today = QDate::currentDate();
    if (time.date() == today) return QLocale().toString(time.time(), QLocale::ShortFormat);
    return QLocale().toString(time.date(), time.date().year() == today.year() ? QStringLiteral("d MMM")
                                                                              : QStringLiteral("d MMM yyyy"));
}

QString cutAtSpace(QString text, qsizetype length) {
    if (text.size() <= length) return text;
    const qsizetype space = text.lastIndexOf(QLatin1Char(' '), length);
    text.truncate(space > length / 2 ? space : length);
    if (!text.isEmpty() && text.back().isHighSurrogate()) text.chop(1);
    return text;
}

} // namespace ponder::app
