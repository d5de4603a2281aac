#!/usr/bin/env python3
"""Greedy text of Ponder beside llama.cpp's on the same file: the same up to the first near-tie.

peer_greedy.py PONDER_CLI LLAMA_SERVER MODEL.gguf [--tokens 40] [--tie 0.01] [--prompts FILE.json] [--device D] [--precise]
               [--peer-model FILE]

LLAMA_SERVER is a command with its options (words split as a shell does), started on a loopback port; its two best
probabilities at each position say where a difference is only a tie: top two within --tie in log-probability. On
quantised files its CPU rounds activations to 8 bits, which moves log-probabilities by some 0.1, so give it the same weights
as float32 (llama-quantize --allow-requantize MODEL.gguf FILE F32) with --peer-model. Prompts are raw text, tokenised by each
program itself, so a tokenizer's fault shows too. Exits 1 if a text differs before a tie. Standard library only.
"""
import argparse
import json
import shlex
import socket
import subprocess
import sys
import time
import urllib.request

PROMPTS = [
    "The capital of France is",
    "Water boils at 100 degrees Celsius because",
    "Once upon a time, a small robot learned to",
]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def ask(url, body):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=600) as answer:
        return json.load(answer)


class Peer:
    def __init__(self, command, model):
        self.url = f"http://127.0.0.1:{free_port()}"
        port = self.url.rsplit(":", 1)[1]
        args = [*shlex.split(command), "-m", model, "--host", "127.0.0.1", "--port", port, "-c", "2048",
                "--no-warmup"]
        self.process = subprocess.Popen(args, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(600):
            try:
                with urllib.request.urlopen(self.url + "/health", timeout=5):
                    return
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit("the peer's server ended by itself")
                time.sleep(0.2)
        raise SystemExit("the peer's server did not start")

    def greedy(self, prompt, n):
        """Ids of the prompt, and per generated token (id, gap of the two best in log-probability, text)."""
        ids = ask(self.url + "/tokenize", {"content": prompt, "add_special": False})["tokens"]
        answer = ask(self.url + "/completion", {"prompt": ids, "n_predict": n, "temperature": 0, "n_probs": 2,
                                                "cache_prompt": False, "repeat_penalty": 1.0})
        out = []
        for p in answer["completion_probabilities"]:
            top = p["top_logprobs"]
            out.append((p["id"], top[0]["logprob"] - top[1]["logprob"], p["token"]))
        return ids, out

    def close(self):
        self.process.terminate()
        self.process.wait()


def ponder(cli, model, prompt, ids, n, options):
    got = subprocess.run([cli, "tokenize", model, "--json"], input=json.dumps([prompt]), capture_output=True, text=True, check=True)
    if json.loads(got.stdout)[0] != ids:
        raise SystemExit(f"tokenised differently: {json.loads(got.stdout)[0]} here, {ids} by the peer")
    args = [cli, "generate", model, "--tokens", ",".join(map(str, ids)), "--raw", "--temperature", "0", "--max-tokens", str(n), "--json"]
    run = subprocess.run(args + options, capture_output=True, text=True)
    if run.returncode:
        raise SystemExit(run.stderr.strip())
    events = [json.loads(line) for line in run.stdout.splitlines()]
    tokens = [e for e in events if e["type"] == "token"]
    return [e["id"] for e in tokens], "".join(e["text"] for e in tokens), events[-1]["reason"] == "stop"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cli"), parser.add_argument("server"), parser.add_argument("model")
    parser.add_argument("--tokens", type=int, default=40)
    parser.add_argument("--tie", type=float, default=0.01)
    parser.add_argument("--prompts"), parser.add_argument("--device")
    parser.add_argument("--precise", action="store_true"), parser.add_argument("--peer-model")
    a = parser.parse_args()
    options = (["--device", a.device] if a.device else []) + (["--precise"] if a.precise else [])
    prompts = json.load(open(a.prompts, encoding="utf-8")) if a.prompts else PROMPTS
    peer, short = Peer(a.server, a.peer_model or a.model), 0
    try:
        for prompt in prompts:
            ids, want = peer.greedy(prompt, a.tokens)
            got, text, ended = ponder(a.cli, a.model, prompt, ids, a.tokens, options)
            if ended and want[-1][2] == "":
                want.pop()  # the peer reports the token that ends the text, too
            same = next((i for i, (g, w) in enumerate(zip(got, want)) if g != w[0]), min(len(got), len(want)))
            if same == len(want):
                verdict = f"ok    all {same} tokens"
            elif want[same][1] <= a.tie:
                verdict = f"ok    {same} tokens, then a tie of {want[same][1]:.4f}"
            else:
                verdict, short = f"SHORT differs at token {same}, where the best leads by {want[same][1]:.4f}", short + 1
            print(f"{verdict}: {prompt!r} -> {text!r}", flush=True)
    finally:
        peer.close()
    sys.exit(1 if short else 0)


main()
