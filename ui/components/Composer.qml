import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.App
import Ponder.Ui

// Where one writes. The send button becomes stop in the same place while an answer comes or a model loads.
Item {
    id: composer
    required property Application app
    readonly property ChatController chat: app.chat
    readonly property ModelLoader model: app.model
    readonly property bool loading: model.status === ModelLoader.Loading || model.status === ModelLoader.Checking || model.status === ModelLoader.Cancelling
    readonly property bool stoppable: chat.busy || loading
    property alias text: field.text
    signal fileWanted
    function focusField() { field.forceActiveFocus(); }
    function send() {
        if (composer.chat.ask(field.text)) field.clear();
    }
    implicitWidth: Theme.composerWidth
    implicitHeight: box.height

    Rectangle {
        id: box
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        height: Math.min(field.implicitHeight, 8 * 24 + 12) + 64
        radius: Theme.radiusLarge
        color: Theme.raised
        border.width: field.activeFocus ? 2 : 1
        border.color: field.activeFocus ? Theme.accent : Theme.border
        FloatShadow { visible: !Theme.dark }
    }
    ScrollView {
        id: scroll
        anchors { left: box.left; right: box.right; top: box.top; leftMargin: 16; rightMargin: 10; topMargin: 8 }
        height: box.height - 60
        ScrollBar.horizontal.policy: ScrollBar.AlwaysOff
        TextArea {
            id: field
            objectName: "composerField"
            padding: 0
            topPadding: 6
            bottomPadding: 6
            wrapMode: TextEdit.Wrap
            textFormat: TextEdit.PlainText
            color: Theme.text
            selectionColor: Theme.accent
            selectedTextColor: Theme.accentInk
            font.family: Theme.sans
            font.pixelSize: 15
            placeholderText: composer.chat.busy ? qsTr("Write ahead: send it when the answer is done")
                           : composer.loading ? qsTr("Ask: it starts as soon as the model is loaded")
                           : composer.model.name.length > 0 ? qsTr("Ask %1").arg(composer.model.name) : qsTr("Open a model, then ask")
            placeholderTextColor: Theme.faint
            background: null
            Accessible.name: qsTr("Your question")
            Keys.onPressed: (event) => {
                if (event.key !== Qt.Key_Return && event.key !== Qt.Key_Enter) return;
                if (event.modifiers & Qt.ShiftModifier) {
                    field.insert(field.cursorPosition, "\n");
                } else {
                    composer.send();
                }
                event.accepted = true;
            }
        }
    }
    RowLayout {
        anchors { left: box.left; right: box.right; bottom: box.bottom; leftMargin: 14; rightMargin: 10; bottomMargin: 10 }
        spacing: 6
        Chip {
            id: modelChip
            objectName: "modelChip"
            icon_: "layers"
            text: composer.model.name.length > 0 ? composer.model.name : qsTr("Open a model")
            detail: composer.model.status === ModelLoader.Loading ? Math.round(composer.model.progress * 100) + " %" : composer.model.quantization
            progress: composer.model.status === ModelLoader.Loading ? composer.model.progress : -1
            onClicked: menu.opened ? menu.close() : menu.open()
            ModelMenu {
                id: menu
                model: composer.model
                y: -height - 8
                onFileWanted: composer.fileWanted()
            }
        }
        Chip {
            icon_: "think"
            menu: false
            text: composer.chat.think ? qsTr("Think freely") : qsTr("Answer at once")
            onClicked: composer.chat.think = !composer.chat.think
        }
        Item { Layout.fillWidth: true }
        MonoText {
            visible: composer.model.context > 0
            text: composer.chat.contextUsed.toLocaleString(Qt.locale(), "f", 0) + " / " + composer.model.context.toLocaleString(Qt.locale(), "f", 0)
            Accessible.name: qsTr("Context used: %1").arg(text)
        }
        Ring {
            visible: composer.model.context > 0
            Layout.preferredWidth: 20
            Layout.preferredHeight: 20
            Layout.rightMargin: 4
            value: composer.model.context > 0 ? composer.chat.contextUsed / composer.model.context : 0
            color: value >= 0.9 ? Theme.danger : value >= 0.7 ? Theme.warn : Theme.accent
            track: Theme.sel
        }
        AbstractButton {
            id: sendButton
            objectName: "sendButton"
            implicitWidth: 36
            implicitHeight: 36
            focusPolicy: Qt.StrongFocus
            enabled: composer.stoppable || field.text.trim().length > 0
            text: composer.stoppable ? qsTr("Stop") : qsTr("Send")
            Accessible.name: text
            Accessible.role: Accessible.Button
            onClicked: composer.stoppable && (composer.chat.busy || field.text.trim().length === 0) ? composer.stop() : composer.send()
            background: Rectangle {
                radius: 10
                color: composer.stoppable ? Theme.text : sendButton.enabled ? Theme.accent : Theme.sel
                FocusRing { target: sendButton; visible: sendButton.visualFocus }
            }
            contentItem: Item {
                Icon {
                    anchors.centerIn: parent
                    size: 18
                    name: composer.stoppable ? "stop" : "send"
                    color: composer.stoppable ? Theme.bg : sendButton.enabled ? Theme.accentInk : Theme.faint
                }
            }
        }
    }
    function stop() {
        if (composer.chat.busy) composer.chat.stop();
        else composer.model.cancel();
    }
}
