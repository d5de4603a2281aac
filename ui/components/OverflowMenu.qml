import QtQuick
import QtQuick.Controls.Basic
import Ponder.App
import Ponder.Ui

// What else can be done with the open conversation.
ActionMenu {
    id: menu
    required property Application app
    readonly property bool open: app.chat.chat > 0
    signal acted(int command)
    wide: 280
    objectName: "overflowMenu"
    ActionItem { text: qsTr("New temporary conversation"); icon_: "clock"; key: menu.app.commands.keyText(Commands.NewTemporary); onTriggered: menu.acted(Commands.NewTemporary) }
    ActionItem { text: qsTr("Rename"); icon_: "edit"; enabled: menu.open; key: menu.app.commands.keyText(Commands.Rename); onTriggered: menu.acted(Commands.Rename) }
    ActionItem { text: qsTr("Pin or unpin"); icon_: "pin"; enabled: menu.open; key: menu.app.commands.keyText(Commands.Pin); onTriggered: menu.acted(Commands.Pin) }
    ActionItem { text: qsTr("Export"); icon_: "export"; enabled: menu.open; key: menu.app.commands.keyText(Commands.Export); onTriggered: menu.acted(Commands.Export) }
    ActionItem { text: qsTr("Import"); icon_: "drop"; key: menu.app.commands.keyText(Commands.Import); onTriggered: menu.acted(Commands.Import) }
    ActionItem { text: qsTr("Move to the trash"); icon_: "trash"; enabled: menu.open; grave: true; key: menu.app.commands.keyText(Commands.Trash); onTriggered: menu.acted(Commands.Trash) }
    MenuSeparator { contentItem: Rectangle { implicitHeight: 1; color: Theme.border } }
    ActionItem { text: qsTr("Trash"); icon_: "trash"; key: menu.app.commands.keyText(Commands.ShowTrash); onTriggered: menu.acted(Commands.ShowTrash) }
    ActionItem { text: qsTr("Settings"); icon_: "gear"; key: menu.app.commands.keyText(Commands.Settings); onTriggered: menu.acted(Commands.Settings) }
    ActionItem { text: qsTr("Keys"); icon_: "key"; key: menu.app.commands.keyText(Commands.Keys); onTriggered: menu.acted(Commands.Keys) }
}
