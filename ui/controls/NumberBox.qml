import QtQuick
import Ponder.Ui

// A number to be typed, in the language's way of writing numbers. What is not between the limits comes back to them.
Field {
    property double value: 0
    property double least: 0
    property double most: 1
    property int decimals: 0
    property double step: decimals > 0 ? 0.05 : 1
    property string name: ""
    signal entered(double value)
    implicitWidth: Theme.px(96)
    font.family: Theme.mono
    horizontalAlignment: TextInput.AlignRight
    inputMethodHints: Qt.ImhFormattedNumbersOnly
    Accessible.name: name
    function shown(number: double): string { return Number(number).toLocaleString(Qt.locale(), "f", decimals); }
    function enter(number: double) {
        const scale = Math.pow(10, decimals);
        const kept = Math.round(Math.min(most, Math.max(least, number)) * scale) / scale;
        if (kept !== value) entered(kept);
        text = written;
    }
    property string written: qsTr("%1", "a number").arg(shown(value)) // again in the way of another language, when it changes
    text: written
    onWrittenChanged: text = written
    onEditingFinished: {
        if (text === written) return; // only passed through
        let number = NaN;
        try { number = Number.fromLocaleString(Qt.locale(), text); } catch (error) { number = Number(text); }
        enter(isNaN(number) ? value : number);
    }
    Keys.onUpPressed: enter(value + step)
    Keys.onDownPressed: enter(value - step)
}
