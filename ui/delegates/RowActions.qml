import QtQuick
import Ponder.App

// What the rows of a transcript may ask for, and what they share: which question is being edited.
QtObject {
    required property ChatController chat
    readonly property ChatModel transcript: chat.transcript
    property double editing: 0 // message, 0: none
    signal statisticsWanted(double message)
    signal exportWanted(double message)
    signal rowWanted(int row) // into view
    signal menuWanted(Item row, Item under) // under: null where the pointer is
    signal editEnded
    function edit(message: double) {
        if (!chat.busy) editing = message;
    }
    function endEdit() {
        editing = 0;
        editEnded();
    }
}
