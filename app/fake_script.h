#pragma once
// Scripted conversations for design work, screenshots and tests of the window: `ponder --fake-backend[=NAME]`. A new
// situation to look at is one more row in fake_script.cpp. Values; any thread.

#include <optional>
#include <vector>

#include <QString>

#include "models/base/result.h"

namespace ponder::app {

struct FakeTurn {
    QString thought, answer;
};

struct FakeChat {
    QString title;
    int ageHours = 0;
    bool pinned = false;
    std::vector<std::pair<QString, FakeTurn>> turns; // question and what came of it
};

// Where a script goes wrong, if it does.
enum class FakeFailure { None, Unavailable, Inspect, Load, Generate, Dies };

struct FakeScript {
    QString name;
    std::vector<FakeTurn> turns; // answers to what is asked, in turn
    std::vector<FakeChat> chats; // what is there when the window opens
    double tokensPerSecond = 58; // 0: as fast as events are handled
    int loadMs = 1500;
    int prefillMs = 400;
    bool modelAtStart = true;
    FakeFailure failure = FakeFailure::None;
    int failureAtToken = 0;
    Error error;
};

std::optional<FakeScript> fakeScript(const QString& name); // "": the tour
QStringList fakeScriptNames();

} // namespace ponder::app
