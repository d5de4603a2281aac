import QtQuick
import QtTest
import Ponder.App
import Ponder.Ui

// Everything around the conversation: sidebar, trash, palette, settings, keys, themes; and that no text of any page is cut
// or lies on another, in each theme, at 100 % and 200 %, in a large window and in the smallest.
TestCase {
    id: test
    name: "Shell"
    when: windowShown
    property var window: null
    property var app: null
    Faults { id: faults; window: test.window }

    function init() { failOnWarning(/QQml|qrc:|file:|Ambiguous/); }
    function open(script) {
        app = bench.start(script);
        const component = Qt.createComponent("qrc:/qt/qml/Ponder/Ui/Main.qml");
        compare(component.status, Component.Ready, component.errorString());
        window = component.createObject(null, { app: app });
        verify(window);
        app.settings.reducedMotion = true;
        window.requestActivate();
        tryVerify(() => window.active, 10000);
        if (script === "tour") tryVerify(() => list().count > 5 && app.chat.transcript.count > 0, 20000);
    }
    function cleanup() {
        if (window) window.destroy();
        window = null;
        wait(0);
        bench.end();
    }
    function find(name) { return findChild(window.contentItem, name); }
    function item(name) { const found = find(name); verify(found, name); return found; }
    function list() { return item("conversations"); }
    function sheet(name) { tryVerify(() => find(name) || popup(name), 5000, name); return popup(name); }
    function popup(name) { // of the popups that are open
        const walk = object => {
            if (!object) return null;
            if (object.objectName === name && object.opened !== undefined) return object;
            return null;
        };
        for (const loader of findAll(window.contentItem, child => child.item !== undefined && child.item))
            if (walk(loader.item)) return loader.item;
        return null;
    }
    function findAll(root, wanted) {
        const found = [];
        const visit = node => {
            for (let i = 0; i < node.children.length; ++i) {
                const child = node.children[i];
                if (wanted(child)) found.push(child);
                visit(child);
            }
        };
        visit(root);
        return found;
    }
    function chatAt(row) { const model = app.chat.conversations; return model.data(model.index(row, 0), 257); }
    function titleAt(row) { const model = app.chat.conversations; return model.data(model.index(row, 0), 258); }
    function type(text) { for (const c of text) keyClick(c); }
    function shown(name) { const it = popup(name); return it !== null && it.visible; }

    function test_rename_in_place() {
        open("tour");
        list().forceActiveFocus();
        list().currentIndex = 3;
        const chat = chatAt(3);
        keyClick(Qt.Key_F2);
        tryVerify(() => list().renamed !== 0 && find("renameField") !== null && find("renameField").activeFocus, 5000);
        type("new name");
        keyClick(Qt.Key_Return);
        tryVerify(() => list().renamed === 0, 5000);
        tryVerify(() => { for (let row = 0; row < list().count; ++row) if (chatAt(row) === chat) return titleAt(row) === "new name"; return false; }, 5000);
        keyClick(Qt.Key_F2);
        tryVerify(() => list().renamed !== 0 && find("renameField") !== null && find("renameField").activeFocus, 5000);
        type("not this");
        keyClick(Qt.Key_Escape);
        tryVerify(() => list().renamed === 0, 5000);
        for (let row = 0; row < list().count; ++row) verify(titleAt(row) !== "not this");
    }
    // From wherever the keyboard is, the title of the open conversation is typed where it stands.
    function test_rename_in_the_title() {
        open("tour");
        const chat = app.chat.chat, other = chatAt(5);
        const called = (chat, name) => { for (let row = 0; row < list().count; ++row) if (chatAt(row) === chat) return titleAt(row) === name; return false; };
        const field = () => find("renameField");
        item("composerField").forceActiveFocus();
        keyClick(Qt.Key_F2);
        tryVerify(() => field() !== null && field().activeFocus, 5000);
        type("by its title");
        keyClick(Qt.Key_Return);
        tryVerify(() => called(chat, "by its title") && item("barTitle").text === "by its title", 5000);
        verify(item("composerField").activeFocus);
        keyClick(Qt.Key_F2);
        type("not this");
        keyClick(Qt.Key_Escape);
        tryVerify(() => field() === null && item("composerField").activeFocus, 5000);
        verify(called(chat, "by its title"));
        keyClick(Qt.Key_F2);
        type("before it was left");
        mouseClick(list().itemAtIndex(5));
        tryVerify(() => app.chat.chat === other && called(chat, "before it was left") && field() === null, 5000);
        verify(!called(other, "before it was left"));
    }
    function test_pin_by_menu() {
        open("tour");
        const row = list().itemAtIndex(4);
        const chat = row.chat;
        verify(!row.pinned);
        mouseClick(row, 20, 10, Qt.RightButton);
        list().forceActiveFocus();
        app.chat.pinChat(chat, true);
        tryVerify(() => app.chat.conversations.isPinned(chat), 5000);
        app.chat.pinChat(chat, false);
        tryVerify(() => !app.chat.conversations.isPinned(chat), 5000);
    }
    function test_delete_alone_deletes_nothing() {
        open("tour");
        const count = list().count;
        list().forceActiveFocus();
        list().currentIndex = 2;
        keyClick(Qt.Key_Delete);
        keyClick(Qt.Key_Backspace);
        wait(50);
        compare(list().count, count);
        compare(app.chat.trashed, "");
    }
    function test_trash_and_undo() {
        open("tour");
        const count = list().count;
        const title = titleAt(3);
        list().forceActiveFocus();
        list().currentIndex = 3;
        keyClick(Qt.Key_Delete, Qt.ControlModifier);
        tryVerify(() => list().count === count - 1, 5000);
        tryCompare(app.chat, "trashed", title, 5000);
        tryVerify(() => item("toast").shown, 5000);
        mouseClick(item("toastButton"));
        tryVerify(() => list().count === count, 5000);
        tryVerify(() => !item("toast").shown, 5000);
    }
    function test_trash_restores_and_deletes() {
        open("tour");
        const count = list().count;
        app.chat.trashChat(chatAt(4));
        tryVerify(() => list().count === count - 1, 5000);
        app.chat.trashChat(chatAt(4));
        tryVerify(() => list().count === count - 2, 5000);
        tryVerify(() => item("trashButton").visible, 5000);
        mouseClick(item("trashButton"));
        tryVerify(() => shown("trashSheet"), 5000);
        tryVerify(() => app.chat.trash.count === 2, 5000);
        const page = popup("trashSheet").contentItem;
        tryVerify(() => findAll(page, it => it.objectName === "restoreButton" && it.visible).length === 2, 5000);
        mouseClick(findAll(page, it => it.objectName === "restoreButton" && it.visible)[0]);
        tryVerify(() => list().count === count - 1 && app.chat.trash.count === 1, 5000);
        tryVerify(() => findAll(page, it => it.objectName === "purgeButton" && it.visible).length === 1, 5000);
        mouseClick(findAll(page, it => it.objectName === "purgeButton" && it.visible)[0]);
        compare(app.chat.trash.count, 1); // asked first
        tryVerify(() => findAll(page, it => it.objectName === "purgeConfirm" && it.visible).length === 1, 5000);
        mouseClick(findAll(page, it => it.objectName === "purgeConfirm" && it.visible)[0]);
        tryVerify(() => app.chat.trash.count === 0, 5000);
        keyClick(Qt.Key_Escape);
        tryVerify(() => !shown("trashSheet"), 5000);
    }
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
    function test_headings() {
        open("search");
        tryVerify(() => list().count > 5, 10000);
        const chat = chatAt(3);
        for (const pinned of [true, false, true]) {
            app.chat.pinChat(chat, pinned);
            tryVerify(() => app.chat.conversations.isPinned(chat) === pinned, 5000);
            tryVerify(() => headed(list(), "groupLabel") === "", 5000, headed(list(), "groupLabel"));
        }
        keyClick(Qt.Key_K, Qt.ControlModifier);
        tryVerify(() => shown("palette"), 5000);
        const rows = findAll(popup("palette").contentItem, it => it.objectName === "paletteList")[0];
        for (const query of ["class", "天空", "in:thought the", "xyzzy plugh", "set", "天空", ""]) {
            app.palette.query = query;
            tryVerify(() => !app.palette.searching, 5000);
            tryVerify(() => headed(rows, "paletteHeading") === "", 5000, query + ": " + headed(rows, "paletteHeading"));
        }
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
    function test_settings_are_kept() {
        open("tour");
        keyClick(Qt.Key_Comma, Qt.ControlModifier);
        tryVerify(() => shown("settingsSheet"), 5000);
        const page = popup("settingsSheet");
        const contrast = findAll(page.contentItem, it => it.objectName === "contrastToggle")[0];
        contrast.forceActiveFocus();
        keyClick(Qt.Key_Space);
        tryVerify(() => app.settings.highContrast && Theme.highContrast, 5000);
        keyClick(Qt.Key_Space);
        tryVerify(() => !Theme.highContrast, 5000);
        page.page = 1;
        const box = findAll(page.contentItem, it => it.objectName === "temperatureBox")[0];
        box.forceActiveFocus();
        box.selectAll();
        type("5");
        keyClick(Qt.Key_Return);
        compare(app.settings.temperature, 2); // no more than that
        // Another language writes numbers in another way, and passing through a number does not change it.
        const longest = findAll(page.contentItem, it => it.objectName === "longestBox")[0], tokens = app.settings.maxTokens;
        compare(longest.text, "32,768");
        longest.forceActiveFocus();
        app.settings.language = "de";
        tryCompare(longest, "text", "32.768", 5000);
        box.forceActiveFocus();
        compare(app.settings.maxTokens, tokens);
        compare(box.text, "2,00");
        app.settings.language = "en";
        findAll(page.contentItem, it => it.objectName === "resetSampling")[0].clicked();
        fuzzyCompare(app.settings.temperature, 0.6, 0.001);
        keyClick(Qt.Key_Escape);
        tryVerify(() => !shown("settingsSheet"), 5000);
    }
    function test_text_size_by_keys() {
        open("tour");
        keyClick(Qt.Key_Plus, Qt.ControlModifier);
        fuzzyCompare(app.settings.fontScale, 1.1, 0.001);
        compare(Theme.uiSize, Math.round(13 * 1.1));
        keyClick(Qt.Key_Minus, Qt.ControlModifier);
        keyClick(Qt.Key_Minus, Qt.ControlModifier);
        fuzzyCompare(app.settings.fontScale, 0.9, 0.001);
        keyClick(Qt.Key_0, Qt.ControlModifier);
        fuzzyCompare(app.settings.fontScale, 1, 0.001);
    }
    function test_language() {
        open("tour");
        const title = window.title;
        app.settings.language = "de";
        tryCompare(item("newButton"), "text", "Neue Unterhaltung", 5000);
        compare(titleGroup(), "Angeheftet");
        compare(item("newButton").key, "Strg N");
        const said = role => { for (let row = 0; row < app.chat.transcript.count; ++row) { const words = app.chat.transcript.data(app.chat.transcript.index(row, 0), role); if (words) return words; } return ""; };
        verify(said(ChatModel.LabelRole).includes("nachgedacht"), said(ChatModel.LabelRole)); // what C++ says, too
        verify(said(ChatModel.DetailRole).includes("Schritte"), said(ChatModel.DetailRole));
        compare(app.exporter.formats[0].use, "zum Lesen und Bearbeiten");
        app.settings.language = "en";
        tryCompare(item("newButton"), "text", "New conversation", 5000);
        compare(window.title, title);
    }
    function titleGroup() { const model = app.chat.conversations; return model.data(model.index(0, 0), 259); }

    // What is painted stands where its item does, also when it was painted again: not in the corner of the window.
    function test_painted_in_place() {
        open("tour");
        app.settings.theme = 1;
        for (const scale of [1, 2, 1.5]) {
            app.settings.fontScale = scale;
            wait(150);
            const picture = grabImage(window.contentItem);
            for (let y = 1; y < 100; ++y) verify(Qt.colorEqual(picture.pixel(4, y), Theme.surface), "at " + scale + ", " + y + ": " + picture.pixel(4, y));
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
    // One card says it, not one of the conversation and one of the window.
    function test_disk_low() {
        open("disk-low");
        tryVerify(() => app.chat.notice.shown, 10000);
        verify(app.chat.notice.title.length > 0);
        verify(!app.storeNotice.shown);
        app.chat.notice.dismiss();
    }
    function test_damaged() {
        open("damaged");
        tryVerify(() => item("storeNotice").visible, 10000);
        verify(item("storeNotice").title.length > 0);
        verify(!app.chat.notice.shown);
    }
    // Who has never opened a model gets the one in the box, and examples to ask it; a real one takes its place.
    function test_first_start() {
        open("first-start");
        tryVerify(() => app.model.status === ModelLoader.Loaded, 20000);
        verify(app.model.builtin);
        compare(app.model.name, "Ponder Mini");
        tryVerify(() => app.model.recent.length === 1 && app.model.recent[0].name === "Ponder Mini", 5000);
        verify(!app.model.notice.shown);
        const examples = () => findAll(item("firstRun"), it => it.objectName === "example" && it.visible);
        tryVerify(() => examples().length === 3, 5000);
        const question = examples()[0].text;
        verify(question.length > 0);
        mouseClick(examples()[0]);
        tryVerify(() => app.chat.transcript.count > 0 && !app.chat.busy, 30000);
        compare(app.chat.title, question); // its first words: this model is not asked for a title
        wait(100);
        compare(app.chat.title, question);
        app.openFiles(["file:///models/R1-Distill-Qwen-7B-Q4_K_M.gguf"]);
        tryVerify(() => app.model.status === ModelLoader.Loaded && !app.model.builtin, 20000);
        tryVerify(() => app.model.recent.length === 2, 5000);
    }

    // -- nothing is cut, nothing lies on something else ------------------------------------------------------------------
    // A layout settles within a few frames.
    function check(root, what) {
        let last = "";
        for (let i = 0; i < 40; ++i) {
            last = faults.of(root, what);
            if (last === "") return;
            wait(25);
        }
        fail(last);
    }
    function test_pages_data() {
        const rows = [];
        for (const language of ["en", "de"])
            for (const scale of [1, 2])
                for (const size of [[1440, 900], [420, 420], [900, 640]])
                    rows.push({ tag: language + " " + scale * 100 + " % " + size[0] + "x" + size[1], language: language, scale: scale, width: size[0], height: size[1] });
        return rows;
    }
    function test_pages(data) {
        open("tour");
        tryVerify(() => app.model.status === ModelLoader.Loaded, 20000);
        app.settings.language = data.language;
        app.settings.fontScale = data.scale;
        window.width = data.width;
        window.height = data.height;
        wait(60);
        if (list().parent.visible) check(list().parent, "sidebar");
        check(item("barTitle").parent, "top bar");
        check(item("transcript"), "transcript");
        check(item("composer"), "composer");
        for (const it of findAll(item("composer"), it => it.visible && ["modelChip", "thinkChip", "contextRing", "sendButton"].includes(it.objectName))
                         .concat(findAll(item("transcript"), it => it.visible && ["copyAnswer", "answerAgain", "moreActions", "statisticsButton"].includes(it.objectName)))) {
            tryVerify(() => it.mapToItem(null, 0, 0).x >= 0 && it.mapToItem(null, it.width, 0).x <= window.width, 1000,
                it.objectName + " leaves the window: " + it.mapToItem(null, 0, 0).x + " + " + it.width);
            verify(it.width >= 14, it.objectName + " has no room");
        }
        if (data.width < 1000) { // side by side, none over the other
            const chips = ["modelChip", "thinkChip", "contextRing", "sendButton"].map(name => item(name)).filter(it => it.visible);
            for (let i = 1; i < chips.length; ++i) verify(chips[i].x >= chips[i - 1].x + chips[i - 1].width - 1, chips[i].objectName + " lies on " + chips[i - 1].objectName);
        }
        for (const [command, name] of [[Commands.Settings, "settingsSheet"], [Commands.Keys, "keysSheet"], [Commands.ShowTrash, "trashSheet"], [Commands.Palette, "palette"]]) {
            app.palette.commandChosen(command);
            tryVerify(() => shown(name), 5000, name);
            for (let page = 0; page < (name === "settingsSheet" ? 4 : 1); ++page) {
                if (name === "settingsSheet") popup(name).page = page;
                wait(30);
                check(popup(name).contentItem, name + " " + page);
            }
            popup(name).close();
            tryVerify(() => !shown(name), 5000);
        }
        app.chat.newConversation();
        tryVerify(() => app.chat.transcript.count === 0, 5000);
        wait(30);
        check(item("firstRun"), "first run");
        app.settings.planWhen = Settings.PlanAlways;
        app.model.openUrls(["file:///models/R1-Distill-Qwen-7B-Q4_K_M.gguf"]);
        tryVerify(() => shown("planSheet"), 10000);
        wait(30);
        check(popup("planSheet").contentItem, "plan");
        popup("planSheet").close();
        tryVerify(() => app.model.status === ModelLoader.NoModel, 5000);
    }

    // -- contrast: every ink on every paper it is used on, in each scheme ------------------------------------------------
    function luminance(c) {
        const f = v => v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
        return 0.2126 * f(c.r) + 0.7152 * f(c.g) + 0.0722 * f(c.b);
    }
    function contrast(a, b) {
        const x = luminance(a), y = luminance(b);
        return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
    }
    function test_contrast_data() {
        return [{ tag: "light", scheme: 1, high: false }, { tag: "dark", scheme: 2, high: false }, { tag: "high light", scheme: 1, high: true }, { tag: "high dark", scheme: 2, high: true }];
    }
    function test_contrast(data) {
        Theme.scheme = data.scheme;
        Theme.highContrast = data.high;
        const papers = ["bg", "surface", "raised", "sunken", "hover", "sel", "bubble"];
        const pairs = [["accentInk", "accent"], ["accent", "accentSoft"], ["text", "accentSoft"], ["text2", "accentSoft"], ["muted", "accentSoft"], ["text", "dangerSoft"], ["text2", "dangerSoft"], ["danger", "dangerSoft"],
            ["text", "warnSoft"], ["text2", "warnSoft"], ["warn", "warnSoft"], ["thought", "thoughtSoft"], ["thoughtText", "thoughtSoft"], ["thoughtText", "conf1"], ["thoughtText", "conf2"],
            ["text", "mark"], ["text", "markOn"], ["bg", "text"], ["toastAccent", "text"]];
        for (const ink of ["text", "text2", "muted", "faint", "accent", "thought", "thoughtText", "danger", "warn", "ok"])
            for (const paper of papers) pairs.push([ink, paper]);
        for (const [ink, paper] of pairs) {
            const least = data.high && !["mark", "markOn", "conf1", "conf2"].includes(paper) ? 7 : 4.5;
            verify(contrast(Theme[ink], Theme[paper]) >= least, ink + " on " + paper + ": " + contrast(Theme[ink], Theme[paper]));
        }
        for (const paper of ["bg", "raised"]) verify(contrast(Theme.strong, Theme[paper]) >= 3, "strong on " + paper); // outlines that must be seen
        Theme.highContrast = false;
    }
    function test_follows_the_system() {
        Theme.scheme = 0;
        Theme.systemDark = true;
        verify(Theme.dark);
        Theme.systemDark = false;
        verify(!Theme.dark);
        Theme.systemDark = Qt.binding(() => Theme.systemPalette.window.hslLightness < 0.5);
        verify(Theme.dark === (Theme.systemPalette.window.hslLightness < 0.5));
    }
}
