import QtQuick
import Ponder.App
import Ponder.Ui

// What the model says about a row of the transcript, and what its delegate may ask for.
Item {
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
    required property var prose
    required property string source
    required property var cells
    required property int columns
    required property var alignments
    required property int phase
    required property int shown
    required property string label
    required property string clock
    required property string detail
    required property double progress
    required property string title
    required property string button
    required property bool grave
    required property double message
    required property int sibling
    required property int siblings
    required property var steps
    required property int step
    required property bool stopped
    required property ChatModel transcript
    required property RowActions actions
    readonly property bool last: index === transcript.count - 1
    property HitMarks marks: null // of the text in it, where there is one
    signal linkChosen(string link)
    signal copyWanted
    signal acted
    function menuWanted(under: Item) { actions.menuWanted(this, under); }
    signal reused // it shows another row now
}
