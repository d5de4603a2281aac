pragma Singleton

import QtQuick

// Every colour, size and time of the window. No token begins with "on": Qt 6.4 reads such a property beside its twin as a
// signal handler and it stays black without a warning.
QtObject {
    id: theme

    // 0: as the system, 1: light, 2: dark
    property int scheme: 0
    readonly property bool dark: scheme === 2 || (scheme === 0 && systemPalette.window.hslLightness < 0.5)
    property SystemPalette systemPalette: SystemPalette { }

    readonly property color bg: dark ? "#17181B" : "#FCFBF9"
    readonly property color surface: dark ? "#121316" : "#F4F2EE"
    readonly property color raised: dark ? "#202226" : "#FFFFFF"
    readonly property color sunken: dark ? "#111215" : "#F5F3EF"
    readonly property color hover: dark ? "#26282D" : "#EBE8E2"
    readonly property color sel: dark ? "#2C2F35" : "#E4E0D8"
    readonly property color bubble: dark ? "#26282D" : "#EFECE6"
    readonly property color border: dark ? "#2F3238" : "#E3DFD8"
    readonly property color strong: dark ? "#757A84" : "#8C867D"
    readonly property color text: dark ? "#ECEAE6" : "#1E1C1A"
    readonly property color text2: dark ? "#D2D0CB" : "#3A3632"
    readonly property color muted: dark ? "#B0ADA7" : "#5C5751"
    readonly property color faint: dark ? "#9B9893" : "#67615A"
    readonly property color accent: dark ? "#62C4C8" : "#0A6770"
    readonly property color accentInk: dark ? "#04262A" : "#FFFFFF"
    readonly property color accentSoft: dark ? "#17373B" : "#DFEEEE"
    readonly property color thought: dark ? "#CDA6E6" : "#7B4196"
    readonly property color thoughtText: dark ? "#BDB4C4" : "#5B5262"
    readonly property color thoughtSoft: dark ? "#2A2232" : "#F4ECF8"
    readonly property color danger: dark ? "#FF9389" : "#B3261E"
    readonly property color warn: dark ? "#EABB55" : "#855300"
    readonly property color ok: dark ? "#83CB96" : "#2A6B3D"
    readonly property color dangerSoft: dark ? "#2F1E1E" : "#FCEBE9"
    readonly property color warnSoft: dark ? "#2B2517" : "#FBF1DC"
    readonly property color shade: dark ? Qt.rgba(0, 0, 0, 0.045) : Qt.rgba(0, 0, 0, 0.012)

    property Text platform: Text { } // as the system would draw it
    readonly property var families: Qt.fontFamilies()
    function family(wanted: string, otherwise: string): string {
        return families.indexOf(wanted) >= 0 ? wanted : otherwise;
    }
    readonly property string sans: family("Inter", platform.font.family)
    readonly property string display: family("Inter Display", sans)
    readonly property string mono: family("JetBrains Mono NL", family("JetBrains Mono", "monospace"))

    // Text: size and line height in px at 100 %.
    readonly property int displaySize: 30
    readonly property int displayLine: 38
    readonly property int headingSize: 20
    readonly property int headingLine: 28
    readonly property int answerSize: 16
    readonly property int answerLine: 26
    readonly property int thoughtSize: 14
    readonly property int thoughtLine: 22
    readonly property int uiSize: 13
    readonly property int captionSize: 12
    readonly property int codeSize: 13
    readonly property int codeLine: 20
    readonly property int numberSize: 12

    readonly property int radius: 8
    readonly property int radiusCard: 12
    readonly property int radiusLarge: 16

    readonly property int sidebarWidth: 264
    readonly property int topBarHeight: 48
    readonly property int columnWidth: 712
    readonly property int composerWidth: 760
    readonly property int questionWidth: 448

    readonly property int quick: 120
    readonly property int medium: 200
    readonly property int slow: 280

    // The inline part of an answer as a document: TextEdit's line height works only this way with rich text.
    function rich(html: string, size: int, line: int): string {
        return "<style>a{color:" + accent + ";text-decoration:none} code{font-family:'" + mono + "';font-size:"
            + Math.round(size * 0.875) + "px;background-color:" + (dark ? "#26282D" : "#EFECE6")
            + "} p{line-height:" + line + "px;margin:0;white-space:pre-wrap}</style><p>" + html + "</p>";
    }
    function escaped(plain: string): string {
        return plain.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/\n/g, "<br>");
    }
}
