import QtQuick
import QtQuick.Layouts
import Ponder.App
import Ponder.Ui

ColumnLayout {
    id: page
    required property Application app
    readonly property Settings settings: app.settings
    spacing: 18
    UiText {
        Layout.fillWidth: true
        text: qsTr("Of the next answer on. The values to begin with are those that DeepSeek recommends for R1.")
        color: Theme.muted
        wrapMode: Text.WordWrap
    }
    SettingRow {
        name: qsTr("Temperature")
        hint: qsTr("0 always takes the likeliest token.")
        NumberBox { objectName: "temperatureBox"; name: qsTr("Temperature"); value: page.settings.temperature; most: 2; decimals: 2; onEntered: (value) => page.settings.temperature = value }
    }
    SettingRow {
        name: qsTr("Top-p")
        hint: qsTr("The likeliest tokens that make up this share; 1 takes all.")
        NumberBox { name: qsTr("Top-p"); value: page.settings.topP; decimals: 2; onEntered: (value) => page.settings.topP = value }
    }
    SettingRow {
        name: qsTr("Top-k")
        hint: qsTr("At most so many tokens; 0 sets no limit.")
        NumberBox { name: qsTr("Top-k"); value: page.settings.topK; most: 1000; onEntered: (value) => page.settings.topK = value }
    }
    SettingRow {
        name: qsTr("Min-p")
        hint: qsTr("Leaves out what is less likely than this share of the likeliest.")
        NumberBox { name: qsTr("Min-p"); value: page.settings.minP; decimals: 2; step: 0.01; onEntered: (value) => page.settings.minP = value }
    }
    SettingRow {
        name: qsTr("Repetition penalty")
        hint: qsTr("1 is none.")
        NumberBox { name: qsTr("Repetition penalty"); value: page.settings.repetitionPenalty; least: 1; most: 2; decimals: 2; onEntered: (value) => page.settings.repetitionPenalty = value }
    }
    SettingRow {
        name: qsTr("Longest answer")
        hint: qsTr("In tokens, the thought included.")
        NumberBox { objectName: "longestBox"; name: qsTr("Longest answer"); value: page.settings.maxTokens; least: 16; most: 1048576; step: 1024; onEntered: (value) => page.settings.maxTokens = value }
    }
    SettingRow {
        name: qsTr("Fixed seed")
        hint: qsTr("The same model, question and settings then give the same answer.")
        NumberBox { name: qsTr("Seed"); enabled: page.settings.seedFixed; value: page.settings.seed; most: 2147483647; onEntered: (value) => page.settings.seed = value }
        Toggle { objectName: "seedToggle"; name: qsTr("Fixed seed"); checked: page.settings.seedFixed; onToggled: page.settings.seedFixed = checked }
    }
    PushButton { objectName: "resetSampling"; icon_: "back"; text: qsTr("As recommended"); onClicked: page.settings.resetSampling() }
}
