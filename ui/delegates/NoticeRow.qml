import QtQuick
import Ponder.Ui

NoticeCard {
    required property RowData row
    title: row.title
    body: row.text
    button: row.button
    grave: row.grave
    dismissable: false
    onActed: row.acted()
}
