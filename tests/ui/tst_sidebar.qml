import QtQuick
import QtTest

// The list of conversations and the trash: renaming, pinning, deleting, taking back.
ShellCase {
    name: "Sidebar"

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
    function test_headings() {
        open("search");
        tryVerify(() => list().count > 5, 10000);
        const chat = chatAt(3);
        for (const pinned of [true, false, true]) {
            app.chat.pinChat(chat, pinned);
            tryVerify(() => app.chat.conversations.isPinned(chat) === pinned, 5000);
            tryVerify(() => headed(list(), "groupLabel") === "", 5000, headed(list(), "groupLabel"));
        }
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
}
