#include "app/export/export_format.h"

#include <cerrno>

#include <QCoreApplication>
#include <QFileInfo>
#include <QSaveFile>
#include <QStorageInfo>

#include "app/export/writers.h"
#include "app/format.h"

namespace ponder::app {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("Export", text); }

constexpr qsizetype kNameLength = 80;      // in characters; file systems allow 255 bytes
constexpr qsizetype kPieceBytes = 1 << 20; // a full disk is noticed after this much

// A write that failed, in words: QSaveFile keeps only the system's own.
Error refused(const QString& path, const QString& words, qsizetype bytes) {
    const QStorageInfo storage(QFileInfo(path).absolutePath());
    const QString name = QFileInfo(path).fileName();
    QString text;
    if (storage.isValid() && storage.bytesAvailable() < bytes)
        text = QStringLiteral("%1 needs %2 and the disk has %3 left: free some room or choose another place")
                   .arg(name, formatBytes(static_cast<quint64>(bytes)),
                        formatBytes(static_cast<quint64>(std::max<qint64>(storage.bytesAvailable(), 0))));
    else
        text = QStringLiteral("%1 could not be written (%2): choose another place").arg(path, words);
    return {ErrorCode::Io, text.toStdString()};
}

} // namespace

std::vector<ExportFormat> exportFormats() {
    return {
        {ExportFormatId::Markdown, tr("Markdown"), QStringLiteral("md"), tr("to read and to edit"), false,
         writeMarkdown},
        {ExportFormatId::Html, tr("Web page"), QStringLiteral("html"), tr("to show to others, in one file"),
         true, writeHtml},
        {ExportFormatId::Pdf, tr("PDF"), QStringLiteral("pdf"), tr("to print"), false, writePdf},
        {ExportFormatId::Json, tr("JSON"), QStringLiteral("json"), tr("to keep: everything, and back again"),
         true, writeJson},
        {ExportFormatId::Text, tr("Plain text"), QStringLiteral("txt"), tr("only the words"), false,
         writeText},
    };
}

ExportFormat exportFormat(ExportFormatId id) {
    for (ExportFormat& format : exportFormats())
        if (format.id == id) return format;
    PONDER_CHECK(false);
    return exportFormats().front();
}

QString suggestedFileName(const QString& title, const QString& suffix) {
    QString name;
    for (const QChar c : title.simplified()) {
        const bool refusedSomewhere =
            QStringLiteral("/\\:*?\"<>|").contains(c) || c.category() == QChar::Other_Control;
        name += refusedSomewhere ? QLatin1Char(' ') : c;
    }
    name = cutAtSpace(name.simplified(), kNameLength);
    while (name.startsWith(QLatin1Char('.'))) name.remove(0, 1); // would be hidden
    while (name.endsWith(QLatin1Char('.')) || name.endsWith(QLatin1Char(' ')) || name.endsWith(QChar(0x2026)))
        name.chop(1);
    if (name.isEmpty()) name = tr("Conversation");
    return name + QLatin1Char('.') + suffix;
}

Result<void> writeFile(const QString& path, const QByteArray& bytes) {
    const QFileInfo there(path);
    if (there.isDir())
        return Error{ErrorCode::Io, path.toStdString() + " is a folder: choose a name for the file"};
    // A device or a pipe would be replaced by a file: root may do that.
    if (there.exists() && !there.isFile())
        return Error{ErrorCode::Io, path.toStdString() + " is not a file: choose another name"};
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly)) return refused(path, file.errorString(), 0);
    for (qsizetype begin = 0; begin < bytes.size(); begin += kPieceBytes) {
        const qsizetype size = std::min(kPieceBytes, bytes.size() - begin);
        if (file.write(bytes.constData() + begin, size) != size) {
            const QString words = file.errorString();
            file.cancelWriting();
            return refused(path, words, bytes.size());
        }
    }
    if (!file.commit()) return refused(path, file.errorString(), bytes.size());
    return {};
}

} // namespace ponder::app
