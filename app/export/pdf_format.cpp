// PDF: the HTML for paper, laid out by QTextDocument, with the title and the page's number at the foot.

#include <QAbstractTextDocumentLayout>
#include <QBuffer>
#include <QCoreApplication>
#include <QLocale>
#include <QPainter>
#include <QPdfWriter>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextObjectInterface>

#include "app/export/html_body.h"
#include "app/export/reading_order.h"
#include "app/export/writers.h"
#include "app/formula/formula_painter.h"

namespace ponder::app {

namespace {

constexpr int kFormulaObject = QTextFormat::UserObject + 1;
constexpr int kFormulaNumber = QTextFormat::UserProperty + 1;

// Draws formulas where they stand in the text, as lines and letters.
class FormulaObject : public QObject, public QTextObjectInterface {
    Q_OBJECT
    Q_INTERFACES(QTextObjectInterface)
public:
    FormulaObject(const std::vector<PaperFormula>& formulas, double dotsPerPoint)
        : m_formulas(formulas), m_dotsPerPoint(dotsPerPoint) {}

    double em(const QTextFormat& format) const {
        return format.toCharFormat().font().pointSizeF() * m_dotsPerPoint * kFormulaScale;
    }
    // What lies below the baseline is drawn below: an object of QTextDocument stands on it.
    QSizeF intrinsicSize(QTextDocument*, int, const QTextFormat& format) override {
        const Formula& formula = of(format);
        return {formula.width * em(format), formula.height * em(format)};
    }
    void drawObject(QPainter* painter, const QRectF& rect, QTextDocument*, int,
                    const QTextFormat& format) override {
        paintFormula(*painter, of(format), rect.bottomLeft(), em(format), painter->pen().color());
    }

private:
    const Formula& of(const QTextFormat& format) const {
        return m_formulas[static_cast<size_t>(format.intProperty(kFormulaNumber))].formula;
    }
    const std::vector<PaperFormula>& m_formulas;
    double m_dotsPerPoint;
};

// Puts the formulas in the place of the signs that stand for them.
void placeFormulas(QTextDocument& document, const std::vector<PaperFormula>& formulas, FormulaObject& object) {
    document.documentLayout()->registerHandler(kFormulaObject, &object);
    size_t next = 0;
    for (QTextBlock block = document.begin(); block.isValid() && next < formulas.size();
         block = block.next()) {
        const QString text = block.text();
        for (qsizetype at = text.indexOf(QChar::ObjectReplacementCharacter);
             at >= 0 && next < formulas.size(); at = text.indexOf(QChar::ObjectReplacementCharacter, at + 1)) {
            QTextCursor cursor(block);
            cursor.setPosition(block.position() + static_cast<int>(at));
            cursor.setPosition(cursor.position() + 1, QTextCursor::KeepAnchor);
            QTextCharFormat format = cursor.charFormat();
            format.setObjectType(kFormulaObject);
            format.setProperty(kFormulaNumber, static_cast<int>(next));
            cursor.setCharFormat(format);
            const PaperFormula& formula = formulas[next++];
            if (formula.display) {
                QTextBlockFormat line = block.blockFormat();
                line.setAlignment(Qt::AlignHCenter);
                line.setBottomMargin(line.bottomMargin() + formula.formula.depth * format.font().pointSizeF() *
                                                               kFormulaScale * 4 / 3);
                cursor.setBlockFormat(line);
            }
        }
    }
}

constexpr int kDotsPerInch = 300;
constexpr double kMarginMm = 22;
constexpr double kFootMm = 10; // of the text's height, kept for the line at the foot

// QTextDocument takes margins in px only, 96 to the inch.
const char kStyle[] = R"(
h1 { font-size: 20pt; margin-bottom: 2px; }
h3 { font-size: 14pt; } h4 { font-size: 12pt; } h5, h6 { font-size: 11pt; }
p { margin-top: 0px; margin-bottom: 8px; line-height: 130%; }
.who { font-size: 9pt; color: #5C5751; margin-top: 22px; margin-bottom: 4px; }
.byline, .branch { color: #5C5751; font-size: 9pt; } .state { color: #855300; font-size: 9pt; }
.thought p { color: #5B5262; font-size: 9pt; margin-left: 18px; margin-bottom: 6px; }
table { margin-top: 4px; margin-bottom: 10px; }
th, td, pre { margin: 0px; }
a { color: #0A6770; text-decoration: none; }
code, pre { font-family: 'JetBrains Mono NL', 'JetBrains Mono', monospace; font-size: 8.5pt; }
blockquote { color: #5C5751; margin-left: 18px; }
)";

} // namespace

Result<QByteArray> writePdf(const ConversationTree& tree, const ExportOptions& options) {
    std::vector<PaperFormula> formulas;
    ASSIGN_OR_RETURN(const QString body, htmlBody(tree, options, {HtmlUse::Paper, &formulas}));
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter writer(&buffer);
        writer.setTitle(titleOf(tree));
        writer.setCreator(options.program);
        writer.setResolution(kDotsPerInch);
        const bool metric = QLocale().measurementSystem() == QLocale::MetricSystem;
        writer.setPageSize(QPageSize(metric ? QPageSize::A4 : QPageSize::Letter));
        writer.setPageMargins(QMarginsF(kMarginMm, kMarginMm, kMarginMm, kMarginMm), QPageLayout::Millimeter);

        QTextDocument document;
        document.documentLayout()->setPaintDevice(&writer);
        document.setDefaultStyleSheet(QLatin1String(kStyle));
        QFont font(QStringLiteral("Inter"));
        font.setPointSizeF(10.5);
        document.setDefaultFont(font);
        document.setDocumentMargin(0);
        document.setHtml(body);
        FormulaObject formulaObject(formulas, kDotsPerInch / 72.0);
        placeFormulas(document, formulas, formulaObject);
        const double foot = kFootMm / 25.4 * kDotsPerInch;
        const QSizeF page(writer.width(), writer.height() - foot);
        document.setPageSize(page);

        QPainter painter(&writer);
        if (!painter.isActive())
            return Error{ErrorCode::Internal, "the PDF could not be begun; try another format"};
        const int pages = document.pageCount();
        QFont small(font);
        small.setPointSizeF(8);
        for (int i = 0; i < pages; ++i) {
            if (i > 0) writer.newPage();
            painter.save();
            painter.translate(0, -i * page.height());
            QAbstractTextDocumentLayout::PaintContext context;
            context.clip = QRectF(0, i * page.height(), page.width(), page.height());
            context.palette.setColor(QPalette::Text, QColor(QStringLiteral("#1E1C1A")));
            painter.setClipRect(context.clip);
            document.documentLayout()->draw(&painter, context);
            painter.restore();
            painter.setFont(small);
            painter.setPen(QColor(QStringLiteral("#5C5751")));
            const QRectF line(0, page.height() + foot / 2, page.width(), foot / 2);
            const QString number = QCoreApplication::translate("Export", "%1 of %2").arg(i + 1).arg(pages);
            const QFontMetricsF metrics(small, &writer);
            const double room = page.width() - metrics.horizontalAdvance(number) - foot;
            painter.drawText(line, Qt::AlignLeft | Qt::AlignBottom,
                             metrics.elidedText(titleOf(tree), Qt::ElideRight, room));
            painter.drawText(line, Qt::AlignRight | Qt::AlignBottom, number);
        }
    }
    return bytes;
}

} // namespace ponder::app

#include "pdf_format.moc"
