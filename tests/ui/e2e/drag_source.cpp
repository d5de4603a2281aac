// A window of 100 x 60 in a corner of the screen; whoever presses the mouse on it drags the file named on the command
// line, through the window system's own protocol. Arguments: FILE X Y.

#include <QDrag>
#include <QGuiApplication>
#include <QMimeData>
#include <QMouseEvent>
#include <QPainter>
#include <QRasterWindow>
#include <QUrl>

namespace {

class Source : public QRasterWindow {
public:
    explicit Source(QString file) : m_file(std::move(file)) {}

protected:
    void paintEvent(QPaintEvent*) override { QPainter(this).fillRect(QRect(QPoint(), size()), Qt::gray); }

    void mousePressEvent(QMouseEvent*) override {
        auto* drag = new QDrag(this); // deleted by Qt when the drag is over
        auto* data = new QMimeData;
        data->setUrls({QUrl::fromLocalFile(m_file)});
        drag->setMimeData(data);
        drag->exec(Qt::CopyAction);
    }

private:
    QString m_file;
};

} // namespace

int main(int argc, char** argv) {
    QGuiApplication app(argc, argv);
    const QStringList arguments = QGuiApplication::arguments();
    if (arguments.size() != 4) return 2;
    Source source(arguments[1]);
    source.setTitle(QStringLiteral("drag source"));
    source.setFlags(Qt::FramelessWindowHint);
    source.setGeometry(arguments[2].toInt(), arguments[3].toInt(), 100, 60);
    source.show();
    return app.exec();
}
