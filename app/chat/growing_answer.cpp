#include "app/chat/growing_answer.h"

#include <algorithm>

namespace ponder::app {

namespace {

// Room for an eighth more instead of twice as much.
template <typename Array>
void makeRoom(Array& array, size_t more) {
    constexpr size_t kLeast = 512;
    const auto size = static_cast<size_t>(array.size());
    if (size + more <= static_cast<size_t>(array.capacity())) return;
    const size_t room = size + std::max({more, size / 8, kLeast});
    array.reserve(static_cast<decltype(array.size())>(room));
}

} // namespace

GrowingAnswer::GrowingAnswer(const std::vector<Segment>& begun) {
    for (const Segment& segment : begun) {
        Piece& piece = m_pieces.emplace_back();
        piece.text = segment.text.toUtf8();
        piece.ids = segment.ids;
        piece.head = segment;
        piece.head.text.clear();
        piece.head.ids = {};
    }
}

bool GrowingAnswer::add(SegmentChannel channel, const QString& text, int32_t id, qint64 timeMs) {
    if (m_pieces.empty() || m_pieces.back().head.channel != channel)
        m_pieces.push_back({{channel, {}, {}, timeMs, timeMs, 0}, {}, {}});
    Piece& piece = m_pieces.back();
    const QByteArray bytes = text.toUtf8();
    makeRoom(piece.text, static_cast<size_t>(bytes.size()));
    piece.text += bytes;
    makeRoom(piece.ids, 1);
    piece.ids.push_back(id);
    if (piece.head.cutShort) return false;
    piece.head.endMs = timeMs;
    ++piece.head.tokens;
    return true;
}

void GrowingAnswer::cutShort() { m_pieces.back().head.cutShort = true; }

bool GrowingAnswer::endsInThought() const {
    return !m_pieces.empty() && m_pieces.back().head.channel == SegmentChannel::Thought;
}

bool GrowingAnswer::isCutShort() const { return !m_pieces.empty() && m_pieces.back().head.cutShort; }

Reached GrowingAnswer::reached() const {
    if (m_pieces.empty()) return {};
    const Piece& last = m_pieces.back();
    return {m_pieces.size() - 1, last.text.size(), static_cast<qint64>(last.ids.size())};
}

std::vector<int32_t> GrowingAnswer::ids() const {
    std::vector<int32_t> all;
    for (const Piece& piece : m_pieces) all.insert(all.end(), piece.ids.begin(), piece.ids.end());
    return all;
}

std::vector<Segment> GrowingAnswer::since(const Reached& kept) const {
    std::vector<Segment> rest;
    for (size_t i = kept.segment; i < m_pieces.size(); ++i) {
        const Piece& piece = m_pieces[i];
        const bool begun = i == kept.segment;
        Segment& segment = rest.emplace_back(piece.head);
        segment.text = QString::fromUtf8(QByteArrayView(piece.text).sliced(begun ? kept.bytes : 0));
        segment.ids.assign(piece.ids.begin() + (begun ? kept.ids : 0), piece.ids.end());
    }
    return rest;
}

std::vector<Segment> GrowingAnswer::take() {
    std::vector<Segment> all = segments();
    m_pieces = {};
    return all;
}

} // namespace ponder::app
