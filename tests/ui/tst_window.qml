import QtQuick
import QtTest
import Ponder.App
import Ponder.Ui

// The window as somebody uses it, on scripts: keys, clicks, and what stands there afterwards.
WindowCase {
    id: test
    name: "Window"

    function item(name) { const found = findChild(window.contentItem, name); verify(found, name); return found; }
    function idle() { tryVerify(() => !app.chat.busy, 30000); }
    function kinds() {
        const list = [];
        for (let row = 0; row < app.chat.transcript.count; ++row)
            list.push(app.chat.transcript.data(app.chat.transcript.index(row, 0), 257));
        return list;
    }
    function type(text) {
        item("composerField").forceActiveFocus();
        for (const c of text) keyClick(c);
    }

    function test_ask_with_enter() {
        open("instant");
        loaded();
        type("why");
        keyClick(Qt.Key_Return, Qt.ShiftModifier);
        type("so");
        compare(item("composerField").text, "why\nso");
        keyClick(Qt.Key_Return);
        compare(item("composerField").text, "");
        tryVerify(() => app.chat.chat > 0, 10000);
        idle();
        compare(kinds()[0], ChatModel.Question);
        verify(kinds().indexOf(ChatModel.Table) > 0);
        compare(kinds()[kinds().length - 1], ChatModel.Footer);
        compare(app.chat.title, "why so");
        tryVerify(() => item("transcript").atEnd, 5000);
        const list = item("transcript");
        for (let row = list.count - 4; row < list.count; ++row)
            verify(list.itemAtIndex(row).height > 20 && list.itemAtIndex(row).childrenRect.width > 100, "row " + row);
    }

    function test_stop_with_escape() {
        open("slow");
        loaded();
        verify(app.chat.ask("why"));
        tryVerify(() => app.chat.state === ChatController.Generating, 20000);
        compare(item("sendButton").text, "Stop");
        keyClick(Qt.Key_Escape);
        idle();
        compare(item("sendButton").text, "Send");
    }

    function test_stop_with_the_button() {
        open("slow");
        loaded();
        verify(app.chat.ask("why"));
        tryVerify(() => app.chat.state === ChatController.Generating, 20000);
        mouseClick(item("sendButton"));
        idle();
    }

    function test_thought_toggles_with_ctrl_t() {
        open("instant");
        loaded();
        verify(app.chat.ask("why"));
        idle();
        verify(kinds().indexOf(ChatModel.Part) < 0);
        keyClick(Qt.Key_T, Qt.ControlModifier);
        tryVerify(() => kinds().indexOf(ChatModel.Part) > 0, 5000);
        keyClick(Qt.Key_T, Qt.ControlModifier);
        tryVerify(() => kinds().indexOf(ChatModel.Part) < 0, 5000);
    }

    function test_thought_grows_by_appending() {
        open("slow", 60);
        loaded();
        verify(app.chat.ask("why"));
        tryVerify(() => findChild(window.contentItem, "thoughtText") !== null, 20000);
        const edit = item("thoughtText");
        const before = edit.length;
        tryVerify(() => edit.length > before, 20000);
        const model = app.chat.transcript;
        verify(model.thoughtTail(1).startsWith(edit.getText(0, 10)));
    }

    function test_sidebar_and_new_conversation() {
        open("tour");
        tryVerify(() => app.chat.transcript.count > 0, 20000);
        const list = item("conversations");
        tryVerify(() => list.count === 11, 10000);
        verify(list.visible);
        compare(findChild(list, "groupLabel").text, "Pinned");
        const shown = app.settings.sidebar;
        keyClick(Qt.Key_B, Qt.ControlModifier);
        compare(app.settings.sidebar, !shown);
        keyClick(Qt.Key_B, Qt.ControlModifier);
        keyClick(Qt.Key_N, Qt.ControlModifier);
        tryVerify(() => app.chat.transcript.count === 0, 5000);
        compare(app.chat.title, "");
        const row = list.itemAtIndex(0);
        verify(row);
        mouseClick(row);
        tryVerify(() => app.chat.transcript.count > 0, 10000);
    }

    function test_stays_where_the_reader_scrolled() {
        open("tour", 200);
        loaded();
        tryVerify(() => app.chat.transcript.count > 4, 10000);
        verify(app.chat.ask("why"));
        tryVerify(() => app.chat.state === ChatController.Generating, 20000);
        const list = item("transcript");
        tryVerify(() => list.atEnd, 5000);
        list.forceActiveFocus();
        keyClick(Qt.Key_PageUp);
        tryVerify(() => !list.following, 5000);
        const y = list.contentY;
        const count = app.chat.transcript.count;
        tryVerify(() => app.chat.transcript.count > count + 2, 20000);
        compare(list.contentY, y);
        keyClick(Qt.Key_End);
        tryVerify(() => list.atEnd, 5000);
        idle();
        tryVerify(() => list.atEnd, 5000); // and followed from there on
    }

    // Every script can be played without a warning or a stuck state.
    function test_scripts_data() { return bench.scripts().filter(name => !["loading", "reading"].includes(name)).map(name => ({ tag: name })); }
    function test_scripts(data) {
        open(data.tag);
        if (data.tag === "no-engine") {
            tryVerify(() => app.model.notice.shown, 10000);
            return;
        }
        tryVerify(() => app.model.device.length > 0, 10000);
        app.model.openUrls(["file:///models/R1-Distill-Qwen-7B-Q4_K_M.gguf"]);
        tryVerify(() => app.model.status === ModelLoader.Loaded || app.model.notice.shown, 20000);
        if (app.model.status !== ModelLoader.Loaded) {
            verify(app.model.notice.title.length > 0 && app.model.notice.button.length > 0);
            verify(!app.chat.ask("why"));
            return;
        }
        app.chat.newConversation();
        verify(app.chat.ask("why"));
        if (["slow", "long-thought", "thinking", "answering"].includes(data.tag)) { tryVerify(() => app.chat.state === ChatController.Generating, 10000); app.chat.stop(); }
        idle();
        const last = kinds()[kinds().length - 1];
        compare(last, ["device-lost", "engine-died", "dies-reading", "hang", "context"].includes(data.tag) ? ChatModel.NoticeRow : ChatModel.Footer);
    }

    function test_narrow_window() {
        open("tour");
        tryVerify(() => app.chat.transcript.count > 0, 20000);
        window.width = 480;
        window.height = 520;
        wait(50);
        verify(!item("conversations").visible);
        verify(item("sendButton").mapToItem(window.contentItem, 36, 0).x <= 480);
        window.width = 1440;
    }
    // Where there is no room beside the page the conversations lie over it, until one is chosen.
    function test_sidebar_over_a_narrow_window() {
        open("tour");
        tryVerify(() => app.chat.transcript.count > 0, 20000);
        const kept = app.settings.sidebar, list = item("conversations");
        window.width = 480;
        tryVerify(() => !list.visible, 5000);
        for (const shut of [() => keySequence("Ctrl+B"), () => keyClick(Qt.Key_Escape), () => mouseClick(item("sidebarScrim"), 470, 300)]) {
            keySequence("Ctrl+B");
            tryVerify(() => list.visible && list.activeFocus, 5000);
            verify(list.mapToItem(window.contentItem, list.width, 0).x < 480);
            shut();
            tryVerify(() => !list.visible && item("composerField").activeFocus, 5000);
        }
        compare(app.settings.sidebar, kept); // of wide windows
        const chat = app.chat.chat;
        keySequence("Ctrl+B");
        list.currentIndex = 4;
        keyClick(Qt.Key_Return);
        tryVerify(() => app.chat.chat !== chat && !list.visible, 5000);
        keySequence("Ctrl+B");
        mouseClick(item("newButton"));
        tryVerify(() => !list.visible && app.chat.transcript.count === 0, 5000);
        keySequence("Ctrl+B");
        tryVerify(() => list.visible, 5000);
        window.width = 1440;
        tryVerify(() => list.visible && !item("sidebarScrim").visible, 5000);
    }

    function luminance(c) {
        const f = v => v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
        return 0.2126 * f(c.r) + 0.7152 * f(c.g) + 0.0722 * f(c.b);
    }
    function contrast(a, b) {
        const x = luminance(a), y = luminance(b);
        return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
    }
    function test_contrast_data() { return [{ tag: "light", scheme: 1 }, { tag: "dark", scheme: 2 }]; }
    function test_contrast(data) {
        Theme.scheme = data.scheme;
        for (const ink of ["text", "text2", "muted", "faint", "accent", "thought", "thoughtText", "danger", "warn", "ok"])
            for (const paper of ["bg", "surface", "raised", "sunken", "hover", "sel", "bubble"])
                verify(contrast(Theme[ink], Theme[paper]) >= 4.5, ink + " on " + paper + ": " + contrast(Theme[ink], Theme[paper]));
        verify(contrast(Theme.accentInk, Theme.accent) >= 4.5);
    }
}
