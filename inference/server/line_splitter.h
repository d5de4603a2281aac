#pragma once
// Bytes as they come from a pipe, cut into lines. A line longer than the limit is dropped as it comes, and
// said so once it has ended. A value; one thread.

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ponder::server {

class LineSplitter {
public:
    explicit LineSplitter(size_t maxBytes) : m_maxBytes(maxBytes) {}

    struct Line {
        std::string text;
        bool tooLong = false; // then without text
    };

    void push(std::string_view bytes) { m_input += bytes; }

    std::optional<Line> next() {
        const size_t end = m_input.find('\n', m_begin);
        if (end == std::string::npos) {
            m_input.erase(0, m_begin);
            m_begin = 0;
            if (m_input.size() > m_maxBytes) {
                m_dropping = true;
                m_input.clear();
            }
            return std::nullopt;
        }
        Line line{m_input.substr(m_begin, end - m_begin), std::exchange(m_dropping, false)};
        m_begin = end + 1;
        if (line.tooLong || line.text.size() > m_maxBytes) line = {"", true};
        return line;
    }

private:
    size_t m_maxBytes;
    std::string m_input;
    size_t m_begin = 0;
    bool m_dropping = false; // inside a line that is too long
};

} // namespace ponder::server
