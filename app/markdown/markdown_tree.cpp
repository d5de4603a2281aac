#include "app/markdown/markdown_tree.h"

#include <algorithm>

#include <md4c.h>

namespace ponder::app {

namespace {

class Reader {
public:
    explicit Reader(std::string_view source) : m_source(source) {}

    void enter(MD_BLOCKTYPE type, void* detail) {
        ++m_depth;
        switch (type) {
        case MD_BLOCK_QUOTE:
            ++m_quote;
            break;
        case MD_BLOCK_CODE:
            addLeaf(static_cast<MD_BLOCK_CODE_DETAIL*>(detail)->fence_char != 0);
            break;
        case MD_BLOCK_H:
            addLeaf(false);
            m_top = m_depth == 2; // the document itself is a block
            m_heading = true;
            break;
        case MD_BLOCK_P:
        case MD_BLOCK_LI:
            addLeaf(false);
            m_top = m_depth == 2 && type == MD_BLOCK_P;
            break;
        case MD_BLOCK_TR:
            addLeaf(false);
            break;
        default:
            break;
        }
    }

    void leave(MD_BLOCKTYPE type) {
        --m_depth;
        if (type == MD_BLOCK_QUOTE) --m_quote;
        if (type == MD_BLOCK_TR) addRestOfRow();
        m_top = m_heading = false;
        m_ended = m_ended || (type != MD_BLOCK_TD && type != MD_BLOCK_TH);
    }

    void text(MD_TEXTTYPE type, std::string_view part) {
        if (part.data() < m_source.data() || part.data() >= m_source.data() + m_source.size()) return;
        const auto begin = static_cast<size_t>(part.data() - m_source.data());
        if (m_top) noteTop(begin);
        if (m_heading) noteHeading(begin);
        if (type != MD_TEXT_NORMAL) return;
        if (!m_addresses.empty() && m_addresses.back() == part.data()) return; // a bare address is no text
        if (m_ended) addLeaf(false); // in the items of tight lists, paragraphs are not announced
        tree.runs.push_back({begin, begin + part.size(), static_cast<int>(tree.leaves.size()) - 1, false});
    }

    void enterSpan(MD_SPANTYPE type, void* detail) {
        if (type == MD_SPAN_A) m_addresses.push_back(static_cast<MD_SPAN_A_DETAIL*>(detail)->href.text);
    }

    void leaveSpan(MD_SPANTYPE type) {
        if (type == MD_SPAN_A) m_addresses.pop_back();
    }

    MarkdownTree tree;

private:
    void addLeaf(bool barrier) {
        m_top = m_heading = m_ended = false;
        tree.leaves.push_back({barrier, m_quote});
    }

    // A formula with | in it makes too many cells, and the parser drops those: what they hold is text, too.
    void addRestOfRow() {
        if (tree.runs.empty() || tree.runs.back().leaf + 1 != static_cast<int>(tree.leaves.size())) return;
        const size_t begin = tree.runs.back().end;
        const size_t end = std::min(m_source.find('\n', begin), m_source.size());
        if (begin < end) tree.runs.push_back({begin, end, tree.runs.back().leaf, true});
    }

    size_t lineOf(size_t offset) const {
        const size_t before = offset == 0 ? std::string_view::npos : m_source.rfind('\n', offset - 1);
        return before == std::string_view::npos ? 0 : before + 1;
    }

    void noteTop(size_t begin) {
        m_top = false;
        tree.tops.push_back(lineOf(begin));
    }

    // One with # before it is a barrier; one with === below it may be a formula whose lines were misread.
    void noteHeading(size_t begin) {
        m_heading = false;
        const size_t first = m_source.find_first_not_of(" \t>", lineOf(begin));
        tree.leaves.back().barrier = first < begin && m_source[first] == '#';
    }

    std::string_view m_source;
    std::vector<const char*> m_addresses; // of the links around
    int m_depth = 0, m_quote = 0;
    bool m_top = false, m_heading = false;
    bool m_ended = true; // what follows is no part of the last leaf
};

} // namespace

unsigned markdownFlags() {
    return MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS | MD_FLAG_PERMISSIVEAUTOLINKS |
           MD_FLAG_NOHTML;
}

MarkdownTree readTree(std::string_view source) {
    Reader reader(source);
    MD_PARSER parser{};
    parser.flags = markdownFlags();
    parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* self) {
        return static_cast<Reader*>(self)->enter(type, detail), 0;
    };
    parser.leave_block = [](MD_BLOCKTYPE type, void*, void* self) {
        return static_cast<Reader*>(self)->leave(type), 0;
    };
    parser.enter_span = [](MD_SPANTYPE type, void* detail, void* self) {
        return static_cast<Reader*>(self)->enterSpan(type, detail), 0;
    };
    parser.leave_span = [](MD_SPANTYPE type, void*, void* self) {
        return static_cast<Reader*>(self)->leaveSpan(type), 0;
    };
    parser.text = [](MD_TEXTTYPE type, const MD_CHAR* part, MD_SIZE size, void* self) {
        return static_cast<Reader*>(self)->text(type, {part, size}), 0;
    };
    if (md_parse(source.data(), static_cast<MD_SIZE>(source.size()), &parser, &reader) != 0) return {};
    return std::move(reader.tree);
}

} // namespace ponder::app
