#pragma once
// Running text as HTML: <b> <i> <s> <code> <a href> <br>, each closed in the right order, everything else escaped. What
// stands for a formula is the caller's to say. Pure; any thread.

#include <functional>

#include "app/markdown/block.h"

namespace ponder::app {

// formula: HTML of a span of kind Formula; without it the formula stands as it was written.
QString proseHtml(const Prose& prose, const std::function<QString(const Span&)>& formula = {});

} // namespace ponder::app
