#include "app/fake_script.h"

#include <QStringList>

namespace ponder::app {

namespace {

FakeTurn consecutive() {
    return {QStringLiteral("Three integers in a row, so at least one of them is even.\n\n"
                           "One of every three integers is a multiple of 3, so exactly one of these is.\n\n"
                           "2 and 3 have no common factor. So 6 divides the product."),
            QStringLiteral(
                "Among three consecutive integers at least one is even and exactly one is a multiple of 3. "
                "Since 2 and 3 share no factor, the product is divisible by **2 · 3 = 6**.")};
}

FakeTurn residues() {
    return {
        QStringLiteral(
            "I have to count the n up to 2025 for which 6 divides n² + n.\n\n"
            "n² + n = n(n + 1), two consecutive integers, so it is even every time. That leaves divisibility "
            "by 3.\n\n"
            "If n ≡ 0, then n is a multiple of 3. If n ≡ 2, then n + 1 is. If n ≡ 1, the product is 1 · 2 = "
            "2, which "
            "fails. So two residues of three work.\n\n"
            "2025 / 3 = 675, so that would be 675 numbers. Wait, that counts only one residue class. There "
            "are two "
            "that work, each with 675 members, since 2025 is an exact multiple of 3. So 2 · 675 = 1350.\n\n"
            "Let me check with a small range. For n up to 6: 2, 3, 5, 6 work (6, 12, 30, 42) and 1, 4 fail "
            "(2, 20). "
            "That is 4 of 6, which is two thirds, and two thirds of 2025 is 1350. Good."),
        QStringLiteral("## Two of every three integers\n\n"
                       "Write *n*² + *n* = *n*(*n* + 1). Divisibility by 6 splits into two questions:\n\n"
                       "- **By 2:** always, because one of two consecutive integers is even.\n"
                       "- **By 3:** exactly when *n* or *n* + 1 is a multiple of 3.\n\n"
                       "| *n* mod 3 | *n*(*n* + 1) mod 3 | Divisible by 6 | Up to 2025 |\n"
                       "| --- | --- | --- | ---: |\n"
                       "| 0 | 0 | yes | 675 |\n| 1 | 2 | no | 675 |\n| 2 | 0 | yes | 675 |\n\n"
                       "So the count is 2 · 675 = **1350**.\n\n"
                       "```python\n# confirms the count\nprint(sum(1 for n in range(1, 2026) if n * (n + 1) "
                       "% 6 == 0))\n```\n")};
}

FakeTurn everything() {
    return {QStringLiteral("They want to see every kind of block. I list them one after the other."),
            QStringLiteral(
                "# One of each\n\nA paragraph with **bold**, *italic*, ~~struck~~, `code` and a "
                "[link](https://example.org/page). Raw <b>tags</b> stay as they are written.\n\n"
                "### Lists\n\n1. first\n2. second\n   - inner\n   - inner too\n3. third\n\n"
                "- [x] done\n- [ ] to do\n\n> A quotation that is long enough to go on to a second line when "
                "the column is narrow, and says little.\n>\n> Its second paragraph.\n\n---\n\n"
                "| left | centre | right |\n| :--- | :---: | ---: |\n| a | b | 1 |\n| cc | dd | 22 |\n\n"
                "```cpp\nint main() {\n    return 0; // the shortest program\n}\n```\n\n"
                "The end, with an image: ![a picture](https://example.org/tracker.png)")};
}

FakeTurn queue() {
    return {
        QStringLiteral(
            "A single producer writes slots, then publishes an index. The consumer reads the index, then the "
            "slots. Without acquire on the read nothing orders them."),
        QStringLiteral(
            "Yes. The consumer’s load of the write index must be an **acquire**, paired with the producer’s "
            "**release** store. Without the pair, the consumer may see the new index and still read the "
            "slot’s old contents: nothing orders the two.\n\nOn x86 the compiler alone could reorder them; "
            "on ARM the processor does so as well.")};
}

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

FakeScript row(const char* name) {
    FakeScript script;
    script.name = QString::fromLatin1(name);
    script.turns = {residues(), queue(), everything()};
    return script;
}

FakeScript failing(const char* name, FakeFailure failure, ErrorCode code, const char* sentence,
                   int token = 0) {
    FakeScript script = row(name);
    script.failure = failure;
    script.failureAtToken = token;
    script.error = {code, sentence};
    if (failure == FakeFailure::Inspect || failure == FakeFailure::Load) script.modelAtStart = false;
    return script;
}

std::vector<FakeScript> allScripts() {
    std::vector<FakeScript> all;
    all.push_back(row("tour"));
    all.back().chats = library();
    all.push_back(row("first-run"));
    all.back().modelAtStart = false;
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
                          "the engine is not at /usr/bin/ponder-engine; install Ponder again, or set "
                          "PONDER_ENGINE to its path"));
    all.push_back(failing("no-device", FakeFailure::Load, ErrorCode::NoDevice,
                          "no Vulkan device was found; install the graphics driver's Vulkan part, for a CPU "
                          "mesa-vulkan-drivers"));
    all.push_back(failing(
        "malformed", FakeFailure::Inspect, ErrorCode::MalformedFile,
        "the file ends at byte 1,048,576 and tensor blk.3.attn_q.weight needs 4,718,592; download it again"));
    all.push_back(failing("architecture", FakeFailure::Inspect, ErrorCode::UnsupportedArchitecture,
                          "the model is of architecture mamba; Ponder runs qwen2 and llama"));
    all.push_back(
        failing("quantization", FakeFailure::Inspect, ErrorCode::UnsupportedQuantization,
                "tensor output.weight is in format 39, which Ponder does not know; take the Q4_K_M file"));
    all.push_back(failing("shard", FakeFailure::Inspect, ErrorCode::MissingShard,
                          "part 3 of 5 is missing: R1-00003-of-00005.gguf; put it beside the others"));
    all.push_back(failing(
        "too-large", FakeFailure::Load, ErrorCode::ModelTooLarge,
        "R1 Distill Qwen 32B needs 27.6 GiB of GPU memory, and there are 14.9 GiB; its Q2_K file would fit"));
    all.push_back(failing(
        "device-memory", FakeFailure::Load, ErrorCode::OutOfDeviceMemory,
        "the driver had no room for 512 MiB more after 13.9 GiB; ask for a smaller context, 8,192 would do"));
    all.push_back(failing(
        "context", FakeFailure::Generate, ErrorCode::ContextFull,
        "the conversation has 33,120 tokens and the context holds 32,768; begin a new one or load the model "
        "with a larger context"));
    all.push_back(failing(
        "device-lost", FakeFailure::Dies, ErrorCode::DeviceLost,
        "the graphics device was lost at token 60: the driver stopped it after 10.2 s without an answer", 60));
    all.push_back(failing("engine-died", FakeFailure::Dies, ErrorCode::EngineDied,
                          "the engine was ended by signal 9", 160));
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
