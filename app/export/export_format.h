#pragma once
// A conversation as a file: what goes in, what comes out, and the list of formats. A new format is one file here with a
// write function and one row in export_format.cpp. Values and pure functions; any thread.

#include <vector>

#include <QByteArray>

#include "app/storage/records.h"
#include "models/base/result.h"

namespace ponder::app {

// A conversation as it is stored, parents before children.
struct ConversationTree {
    ChatRecord chat;
    std::vector<MessageRecord> messages;
};

enum class ExportScope {
    Answer, // one answer, below the question that it belongs to
    Branch, // from the first message to one of the last: what the window shows
    All,    // every branch
};

struct ExportOptions {
    ExportScope scope = ExportScope::Branch;
    qint64 message = 0; // of Answer and Branch: the last message of it; 0: the head of the conversation
    bool thoughts = true;
    QString program; // who writes it: "Ponder 0.1.0"
};

enum class ExportFormatId { Markdown, Html, Pdf, Json, Text };

struct ExportFormat {
    ExportFormatId id;
    QString name;   // "Markdown"
    QString suffix; // "md"
    QString use;    // what it is good for, in a few words
    bool thoughts;  // whether thoughts are in it unless somebody says otherwise
    Result<QByteArray> (*write)(const ConversationTree& tree, const ExportOptions& options);
};

std::vector<ExportFormat>
exportFormats(); // in the order in which they are offered; names in the user's language
ExportFormat exportFormat(ExportFormatId id);

// A file name made of the title, without what file systems refuse: "Ferry timetable puzzle.md".
QString suggestedFileName(const QString& title, const QString& suffix);

// Replaces the file as a whole or leaves it as it was; the error says why in one sentence. May be slow.
Result<void> writeFile(const QString& path, const QByteArray& bytes);

} // namespace ponder::app
