#pragma once
// The formulas of the window, one shelf for all its items; made by the QML engine with the first item that needs it.
// GUI thread.

#include <QtQml/qqml.h>
#include <QtQml/qqmlengine.h>
#include <QtQml/qqmlregistration.h>

#include "app/formula/formula_shelf.h"

namespace ponder::ui {

class Formulas : public app::FormulaShelf {
    Q_OBJECT
    QML_ELEMENT
    QML_SINGLETON
public:
    explicit Formulas(QObject* parent = nullptr) : FormulaShelf(parent) {}

    // Of the engine that made the item; null: none did.
    static Formulas* of(const QObject* item) {
        QQmlEngine* engine = qmlEngine(item);
        static const int type = qmlTypeId("Ponder.Ui", 1, 0, "Formulas");
        return engine ? engine->singletonInstance<Formulas*>(type) : nullptr;
    }
};

} // namespace ponder::ui
