pragma ComponentBehavior: Bound

import QtQuick
import Ponder.App
import Ponder.Ui

// One row of the transcript, whatever it is, in the column where one reads.
RowData {
    id: self
    height: gap + (loader.item ? (loader.item as Item).implicitHeight : 0)
    Loader {
        id: loader
        readonly property int column: Math.min(Theme.columnWidth, self.width - 48)
        x: Math.round((self.width - column) / 2)
        y: self.gap
        width: column
        sourceComponent: {
            switch (self.kind) {
            case ChatModel.Question: return question;
            case ChatModel.Thought: return thought;
            case ChatModel.Code: return code;
            case ChatModel.Table: return table;
            case ChatModel.Rule: return rule;
            case ChatModel.NoticeRow: return notice;
            case ChatModel.Footer: return footer;
            default: return block;
            }
        }
    }
    Component { id: question; QuestionRow { row: self } }
    Component { id: thought; ThoughtRow { row: self } }
    Component { id: block; TextRow { row: self } }
    Component { id: code; CodeRow { row: self } }
    Component { id: table; TableRow { row: self } }
    Component { id: rule; RuleRow { row: self } }
    Component { id: notice; NoticeRow { row: self } }
    Component { id: footer; FooterRow { row: self } }
}
