import QtQuick
import Ponder.Ui

// Text of the interface, plain unless said otherwise: nothing in it is ever read as markup.
Text {
    color: Theme.text2
    font.family: Theme.sans
    font.pixelSize: Theme.uiSize
    textFormat: Text.PlainText
    // Lines that wrap are further apart: 13 on 20, 12 on 18. Not by a binding, for the number of lines depends on it.
    property bool airy: wrapMode !== Text.NoWrap && lineHeightMode === Text.ProportionalHeight
    property bool spacing: false
    onLineCountChanged: {
        if (!airy || spacing) return;
        spacing = true;
        lineHeight = lineCount > 1 ? 1.25 : 1;
        spacing = false;
    }
    Accessible.role: Accessible.StaticText
    Accessible.name: text
}
