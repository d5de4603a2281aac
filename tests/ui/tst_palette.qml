import QtQuick
import QtTest

// The palette and the table of keys: what is found, under which headings, and which keys do what.
ShellCase {
    name: "Palette"

    function test_palette() {
        open("tour");
        item("composerField").forceActiveFocus();
        keyClick(Qt.Key_K, Qt.ControlModifier);
        tryVerify(() => shown("palette"), 5000);
        verify(app.palette.count > 6);
        type("settings");
        tryVerify(() => app.palette.query === "settings", 5000);
        const rows = findAll(popup("palette").contentItem, it => it.objectName === "paletteList")[0];
        tryVerify(() => rows.count > 0, 5000);
        let at = -1;
        for (let row = 0; row < app.palette.count; ++row) if (app.palette.data(app.palette.index(row, 0), 261) === "Settings") at = row;
        verify(at >= 0);
        for (let i = 0; i < at; ++i) keyClick(Qt.Key_Down);
        compare(rows.currentIndex, at);
        keyClick(Qt.Key_Return);
        tryVerify(() => shown("settingsSheet"), 5000);
        verify(!shown("palette"));
    }
    function test_palette_filters() {
        open("tour");
        keyClick(Qt.Key_K, Qt.ControlModifier);
        tryVerify(() => shown("palette"), 5000);
        type("class");
        for (const filter of ["in:thought class", "in:answer class", "in:question class", "in:title class", "class"]) {
            keyClick(Qt.Key_Tab);
            compare(app.palette.query, filter);
        }
        keyClick(Qt.Key_Escape);
        tryVerify(() => !shown("palette"), 5000);
        compare(app.palette.query, "");
    }
    function test_headings() {
        open("search");
        tryVerify(() => list().count > 5, 10000);
        keyClick(Qt.Key_K, Qt.ControlModifier);
        tryVerify(() => shown("palette"), 5000);
        const rows = findAll(popup("palette").contentItem, it => it.objectName === "paletteList")[0];
        for (const query of ["class", "天空", "in:thought the", "xyzzy plugh", "set", "天空", ""]) {
            app.palette.query = query;
            tryVerify(() => !app.palette.searching, 5000);
            tryVerify(() => headed(rows, "paletteHeading") === "", 5000, query + ": " + headed(rows, "paletteHeading"));
        }
    }
    // No two acts of the window have the same keys, and every key of the table opens what it says.
    function test_keys() {
        open("tour");
        const seen = {};
        for (const row of app.commands.rows.filter(row => row.shortcut))
            for (const keys of row.keys) {
                verify(!seen[keys], keys + ": " + row.text + " and " + seen[keys]);
                seen[keys] = row.text;
            }
        keyClick(Qt.Key_F1);
        tryVerify(() => shown("keysSheet"), 5000);
        const names = findAll(popup("keysSheet").contentItem, it => it.objectName === "keyName").map(it => it.text);
        compare(names.length, app.commands.rows.filter(row => row.keys.length > 0).length);
        keyClick(Qt.Key_Escape);
        tryVerify(() => !shown("keysSheet"), 5000);
        keyClick(Qt.Key_Slash, Qt.ControlModifier);
        tryVerify(() => shown("keysSheet"), 5000);
    }
}
