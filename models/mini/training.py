"""The training run: workers that write data, Muon and AdamW, a schedule by the clock, checkpoints, export, evaluation."""
import argparse
import multiprocessing
import os
import queue
import threading
import time
import traceback
from dataclasses import fields
from pathlib import Path

import numpy as np
import torch

from mini import gguf_export
from mini.corpus import blocks
from mini.network import Network, block_mask, training_loss
from mini.shape import Shape
from mini.vocabulary import Vocabulary


def work(results, seed, length, rows):
    os.nice(5)
    for block in blocks(seed, length, rows):
        results.put(block)


class Feed:
    """Batches on the device, put together by a thread from what the workers write."""

    def __init__(self, seed, workers, length, rows, device):
        part = max(1, min(16, rows))
        context = multiprocessing.get_context("fork")  # before the device is touched
        self._blocks = context.Queue(4 * workers)
        self._ready = queue.Queue(6)
        self._device, self._parts = device, rows // part
        self._processes = [context.Process(target=work, args=(self._blocks, seed * 1000 + i, length, part), daemon=True) for i in range(workers)]
        for process in self._processes:
            process.start()
        self.waited = 0.0
        threading.Thread(target=self._join, daemon=True).start()

    def _join(self):
        while True:
            got = [self._blocks.get() for _ in range(self._parts)]
            ids, weights = (torch.from_numpy(np.concatenate(x)) for x in zip(*got))
            ids = ids.to(torch.int32)
            if self._device != "cpu":
                ids, weights = ids.pin_memory().to(self._device, non_blocking=True), weights.pin_memory().to(self._device, non_blocking=True)
            self._ready.put((ids.long(), weights))

    def next(self):
        start = time.time()
        batch = self._ready.get()
        self.waited += time.time() - start
        return batch

    def close(self):
        for process in self._processes:
            process.terminate()


def orthogonal(g):
    """Newton-Schulz: each matrix of a stack to the nearest with all singular values near 1."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = g.to(torch.bfloat16)
    tall = x.shape[-2] > x.shape[-1]
    if tall:
        x = x.mT
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(5):
        y = x @ x.mT
        x = a * x + (b * y + c * y @ y) @ x
    return x.mT if tall else x


class Muon:
    """Momentum whose steps are orthogonalized (K. Jordan, 2024), for stacks of matrices."""

    def __init__(self, parameters, decay):
        self.parameters, self.decay = parameters, decay
        self.momentum = [torch.zeros_like(p) for p in parameters]

    @torch.no_grad()
    def step(self, rate, beta=0.95):
        for p, m in zip(self.parameters, self.momentum):
            m.lerp_(p.grad, 1 - beta)
            update = orthogonal(p.grad.lerp(m, beta))
            p.mul_(1 - rate * self.decay)
            p.add_(update.to(p.dtype), alpha=-rate * max(1, p.shape[-2] / p.shape[-1]) ** 0.5)
            p.grad = None


def rate_at(progress, step, warm=100, flat=0.35):
    fall = 1.0 if progress < flat else max(0.0, (1 - progress) / (1 - flat))
    return fall * min(1.0, (step + 1) / warm)


def save(path, network, muon, adam, step, spent, shape):
    part = path.with_suffix(".part")
    torch.save({"network": network.state_dict(), "momentum": muon.momentum, "adam": adam.state_dict(), "step": step, "spent": spent,
                "shape": shape.as_dict()}, part)
    part.replace(path)


def export(network, shape, vocabulary, folder):
    state = {k: v.float().cpu().numpy() for k, v in network.state_dict().items()}
    np.savez(folder / "weights.npz", **{k: v.astype(np.float16) for k, v in state.items()})
    gguf_export.write(folder / "ponder-mini.gguf", state, shape, vocabulary)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=13)
    parser.add_argument("--out", type=Path, default=Path("build/mini"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=max(1, (os.cpu_count() or 2) - 1))
    parser.add_argument("--rows", type=int, default=128)
    parser.add_argument("--length", type=int, default=1024)
    parser.add_argument("--rate", type=float, default=0.02, help="Muon's; AdamW's is a tenth of it")
    parser.add_argument("--decay", type=float, default=0.1)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--evaluate", type=int, default=2000, help="problems of the evaluation at the end")
    for f in fields(Shape):
        parser.add_argument("--" + f.name.replace("_", "-"), type=f.type, default=None)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    began = time.time()

    vocabulary = Vocabulary()
    given = {f.name: getattr(args, f.name) for f in fields(Shape) if getattr(args, f.name) is not None}
    shape = Shape(**{"vocabulary": len(vocabulary), **given})
    checkpoint = args.out / "checkpoint.pt"
    found = torch.load(checkpoint, map_location="cpu", weights_only=False) if checkpoint.exists() else None
    feed = Feed(args.seed + (found["step"] + 1 if found else 0), args.workers, args.length, args.rows, args.device)

    torch.manual_seed(args.seed)
    torch.set_float32_matmul_precision("high")
    network = Network(shape).to(args.device)
    muon = Muon(network.matrices(), args.decay)
    adam = torch.optim.AdamW(network.others(), lr=1e-3, betas=(0.9, 0.95), weight_decay=0.0)
    step, spent = 0, 0.0
    if found:
        network.load_state_dict(found["network"])
        muon.momentum = [m.to(args.device) for m in found["momentum"]]
        adam.load_state_dict(found["adam"])
        step, spent = found["step"], found["spent"]
        print(f"going on from step {step}, {spent / 60:.1f} minutes spent")
    print(f"{shape.parameters() / 1e6:.2f} million parameters, vocabulary {shape.vocabulary}", flush=True)

    fast = args.device != "cpu"
    dtype = torch.bfloat16 if fast else torch.float32
    loss_of = torch.compile(training_loss, dynamic=False) if fast else training_loss
    mask_of = torch.compile(block_mask, dynamic=False) if fast else (lambda documents: None)
    muon_step = muon.step
    if fast:
        global orthogonal
        orthogonal = torch.compile(orthogonal)

    # The clock starts with the process: compiling is training time too.
    spent_before, last_saved, last_said, seen = spent, time.time(), time.time(), 0
    losses = []
    while True:
        spent = spent_before + time.time() - began
        progress = spent / (args.minutes * 60)
        if progress >= 1:
            break
        rate = args.rate * rate_at(progress, step)
        ids, weights = feed.next()
        documents = (ids == vocabulary.bos).cumsum(1)
        try:
            loss = loss_of(network, ids, weights, documents, mask_of(documents), dtype)
            loss.backward()
        except Exception as problem:  # a compiler that cannot: slower, but it trains
            if step or mask_of is block_mask:
                raise
            traceback.print_exc()
            print(f"without the compiled mask: {type(problem).__name__}", flush=True)
            mask_of = block_mask
            loss = loss_of(network, ids, weights, documents, mask_of(documents), dtype)
            loss.backward()
        muon_step(rate)
        for group in adam.param_groups:
            group["lr"] = rate * 0.1
        adam.step()
        adam.zero_grad(set_to_none=True)
        losses.append(loss.detach())
        step += 1
        seen += ids.numel()
        if step < 3 or time.time() - last_said > 10:
            mean = torch.stack(losses).mean().item()
            losses = []
            print(f"{spent:6.0f} s  step {step:6d}  loss {mean:.4f}  rate {rate:.5f}  {seen / (time.time() - last_said) / 1e6:.2f} M tokens/s  "
                  f"waited {feed.waited:.1f} s", flush=True)
            last_said, seen, feed.waited = time.time(), 0, 0.0
        if time.time() - last_saved > 60:
            save(checkpoint, network, muon, adam, step, spent, shape)
            last_saved = time.time()
    feed.close()
    save(checkpoint, network, muon, adam, step, spent, shape)
    export(network, shape, vocabulary, args.out)
    print(f"{step} steps, {step * args.rows * args.length / 1e6:.0f} million tokens, {args.out / 'ponder-mini.gguf'}: "
          f"{os.path.getsize(args.out / 'ponder-mini.gguf')} bytes", flush=True)
    if args.evaluate:
        from mini.judge import judge_network
        judge_network(network, vocabulary, args.evaluate, args.out)
