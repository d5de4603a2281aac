#pragma once
// Scripted conversations for design work, screenshots and tests of the window: `ponder --fake-backend[=NAME]`. A new
// situation to look at is one more row in fake_script.cpp, its words in fake_texts.cpp. Values; any thread.

#include <optional>
#include <vector>

#include <QString>

#include "app/storage/records.h"
#include "models/base/result.h"

namespace ponder::app {

struct FakeTurn {
    QString thought, answer;
};

// A question and what came of it, as it is in the store when the window opens.
struct FakeExchange {
    static constexpr int kPrevious = -1, kBeginning = -2;

    QString question; // empty: another answer to the question of the exchange `after`
    FakeTurn turn;
    int after = kPrevious; // below the answer of which exchange of the chat, counted from 0
    MessageState state = MessageState::Done;
    QString errorCode = {}, errorText = {};
};

struct FakeChat {
    QString title;
    int ageHours = 0;
    bool pinned = false;
    std::vector<FakeExchange> exchanges = {}; // none: one about its title
    bool trashed = false;
    QString draft = {};
};

// Where a script goes wrong, if it does.
enum class FakeFailure {
    None,
    Unavailable, // there is no engine
    Inspect,     // the request is refused with the error …
    Load,
    Count,
    Generate,
    DiesLoading, // the engine ends, half-way
    DiesReading, // … over the prompt
    Dies,        // … at failureAtToken
    Hangs,       // says nothing from failureAtToken on, and is ended for it after hangMs
};

struct FakeScript {
    QString name;
    std::vector<FakeTurn> turns; // answers to what is asked, in turn
    std::vector<FakeChat> chats; // what is there when the window opens
    bool opened = false;         // the last of them with several exchanges is open
    QString title;               // what the model calls a new conversation; empty: it has no idea
    double tokensPerSecond = 58; // 0: as fast as events are handled
    int hasteTokens = 0;         // the first ones, which come as fast as events are handled whatever the rate
    int loadMs = 1500;
    int prefillMs = 400;
    uint32_t context = 32'768;          // tokens
    uint64_t deviceBytes = 79ull << 30; // that it offers
    uint64_t hostBytes = 0;             // of the computer's memory that a model may spill into
    std::vector<ModelRecord> models;    // used before
    bool modelAtStart = true;
    bool modelInBox = false; // opened by itself where there is no model at the start
    FakeFailure failure = FakeFailure::None;
    int failureAtToken = 0;
    int hangMs = 5000;
    Error error;
    qint64 diskFreeBytes = -1; // so little is left; -1: enough
    QString damage;            // what is the matter with the database; empty: nothing
};

std::optional<FakeScript> fakeScript(const QString& name); // "": the tour
QStringList fakeScriptNames();

} // namespace ponder::app
