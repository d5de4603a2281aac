import QtQuick
import QtQuick.Dialogs
import Ponder.Ui

// Where a block of code is to be saved.
FileDialog {
    required property string suffix
    signal chosen(file: url)
    title: qsTr("Save the code")
    fileMode: FileDialog.SaveFile
    defaultSuffix: suffix
    currentFile: "file:code." + suffix
    nameFilters: [qsTr("Code (*.%1)").arg(suffix), qsTr("All files (*)")]
    onAccepted: chosen(selectedFile)
}
