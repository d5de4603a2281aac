#include "app/library/model_loader.h"

#include <algorithm>
#include <cmath>

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QLibraryInfo>
#include <QLocale>

#include "app/format.h"

namespace ponder::app {

using namespace protocol;

namespace {

constexpr int kRecent = 6;
constexpr qint64 kMeasureMs = 1000; // before that a rate says nothing about the time left

const QString kLastModel = QStringLiteral("model.last");

// Names that the engine understands in place of a file.
bool isNamedModel(const QString& path) {
    return path.startsWith(QLatin1String("builtin:")) || path.startsWith(QLatin1String("synthetic:"));
}

} // namespace

ModelLoader::ModelLoader(ChatBackend& backend, StoreThread& store, QObject* parent)
    : QObject(parent), m_backend(backend), m_store(store), m_notice(this) {
    connect(&backend, &ChatBackend::happened, this, &ModelLoader::onEvent);
    connect(&backend, &ChatBackend::ready, this, [this] {
        m_ready = true;
        emit deviceChanged();
        if (!m_wanted.isEmpty()) begin(std::exchange(m_wanted, {}));
    });
    connect(&backend, &ChatBackend::restarting, this, &ModelLoader::onRestarting);
    connect(&backend, &ChatBackend::unavailable, this, [this](const Error& error) {
        m_ready = false;
        setStatus(Lost);
        Advice advice = adviseOn(error);
        advice.remedy = Remedy::RestartEngine;
        advice.button = tr("Start the engine again");
        advice.grave = true;
        m_notice.show(advice);
    });
    connect(&m_notice, &Notice::chosen, this, [this](Remedy remedy) {
        switch (remedy) {
        case Remedy::TryAgain:
        case Remedy::Continue:
            if (!m_path.isEmpty()) open(m_path);
            break;
        case Remedy::RestartEngine:
            setStatus(NoModel);
            m_wanted = m_path;
            m_backend.start();
            break;
        default:
            emit fileWanted();
        }
    });
}

QString ModelLoader::name() const {
    if (m_status == NoModel) return {};
    return m_model.name.empty() ? QFileInfo(m_path).completeBaseName() : QString::fromStdString(m_model.name);
}
QString ModelLoader::size() const {
    return m_model.sizeBytes > 0 ? formatBytes(m_model.sizeBytes) : QString();
}
QString ModelLoader::verdict() const { return QString::fromStdString(m_plan.verdict); }

double ModelLoader::progress() const {
    if (m_status != Loading && m_status != Cancelling) return 0;
    return m_progress.totalBytes > 0
               ? std::min(1.0, double(m_progress.doneBytes) / double(m_progress.totalBytes))
               : 0;
}

QString ModelLoader::progressText() const {
    if (m_progress.totalBytes == 0) return {};
    QString text = tr("%1 of %2").arg(formatBytes(m_progress.doneBytes), formatBytes(m_progress.totalBytes));
    if (m_clock.isValid() && m_clock.elapsed() >= kMeasureMs)
        text += QStringLiteral("  ·  ") +
                tr("%1/s").arg(formatBytes(
                    static_cast<quint64>(double(m_progress.doneBytes) * 1000 / double(m_clock.elapsed()))));
    return text;
}

QString ModelLoader::timeLeft() const {
    if (m_status == Cancelling) return tr("Cancelling");
    if (!m_clock.isValid() || m_clock.elapsed() < kMeasureMs || m_progress.doneBytes == 0)
        return tr("Loading");
    if (m_stage == Pipelines || m_progress.doneBytes >= m_progress.totalBytes) return tr("Nearly done");
    const double rate = double(m_progress.doneBytes) / double(m_clock.elapsed());
    const double seconds = double(m_progress.totalBytes - m_progress.doneBytes) / rate / 1000;
    return tr("About %1 left").arg(formatSeconds(std::max(1.0, std::ceil(seconds))));
}

QString ModelLoader::device() const {
    if (m_status == Loaded && !m_plan.device.empty())
        for (const DeviceSummary& device : m_backend.devices())
            if (device.id == m_plan.device) return QString::fromStdString(device.name);
    return m_backend.devices().empty() ? QString() : QString::fromStdString(m_backend.devices().front().name);
}

QString ModelLoader::deviceFree() const {
    if (m_backend.devices().empty()) return {};
    const DeviceSummary& device = m_backend.devices().front();
    return tr("%1, %2 free").arg(formatMemory(device.memoryBytes), formatMemory(device.freeBytes));
}

double ModelLoader::memoryShare() const {
    if (m_backend.devices().empty() || m_backend.devices().front().memoryBytes == 0) return 0;
    const uint64_t held =
        m_status == Loaded ? m_plan.weightBytes + m_plan.cacheBytes + m_plan.scratchBytes : 0;
    return std::min(1.0, double(held) / double(m_backend.devices().front().memoryBytes));
}

QString ModelLoader::memoryText() const {
    if (m_backend.devices().empty()) return {};
    const uint64_t held =
        m_status == Loaded ? m_plan.weightBytes + m_plan.cacheBytes + m_plan.scratchBytes : 0;
    const double gib = 1024.0 * 1024 * 1024;
    return tr("%1 of %2 GiB")
        .arg(QLocale().toString(double(held) / gib, 'f', 1),
             QLocale().toString(double(m_backend.devices().front().memoryBytes) / gib, 'f', 1));
}

void ModelLoader::openUrls(const QList<QUrl>& urls) {
    for (const QUrl& url : urls)
        if (url.isLocalFile() && url.toLocalFile().endsWith(QLatin1String(".gguf"), Qt::CaseInsensitive))
            return open(url.toLocalFile());
    if (urls.isEmpty()) return;
    const QString name = urls.front().isLocalFile() ? QFileInfo(urls.front().toLocalFile()).fileName()
                                                    : urls.front().toString();
    refuse(
        {ErrorCode::InvalidArgument,
         tr("%1 is not a GGUF file on this computer; drop a file that ends in .gguf").arg(name).toStdString()});
}

void ModelLoader::refuse(const Error& error) {
    Advice advice = adviseOn(error);
    if (error.code == ErrorCode::InvalidArgument) {
        advice.title = tr("That is not a model");
        advice.remedy = Remedy::ChooseFile;
        advice.button = tr("Choose a file");
        advice.grave = false;
    } else if (advice.remedy == Remedy::Continue) { // here there is no answer to go on with
        advice.remedy = Remedy::TryAgain;
        advice.button = tr("Try again");
    }
    m_notice.show(advice);
}

void ModelLoader::open(const QString& path) {
    m_notice.dismiss();
    if (isBusy() && !m_request.isEmpty()) m_backend.stop(m_request);
    m_request.clear();
    if (!m_ready) { // the engine is still starting
        m_wanted = path;
        m_path = path;
        m_model = {};
        return setStatus(Checking);
    }
    begin(path);
}

void ModelLoader::openLast() {
    m_store.run(
        this, [](ConversationStore& store) { return store.setting(kLastModel); },
        [this](Result<QString> path) {
            readRecent();
            if (!path.ok() || path->isEmpty() || m_status != NoModel || !m_wanted.isEmpty()) return;
            if (isNamedModel(*path) || QFileInfo::exists(*path)) return open(*path);
            m_path = *path;
            refuse({ErrorCode::NotFound,
                    tr("the model of the last time is no longer at %1; open it from where it is now")
                        .arg(*path)
                        .toStdString()});
        });
}

void ModelLoader::begin(const QString& path) {
    m_path = path;
    m_model = {};
    m_plan = {};
    m_progress = {};
    m_stage = Header;
    m_clock.invalidate();
    m_request = m_backend.inspect(path);
    setStatus(Checking);
}

void ModelLoader::load() {
    m_request = m_backend.load(m_path);
    m_clock.start();
    setStatus(Loading);
}

bool ModelLoader::canChooseFiles() {
    const QDir modules(QLibraryInfo::path(QLibraryInfo::QmlImportsPath));
    if (modules.exists(QStringLiteral("Qt/labs/folderlistmodel"))) return true;
    m_notice.show(
        {tr("No file dialog is installed"),
         tr("Drop the .gguf file on the window, or install the package qml6-module-qt-labs-folderlistmodel."),
         Remedy::None,
         {},
         false});
    return false;
}

void ModelLoader::cancel() {
    m_wanted.clear();
    if (m_request.isEmpty()) {
        if (m_status == Checking) fail({ErrorCode::Cancelled, ""});
        return;
    }
    if (m_status == Loading) {
        m_backend.stop(m_request);
        setStatus(Cancelling);
    } else if (m_status == Checking) {
        m_request.clear();
        fail({ErrorCode::Cancelled, ""});
    }
}

void ModelLoader::onEvent(const Event& event) {
    if (m_request.isEmpty() || event.id != m_request.toStdString()) return;
    if (const auto* inspected = std::get_if<InspectedEvent>(&event.body)) {
        m_request.clear();
        m_model = inspected->model;
        m_plan = inspected->plan;
        if (!m_model.runnable) return fail({ErrorCode::UnsupportedArchitecture, m_model.refusal});
        if (!m_plan.fits) return fail({ErrorCode::ModelTooLarge, m_plan.verdict});
        load();
    } else if (const auto* progress = std::get_if<LoadProgressEvent>(&event.body)) {
        m_progress = *progress;
        m_stage = progress->stage == "pipelines"   ? Pipelines
                  : progress->stage == "preparing" ? Preparing
                                                   : Reading;
        emit progressed();
    } else if (const auto* done = std::get_if<LoadedEvent>(&event.body)) {
        m_request.clear();
        m_model = done->model;
        m_plan = done->plan;
        setStatus(Loaded);
        const QFileInfo file(m_path);
        const ModelRecord record{m_path,
                                 name(),
                                 QString::fromStdString(m_model.architecture),
                                 quantization(),
                                 static_cast<qint64>(m_model.sizeBytes),
                                 file.exists() ? file.lastModified().toMSecsSinceEpoch() : 0,
                                 QDateTime::currentMSecsSinceEpoch()};
        m_store.run(
            this,
            [record](ConversationStore& store) -> Result<void> {
                RETURN_IF_ERROR(store.rememberModel(record));
                return store.setSetting(kLastModel, record.path);
            },
            [this](Result<void>) { readRecent(); });
        emit loaded();
    } else if (const auto* error = std::get_if<ErrorEvent>(&event.body)) {
        m_request.clear();
        fail({error->code, error->message});
    }
}

void ModelLoader::fail(const Error& error) {
    setStatus(NoModel);
    if (error.code != ErrorCode::Cancelled) refuse(error);
    emit notLoaded(error);
}

// An engine that died with a model loaded gets the same one again; one that died over loading it does not.
void ModelLoader::onRestarting() {
    m_ready = false;
    if (m_status != Loaded) return;
    m_wanted = m_path;
    setStatus(Checking);
}

void ModelLoader::setStatus(Status status) {
    m_status = status;
    emit changed();
    emit progressed();
    emit deviceChanged();
}

void ModelLoader::readRecent() {
    m_store.run(
        this, [](ConversationStore& store) { return store.models(kRecent); },
        [this](Result<std::vector<ModelRecord>> models) {
            if (!models.ok()) return;
            m_recent.clear();
            for (const ModelRecord& model : *models)
                m_recent.append(QVariantMap{
                    {QStringLiteral("path"), model.path},
                    {QStringLiteral("name"), model.name},
                    {QStringLiteral("detail"), model.quantization + QStringLiteral("  ") +
                                                   formatBytes(static_cast<quint64>(model.sizeBytes))}});
            emit recentChanged();
        });
}

} // namespace ponder::app
