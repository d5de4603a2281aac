pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Window
import Ponder.App
import Ponder.Ui

// The window: what stands in it and where. What its commands do is in components/Actions.qml; sheets are made when they are
// first wanted, so that none of them delays the first frame.
ApplicationWindow {
    id: window
    required property Application app
    readonly property bool roomy: width >= Math.max(760, Theme.px(app.settings.sidebarWidth) + 480) // for the sidebar beside the page
    property var shown: 0 // the conversation
    property bool sidebarOver: false // it lies over the page, as long as one looks for a conversation
    onRoomyChanged: sidebarOver = false
    function turnSidebar() {
        if (roomy) {
            app.settings.sidebar = !app.settings.sidebar;
            return;
        }
        sidebarOver = !sidebarOver;
        if (sidebarOver) sidebar.list.forceActiveFocus(); else page.composer.focusField();
    }
    width: app.settings.width
    height: app.settings.height
    minimumWidth: 420
    minimumHeight: 420
    visible: true
    title: app.chat.title.length > 0 ? qsTr("%1 · Ponder").arg(app.chat.title) : qsTr("Ponder")
    color: Theme.bg
    onClosing: app.settings.keepSize(width, height)
    Component.onCompleted: page.composer.focusField()

    Binding { target: Theme; property: "scheme"; value: window.app.settings.theme }
    Binding { target: Theme; property: "highContrast"; value: window.app.settings.highContrast }
    Binding { target: Theme; property: "scale"; value: window.app.settings.fontScale }
    Binding { target: Theme; property: "still"; value: window.app.settings.reducedMotion }

    Sidebar {
        id: sidebar
        objectName: window.sidebarOver ? "sidebarOver" : "sidebar"
        visible: window.roomy ? window.app.settings.sidebar : window.sidebarOver
        z: window.roomy ? 0 : 3
        width: Math.min(implicitWidth, window.width - Theme.px(56))
        anchors { left: parent.left; top: parent.top; bottom: parent.bottom }
        app: window.app
        onActed: (command) => {
            if (command !== Commands.Sidebar) window.sidebarOver = false;
            actions.perform(command);
        }
        Keys.onEscapePressed: (event) => { if (window.sidebarOver) window.turnSidebar(); else event.accepted = false; }
    }
    Rectangle {
        objectName: "sidebarScrim"
        visible: window.sidebarOver
        z: 2
        anchors.fill: parent
        color: Theme.scrim
        MouseArea { // nothing below is pointed at
            anchors.fill: parent
            hoverEnabled: true
            onClicked: window.turnSidebar()
            onWheel: (wheel) => wheel.accepted = true
        }
    }
    TopBar {
        id: bar
        anchors { left: beside ? sidebar.right : parent.left; right: parent.right; top: parent.top }
        readonly property bool beside: window.roomy && sidebar.visible
        app: window.app
        sidebarShown: beside
        onRenameEnded: page.composer.focusField()
        onActed: (command) => actions.perform(command)
    }
    NoticeCard { // of the database's file
        id: warning
        readonly property Notice notice: window.app.storeNotice
        objectName: "storeNotice"
        visible: notice.shown
        anchors { left: bar.left; right: bar.right; top: bar.bottom; margins: 12 }
        height: visible ? implicitHeight : 0
        title: notice.title
        body: notice.text
        button: notice.button
        grave: notice.grave
        onActed: notice.act()
        onDismissed: notice.dismiss()
    }
    ChatPage {
        id: page
        anchors { left: bar.left; right: parent.right; top: warning.visible ? warning.bottom : bar.bottom; bottom: parent.bottom; topMargin: warning.visible ? 12 : 0 }
        app: window.app
        dropping: drop.containsDrag
        onFileWanted: window.openFile()
    }
    DropArea {
        id: drop
        anchors.fill: parent
        onEntered: (event) => event.accepted = event.hasUrls
        onDropped: (event) => {
            if (!event.hasUrls) return;
            event.accept(Qt.CopyAction);
            window.app.openFiles(event.urls);
        }
    }
    Rectangle { // what a drop would do, over the conversation
        visible: drop.containsDrag && window.app.chat.transcript.count > 0
        anchors.fill: page
        color: Qt.rgba(Theme.bg.r, Theme.bg.g, Theme.bg.b, 0.85)
        DropTarget {
            anchors.centerIn: parent
            width: Math.min(Theme.columnWidth, parent.width - 48)
            active: true
        }
    }
    Toast {
        id: toast
        room: page.width
        anchors { horizontalCenter: page.horizontalCenter; bottom: parent.bottom; bottomMargin: page.footHeight + 4 }
        z: 2
    }

    Actions {
        id: actions
        app: window.app
        page: page
        sidebar: sidebar
        bar: bar
        escapes: page.composer.stoppable && !page.ownEscape && sidebar.list.renamed === 0 && bar.renamed === 0 && !window.sidebarOver
        onSidebarWanted: window.turnSidebar()
        onPaletteWanted: (window.sheet(paletteLoader, "components/CommandPalette") as CommandPalette).openWith("")
        onTrashWanted: window.sheet(trashLoader, "components/TrashSheet").open()
        onSettingsWanted: window.sheet(settingsLoader, "settings/SettingsSheet").open()
        onKeysWanted: window.sheet(keysLoader, "components/KeysSheet").open()
        onModelWanted: window.openFile()
        onExportWanted: window.exportFrom(0)
        onImportWanted: window.choose("components/ImportDialog.qml", { app: window.app })
        onQuitWanted: window.close()
    }
    function sheet(loader: Loader, name: string): Popup {
        if (!loader.item) loader.setSource(name + ".qml", { app: app });
        return loader.item as Popup;
    }
    Loader { id: paletteLoader }
    Loader { id: trashLoader }
    Loader { id: settingsLoader }
    Loader { id: keysLoader }
    Loader { id: planLoader }
    Loader { id: exporting }
    Connections {
        target: exporting.item as ExportSheet
        function onWritten(path: string) { toast.show(qsTr("Written to %1").arg(path), ""); }
    }
    function exportFrom(message: double) { (sheet(exporting, "components/ExportSheet") as ExportSheet).ask(message); }

    // Dialogs are slow to come, so they are made when they are wanted. Where the desktop has none Qt uses its own, and
    // without the module that canChooseFiles() looks for, that would end the program.
    Loader { id: dialog }
    function choose(source: string, properties: var) {
        if (!app.model.canChooseFiles()) return;
        dialog.setSource(source, properties);
        (dialog.item as OpenDialog).open();
    }
    function openFile() { choose("components/OpenDialog.qml", { model: app.model }); }

    Connections {
        target: window.app.model
        function onFileWanted() { window.openFile(); }
        function onLocateWanted(path: string) { window.choose("components/OpenDialog.qml", { model: window.app.model, missing: path }); }
        function onChanged() { if (window.app.model.status === ModelLoader.Planned) window.sheet(planLoader, "components/PlanSheet").open(); }
    }
    Timer { id: later; property int command: -1; interval: 0; onTriggered: actions.perform(command) } // once the palette is gone
    Connections {
        target: window.app.palette
        function onCommandChosen(id: int) { later.command = id; later.start(); }
        function onQuestionWanted(text: string) {
            window.app.chat.newConversation();
            page.composer.text = text;
            page.composer.focusField();
        }
    }
    Connections {
        target: window.app.chat
        function onTrashedChanged() {
            if (window.app.chat.trashed.length > 0) toast.show(qsTr("“%1” is in the trash").arg(window.app.chat.trashed), qsTr("Undo"));
            else toast.hide();
        }
        function onConversationChanged() {
            if (window.sidebarOver && window.app.chat.chat !== window.shown) window.turnSidebar();
            window.shown = window.app.chat.chat;
        }
        function onTemporaryGone() { toast.show(qsTr("The temporary conversation is gone"), ""); }
    }
    Connections {
        target: page
        function onExportWanted(message: double) { window.exportFrom(message); }
    }
    Connections {
        target: toast
        function onActed() { window.app.chat.undoTrash(); }
    }
    Connections {
        target: window.app.exporter
        function onFailed(sentence: string) { if (!exporting.item || !(exporting.item as ExportSheet).visible) toast.show(sentence, ""); }
        function onImported() { toast.show(qsTr("The conversation is imported"), ""); }
    }
}
