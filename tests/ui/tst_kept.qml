import QtQuick
import QtTest
import Ponder.App
import Ponder.Ui

// How a conversation is left and found again, one that is not kept at all, and the thought that is cut short.
ConversationCase {
    id: test
    name: "Kept"
    windowWidth: 1100
    windowHeight: 640

    function label() { return model.data(model.index(1, 0), ChatModel.LabelRole); }
    // The row at the top, and how much of it is above.
    function place() {
        const view = item("transcript");
        const row = view.indexAt(view.width / 2, view.contentY + 1);
        return { row: row, above: row < 0 ? 0 : view.contentY - view.itemAtIndex(row).y };
    }
    function cameBack(chat, was) {
        app.chat.openConversation(chat);
        tryVerify(() => app.chat.chat === chat, 10000);
        tryVerify(() => place().row === was.row && Math.abs(place().above - was.above) < 2, 10000,
                  JSON.stringify(place()) + " and not " + JSON.stringify(was));
        wait(50); // and there it stays when all is laid out
        compare(place().row, was.row);
        verify(Math.abs(place().above - was.above) < 2);
    }

    function test_the_place_where_it_was_left() {
        open("tour");
        loaded();
        tryVerify(() => app.chat.chat > 0 && found("transcript") !== null, 10000);
        const chat = app.chat.chat, view = item("transcript");
        model.showThought(1, ChatModel.Full); // enough to scroll
        tryVerify(() => view.contentHeight > view.height + 400, 10000);
        view.toEnd();
        view.moveBy(-300);
        tryVerify(() => !view.following && place().row > 0, 5000);
        const was = place();
        verify(was.row > 0);
        app.chat.newConversation();
        cameBack(chat, was);
        verify(!view.following);
        // Read to its end, it opens at its end.
        view.toEnd();
        app.chat.newConversation();
        app.chat.openConversation(chat);
        tryVerify(() => app.chat.chat === chat && view.atEnd && view.following, 10000);
        // What is asked there is looked at, wherever one was.
        view.moveBy(-300);
        app.chat.newConversation();
        app.chat.openConversation(chat);
        tryVerify(() => app.chat.chat === chat && !view.following, 10000);
        verify(app.chat.ask("and now?"));
        tryVerify(() => view.following && view.atEnd, 10000);
        app.chat.stop();
        tryVerify(() => !app.chat.busy, 20000);
    }
    function test_a_thought_stays_as_it_was_chosen() {
        open("tour");
        loaded();
        tryVerify(() => app.chat.chat > 0, 10000);
        const chat = app.chat.chat;
        const shown = () => model.data(model.index(1, 0), ChatModel.ShownRole);
        compare(shown(), ChatModel.Shut);
        model.showThought(1, ChatModel.Tail);
        app.chat.newConversation();
        app.chat.openConversation(chat);
        tryVerify(() => app.chat.chat === chat, 10000);
        compare(shown(), ChatModel.Tail);
    }
    function test_answer_now_data() { return [{ tag: "by the button", key: false }, { tag: "by its keys", key: true }]; }
    function test_answer_now(data) {
        open("long-thought", 1000);
        loaded();
        app.chat.newConversation();
        compare(found("answerNow"), null);
        verify(app.chat.ask("why"));
        tryVerify(() => app.chat.thinking && found("answerNow") !== null, 20000);
        const button = item("answerNow");
        verify(button.Accessible.name.length > 0);
        verify(button.Accessible.description.length > 0);
        compare(button.Accessible.role, Accessible.Button);
        verify(item("hint").text.indexOf("Ctrl Enter") > 0, item("hint").text);
        item("composerField").forceActiveFocus();
        app.chat.draft = "a question ahead";
        if (data.key) keyClick(Qt.Key_Return, Qt.ControlModifier);
        else mouseClick(button);
        tryVerify(() => !app.chat.thinking, 5000);
        compare(found("answerNow"), null);
        tryVerify(() => !app.chat.busy, 60000);
        verify(label().indexOf("cut short") > 0, label());
        compare(app.chat.draft, "a question ahead"); // not sent by the same keys
        verify(model.count > 2);
        verify(!item("composer").queued);
        // Without a thought the same keys send.
        keyClick(Qt.Key_Return, Qt.ControlModifier);
        tryVerify(() => app.chat.busy, 5000);
        app.chat.stop();
        tryVerify(() => !app.chat.busy, 20000);
    }
    function test_a_temporary_conversation() {
        open("instant");
        loaded();
        compare(found("temporaryMark"), null);
        const before = app.chat.conversations.count;
        keyClick(Qt.Key_N, Qt.ControlModifier | Qt.ShiftModifier);
        tryVerify(() => app.chat.temporary, 5000);
        const mark = item("temporaryMark");
        verify(mark.Accessible.name.indexOf("gone") > 0);
        verify(!mark.truncated);
        compare(item("barTitle").text, "Temporary conversation");
        verify(item("composerField").activeFocus);
        verify(app.chat.ask("why"));
        tryVerify(() => !app.chat.busy && model.count > 2, 20000);
        compare(item("barTitle").text, "Temporary conversation");
        compare(window.title, "Temporary conversation · Ponder");
        compare(found("exportButton"), null);
        verify(found("findButton") !== null);
        compare(app.chat.conversations.count, before);
        keyClick(Qt.Key_N, Qt.ControlModifier);
        tryVerify(() => !app.chat.temporary, 5000);
        compare(model.count, 0);
        tryVerify(() => found("toast") !== null && item("toast").text.indexOf("gone") > 0, 5000);
        compare(found("temporaryMark"), null);
    }
    function test_a_temporary_conversation_in_a_narrow_window() {
        open("instant");
        loaded();
        window.width = 440;
        app.chat.newTemporary();
        const mark = item("temporaryMark"), title = item("barTitle"), more = item("moreButton");
        const left = (it) => it.mapToItem(window.contentItem, 0, 0).x;
        const right = (it) => it.mapToItem(window.contentItem, it.width, 0).x;
        tryVerify(() => mark.width > 60 && title.width > 60 && right(mark) <= left(more) + 1 && right(title) <= left(mark) + 1,
                  5000);
        verify(right(more) <= window.width);
    }
}
