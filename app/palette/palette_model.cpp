#include "app/palette/palette_model.h"

#include <array>

namespace ponder::app {

namespace {

constexpr int kRecent = 6;        // conversations shown before anything is typed
constexpr int kOfEach = 4;        // places of one kind, while there are several kinds
constexpr int kShownAtMost = 100; // of one kind
const std::array<const char*, 4> kFilters = {"in:thought", "in:answer", "in:question", "in:title"};

// Every word of the query begins a word of the text.
QVariantList wordMarks(const QString& text, const QString& query) {
    QVariantList marks;
    for (const QString& word : query.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        qsizetype at = -1;
        do at = text.indexOf(word, at + 1, Qt::CaseInsensitive);
        while (at > 0 && text[at - 1].isLetterOrNumber());
        if (at < 0) return {};
        marks << at << word.size();
    }
    return marks;
}

QString heading(const QString& name, qsizetype shown = 0, qsizetype of = 0) {
    if (of == 0) return name;
    return name + QLatin1Char('|') +
           (shown == of ? QString::number(of) : PaletteModel::tr("%1 of %2").arg(shown).arg(of));
}

} // namespace

PaletteModel::PaletteModel(ChatController& chat, ModelLoader& loader, Commands& commands, QObject* parent)
    : QAbstractListModel(parent), m_chat(chat), m_loader(loader), m_commands(commands) {
    m_settle.setSingleShot(true);
    m_settle.setInterval(0);
    connect(&m_settle, &QTimer::timeout, this, &PaletteModel::rebuild);
    const auto soon = [this] { m_settle.start(); };
    for (QAbstractItemModel* model : {static_cast<QAbstractItemModel*>(chat.search()),
                                      static_cast<QAbstractItemModel*>(chat.conversations())}) {
        connect(model, &QAbstractItemModel::modelReset, this, soon);
        connect(model, &QAbstractItemModel::rowsInserted, this, soon);
        connect(model, &QAbstractItemModel::rowsRemoved, this, soon);
        connect(model, &QAbstractItemModel::dataChanged, this, soon);
    }
    connect(chat.search(), &SearchModel::searchingChanged, this, &PaletteModel::countChanged);
    connect(&loader, &ModelLoader::recentChanged, this, soon);
    connect(&commands, &Commands::changed, this, soon);
}

QHash<int, QByteArray> PaletteModel::roleNames() const {
    return {{KindRole, "kind"},       {SectionRole, "section"}, {IconRole, "glyph"},
            {ThoughtRole, "thought"}, {TitleRole, "title"},     {SnippetRole, "snippet"},
            {MarksRole, "marks"},     {DetailRole, "detail"},   {MonoRole, "mono"}};
}

QVariant PaletteModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Row& row = m_rows[static_cast<size_t>(index.row())];
    switch (role) {
    case KindRole:
        return row.kind;
    case SectionRole:
        return row.section;
    case IconRole:
        return row.icon;
    case ThoughtRole:
        return row.thought;
    case Qt::DisplayRole:
    case TitleRole:
        return row.title;
    case SnippetRole:
        return row.snippet;
    case MarksRole:
        return row.marks;
    case DetailRole:
        return row.detail;
    case MonoRole:
        return row.mono;
    default:
        return {};
    }
}

void PaletteModel::setQuery(const QString& query) {
    if (query == m_query) return;
    m_query = query;
    // ">" asks for commands only.
    m_chat.search()->setQuery(query.startsWith(QLatin1Char('>')) ? QString() : query);
    emit queryChanged();
    rebuild();
}

void PaletteModel::nextFilter() {
    QString words = m_query;
    size_t now = kFilters.size();
    for (size_t i = 0; i < kFilters.size(); ++i) {
        const QString filter = QString::fromLatin1(kFilters[i]);
        if (!words.startsWith(filter)) continue;
        now = i;
        words = words.mid(filter.size()).trimmed();
        break;
    }
    const size_t next = now == kFilters.size() ? 0 : now + 1;
    setQuery(next == kFilters.size() ? words : QString::fromLatin1(kFilters[next]) + QLatin1Char(' ') + words);
}

bool PaletteModel::activate(int index) {
    if (index < 0 || index >= count()) return false;
    const Row row = m_rows[static_cast<size_t>(index)];
    switch (row.kind) {
    case Conversation:
        m_chat.openConversation(row.chat);
        return true;
    case Place:
        m_chat.openHit(row.chat, row.message, row.channel, row.offset, row.length);
        return true;
    case Command:
        emit commandChosen(row.id);
        return true;
    case Model:
        m_loader.open(row.path);
        return true;
    case Filter:
        setQuery(row.path + QLatin1Char(' ') + m_query);
        return false;
    case Ask:
        emit questionWanted(m_query.trimmed());
        return true;
    }
    return false;
}

void PaletteModel::rebuild() {
    m_settle.stop();
    std::vector<Row> rows;
    m_hits = 0;
    const bool commandsOnly = m_query.startsWith(QLatin1Char('>'));
    const QString words = (commandsOnly ? m_query.mid(1) : m_query).trimmed();
    if (!commandsOnly) words.isEmpty() ? addRecent(rows) : addFound(rows);
    addCommands(rows, words);
    addModels(rows, words);
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
    emit countChanged();
    emit rebuilt();
}

void PaletteModel::addRecent(std::vector<Row>& rows) const {
    const ConversationListModel& list = *m_chat.conversations();
    for (int i = 0; i < std::min(kRecent, list.rowCount()); ++i) {
        Row row;
        row.kind = Conversation;
        row.section = heading(tr("Conversations"));
        row.icon = QStringLiteral("question");
        row.title = list.data(list.index(i), ConversationListModel::TitleRole).toString();
        row.detail = list.data(list.index(i), ConversationListModel::GroupRole).toString();
        row.chat = list.data(list.index(i), ConversationListModel::ChatRole).toLongLong();
        rows.push_back(std::move(row));
    }
}

void PaletteModel::addFound(std::vector<Row>& rows) {
    const SearchModel& found = *m_chat.search();
    // By where it was found; the order within each is the search's.
    std::array<std::vector<Row>, 4> groups;
    const std::array<QString, 4> names = {tr("Conversations"), tr("Thoughts"), tr("Answers"), tr("Questions")};
    for (int i = 0; i < found.rowCount(); ++i) {
        const QModelIndex at = found.index(i);
        Row row;
        row.title = found.data(at, SearchModel::TitleRole).toString();
        row.detail = found.data(at, SearchModel::WhenRole).toString();
        row.marks = found.data(at, SearchModel::MarksRole).toList();
        row.chat = found.data(at, SearchModel::ChatRole).toLongLong();
        size_t group = 0;
        if (found.data(at, SearchModel::KindRole).toInt() == SearchModel::Chat) {
            row.kind = Conversation;
            row.icon = QStringLiteral("question");
        } else {
            row.kind = Place;
            row.snippet = found.data(at, SearchModel::SnippetRole).toString();
            row.message = found.data(at, SearchModel::MessageRole).toLongLong();
            row.channel = found.data(at, SearchModel::ChannelRole).toInt();
            row.offset = found.data(at, SearchModel::OffsetRole).toLongLong();
            row.length = found.data(at, SearchModel::LengthRole).toInt();
            row.thought = row.channel == static_cast<int>(SegmentChannel::Thought);
            group = row.thought ? 1 : row.channel == static_cast<int>(SegmentChannel::Question) ? 3 : 2;
            row.icon = row.thought  ? QStringLiteral("think")
                       : group == 2 ? QStringLiteral("right")
                                    : QStringLiteral("question");
        }
        groups[group].push_back(std::move(row));
        ++m_hits;
    }
    int kinds = 0;
    for (const auto& group : groups) kinds += !group.empty();
    for (size_t i = 0; i < groups.size(); ++i) {
        auto& group = groups[i];
        const size_t shown = std::min<size_t>(group.size(), kinds > 1 ? kOfEach : kShownAtMost);
        const QString section =
            heading(names[i], static_cast<qsizetype>(shown), static_cast<qsizetype>(group.size()));
        for (size_t j = 0; j < shown; ++j) {
            group[j].section = section;
            rows.push_back(std::move(group[j]));
        }
    }
}

void PaletteModel::addCommands(std::vector<Row>& rows, const QString& words) const {
    const QString section = heading(tr("Commands"));
    const bool typed = !words.isEmpty() && !m_query.startsWith(QLatin1Char('>'));
    if (typed && !words.contains(QLatin1String("in:")) && m_hits > 0) {
        Row filter;
        filter.kind = Filter;
        filter.section = section;
        filter.icon = QStringLiteral("think");
        filter.title = tr("Search thoughts only");
        filter.detail = filter.path = QString::fromLatin1(kFilters[0]);
        filter.mono = true;
        rows.push_back(std::move(filter));
    }
    for (const QVariant& entry : m_commands.rows()) {
        const QVariantMap command = entry.toMap();
        if (!command[QStringLiteral("palette")].toBool()) continue;
        Row row;
        row.title = command[QStringLiteral("text")].toString();
        row.marks = wordMarks(row.title, words);
        if (!words.isEmpty() && row.marks.isEmpty()) continue;
        row.section = section;
        row.icon = command[QStringLiteral("icon")].toString();
        row.detail = command[QStringLiteral("keyText")].toStringList().value(0);
        row.id = command[QStringLiteral("id")].toInt();
        rows.push_back(std::move(row));
    }
    if (typed && !words.startsWith(QLatin1String("in:"))) {
        Row ask;
        ask.kind = Ask;
        ask.section = section;
        ask.icon = QStringLiteral("plus");
        ask.title = tr("Ask this in a new conversation");
        rows.push_back(std::move(ask));
    }
}

void PaletteModel::addModels(std::vector<Row>& rows, const QString& words) const {
    for (const QVariant& entry : m_loader.recent()) {
        const QVariantMap model = entry.toMap();
        Row row;
        row.kind = Model;
        row.title = model[QStringLiteral("name")].toString();
        row.marks = wordMarks(row.title, words);
        if (!words.isEmpty() && row.marks.isEmpty()) continue;
        row.section = heading(tr("Models"));
        row.icon = QStringLiteral("layers");
        row.detail = model[QStringLiteral("detail")].toString();
        row.path = model[QStringLiteral("path")].toString();
        row.mono = true;
        rows.push_back(std::move(row));
    }
}

} // namespace ponder::app
