#pragma once
// What a box of KaTeX becomes: ink and a width. Values; any thread.

#include <utility>

#include "app/formula/formula_style.h"

namespace ponder::app::katex {

// Something laid out, its origin at the left end of its baseline.
struct Box {
    Formula ink;
    double width = 0;
    bool fills = false; // wants to be as wide as its column

    void add(Box&& other, double dx, double dy) {
        const auto move = [&](auto& to, auto& from, auto shift) {
            for (auto& item : from) {
                shift(item);
                to.push_back(std::move(item));
            }
        };
        const auto moveRule = [&](FormulaRule& rule) { rule.area.translate(dx, dy); };
        move(ink.fills, other.ink.fills, moveRule);
        move(ink.rules, other.ink.rules, moveRule);
        move(ink.glyphs, other.ink.glyphs, [&](FormulaGlyph& glyph) {
            glyph.x += dx;
            glyph.y += dy;
        });
        move(ink.shapes, other.ink.shapes, [&](FormulaShape& shape) {
            shape.path.translate(dx, dy);
            shape.clip.translate(dx, dy);
        });
        fills = fills || other.fills;
    }
};

} // namespace ponder::app::katex
