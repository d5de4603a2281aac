#!/usr/bin/env python3
"""An engine that speaks the protocol and misbehaves in the way its first argument names."""
import json
import os
import signal
import sys
import time

mode = sys.argv[1]
out = sys.stdout.buffer


def send(kind, id=None, **fields):
    line = {"v": 1, "type": kind, **fields}
    if id is not None:
        line["id"] = id
    out.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
    out.flush()


def token(id, text, channel="answer", number=1):
    send("token", id, channel=channel, text=text, token=number)


if mode == "mute":
    time.sleep(60)
if mode == "gone":
    sys.exit(7)
if mode == "version":
    out.write(b'{"v":99,"type":"hello","program":"ponder-engine"}\n')
    out.flush()
    time.sleep(60)
if mode == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)

send("hello", program="fake", devices=[{"name": "Test GPU", "device": "vulkan:0", "memory_bytes": 1 << 30, "free_bytes": 1 << 29}])
MODEL = {"path": "/m.gguf", "name": "Test", "architecture": "qwen2", "quantization": "Q4_K", "size_bytes": 1000}
PLAN = {"device": "vulkan:0", "context": 512, "fits": True, "verdict": "fits"}

for line in sys.stdin:
    request = json.loads(line)
    id, kind = request["id"], request["type"]
    if mode == "hang":
        time.sleep(60)
    if kind == "inspect":
        send("inspected", id, model=MODEL, plan=PLAN)
    elif kind == "load":
        send("load_progress", id, stage="preparing", done_bytes=500, total_bytes=1000)
        if mode == "hang-loading":
            time.sleep(60)
        if mode == "dies-loading":
            os.kill(os.getpid(), signal.SIGKILL)
        send("loaded", id, model=MODEL, plan=PLAN, seconds=0.1)
    elif kind == "generate":
        send("started", id, prompt_tokens=5, cached_tokens=0, context=512, opens="thought")
        token(id, "Hm", "thought", 10)
        token(id, "", "thought", 11)
        if mode == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        if mode == "fatal":
            send("fatal", code="device_lost", message="the graphics device was lost at token 2")
            sys.exit(1)
        if mode == "garbage":
            out.write(b"WARNING: a driver wrote here\n\n{\"v\":1\n{\"v\":1,\"type\":\"no such type\"}\n[[[[\n")
            send("token", "w999", channel="answer", text="of nobody", token=3)
            out.write(b'{"v":1,"type":"token","id":"' + id.encode() + b'","channel":"answer","text":"half \xe4\xb8","token":4}\n')
            out.flush()
            # A character in two writes: whole again on the other side.
            data = json.dumps({"v": 1, "type": "token", "id": id, "channel": "answer", "text": " ganz 思", "token": 5}, ensure_ascii=False).encode()
            out.write(data[:data.index(b"\xe6") + 1])
            out.flush()
            time.sleep(0.05)
            out.write(data[data.index(b"\xe6") + 1:] + b"\n")
            out.flush()
        token(id, "So.", "answer", 12)
        send("done", id, reason="stop", stats={"prompt_tokens": 5, "thought_tokens": 2, "answer_tokens": 1, "context_used": 8})
    elif kind == "stop":
        send("stopped", id)
    elif kind == "count":
        if mode == "dies-counting":
            os.kill(os.getpid(), signal.SIGKILL)
        send("counted", id, tokens=len(request.get("text", "")))
    else:
        send("error", id, code="protocol", message="unknown")
if mode == "deaf":
    time.sleep(60)
