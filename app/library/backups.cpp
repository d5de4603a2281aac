#include "app/library/backups.h"

#include <QDateTime>
#include <QDir>
#include <QLocale>

#include "app/format.h"

namespace ponder::app {

void Backups::read() {
    m_store.run(
        this,
        [](ConversationStore& store) -> Result<QFileInfoList> {
            const QString path = store.database().path();
            if (path.isEmpty()) return QFileInfoList{};
            const QDir folder(QFileInfo(path).dir().filePath(QStringLiteral("backups")));
            return folder.entryInfoList({QStringLiteral("*.db")}, QDir::Files, QDir::Time);
        },
        [this](Result<QFileInfoList> files) {
            m_rows.clear();
            if (files.ok())
                for (const QFileInfo& file : *files)
                    m_rows.append(QVariantMap{
                        {QStringLiteral("path"), file.filePath()},
                        {QStringLiteral("when"), QLocale().toString(file.lastModified(), QLocale::ShortFormat)},
                        {QStringLiteral("size"), formatBytes(static_cast<quint64>(file.size()))}});
            emit changed();
        });
}

} // namespace ponder::app
