import QtQuick
import QtTest
import Ponder.Ui

// Colours: every ink can be read on its paper, and what is painted stays where its item is.
ShellCase {
    name: "Theme"

    // What is painted stands where its item does, also when it was painted again: not in the corner of the window.
    function test_painted_in_place() {
        open("tour");
        app.settings.theme = 1;
        for (const scale of [1, 2, 1.5]) {
            app.settings.fontScale = scale;
            wait(150);
            const picture = grabImage(window.contentItem);
            for (let y = 1; y < 100; ++y) verify(Qt.colorEqual(picture.pixel(4, y), Theme.surface), "at " + scale + ", " + y + ": " + picture.pixel(4, y));
        }
    }
    function test_follows_the_system() {
        Theme.scheme = 0;
        Theme.systemDark = true;
        verify(Theme.dark);
        Theme.systemDark = false;
        verify(!Theme.dark);
        Theme.systemDark = Qt.binding(() => Theme.systemPalette.window.hslLightness < 0.5);
        verify(Theme.dark === (Theme.systemPalette.window.hslLightness < 0.5));
    }
    function luminance(c) {
        const f = v => v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
        return 0.2126 * f(c.r) + 0.7152 * f(c.g) + 0.0722 * f(c.b);
    }
    function contrast(a, b) {
        const x = luminance(a), y = luminance(b);
        return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
    }
    function test_contrast_data() {
        return [{ tag: "light", scheme: 1, high: false }, { tag: "dark", scheme: 2, high: false }, { tag: "high light", scheme: 1, high: true }, { tag: "high dark", scheme: 2, high: true }];
    }
    function test_contrast(data) {
        Theme.scheme = data.scheme;
        Theme.highContrast = data.high;
        const papers = ["bg", "surface", "raised", "sunken", "hover", "sel", "bubble"];
        const pairs = [["accentInk", "accent"], ["accent", "accentSoft"], ["text", "accentSoft"], ["text2", "accentSoft"], ["muted", "accentSoft"], ["text", "dangerSoft"], ["text2", "dangerSoft"], ["danger", "dangerSoft"],
            ["text", "warnSoft"], ["text2", "warnSoft"], ["warn", "warnSoft"], ["thought", "thoughtSoft"], ["thoughtText", "thoughtSoft"], ["thoughtText", "conf1"], ["thoughtText", "conf2"],
            ["text", "mark"], ["text", "markOn"], ["bg", "text"], ["toastAccent", "text"]];
        for (const ink of ["text", "text2", "muted", "faint", "accent", "thought", "thoughtText", "danger", "warn", "ok"])
            for (const paper of papers) pairs.push([ink, paper]);
        for (const [ink, paper] of pairs) {
            const least = data.high && !["mark", "markOn", "conf1", "conf2"].includes(paper) ? 7 : 4.5;
            verify(contrast(Theme[ink], Theme[paper]) >= least, ink + " on " + paper + ": " + contrast(Theme[ink], Theme[paper]));
        }
        for (const paper of ["bg", "raised"]) verify(contrast(Theme.strong, Theme[paper]) >= 3, "strong on " + paper); // outlines that must be seen
        Theme.highContrast = false;
    }
}
