#include "app/errors/advice.h"

#include <QCoreApplication>

#include "inference/protocol/json.h"

namespace ponder::app {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("Advice", text); }

} // namespace

QString sentence(const std::string& message) {
    QString text = QString::fromStdString(message).trimmed();
    if (text.isEmpty()) return text;
    // "blk.3.attn_q: …" and paths stay as they are spelled.
    const qsizetype firstWord = text.indexOf(QLatin1Char(' '));
    if (!QStringView(text).left(firstWord < 0 ? text.size() : firstWord).contains(QLatin1Char('.')))
        text[0] = text[0].toUpper();
    if (!text.endsWith(QLatin1Char('.'))) text += QLatin1Char('.');
    return text;
}

namespace {

QString buttonOf(Remedy remedy) {
    switch (remedy) {
    case Remedy::None:
        return {};
    case Remedy::ChooseFile:
        return tr("Choose another file");
    case Remedy::TryAgain:
        return tr("Try again");
    case Remedy::Continue:
        return tr("Continue the answer");
    case Remedy::NewConversation:
        return tr("New conversation");
    case Remedy::RestartEngine:
        return tr("Start the engine again");
    case Remedy::RestoreBackup:
        return tr("Restore the copy");
    }
    return {};
}

struct Row {
    QString title;
    Remedy remedy = Remedy::None;
    bool grave = true;
};

Row rowOf(ErrorCode code) {
    switch (code) {
    case ErrorCode::InvalidArgument:
        return {tr("The request was refused"), Remedy::None};
    case ErrorCode::NotFound:
        return {tr("The file is not there"), Remedy::ChooseFile};
    case ErrorCode::Io:
        return {tr("The file could not be read"), Remedy::TryAgain};
    case ErrorCode::MalformedFile:
        return {tr("The file is damaged"), Remedy::ChooseFile};
    case ErrorCode::UnsupportedArchitecture:
        return {tr("This model is of another family"), Remedy::ChooseFile};
    case ErrorCode::UnsupportedQuantization:
        return {tr("This quantisation is not known"), Remedy::ChooseFile};
    case ErrorCode::MissingShard:
        return {tr("A part of the model is missing"), Remedy::TryAgain};
    case ErrorCode::NoDevice:
        return {tr("No graphics device was found"), Remedy::TryAgain};
    case ErrorCode::DeviceTooLimited:
        return {tr("The graphics device cannot run this"), Remedy::ChooseFile};
    case ErrorCode::ModelTooLarge:
        return {tr("The model is too large for this device"), Remedy::ChooseFile};
    case ErrorCode::OutOfDeviceMemory:
        return {tr("The graphics memory ran out"), Remedy::TryAgain};
    case ErrorCode::OutOfHostMemory:
        return {tr("The memory of the computer ran out"), Remedy::TryAgain};
    case ErrorCode::DeviceLost:
        return {tr("The graphics device was lost"), Remedy::Continue, false};
    case ErrorCode::ContextFull:
        return {tr("The conversation is longer than the context"), Remedy::NewConversation, false};
    case ErrorCode::Cancelled:
        return {tr("Stopped"), Remedy::None, false};
    case ErrorCode::EngineDied:
        return {tr("The engine stopped"), Remedy::Continue, false};
    case ErrorCode::Protocol:
        return {tr("The engine was not understood"), Remedy::RestartEngine};
    case ErrorCode::Database:
        return {tr("Conversations are not being saved"), Remedy::None};
    case ErrorCode::Internal:
        return {tr("Something went wrong inside of Ponder"), Remedy::TryAgain};
    }
    return {tr("Something went wrong"), Remedy::None};
}

} // namespace

Advice adviseOn(const Error& error) {
    const Row row = rowOf(error.code);
    return {row.title, sentence(error.message), row.remedy, buttonOf(row.remedy), row.grave};
}

QString codeName(ErrorCode code) {
    const std::string_view name = protocol::errorCodeName(code);
    return QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
}

ErrorCode codeFromName(const QString& name) { return protocol::errorCodeFromName(name.toStdString()); }

} // namespace ponder::app
