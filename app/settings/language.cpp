#include "app/settings/language.h"

#include <cstring>

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>

namespace ponder::app {

QString BareTranslator::translate(const char* context, const char* text, const char* comment, int n) const {
    QString found = QTranslator::translate(context, text, comment, n);
    const char* colon = context ? std::strrchr(context, ':') : nullptr;
    if (found.isEmpty() && colon) found = QTranslator::translate(colon + 1, text, comment, n);
    // What is called by a function tr() of a source file is filed by lupdate under the namespace that the file is in.
    return found.isEmpty() ? QTranslator::translate("ponder::app", text, comment, n) : found;
}

void Language::use(const QString& code) {
    if (code == m_code) return;
    m_code = code;
    const QLocale system = QLocale::system();
    const QLocale locale = code.isEmpty() || system.name().startsWith(code) ? system : QLocale(code);
    QLocale::setDefault(locale);
    QCoreApplication::removeTranslator(&m_ours);
    QCoreApplication::removeTranslator(&m_qt);
    // The file of English holds its plurals only: the rest of English is what stands in the source.
    const QString name = code.isEmpty() ? QLocale(system.uiLanguages().value(0)).name() : code;
    const QLocale words(name);
    if (m_ours.load(words, QStringLiteral("ponder"), QStringLiteral("_"), QStringLiteral(":/i18n")) ||
        m_ours.load(QStringLiteral(":/i18n/ponder_en.qm")))
        QCoreApplication::installTranslator(&m_ours);
    if (m_qt.load(words, QStringLiteral("qtbase"), QStringLiteral("_"),
                  QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QCoreApplication::installTranslator(&m_qt);
    emit changed();
}

} // namespace ponder::app
