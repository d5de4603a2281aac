#pragma once
// Measured numbers as people read them, always with a unit, thousands apart; and the beginning of a text. Pure; any thread.

#include <QString>

namespace ponder::app {

QString formatBytes(quint64 bytes);         // "4.7 GB", decimal as file managers show files
QString formatMemory(quint64 bytes);        // "50.2 GiB", binary as drivers count memory
QString formatCount(qint64 count);          // "32,768"
QString formatSeconds(double seconds);      // "0.21 s", "9.6 s", "13 s", "2:10"
QString formatClock(double seconds);        // "0:07", of something that goes on
QString formatRate(double tokensPerSecond); // "58.4 tok/s"
QString formatDay(qint64 timeMs);           // of today "14:32", of this year "3 May", else "3 May 2025"

// At most that many characters, at a space where there is one in the second half.
QString cutAtSpace(QString text, qsizetype length);

} // namespace ponder::app
