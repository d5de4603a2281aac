#include "app/chat/thought_text.h"

#include <algorithm>
#include <array>

namespace ponder::app {

namespace {

// A part is at most about a screen high: what a view lays out when its last word changes.
constexpr qsizetype kSoftPart = 1'200; // characters; cut at the end of a sentence from here on
constexpr qsizetype kHardPart = 2'000; // cut anywhere
constexpr qsizetype kOpening = 48;     // characters that say what a paragraph does

struct Cue {
    QLatin1String words;
    StepKind kind;
};

// Of the opening words, in lower case. R1's distillates think in English or Chinese.
const std::array kCues{
    Cue{QLatin1String("wait"), StepKind::Backtrack},
    Cue{QLatin1String("but wait"), StepKind::Backtrack},
    Cue{QLatin1String("hmm"), StepKind::Backtrack},
    Cue{QLatin1String("actually"), StepKind::Backtrack},
    Cue{QLatin1String("no,"), StepKind::Backtrack},
    Cue{QLatin1String("hold on"), StepKind::Backtrack},
    Cue{QLatin1String("alternatively"), StepKind::Backtrack},
    Cue{QLatin1String("let me check"), StepKind::Check},
    Cue{QLatin1String("let me verify"), StepKind::Check},
    Cue{QLatin1String("let me double"), StepKind::Check},
    Cue{QLatin1String("let me test"), StepKind::Check},
    Cue{QLatin1String("let me make sure"), StepKind::Check},
    Cue{QLatin1String("let me confirm"), StepKind::Check},
    Cue{QLatin1String("to check"), StepKind::Check},
    Cue{QLatin1String("to verify"), StepKind::Check},
    Cue{QLatin1String("to confirm"), StepKind::Check},
    Cue{QLatin1String("checking"), StepKind::Check},
    Cue{QLatin1String("as a check"), StepKind::Check},
    Cue{QLatin1String("is that right"), StepKind::Check},
    Cue{QLatin1String("therefore"), StepKind::Conclude},
    Cue{QLatin1String("thus"), StepKind::Conclude},
    Cue{QLatin1String("in conclusion"), StepKind::Conclude},
    Cue{QLatin1String("so the answer"), StepKind::Conclude},
    Cue{QLatin1String("so, the answer"), StepKind::Conclude},
    Cue{QLatin1String("the answer"), StepKind::Conclude},
    Cue{QLatin1String("both ways agree"), StepKind::Conclude},
    Cue{QLatin1String("first"), StepKind::Plan},
    Cue{QLatin1String("okay, so"), StepKind::Plan},
    Cue{QLatin1String("let me start"), StepKind::Plan},
    Cue{QLatin1String("let me think"), StepKind::Plan},
    Cue{QLatin1String("i need to"), StepKind::Plan},
    Cue{QLatin1String("i have to"), StepKind::Plan},
    Cue{QLatin1String("i should"), StepKind::Plan},
    Cue{QLatin1String("next"), StepKind::Compute},
    Cue{QLatin1String("now"), StepKind::Compute},
    Cue{QLatin1String("so "), StepKind::Compute},
};
const std::array<std::pair<const char16_t*, StepKind>, 8> kChineseCues{{
    {u"等等", StepKind::Backtrack},
    {u"不对", StepKind::Backtrack},
    {u"检查", StepKind::Check},
    {u"验证", StepKind::Check},
    {u"让我检查", StepKind::Check},
    {u"首先", StepKind::Plan},
    {u"因此", StepKind::Conclude},
    {u"所以", StepKind::Conclude},
}};

bool cueOf(const QString& opening, StepKind& kind) {
    for (const Cue& cue : kCues)
        if (opening.startsWith(cue.words)) return kind = cue.kind, true;
    for (const auto& [words, found] : kChineseCues)
        if (opening.startsWith(QStringView(words))) return kind = found, true;
    return false;
}

bool endsSentence(QChar c) {
    return c == u'.' || c == u'!' || c == u'?' || c == u'。' || c == u'！' || c == u'？';
}

} // namespace

qsizetype ThoughtPart::leading() const {
    qsizetype begin = 0;
    while (begin < text.size() && text[begin].isSpace()) ++begin;
    return begin;
}

QString ThoughtPart::shown() const {
    qsizetype end = text.size();
    const qsizetype begin = leading();
    while (end > begin && text[end - 1].isSpace()) --end;
    return text.mid(begin, end - begin);
}

void ThoughtText::beginPart(bool joined) {
    if (!m_parts.empty()) {
        classifyLast();
        m_parts.back().text.squeeze();
        if (m_parts.back().begins) ++m_stepsClosed;
    }
    ThoughtPart& part = m_parts.emplace_back();
    part.offset = m_length;
    part.joined = joined;
}

QString ThoughtText::append(const QString& more) {
    QString running;
    running.reserve(more.size() + 4);
    for (const QChar c : more) {
        if (m_parts.empty()) beginPart(false);
        const QString& now = m_parts.back().text;
        const bool word = !c.isSpace() && !c.isLowSurrogate() && !now.isEmpty();
        if (word && m_breaks >= 2) {
            beginPart(false);
        } else if (word && now.size() >= kSoftPart) {
            const QChar last = now.back();
            const bool sentence =
                last.isSpace() ? endsSentence(now[now.size() - 2]) : endsSentence(last) && last > u'\x7f';
            if (m_breaks > 0 || sentence || now.size() >= kHardPart) {
                if (m_breaks == 0) running += QLatin1Char('\n');
                beginPart(true);
            }
        }
        m_parts.back().text += c;
        running += c;
        ++m_length;
        if (c == u'\n')
            ++m_breaks;
        else if (!c.isSpace())
            m_breaks = 0;
    }
    if (!m_parts.empty()) classifyLast();
    return running;
}

// While its first words arrive the last part may change its kind; afterwards the answer is always the same.
void ThoughtText::classifyLast() {
    ThoughtPart& part = m_parts.back();
    const StepKind above = m_parts.size() > 1 ? m_parts[m_parts.size() - 2].kind : StepKind::Plan;
    part.begins = m_parts.size() == 1;
    part.kind = above;
    if (part.joined) return;
    const QString opening = part.text.mid(part.leading(), kOpening).toLower();
    if (cueOf(opening, part.kind)) {
        part.begins = true;
    } else if (part.text.contains(QLatin1String(". Wait"))) {
        part.kind = StepKind::Backtrack;
        part.begins = true;
    } else if (above != StepKind::Compute && part.text.left(4 * kOpening).contains(QLatin1Char('='))) {
        part.kind = StepKind::Compute;
        part.begins = true;
    }
}

void ThoughtText::close(bool answered) {
    if (m_parts.size() < 2 || !answered || m_parts.back().joined) return;
    ThoughtPart& last = m_parts.back();
    if (last.kind != StepKind::Compute && last.kind != StepKind::Plan) return;
    last.kind = StepKind::Conclude; // what stands right before the answer, and nothing else names it
    last.begins = true;
}

QString ThoughtText::text() const {
    QString all;
    all.reserve(m_length);
    for (const ThoughtPart& part : m_parts) all += part.text;
    return all;
}

QString ThoughtText::tail(qsizetype atLeast) const {
    size_t first = m_parts.size();
    for (qsizetype size = 0; first > 0 && size < atLeast; --first) size += m_parts[first - 1].text.size();
    QString all;
    for (size_t i = first; i < m_parts.size(); ++i) {
        if (m_parts[i].joined && !all.isEmpty()) all += QLatin1Char('\n');
        all += m_parts[i].text;
    }
    return all;
}

size_t ThoughtText::partAt(qint64 offset) const {
    const auto after = std::upper_bound(m_parts.begin(), m_parts.end(), offset,
                                        [](qint64 at, const ThoughtPart& part) { return at < part.offset; });
    return after == m_parts.begin() ? 0 : static_cast<size_t>(after - m_parts.begin()) - 1;
}

std::vector<ThoughtText::Segment> ThoughtText::segments(size_t most) const {
    std::vector<Segment> all;
    for (size_t i = 0; i < m_parts.size(); ++i) {
        if (m_parts[i].begins || all.empty()) all.push_back({m_parts[i].kind, 0, i});
        all.back().length += m_parts[i].text.size();
    }
    if (all.size() <= most) return all;
    std::vector<Segment> merged;
    for (const Segment& segment : all)
        if (!merged.empty() && merged.back().kind == segment.kind)
            merged.back().length += segment.length;
        else
            merged.push_back(segment);
    // Still too many: equal stretches, each of the kind that takes most of it.
    if (merged.size() <= most) return merged;
    std::vector<Segment> even;
    const size_t group = (merged.size() + most - 1) / most;
    for (size_t i = 0; i < merged.size(); i += group) {
        const auto end = merged.begin() + static_cast<std::ptrdiff_t>(std::min(i + group, merged.size()));
        const auto begin = merged.begin() + static_cast<std::ptrdiff_t>(i);
        Segment stretch = *std::max_element(
            begin, end, [](const Segment& a, const Segment& b) { return a.length < b.length; });
        stretch.length = 0;
        stretch.part = begin->part;
        for (auto it = begin; it != end; ++it) stretch.length += it->length;
        even.push_back(stretch);
    }
    return even;
}

} // namespace ponder::app
