import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.App
import Ponder.Ui

// Where one writes. The send button becomes stop in the same place while an answer comes or a model loads; what is sent
// meanwhile waits for its end.
Item {
    id: composer
    required property Application app
    readonly property ChatController chat: app.chat
    readonly property ModelLoader model: app.model
    readonly property bool loading: model.status === ModelLoader.Loading || model.status === ModelLoader.Checking || model.status === ModelLoader.Cancelling
    readonly property bool stoppable: chat.busy || loading
    readonly property int most: 100000 // characters of a question
    property bool queued: false // sent when the answer is done
    property string refusal: "" // why something was not pasted
    property alias text: field.text
    readonly property bool empty: field.length === 0
    readonly property int used: chat.contextUsed + Math.max(0, chat.draftTokens)
    readonly property double fullness: model.context > 0 ? used / model.context : 0
    signal fileWanted
    signal editWanted // of the last question
    function focusField() { field.forceActiveFocus(); }
    function send() {
        if (field.text.trim().length === 0) return;
        if (chat.busy) { queued = true; return; }
        queued = false;
        if (chat.ask(field.text)) field.clear();
    }
    function stop() {
        queued = false;
        if (chat.busy) chat.stop();
        else model.cancel();
    }
    // A run without a place to break at costs its length squared at every key: such text breaks anywhere.
    function wrapFor(words: string) { if (/[!-~]{1000}/.test(words)) field.wrapMode = TextEdit.WrapAnywhere; }
    function put(words: string) {
        wrapFor(words);
        field.text = words;
    }
    function paste(selection: bool) {
        const length = board.length(selection);
        const room = most - field.length + (selection ? 0 : field.selectionEnd - field.selectionStart);
        if (length > room) {
            refusal = qsTr("The text has %1 characters and a question holds %2: paste a part of it.")
                .arg(length.toLocaleString(Qt.locale(), "f", 0)).arg(most.toLocaleString(Qt.locale(), "f", 0));
            return;
        }
        refusal = "";
        wrapFor(board.text(selection));
        if (selection) field.insert(field.cursorPosition, board.text(true));
        else field.paste();
    }
    implicitWidth: Theme.composerWidth
    implicitHeight: box.height
    Pasteboard { id: board }
    Timer { id: ahead; interval: 0; onTriggered: if (composer.queued) composer.send() }
    Connections {
        target: composer.chat
        function onStateChanged() {
            if (composer.queued && !composer.chat.busy) ahead.restart();
        }
        function onDraftChanged() {
            if (field.text === composer.chat.draft) return;
            composer.put(composer.chat.draft);
            field.cursorPosition = field.length;
        }
    }
    Component.onCompleted: put(chat.draft)

    Rectangle {
        id: box
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        height: Math.min(field.contentHeight + 12, 8 * field.line + 12) + Theme.px(66)
        radius: Theme.radiusLarge
        color: Theme.raised
        border.width: field.activeFocus ? 2 : Theme.softOutline
        border.color: field.activeFocus ? Theme.accent : Theme.border
        FloatShadow { visible: !Theme.dark }
    }
    ScrollView {
        anchors { left: box.left; right: box.right; top: box.top; leftMargin: 16; rightMargin: 10; topMargin: 10 }
        height: box.height - Theme.px(62)
        ScrollBar.horizontal.policy: ScrollBar.AlwaysOff
        TextArea {
            id: field
            objectName: "composerField"
            readonly property real line: metrics.lineSpacing
            padding: 0
            topPadding: 6
            bottomPadding: 6
            wrapMode: TextEdit.Wrap
            textFormat: TextEdit.PlainText
            color: Theme.text
            selectionColor: Theme.accent
            selectedTextColor: Theme.accentInk
            font.family: Theme.sans
            font.pixelSize: Theme.fieldSize
            placeholderText: composer.chat.busy ? qsTr("Write ahead: it is sent when the answer is done")
                           : composer.loading ? qsTr("Ask: it starts as soon as the model is loaded")
                           : composer.model.name.length === 0 ? qsTr("Open a model, then ask")
                           : composer.chat.questions > 0 ? qsTr("Ask, or press Up to edit your last question")
                           : qsTr("Ask %1").arg(composer.model.name)
            placeholderTextColor: Theme.faint
            background: null
            Accessible.name: qsTr("Your question")
            Accessible.description: placeholderText
            onTextChanged: {
                if (length > composer.most) remove(composer.most, length);
                if (length === 0) {
                    composer.queued = false;
                    wrapMode = TextEdit.Wrap;
                }
                composer.refusal = "";
                composer.chat.draft = text;
            }
            Keys.onPressed: (event) => {
                if (event.matches(StandardKey.Paste)) {
                    composer.paste(false);
                } else if (event.key === Qt.Key_Up && field.length === 0) {
                    composer.editWanted();
                } else if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter) {
                    if (event.modifiers & Qt.ShiftModifier) field.insert(field.cursorPosition, "\n");
                    else composer.send();
                } else return;
                event.accepted = true;
            }
            FontMetrics { id: metrics; font: field.font }
            MouseArea { // over the field's own handling, which would paste whatever it is
                anchors.fill: parent
                acceptedButtons: Qt.MiddleButton
                cursorShape: Qt.IBeamCursor
                onClicked: (mouse) => {
                    field.forceActiveFocus();
                    field.cursorPosition = field.positionAt(mouse.x, mouse.y);
                    composer.paste(true);
                }
            }
        }
    }
    RowLayout {
        anchors { left: box.left; right: box.right; bottom: box.bottom; leftMargin: 14; rightMargin: 10; bottomMargin: 10 }
        spacing: 6
        Chip {
            objectName: "modelChip"
            icon_: "layers"
            text: composer.model.name.length > 0 ? composer.model.name : qsTr("Open a model")
            detail: composer.width < Theme.px(340) || composer.model.name.length === 0 ? "" : composer.model.status === ModelLoader.Loading ? Math.round(composer.model.progress * 100) + " %" : composer.model.quantization
            progress: composer.model.status === ModelLoader.Loading ? composer.model.progress : -1
            onClicked: menu.opened ? menu.close() : menu.open()
            Layout.minimumWidth: Theme.px(64)
            Layout.fillWidth: true
            Layout.maximumWidth: implicitWidth
            ModelMenu {
                id: menu
                model: composer.model
                y: -height - 8
                onFileWanted: composer.fileWanted()
            }
        }
        Chip {
            objectName: "thinkChip"
            icon_: "think"
            menu: false
            compact: composer.width < Theme.px(420)
            text: composer.chat.think ? qsTr("Think freely") : qsTr("Answer at once")
            onClicked: composer.chat.think = !composer.chat.think
        }
        Item { Layout.fillWidth: true }
        MonoText {
            objectName: "contextCount"
            visible: composer.model.context > 0 && composer.width > Theme.px(520)
            text: composer.used.toLocaleString(Qt.locale(), "f", 0) + " / " + composer.model.context.toLocaleString(Qt.locale(), "f", 0)
            color: ring.warned ? ring.color : Theme.muted
            Accessible.name: qsTr("Context used: %1 tokens").arg(text)
        }
        Ring {
            id: ring
            objectName: "contextRing"
            readonly property bool warned: value >= 0.7
            visible: composer.model.context > 0
            Layout.preferredWidth: Theme.px(20)
            Layout.preferredHeight: Theme.px(20)
            Layout.rightMargin: 4
            value: composer.fullness
            color: value >= 0.9 ? Theme.danger : value >= 0.7 ? Theme.warn : Theme.accent
            track: Theme.sel
        }
        AbstractButton {
            id: sendButton
            objectName: "sendButton"
            readonly property bool stops: composer.stoppable && (composer.chat.busy || composer.empty)
            implicitWidth: Theme.px(36)
            implicitHeight: Theme.px(36)
            focusPolicy: Qt.StrongFocus
            enabled: composer.stoppable || field.text.trim().length > 0
            text: stops ? qsTr("Stop") : qsTr("Send")
            Accessible.name: text
            Accessible.role: Accessible.Button
            onClicked: stops ? composer.stop() : composer.send()
            background: Rectangle {
                radius: 10
                color: sendButton.stops ? Theme.text : sendButton.enabled ? Theme.accent : Theme.sel
                FocusRing { target: sendButton; visible: sendButton.visualFocus }
            }
            contentItem: Item {
                Icon {
                    anchors.centerIn: parent
                    size: Theme.px(18)
                    name: sendButton.stops ? "stop" : "send"
                    color: sendButton.stops ? Theme.bg : sendButton.enabled ? Theme.accentInk : Theme.faint
                }
            }
            Tip { visible: sendButton.hovered; text: sendButton.stops ? qsTr("Stop  Esc") : qsTr("Send  Enter") }
        }
    }
}
