#!/usr/bin/env python3
"""How long the engine takes to end what it is told to stop: over a load, a prompt, an answer.

stop_latency.py ENGINE MODEL [RUNS [LOAD_MODEL]]: starts ponder-engine, stops it at RUNS random moments (50) of each, and prints
the median and the worst in ms from the stop to the last word about what was stopped. LOAD_MODEL: a larger one for the loads.
The window does not wait for it: it ends the answer itself after 80 ms (app/chat/answer_run.h), which the unit tests show.
"""
import os, random, statistics, sys, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from engine_process import EngineProcess

LIMIT_MS = 100
LONG = "How many words does this line have, and how many of them are verbs? " * 24


class Stopped:
    """Times from a stop to the end of its target, for one kind of target."""

    def __init__(self, name):
        self.name, self.times, self.early = name, [], 0

    def stop(self, engine, target, after):
        """Stops it that many seconds from now, unless it ends by itself before."""
        time.sleep(after)
        sent = time.monotonic()
        engine.send("stop", f"stop-{target}", target=target)
        last = engine.next(lambda e: e.get("id") == target and e["type"] in ("done", "error", "loaded"))
        took = 1000 * (time.monotonic() - sent)
        cancelled = last.get("reason") == "cancelled" or last.get("code") == "cancelled"
        if cancelled:
            self.times.append(took)
        else:
            self.early += 1
        return cancelled

    def report(self):
        if not self.times:
            return f"{self.name:8} never in time to stop it ({self.early} ended by themselves)"
        worst = max(self.times)
        return (f"{self.name:8} median {statistics.median(self.times):6.1f} ms   worst {worst:6.1f} ms   of {len(self.times)}"
                f" (and {self.early} that had ended){'' if worst <= LIMIT_MS else f'   over {LIMIT_MS} ms'}")


def main():
    if not 3 <= len(sys.argv) <= 5:
        print("usage: stop_latency.py ENGINE MODEL [RUNS [LOAD_MODEL]]", file=sys.stderr)
        return 2
    program, model = sys.argv[1:3]
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 50
    loaded_model = sys.argv[4] if len(sys.argv) > 4 else model
    moments = random.Random(1)
    engine = EngineProcess(program)

    start = time.monotonic()
    engine.load(loaded_model)
    load_seconds = time.monotonic() - start
    load = Stopped("load")
    for run in range(runs):
        engine.send("load", f"l{run}", path=loaded_model, options={"context": 2048})
        load.stop(engine, f"l{run}", moments.uniform(0, load_seconds))
    engine.load(model)

    prompt, answer = Stopped("prefill"), Stopped("decode")
    start = time.monotonic()
    engine.generate("measure", text=LONG, tokens=1)
    engine.final("measure", "done")
    prompt_seconds = time.monotonic() - start
    for run in range(runs):
        # Another text each time, or the prompt would lie in the cache.
        engine.generate(f"p{run}", text=f"{run} " + LONG, tokens=100000)
        prompt.stop(engine, f"p{run}", moments.uniform(0, prompt_seconds))
    for run in range(runs):
        engine.generate(f"d{run}", text="Go on.", tokens=100000, sampling={"temperature": 1.2, "seed": str(run)})
        engine.next(lambda e: e.get("id") == f"d{run}" and e["type"] in ("token", "done"))
        if engine.events[-1]["type"] == "token":
            answer.stop(engine, f"d{run}", moments.uniform(0, 0.2))
        else:
            answer.early += 1
    for stopped in (load, prompt, answer):
        print(stopped.report())
    engine.close()
    return 0 if all(max(stopped.times, default=0) <= LIMIT_MS for stopped in (load, prompt, answer)) else 1


if __name__ == "__main__":
    sys.exit(main())
