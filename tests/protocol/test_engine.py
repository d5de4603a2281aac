#!/usr/bin/env python3
"""test_engine.py ENGINE MODELS: speaks to the real ponder-engine through pipes, as the window does.

A model's random text goes on as long as it is asked to; what is timed is the promise that a process is gone within 2 s, with
room for a busy machine (the engine itself waits 1.5 s at most before it ends by force).
"""
import os, queue, signal, subprocess, sys, time, traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from engine_process import EngineProcess

ENGINE, MODEL = sys.argv[1], sys.argv[2] + "/qwen2.gguf"
OTHER = sys.argv[2] + "/llama-Q6_K.gguf"


class Engine(EngineProcess):
    def __init__(self, **environment):
        super().__init__(ENGINE, **environment)

    def load(self, path=MODEL, **options):
        return super().load(path, **options)


LONG = "what is the number of words in this line? " * 60  # more than a chunk


def speaks_the_protocol():
    engine = Engine()
    engine.send("devices", "d")
    assert engine.final("d", "devices")["devices"]
    engine.send("count", "c", text="hello")
    engine.error("c", "invalid_argument")
    engine.generate("g")
    engine.error("g", "invalid_argument")
    loaded = engine.load()
    assert loaded["model"]["runnable"] and loaded["plan"]["fits"] and loaded["plan"]["context"] == 2048, loaded
    assert any(e["type"] == "load_progress" for e in engine.events)
    engine.send("count", "c", text="hello", messages=[{"role": "user", "content": "hi"}])
    assert engine.final("c", "counted")["tokens"] > 3
    engine.generate("g")
    started = engine.final("g", "started")
    assert started["opens"] == "thought" and started["cached_tokens"] == 0, started
    done = engine.final("g", "done")
    made = engine.tokens("g")
    stats = done["stats"]
    if done["reason"] == "length":
        assert len(made) == 8, made
    assert stats["thought_tokens"] + stats["answer_tokens"] == len(made) and stats["context"] == 2048, stats
    engine.generate("again")
    engine.final("again", "done")
    assert engine.tokens("again") == made, "the same seed gave other tokens"
    long = "Why is the sky blue? " * 40  # more than one pass of a prompt, so that whole ones are found again
    for id, cached in (("long", False), ("long again", True)):
        engine.generate(id, text=long)
        engine.final(id, "done")
        assert any(e["type"] == "started" and e["id"] == id and (e["cached_tokens"] > 0) == cached for e in engine.events)
    assert engine.tokens("long again") == engine.tokens("long"), "the same seed gave other tokens"
    engine.generate("on", continueIds=[], continue_ids=made)
    assert engine.final("on", "started")["prompt_tokens"] == started["prompt_tokens"] + len(made)
    engine.final("on", "done")
    engine.send("unload", "u")
    engine.final("u", "unloaded")
    engine.generate("g")
    engine.error("g", "invalid_argument")
    engine.next(lambda e: e["type"] == "heartbeat")
    engine.send("shutdown", "bye")
    engine.final("bye", "bye")
    engine.gone()


def cuts_a_thought_short():
    engine = Engine()
    engine.load()
    engine.generate("g", tokens=5)
    started = engine.final("g", "started")
    engine.final("g", "done")
    made = engine.tokens("g")
    engine.generate("now", tokens=4, continue_ids=made, close_thought=True)
    cut = engine.final("now", "started")
    engine.final("now", "done")
    said = [e for e in engine.events if e["type"] == "token" and e["id"] == "now"]
    mark = next(i for i, e in enumerate(said) if e["channel"] == "answer") - 1
    end = mark + 1
    while "".join(e["text"] for e in said[mark + 1 : end]) != "\n\n":  # as many tokens as the vocabulary needs
        end += 1
        assert end <= len(said), said
    closing = [e["token"] for e in said[:end]]
    # The layout's own end of a thought: its mark, without a text, is the last of the thought.
    assert "".join(e["text"] for e in said[:mark]) == "\n" and said[mark]["text"] == "", said
    assert cut["opens"] == "thought" and cut["prompt_tokens"] == started["prompt_tokens"] + len(made) + len(closing), cut
    assert all(e["channel"] == "answer" for e in said[mark + 1 :]), said
    # Going on from those ids is going on from there, and there is nothing left to close.
    engine.generate("on", tokens=4, continue_ids=made + closing, close_thought=True)
    assert engine.final("on", "started")["opens"] == "answer"
    engine.final("on", "done")
    assert engine.tokens("on") == engine.tokens("now")[len(closing) :]
    engine.generate("none", tokens=2, think=False, close_thought=True)
    assert engine.final("none", "started")["opens"] == "answer"
    engine.final("none", "done")
    engine.close()


def answers_garbage():
    engine = Engine()
    for line in (b"garbage", b"{", b"[]", b"{}", b'{"v":1}', b"\xff\xfe\x00", b"[" * 100000, b'"' + b"x" * 1000000):
        engine.raw(line + b"\n")
        engine.error("", "protocol")
    engine.raw(b"\n   \n")
    engine.send("dance", "1")
    engine.error("1", "protocol")
    engine.send("load", "2")
    engine.error("2", "protocol")
    engine.send("generate", "3", messages=[{"role": "judge"}])
    engine.error("3", "protocol")
    engine.raw(b'{"v":2,"type":"devices","id":"4"}\n')
    engine.error("4", "protocol")
    engine.raw(b'{"v":1,"type":"devices"}\n')
    engine.error("", "protocol")
    for path, code in (("/nowhere/x.gguf", "not_found"), ("", "not_found"), ("/", "io"), (ENGINE, "malformed_file")):
        engine.send("load", "5", path=path)
        engine.error("5", code)
        engine.send("inspect", "6", path=path)
        engine.error("6", code)
    engine.send("load", "7", path=MODEL, options={"device": "vulkan:9"})
    engine.error("7", "no_device")
    engine.send("load", "8", path=MODEL, options={"vram_budget": 1000})
    engine.error("8", "model_too_large")
    engine.send("stop", "9", target="nothing")
    engine.final("9", "stopped")
    engine.load()
    engine.generate("long", text="word " * 3000)
    engine.error("long", "context_full")
    engine.generate("ids", continue_ids=[100000])
    engine.error("ids", "invalid_argument")
    engine.generate("g", tokens=2)
    engine.final("g", "done")
    engine.close()


def inspects_without_loading():
    engine = Engine()
    start = time.monotonic()
    engine.send("inspect", "i", path=MODEL)
    event = engine.final("i", "inspected")
    assert event["model"]["architecture"] == "qwen2" and event["plan"]["fits"] and event["plan"]["verdict"], event
    assert time.monotonic() - start < 5
    engine.close()


def cancelled(engine, begin):
    """Whether `begin` starts a generation that is stopped. On a busy machine one may end by itself before: tried again."""
    for i in range(10):
        id = f"{begin.__name__}{i}"
        begin(id)
        engine.send("stop", "s", target=id)
        if engine.final(id, "done")["reason"] == "cancelled":
            return True
    return False


def stops():
    engine = Engine()
    engine.load()

    def decoding(id):
        engine.generate(id, tokens=1500, sampling={"temperature": 1.5, "seed": 3})
        engine.next(lambda e: e["type"] == "token")

    def prefilling(id):
        engine.generate(id, text=id + LONG, tokens=5)
        engine.final(id, "started")

    def waiting(id):
        engine.generate(id + "first", text=id + LONG, tokens=2)
        engine.generate(id, text="Another one", tokens=1500)

    for begin in (decoding, prefilling, waiting):
        assert cancelled(engine, begin), begin.__name__
    # Loading another ends what goes on with the first; a load that is stopped says so.
    engine.generate("e", tokens=1500)
    engine.final("e", "started")
    engine.send("load", "other", path=OTHER, options={"context": 512})
    assert engine.final("e", "done")["reason"] in ("cancelled", "stop")
    assert engine.final("other", "loaded")["model"]["architecture"] == "llama"
    engine.send("load", "l", path=MODEL)
    engine.send("stop", "s", target="l")
    event = engine.next(lambda e: e.get("id") == "l" and e["type"] in ("loaded", "error"))
    assert event["type"] == "loaded" or event["code"] == "cancelled", event
    engine.close()


def several_at_once_equal_their_solo_runs():
    engine = Engine()
    engine.load(precise=True)
    texts = {"a": "First question", "b": "A second, longer question than that", "c": "Third"}
    for id, text in texts.items():
        engine.generate(id, text=text, tokens=12)
        engine.final(id, "done")
    for id, text in texts.items():
        engine.generate(id + id, text=text, tokens=12)
    ends = 0
    while ends < 3:
        engine.next(lambda e: e["type"] == "done")
        ends += 1
    for id in texts:
        assert engine.tokens(id) == engine.tokens(id + id), id
    engine.close()


def ends_with_its_input():
    def in_load(engine):
        engine.send("load", "l", path=MODEL)

    def in_prefill(engine):
        engine.load()
        engine.generate("g", text=LONG)
        engine.next(lambda e: e["type"] == "started")

    def in_decode(engine):
        engine.load()
        engine.generate("g", tokens=1500)
        engine.next(lambda e: e["type"] == "token")

    for when in (lambda engine: None, in_load, in_prefill, in_decode):
        for how in (lambda e: e.close(), lambda e: (e.process.send_signal(signal.SIGTERM), e.gone())):
            engine = Engine()
            when(engine)
            how(engine)
    engine = Engine()  # a window that is gone reads no longer either
    in_decode(engine)
    engine.process.stdout.close()
    engine.close()


def says_that_its_device_is_lost():
    # The first calls open the device; the later ones are of a load or of a generation.
    for n in (3, 60, 250):
        engine = Engine(PONDER_FAIL_VULKAN_CALL=f"{n}:lost")
        engine.send("load", "l", path=MODEL)
        event = engine.next(lambda e: e["type"] in ("loaded", "error"))
        while event["type"] == "loaded" or event["type"] == "done":
            engine.generate("g", tokens=1500)
            event = engine.next(lambda e: e["type"] in ("done", "error"))
        assert event["code"] == "device_lost", event
        assert engine.next(lambda e: e["type"] == "fatal")["code"] == "device_lost"
        engine.gone(1)


failed = 0
for test in (speaks_the_protocol, cuts_a_thought_short, answers_garbage, inspects_without_loading, stops, several_at_once_equal_their_solo_runs,
             ends_with_its_input, says_that_its_device_is_lost):
    try:
        test()
        print("ok  ", test.__name__, flush=True)
    except (AssertionError, queue.Empty, subprocess.TimeoutExpired):
        failed += 1
        print("FAIL", test.__name__, flush=True)
        traceback.print_exc()
sys.exit(1 if failed else 0)
