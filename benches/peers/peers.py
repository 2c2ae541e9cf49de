"""Rhetor beside what people run today: the same sentences, the same checkpoint, one machine.

    cargo build --release
    . .libtorch/env && cargo build --release --features rust-bert --target-dir target/rust-bert
    models/training/work/venv/bin/python benches/peers/peers.py --rust-bert target/rust-bert

Every contender is a process of its own that scores all sentences; they take turns, and the
median of the rounds counts. Rhetor's time is the whole pipeline, from the text to JSON with
findings; that of the others is tokenising, the forward pass and the sigmoid. The time to
start, load and score one sentence is the cold start, and is taken off the rest. Without
`--rust-bert` its contenders are left out. Prints a Markdown table.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "models/training"))
BATCHES = (1, 8, 32)
# What the others are compared with.
OWN = "rhetor, int8"


def sentences(rhetor, count):
    """Sentences of our own articles, repeated up to `count`."""
    articles = sorted(p for p in (ROOT / "corpora/articles").glob("*.*") if p.name != "README.md")
    articles = [p for p in articles if p.suffix in (".md", ".txt")]
    out = subprocess.run([rhetor, "analyze", "--format", "jsonl", *articles], capture_output=True, check=True)
    found = [s["text"] for line in out.stdout.splitlines() for s in json.loads(line)["sentences"]]
    found = [" ".join(t.split()) for t in found if len(t.split()) > 3]
    return [found[i % len(found)] for i in range(count)]


def rhetor(program, model, texts, folder, threads, *flags):
    """Each sentence a paragraph of its own, in one document."""
    path = Path(folder) / f"sentences-{len(texts)}.txt"
    path.write_text("\n\n".join(texts) + "\n")
    return [program, "analyze", "--format", "jsonl", "--roles", "off", "--input-format", "text",
            "--model", model, "--threads", threads, *flags, path]  # fmt: skip


def texts_file(texts, folder):
    path = Path(folder) / f"sentences-{len(texts)}.json"
    path.write_text(json.dumps(texts))
    return path


def python(engine, model, texts, folder, batch=1):
    path = texts_file(texts, folder)
    return [sys.executable, __file__, "--work", engine, "--model", model, "--batch", batch, path]


def work(args):
    """A contender in Python: scores the sentences of a file."""
    if args.work == "f32":
        return f32_folder(args.model, Path(args.texts).parent)
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
        # A sentence a thread, as rhetor does it: two threads inside a pass are slower.
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        engine = onnxruntime.InferenceSession(f"{args.model}/model.onnx", options)

        def score(text):
            ids = np.array([encoder.encode(text).ids], dtype=np.int64)
            return 1 / (1 + np.exp(-engine.run(["logits"], {"input_ids": ids})[0]))

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(score, texts))


def f32_folder(model, folder):
    """The model folder with its f32 weights as the graph, under the same decision."""
    import onnx
    from safetensors.torch import load_file

    import graph
    from data import sha256

    target = folder / "f32"
    target.mkdir()
    weights = {n: t.float().numpy() for n, t in load_file(model / "model.safetensors").items()}
    onnx.save(graph.build(weights), target / "model.onnx")
    for file in ("config.json", "tokenizer.json"):
        (target / file).write_bytes((model / file).read_bytes())
    decision = json.loads((model / "decision.json").read_text())
    decision["model_sha256"] = sha256(target / "model.onnx")
    (target / "decision.json").write_text(json.dumps(decision))


def rust_bert_program(target):
    """The program of rust_bert.rs."""
    built = subprocess.run(
        ["cargo", "bench", "--features", "rust-bert", "--bench", "peers-rust-bert", "--no-run",
         "--target-dir", target, "--message-format", "json"],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    messages = [json.loads(line) for line in built.stdout.splitlines() if line.startswith(b"{")]
    return next(m["executable"] for m in messages if m.get("executable") and m["target"]["name"] == "peers-rust-bert")


def timed(command):
    """(seconds, peak memory in MB) of a process."""
    began = time.perf_counter()
    pid = os.posix_spawnp(str(command[0]), [str(c) for c in command], os.environ,
                          file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])  # fmt: skip
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(map(str, command))}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def contenders(args, folder):
    """{name: a function from the sentences to a command}"""
    program, model = args.rhetor, args.model
    # In a process of its own: what this one holds would count as its children's memory.
    command = python("f32", model, [], folder)
    subprocess.run([str(c) for c in command], check=True)
    full = Path(folder) / "f32"
    processors = os.cpu_count()
    result = {
        OWN: lambda t: rhetor(program, model, t, folder, processors),
        f"{OWN}, one thread": lambda t: rhetor(program, model, t, folder, 1),
        "rhetor, f32": lambda t: rhetor(program, full, t, folder, processors),
    }
    if args.rust_bert:
        rust_bert, with_it = rust_bert_program(args.rust_bert), args.rust_bert / "release/rhetor"
        result["rhetor, f32 on rust-bert"] = lambda t: rhetor(
            with_it, model, t, folder, processors, "--backend", "rust-bert"
        )
        for batch in BATCHES:
            result[f"rust-bert, f32, batches of {batch}"] = lambda t, b=batch: [
                rust_bert, model, b, texts_file(t, folder)
            ]  # fmt: skip
    for batch in BATCHES:
        result[f"transformers, f32, batches of {batch}"] = lambda t, b=batch: python(
            "transformers", model, t, folder, b
        )
    result["ONNX Runtime, int8, forward pass"] = lambda t: python("onnxruntime", model, t, folder)
    return result


def main():
    cli = argparse.ArgumentParser()
    cli.add_argument("texts", nargs="?", help=argparse.SUPPRESS)
    cli.add_argument("--work", help=argparse.SUPPRESS)
    cli.add_argument("--batch", type=int, default=1, help=argparse.SUPPRESS)
    cli.add_argument("--rhetor", default=ROOT / "target/release/rhetor")
    cli.add_argument("--model", type=Path, default=ROOT / "models/rhetor-minilm-v5")
    cli.add_argument("--rust-bert", type=Path, help="the target folder of a build with that feature")
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
        commands = contenders(args, folder)
        spent = {name: [] for name in commands}
        for _ in range(args.rounds):
            for name, command in commands.items():
                cold, _ = timed(command(texts[:1]))
                whole, memory = timed(command(texts))
                spent[name].append((whole - cold, cold, memory))
    print(f"{len(texts)} sentences, {tokens} tokens, {os.cpu_count()} processors, median of {args.rounds}\n")
    print(f"| | sentences/s | tokens/s | {OWN} is so many times as fast | peak memory, MB | cold start, s |")
    print("|---|---:|---:|---:|---:|---:|")
    middle = {n: [statistics.median(v) for v in zip(*rows, strict=True)] for n, rows in spent.items()}
    own = middle[OWN][0]
    for name, (seconds, cold, memory) in middle.items():
        print(f"| {name} | {len(texts) / seconds:.0f} | {tokens / seconds:.0f} | {seconds / own:.2f} "
              f"| {memory:.0f} | {cold:.2f} |")  # fmt: skip


if __name__ == "__main__":
    main()
