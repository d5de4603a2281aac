import QtQuick
import QtTest
import Ponder.App
import Ponder.Ui

// The sheet of settings and what it changes at once: numbers, size of text, language.
ShellCase {
    name: "Settings"

    function test_settings_are_kept() {
        open("tour");
        keyClick(Qt.Key_Comma, Qt.ControlModifier);
        tryVerify(() => shown("settingsSheet"), 5000);
        const page = popup("settingsSheet");
        const contrast = findAll(page.contentItem, it => it.objectName === "contrastToggle")[0];
        contrast.forceActiveFocus();
        keyClick(Qt.Key_Space);
        tryVerify(() => app.settings.highContrast && Theme.highContrast, 5000);
        keyClick(Qt.Key_Space);
        tryVerify(() => !Theme.highContrast, 5000);
        page.page = 1;
        const box = findAll(page.contentItem, it => it.objectName === "temperatureBox")[0];
        box.forceActiveFocus();
        box.selectAll();
        type("5");
        keyClick(Qt.Key_Return);
        compare(app.settings.temperature, 2); // no more than that
        // Another language writes numbers in another way, and passing through a number does not change it.
        const longest = findAll(page.contentItem, it => it.objectName === "longestBox")[0], tokens = app.settings.maxTokens;
        compare(longest.text, "32,768");
        longest.forceActiveFocus();
        app.settings.language = "de";
        tryCompare(longest, "text", "32.768", 5000);
        box.forceActiveFocus();
        compare(app.settings.maxTokens, tokens);
        compare(box.text, "2,00");
        app.settings.language = "en";
        findAll(page.contentItem, it => it.objectName === "resetSampling")[0].clicked();
        fuzzyCompare(app.settings.temperature, 0.6, 0.001);
        keyClick(Qt.Key_Escape);
        tryVerify(() => !shown("settingsSheet"), 5000);
    }
    function test_text_size_by_keys() {
        open("tour");
        keyClick(Qt.Key_Plus, Qt.ControlModifier);
        fuzzyCompare(app.settings.fontScale, 1.1, 0.001);
        compare(Theme.uiSize, Math.round(13 * 1.1));
        keyClick(Qt.Key_Minus, Qt.ControlModifier);
        keyClick(Qt.Key_Minus, Qt.ControlModifier);
        fuzzyCompare(app.settings.fontScale, 0.9, 0.001);
        keyClick(Qt.Key_0, Qt.ControlModifier);
        fuzzyCompare(app.settings.fontScale, 1, 0.001);
    }
    function test_language() {
        open("tour");
        const title = window.title;
        app.settings.language = "de";
        tryCompare(item("newButton"), "text", "Neue Unterhaltung", 5000);
        compare(titleGroup(), "Angeheftet");
        compare(item("newButton").key, "Strg N");
        const said = role => { for (let row = 0; row < app.chat.transcript.count; ++row) { const words = app.chat.transcript.data(app.chat.transcript.index(row, 0), role); if (words) return words; } return ""; };
        verify(said(ChatModel.LabelRole).includes("nachgedacht"), said(ChatModel.LabelRole)); // what C++ says, too
        verify(said(ChatModel.DetailRole).includes("Schritte"), said(ChatModel.DetailRole));
        compare(app.exporter.formats[0].use, "zum Lesen und Bearbeiten");
        app.settings.language = "en";
        tryCompare(item("newButton"), "text", "New conversation", 5000);
        compare(window.title, title);
    }
    function titleGroup() { const model = app.chat.conversations; return model.data(model.index(0, 0), 259); }
}
