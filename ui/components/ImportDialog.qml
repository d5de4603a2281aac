import Ponder.App

OpenDialog {
    required property Application app
    model: app.model
    title: qsTr("Import conversations")
    nameFilters: [qsTr("Conversations of Ponder (*.json)"), qsTr("All files (*)")]
    opens: false
    onAccepted: app.exporter.importFile(selectedFile)
}
