pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Window
import Ponder.App
import Ponder.Ui

ApplicationWindow {
    id: window
    required property Application app
    readonly property bool sidebarShown: app.settings.sidebar && width >= 760
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
        visible: window.sidebarShown
        width: Theme.sidebarWidth
        anchors { left: parent.left; top: parent.top; bottom: parent.bottom }
        app: window.app
        onHideWanted: window.app.settings.sidebar = false
    }
    TopBar {
        id: bar
        anchors { left: sidebar.visible ? sidebar.right : parent.left; right: parent.right; top: parent.top }
        app: window.app
        sidebarShown: sidebar.visible
        onSidebarWanted: window.app.settings.sidebar = true
    }
    ChatPage {
        id: page
        anchors { left: bar.left; right: parent.right; top: bar.bottom; bottom: parent.bottom }
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
            window.app.model.openUrls(event.urls);
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

    function openFile() {
        // Made when it is first wanted: it is slow to come. Where the desktop has no file dialog Qt uses its own, and
        // without the module below that would end the program.
        if (!fileDialog.item && !app.model.canChooseFiles()) return;
        if (!fileDialog.item) fileDialog.setSource("components/OpenDialog.qml", { model: window.app.model });
        (fileDialog.item as OpenDialog).open();
    }
    Loader { id: fileDialog }
    Connections {
        target: window.app.model
        function onFileWanted() { window.openFile(); }
    }

    Shortcut { sequence: "Ctrl+O"; onActivated: window.openFile() }
    Shortcut { sequence: "Ctrl+N"; onActivated: { window.app.chat.newConversation(); page.composer.focusField(); } }
    Shortcut { sequence: "Ctrl+B"; onActivated: window.app.settings.sidebar = !window.app.settings.sidebar }
    Shortcut { sequence: "Ctrl+T"; onActivated: window.app.chat.transcript.toggleLastThought() }
    Shortcut { sequence: "Esc"; enabled: page.composer.stoppable; onActivated: page.composer.stop() }
    Shortcut { sequence: "Ctrl+Q"; onActivated: window.close() }
}
