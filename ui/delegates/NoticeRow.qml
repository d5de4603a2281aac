import QtQuick
import Ponder.Ui

NoticeCard {
    required property TranscriptRow row
    title: row.title
    body: row.text
    button: row.button
    grave: row.grave
    dismissable: false
    onActed: row.acted()
}
