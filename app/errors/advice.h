#pragma once
// An Error in the words of somebody who wants to go on: a title, what happened with its number, and the one act that
// mends it. A new ErrorCode gets its row here. Pure; any thread.

#include <string>

#include <QString>

#include "models/base/result.h"

namespace ponder::app {

// What the first button of a notice does.
enum class Remedy { None, ChooseFile, TryAgain, Continue, NewConversation, RestartEngine, RestoreBackup };

struct Advice {
    QString title;
    QString text; // the sentence of the error, beginning with a capital letter and ending with a full stop
    Remedy remedy = Remedy::None;
    QString button;    // empty: none
    bool grave = true; // danger; false: warn, it mends itself or loses nothing
};

Advice adviseOn(const Error& error);
QString sentence(const std::string& message); // with a capital letter and a full stop, whoever wrote it
QString codeName(ErrorCode code);             // as stored: "device_lost"
ErrorCode codeFromName(const QString& name);

} // namespace ponder::app
