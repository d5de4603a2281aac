#!/usr/bin/env python3
"""An engine that speaks the protocol and takes its time: a thought, then an answer, at a steady rate, from nothing but a
seed. For tests of what the window keeps, where the model does not matter. PONDER_SLOW_ENGINE="RATE TOKENS": tokens a second
and in all (60 900 if it is not set)."""
import json
import os
import random
import select
import sys
import time

rate, tokens = (float(word) for word in os.environ.get("PONDER_SLOW_ENGINE", "60 900").split())
WORDS = "so the sum of two odd numbers is even 为什么 because each leaves one over – 😀 and then".split()
MODEL = {"path": "", "name": "Slow", "architecture": "qwen2", "quantization": "Q4_K", "size_bytes": 1000, "runnable": True}
PLAN = {"device": "none", "context": 32768, "fits": True, "verdict": "fits"}


def send(kind, id=None, **fields):
    line = {"v": 1, "type": kind, **fields}
    if id is not None:
        line["id"] = id
    sys.stdout.buffer.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
    sys.stdout.buffer.flush()


class Answer:
    def __init__(self, id, given):
        self.id, self.sent, self.begun = id, given, time.monotonic()
        self.first = given
        self.random = random.Random(id)
        send("started", id, prompt_tokens=12, cached_tokens=0, context=32768, opens="thought")

    def step(self):
        due = self.first + int((time.monotonic() - self.begun) * rate)
        while self.sent < min(due, tokens):
            thinks = self.sent < tokens * 2 / 3
            word = self.random.choice(WORDS) + self.random.choice([" ", " ", " ", ".\n\n", "\n"])
            send("token", self.id, channel="thought" if thinks else "answer", text=word, token=1000 + self.sent)
            self.sent += 1
        return self.sent < tokens

    def end(self, reason):
        send("done", self.id, reason=reason, stats={"prompt_tokens": 12, "thought_tokens": self.sent, "answer_tokens": 0,
                                                    "context_used": 12 + self.sent, "context": 32768})


def main():
    send("hello", program="slow", devices=[{"name": "none", "device": "cpu", "memory_bytes": 1 << 30, "free_bytes": 1 << 30}])
    answer, beat, buffered = None, 0.0, b""
    while True:
        if time.monotonic() > beat:
            send("heartbeat", state="generating" if answer else "idle", uptime_ms=0)
            beat = time.monotonic() + 1
        ready, _, _ = select.select([0], [], [], 0.01 if answer else 0.5)
        if ready:
            data = os.read(0, 1 << 16)
            if not data:
                return
            buffered += data
        while b"\n" in buffered:
            line, buffered = buffered.split(b"\n", 1)
            request = json.loads(line)
            id, kind = request["id"], request["type"]
            if kind == "inspect":
                send("inspected", id, model=MODEL, plan=PLAN)
            elif kind == "load":
                send("loaded", id, model={**MODEL, "path": request.get("path", "")}, plan=PLAN, seconds=0.1)
            elif kind == "generate":
                if request.get("think", True) is False: # a title
                    send("started", id, prompt_tokens=12, cached_tokens=0, context=32768, opens="answer")
                    send("token", id, channel="answer", text="A title", token=7)
                    send("done", id, reason="stop", stats={})
                else:
                    answer = Answer(id, len(request.get("continue_ids", [])))
            elif kind == "stop":
                if answer and request.get("target") == answer.id:
                    answer.end("cancelled")
                    answer = None
                send("stopped", id)
            elif kind == "count":
                send("counted", id, tokens=len(request.get("text", "")) // 4)
            elif kind == "unload":
                send("unloaded", id)
            elif kind == "shutdown":
                send("bye", id)
                return
            else:
                send("error", id, code="protocol", message="unknown")
        if answer and not answer.step():
            answer.end("stop")
            answer = None


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        os._exit(0) # the window is gone
