import QtQuick
import Ponder.App
import Ponder.Ui

// One row of the transcript, whatever it is, in the column where one reads.
RowData {
    id: self
    height: gap + (loader.item ? (loader.item as Item).implicitHeight : 0)
    // Where the current hit stands, from the top of the row; -1: not here.
    function hitTop(): real {
        const line = marks ? marks.lineIn(self) : Qt.rect(0, 0, 0, 0);
        return line.height > 0 ? line.y : -1;
    }
    function hitBottom(): real {
        const line = marks ? marks.lineIn(self) : Qt.rect(0, 0, 0, 0);
        return line.height > 0 ? line.y + line.height : -1;
    }
    TapHandler { acceptedButtons: Qt.RightButton; onTapped: if (self.kind !== ChatModel.NoticeRow) self.menuWanted(null) }
    Loader {
        id: loader
        readonly property int column: Math.min(Theme.columnWidth, self.width - 48)
        // By file and not by component: a Loader of Qt 6.4 cannot make bound ones.
        readonly property string file: {
            switch (self.kind) {
            case ChatModel.Question: return "QuestionRow.qml";
            case ChatModel.Thought: return "ThoughtRow.qml";
            case ChatModel.Part: return "PartRow.qml";
            case ChatModel.Code: return "CodeRow.qml";
            case ChatModel.Table: return "TableRow.qml";
            case ChatModel.Rule: return "RuleRow.qml";
            case ChatModel.Formula: return "FormulaRow.qml";
            case ChatModel.NoticeRow: return "NoticeRow.qml";
            case ChatModel.Footer: return "FooterRow.qml";
            default: return "TextRow.qml";
            }
        }
        x: Math.round((self.width - column) / 2)
        y: self.gap
        width: column
        onFileChanged: if (item) { self.marks = null; setSource(file, { row: self }); }
        Component.onCompleted: setSource(file, { row: self })
    }
}
