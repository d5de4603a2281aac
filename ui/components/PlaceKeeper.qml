import QtQuick
import Ponder.App
import Ponder.Ui

// Says where a conversation is read when it is left, and goes there when it is opened again.
Item {
    id: keeper
    required property ChatController chat
    required property Transcript view
    Connections {
        target: keeper.chat
        function onPlaceAsked() {
            const view = keeper.view;
            const at = view.following || view.atEnd ? -1 : view.indexAt(view.width / 2, view.contentY + 1);
            const row = at < 0 ? null : view.itemAtIndex(at);
            keeper.chat.readAt(row ? at : -1, row ? (view.contentY - row.y) / Math.max(1, row.height) : 0);
        }
        function onPlaceWanted(row: int, part: double) {
            const view = keeper.view;
            view.following = false;
            view.settling = true;
            view.positionViewAtIndex(row, ListView.Beginning);
            view.forceLayout();
            const item = view.itemAtIndex(row);
            if (item) view.contentY = Math.max(view.originY, Math.min(item.y + part * item.height, view.lowest));
            view.settling = false;
            view.hold();
        }
    }
}
