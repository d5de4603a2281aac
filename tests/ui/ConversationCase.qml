import QtQuick
import QtTest

// What the tests of a conversation share: ways to what is shown in the window.
WindowCase {
    windowWidth: 1280
    windowHeight: 820
    readonly property var model: app ? app.chat.transcript : null

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
}
