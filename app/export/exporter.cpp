#include "app/export/exporter.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

#include "app/errors/advice.h"
#include "app/export/json_format.h"
#include "app/format.h"

namespace ponder::app {

namespace {

Result<ConversationTree> readFile(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io, path.toStdString() + " could not be read (" +
                                        file.errorString().toStdString() + "): choose another file"};
    if (file.size() > kMaxConversationBytes)
        return Error{ErrorCode::MalformedFile,
                     QStringLiteral("%1 has %2 and a conversation may have %3: choose another file")
                         .arg(path, formatBytes(static_cast<quint64>(file.size())),
                              formatBytes(static_cast<quint64>(kMaxConversationBytes)))
                         .toStdString()};
    const QByteArray bytes = file.read(kMaxConversationBytes + 1); // no more, should it grow meanwhile
    Result<ConversationTree> tree = readJson(bytes);
    if (!tree.ok())
        return Error{tree.error().code,
                     QFileInfo(path).fileName().toStdString() + " was not imported: " + tree.error().message};
    return tree;
}

} // namespace

Exporter::Exporter(StoreThread& store, ChatController& chat, QObject* parent)
    : QObject(parent), m_store(store), m_chat(chat) {}

Exporter::~Exporter() {
    if (m_worker) m_worker->wait();
}

QVariantList Exporter::formats() const {
    QVariantList list;
    for (const ExportFormat& format : exportFormats())
        list.append(QVariantMap{{QStringLiteral("format"), static_cast<int>(format.id)},
                                {QStringLiteral("name"), format.name},
                                {QStringLiteral("suffix"), format.suffix},
                                {QStringLiteral("use"), format.use},
                                {QStringLiteral("thoughts"), format.thoughts}});
    return list;
}

void Exporter::begin(std::function<void()> work) {
    if (m_worker) m_worker->wait();                   // it has replied, so it is at its end
    m_worker.reset(QThread::create(std::move(work))); // Qt's: the layout of a PDF needs one
    m_worker->start();
}

void Exporter::end() {
    m_busy = false;
    emit busyChanged();
}

void Exporter::fail(const Error& error) {
    end();
    emit failed(sentence(error.message));
}

void Exporter::exportAs(Format format, Scope scope, qint64 message, bool withThoughts, const QUrl& file) {
    exportChatAs(m_chat.chat(), format, scope, message, withThoughts, file);
}

void Exporter::exportChatAs(qint64 chat, Format format, Scope scope, qint64 message, bool withThoughts,
                            const QUrl& file) {
    if (m_busy) return emit failed(tr("A file is being written: try again when it is there."));
    if (chat == 0) return emit failed(tr("There is nothing to export yet: ask something first."));
    if (!file.isLocalFile())
        return emit failed(
            tr("%1 is not on this computer: choose a folder that is.").arg(file.toDisplayString()));
    m_busy = true;
    emit busyChanged();
    ExportOptions options;
    options.scope = static_cast<ExportScope>(scope);
    options.message = message;
    options.thoughts = withThoughts;
    options.program = QStringLiteral("Ponder ") + QCoreApplication::applicationVersion();
    m_store.run(
        this,
        [chat](ConversationStore& store) -> Result<ConversationTree> {
            ConversationTree tree;
            ASSIGN_OR_RETURN(tree.chat, store.chat(chat));
            ASSIGN_OR_RETURN(tree.messages, store.messages(chat));
            return tree;
        },
        [this, options, file, id = static_cast<ExportFormatId>(format)](Result<ConversationTree> tree) {
            if (!tree.ok()) return fail(tree.error());
            begin([this, options, file, id, tree = std::move(tree).value()] {
                Result<QByteArray> bytes = exportFormat(id).write(tree, options);
                const Result<void> written =
                    bytes.ok() ? writeFile(file.toLocalFile(), *bytes) : Result<void>(bytes.error());
                m_replies.post([this, file, written] {
                    if (!written.ok()) return fail(written.error());
                    m_folder = QFileInfo(file.toLocalFile()).absolutePath();
                    end();
                    emit done(file);
                });
            });
        });
}

void Exporter::importFile(const QUrl& file) {
    if (m_busy) return emit failed(tr("A file is being written: try again when it is there."));
    if (!file.isLocalFile())
        return emit failed(
            tr("%1 is not on this computer: choose a file that is.").arg(file.toDisplayString()));
    m_busy = true;
    emit busyChanged();
    begin([this, path = file.toLocalFile()] {
        auto tree = std::make_shared<Result<ConversationTree>>(readFile(path));
        m_replies.post([this, tree] {
            if (!tree->ok()) return fail(tree->error());
            m_store.run(
                this,
                [tree](ConversationStore& store) {
                    return store.importTree((*tree)->chat, (*tree)->messages);
                },
                [this](Result<qint64> chat) {
                    if (!chat.ok()) return fail(chat.error());
                    end();
                    m_chat.conversations()->reload();
                    m_chat.openConversation(*chat);
                    emit imported(*chat);
                });
        });
    });
}

bool Exporter::canImport(const QUrl& file) {
    return file.isLocalFile() && file.path().endsWith(QLatin1String(".json"), Qt::CaseInsensitive);
}

QString Exporter::suggestedPath(const QString& title, Format format) const {
    const QString folder =
        m_folder.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation) : m_folder;
    const QString suffix = exportFormat(static_cast<ExportFormatId>(format)).suffix;
    return pathOf(QUrl::fromLocalFile(QDir(folder).filePath(suggestedFileName(title, suffix))));
}

QString Exporter::withSuffix(const QString& path, Format format) const {
    QString base = path;
    const QString suffix = QFileInfo(path).suffix();
    for (const ExportFormat& known : exportFormats())
        if (suffix == known.suffix) base = path.chopped(suffix.size() + 1);
    return base + QLatin1Char('.') + exportFormat(static_cast<ExportFormatId>(format)).suffix;
}

QUrl Exporter::fileOf(const QString& path) {
    const QString trimmed = path.trimmed();
    if (trimmed.startsWith(QLatin1String("~/")))
        return QUrl::fromLocalFile(QDir::homePath() + trimmed.mid(1));
    return QUrl::fromLocalFile(QDir::home().absoluteFilePath(trimmed));
}

QString Exporter::pathOf(const QUrl& file) {
    const QString path = file.toLocalFile(), home = QDir::homePath() + QLatin1Char('/');
    return path.startsWith(home) ? QStringLiteral("~/") + path.mid(home.size()) : path;
}

bool Exporter::exists(const QString& path) { return QFileInfo(fileOf(path).toLocalFile()).isFile(); }

} // namespace ponder::app
