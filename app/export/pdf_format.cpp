// PDF: the HTML for paper, laid out by QTextDocument, with the title and the page's number at the foot.

#include <QAbstractTextDocumentLayout>
#include <QBuffer>
#include <QCoreApplication>
#include <QLocale>
#include <QPainter>
#include <QPdfWriter>
#include <QTextDocument>

#include "app/export/html_body.h"
#include "app/export/reading_order.h"
#include "app/export/writers.h"

namespace ponder::app {

namespace {

constexpr int kDotsPerInch = 300;
constexpr double kMarginMm = 22;
constexpr double kFootMm = 10; // of the text's height, kept for the line at the foot

const char kStyle[] = R"(
h1 { font-size: 20pt; margin-bottom: 2pt; }
.who { font-size: 9pt; color: #5C5751; margin-top: 14pt; margin-bottom: 3pt; }
h3 { font-size: 14pt; } h4 { font-size: 12pt; } h5, h6 { font-size: 11pt; }
p { margin-top: 0; margin-bottom: 6pt; line-height: 130%; }
.byline, .branch { color: #5C5751; font-size: 9pt; } .state { color: #855300; font-size: 9pt; }
.thought { color: #5B5262; font-size: 9pt; margin-left: 14pt; }
a { color: #0A6770; text-decoration: none; }
code, pre { font-family: 'JetBrains Mono NL', 'JetBrains Mono', monospace; font-size: 8.5pt; }
blockquote { color: #5C5751; margin-left: 14pt; }
)";

} // namespace

Result<QByteArray> writePdf(const ConversationTree& tree, const ExportOptions& options) {
    ASSIGN_OR_RETURN(const QString body, htmlBody(tree, options, HtmlUse::Paper));
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
