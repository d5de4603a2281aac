#pragma once
// The text of a thought as it grows: cut into parts that a view lays out one by one, so that a token costs the same at any
// length, and into steps by the words that open its paragraphs. Values; any thread.

#include <vector>

#include <QString>

namespace ponder::app {

enum class StepKind { Plan, Compute, Check, Backtrack, Conclude };

struct ThoughtPart {
    QString text;      // as written, with the break that ends it
    qint64 offset = 0; // of its first character in the thought
    StepKind kind = StepKind::Plan;
    bool begins = true;        // a step; false: it goes on with the step above
    bool joined = false;       // cut out of a paragraph that is too long for one part
    QString shown() const;     // without the breaks around it
    qsizetype leading() const; // characters before what is shown
};

class ThoughtText {
public:
    // Returns what a view that shows the end as running text has to add: the same text, with a break where a part was cut.
    QString append(const QString& more);
    void close(bool answered); // nothing more comes; what stands last may be the conclusion

    bool isEmpty() const { return m_length == 0; }
    qint64 length() const { return m_length; }
    const std::vector<ThoughtPart>& parts() const { return m_parts; }
    QString text() const;
    QString tail(qsizetype atLeast) const; // the last parts, whole, that hold as many characters
    size_t partAt(qint64 offset) const;    // clamped; there must be a part

    int steps() const { return m_stepsClosed + (!m_parts.empty() && m_parts.back().begins ? 1 : 0); }
    struct Segment {
        StepKind kind;
        qint64 length; // characters
        size_t part;   // where it begins
    };
    std::vector<Segment>
    segments(size_t most = 40) const; // of the ribbon: the steps, merged when there are more

private:
    void beginPart(bool joined);
    void classifyLast();

    std::vector<ThoughtPart> m_parts;
    qint64 m_length = 0;
    int m_stepsClosed = 0; // of all parts but the last
    int m_breaks = 0;      // line breaks since the last word
};

} // namespace ponder::app
