import QtQuick
import QtTest
import Ponder.App
import Ponder.Ui

// Reading and what is done with messages: thoughts, following, finding, editing in place, versions, copying, statistics.
ConversationCase {
    id: test
    name: "Transcript"

    function list() { return item("transcript"); }
    function idle() { tryVerify(() => !app.chat.busy, 30000); }
    function role(row, name) {
        const roles = { kind: ChatModel.KindRole, text: ChatModel.TextRole, shown: ChatModel.ShownRole, label: ChatModel.LabelRole,
                        message: ChatModel.MessageRole, sibling: ChatModel.SiblingRole, siblings: ChatModel.SiblingsRole };
        return model.data(model.index(row, 0), roles[name]);
    }
    function rowOf(kind) {
        for (let row = 0; row < model.count; ++row) if (role(row, "kind") === kind) return row;
        return -1;
    }
    function asked(script) {
        open(script);
        loaded();
        app.chat.newConversation();
        verify(app.chat.ask("why"));
        idle();
        tryVerify(() => app.chat.chat > 0, 10000);
        tryVerify(() => role(0, "message") > 0, 10000);
    }

    function test_thought_shut_full_and_all() {
        asked("instant");
        compare(role(1, "kind"), ChatModel.Thought);
        compare(role(1, "shown"), ChatModel.Shut);
        compare(rowOf(ChatModel.Part), -1);
        keyClick(Qt.Key_T, Qt.ControlModifier);
        compare(role(1, "shown"), ChatModel.Full);
        compare(rowOf(ChatModel.Part), 2);
        keyClick(Qt.Key_T, Qt.ControlModifier);
        compare(role(1, "shown"), ChatModel.Shut);
        keyClick(Qt.Key_T, Qt.ControlModifier | Qt.ShiftModifier);
        compare(role(1, "shown"), ChatModel.Full);
        keyClick(Qt.Key_T, Qt.ControlModifier | Qt.ShiftModifier);
        compare(role(1, "shown"), ChatModel.Shut);
        const head = item("thoughtHead");
        head.forceActiveFocus(Qt.TabFocusReason);
        keyClick(Qt.Key_Right);
        compare(role(1, "shown"), ChatModel.Tail);
        keyClick(Qt.Key_Space);
        compare(role(1, "shown"), ChatModel.Shut);
    }
    function test_tail_of_a_live_thought_has_one_height() {
        open("long-thought", 1000);
        loaded();
        app.chat.newConversation();
        verify(app.chat.ask("why"));
        tryVerify(() => found("thoughtText") !== null && found("thoughtText").height > 230, 30000);
        compare(role(1, "shown"), ChatModel.Tail);
        const row = list().itemAtIndex(1);
        const height = row.height;
        const text = item("thoughtText");
        const length = text.length;
        tryVerify(() => text.length > length + 60, 20000);
        compare(row.height, height);
        verify(text.length < 7000);
        verify(Math.abs(text.y + text.height - 206) < 1); // its end is what is seen
        app.chat.stop();
        idle();
        compare(role(1, "shown"), ChatModel.Shut);
        tryVerify(() => row.height < 80, 5000);
    }
    function test_what_is_read_stays() {
        open("long-thought", 1000);
        loaded();
        app.chat.newConversation();
        verify(app.chat.ask("why"));
        tryVerify(() => app.chat.state === ChatController.Generating, 20000);
        model.showThought(1, ChatModel.Full);
        const view = list();
        tryVerify(() => view.contentHeight > view.height + 300 && view.atEnd, 60000); // followed
        view.forceActiveFocus();
        keyClick(Qt.Key_PageUp);
        tryVerify(() => !view.following, 5000);
        const row = view.itemAt(view.width / 2, view.contentY + 5);
        const at = row.y - view.contentY, count = model.count, height = view.contentHeight;
        tryVerify(() => model.count > count || view.contentHeight > height + 20, 30000);
        verify(Math.abs(row.y - view.contentY - at) < 2, "moved by " + (row.y - view.contentY - at));
        verify(item("jumpToLatest").visible);
        mouseClick(item("jumpToLatest"));
        tryVerify(() => view.atEnd && view.following, 5000);
        mouseWheel(view, view.width / 2, view.height / 2, 0, 120);
        tryVerify(() => !view.following, 5000);
        app.chat.stop();
        idle();
    }
    function test_find() {
        asked("instant");
        item("composerField").forceActiveFocus();
        keyClick(Qt.Key_F, Qt.ControlModifier);
        const bar = item("findBar"), field = item("findField");
        tryVerify(() => field.activeFocus, 5000);
        const top = bar.y + bar.height;
        verify(list().y >= top); // never over text
        for (const c of "675") keyClick(c);
        tryVerify(() => model.find.count > 2, 5000);
        const first = model.find.current;
        keyClick(Qt.Key_F3);
        compare(model.find.current, (first + 1) % model.find.count);
        keyClick(Qt.Key_F3, Qt.ShiftModifier);
        compare(model.find.current, first);
        for (let i = 0; i < model.find.count; ++i) { // every hit can be brought into view, those in a shut thought too
            keyClick(Qt.Key_Return);
            const row = model.find.currentRow;
            verify(row >= 0, "hit " + model.find.current);
            tryVerify(() => list().itemAtIndex(row) !== null, 5000);
            const at = list().itemAtIndex(row);
            verify(at.y < list().contentY + list().height && at.y + at.height > list().contentY, "hit " + model.find.current);
        }
        verify(rowOf(ChatModel.Part) > 0);
        keyClick(Qt.Key_Escape);
        tryVerify(() => found("findBar") === null, 5000);
        compare(model.find.query, "");
    }
    function test_hit_of_a_search_opens_at_its_line() {
        asked("instant");
        const message = role(1, "message");
        const tail = model.thoughtTail(1);
        verify(model.find.showHit(message, 1, tail.indexOf("675"), 3));
        const row = model.find.currentRow;
        compare(role(row, "kind"), ChatModel.Part);
        tryVerify(() => list().itemAtIndex(row) !== null && list().itemAtIndex(row).hitTop() >= 0, 5000);
        const at = list().itemAtIndex(row).y + list().itemAtIndex(row).hitTop() - list().contentY;
        verify(at >= 0 && at < list().height);
    }
    function test_edit_in_place() {
        asked("instant");
        const message = role(0, "message");
        item("composerField").forceActiveFocus();
        keyClick(Qt.Key_Up); // in the empty composer
        tryVerify(() => found("questionField") !== null && found("questionField").activeFocus, 5000);
        compare(item("questionField").text, "why");
        keyClick(Qt.Key_Escape);
        tryVerify(() => found("questionField") === null, 5000);
        keyClick(Qt.Key_Up);
        tryVerify(() => found("questionField") !== null && found("questionField").activeFocus, 5000);
        keyClick(Qt.Key_Return, Qt.ShiftModifier);
        keyClick("x");
        compare(item("questionField").text, "why\nx");
        keyClick(Qt.Key_Return);
        tryVerify(() => role(0, "text") === "why\nx", 10000);
        idle();
        tryVerify(() => role(0, "siblings") === 2 && role(0, "message") > 0, 10000);
        compare(role(0, "sibling"), 1);
        verify(role(0, "message") !== message);
        mouseClick(item("olderVersion"));
        tryVerify(() => role(0, "text") === "why", 10000);
        compare(role(0, "message"), message);
    }
    function test_answer_again_and_versions() {
        asked("instant");
        mouseClick(item("answerAgain"));
        tryVerify(() => app.chat.busy || role(model.count - 1, "siblings") === 2, 10000);
        idle();
        tryVerify(() => role(model.count - 1, "siblings") === 2, 10000);
        compare(role(model.count - 1, "sibling"), 1);
        keyClick(Qt.Key_Left, Qt.AltModifier);
        tryVerify(() => role(model.count - 1, "sibling") === 0, 10000);
        keyClick(Qt.Key_Right, Qt.AltModifier);
        tryVerify(() => role(model.count - 1, "sibling") === 1, 10000);
    }
    function test_stopped_answer_continues() {
        open("slow");
        loaded();
        app.chat.newConversation();
        verify(app.chat.ask("why"));
        tryVerify(() => app.chat.state === ChatController.Generating, 20000);
        keyClick(Qt.Key_Escape);
        idle();
        tryVerify(() => found("continueAnswer") !== null && item("continueAnswer").enabled, 5000);
        mouseClick(item("continueAnswer"));
        tryVerify(() => app.chat.busy, 10000);
        app.chat.stop();
        idle();
    }
    function test_statistics_and_menu() {
        asked("instant");
        const rows = model.statistics(role(1, "message"));
        verify(rows.length > 4);
        verify(rows.every(row => row.label.length > 0 && row.value.length > 0));
        mouseClick(item("moreActions"));
        keyClick(Qt.Key_Escape);
        wait(200);
        mouseClick(list().itemAtIndex(0), 640, 40, Qt.RightButton);
        keyClick(Qt.Key_Escape);
        mouseClick(item("statisticsButton"));
        wait(200);
        keyClick(Qt.Key_Escape);
    }
    function test_two_announcements_a_turn() {
        open("instant");
        loaded();
        app.chat.newConversation();
        const announcer = findChild(window.contentItem, "announcer");
        const before = announcer.count;
        verify(app.chat.ask("why"));
        idle();
        compare(announcer.count, before + 2);
    }
    function test_composer() {
        open("slow");
        loaded();
        app.chat.newConversation();
        const field = item("composerField");
        field.forceActiveFocus();
        const height = field.height;
        field.text = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14";
        const box = item("sendButton");
        tryVerify(() => field.height > height, 5000);
        verify(field.parent.parent.height < 10 * 22); // eight lines, then it scrolls
        field.text = "some words of a line\n".repeat(7200);
        compare(field.length, 100000);
        field.text = "";
        verify(app.chat.ask("why"));
        tryVerify(() => app.chat.state === ChatController.Generating, 20000);
        field.forceActiveFocus();
        for (const c of "so") keyClick(c);
        keyClick(Qt.Key_Return); // ahead
        verify(app.chat.busy);
        compare(field.text, "so");
        verify(item("hint").text.indexOf("Sent when") === 0);
        keyClick(Qt.Key_Escape);
        idle();
        compare(field.text, "so"); // who stops keeps the words
        verify(box.enabled);
    }
    function test_a_long_conversation_is_shown_at_its_end() {
        open("big");
        tryVerify(() => model.count > 200, 30000);
        const view = list();
        tryVerify(() => view.atEnd && view.following, 10000);
        view.forceActiveFocus();
        keyClick(Qt.Key_Home);
        tryVerify(() => view.contentY <= view.originY + 1, 5000);
        keyClick(Qt.Key_Down, Qt.AltModifier);
        tryVerify(() => view.contentY > view.originY + 100, 5000);
        keyClick(Qt.Key_End);
        tryVerify(() => view.atEnd, 5000);
        verify(view.contentItem.children.length < 120); // of hundreds of rows
    }
    function test_long_question_shows_its_beginning() {
        open("instant");
        loaded();
        app.chat.newConversation();
        verify(app.chat.ask("word ".repeat(18000)));
        idle();
        tryVerify(() => found("questionText") === null || found("questionText").length < 5000, 5000);
    }
}
