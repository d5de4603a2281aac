import QtQuick
import Ponder.App
import Ponder.Ui

// One row of the transcript, whatever it is, in the column where one reads.
Item {
    id: self
    required property int index
    required property int kind
    required property string text
    required property int gap
    required property int level
    required property int indent
    required property int quote
    required property string marker
    required property int task
    required property string language
    required property var cells
    required property int columns
    required property var alignments
    required property int phase
    required property bool open
    required property string label
    required property string clock
    required property string detail
    required property double progress
    required property string title
    required property string button
    required property bool grave
    required property var message
    required property ChatModel transcript
    readonly property bool last: index === transcript.count - 1
    signal linkChosen(string link)
    signal copyWanted
    signal againWanted
    signal acted

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
