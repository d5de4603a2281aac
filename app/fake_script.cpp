#include "app/fake_script.h"

#include <tuple>

#include <QStringList>

#include "app/fake_texts.h"

namespace ponder::app {

using namespace texts;

namespace {

std::vector<FakeChat> library() {
    const QString divisible = QStringLiteral("Divisible by 6 up to 2025");
    return {
        {QStringLiteral("Exam prep: number theory"), 30, true, {}},
        {QStringLiteral("Thesis, chapter 3 proofs"), 40, true, {}},
        {divisible,
         0,
         false,
         {{QStringLiteral("Why is the product of three consecutive integers always divisible by 6?"),
           consecutive()},
          {QStringLiteral("So how many positive integers n up to 2025 make n² + n divisible by 6?"),
           residues()}}},
        {QStringLiteral("Lock-free queue, memory order"),
         1,
         false,
         {{QStringLiteral("Does a single-producer queue need acquire on the consumer’s load?"), queue()}}},
        {QStringLiteral("Ferry timetable puzzle"), 2, false, {}},
        {QStringLiteral("Rewrite the abstract, 150 words"), 25, false, {}},
        {QStringLiteral("为什么天空是蓝色的"), 26, false, {}},
        {QStringLiteral("Regex for ISO 8601 durations"), 27, false, {}},
        {QStringLiteral("SQLite: covering index or not"), 72, false, {}},
        {QStringLiteral("Miete kündigen, Fristen prüfen"), 80, false, {}},
        {QStringLiteral("Knight’s tour on 6 × 6"), 96, false, {}},
    };
}

// Versions of questions and answers, stopped and interrupted ones among them.
std::vector<FakeChat> tree() {
    const auto q = [](const char* text) { return QString::fromUtf8(text); };
    FakeChat chat;
    chat.title = q("Versions of one question");
    chat.exchanges = {
        {q("Why is the product of three consecutive integers divisible by 6?"), consecutive()},
        {{}, {q("Short this time."), q("One of them is even, one is a multiple of 3.")}, 0},
        {{}, {q("Three integers in a row, so"), {}}, 0, MessageState::Stopped},
        {q("And of four, by 24?"), residues(), 0},
        {q("And of four consecutive ones, by 24?"), queue(), 0},
        {q("Why is n² + n even?"), consecutive(), FakeExchange::kBeginning},
        {q("Does a queue need acquire?"),
         {q("The consumer reads the index, then the slots."), q("Yes. The consumer’s load")},
         5,
         MessageState::Interrupted,
         q("engine_died"),
         q("The engine was ended by signal 9. Everything up to here is kept, and the engine is started "
           "again.")},
    };
    return {chat};
}

std::vector<FakeChat> searched() {
    const auto q = [](const char* text) { return QString::fromUtf8(text); };
    return {
        {q("Divisible by 6 up to 2025"),
         1,
         false,
         {{q("How many n up to 2025 make n² + n divisible by 6?"), residues()}}},
        {q("Lock-free queue, memory order"), 2, false, {{q("Does the consumer need acquire?"), queue()}}},
        {q("为什么天空是蓝色的"), 30, false, {{q("为什么天空是蓝色的？"), sky()}}},
        {q("Basel problem"), 40, false, {{q("Sum of the reciprocal squares?"), formulas()}}},
        {q("Greatest common divisor"), 50, true, {{q("Show me gcd in several languages."), code()}}},
        {q("Sizes of the distilled models"), 60, false, {{q("Compare the sizes as a table."), tables()}}},
        {q("Thrown away: ferry timetable"), 70, false, {}, true},
    };
}

std::vector<FakeChat> many(int count) {
    static const char* const kTitles[] = {"Ferry timetable puzzle", "Regex for durations", "Thesis, chapter",
                                          "Lock-free queue",        "Miete kündigen",      "天空是蓝色的"};
    std::vector<FakeChat> chats;
    for (int i = 0; i < count; ++i)
        chats.push_back({QStringLiteral("%1 %2").arg(QString::fromUtf8(kTitles[i % 6])).arg(i + 1),
                         i / 4,
                         i % 500 == 0,
                         {}});
    return chats;
}

// As long as the largest context that people use: about that many tokens, thoughts and all.
std::vector<FakeChat> big(int tokens) {
    FakeChat chat;
    chat.title = QStringLiteral("A long conversation");
    for (int i = 0, written = 0; written < tokens; ++i) {
        const FakeTurn turn{longThought(6000 + i % 7 * 900),
                            i % 2 == 0 ? residues().answer : everything().answer};
        chat.exchanges.push_back(
            {QStringLiteral("Question %1: and what about the next %2 numbers?").arg(i + 1).arg(i * 3 + 5),
             turn});
        written += static_cast<int>(turn.thought.size() + turn.answer.size()) / 4;
    }
    return {chat};
}

// Titles and words that a layout made for English might not have thought of.
std::vector<FakeChat> languages() {
    const auto q = [](const char* text) { return QString::fromUtf8(text); };
    FakeChat mixed;
    mixed.title =
        q("An extraordinarily long title that somebody wrote over several lines in another program and then "
          "pasted into this one without a thought of where it would have to stand");
    mixed.exchanges = {
        {q("كم عددًا من 1 إلى 2025 يقبل القسمة على 6؟"), arabic()},
        {q("👩‍🔬 Emoji: 🇩🇪 flags, ✋🏽 skin tones, and 為什麼天空是藍色的？"),
         emoji()}};
    return {mixed,
            {q("لماذا السماء زرقاء؟"), 1, true, {}},
            {q("🧮 🧠 🎲 ✋🏽 👩‍🔬"), 2, false, {}},
            {q("Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenhersteller"), 26, false, {}},
            {q("https://example.org/an/address/without/any/space/in/it/that/goes/on/and/on"), 27, false, {}},
            {q("為什麼天空是藍色的，而日落時卻是紅色的？請詳細說明瑞利散射"), 28, false, {}},
            {q("कितने अंक 6 से विभाज्य हैं"), 50, false, {}},
            {q("?"), 60, false, {}}};
}

std::vector<ModelRecord> modelsUsed() {
    const auto model = [](const char* path, const char* name, const char* quantization, qint64 bytes,
                          qint64 used) {
        return ModelRecord{QString::fromUtf8(path),
                           QString::fromUtf8(name),
                           QStringLiteral("qwen2"),
                           QString::fromUtf8(quantization),
                           bytes,
                           0,
                           used};
    };
    return {
        model("synthetic:fake", "R1 Distill Qwen 7B", "Q4_K_M", 4'683'073'184, 4),
        model("/no/such/place/R1-Distill-Llama-70B.gguf", "R1 Distill Llama 70B", "Q4_K_M", 42'520'393'152, 3),
        model("builtin:mini", "Ponder Mini", "Q8_0", 9'000'000, 2),
        model("/no/such/place/R1-Distill-Qwen-32B-Abliterated-Uncensored-Finetune.gguf",
              "R1 Distill Qwen 32B, a derivative whose name does not end", "UD-IQ2_XXS", 9'030'000'000, 1)};
}

FakeScript row(const char* name) {
    FakeScript script;
    script.name = QString::fromLatin1(name);
    script.turns = {residues(), queue(), everything()};
    script.opened = true;
    return script;
}

FakeScript failing(const char* name, FakeFailure failure, ErrorCode code, const char* sentence,
                   int token = 0) {
    FakeScript script = row(name);
    script.failure = failure;
    script.failureAtToken = token;
    script.error = {code, sentence};
    if (failure == FakeFailure::Inspect || failure == FakeFailure::Load || failure == FakeFailure::DiesLoading)
        script.modelAtStart = false;
    return script;
}

std::vector<FakeScript> allScripts() {
    std::vector<FakeScript> all;
    all.push_back(row("tour"));
    all.back().chats = library();
    all.push_back(row("first-run"));
    all.back().modelAtStart = false;
    all.push_back(row("first-start"));
    all.back().modelAtStart = false;
    all.back().modelInBox = true;
    all.back().title = QStringLiteral("Never asked for");
    all.push_back(row("instant"));
    all.back().tokensPerSecond = 0;
    all.back().loadMs = all.back().prefillMs = 0;
    all.push_back(row("slow"));
    all.back().tokensPerSecond = 4;
    all.push_back(row("loading"));
    all.back().loadMs = 60'000;
    all.push_back(row("blocks"));
    all.back().turns = {everything()};
    all.push_back(row("no-thought"));
    all.back().turns = {{QString(), QStringLiteral("Seven.")}};
    all.push_back(failing("no-engine", FakeFailure::Unavailable, ErrorCode::EngineDied,
                          "the engine is not at /usr/bin/ponder-engine: install Ponder again, or set "
                          "PONDER_ENGINE to its path"));
    all.push_back(failing("no-device", FakeFailure::Load, ErrorCode::NoDevice,
                          "no Vulkan device was found: install the graphics driver's Vulkan part, for a CPU "
                          "mesa-vulkan-drivers"));
    all.push_back(failing(
        "malformed", FakeFailure::Inspect, ErrorCode::MalformedFile,
        "the file ends at byte 1,048,576 and tensor blk.3.attn_q.weight needs 4,718,592: download it again"));
    all.push_back(
        failing("architecture", FakeFailure::Inspect, ErrorCode::UnsupportedArchitecture,
                "models of the family \"mamba\" are not supported: choose one of the family qwen2 or llama "
                "or deepseek2, such as a distilled R1"));
    all.push_back(
        failing("quantization", FakeFailure::Inspect, ErrorCode::UnsupportedQuantization,
                "tensor output.weight is in format 39, which Ponder does not know: take the Q4_K_M file"));
    all.push_back(failing("shard", FakeFailure::Inspect, ErrorCode::MissingShard,
                          "part 3 of 5 is missing: R1-00003-of-00005.gguf; put it beside the others"));
    all.push_back(failing(
        "too-large", FakeFailure::Load, ErrorCode::ModelTooLarge,
        "R1 Distill Qwen 32B needs 27.6 GiB of GPU memory, and there are 14.9 GiB: its Q2_K file would fit"));
    all.push_back(failing(
        "device-memory", FakeFailure::Load, ErrorCode::OutOfDeviceMemory,
        "the driver had no room for 512 MiB more after 13.9 GiB: ask for a smaller context, 8,192 would do"));
    all.push_back(failing(
        "context", FakeFailure::Generate, ErrorCode::ContextFull,
        "the conversation has 33,120 tokens and the context holds 32,768: begin a new one or load the model "
        "with a larger context"));
    all.push_back(failing(
        "device-lost", FakeFailure::Dies, ErrorCode::DeviceLost,
        "the graphics device was lost at token 60: the driver stopped it after 10.2 s without an answer", 60));
    all.push_back(failing("dies-loading", FakeFailure::DiesLoading, ErrorCode::EngineDied,
                          "the engine was ended by signal 9"));
    all.push_back(failing("dies-reading", FakeFailure::DiesReading, ErrorCode::EngineDied,
                          "the engine was ended by signal 11"));
    all.push_back(failing("hang", FakeFailure::Hangs, ErrorCode::EngineDied,
                          "the engine gave no sign of life for 5 s and was ended", 40));
    all.push_back(failing("count-fails", FakeFailure::Count, ErrorCode::Internal,
                          "the text could not be counted: ask all the same"));
    all.push_back(failing("engine-died", FakeFailure::Dies, ErrorCode::EngineDied,
                          "the engine was ended by signal 9", 160));
    const auto showing = [&](const char* name, std::vector<FakeTurn> turns) {
        all.push_back(row(name));
        all.back().turns = turns;
        all.back().chats = {
            {QStringLiteral("To look at"), 0, false, {{QStringLiteral("Show me."), turns.front()}}}};
        all.back().chats.front().exchanges.push_back({QStringLiteral("And once more?"), turns.back()});
    };
    showing("formulas", {formulas()});
    showing("code", {code()});
    showing("tables", {tables()});
    showing("chinese", {sky()});
    all.push_back(row("long-thought"));
    all.back().turns = {longTurn(200'000)};
    all.back().tokensPerSecond = 60;
    all.push_back(row("big"));
    all.back().chats = big(100'000);
    all.back().context = 131'072;
    all.push_back(row("many"));
    all.back().chats = many(3000);
    all.push_back(row("siblings"));
    all.back().chats = tree();
    all.push_back(row("search"));
    all.back().chats = searched();
    all.push_back(row("title"));
    all.back().title = QStringLiteral("**“Multiples of six up to 2025.”**");
    all.back().tokensPerSecond = 400;
    all.push_back(row("draft"));
    all.back().chats = library();
    for (FakeChat& chat : all.back().chats) chat.draft = QStringLiteral("Not asked yet: ") + chat.title;
    // Stands still where it is looked at: over the question, in the thought, in the answer.
    for (const auto& [name, prefillMs, tokens] :
         {std::tuple{"reading", 60'000, 0}, {"thinking", 400, 150}, {"answering", 400, 210}}) {
        all.push_back(row(name));
        all.back().turns = {residues()};
        all.back().chats = library();
        all.back().prefillMs = prefillMs;
        all.back().hasteTokens = tokens;
        all.back().tokensPerSecond = 1e-3;
    }
    all.push_back(row("languages"));
    all.back().chats = languages();
    all.back().turns = {emoji(), arabic()};
    all.push_back(row("small-device"));
    all.back().modelAtStart = false;
    all.back().models = modelsUsed();
    all.back().deviceBytes = 7ull << 30;
    all.back().hostBytes = 2ull << 30;
    all.push_back(row("nearly-full"));
    all.back().chats = library();
    all.back().context = 250;
    all.push_back(row("disk-low"));
    all.back().chats = library();
    all.back().diskFreeBytes = 41'000'000;
    all.push_back(row("damaged"));
    all.back().chats = library();
    all.back().damage = QStringLiteral(
        "the database is damaged (rows 12 and 13 of message are missing from an index); take back a copy");
    return all;
}

} // namespace

std::optional<FakeScript> fakeScript(const QString& name) {
    for (FakeScript& script : allScripts())
        if (name.isEmpty() || script.name == name) return std::move(script);
    return std::nullopt;
}

QStringList fakeScriptNames() {
    QStringList names;
    for (const FakeScript& script : allScripts()) names.append(script.name);
    return names;
}

} // namespace ponder::app
