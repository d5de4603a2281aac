#pragma once
// The conversations in the trash, the last thrown away first. reload() is what a page that shows the trash begins with.
// GUI thread.

#include "app/chat/chat_pages.h"

namespace ponder::app {

// Qualified, for the types that QML knows are found by their full names.
class TrashModel : public ponder::app::ChatPages {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
public:
    enum Role { ChatRole = Qt::UserRole + 1, TitleRole, WhenRole }; // when: thrown away "3 May", for people
    Q_ENUM(Role)

    explicit TrashModel(StoreThread& store, QObject* parent = nullptr);

    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;
};

} // namespace ponder::app
