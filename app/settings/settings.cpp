#include "app/settings/settings.h"

#include <algorithm>
#include <cmath>

#include <QRandomGenerator>

namespace ponder::app {

Settings::Settings(const QString& file, QObject* parent)
    : QObject(parent), m_file(file, QSettings::IniFormat) {}

Settings::Theme Settings::theme() const {
    return m_themeOverride ? *m_themeOverride : static_cast<Theme>(whole("theme", System, System, Dark));
}

void Settings::setTheme(Theme theme) {
    m_themeOverride.reset();
    put("theme", static_cast<int>(theme));
}

bool Settings::highContrast() const {
    return m_contrastOverride || m_file.value(QStringLiteral("highContrast"), false).toBool();
}

void Settings::setHighContrast(bool on) {
    m_contrastOverride = false;
    put("highContrast", on);
}

protocol::SamplingParams Settings::sampling() const {
    protocol::SamplingParams sampling;
    sampling.temperature = static_cast<float>(temperature());
    sampling.topP = static_cast<float>(topP());
    sampling.topK = topK();
    sampling.minP = static_cast<float>(minP());
    sampling.repetitionPenalty = static_cast<float>(repetitionPenalty());
    sampling.seed = seedFixed() ? static_cast<uint64_t>(seed()) : QRandomGenerator::global()->generate() >> 1;
    return sampling;
}

void Settings::resetSampling() {
    for (const char* key :
         {"temperature", "topP", "topK", "minP", "repetitionPenalty", "maxTokens", "seedFixed"})
        m_file.remove(QLatin1String(key));
    emit changed();
}

protocol::LoadOptions Settings::loadOptions() const {
    protocol::LoadOptions options;
    options.device = device().toStdString();
    options.context = static_cast<uint32_t>(context());
    options.cache = cache() == Q8 ? protocol::Cache::Q8 : protocol::Cache::F16;
    return options;
}

void Settings::keepSize(int width, int height) {
    m_file.setValue("width", width);
    m_file.setValue("height", height);
}

// The file may have been written by hand: what is no number counts as never set, what is too much as the most.
double Settings::real(const char* key, double otherwise, double least, double most) const {
    bool number = false;
    const double value = m_file.value(QLatin1String(key), otherwise).toDouble(&number);
    return number && std::isfinite(value) ? std::clamp(value, least, most) : otherwise;
}

int Settings::whole(const char* key, int otherwise, int least, int most) const {
    return static_cast<int>(
        real(key, otherwise, least, most)); // read as an int too many digits would wrap around
}

void Settings::put(const char* key, const QVariant& value) {
    if (m_file.value(QLatin1String(key)) == value) return;
    m_file.setValue(QLatin1String(key), value);
    emit changed();
}

} // namespace ponder::app
