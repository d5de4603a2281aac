#include "app/library/model_loader.h"

#include <algorithm>
#include <cmath>

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QLibraryInfo>
#include <QLocale>

#include "app/format.h"
#include "models/builtin.h"
#include "models/catalog.h"

namespace ponder::app {

using namespace protocol;

namespace {

constexpr int kRecent = 6;
constexpr qint64 kMeasureMs = 1000; // before that a rate says nothing about the time left

constexpr std::string_view kUsualMix = "Q4_K_M"; // what most people run

} // namespace

bool isNamedModel(const QString& path) {
    return path.startsWith(QLatin1String("builtin:")) || path.startsWith(QLatin1String("synthetic:"));
}

QString builtinModel() { return QStringLiteral("builtin:mini"); }

bool hasBuiltinModel() { return models::resolveBuiltin(builtinModel().toStdString()).ok(); }

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

void ModelLoader::follow(const Settings& settings) {
    m_settings = &settings;
    connect(&settings, &Settings::changed, this, &ModelLoader::deviceChanged);
}

const DeviceSummary* ModelLoader::machine() const {
    const std::vector<DeviceSummary>& devices = m_backend.devices();
    if (devices.empty()) return nullptr;
    const std::string chosen = options().device;
    const auto found = std::find_if(devices.begin(), devices.end(), [&](const DeviceSummary& device) {
        return m_status == Loaded ? device.name == m_plan.device : device.id == chosen;
    });
    return found == devices.end() ? &devices.front() : &*found; // the engine lists first what it uses
}

QString ModelLoader::device() const {
    const DeviceSummary* const device = machine();
    return device ? QString::fromStdString(device->name) : QString();
}

QString ModelLoader::deviceFree() const {
    const DeviceSummary* const device = machine();
    if (!device) return {};
    return tr("%1, %2 free").arg(formatMemory(device->memoryBytes), formatMemory(device->freeBytes));
}

QString ModelLoader::fitsUpTo() const {
    const DeviceSummary* const device = machine();
    if (!device) return {};
    const models::CatalogEntry* largest = nullptr;
    const models::CatalogFile* fitting = nullptr;
    for (const models::CatalogEntry& entry : models::catalog())
        for (const models::CatalogFile& file : entry.files)
            if (file.mix == kUsualMix && memoryNeeded(entry, file) <= device->freeBytes &&
                (!largest || entry.parameters > largest->parameters)) {
                largest = &entry;
                fitting = &file;
            }
    if (!largest) return {};
    return tr("has room for up to %1, %2")
        .arg(QString::fromLatin1(largest->name.data(), static_cast<qsizetype>(largest->name.size())),
             QString::fromLatin1(fitting->mix.data(), static_cast<qsizetype>(fitting->mix.size())));
}

QVariantList ModelLoader::devices() const {
    QVariantList all;
    for (const DeviceSummary& device : m_backend.devices())
        all.append(QVariantMap{{QStringLiteral("id"), QString::fromStdString(device.id)},
                               {QStringLiteral("name"), QString::fromStdString(device.name)},
                               {QStringLiteral("memory"), formatMemory(device.memoryBytes)}});
    return all;
}

// "74.0 of 79.6 GiB", the unit once where it is the same.
static QString ofMemory(uint64_t part, uint64_t whole) {
    QString held = formatMemory(part);
    const QString all = formatMemory(whole);
    if (const QString unit = QLatin1Char(' ') + all.section(QLatin1Char(' '), -1); held.endsWith(unit))
        held.chop(unit.size());
    return ModelLoader::tr("%1 of %2").arg(held, all);
}

// "Fits: …" and "Does not fit: …" stand below a title that says so.
static std::string afterColon(const std::string& verdict) {
    for (const std::string_view title : {"Fits: ", "Does not fit: "})
        if (std::string_view(verdict).substr(0, title.size()) == title) return verdict.substr(title.size());
    return verdict;
}

QVariantMap ModelLoader::plan() const {
    const uint64_t held = m_plan.weightBytes + m_plan.cacheBytes + m_plan.scratchBytes;
    const double room = static_cast<double>(std::max({m_plan.availableBytes, held, uint64_t{1}}));
    const auto share = [room](uint64_t bytes) { return static_cast<double>(bytes) / room; };
    return {
        {QStringLiteral("fits"), m_plan.fits},
        {QStringLiteral("verdict"), sentence(afterColon(m_plan.verdict))},
        {QStringLiteral("rate"),
         m_plan.expectedTokensPerSecond > 0 ? formatRate(m_plan.expectedTokensPerSecond) : QString()},
        {QStringLiteral("device"), QString::fromStdString(m_plan.device)},
        {QStringLiteral("total"), ofMemory(held, m_plan.availableBytes)},
        {QStringLiteral("weights"), formatMemory(m_plan.weightBytes)},
        {QStringLiteral("cache"), formatMemory(m_plan.cacheBytes)},
        {QStringLiteral("cacheBits"), m_asked.cache == Cache::Q8 ? 8 : 16},
        {QStringLiteral("cacheRefused"), m_cacheRefused},
        {QStringLiteral("scratch"), formatMemory(m_plan.scratchBytes)},
        {QStringLiteral("host"), m_plan.hostBytes > 0 ? formatMemory(m_plan.hostBytes) : QString()},
        {QStringLiteral("hostShare"),
         m_plan.hostBytes > 0 ? double(m_plan.hostBytes) / double(m_plan.hostBytes + held) : 0.0},
        {QStringLiteral("roomShare"), std::min(1.0, share(m_plan.availableBytes))}, // below 1: more is wanted
        {QStringLiteral("weightShare"), share(m_plan.weightBytes)},
        {QStringLiteral("cacheShare"), share(m_plan.cacheBytes)},
        {QStringLiteral("scratchShare"), share(m_plan.scratchBytes)},
        {QStringLiteral("context"), static_cast<int>(m_plan.context)},
        {QStringLiteral("contextMost"), static_cast<int>(std::max(m_model.contextTrained, m_plan.context))},
        {QStringLiteral("folder"), isNamedModel(m_path) ? QString() : QFileInfo(m_path).path()}};
}

uint64_t ModelLoader::bytesHeld() const {
    return m_status == Loaded ? m_plan.weightBytes + m_plan.cacheBytes + m_plan.scratchBytes : 0;
}

double ModelLoader::memoryShare() const {
    const DeviceSummary* const device = machine();
    if (!device || device->memoryBytes == 0) return 0;
    return std::min(1.0, double(bytesHeld()) / double(device->memoryBytes));
}

QString ModelLoader::memoryText() const {
    const DeviceSummary* const device = machine();
    if (!device) return {};
    const double gib = 1024.0 * 1024 * 1024;
    return tr("%1 of %2 GiB")
        .arg(QLocale().toString(double(bytesHeld()) / gib, 'f', 1),
             QLocale().toString(double(device->memoryBytes) / gib, 'f', 1));
}

void ModelLoader::openUrls(const QList<QUrl>& urls) {
    for (const QUrl& url : urls)
        if (url.isLocalFile() && url.toLocalFile().endsWith(QLatin1String(".gguf"), Qt::CaseInsensitive))
            return open(url.toLocalFile());
    if (urls.isEmpty()) return;
    // Some give a folder a slash at its end.
    const QFileInfo file(QDir::cleanPath(urls.front().toLocalFile()));
    const QString words =
        file.isDir() ? tr("“%1” is a folder: drop the file in it that ends in .gguf")
                     : tr("“%1” is not a GGUF file on this computer: drop a file that ends in .gguf");
    const QString name = urls.front().isLocalFile() ? file.fileName() : urls.front().toString();
    refuse({ErrorCode::InvalidArgument, words.arg(name).toStdString()});
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

void ModelLoader::openLast(const QString& otherwise) {
    m_store.run(
        this, [](ConversationStore& store) { return store.setting(kLastModel); },
        [this, otherwise](Result<QString> path) {
            readRecent();
            if (path.ok() && path->isEmpty()) path = otherwise;
            if (!path.ok() || path->isEmpty() || m_status != NoModel || !m_wanted.isEmpty()) return;
            if (isNamedModel(*path) || QFileInfo::exists(*path)) return open(*path);
            m_path = *path;
            refuse({ErrorCode::NotFound,
                    tr("the model of the last time is no longer at %1: open it from where it is now")
                        .arg(*path)
                        .toStdString()});
        });
}

void ModelLoader::begin(const QString& path) {
    m_path = path;
    m_model = {};
    m_plan = {};
    m_context = 0;
    m_cache.reset();
    m_cacheRefused = false;
    check();
}

// From the header on, with what is wished.
void ModelLoader::check() {
    m_progress = {};
    m_stage = Header;
    m_clock.invalidate();
    inspect();
    setStatus(Checking);
}

LoadOptions ModelLoader::options() const {
    LoadOptions options = m_settings ? m_settings->loadOptions() : LoadOptions{};
    if (m_context > 0) options.context = m_context;
    if (m_cache) options.cache = *m_cache;
    if (m_cacheRefused) options.cache = Cache::F16;
    // A device that is gone is none to ask for.
    const auto& devices = m_backend.devices();
    if (std::none_of(devices.begin(), devices.end(),
                     [&](const DeviceSummary& device) { return device.id == options.device; }))
        options.device.clear();
    return options;
}

void ModelLoader::inspect() {
    m_asked = options();
    m_request = m_backend.inspect(m_path, m_asked);
}

void ModelLoader::planAgain(int context) {
    if (m_status != Planned || context == static_cast<int>(m_plan.context)) return;
    m_context = static_cast<uint32_t>(context);
    m_cacheRefused = false; // a shorter one may leave nothing to the CPU
    inspect();
}

void ModelLoader::planCache(int bits) {
    if (m_status != Planned) return;
    m_cache = bits == 8 ? Cache::Q8 : Cache::F16;
    m_cacheRefused = false;
    inspect();
}

bool ModelLoader::planIsWanted() const {
    const Settings::PlanWhen when = m_settings ? m_settings->planWhen() : Settings::PlanNever;
    return when == Settings::PlanAlways || (when == Settings::PlanWhenSlower && m_plan.hostBytes > 0);
}

void ModelLoader::load() {
    m_asked = options();
    m_request = m_backend.load(m_path, m_asked);
    m_clock.start();
    setStatus(Loading);
}

// The row of the old place goes; the new one gets its own when the model is loaded.
void ModelLoader::locate(const QString& missing, const QUrl& file) {
    if (!file.isLocalFile()) return;
    forget(missing);
    openUrls({file});
}

void ModelLoader::forget(const QString& path) {
    m_store.run(
        this, [path](ConversationStore& store) { return store.forgetModel(path); },
        [this](Result<void>) { readRecent(); });
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
        if (m_status == Checking || m_status == Planned) fail({ErrorCode::Cancelled, ""});
        return;
    }
    if (m_status == Loading) {
        m_backend.stop(m_request);
        setStatus(Cancelling);
    } else if (m_status == Checking || m_status == Planned) {
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
        if (m_status == Planned) return emit changed(); // another context or cache was tried
        if (!m_plan.fits) return fail({ErrorCode::ModelTooLarge, m_plan.verdict});
        if (planIsWanted()) return setStatus(Planned);
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
        // Not every model and device has a cache of 8 bits. What is refused for another reason is so again.
        const bool refused =
            error->code == ErrorCode::InvalidArgument || error->code == ErrorCode::UnsupportedArchitecture;
        if (refused && m_asked.cache == Cache::Q8 && m_status != Cancelling) {
            m_cacheRefused = true;
            return m_status == Planned ? inspect() : check();
        }
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

void ModelLoader::retranslate() {
    setStatus(m_status);
    readRecent();
}

// Whether a file is still there is asked on the store's thread: a disk that sleeps takes seconds to say.
void ModelLoader::readRecent() {
    struct Recent {
        ModelRecord model;
        bool missing = false;
    };
    m_store.run(
        this,
        [](ConversationStore& store) -> Result<std::vector<Recent>> {
            ASSIGN_OR_RETURN(const std::vector<ModelRecord> models, store.models(kRecent));
            std::vector<Recent> recent;
            for (const ModelRecord& model : models)
                recent.push_back({model, !isNamedModel(model.path) && !QFileInfo::exists(model.path)});
            return recent;
        },
        [this](Result<std::vector<Recent>> recent) {
            if (!recent.ok()) return;
            m_recent.clear();
            for (const auto& [model, missing] : *recent)
                m_recent.append(QVariantMap{
                    {QStringLiteral("path"), model.path},
                    {QStringLiteral("name"), model.name},
                    {QStringLiteral("missing"), missing},
                    {QStringLiteral("detail"), model.quantization + QStringLiteral("  ") +
                                                   formatBytes(static_cast<quint64>(model.sizeBytes))}});
            emit recentChanged();
        });
}

} // namespace ponder::app
