#include "app/fake_texts.h"

namespace ponder::app::texts {

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

FakeTurn formulas() {
    return {
        QStringLiteral(
            "The sum of the reciprocal squares. Euler: compare \\(\\sin x / x\\) with its product, then the "
            "coefficient of \\(x^2\\). I should give the steps and box the value."),
        QStringLiteral(
            "The product over the zeros gives\n\n\\[ \\frac{\\sin x}{x} = \\prod_{n=1}^{\\infty} \\left(1 - "
            "\\frac{x^2}{n^2\\pi^2}\\right). \\]\n\nThe series has \\(-\\frac{1}{6}\\) at $x^2$, the product "
            "has "
            "$-\\frac{1}{\\pi^2}\\sum_{n} \\frac{1}{n^2}$, so\n\n$$\n\\sum_{n=1}^{\\infty} \\frac{1}{n^2} = "
            "\\boxed{\\frac{\\pi^2}{6}}\n$$\n\n- A matrix: $\\begin{pmatrix} a & b \\\\ c & d "
            "\\end{pmatrix}$ with "
            "determinant $ad - bc$.\n- Cases: $|x| = \\begin{cases} x & x \\ge 0 \\\\ -x & x < 0 "
            "\\end{cases}$\n- Prices stay prices: it costs $5 today and $6 tomorrow.\n- Code stays code: "
            "`$HOME` and "
            "`\\(x\\)`.\n\n```bash\necho \"$PATH\" # not a formula\n```\n")};
}

FakeTurn code() {
    return {QStringLiteral("The same function in the languages that they named."),
            QStringLiteral(
                "```python\ndef gcd(a: int, b: int) -> int:\n    \"\"\"Euclid.\"\"\"\n    while b:\n        "
                "a, b = b, a "
                "% b\n    return a\n```\n\n```cpp\n#include <numeric>\n// The library has it, too.\nint "
                "greatest(int a, "
                "int b) { return std::gcd(a, b); }\n```\n\n```rust\nfn gcd(mut a: u64, mut b: u64) -> u64 "
                "{\n    while b "
                "!= 0 {\n        (a, b) = (b, a % b);\n    }\n    a\n}\n```\n\n```javascript\nconst gcd = "
                "(a, b) => b === "
                "0 ? a : gcd(b, a % b); // 12, 18 -> 6\n```\n\n```sql\nSELECT chat.title, count(*) AS "
                "messages\nFROM "
                "chat JOIN message ON message.chat = chat.id\nWHERE chat.deleted_at IS NULL\nGROUP BY "
                "chat.id ORDER BY "
                "messages DESC LIMIT 10;\n```\n\n```json\n{\"name\": \"ponder\", \"seed\": 42, \"think\": "
                "true, \"stop\": "
                "null}\n```\n\n```bash\nfor f in *.gguf; do\n    ponder-cli info \"$f\" --json | jq "
                "'.plan.context'\ndone\n```\n\n```\nno language at all, and a line that is long enough to "
                "need the wrapping "
                "that the button above it turns on and off, wherever the column happens to end\n```\n")};
}

FakeTurn tables() {
    QString wide = QStringLiteral("| Model |");
    QString rule = QStringLiteral("| --- |");
    for (const char* column : {"Parameters", "Layers", "Heads", "Key heads", "Hidden", "Feed-forward",
                               "Vocabulary", "Context", "Q4_K_M", "Q8_0", "F16"}) {
        wide += QStringLiteral(" %1 |").arg(QLatin1String(column));
        rule += QStringLiteral(" ---: |");
    }
    const QString rows = QStringLiteral("| R1 Distill Qwen 1.5B | 1.78 B | 28 | 12 | 2 | 1,536 | 8,960 | "
                                        "151,936 | 131,072 | 1.12 GB | 1.89 GB | 3.56 "
                                        "GB |\n| R1 Distill Qwen 7B | 7.62 B | 28 | 28 | 4 | 3,584 | 18,944 "
                                        "| 152,064 | 131,072 | 4.68 GB | 8.10 GB | "
                                        "15.2 GB |\n| R1 Distill Llama 8B | 8.03 B | 32 | 32 | 8 | 4,096 | "
                                        "14,336 | 128,256 | 131,072 | 4.92 GB | 8.54 "
                                        "GB | 16.1 GB |\n| R1 Distill Qwen 32B | 32.8 B | 64 | 40 | 8 | "
                                        "5,120 | 27,648 | 152,064 | 131,072 | 19.9 GB | "
                                        "34.8 GB | 65.5 GB |\n");
    return {QStringLiteral("A table with more columns than fit, then a narrow one."),
            wide + QLatin1Char('\n') + rule + QLatin1Char('\n') + rows +
                QStringLiteral(
                    "\nAnd a small one:\n\n| a | b |\n| :-: | --- |\n| 1 | `x` |\n| 2 | **bold** |\n")};
}

FakeTurn sky() {
    return {QStringLiteral("问题是天空为什么是蓝色的。瑞利散射：散射强度与波长的四次方成反比。"),
            QStringLiteral("因为空气分子对**短波长**"
                           "的光散射得更强（瑞利散射）。蓝光的波长约为红光的三分之二，所以它被散射的强度约为"
                           "红光的五倍，整个天空因此呈现蓝色。")};
}

FakeTurn arabic() {
    return {QStringLiteral("عدد مضاعفات 6 حتى 2025 هو ناتج القسمة الصحيحة 2025 / 6.\n\nإذن 337."),
            QStringLiteral("هناك **337** عددًا، لأن 2025 / 6 = 337,5 وتؤخذ القيمة الصحيحة.\n\n"
                           "- أولها 6 وآخرها 2022.\n- الفرق بين كل اثنين متتاليين هو `6`.\n\n"
                           "| الحد | القيمة |\n| --- | ---: |\n| الأول | 6 |\n| الأخير | 2022 |\n")};
}

FakeTurn emoji() {
    return {
        QStringLiteral("🤔 Flags are two letters each, skin tones a second character, families several."),
        QStringLiteral(
            "It is blue because of scattering 🌌. 因为**短波长**的光散射得更强，整个天空呈现蓝色 "
            "🟦.\n\n"
            "A word that does not end: "
            "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenherstellerverbandsvorsitzender, and "
            "one in code: "
            "`a_name_that_goes_on_without_any_place_at_which_a_line_could_ever_break_in_two`.\n\n"
            "- 👩‍🔬 one person, three characters\n- 🇩🇪 one flag, two\n- ✋🏽 one hand, two")};
}

QString longThought(qsizetype characters) {
    QString text;
    text.reserve(characters + 400);
    for (int step = 1; text.size() < characters; ++step) {
        const int n = 2 + step * 7 % 97;
        switch (step % 5) {
        case 0:
            text +=
                QStringLiteral(
                    "Wait, that is not quite right. For n = %1 the product n(n + 1) is %2, and the remainder "
                    "modulo 6 is %3, so the case has to be counted apart.")
                    .arg(n)
                    .arg(n * (n + 1))
                    .arg(n * (n + 1) % 6);
            break;
        case 1:
            text +=
                QStringLiteral("Step %1. Take n ≡ %2 (mod 3). Then n + 1 ≡ %3, and the product leaves %4.")
                    .arg(step)
                    .arg(n % 3)
                    .arg((n + 1) % 3)
                    .arg(n * (n + 1) % 3);
            break;
        case 2:
            text +=
                QStringLiteral("Let me check with a small range: up to %1 there are %2 numbers that work.")
                    .arg(3 * n)
                    .arg(2 * n);
            break;
        case 3:
            text += QStringLiteral("Alternatively, count those that fail. Of every three consecutive numbers "
                                   "one fails, which "
                                   "leaves %1 of %2.")
                        .arg(2 * n)
                        .arg(3 * n);
            break;
        default:
            text += QStringLiteral("So up to %1 the bound holds, and the next one to look at is %2.")
                        .arg(n)
                        .arg(n + 1);
        }
        text += QStringLiteral("\n\n");
    }
    text.truncate(characters);
    return text;
}

FakeTurn longTurn(qsizetype thoughtCharacters) { return {longThought(thoughtCharacters), residues().answer}; }

} // namespace ponder::app::texts
