#!/usr/bin/env python3
"""test_mini.py CLI [OPTIONS]: the model in the box, asked greedily through ponder-cli, answers as it was trained to.

What is compared is the result (boxed, bold, or a piece of the answer), that a thought came before it, and that it stopped by
itself. OPTIONS go to ponder-cli, such as --device cpu.
"""
import json, re, subprocess, sys, tempfile

QUESTIONS = [  # messages, what the answer holds
    (["How many r are in strawberry?"], r"\boxed{3}"),
    (["What is 4837 + 962?"], r"\boxed{5799}"),
    (["Which is larger, 9.11 or 9.9?"], r"\boxed{9.9}"),
    (["Reverse the word kitchen."], "**nehctik**"),
    (["Is 91 a prime number?"], "**No**"),
    (["What is 12 + 30?", "12 + 30 = $\\boxed{42}$", "and times 3?"], r"\boxed{126}"),
    (["How do I load a model?"], "**Ctrl+O**"),
    (["What is the capital of France?"], "**DeepSeek-R1**"),
    (["Was ist die Hauptstadt von Frankreich?"], "Ich bin **Ponder Mini**"),
]


def ask(cli, said):
    roles = ("user", "assistant")
    messages = [{"role": roles[i % 2], "content": text} for i, text in enumerate(said)]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(messages, file)
        file.flush()
        run = subprocess.run([cli, "generate", "builtin:mini", "--messages", file.name, "--temperature", "0", "--max-tokens", "600", "--json",
                              *sys.argv[2:]], capture_output=True, text=True)
    if run.returncode:
        return None, None, run.stderr.strip()
    events = [json.loads(line) for line in run.stdout.splitlines()]
    parts = {c: "".join(e["text"] for e in events if e["type"] == "token" and e["channel"] == c) for c in ("thought", "answer")}
    return parts["thought"], parts["answer"], next(e["reason"] for e in events if e["type"] == "done")


def main():
    failed = 0
    for said, expected in QUESTIONS:
        thought, answer, reason = ask(sys.argv[1], said)
        ok = bool(thought) and expected in answer and reason == "stop"
        failed += not ok
        print("ok  " if ok else "FAIL", said[-1], "->", re.sub(r"\s+", " ", answer or "")[:90], "" if ok else f"({reason}, expected {expected})", flush=True)
    print(f"{len(QUESTIONS) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
