import QtQuick
import QtTest
import Ponder.App
import Ponder.Ui

// The rows of a thought that is open in full: what is in them, while it grows and afterwards.
WindowCase {
    id: test
    name: "Thought"
    windowWidth: 1280
    windowHeight: 820
    readonly property var model: app ? app.chat.transcript : null
    readonly property var view: window ? findChild(window.contentItem, "transcript") : null

    function open(script, tokensPerSecond) {
        start(script, tokensPerSecond);
        tryVerify(() => app.model.status === ModelLoader.Loaded, 20000);
        app.chat.newConversation();
        verify(app.chat.ask("why"));
    }
    function parts() { // that are there
        const rows = [];
        for (let i = 0; i < model.count; ++i) {
            const item = view.itemAtIndex(i);
            if (item && item.kind === ChatModel.Part) rows.push(item);
        }
        return rows;
    }
    function child(row, type) { // by the beginning of its name as a type
        const seek = (item) => {
            if (item.toString().startsWith(type)) return item;
            for (let i = 0; i < item.children.length; ++i) {
                const hit = seek(item.children[i]);
                if (hit) return hit;
            }
            return null;
        };
        return seek(row);
    }

    function test_only_the_last_part_of_a_live_thought_has_a_caret() {
        open("long-thought", 1000);
        tryVerify(() => app.chat.state === ChatController.Generating, 20000);
        model.showThought(1, ChatModel.Full);
        tryVerify(() => parts().length > 3, 60000);
        const carets = () => parts().filter(row => child(row, "ThoughtCaret") !== null);
        const only = () => carets().length === 1 && carets()[0].index === model.count - 1;
        tryVerify(only, 5000);
        const count = model.count;
        tryVerify(() => model.count > count, 60000);
        tryVerify(only, 5000);
        app.chat.stop();
        tryVerify(() => !app.chat.busy, 20000);
        model.showThought(1, ChatModel.Full);
        tryVerify(() => carets().length === 0, 5000);
    }
    function test_the_caret_stands_behind_the_last_word_data() {
        return [{ tag: "of the end", shown: ChatModel.Tail }, { tag: "of the whole", shown: ChatModel.Full }];
    }
    function test_the_caret_stands_behind_the_last_word(data) {
        open("long-thought", 1000);
        tryVerify(() => app.chat.state === ChatController.Generating, 20000);
        model.showThought(1, data.shown);
        const row = () => view.itemAtIndex(data.shown === ChatModel.Full ? model.count - 1 : 1);
        const behind = () => {
            const edit = row() ? findChild(row(), "thoughtText") : null, caret = row() ? child(row(), "ThoughtCaret") : null;
            if (!edit || !caret || !caret.visible || edit.length < 8) return false;
            const end = edit.positionToRectangle(edit.length), at = caret.mapToItem(edit, 0, 0);
            return Math.abs(at.x - end.x - 3) < 0.01 && Math.abs(at.y - end.y - 4) < 0.01;
        };
        for (const width of [1280, 760, 1100]) { // it grows, and its lines break elsewhere
            window.width = width;
            tryVerify(behind, 10000, width + " px");
            const before = model.thoughtTail(1);
            tryVerify(() => model.thoughtTail(1) !== before, 20000);
            tryVerify(behind, 10000, width + " px");
        }
        app.chat.stop();
        tryVerify(() => !app.chat.busy, 20000);
    }
    function test_a_row_follows_the_words_of_its_part() {
        open("long-thought", 1000);
        tryVerify(() => app.chat.state === ChatController.Generating, 20000);
        model.showThought(1, ChatModel.Full);
        tryVerify(() => parts().length > 3, 60000);
        const words = (row) => findChild(row, "thoughtText");
        app.chat.stop();
        tryVerify(() => !app.chat.busy, 20000);
        model.showThought(1, ChatModel.Full);
        tryVerify(() => parts().length > 3, 5000);
        for (const row of parts()) {
            const edit = words(row);
            compare(edit.getText(0, edit.length), row.text);
            compare(row.height, row.gap + edit.height);
            compare(child(row, "ponder::ui::Icon").visible, row.step >= 0);
        }
        const row = parts()[0];
        words(row).select(0, 8);
        compare(words(row).selectedText, row.text.substring(0, 8));
    }
    function test_few_rows_are_there_however_long_it_is() {
        open("long-thought", 1000);
        tryVerify(() => app.chat.state === ChatController.Generating, 20000);
        model.showThought(1, ChatModel.Full);
        tryVerify(() => view.contentHeight > view.height + 400, 60000);
        const height = parts().reduce((sum, row) => sum + row.height, 0);
        verify(height < view.height + 2 * view.cacheBuffer + 2 * 460, height + " px"); // a part is at most about a screen high
        app.chat.stop();
        tryVerify(() => !app.chat.busy, 20000);
    }
}
