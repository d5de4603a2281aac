pragma ComponentBehavior: Bound

import QtQuick
import QtQml
import Ponder.App
import Ponder.Ui

// What each command of app/commands does, whoever asks for it: a key, the palette, a button.
Item {
    id: actions
    required property Application app
    required property ChatPage page
    required property Sidebar sidebar
    required property TopBar bar
    required property bool escapes // is for what is under way
    signal sidebarWanted
    signal paletteWanted
    signal trashWanted
    signal settingsWanted
    signal keysWanted
    signal modelWanted
    signal exportWanted
    signal importWanted
    signal quitWanted

    function perform(command: int) {
        const chat = app.chat;
        const settings = app.settings;
        switch (command) {
        case Commands.NewConversation: chat.newConversation(); page.composer.focusField(); break;
        case Commands.NewTemporary: chat.newTemporary(); page.composer.focusField(); break;
        case Commands.Palette: paletteWanted(); break;
        case Commands.Find: page.find(); break;
        case Commands.Rename: rename(); break;
        case Commands.Pin: if (chat.chat > 0) chat.pinChat(chat.chat, !chat.conversations.isPinned(chat.chat)); break;
        case Commands.Trash: if (chat.chat > 0) chat.trashChat(chat.chat); break;
        case Commands.ShowTrash: trashWanted(); break;
        case Commands.Export: if (chat.chat > 0) exportWanted(); break;
        case Commands.Import: importWanted(); break;
        case Commands.Stop: page.composer.stop(); break;
        case Commands.AnswerNow: chat.answerNow(); break;
        case Commands.EditLast: page.editLast(); break;
        case Commands.Regenerate: page.regenerate(); break;
        case Commands.Continue: page.continueAnswer(); break;
        case Commands.OlderVersion: page.sibling(-1); break;
        case Commands.NewerVersion: page.sibling(1); break;
        case Commands.CopyAnswer: page.copyAnswer(); break;
        case Commands.CopyThought: page.copyThought(); break;
        case Commands.CopyCode: page.copyCode(); break;
        case Commands.ThisThought: page.toggleThought(); break;
        case Commands.AllThoughts: page.toggleAllThoughts(); break;
        case Commands.PreviousTurn: page.turn(-1); break;
        case Commands.NextTurn: page.turn(1); break;
        case Commands.Statistics: page.showStatistics(); break;
        case Commands.OpenModel: modelWanted(); break;
        case Commands.Sidebar: sidebarWanted(); break;
        case Commands.Settings: settingsWanted(); break;
        case Commands.Larger: settings.fontScale = Math.min(2, Math.round(settings.fontScale * 10 + 1) / 10); break;
        case Commands.Smaller: settings.fontScale = Math.max(0.8, Math.round(settings.fontScale * 10 - 1) / 10); break;
        case Commands.NormalSize: settings.fontScale = 1; break;
        case Commands.Keys: keysWanted(); break;
        case Commands.Quit: quitWanted(); break;
        }
    }
    // The conversation that the keyboard is on in the list, in its row; else the open one, in its title.
    function rename() {
        const row = sidebar.list.activeFocus ? sidebar.list.current() : null;
        if (row) sidebar.list.rename(row);
        else if (app.chat.chat > 0) bar.rename();
    }
    readonly property var rows: app.commands.rows
    Instantiator {
        model: actions.rows.filter(row => row.shortcut)
        Shortcut {
            required property var modelData
            sequences: modelData.keys
            enabled: modelData.id === Commands.Stop ? actions.escapes : modelData.id !== Commands.AnswerNow || actions.app.chat.thinking
            onActivated: actions.perform(modelData.id)
            onActivatedAmbiguously: console.warn("two acts have the keys", modelData.keys)
        }
    }
}
