#pragma once
// KaTeX's tree of boxes -> what stands where. KaTeX leaves horizontal placing to the browser and its style sheet; this does
// what the browser would, for the classes that the style sheet of KaTeX 0.16 knows. Pure; any thread.

#include <QJsonObject>

#include "app/formula/formula.h"

namespace ponder::app {

Formula layOut(const QJsonObject& tree); // as tree.js writes it

} // namespace ponder::app
