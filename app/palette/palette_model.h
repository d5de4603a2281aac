#pragma once
// The rows of the palette: what the search found, grouped by where it stands, then the commands and models whose words
// match. Without a query: the latest conversations, and everything that can be done. Owns nothing of what it shows; GUI
// thread.

#include <vector>

#include <QAbstractListModel>
#include <QTimer>
#include <QtQml/qqmlregistration.h>
#include <QVariantList>

#include "app/chat/chat_controller.h"
#include "app/commands/commands.h"
#include "app/library/model_loader.h"

namespace ponder::app {

class PaletteModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(QString query READ query WRITE setQuery NOTIFY queryChanged)
    Q_PROPERTY(int count READ count NOTIFY countChanged)
    Q_PROPERTY(int hits READ hits NOTIFY countChanged) // found, shown or not
    Q_PROPERTY(bool searching READ searching NOTIFY countChanged)
public:
    enum Kind { Conversation, Place, Command, Model, Filter, Ask };
    Q_ENUM(Kind)
    enum Role {
        KindRole = Qt::UserRole + 1,
        SectionRole, // "Thoughts|3 of 9": its heading and, behind the bar, how many of how many
        IconRole,
        ThoughtRole, // whether the icon is of a thought
        TitleRole,
        SnippetRole, // plain text; empty: a row of one line
        MarksRole,   // of the snippet, else of the title: [from, length, …]
        DetailRole,  // at the right
        MonoRole     // whether the detail is a measured number
    };

    PaletteModel(ChatController& chat, ModelLoader& loader, Commands& commands, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : count(); }
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;
    int count() const { return static_cast<int>(m_rows.size()); }
    int hits() const { return m_hits; }
    bool searching() const { return m_chat.search()->searching(); }

    QString query() const { return m_query; }
    void setQuery(const QString& query);
    Q_INVOKABLE void nextFilter();      // in:thought, in:answer, in:question, in:title, none
    Q_INVOKABLE bool activate(int row); // true: done, the palette may go; false: the query changed instead

signals:
    void queryChanged();
    void countChanged();
    void rebuilt(); // other rows than before
    void commandChosen(int id);
    void questionWanted(const QString& text);

private:
    struct Row {
        Kind kind = Command;
        QString section, icon, title, snippet, detail, path;
        QVariantList marks;
        qint64 chat = 0, message = 0, offset = 0;
        int channel = 0, length = 0, id = 0;
        bool thought = false, mono = false;
    };
    void rebuild();
    void addFound(std::vector<Row>& rows);
    void addRecent(std::vector<Row>& rows) const;
    void addCommands(std::vector<Row>& rows, const QString& words) const;
    void addModels(std::vector<Row>& rows, const QString& words) const;

    ChatController& m_chat;
    ModelLoader& m_loader;
    Commands& m_commands;
    std::vector<Row> m_rows;
    QString m_query;
    int m_hits = 0;
    QTimer m_settle; // changes of one moment are one rebuild
};

} // namespace ponder::app
