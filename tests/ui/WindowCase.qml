import QtQuick
import QtTest
import Ponder.App

// The real window on a script, which a test opens and which is gone behind it.
TestCase {
    when: windowShown
    property int windowWidth: 0 // 0: as the window itself chooses, and its height
    property int windowHeight: 0
    property bool reducedMotion: false
    property string refused: "QQml|qrc:|file:" // a pattern of warnings that fail a test
    property var window: null
    property var app: null

    function init() { failOnWarning(new RegExp(refused)); }
    function start(script, tokensPerSecond) {
        app = bench.start(script, tokensPerSecond ?? 0);
        const component = Qt.createComponent("qrc:/qt/qml/Ponder/Ui/Main.qml");
        compare(component.status, Component.Ready, component.errorString());
        window = component.createObject(null, windowWidth > 0 ? { app: app, width: windowWidth, height: windowHeight } : { app: app });
        verify(window);
        if (reducedMotion) app.settings.reducedMotion = true;
        window.requestActivate();
        tryVerify(() => window.active, 10000);
    }
    function open(script, tokensPerSecond) { start(script, tokensPerSecond); }
    function loaded() { tryVerify(() => app.model.status === ModelLoader.Loaded, 20000); }
    function cleanup() {
        if (window) window.destroy();
        window = null;
        wait(0);
        bench.end();
    }
}
