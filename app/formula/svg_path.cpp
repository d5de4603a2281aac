#include "app/formula/svg_path.h"

#include <array>

namespace ponder::app {

namespace {

class Reader {
public:
    explicit Reader(QStringView data) : m_data(data) {}

    QPainterPath read() {
        m_path.setFillRule(Qt::WindingFill);
        QChar command;
        for (;;) {
            skip();
            if (m_at >= m_data.size()) break;
            if (m_data[m_at].isLetter()) command = m_data[m_at++];
            if (!step(command)) break;
            if (command == QLatin1Char('M')) command = QLatin1Char('L');
            if (command == QLatin1Char('m')) command = QLatin1Char('l');
        }
        return m_path;
    }

private:
    void skip() {
        while (m_at < m_data.size() && (m_data[m_at].isSpace() || m_data[m_at] == QLatin1Char(','))) ++m_at;
    }

    bool number(double& value) {
        skip();
        const qsizetype begin = m_at;
        if (m_at < m_data.size() && (m_data[m_at] == QLatin1Char('-') || m_data[m_at] == QLatin1Char('+')))
            ++m_at;
        bool point = false;
        for (; m_at < m_data.size(); ++m_at) {
            if (m_data[m_at] == QLatin1Char('.')) {
                if (point) break; // "1.5.5" are two numbers
                point = true;
            } else if (!m_data[m_at].isDigit()) {
                break;
            }
        }
        bool ok = false;
        value = m_data.mid(begin, m_at - begin).toDouble(&ok);
        return ok;
    }

    // The next pair, from the current point on where the command is a small letter.
    bool point(bool relative, QPointF& to) {
        double x = 0, y = 0;
        if (!number(x) || !number(y)) return false;
        to = relative ? m_path.currentPosition() + QPointF(x, y) : QPointF(x, y);
        return true;
    }

    bool step(QChar command) {
        const bool relative = command.isLower();
        const QPointF here = m_path.currentPosition();
        std::array<QPointF, 3> p;
        double value = 0;
        bool ok = false;
        switch (command.toLower().unicode()) {
        case 'm':
            ok = point(relative, p[0]);
            if (ok) m_path.moveTo(p[0]);
            break;
        case 'l':
            ok = point(relative, p[0]);
            if (ok) m_path.lineTo(p[0]);
            break;
        case 'h':
            ok = number(value);
            if (ok) m_path.lineTo(relative ? here.x() + value : value, here.y());
            break;
        case 'v':
            ok = number(value);
            if (ok) m_path.lineTo(here.x(), relative ? here.y() + value : value);
            break;
        case 'c':
            ok = point(relative, p[0]) && point(relative, p[1]) && point(relative, p[2]);
            if (ok) m_path.cubicTo(p[0], p[1], p[2]);
            break;
        case 's':
            p[0] = m_wasCubic ? 2 * here - m_control : here;
            ok = point(relative, p[1]) && point(relative, p[2]);
            if (ok) m_path.cubicTo(p[0], p[1], p[2]);
            break;
        case 'q':
            ok = point(relative, p[1]) && point(relative, p[2]);
            if (ok) m_path.quadTo(p[1], p[2]);
            break;
        case 'z':
            m_path.closeSubpath();
            m_wasCubic = false;
            return true;
        default:
            return false;
        }
        m_wasCubic = command.toLower() == QLatin1Char('c') || command.toLower() == QLatin1Char('s');
        m_control = p[1];
        return ok;
    }

    QStringView m_data;
    qsizetype m_at = 0;
    QPainterPath m_path;
    QPointF m_control; // the second of the last cubic curve
    bool m_wasCubic = false;
};

} // namespace

QPainterPath svgPath(QStringView data) { return Reader(data).read(); }

} // namespace ponder::app
