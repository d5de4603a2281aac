import QtQuick
import QtTest

// What the tests of everything around the conversation share: ways to what is in the window.
WindowCase {
    id: test
    reducedMotion: true
    refused: "QQml|qrc:|file:|Ambiguous"
    readonly property Faults faults: Faults { window: test.window }

    function open(script, tokensPerSecond) {
        start(script, tokensPerSecond);
        if (script === "tour") tryVerify(() => list().count > 5 && app.chat.transcript.count > 0, 20000);
    }
    function find(name) { return findChild(window.contentItem, name); }
    function item(name) { const found = find(name); verify(found, name); return found; }
    function list() { return item("conversations"); }
    function findAll(root, wanted) { return faults.findAll(root, wanted); }
    function popup(name) { // of those that have been opened before
        const made = findAll(window.contentItem, it => it.item !== undefined && it.item && it.item.objectName === name && it.item.opened !== undefined);
        return made.length > 0 ? made[0].item : null;
    }
    function shown(name) { const it = popup(name); return it !== null && it.visible; }
    function chatAt(row) { const model = app.chat.conversations; return model.data(model.index(row, 0), 257); }
    function titleAt(row) { const model = app.chat.conversations; return model.data(model.index(row, 0), 258); }
    function type(text) { for (const c of text) keyClick(c); }
    // A heading that is used again for other rows says what stands below it then.
    function headed(list, name) {
        const all = [];
        for (let row = 0; row < list.count; ++row) {
            const it = list.itemAtIndex(row);
            if (it && it.ListView.section !== (row > 0 ? list.itemAtIndex(row - 1)?.ListView.section : "")) all.push(it.ListView.section.split("|")[0]);
        }
        const said = findAll(list.contentItem, it => it.objectName === name && it.parent.visible).sort((a, b) => a.mapToItem(list, 0, 0).y - b.mapToItem(list, 0, 0).y).map(it => it.text);
        return all.length > 0 && JSON.stringify(all) === JSON.stringify(said) ? "" : JSON.stringify(said) + " over " + JSON.stringify(all);
    }
}
