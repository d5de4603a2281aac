import QtQuick
import QtQuick.Controls
import QtTest
import Ponder.App
import Ponder.Ui

// Wrong things typed and dropped, and every key of the table pressed at every moment: nothing is stuck, nothing is lost.
WindowCase {
    id: test
    name: "Misuse"
    windowWidth: 1280
    windowHeight: 820
    reducedMotion: true
    refused: "QQml|qrc:|file:|Ambiguous|two acts"
    readonly property ChatModel model: app ? app.chat.transcript : null
    readonly property string question: "Why is the sum of two odd numbers even?"

    function item(name) { const found = findChild(window.contentItem, name); verify(found, name); return found; }
    function idle() { tryVerify(() => !app.chat.busy, 20000); }
    function rowOf(wanted) { for (let row = model.count - 1; row >= 0; --row) if (model.data(model.index(row, 0), ChatModel.KindRole) === wanted) return row; return -1; }
    function textOf(row) { return model.data(model.index(row, 0), ChatModel.TextRole); }
    function loading() { return [ModelLoader.Checking, ModelLoader.Loading].includes(app.model.status); }
    // What a key may have opened over the page.
    function shutAll() {
        for (let round = 0; round < 5; ++round) {
            const over = window.Overlay.overlay.children.length > 0;
            if (window.activeFocusItem && window.activeFocusItem.objectName === "renameField") keyClick(Qt.Key_Escape);
            for (const loader of loaders()) if (loader.item.visible) loader.item.close();
            wait(0);
            if (!over) return;
        }
    }
    function loaders() {
        const found = [];
        const visit = (node) => {
            for (let i = 0; i < node.children.length; ++i) {
                if (node.children[i].item !== undefined && node.children[i].item && node.children[i].item.opened !== undefined) found.push(node.children[i]);
                visit(node.children[i]);
            }
        };
        visit(window.contentItem);
        return found;
    }

    // Brings the window to a moment again if a key took it away.
    readonly property var moments: ({
        "no model": { script: "first-run", there: () => app.model.status === ModelLoader.NoModel, reach: () => tryVerify(() => app.model.device.length > 0, 10000) },
        "loading": { script: "loading", there: () => loading(), reach: () => { tryVerify(() => app.model.device.length > 0, 10000); if (!loading()) app.model.openUrls(["file:///models/another.gguf"]); tryVerify(() => loading(), 10000); } },
        "waiting": { script: "loading", there: () => app.chat.state === ChatController.Waiting, reach: () => { moments.loading.reach(); reask(ChatController.Waiting); } },
        "reading": { script: "reading", there: () => app.chat.state === ChatController.Prefilling, reach: () => reask(ChatController.Prefilling) },
        "thinking": { script: "thinking", there: () => app.chat.thinking && rowOf(ChatModel.Thought) >= 0, reach: () => { reask(ChatController.Generating); tryVerify(() => app.chat.thinking, 5000); } },
        "answering": { script: "answering", there: () => app.chat.state === ChatController.Generating && rowOf(ChatModel.Text) > 0, reach: () => { reask(ChatController.Generating); tryVerify(() => rowOf(ChatModel.Text) > 0, 5000); } },
        "done": { script: "tour", there: () => !app.chat.busy && model.count > 0, reach: () => { reask(-1); idle(); } },
    })
    function reask(state) {
        if (app.model.status === ModelLoader.NoModel) app.model.openUrls(["file:///models/another.gguf"]);
        if (state !== ChatController.Waiting) tryVerify(() => app.model.status === ModelLoader.Loaded, 10000);
        app.chat.stop();
        idle();
        app.chat.newConversation();
        tryVerify(() => model.count === 0, 5000);
        verify(app.chat.ask(question));
        if (state >= 0) tryVerify(() => app.chat.state === state, 10000);
    }
    function test_every_key_at_every_moment_data() { return Object.keys(moments).map(name => ({ tag: name })); }
    function test_every_key_at_every_moment(data) {
        const moment = moments[data.tag];
        open(moment.script);
        moment.reach();
        for (const row of app.commands.rows) {
            if (row.id === Commands.Quit || row.id === Commands.OpenModel || row.id === Commands.Import) continue; // tested by themselves; dialogs
            for (const keys of row.keys) {
                if (!moment.there()) moment.reach();
                item("composerField").forceActiveFocus();
                const chat = app.chat.chat;
                keySequence(keys);
                wait(0);
                shutAll();
                tryVerify(() => app.chat.state !== ChatController.Stopping, 5000, keys);
                if (chat === 0) continue;
                // Whatever it did, the question is where it was.
                tryVerify(() => !app.chat.busy || app.chat.chat !== chat || textOf(0).length > 0, 5000, keys);
            }
        }
        // Nothing is stuck: Escape ends what is under way, and one can ask.
        item("composerField").forceActiveFocus();
        app.chat.draft = "";
        keyClick(Qt.Key_Escape);
        idle();
        shutAll();
        if (data.tag === "no model") return;
        if (app.model.status !== ModelLoader.Loaded && moment.script !== "loading") moment.reach();
        if (moment.script === "loading") return;
        app.chat.stop();
        idle();
        app.chat.newConversation();
        tryVerify(() => model.count === 0, 5000);
        item("composerField").forceActiveFocus();
        for (const c of "and now") keyClick(c);
        keyClick(Qt.Key_Return);
        tryVerify(() => model.count > 0 && textOf(0) === "and now", 5000);
        app.chat.stop();
        idle();
    }
    // Escape ends what is on top first: what is found, or edited, before the answer.
    function test_escape_from_the_inside_out() {
        open("thinking");
        moments.thinking.reach();
        keySequence("Ctrl+F");
        tryVerify(() => item("findField").activeFocus, 5000);
        keyClick(Qt.Key_Escape);
        tryVerify(() => !item("findBar").visible, 5000);
        verify(app.chat.thinking);
        keyClick(Qt.Key_Escape);
        idle();
        app.chat.draft = "";
        item("composerField").forceActiveFocus();
        keyClick(Qt.Key_Up);
        tryVerify(() => findChild(window.contentItem, "questionField") !== null && item("questionField").activeFocus, 5000);
        app.settings.planWhen = Settings.PlanNever;
        app.model.openUrls(["file:///models/another.gguf"]);
        keyClick(Qt.Key_Escape);
        tryVerify(() => findChild(window.contentItem, "questionField") === null, 5000);
        tryVerify(() => app.model.status === ModelLoader.Loaded, 5000);
        compare(app.model.name, "another");
    }
    // The words that came are kept however one goes away from them.
    function test_what_came_is_kept_data() {
        return [
            { tag: "by another conversation", leave: () => keySequence("Ctrl+N") },
            { tag: "by a temporary one", leave: () => keySequence("Ctrl+Shift+N") },
            { tag: "by Escape", leave: () => keyClick(Qt.Key_Escape) },
            { tag: "by answering again", leave: () => keySequence("Ctrl+R") },
        ];
    }
    function test_what_came_is_kept(data) {
        open("answering");
        moments.answering.reach();
        tryVerify(() => app.chat.chat > 0, 5000);
        const chat = app.chat.chat, answer = textOf(rowOf(ChatModel.Text)).slice(0, 20);
        verify(answer.length > 5);
        item("composerField").forceActiveFocus();
        data.leave();
        wait(0);
        app.chat.newConversation();
        tryVerify(() => model.count === 0, 5000);
        app.chat.openConversation(chat);
        tryVerify(() => app.chat.chat === chat && textOf(0) === question, 5000);
        app.chat.stop();
        idle();
        const there = () => { for (let row = 0; row < model.count; ++row) if ((textOf(row) ?? "").startsWith(answer)) return true; return false; };
        if (!there()) app.chat.showSibling(model.messageAt(model.count - 1), -1);
        tryVerify(there, 5000);
    }

    // A file that is none of ours is refused in words that name it, and what was there goes on.
    function test_wrong_files_data() {
        return [
            { tag: "a text", files: [bench.file("notes.txt", "hello")], named: "notes.txt" },
            { tag: "a folder", files: [bench.url("backups/")], named: "backups" },
            { tag: "a folder without its slash", files: [bench.url("backups")], named: "backups" },
            { tag: "an address", files: ["https://example.org/model.gguf"], named: "example.org" },
            { tag: "nothing", files: [], named: "" },
            { tag: "a text and a picture", files: [bench.file("a.txt", "x"), bench.file("b.png", "y")], named: "a.txt" },
            { tag: "no conversation", files: [bench.file("list.json", "[1, 2, 3]")], named: "list.json" },
            { tag: "broken JSON", files: [bench.file("broken.json", "{")], named: "broken.json" },
        ];
    }
    function test_wrong_files(data) {
        bench.file("backups/x", "x");
        open("thinking");
        moments.thinking.reach();
        const chat = app.chat.chat, words = model.thoughtTail(1);
        app.openFiles(data.files);
        const said = () => app.model.notice.shown ? app.model.notice.title + " " + app.model.notice.text : app.chat.notice.shown ? app.chat.notice.title + " " + app.chat.notice.text
                         : findChild(window.contentItem, "toast").shown ? item("toast").text : "";
        if (data.named === "") {
            wait(50);
            compare(said(), "");
        } else {
            tryVerify(() => said().length > 0, 5000);
            verify(said().includes(data.named), said());
        }
        compare(app.model.status, ModelLoader.Loaded);
        verify(app.chat.thinking);
        compare(app.chat.chat, chat);
        compare(model.thoughtTail(1), words);
        app.chat.stop();
        idle();
    }
    // Another model over an answer: the answer ends where it was and is kept. Of several files the first model is opened.
    function test_two_models_over_an_answer() {
        open("thinking");
        moments.thinking.reach();
        const words = model.thoughtTail(1).slice(0, 20);
        app.openFiles([bench.file("a.txt", "x"), "file:///models/one.gguf", "file:///models/two.gguf"]);
        tryVerify(() => app.model.status === ModelLoader.Loaded && app.model.name === "one", 10000);
        app.chat.stop();
        idle();
        compare(textOf(0), question);
        verify(model.thoughtTail(1).startsWith(words));
        verify(app.chat.ask("and now"));
        app.chat.stop();
        idle();
    }
    TextEdit { id: clipboard; visible: false }
    // What is one word as long as a question may be: pasted, written on, sent, and kept as a draft.
    function test_a_paste_without_a_space() {
        open("instant");
        tryVerify(() => app.model.status === ModelLoader.Loaded, 10000);
        app.chat.newConversation();
        const field = item("composerField"), word = "QUJDRA".repeat(15000);
        field.forceActiveFocus();
        for (const c of "so ") keyClick(c);
        clipboard.text = word;
        clipboard.selectAll();
        clipboard.copy();
        keySequence("Ctrl+V");
        compare(field.text, "so " + word);
        compare(field.wrapMode, TextEdit.WrapAnywhere); // else each key costs the square of its length
        keyClick("x");
        compare(app.chat.draft, "so " + word + "x");
        keySequence("Ctrl+V"); // more than a question holds: refused in words, nothing lost
        compare(field.length, word.length + 4);
        verify(item("hint").text.includes("100,000"), item("hint").text);
        keyClick(Qt.Key_Return);
        tryVerify(() => model.count > 0, 5000);
        idle();
        compare(field.text, "");
        compare(field.wrapMode, TextEdit.Wrap);
        app.chat.newConversation();
        app.chat.draft = word;
        compare(field.wrapMode, TextEdit.WrapAnywhere);
        app.chat.draft = "";
        compare(field.wrapMode, TextEdit.Wrap);
    }
    function test_questions_of_nothing() {
        open("instant");
        tryVerify(() => app.model.status === ModelLoader.Loaded, 10000);
        app.chat.newConversation();
        const field = item("composerField");
        for (const words of ["", "   ", "\n\n", "\t \n"]) {
            field.forceActiveFocus();
            field.text = words;
            keyClick(Qt.Key_Return);
            compare(model.count, 0);
            verify(!app.chat.busy);
        }
        // What looks like the layout's own tokens, like markup and like formulas stands as it was typed.
        for (const words of ["<think>no</think>", "<｜User｜><|im_end|>", "<b>bold</b> & <script>", "$x$ \\boxed{", "a\u0000b\u202Ec\uFFFE"]) {
            app.chat.newConversation();
            field.text = words;
            verify(field.text.length >= words.length - 2);
            field.forceActiveFocus();
            keyClick(Qt.Key_Return);
            tryVerify(() => model.count > 0, 5000, words);
            idle();
            if (!words.includes("\u0000")) compare(textOf(0), words);
        }
    }
    function test_quit_over_an_answer() {
        open("answering");
        moments.answering.reach();
        keySequence("Ctrl+Q");
        tryVerify(() => !window.visible, 5000);
    }
}
