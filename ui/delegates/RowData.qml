import QtQuick
import Ponder.App

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
}
