#include "app/cli/model_session.h"

#include <cstdio>

#include <unistd.h>

#include <fmt/format.h>

#include "app/cli/io.h"

namespace ponder::app::cli {

namespace {

// One line on standard error, rewritten in place and gone at the end; nothing where nobody watches.
class ProgressLine {
public:
    ~ProgressLine() {
        if (m_shown) std::fputs("\r\033[K", stderr);
    }
    void show(const inference::LoadProgress& progress) {
        if (!m_terminal) return;
        const int percent = progress.totalBytes == 0
                                ? 0
                                : static_cast<int>(100.0 * static_cast<double>(progress.doneBytes) /
                                                   static_cast<double>(progress.totalBytes));
        if (m_shown && percent == m_percent && m_stage == progress.stage) return;
        m_percent = percent;
        m_stage = progress.stage;
        m_shown = true;
        std::fprintf(stderr, "\r\033[KLoading: %s, %d%%", progress.stage, percent);
    }

private:
    bool m_terminal = isTerminal(STDERR_FILENO), m_shown = false;
    int m_percent = -1;
    std::string m_stage;
};

} // namespace

Result<models::GgufFile> openModel(const CommandLine& line) { return models::GgufFile::open(line.file); }

Result<std::unique_ptr<inference::Engine>> loadModel(const CommandLine& line, std::stop_token stop) {
    inference::EngineOptions options;
    options.device = line.load.device;
    options.context = line.load.context;
    options.vramBudget = line.load.vramBudget;
    options.ramBudget = line.load.ramBudget;
    options.precise = line.load.precise;
    options.experts = line.load.experts;
    options.cache = line.load.cache;
    options.prediction = line.mtp;
    options.mtpFile = line.mtpFile;
    ProgressLine progress;
    return inference::Engine::load(
        line.file, options, [&](const inference::LoadProgress& p) { progress.show(p); }, stop);
}

} // namespace ponder::app::cli
