#pragma once
// The shape of a thought: one segment a step, as long as its text; a backtrack dips below the line, the conclusion has the
// colour of what Ponder itself says. GUI thread.

#include <vector>

#include <QColor>
#include <QQuickPaintedItem>
#include <QtQml/qqmlregistration.h>
#include <QVariantList>

namespace ponder::ui {

class Ribbon : public QQuickPaintedItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QVariantList steps READ steps WRITE setSteps NOTIFY
                   changed) // {kind, length} in turn; kinds of StepKind
    Q_PROPERTY(QColor color MEMBER m_color NOTIFY changed)
    Q_PROPERTY(QColor end MEMBER m_end NOTIFY changed)   // of the conclusion
    Q_PROPERTY(bool solid MEMBER m_solid NOTIFY changed) // high contrast: no tints, wider gaps
    Q_PROPERTY(int most MEMBER m_most NOTIFY changed)    // px
    Q_PROPERTY(int count READ count NOTIFY changed)
    Q_PROPERTY(int backtracks READ backtracks NOTIFY changed)
public:
    explicit Ribbon(QQuickItem* parent = nullptr);

    QVariantList steps() const { return m_steps; }
    void setSteps(const QVariantList& steps);
    int count() const { return static_cast<int>(m_steps.size() / 2); }
    int backtracks() const;
    Q_INVOKABLE int segmentAt(qreal x) const; // -1: between two
    Q_INVOKABLE int kindOf(int segment) const;
    void paint(QPainter* painter) override;

signals:
    void changed();

private:
    struct Span {
        qreal x, width;
    };
    void layOut();

    QVariantList m_steps;
    QColor m_color, m_end;
    bool m_solid = false;
    int m_most = 160;
    std::vector<Span> m_spans;
};

} // namespace ponder::ui
