#pragma once
// The words of an answer as they come. Each costs its bytes and the number of its token, at any length, and a save takes
// only what the store does not have. Owns text and numbers until they are taken at the end. Values; GUI thread.

#include <vector>

#include <QByteArray>

#include "app/storage/records.h"

namespace ponder::app {

class GrowingAnswer {
public:
    GrowingAnswer() = default;
    explicit GrowingAnswer(const std::vector<Segment>& begun); // what it goes on from

    // False: it belongs to the layout's end of a thought that has ended already for who reads it.
    bool add(SegmentChannel channel, const QString& text, int32_t id, qint64 timeMs);
    void cutShort(); // the thought that stands last ends here, because a person said so

    bool isEmpty() const { return m_pieces.empty(); }
    bool endsInThought() const; // cut short or not
    bool isCutShort() const;    // what stands last
    Reached reached() const;    // all of it, for since()
    std::vector<int32_t> ids() const;
    std::vector<Segment> since(const Reached& kept) const; // what follows; the first is the rest of one
    std::vector<Segment> segments() const { return since({}); }
    std::vector<Segment> take(); // the same, and nothing is left

private:
    struct Piece {
        Segment head;    // all but text and ids
        QByteArray text; // UTF-8: half of what QString takes in most languages, and what the store writes
        std::vector<int32_t> ids;
    };

    std::vector<Piece> m_pieces;
};

} // namespace ponder::app
