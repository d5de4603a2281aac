import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Ponder.App
import Ponder.Ui

ColumnLayout {
    id: page
    required property Application app
    readonly property Settings settings: app.settings
    readonly property var languages: ["", "en", "de"]
    spacing: 22
    SettingRow {
        name: qsTr("Colours")
        Segments {
            objectName: "themeSegments"
            Layout.fillWidth: true
            Layout.preferredWidth: natural
            name: qsTr("Colours")
            names: [qsTr("System"), qsTr("Light"), qsTr("Dark")]
            current: page.settings.theme
            onChosen: (index) => page.settings.theme = index
        }
    }
    SettingRow {
        name: qsTr("High contrast")
        hint: qsTr("Black on white or white on black, with outlines in place of tints.")
        Toggle { objectName: "contrastToggle"; name: qsTr("High contrast"); checked: page.settings.highContrast; onToggled: page.settings.highContrast = checked }
    }
    SettingRow {
        name: qsTr("Size of text")
        hint: qsTr("Everything grows with it.")
        ValueSlider {
            objectName: "scaleSlider"
            Layout.fillWidth: true
            Layout.preferredWidth: Theme.px(180)
            name: qsTr("Size of text")
            from: 80
            to: 200
            stepSize: 10
            snapMode: Slider.SnapAlways
            value: page.settings.fontScale * 100
            onPressedChanged: if (!pressed) page.settings.fontScale = value / 100
            onMoved: if (!pressed) page.settings.fontScale = value / 100
        }
        MonoText { text: Math.round(page.settings.fontScale * 100) + " %"; Layout.preferredWidth: Theme.px(44); horizontalAlignment: Text.AlignRight }
    }
    SettingRow {
        name: qsTr("Less motion")
        hint: qsTr("Nothing fades, slides or breathes.")
        Toggle { name: qsTr("Less motion"); checked: page.settings.reducedMotion; onToggled: page.settings.reducedMotion = checked }
    }
    SettingRow {
        name: qsTr("Language")
        Choice {
            objectName: "languageChoice"
            Layout.fillWidth: true
            Layout.preferredWidth: Theme.px(200)
            name: qsTr("Language")
            model: [{ text: qsTr("System"), value: "" }, { text: "English", value: "en" }, { text: "Deutsch", value: "de" }]
            currentIndex: page.languages.indexOf(page.settings.language)
            onActivated: (index) => page.settings.language = page.languages[index]
        }
    }
    SettingRow {
        name: qsTr("Follow an answer to its end")
        hint: qsTr("Scrolling up stops that until you are at the end again.")
        Toggle { name: qsTr("Follow an answer to its end"); checked: page.settings.followEnd; onToggled: page.settings.followEnd = checked }
    }
}
