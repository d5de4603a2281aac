import QtQuick
import Ponder.App
import Ponder.Ui

// The hits of the find bar in the text of one row.
HitMarks {
    id: marks
    required property RowData row
    readonly property FindModel find: row.transcript.find
    query: find.query
    current: find.currentRow === row.index ? find.currentOrdinal : -1
    mark: Theme.mark
    markCurrent: Theme.markOn
    ink: Theme.text
    Component.onCompleted: row.marks = marks
}
