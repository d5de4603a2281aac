#pragma once
// KaTeX in a JavaScript engine of Qt. Loading takes about 0.15 s, a formula a few milliseconds, so it is made and used on a
// thread of its own (FormulaShelf) or on that of an export. One thread, but interrupt().

#include <memory>

#include "app/formula/formula.h"
#include "models/base/result.h"

class QJSEngine;

namespace ponder::app {

class KatexEngine {
public:
    static Result<std::unique_ptr<KatexEngine>> create();
    ~KatexEngine();

    // Wrong TeX, and what takes too long or nests too deeply, is a Formula with an error.
    Formula lay(const QString& tex, bool display);
    Result<QString> mathMl(const QString& tex, bool display);

    void interrupt(); // from any thread: what is being computed ends with an error

private:
    KatexEngine();
    QString call(const QString& function, const QString& tex, bool display, QString& error);

    std::unique_ptr<QJSEngine> m_engine;
};

// The same for those who need it now and then, on the calling thread, which keeps an engine: the MathML of a formula, or
// an empty text where there is no KaTeX or the TeX is wrong.
QString formulaMathMl(const QString& tex, bool display);
Formula layFormula(const QString& tex, bool display);

} // namespace ponder::app
