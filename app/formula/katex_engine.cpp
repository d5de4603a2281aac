#include "app/formula/katex_engine.h"

#include <algorithm>

#include <QFile>
#include <QJSEngine>
#include <QJsonDocument>
#include <QLoggingCategory>

#include "app/formula/formula_fonts.h"
#include "app/formula/formula_layout.h"

namespace ponder::app {

namespace {

constexpr qsizetype kLongest = 8000; // characters
constexpr int kDeepest = 60;         // braces within braces: each costs a dozen frames of JavaScript

constexpr auto kMathMl =
    "(function (source, display) {"
    " return katex.renderToString(source, {displayMode: display, output: 'mathml',"
    " throwOnError: true, strict: 'ignore', trust: false, maxSize: 60, maxExpand: 1000}); })";

bool isTooDeep(const QString& tex) {
    int depth = 0;
    for (const QChar c : tex) {
        if (c == QLatin1Char('{') && ++depth > kDeepest) return true;
        if (c == QLatin1Char('}')) --depth;
    }
    return tex.count(QLatin1String("\\left")) + tex.count(QLatin1String("\\begin")) > kDeepest;
}

QString readAll(const QString& name) {
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

// Qt's compiler remarks on dozens of lines of KaTeX, which are not ours to change. Once, before the first engine; what
// $QT_LOGGING_RULES says is stronger.
void silenceCompiler() {
    static const bool done = [] {
        QLoggingCategory::setFilterRules(QStringLiteral("qt.qml.compiler.warning=false"));
        return true;
    }();
    (void)done;
}

} // namespace

KatexEngine::KatexEngine() : m_engine(std::make_unique<QJSEngine>()) {}
KatexEngine::~KatexEngine() = default;

Result<std::unique_ptr<KatexEngine>> KatexEngine::create() {
    const Error none{ErrorCode::NotFound,
                     "this build of Ponder has no KaTeX, so formulas are shown as they were "
                     "written; install libjs-katex and fonts-katex and build it again"};
    if (!hasKatex()) return none;
    silenceCompiler();
    std::unique_ptr<KatexEngine> katex(new KatexEngine);
    const QJSValue loaded = katex->m_engine->evaluate(readAll(QStringLiteral(":/ponder/katex/katex.min.js")));
    if (loaded.isError()) return Error{ErrorCode::Internal, "KaTeX: " + loaded.toString().toStdString()};
    QJSValue global = katex->m_engine->globalObject();
    global.setProperty(QStringLiteral("ponderTree"),
                       katex->m_engine->evaluate(readAll(QStringLiteral(":/ponder/katex/tree.js"))));
    global.setProperty(QStringLiteral("ponderMathMl"), katex->m_engine->evaluate(QLatin1String(kMathMl)));
    return katex;
}

QString KatexEngine::call(const QString& function, const QString& tex, bool display, QString& error) {
    if (tex.size() > kLongest || isTooDeep(tex)) {
        error = QStringLiteral("the formula is too long or nests too deeply");
        return {};
    }
    m_engine->setInterrupted(false);
    QJSValue callee = m_engine->globalObject().property(function);
    const QJSValue result = callee.call({tex, display});
    if (m_engine->isInterrupted()) error = QStringLiteral("the formula took too long");
    if (result.isError()) error = result.property(QStringLiteral("message")).toString();
    if (!result.isString() && error.isEmpty()) error = QStringLiteral("KaTeX gave no result");
    return error.isEmpty() ? result.toString() : QString();
}

Formula KatexEngine::lay(const QString& tex, bool display) {
    Formula formula;
    const QString tree = call(QStringLiteral("ponderTree"), tex, display, formula.error);
    if (!formula.error.isEmpty()) return formula;
    return layOut(QJsonDocument::fromJson(tree.toUtf8()).object());
}

Result<QString> KatexEngine::mathMl(const QString& tex, bool display) {
    QString error;
    const QString markup = call(QStringLiteral("ponderMathMl"), tex, display, error);
    if (!error.isEmpty()) return Error{ErrorCode::InvalidArgument, error.toStdString()};
    const qsizetype begin = markup.indexOf(QLatin1String("<math"));
    const qsizetype end = markup.lastIndexOf(QLatin1String("</math>"));
    return begin < 0 || end < begin ? markup : markup.mid(begin, end - begin + 7);
}

void KatexEngine::interrupt() { m_engine->setInterrupted(true); }

namespace {

KatexEngine* ownEngine() {
    thread_local std::unique_ptr<KatexEngine> engine;
    thread_local bool tried = false;
    if (!tried) {
        tried = true;
        if (auto made = KatexEngine::create()) engine = std::move(*made);
    }
    return engine.get();
}

} // namespace

QString formulaMathMl(const QString& tex, bool display) {
    KatexEngine* engine = ownEngine();
    if (!engine) return {};
    const Result<QString> markup = engine->mathMl(tex, display);
    return markup ? *markup : QString();
}

Formula layFormula(const QString& tex, bool display) {
    if (KatexEngine* engine = ownEngine()) return engine->lay(tex, display);
    return noKatex();
}

} // namespace ponder::app
