import QtQuick
import QtTest
import Ponder.App

// No text of any page is cut or lies on another: in each language, at 100 % and 200 %, in a large window and in the smallest.
ShellCase {
    name: "Pages"

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
}
