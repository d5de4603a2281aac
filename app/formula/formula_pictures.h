#pragma once
// The pictures in KaTeX's boxes: parts of roots, braces, arrows and tall delimiters, which it gives as SVG. Values; any
// thread.

#include "app/formula/formula_box.h"

namespace ponder::app::katex {

bool holdsPictures(const Node& node);
Box pictures(const Node& node, const Context& context); // they stand in it from edge to edge or in its parts

} // namespace ponder::app::katex
