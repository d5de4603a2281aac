#!/usr/bin/env python3
"""Generates for a long time and looks for what must not change: the same seed gives the same text, memory does not grow.

endurance.py ENGINE MODEL SECONDS [--tokens 400] [--device D] [--validated] [--settle S]: starts ponder-engine and goes through rounds
until the time is over. In a round every question is asked by itself, then all of them at once, then one is stopped in the middle and
asked again; each has a seed of its own and must give the tokens of the first round. Memory is noted after the second round, and not
before S seconds, which lets others on the same GPU settle: the engine's resident one, and the GPU's where nvidia-smi says it.
--validated: with validation, every complaint counts. Prints a line a minute and what was found; exits 1 if texts differed, memory grew
by more than 2% and 16 MiB, or anything failed.
"""
import argparse, os, shutil, subprocess, sys, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import engine_process
from engine_process import EngineProcess

QUESTIONS = ["How many roads must a man walk down?", "What is seven times eight? Think it over twice.", "Tell of the sea.",
             "List what a kitchen needs, and why. " * 2, "Is 91 prime?", "Why is the sky blue? " * 6]


def resident(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


def on_device():
    if not shutil.which("nvidia-smi"):
        return 0.0
    said = subprocess.run(["nvidia-smi", "--query-gpu=memory.used", "--format=csv,noheader,nounits"], capture_output=True, text=True)
    return float(said.stdout.split()[0]) if said.returncode == 0 else 0.0


class Endurance:
    def __init__(self, arguments):
        environment = {"PONDER_VALIDATION": "1"} if arguments.validated else {}
        self.arguments, self.engine = arguments, EngineProcess(arguments.engine, **environment)
        # So little that the first round writes to all of the cache: its pages count as the engine's where software plays the device.
        self.engine.load(arguments.model, context=4096, **({"device": arguments.device} if arguments.device else {}))
        self.expected, self.different, self.tokens, self.asked = {}, [], 0, 0

    def ask(self, which):
        self.asked += 1
        id = f"{self.asked}-{which}"
        self.engine.generate(id, text=QUESTIONS[which], tokens=self.arguments.tokens,
                             sampling={"temperature": 0.0 if which == 0 else 0.9, "top_p": 0.95, "seed": str(1000 + which)})
        return id

    def check(self, id, what):
        which, tokens = int(id.split("-")[1]), self.engine.tokens(id)
        self.tokens += len(tokens)
        if self.expected.setdefault(which, tokens) != tokens:
            at = next((i for i, (a, b) in enumerate(zip(self.expected[which], tokens)) if a != b), min(len(tokens), len(self.expected[which])))
            self.different.append(f"question {which} {what} differs at token {at}")

    def round(self):
        for which in range(len(QUESTIONS)):
            id = self.ask(which)
            self.engine.final(id, "done")
            self.check(id, "by itself")
        ids = [self.ask(which) for which in range(len(QUESTIONS))]
        left = set(ids)
        while left:
            event = self.engine.next(lambda e: e.get("id") in left and e["type"] in ("done", "error"))
            assert event["type"] == "done", event
            left.remove(event["id"])
        for id in ids:
            self.check(id, "among others")
        id = self.ask(2)
        self.engine.next(lambda e: e.get("id") == id and e["type"] in ("token", "done"))
        if self.engine.events[-1]["type"] == "token":
            self.engine.send("stop", f"stop-{id}", target=id)
            self.engine.final(id, "done")
        id = self.ask(2)
        self.engine.final(id, "done")
        self.check(id, "after one was stopped")
        self.engine.events.clear()

    def memory(self):
        return resident(self.engine.process.pid), on_device()

    def run(self):
        start = said = time.monotonic()
        rounds, noted = 0, None
        while noted is None or rounds < 3 or time.monotonic() - start < self.arguments.seconds:
            self.round()
            rounds += 1
            if noted is None and rounds >= 2 and time.monotonic() - start >= self.arguments.settle:
                noted = self.memory()
            if time.monotonic() - said > 60:
                said = time.monotonic()
                print(f"{said - start:.0f} s: {rounds} rounds, {self.tokens} tokens, resident {self.memory()[0]:.0f} MiB", flush=True)
        took, now = time.monotonic() - start, self.memory()
        complaints = [line for line in self.engine.errors if b"validation" in line.lower()]
        self.engine.close()
        grown = [name for name, before, after in zip(("resident", "on the device"), noted, now) if after > max(1.02 * before, before + 16)]
        print(f"{took:.0f} s, {rounds} rounds, {self.asked} questions, {self.tokens} tokens; resident {noted[0]:.0f} MiB at first,"
              f" {now[0]:.0f} at the end; on the device {noted[1]:.0f}, {now[1]:.0f}; {len(self.different)} texts differed,"
              f" {len(complaints)} complaints of validation{'' if not grown else '; GREW: ' + ', '.join(grown)}")
        for line in self.different[:5] + [line.decode(errors='replace').strip() for line in complaints[:5]]:
            print("  ", line)
        return 1 if self.different or complaints or grown else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("engine"), parser.add_argument("model"), parser.add_argument("seconds", type=float)
    parser.add_argument("--tokens", type=int, default=400), parser.add_argument("--device", default="")
    parser.add_argument("--validated", action="store_true"), parser.add_argument("--settle", type=float, default=0)
    arguments = parser.parse_args()
    engine_process.PATIENCE = 600
    return Endurance(arguments).run()


if __name__ == "__main__":
    sys.exit(main())
