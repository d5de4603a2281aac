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
        page.page = 2;
        const cache = findAll(page.contentItem, it => it.objectName === "cacheChoice")[0];
        compare(cache.currentText, "16 bits");
        cache.forceActiveFocus();
        keyClick(Qt.Key_Down);
        tryCompare(app.settings, "cache", Settings.Q8, 5000);
        compare(cache.currentText, "8 bits");
        keyClick(Qt.Key_Up);
        tryCompare(app.settings, "cache", Settings.F16, 5000);
        keyClick(Qt.Key_Escape);
        tryVerify(() => !shown("settingsSheet"), 5000);
    }
    function test_the_plan_takes_another_cache() {
        open("small-device");
        app.settings.planWhen = Settings.PlanAlways;
        tryVerify(() => app.model.device.length > 0, 10000);
        app.model.openUrls(["file:///models/R1-Distill-Qwen-7B-Q4_K_M.gguf"]);
        tryVerify(() => shown("planSheet"), 10000);
        const sheet = popup("planSheet"), seen = name => findAll(sheet.contentItem, it => it.objectName === name);
        const choice = seen("cacheSegments")[0], before = app.model.plan.cache;
        compare(choice.current, 0);
        choice.forceActiveFocus();
        keyClick(Qt.Key_Right);
        tryCompare(choice, "current", 1, 5000);
        verify(app.model.plan.cache !== before, before);
        compare(seen("cacheRefused").length, 0);
        app.model.planAgain(131072); // a part of it would be the CPU's
        tryVerify(() => seen("cacheRefused").length === 1, 5000);
        compare(choice.current, 0);
        sheet.close();
        tryVerify(() => app.model.status === ModelLoader.NoModel, 5000);
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
