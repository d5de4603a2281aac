#pragma once
// A display formula, as large as it is; its source where it cannot be set. Selecting and copying it gives its source.
// GUI thread.

#include <memory>

#include "app/formula/formula.h"
#include "ui/items/selectable_paper.h"

namespace ponder::ui {

class FormulaView : public ponder::ui::SelectablePaper {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QString tex READ tex WRITE setTex NOTIFY texChanged)
    Q_PROPERTY(QString source MEMBER m_source NOTIFY textChanged) // as it was written, with its delimiters
    Q_PROPERTY(bool failed READ failed NOTIFY laidOut)
    Q_PROPERTY(QString error READ error NOTIFY laidOut)
    Q_PROPERTY(qreal ascent READ ascent NOTIFY laidOut) // px from its top to its baseline
public:
    explicit FormulaView(QQuickItem* parent = nullptr) : SelectablePaper(parent) {}

    QString tex() const { return m_tex; }
    void setTex(const QString& tex);
    bool failed() const { return m_formula && !m_formula->error.isEmpty(); }
    qreal ascent() const;
    QString error() const { return m_formula ? m_formula->error : QString(); }

signals:
    void texChanged();
    void laidOut();

protected:
    void componentComplete() override;
    void paintPart(QPainter& painter, const QRectF& part) override;
    void restyle() override { lay(); }
    int length() const override { return 1; } // it is one thing
    int placeAt(QPointF point) const override { return point.x() < width() / 2 ? 0 : 1; }
    QString textBetween(int begin, int end) const override { return end > begin ? m_source : QString(); }
    std::pair<int, int> wordAt(int) const override { return {0, 1}; }
    QString searched() const override { return m_tex; }
    QRectF lineOf(int) const override { return {QPointF(), size()}; }

private:
    void lay();
    double em() const { return m_font.pixelSize() * app::kFormulaScale; }

    QString m_tex, m_source;
    std::shared_ptr<const app::Formula> m_formula;
};

} // namespace ponder::ui
