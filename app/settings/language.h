#pragma once
// The language of the window, changed while it runs. Owns the translators: ours and the one of Qt's own dialogs. Numbers and
// dates follow the language too, unless it is the system's. GUI thread.

#include <QObject>
#include <QTranslator>

namespace ponder::app {

// lupdate files the strings of a class under its bare name, and tr() asks for it with its namespaces.
class BareTranslator : public QTranslator {
public:
    QString translate(const char* context, const char* text, const char* comment, int n) const override;
};

class Language : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    // "": the system's; one that there is no translation for is English.
    void use(const QString& code);

signals:
    void changed(); // what was made from strings must be made again

private:
    BareTranslator m_ours;
    QTranslator m_qt;
    QString m_code = QStringLiteral("?"); // in use; at first none
};

} // namespace ponder::app
