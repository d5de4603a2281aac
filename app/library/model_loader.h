#pragma once
// The model of the window: which file it is, and the way from a dropped file to a loaded model: header checked by the
// engine (inspect), plan looked at, loaded, remembered. Files are used where they are. GUI thread.

#include <optional>

#include <QElapsedTimer>
#include <QObject>
#include <QtQml/qqmlregistration.h>
#include <QUrl>
#include <QVariantList>

#include "app/chat_backend.h"
#include "app/errors/notice.h"
#include "app/settings/settings.h"
#include "app/storage/store_thread.h"

namespace ponder::app {

bool isNamedModel(const QString& path); // a name that the engine understands in place of a file
QString builtinModel();                 // the name that the model in the box goes by
bool hasBuiltinModel();                 // whether its file is where it should be

class ModelLoader : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(Status status READ status NOTIFY changed)
    Q_PROPERTY(QString name READ name NOTIFY changed)
    Q_PROPERTY(bool builtin READ isBuiltin NOTIFY changed) // the small one in the box
    Q_PROPERTY(QString quantization READ quantization NOTIFY changed)
    Q_PROPERTY(QString size READ size NOTIFY changed)
    Q_PROPERTY(QString verdict READ verdict NOTIFY changed)
    Q_PROPERTY(int context READ context NOTIFY changed)
    Q_PROPERTY(double progress READ progress NOTIFY progressed)
    Q_PROPERTY(Stage stage READ stage NOTIFY progressed)
    Q_PROPERTY(QString progressText READ progressText NOTIFY progressed)
    Q_PROPERTY(QString timeLeft READ timeLeft NOTIFY progressed)
    Q_PROPERTY(QVariantList recent READ recent NOTIFY recentChanged)
    Q_PROPERTY(QString device READ device NOTIFY deviceChanged)
    Q_PROPERTY(QString deviceFree READ deviceFree NOTIFY deviceChanged)
    Q_PROPERTY(QString memoryText READ memoryText NOTIFY deviceChanged)
    Q_PROPERTY(double memoryShare READ memoryShare NOTIFY deviceChanged)
    Q_PROPERTY(QString fitsUpTo READ fitsUpTo NOTIFY deviceChanged)
    Q_PROPERTY(QVariantList devices READ devices NOTIFY deviceChanged) // of {id, name, memory}
    Q_PROPERTY(QVariantMap plan READ plan NOTIFY changed)
    Q_PROPERTY(ponder::app::Notice* notice READ notice CONSTANT)
public:
    // Planned: the plan is shown, and load() or cancel() is waited for.
    enum Status { NoModel, Checking, Loading, Cancelling, Loaded, Lost, Planned };
    Q_ENUM(Status)
    enum Stage { Header, Reading, Preparing, Pipelines };
    Q_ENUM(Stage)

    ModelLoader(ChatBackend& backend, StoreThread& store, QObject* parent = nullptr);

    Status status() const { return m_status; }
    QString name() const;
    bool isBuiltin() const { return m_status != NoModel && m_path == builtinModel(); }
    QString quantization() const { return QString::fromStdString(m_model.quantization); }
    QString size() const;
    QString verdict() const;
    int context() const { return m_status == Loaded ? static_cast<int>(m_plan.context) : 0; }
    protocol::Cache cache() const { return m_asked.cache; } // what the model was planned and loaded with
    double progress() const;
    Stage stage() const { return m_stage; }
    QString progressText() const;
    QString timeLeft() const;
    QVariantList recent() const { return m_recent; } // of {path, name, detail, missing}
    QString device() const;                          // the name of the one that is used
    QString deviceFree() const;
    QString memoryText() const;
    double memoryShare() const;
    QString fitsUpTo() const; // the largest model of the catalogue that the device has room for
    QVariantList devices() const;
    // What the file needs where: texts, and shares of the device's memory from 0 to 1.
    QVariantMap plan() const;
    Notice* notice() { return &m_notice; }
    bool isBusy() const {
        return m_status == Checking || m_status == Loading || m_status == Cancelling || m_status == Planned;
    }
    void follow(const Settings& settings); // which must outlive this

    Q_INVOKABLE void openUrls(const QList<QUrl>& urls); // dropped, or from a dialog
    Q_INVOKABLE void open(const QString& path);
    Q_INVOKABLE void cancel();
    // The plan of the same file with another context, or with another cache: of 8 bits or of 16.
    Q_INVOKABLE void planAgain(int context);
    Q_INVOKABLE void planCache(int bits);
    Q_INVOKABLE void load(); // as planned
    Q_INVOKABLE void find(const QString& missing) { emit locateWanted(missing); }
    Q_INVOKABLE void locate(const QString& missing, const QUrl& file); // a model that was moved
    Q_INVOKABLE void forget(const QString& path);                      // not the file: the row in the list
    Q_INVOKABLE bool canChooseFiles(); // a file dialog can be shown; else says what is missing
    // The model of the last time, if its file is still there; where there was none, the other one, if any.
    void openLast(const QString& otherwise = {});
    void refuse(const Error& error);
    void retranslate();

signals:
    void changed();
    void progressed();
    void recentChanged();
    void deviceChanged();
    void loaded();
    void notLoaded(const ponder::Error& error); // refused, failed or cancelled
    void fileWanted();                          // a notice's button asks for the file dialog
    void locateWanted(const QString& missing);  // the same, for a model that was moved

private:
    void onEvent(const protocol::Event& event);
    void onRestarting();
    void setStatus(Status status);
    void begin(const QString& path);
    void check();
    void inspect();
    bool planIsWanted() const;
    protocol::LoadOptions options() const;
    // What a model is on, or would be loaded on; null: the engine has not said yet what there is.
    const protocol::DeviceSummary* machine() const;
    uint64_t bytesHeld() const; // of the device's memory, by the model that is loaded
    void fail(const Error& error);
    void readRecent();

    ChatBackend& m_backend;
    StoreThread& m_store;
    Notice m_notice;
    Status m_status = NoModel;
    Stage m_stage = Header;
    QString m_path, m_wanted; // wanted: to be opened once the engine is ready
    QString m_request;        // the inspect or load under way
    // Wished in the plan; 0 and none: as the settings have it.
    uint32_t m_context = 0;
    std::optional<protocol::Cache> m_cache;
    bool m_cacheRefused = false; // 8 bits are wished for, and this model on this device has none: 16 are taken
    protocol::LoadOptions m_asked; // with the last inspect or load
    protocol::ModelSummary m_model;
    protocol::PlanSummary m_plan;
    protocol::LoadProgressEvent m_progress;
    QElapsedTimer m_clock;
    QVariantList m_recent;
    const Settings* m_settings = nullptr;
    bool m_ready = false;
};

} // namespace ponder::app
