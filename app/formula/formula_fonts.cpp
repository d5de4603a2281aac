#include "app/formula/formula_fonts.h"

#include <array>
#include <cmath>

#include <QFile>
#include <QFont>
#include <QFontMetricsF>
#include <QHash>

namespace ponder::app {

namespace {

constexpr double kMetricsSize = 1000;
constexpr int kMaxFonts = 400;

// In the order of FormulaFace.
constexpr std::array kFiles{"Main-Regular",     "Main-Italic",     "Main-Bold",      "Main-BoldItalic",
                            "Math-Italic",      "Math-BoldItalic", "AMS-Regular",    "Caligraphic-Regular",
                            "Caligraphic-Bold", "Fraktur-Regular", "Fraktur-Bold",   "SansSerif-Regular",
                            "SansSerif-Italic", "SansSerif-Bold",  "Script-Regular", "Typewriter-Regular",
                            "Size1-Regular",    "Size2-Regular",   "Size3-Regular",  "Size4-Regular"};

struct Fonts {
    QHash<quint64, QRawFont> bySize;
    QHash<quint64, quint32> glyphs;
    QHash<quint64, double> advances;
};

Fonts& fonts() {
    thread_local Fonts all;
    return all;
}

quint64 key(FormulaFace face, char32_t low) { return (static_cast<quint64>(face) << 32) | low; }

} // namespace

const QRawFont& formulaFont(FormulaFace face, double pixelSize) {
    static const QRawFont none;
    if (face == FormulaFace::System) return none;
    Fonts& all = fonts();
    const auto sixteenths = static_cast<char32_t>(std::lround(pixelSize * 16));
    auto found = all.bySize.constFind(key(face, sixteenths));
    if (found != all.bySize.constEnd()) return *found;
    if (all.bySize.size() >= kMaxFonts) all.bySize.clear();
    const QString file = QStringLiteral(":/ponder/katex/fonts/KaTeX_%1.ttf")
                             .arg(QLatin1String(kFiles[static_cast<size_t>(face)]));
    return *all.bySize.insert(key(face, sixteenths),
                              QRawFont(file, static_cast<qreal>(sixteenths) / 16, QFont::PreferNoHinting));
}

quint32 glyphOf(FormulaFace face, char32_t character) {
    if (face == FormulaFace::System) return 0;
    auto& glyphs = fonts().glyphs;
    const auto found = glyphs.constFind(key(face, character));
    if (found != glyphs.constEnd()) return *found;
    const QList<quint32> indexes =
        formulaFont(face, kMetricsSize).glyphIndexesForString(QString::fromUcs4(&character, 1));
    return *glyphs.insert(key(face, character), indexes.isEmpty() ? 0 : indexes.front());
}

double advanceOf(FormulaFace face, char32_t character) {
    auto& advances = fonts().advances;
    const auto found = advances.constFind(key(face, character));
    if (found != advances.constEnd()) return *found;
    double width = 0;
    if (face == FormulaFace::System) {
        QFont font;
        font.setPixelSize(100);
        width = QFontMetricsF(font).horizontalAdvance(QString::fromUcs4(&character, 1)) / 100;
    } else {
        const QList<QPointF> sizes =
            formulaFont(face, kMetricsSize).advancesForGlyphIndexes({glyphOf(face, character)});
        width = sizes.isEmpty() ? 0 : sizes.front().x() / kMetricsSize;
    }
    return *advances.insert(key(face, character), width);
}

bool hasKatex() {
    static const bool has = QFile::exists(QStringLiteral(":/ponder/katex/katex.min.js"));
    return has;
}

Formula noKatex() {
    Formula none;
    none.error = QStringLiteral("this build has no KaTeX");
    return none;
}

} // namespace ponder::app
