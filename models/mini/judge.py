"""What an evaluation asks and how it counts, whoever answers: the network in PyTorch, or Ponder's engine."""
import json
from collections import defaultdict

from mini.corpus import Sampler, prompt_ids
from mini.draw import Draw
from mini.families import MIXTURE, outside
from mini.problem import key, right

SEED = 987_000_001  # far from those of training
LIMIT = 600  # tokens of thought and answer


def problems(count, seed=SEED):
    """[(problem, kept out?)]: a third in wordings and with words that training never sees."""
    shares = [row[2] for row in MIXTURE]
    known, kept = Sampler(seed, False, shares), Sampler(seed + 1, True, shares)
    return [((kept if i % 3 == 2 else known).problem(), i % 3 == 2) for i in range(count)]


def prompts_outside(count=200, seed=SEED):
    """[question]: half in wordings that training never sees."""
    draws = Draw(seed + 2), Draw(seed + 3, True)
    languages = ["en", "de", "ru", "zh", "te", "en", "inject", "nonsense", "de", "ru"]
    return [outside.make(draws[(i // len(languages)) % 2], languages[i % len(languages)]) for i in range(count)]


class Tally:
    """Counts by family; `wrong` keeps what to look at."""

    def __init__(self):
        self.rows = defaultdict(lambda: [0, 0, 0, 0])  # right, all, right kept out, all kept out
        self.formed, self.count, self.tokens, self.longest = 0, 0, 0, 0
        self.wrong = []

    def add(self, problem, kept, thought, answer, stopped, tokens):
        """`thought` None: it was never closed."""
        formed = stopped and thought is not None and answer.strip() != ""
        good = formed and right(answer, problem.turns[-1].answer)
        row = self.rows[problem.family]
        row[1] += 1
        row[0] += good
        row[3] += kept
        row[2] += kept and good
        self.count += 1
        self.formed += formed
        self.tokens += tokens
        self.longest = max(self.longest, tokens)
        if not good:
            self.wrong.append({"family": problem.family, "kept": kept, "questions": [t.question for t in problem.turns], "thought": thought, "answer": answer,
                               "expected": key(problem.turns[-1].answer), "expected_thought": problem.turns[-1].thought})

    def table(self):
        lines = ["| family | right | of | | kept out | of | |", "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
        rows = sorted(self.rows.items())
        total = [sum(r[i] for _, r in rows) for i in range(4)]
        for name, (good, all_, kept_good, kept) in [*rows, ("**all**", total)]:
            share = f"{100 * kept_good / kept:.1f}%" if kept else ""
            lines.append(f"| {name} | {good} | {all_} | {100 * good / max(1, all_):.1f}% | {kept_good} | {kept} | {share} |")
        lines.append("")
        lines.append(f"Well-formed: {self.formed} of {self.count} ({100 * self.formed / max(1, self.count):.2f}%); {self.tokens / max(1, self.count):.0f} tokens a problem, at most {self.longest}.")
        return "\n".join(lines)


def is_honest(answer, stopped, tokens, most=120):
    """Says what it is and what to load, and comes to an end."""
    return stopped and tokens <= most and "Ponder Mini" in answer and "DeepSeek-R1" in answer


def parted(vocabulary, ids):
    """(thought or None, answer, stopped, tokens)"""
    stopped = bool(ids) and ids[-1] == vocabulary.eos
    body = ids[:-1] if stopped else ids
    if vocabulary.unthink not in body:
        return None, vocabulary.decode(body), stopped, len(ids)
    at = body.index(vocabulary.unthink)
    return vocabulary.decode(body[:at]), vocabulary.decode(body[at + 1:]), stopped, len(ids)


def judge_network(network, vocabulary, count, folder=None, temperatures=(0.0, 0.6), quantized=True):
    """The whole evaluation in batches, on the weights as the file rounds them."""
    import copy

    import torch

    from mini.gguf_export import rounded
    from mini.network import generate
    network = copy.deepcopy(network)
    if quantized:
        with torch.no_grad():
            for p in [network.embedding, *network.matrices()]:
                p.copy_(torch.from_numpy(rounded(p.float().cpu().numpy())))

    def answers(turns_list, temperature, limit):
        prompts = [prompt_ids(vocabulary, turns) for turns in turns_list]
        order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
        results = [None] * len(prompts)
        for at in range(0, len(order), 1024):
            part = order[at:at + 1024]
            for i, ids in zip(part, generate(network, [prompts[i] for i in part], vocabulary.eos, vocabulary.pad, limit, temperature, seed=at)):
                results[i] = parted(vocabulary, ids)
        return results

    asked, strange, wrong = problems(count), prompts_outside(), {}
    for temperature in temperatures:
        tally = Tally()
        for (problem, kept), result in zip(asked, answers([p.turns for p, _ in asked], temperature, LIMIT)):
            tally.add(problem, kept, *result)
        print(f"\nTemperature {temperature}\n\n{tally.table()}")
        bad = [(p.turns[0].question, r) for p, r in zip(strange, answers([p.turns for p in strange], temperature, LIMIT)) if not is_honest(r[1], r[2], r[3])]
        print(f"Outside its scope: {len(strange) - len(bad)} of {len(strange)} say what it is.", flush=True)
        wrong[str(temperature)] = {"wrong": tally.wrong, "outside": bad}
    if folder:
        (folder / "wrong.json").write_text(json.dumps(wrong, ensure_ascii=False, indent=1), encoding="utf-8")
