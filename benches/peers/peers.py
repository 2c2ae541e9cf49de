"""Rhetor beside what people run today: the same sentences, the same checkpoint, one machine.

    models/training/work/venv/bin/python benches/peers/peers.py \
        --rhetor target/release/rhetor --model models/NAME --f32 FOLDER [--rust-bert PROGRAM]

Every contender is a process of its own that scores all sentences; they take turns, and the
median of the rounds counts. Rhetor's time is the whole pipeline, from the text to JSON with
findings; that of the others is tokenising, the forward pass and the sigmoid. The time to load
is the time on one sentence and is taken off. `--f32` is the folder of the f32 graph that
`export.py --others` writes; `--rust-bert` a rhetor with that feature. Prints a Markdown table.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BATCHES = (1, 8, 32)


def sentences(rhetor, count):
    """Sentences of our own articles, repeated up to `count`."""
    articles = sorted(p for p in (ROOT / "corpora/articles").glob("*.*") if p.name != "README.md")
    articles = [p for p in articles if p.suffix in (".md", ".txt")]
    out = subprocess.run([rhetor, "analyze", "--format", "jsonl", *articles], capture_output=True, check=True)
    found = [s["text"] for line in out.stdout.splitlines() for s in json.loads(line)["sentences"]]
    found = [" ".join(t.split()) for t in found if len(t.split()) > 3]
    return [found[i % len(found)] for i in range(count)]


def rhetor(program, model, texts, folder, *flags):
    """Each sentence a paragraph of its own, in one document."""
    path = Path(folder) / f"sentences-{len(texts)}.txt"
    path.write_text("\n\n".join(texts) + "\n")
    return [program, "analyze", "--format", "jsonl", "--roles", "off", "--input-format", "text",
            "--model", model, "--threads", str(os.cpu_count()), *flags, path]  # fmt: skip


def python(engine, model, texts, folder, batch=1):
    path = Path(folder) / f"sentences-{len(texts)}.json"
    path.write_text(json.dumps(texts))
    return [sys.executable, __file__, "--work", engine, "--model", model, "--batch", str(batch), path]


def work(args):
    """A contender in Python: scores the sentences of a file."""
    texts = sorted(json.loads(Path(args.texts).read_text()), key=len)
    groups = [texts[i : i + args.batch] for i in range(0, len(texts), args.batch)]
    if args.work == "transformers":
        import torch
        from transformers import AutoModelForTokenClassification, AutoTokenizer

        encoder = AutoTokenizer.from_pretrained(args.model)
        model = AutoModelForTokenClassification.from_pretrained(args.model, dtype=torch.float32).eval()
        with torch.inference_mode():
            for group in groups:
                model(**encoder(group, padding=True, return_tensors="pt")).logits.sigmoid().numpy()
    else:
        import numpy as np
        import onnxruntime
        from tokenizers import Tokenizer

        encoder = Tokenizer.from_file(f"{args.model}/tokenizer.json")
        engine = onnxruntime.InferenceSession(f"{args.model}/model.onnx", providers=["CPUExecutionProvider"])
        for text in texts:
            ids = np.array([encoder.encode(text).ids], dtype=np.int64)
            1 / (1 + np.exp(-engine.run(["logits"], {"input_ids": ids})[0]))


def timed(command):
    """(seconds, peak memory in MB) of a process."""
    began = time.perf_counter()
    pid = os.posix_spawnp(str(command[0]), [str(c) for c in command], os.environ,
                          file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])  # fmt: skip
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(map(str, command))}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def main():
    cli = argparse.ArgumentParser()
    cli.add_argument("texts", nargs="?")
    cli.add_argument("--work", help=argparse.SUPPRESS)
    cli.add_argument("--batch", type=int, default=1, help=argparse.SUPPRESS)
    cli.add_argument("--rhetor")
    cli.add_argument("--model", required=True)
    cli.add_argument("--f32")
    cli.add_argument("--rust-bert")
    cli.add_argument("--sentences", type=int, default=2000)
    cli.add_argument("--rounds", type=int, default=5)
    args = cli.parse_args()
    if args.work:
        return work(args)

    texts = sentences(args.rhetor, args.sentences)
    from tokenizers import Tokenizer

    encoder = Tokenizer.from_file(f"{args.model}/tokenizer.json")
    tokens = sum(len(encoder.encode(t).ids) for t in texts)
    with tempfile.TemporaryDirectory() as folder:
        contenders = {"rhetor, int8": lambda t: rhetor(args.rhetor, args.model, t, folder)}
        if args.f32:
            contenders["rhetor, f32"] = lambda t: rhetor(args.rhetor, args.f32, t, folder)
        if args.rust_bert:
            contenders["rhetor, rust-bert, f32"] = lambda t: rhetor(
                args.rust_bert, args.model, t, folder, "--backend", "rust-bert"
            )
        for batch in BATCHES:
            contenders[f"transformers, f32, batches of {batch}"] = lambda t, b=batch: python(
                "transformers", args.model, t, folder, b
            )
        contenders["ONNX Runtime, int8"] = lambda t: python("onnxruntime", args.model, t, folder)
        spent = {name: [] for name in contenders}
        for _ in range(args.rounds):
            for name, command in contenders.items():
                cold, _ = timed(command(texts[:1]))
                whole, memory = timed(command(texts))
                spent[name].append((whole - cold, cold, memory))
    print(f"{len(texts)} sentences, {tokens} tokens, {os.cpu_count()} processors, median of {args.rounds}\n")
    print("| | sentences/s | tokens/s | to rhetor int8 | peak memory, MB | cold start, s |")
    print("|---|---:|---:|---:|---:|---:|")
    middle = {n: [statistics.median(v) for v in zip(*rows, strict=True)] for n, rows in spent.items()}
    own = middle["rhetor, int8"][0]
    for name, (seconds, cold, memory) in middle.items():
        print(f"| {name} | {len(texts) / seconds:.0f} | {tokens / seconds:.0f} | {own / seconds:.2f} "
              f"| {memory:.0f} | {cold:.2f} |")  # fmt: skip


if __name__ == "__main__":
    main()
