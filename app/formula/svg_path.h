#pragma once
// The path of an SVG picture as Qt draws it. Arcs, which KaTeX's pictures do not have, end the path. Pure; any thread.

#include <QPainterPath>
#include <QStringView>

namespace ponder::app {

QPainterPath svgPath(QStringView data);

} // namespace ponder::app
