import QtQuick
import Ponder.Ui

// Text of the interface, plain unless said otherwise: nothing in it is ever read as markup.
Text {
    color: Theme.text2
    font.family: Theme.sans
    font.pixelSize: Theme.uiSize
    textFormat: Text.PlainText
    lineHeight: lineCount > 1 ? 1.25 : 1 // 13 on 20, 12 on 18
    Accessible.role: Accessible.StaticText
    Accessible.name: text
}
