pragma Singleton

import QtQuick

// Every colour, size and time of the window; Main.qml binds the first four to the settings. A size in px is written
// px(size at 100 %), so that all of them follow the font setting. No token begins with "on": Qt 6.4 reads such a property
// beside its twin as a signal handler and it stays black without a warning.
QtObject {

    // 0: as the system, 1: light, 2: dark
    property int scheme: 0
    property bool highContrast: false
    property real scale: 1
    property bool still: false // nothing moves
    property bool systemDark: systemPalette.window.hslLightness < 0.5
    readonly property bool dark: scheme === 2 || (scheme === 0 && systemDark)
    property SystemPalette systemPalette: SystemPalette { }

    // In high contrast what is soft is page with an outline, and what is quiet is text.
    function pick(light: color, night: color, plainLight: color, plainNight: color): color {
        return highContrast ? (dark ? plainNight : plainLight) : dark ? night : light;
    }
    readonly property color bg: pick("#FCFBF9", "#17181B", "#FFFFFF", "#000000")
    readonly property color surface: pick("#F4F2EE", "#121316", "#FFFFFF", "#000000")
    readonly property color raised: pick("#FFFFFF", "#202226", "#FFFFFF", "#000000")
    readonly property color sunken: pick("#F5F3EF", "#111215", "#FFFFFF", "#000000")
    readonly property color hover: pick("#EBE8E2", "#26282D", "#EAEAEA", "#242424")
    readonly property color sel: pick("#E4E0D8", "#2C2F35", "#DCDCDC", "#343434")
    readonly property color bubble: pick("#EFECE6", "#26282D", "#FFFFFF", "#000000")
    readonly property color border: pick("#E3DFD8", "#2F3238", "#3A3A3A", "#D0D0D0")
    readonly property color strong: pick("#8C867D", "#757A84", "#3A3A3A", "#D0D0D0")
    readonly property color text: pick("#1E1C1A", "#ECEAE6", "#000000", "#FFFFFF")
    readonly property color text2: pick("#3A3632", "#D2D0CB", "#000000", "#FFFFFF")
    readonly property color muted: pick("#5C5751", "#B0ADA7", "#000000", "#FFFFFF")
    readonly property color faint: pick("#67615A", "#9B9893", "#000000", "#FFFFFF")
    readonly property color accent: pick("#0A6770", "#62C4C8", "#004850", "#7FE9EC")
    readonly property color accentInk: pick("#FFFFFF", "#04262A", "#FFFFFF", "#000000")
    readonly property color accentSoft: pick("#DFEEEE", "#17373B", "#FFFFFF", "#000000")
    readonly property color thought: pick("#7B4196", "#CDA6E6", "#5A1F78", "#E0BEF5")
    readonly property color thoughtText: pick("#5B5262", "#BDB4C4", "#000000", "#FFFFFF")
    readonly property color thoughtSoft: pick("#F4ECF8", "#2A2232", "#FFFFFF", "#000000")
    readonly property color conf1: pick("#F6E9FB", "#2C2336", "#F6E9FB", "#2C2336")
    readonly property color conf2: pick("#E9CFF5", "#45315A", "#E9CFF5", "#45315A")
    readonly property color mark: pick("#FFE79A", "#5E4B0F", "#FFE79A", "#5E4B0F")
    readonly property color markOn: pick("#FFC83D", "#775B00", "#FFC83D", "#775B00")
    readonly property color danger: pick("#B3261E", "#FF9389", "#8A0E09", "#FFB4AC")
    readonly property color warn: pick("#855300", "#EABB55", "#5E3A00", "#FFD56B")
    readonly property color ok: pick("#2A6B3D", "#83CB96", "#10491F", "#A5E8B5")
    readonly property color dangerSoft: pick("#FCEBE9", "#2F1E1E", "#FFFFFF", "#000000")
    readonly property color warnSoft: pick("#FBF1DC", "#2B2517", "#FFFFFF", "#000000")
    readonly property color toastAccent: pick("#7AD4D8", "#0A6770", "#7FE9EC", "#004850") // pressed, on text as paper
    readonly property color scrim: pick("#66201C16", "#99000000", "#99000000", "#CC000000")
    readonly property color shade: pick("#03000000", "#0B000000", "#00000000", "#00000000") // of one of the seven rectangles of a shadow

    // The outline of what is filled softly in a role: there in high contrast, else as faint as the mock has it.
    readonly property int softOutline: highContrast ? 2 : 1
    function softBorder(role: color): color { return highContrast ? role : Qt.rgba(role.r, role.g, role.b, 0.28); }

    property Text platform: Text { } // as the system would draw it
    readonly property var families: Qt.fontFamilies()
    function family(wanted: string, otherwise: string): string {
        return families.indexOf(wanted) >= 0 ? wanted : otherwise;
    }
    readonly property string sans: family("Inter", platform.font.family)
    readonly property string display: family("Inter Display", sans)
    readonly property string mono: family("JetBrains Mono NL", family("JetBrains Mono", "monospace"))

    function px(size: real): int { return Math.round(size * scale); }

    // Text: size and line height.
    readonly property int displaySize: px(30)
    readonly property int headingSize: px(20)
    readonly property int headingLine: px(28)
    readonly property int titleSize: px(18) // of sheets and cards
    readonly property int answerSize: px(16)
    readonly property int answerLine: px(26)
    readonly property int fieldSize: px(15)
    readonly property int thoughtSize: px(14)
    readonly property int thoughtLine: px(22)
    readonly property int bodySize: px(14) // of notices and sheets
    readonly property int bodyLine: px(20)
    readonly property int uiSize: px(13)
    readonly property int captionSize: px(12)
    readonly property int captionLine: px(18)
    readonly property int smallSize: px(11)
    readonly property int codeSize: px(13)
    readonly property int codeLine: px(20)
    readonly property int numberSize: px(12)

    readonly property int radius: 8
    readonly property int radiusCard: 12
    readonly property int radiusLarge: 16

    readonly property int controlHeight: px(32)
    readonly property int rowHeight: px(34)
    readonly property int sidebarWidth: px(264)
    readonly property int topBarHeight: px(48)
    readonly property int columnWidth: px(712)
    readonly property int composerWidth: px(760)
    readonly property int questionWidth: px(448)

    readonly property int quick: still ? 0 : 120
    readonly property int medium: still ? 0 : 200
    readonly property int slow: still ? 0 : 280

    // The inline part of an answer as a document: TextEdit's line height works only this way with rich text.
    function rich(html: string, size: int, line: int): string {
        return "<style>a{color:" + accent + ";text-decoration:none} code{font-family:'" + mono + "';font-size:"
            + Math.round(size * 0.875) + "px;background-color:" + bubble
            + "} p{line-height:" + line + "px;margin:0;white-space:pre-wrap}</style><p>" + html + "</p>";
    }
    function escaped(plain: string): string {
        return plain.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/\n/g, "<br>");
    }
}
