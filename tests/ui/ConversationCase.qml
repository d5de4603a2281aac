import QtQuick
import QtTest
import Ponder.App

// What the tests of a conversation share: the real window on a script, and ways to what is shown in it.
TestCase {
    id: test
    when: windowShown
    property int windowWidth: 1280
    property int windowHeight: 820
    property var window: null
    property var app: null
    readonly property var model: app ? app.chat.transcript : null

    function init() { failOnWarning(/QQml|qrc:|file:/); }
    function open(script, tokensPerSecond) {
        app = bench.start(script, tokensPerSecond ?? 0);
        const component = Qt.createComponent("qrc:/qt/qml/Ponder/Ui/Main.qml");
        compare(component.status, Component.Ready, component.errorString());
        window = component.createObject(null, { app: app, width: windowWidth, height: windowHeight });
        verify(window);
        window.requestActivate();
        tryVerify(() => window.active, 10000);
    }
    function cleanup() {
        if (window) window.destroy();
        window = null;
        wait(0);
        bench.end();
    }
    function found(name) { // what is shown, not what waits to be used again
        const seek = (item) => {
            if (!item.visible) return null;
            if (item.objectName === name) return item;
            for (let i = 0; i < item.children.length; ++i) {
                const hit = seek(item.children[i]);
                if (hit) return hit;
            }
            return null;
        };
        return seek(window.contentItem);
    }
    function item(name) { // a frame may be due before it is there
        tryVerify(() => found(name) !== null, 5000, name);
        return found(name);
    }
    function loaded() { tryVerify(() => app.model.status === ModelLoader.Loaded, 20000); }
}
