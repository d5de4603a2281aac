import QtQuick
import QtQuick.Controls
import QtTest
import Ponder.App
import Ponder.Ui

// Every page and state of the window: nothing is cut, nothing lies on something else. With $PONDER_PICTURES they are written
// there as pictures to look at, in every scheme and size (packaging/screenshots).
WindowCase {
    id: test
    name: "States"
    windowWidth: 1440
    windowHeight: 900
    reducedMotion: true
    refused: "QQml|qrc:|file:|Ambiguous"
    readonly property ChatModel model: app ? app.chat.transcript : null
    readonly property string folder: bench.pictures
    Faults { id: faults; window: test.window }

    // -- ways to a state -----------------------------------------------------------------------------------------------------
    function seek(root, name) { return faults.findAll(root, it => it.objectName === name); }
    function all(name) { return seek(window.contentItem, name).concat(seek(window.Overlay.overlay, name)); }
    function item(name) { tryVerify(() => all(name).length > 0, 10000, name); return all(name)[0]; }
    function act(command) { app.palette.commandChosen(command); wait(0); }
    function idle() { tryVerify(() => !app.chat.busy, 30000); }
    function talked() { loaded(); tryVerify(() => model.count > 0, 20000); }
    function device() { tryVerify(() => app.model.device.length > 0, 10000); }
    function begin() { loaded(); app.chat.newConversation(); tryVerify(() => model.count === 0, 5000); }
    function ask(text) { verify(app.chat.ask(text ?? "Why is the sum of two odd numbers even?")); }
    function asked(text) { begin(); ask(text); idle(); tryVerify(() => model.messageAt(0) > 0, 10000); }
    function askedIn(state) { begin(); ask(); tryVerify(() => app.chat.state === state, 20000); }
    function kind(row) { return model.data(model.index(row, 0), ChatModel.KindRole); }
    function rowOf(wanted) { for (let row = model.count - 1; row >= 0; --row) if (kind(row) === wanted) return row; return -1; }
    function openChat(row) { const list = app.chat.conversations; app.chat.openConversation(list.data(list.index(row, 0), Qt.UserRole + 1)); tryVerify(() => model.count > 0, 10000); }
    function thought(shown) { model.showThought(rowOf(ChatModel.Thought), shown); }
    function end() { item("transcript").toEnd(); }
    function home() { item("transcript").forceActiveFocus(); keyClick(Qt.Key_Home); item("composerField").forceActiveFocus(); }
    function openModel(name) { device(); app.model.openUrls(["file:///models/" + (name ?? "R1-Distill-Qwen-7B-Q4_K_M.gguf")]); }
    function refused() { device(); if (!app.model.notice.shown) openModel(); tryVerify(() => app.model.notice.shown, 20000); }
    function planned(context) {
        app.settings.planWhen = Settings.PlanAlways;
        openModel();
        sheet("planSheet");
        if (context) { app.model.planAgain(context); tryVerify(() => app.model.plan.context === context, 5000); }
    }
    function found(query) { act(Commands.Find); item("findField").text = query; item("findBar").search(); wait(0); }
    function searched(query) { act(Commands.Palette); item("paletteField").text = query; tryVerify(() => !app.palette.searching, 5000); }
    function setting(page) { act(Commands.Settings); sheet("settingsSheet").page = page; }
    function sheet(name) {
        let found = null;
        tryVerify(() => {
            for (const loader of faults.findAll(window.contentItem, it => it.item !== undefined && it.item)) if (loader.item.objectName === name) found = loader.item;
            return found !== null && found.opened;
        }, 5000, name);
        return found;
    }
    function trash(count) {
        for (let i = 0; i < count; ++i) {
            const list = app.chat.conversations, before = list.rowCount();
            app.chat.trashChat(list.data(list.index(3, 0), Qt.UserRole + 1));
            tryVerify(() => list.rowCount() === before - 1, 5000);
        }
    }
    function exporting() { talked(); act(Commands.Export); return item("exportPath"); }
    function hover(it, x, y) { mouseMove(it, x ?? it.width / 2, y ?? it.height / 2); wait(0); }

    readonly property var states: [ // name, script, way; and what is to be done again once the window has its size
        // before anything is asked
        ["first-run", "first-run", device],
        ["first-run dropping", "first-run", () => { device(); item("firstRun").dropping = true; }],
        ["first-run mini", "first-start", loaded],
        ["first-run hover", "first-start", () => { loaded(); hover(item("example")); }],
        ["first-run used before", "small-device", () => { device(); tryVerify(() => app.model.recent.length === 4, 5000); }],
        ["first-run loading", "loading", () => { tryVerify(() => app.model.status === ModelLoader.Loading, 10000); app.chat.newConversation(); }],
        ["new", "tour", begin],
        ["temporary", "tour", () => { begin(); app.chat.newTemporary(); ask(); idle(); end(); }],
        ["sidebar over", "tour", talked, () => { if (!window.roomy && !window.sidebarOver) window.turnSidebar(); }],
        ["new sidebar away", "tour", () => { begin(); app.settings.sidebar = false; }],
        // models
        ["model menu", "small-device", () => { device(); tryVerify(() => app.model.recent.length === 4, 5000); item("modelChip").clicked(); }],
        ["plan fits", "tour", () => planned()],
        ["plan with host memory", "small-device", () => planned(65536)],
        ["plan in 8 bits", "small-device", () => { planned(65536); app.model.planCache(8); tryVerify(() => app.model.plan.cacheBits === 8, 5000); }],
        ["plan not in 8 bits", "small-device", () => { planned(131072); app.model.planCache(8); tryVerify(() => app.model.plan.cacheRefused, 5000); }],
        ["plan does not fit", "small-device", () => planned(131072)],
        ["loading asked", "loading", () => { tryVerify(() => app.model.status === ModelLoader.Loading, 10000); app.chat.newConversation(); ask(); tryVerify(() => app.chat.state === ChatController.Waiting, 5000); }],
        ["notice no engine", "no-engine", () => tryVerify(() => app.model.notice.shown, 10000)],
        ["notice no device", "no-device", refused],
        ["notice malformed", "malformed", refused],
        ["notice shard", "shard", refused],
        ["notice too large", "too-large", refused],
        ["notice device memory", "device-memory", refused],
        // answers under way
        ["reading", "reading", () => { askedIn(ChatController.Prefilling); wait(400); }],
        ["thinking", "thinking", () => { talked(); ask(); tryVerify(() => app.chat.state === ChatController.Generating, 20000); wait(300); end(); }],
        ["thinking whole", "thinking", () => { talked(); ask(); tryVerify(() => app.chat.state === ChatController.Generating, 20000); wait(300); thought(ChatModel.Full); end(); }],
        ["thinking shut", "thinking", () => { talked(); ask(); tryVerify(() => app.chat.state === ChatController.Generating, 20000); wait(300); thought(ChatModel.Shut); end(); }],
        ["answering", "answering", () => { talked(); ask(); tryVerify(() => app.chat.state === ChatController.Generating, 20000); tryVerify(() => rowOf(ChatModel.Table) > 3 || rowOf(ChatModel.Text) > 3, 10000); end(); }],
        ["queued", "thinking", () => { askedIn(ChatController.Generating); item("composerField").text = "And of three odd numbers?"; item("composer").send(); }],
        // answers that are there
        ["chat", "tour", talked],
        ["chat top", "tour", () => { talked(); home(); }],
        ["chat jump", "tour", () => { talked(); item("transcript").following = false; item("transcript").contentY -= 300; }],
        ["thought tail", "tour", () => { talked(); thought(ChatModel.Tail); end(); }],
        ["thought whole", "tour", () => { talked(); thought(ChatModel.Full); item("transcript").reveal(rowOf(ChatModel.Thought)); }],
        ["thoughts all", "tour", () => { talked(); model.allThoughts = true; home(); }],
        ["thought hover", "tour", () => { talked(); hover(item("thoughtHead")); }],
        ["cut short", "tour", () => { begin(); app.settings.maxTokens = 120; ask(); idle(); }],
        ["stopped", "thinking", () => { askedIn(ChatController.Generating); wait(200); app.chat.stop(); idle(); }],
        ["no thought", "no-thought", () => asked()],
        ["versions", "siblings", () => { talked(); openChat(0); end(); }],
        ["versions top", "siblings", () => { talked(); openChat(0); home(); }],
        ["editing", "tour", () => { talked(); act(Commands.EditLast); item("questionField"); }],
        ["question hover", "tour", () => { talked(); home(); hover(item("questionText")); }],
        ["blocks", "blocks", () => { asked(); home(); }],
        ["blocks end", "blocks", () => { asked(); end(); }],
        ["code", "code", talked],
        ["code top", "code", () => { talked(); home(); }],
        ["table", "tables", () => { talked(); home(); }],
        ["formulas", "formulas", () => { talked(); tryVerify(() => { const set = seek(item("transcript"), "formulaView"); return set.length > 0 && set.every(it => it.implicitWidth > 1); }, 10000); end(); }],
        ["chinese", "chinese", () => { talked(); model.allThoughts = true; home(); }],
        ["languages", "languages", () => { talked(); home(); }],
        ["languages end", "languages", () => { talked(); model.allThoughts = true; end(); }],
        ["many", "many", () => { loaded(); openChat(1); }],
        ["big", "big", () => { talked(); end(); }],
        ["nearly full", "nearly-full", talked],
        ["long question", "tour", () => { begin(); item("composerField").text = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12"; }],
        ["pasted book", "instant", () => { asked("A pasted book, word for word. ".repeat(600)); home(); }],
        // failures
        ["device lost", "device-lost", () => asked()],
        ["engine died", "engine-died", () => asked()],
        ["died reading", "dies-reading", () => asked()],
        ["context full", "context", () => asked()],
        ["disk low", "disk-low", () => { talked(); tryVerify(() => app.chat.notice.shown, 10000); }],
        ["damaged", "damaged", () => { talked(); tryVerify(() => app.storeNotice.shown, 10000); }],
        ["import failed", "tour", () => { talked(); app.exporter.importFile(bench.file("broken.json", "{\"ponder\": 1}")); tryVerify(() => app.chat.notice.shown || app.storeNotice.shown || app.model.notice.shown || all("toast").length > 0, 5000); }],
        // finding
        ["find", "tour", () => { talked(); found("675"); }],
        ["find nothing", "tour", () => { talked(); found("no such words"); }],
        ["palette", "search", () => { loaded(); act(Commands.Palette); }],
        ["palette hits", "search", () => { loaded(); searched("class"); }],
        ["palette chinese", "search", () => { loaded(); searched("天空"); }],
        ["palette nothing", "search", () => { loaded(); searched("xyzzy plugh"); }],
        ["palette thoughts", "search", () => { loaded(); searched("in:thought the"); }],
        // conversations
        ["rename", "tour", () => { talked(); act(Commands.Rename); item("renameField"); }],
        ["row hover", "tour", () => { talked(); hover(item("conversations").itemAtIndex(5)); }],
        ["row menu", "tour", () => { talked(); item("conversations").showMenu(item("conversations").itemAtIndex(4)); }],
        ["trashed", "tour", () => { talked(); trash(1); tryVerify(() => item("toast").shown, 5000); }],
        ["trash", "tour", () => { talked(); trash(2); act(Commands.ShowTrash); tryVerify(() => all("purgeButton").length === 2, 5000); }],
        ["trash asked", "tour", () => { talked(); trash(2); act(Commands.ShowTrash); tryVerify(() => all("purgeButton").length === 2, 5000); all("purgeButton")[0].clicked(); }],
        ["trash empty", "tour", () => { talked(); act(Commands.ShowTrash); sheet("trashSheet"); }],
        ["export", "tour", () => exporting()],
        ["export replaces", "tour", () => { const path = exporting(); path.text = bench.path("broken.json"); bench.file("broken.json", "x"); path.text += "x"; path.text = bench.path("broken.json"); }],
        ["export fails", "tour", () => { const path = exporting(); path.text = "/no/such/folder/Divisible by 6 up to 2025.md"; item("exportGo").clicked(); tryVerify(() => all("exportFailure").length > 0, 10000); }],
        ["exported", "tour", () => { const path = exporting(); path.text = bench.path("Divisible by 6 up to 2025.md"); item("exportGo").clicked(); tryVerify(() => item("toast").shown, 10000); }],
        ["imported", "tour", () => {
            talked();
            const file = bench.url("whole.json");
            app.exporter.exportAs(Exporter.Json, Exporter.All, 0, true, file);
            tryVerify(() => !app.exporter.busy, 10000);
            app.exporter.importFile(file);
            tryVerify(() => all("toast").length > 0 && item("toast").shown, 10000);
        }],
        // menus and sheets
        ["overflow menu", "tour", () => { talked(); item("moreButton").clicked(); }],
        ["answer menu", "tour", () => { talked(); item("moreActions").clicked(); }],
        ["statistics", "tour", () => { asked(); item("statisticsButton"); act(Commands.Statistics); }],
        ["link", "blocks", () => { asked(); item("transcript").linkChosen("https://example.org/a/page/that/somebody/wrote?with=a&query=that&goes=on"); }],
        ["settings appearance", "tour", () => { loaded(); setting(0); }],
        ["settings answers", "tour", () => { loaded(); setting(1); }],
        ["settings model", "tour", () => { loaded(); setting(2); }],
        ["settings data", "tour", () => { loaded(); setting(3); }],
        ["settings copies", "", () => { setting(3); tryVerify(() => app.backups.rows.length > 1, 10000); }],
        ["settings choice", "tour", () => { loaded(); setting(2); item("contextChoice").popup.open(); }],
        ["keys", "tour", () => { loaded(); act(Commands.Keys); sheet("keysSheet"); }],
        ["tooltip", "tour", () => { talked(); hover(item("exportButton")); wait(900); }]
    ]

    // -- how they are looked at ------------------------------------------------------------------------------------------------
    // What the checks see, and more of it for pictures.
    readonly property var looks: [
        { name: "light", width: 1440, height: 900 },
        { name: "large", width: 1440, height: 900, scale: 2 },
        { name: "small", width: 640, height: 720, language: "de" },
    ]
    readonly property var picturesOnly: [
        { name: "dark", width: 1440, height: 900, scheme: 2 },
        { name: "large-dark", width: 1440, height: 900, scheme: 2, scale: 2 },
        { name: "small-large", width: 640, height: 720, scale: 2, language: "de" },
        { name: "wide", width: 2560, height: 1200 },
        { name: "contrast", width: 1440, height: 900, contrast: true },
        { name: "contrast-dark", width: 1440, height: 900, scheme: 2, contrast: true },
    ]
    readonly property var twice: [ // where a pixel of the scene is two of the screen
        { name: "light@2x", width: 1440, height: 900 },
        { name: "dark@2x", width: 1440, height: 900, scheme: 2 },
    ]
    function test_states_data() { return states.map(row => ({ tag: row[0], script: row[1], reach: row[2], settle: row[3] })); }
    function test_states(data) {
        open(data.script);
        data.reach();
        const wanted = folder.length === 0 ? looks : (bench.ratio > 1 ? twice : looks.concat(picturesOnly)).filter(look => bench.wants(look.name));
        let worst = "";
        for (const look of wanted) {
            app.settings.theme = look.scheme ?? 1;
            app.settings.highContrast = look.contrast ?? false;
            app.settings.fontScale = look.scale ?? 1;
            app.settings.language = look.language ?? (bench.language || "en");
            window.width = look.width;
            window.height = look.height;
            if (data.settle) data.settle();
            let words = "";
            for (let i = 0; i < 40; ++i) { // a layout settles within a few frames
                wait(i === 0 ? (folder.length > 0 ? 250 : 60) : 25);
                words = faults.ofWindow();
                if (words === "") break;
            }
            if (words !== "") worst += "\n  " + look.name + ": " + words;
            if (folder.length > 0 && bench.wants("cut")) console.log(look.name, "cut:", faults.layers().map(layer => faults.truncated(layer.root)));
            if (folder.length > 0) bench.take(window, data.tag.replace(/ /g, "-") + "." + look.name);
        }
        if (worst !== "") fail(worst);
    }
}
