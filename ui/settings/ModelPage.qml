import QtQuick
import QtQuick.Layouts
import Ponder.App
import Ponder.Ui

ColumnLayout {
    id: page
    required property Application app
    readonly property Settings settings: app.settings
    readonly property var contexts: [0, 4096, 8192, 16384, 32768, 65536, 131072]
    readonly property var found: app.model.devices
    readonly property var devices: [{ id: "", name: qsTr("The best there is") }, ...found]
    readonly property int choiceWidth: Theme.px(300) // of all, so that they stand in one column
    spacing: 22
    UiText {
        Layout.fillWidth: true
        text: qsTr("From the next model on that is loaded.")
        color: Theme.muted
        wrapMode: Text.WordWrap
    }
    SettingRow {
        name: qsTr("Context")
        hint: qsTr("How much of a conversation the model sees. Automatic: at most 32,768 tokens, and what fits.")
        Choice {
            objectName: "contextChoice"
            Layout.fillWidth: true
            Layout.preferredWidth: page.choiceWidth
            name: qsTr("Context")
            model: page.contexts.map(tokens => ({ text: tokens === 0 ? qsTr("Automatic") : qsTr("%1 tokens").arg(Number(tokens).toLocaleString(Qt.locale(), "f", 0)), value: tokens }))
            currentIndex: Math.max(0, page.contexts.indexOf(page.settings.context))
            onActivated: (index) => page.settings.context = page.contexts[index]
        }
    }
    SettingRow {
        name: qsTr("Cache")
        hint: qsTr("8 bits: about half the memory, or 1.9 times the context. Answers change slightly. On the GPU only, and not for every model.")
        Choice {
            objectName: "cacheChoice"
            Layout.fillWidth: true
            Layout.preferredWidth: page.choiceWidth
            name: qsTr("Cache")
            model: [{ text: qsTr("16 bits"), value: Settings.F16 }, { text: qsTr("8 bits"), value: Settings.Q8 }]
            currentIndex: page.settings.cache
            onActivated: (index) => page.settings.cache = index
        }
    }
    SettingRow {
        name: qsTr("Device")
        Choice {
            objectName: "deviceChoice"
            Layout.fillWidth: true
            Layout.preferredWidth: page.choiceWidth
            name: qsTr("Device")
            model: page.devices.map(device => ({ text: device.memory ? device.name + ", " + device.memory : device.name, value: device.id }))
            currentIndex: Math.max(0, page.devices.findIndex(device => device.id === page.settings.device))
            onActivated: (index) => page.settings.device = page.devices[index].id
        }
    }
    SettingRow {
        name: qsTr("Show the plan before loading")
        Choice {
            Layout.fillWidth: true
            Layout.preferredWidth: page.choiceWidth
            name: qsTr("Show the plan before loading")
            model: [{ text: qsTr("When it does not fit the GPU wholly"), value: 0 }, { text: qsTr("Always"), value: 1 }, { text: qsTr("Never"), value: 2 }]
            currentIndex: page.settings.planWhen
            onActivated: (index) => page.settings.planWhen = index
        }
    }
}
