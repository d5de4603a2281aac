#!/usr/bin/env python3
"""kill -9 of the window, and of the engine, at random moments of an answer. After each the database is opened: it is sound,
every earlier message is what it was, and of the answer at most the tokens of the last second are missing: those that left the
engine more than a second before the kill are there. What is measured is said at the end.

PONDER_KILLS: how many (20). PONDER_KILL_SEED: the moments. With --model the real engine answers, else slow_engine.py."""
import argparse
import contextlib
import os
import pathlib
import random
import signal
import sqlite3
import statistics
import sys
import tempfile
import time

from window import HERE, Failure, Window, stored_text, wait

ALLOWED_S = 1.0
QUESTION = "Why is the sum of two odd numbers even, and what about three of them?"


def loss(window, answer, killed):
    """How many seconds before the kill the first token left the engine that is not stored; 0: nothing is missing."""
    have = stored_text(answer)
    so_far = ""
    for when, text in window.generated():
        so_far += text
        if len(so_far) > len(have):
            if not so_far.startswith(have):
                raise Failure("what is stored is not what was generated")
            return max(0.0, killed - when), len(have) # later: on its way when nobody was there any more
    if so_far != have:
        raise Failure(f"{len(have)} characters are stored and {len(so_far)} were generated")
    return 0.0, len(have)


def same_as_before(window, before, but=()):
    now = window.messages()
    for id, message in before.items():
        if id not in but and now.get(id) != message:
            raise Failure(f"message {id} was {message} and is {now.get(id)}")
    return now


def one(window, arguments, dice, longest):
    """One start, one kill. Returns (who was killed, seconds lost, characters there)."""
    before = window.messages() if (window.data / "ponder.db").exists() else {}
    victim = dice.choice(["window", "window", "engine"])
    window.start(*arguments)
    # The moment lies within what follows the first token, or, now and then, within the reading of the prompt.
    # An answer without a token has begun when it has ended.
    signs = ["started"] if dice.random() < 0.15 else ["text", "done"]
    wait("the answer to begin", lambda: any(sign in event for event in window.events() for sign in signs)
         or window.process.poll() is not None, 180)
    if window.process.poll() is not None:
        raise Failure(f"the window ended with status {window.process.returncode} by itself")
    time.sleep(dice.uniform(0, longest))
    if victim == "window":
        killed = window.kill()
        window.gone()
    else:
        engine = window.engine()
        try:
            os.kill(engine, signal.SIGKILL)
        except ProcessLookupError:
            pass
        killed = time.monotonic()
        wait("the answer to be ended", lambda: all(m[2] != "streaming" for m in window.messages().values()))
        if dice.random() < 0.5:
            window.kill()
        elif status := window.close():
            raise Failure(f"the window ended with status {status}")
    window.check_sound()
    # An answer that a dead program left is called interrupted by the next start.
    streaming = [id for id, message in before.items() if message[2] == "streaming"]
    now = same_as_before(window, before, streaming)
    for id in streaming:
        if now[id][3] != before[id][3] or now[id][2] != "interrupted":
            raise Failure(f"answer {id} was {before[id]} and is {now[id]}")
    answers = [message for id, message in now.items() if id not in before and message[1] == "assistant"]
    questions = [message for id, message in now.items() if id not in before and message[1] == "user"]
    if len(questions) != 1 or questions[0][3][0][1] != QUESTION:
        raise Failure(f"the question is not there: {questions}")
    if len(answers) != 1:
        raise Failure(f"there are {len(answers)} answers to one question")
    seconds, characters = loss(window, answers[0], killed)
    if seconds > ALLOWED_S:
        raise Failure(f"the last {seconds:.3f} s before the kill of the {victim} are lost")
    return victim, seconds, characters


def run(args, folder):
    kills = int(os.environ.get("PONDER_KILLS", args.kills))
    dice = random.Random(int(os.environ.get("PONDER_KILL_SEED", "1")))
    model, engine = pathlib.Path(folder) / "slow.gguf", [sys.executable, HERE / "slow_engine.py"]
    if args.model:
        model, engine = args.model, [args.engine]
    else:
        model.write_bytes(b"GGUF")
    window = Window(args.ponder, folder, engine)
    results = []
    try:
        for number in range(kills):
            # A conversation of its own each time: a context would be full after some.
            if (window.data / "ponder.db").exists():
                with contextlib.closing(sqlite3.connect(window.data / "ponder.db")) as database, database:
                    database.execute("DELETE FROM setting WHERE name = 'chat.last'")
            try:
                results.append(one(window, [str(model), "--ask", QUESTION], dice, args.longest))
            except Failure as failure:
                return window.failed(failure, f" at kill {number + 1} of {kills}")
            if args.verbose:
                print(number + 1, *results[-1], flush=True)
    finally:
        window.end()
    for victim in ("window", "engine"):
        lost = [seconds for who, seconds, _ in results if who == victim]
        if lost:
            print(f"{victim}: {len(lost)} kills, lost before the kill: median {statistics.median(lost):.3f} s, most {max(lost):.3f} s")
    print(f"text there: {min(r[2] for r in results)} to {max(r[2] for r in results)} characters; database sound {len(results)} times of {kills}")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ponder", required=True)
    parser.add_argument("--engine", help="ponder-engine, to go with --model")
    parser.add_argument("--model", help="a model that answers for some seconds")
    parser.add_argument("--kills", default="20")
    parser.add_argument("--longest", type=float, default=5, help="seconds of an answer within which the kill falls")
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return run(args, folder)


if __name__ == "__main__":
    sys.exit(main())
