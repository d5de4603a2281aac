#pragma once
// What the window remembers about itself and how it is wished to answer: typed, with limits, in an INI file. A new setting
// is a property here and a row of its page in ui/settings. GUI thread.

#include <limits>
#include <optional>

#include <QObject>
#include <QSettings>
#include <QtQml/qqmlregistration.h>

#include "inference/protocol/messages.h"

namespace ponder::app {

class Settings : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    // Appearance
    Q_PROPERTY(Theme theme READ theme WRITE setTheme NOTIFY changed)
    Q_PROPERTY(bool highContrast READ highContrast WRITE setHighContrast NOTIFY changed)
    Q_PROPERTY(double fontScale READ fontScale WRITE setFontScale NOTIFY changed) // 0.8 to 2
    Q_PROPERTY(bool reducedMotion READ reducedMotion WRITE setReducedMotion NOTIFY changed)
    Q_PROPERTY(QString language READ language WRITE setLanguage NOTIFY changed) // "": the system's, "en", "de"
    Q_PROPERTY(bool followEnd READ followEnd WRITE setFollowEnd NOTIFY changed)
    // Answers
    Q_PROPERTY(double temperature READ temperature WRITE setTemperature NOTIFY changed)
    Q_PROPERTY(double topP READ topP WRITE setTopP NOTIFY changed)
    Q_PROPERTY(int topK READ topK WRITE setTopK NOTIFY changed)
    Q_PROPERTY(double minP READ minP WRITE setMinP NOTIFY changed)
    Q_PROPERTY(double repetitionPenalty READ repetitionPenalty WRITE setRepetitionPenalty NOTIFY changed)
    Q_PROPERTY(int maxTokens READ maxTokens WRITE setMaxTokens NOTIFY changed)
    Q_PROPERTY(bool seedFixed READ seedFixed WRITE setSeedFixed NOTIFY changed)
    Q_PROPERTY(int seed READ seed WRITE setSeed NOTIFY changed)
    // Model, from the next load on
    Q_PROPERTY(int context READ context WRITE setContext NOTIFY changed)  // tokens; 0: chosen by the plan
    Q_PROPERTY(Cache cache READ cache WRITE setCache NOTIFY changed)      // of keys and values
    Q_PROPERTY(QString device READ device WRITE setDevice NOTIFY changed) // "": the best
    Q_PROPERTY(PlanWhen planWhen READ planWhen WRITE setPlanWhen NOTIFY changed)
    // The window as it was left
    Q_PROPERTY(bool sidebar READ sidebar WRITE setSidebar NOTIFY changed)
    Q_PROPERTY(int sidebarWidth READ sidebarWidth WRITE setSidebarWidth NOTIFY changed) // px at 100 %
    Q_PROPERTY(bool allThoughts READ allThoughts WRITE setAllThoughts NOTIFY changed)
    Q_PROPERTY(int width READ width CONSTANT)
    Q_PROPERTY(int height READ height CONSTANT)
public:
    enum Theme { System, Light, Dark };
    Q_ENUM(Theme)
    enum Cache { F16, Q8 }; // as protocol::Cache
    Q_ENUM(Cache)
    enum PlanWhen { PlanWhenSlower, PlanAlways, PlanNever }; // shown before a model is loaded
    Q_ENUM(PlanWhen)

    explicit Settings(const QString& file, QObject* parent = nullptr);

    Theme theme() const;
    void setTheme(Theme theme);
    void overrideTheme(Theme theme, bool highContrast) { // for this run
        m_themeOverride = theme;
        m_contrastOverride = highContrast;
    }
    bool highContrast() const;
    void setHighContrast(bool on);
    double fontScale() const { return real("fontScale", 1, 0.8, 2); }
    void setFontScale(double scale) { put("fontScale", scale); }
    bool reducedMotion() const { return m_file.value("reducedMotion", false).toBool(); }
    void setReducedMotion(bool on) { put("reducedMotion", on); }
    QString language() const { return m_file.value("language").toString(); }
    void setLanguage(const QString& language) { put("language", language); }
    bool followEnd() const { return m_file.value("followEnd", true).toBool(); }
    void setFollowEnd(bool on) { put("followEnd", on); }

    double temperature() const { return real("temperature", 0.6, 0, 2); }
    void setTemperature(double value) { put("temperature", value); }
    double topP() const { return real("topP", 0.95, 0, 1); }
    void setTopP(double value) { put("topP", value); }
    int topK() const { return whole("topK", 0, 0, 1000); }
    void setTopK(int value) { put("topK", value); }
    double minP() const { return real("minP", 0, 0, 1); }
    void setMinP(double value) { put("minP", value); }
    double repetitionPenalty() const { return real("repetitionPenalty", 1, 1, 2); }
    void setRepetitionPenalty(double value) { put("repetitionPenalty", value); }
    int maxTokens() const { return whole("maxTokens", 32768, 16, 1 << 20); }
    void setMaxTokens(int value) { put("maxTokens", value); }
    bool seedFixed() const { return m_file.value("seedFixed", false).toBool(); }
    void setSeedFixed(bool on) { put("seedFixed", on); }
    int seed() const { return whole("seed", 0, 0, std::numeric_limits<int>::max()); }
    void setSeed(int value) { put("seed", value); }
    protocol::SamplingParams sampling() const; // with a seed: the fixed one, else a new one at each call
    Q_INVOKABLE void resetSampling();

    int context() const { return whole("context", 0, 0, 1 << 20); }
    void setContext(int tokens) { put("context", tokens); }
    Cache cache() const { return m_file.value("cache").toString() == QLatin1String("q8") ? Q8 : F16; }
    void setCache(Cache cache) { put("cache", QLatin1String(cache == Q8 ? "q8" : "f16")); }
    QString device() const { return m_file.value("device").toString(); }
    void setDevice(const QString& id) { put("device", id); }
    PlanWhen planWhen() const { return static_cast<PlanWhen>(whole("planWhen", 0, 0, 2)); }
    void setPlanWhen(PlanWhen when) { put("planWhen", static_cast<int>(when)); }
    protocol::LoadOptions loadOptions() const;

    bool sidebar() const { return m_file.value("sidebar", true).toBool(); }
    void setSidebar(bool shown) { put("sidebar", shown); }
    int sidebarWidth() const { return whole("sidebarWidth", 264, 200, 480); }
    void setSidebarWidth(int width) { put("sidebarWidth", width); }
    bool allThoughts() const { return m_file.value("allThoughts", false).toBool(); } // every thought open
    void setAllThoughts(bool open) { put("allThoughts", open); }
    int width() const { return whole("width", 1440, 420, 16384); }
    int height() const { return whole("height", 900, 420, 16384); }
    Q_INVOKABLE void keepSize(int width, int height);

signals:
    void changed();

private:
    double real(const char* key, double otherwise, double least, double most) const;
    int whole(const char* key, int otherwise, int least, int most) const;
    void put(const char* key, const QVariant& value);

    QSettings m_file;
    std::optional<Theme> m_themeOverride;
    bool m_contrastOverride = false;
};

} // namespace ponder::app
