import QtQuick
import QtTest
import Ponder.App

// What the window says when it opens: the model in the box, a full disk, a damaged store.
ShellCase {
    name: "Start"

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
}
