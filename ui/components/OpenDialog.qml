import QtQuick
import QtQuick.Dialogs
import Ponder.App

FileDialog {
    required property ModelLoader model
    property string missing: "" // the place of a model that was moved and is to be found
    property bool opens: true   // false: whoever derives from this takes the file
    title: missing.length > 0 ? qsTr("Where is %1 now?").arg(missing) : qsTr("Open a model")
    nameFilters: [qsTr("Models (*.gguf)"), qsTr("All files (*)")]
    onAccepted: {
        if (!opens) return;
        if (missing.length > 0) model.locate(missing, selectedFile);
        else model.openUrls([selectedFile]);
    }
}
