import QtQuick
import QtQuick.Dialogs
import Ponder.App

FileDialog {
    required property ModelLoader model
    title: qsTr("Open a model")
    nameFilters: [qsTr("Models (*.gguf)"), qsTr("All files (*)")]
    onAccepted: model.openUrls([selectedFile])
}
