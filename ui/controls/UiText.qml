import QtQuick
import Ponder.Ui

// Text of the interface, plain unless said otherwise: nothing in it is ever read as markup.
Text {
    color: Theme.text2
    font.family: Theme.sans
    font.pixelSize: Theme.uiSize
    textFormat: Text.PlainText
    Accessible.role: Accessible.StaticText
    Accessible.name: text
}
