"""Fills what `rhetor evaluate --card` does not know into card.md: sizes, the run, the lines of Python."""

import argparse
import json
from collections import Counter
from pathlib import Path
from string import Template

from safetensors import safe_open

from data import MAX_TOKENS
from outputs import DEVICES, OUTPUTS, SENTENCE_OUTPUTS, TOKEN_OUTPUTS

HERE = Path(__file__).parent


def parts(corpus):
    """Sentences of every corpus and part, and in how many of them each output is on."""
    sentences, on = Counter(), Counter()
    for line in open(corpus, encoding="utf-8"):
        document = json.loads(line)
        key = document["corpus"], document["part"]
        for sentence in document["sentences"]:
            sentences[key] += bool(sentence["labels"])
            on.update((key, o) for o, yes in sentence["labels"].items() if yes)
    names = list(dict.fromkeys(c for c, _ in sentences))
    rows = ["| corpus | output | train | tune | report |", "| --- | --- | ---: | ---: | ---: |"]
    for name in names:
        keys = [(name, part) for part in ("train", "tune", "report")]
        rows.append(f"| {name} | *sentences* | " + " | ".join(f"{sentences[k]:,}" for k in keys) + " |")
        for output in SENTENCE_OUTPUTS:
            counts = [on[k, output] for k in keys]
            if any(counts):
                rows.append(f"| | {output} | " + " | ".join(f"{c:,}" for c in counts) + " |")
    return "\n".join(rows)


def training(run):
    best = max(run["epochs"], key=lambda e: e["tune"]["score"])
    minutes = sum(e["seconds"] for e in run["epochs"]) / 60
    settings = run["arguments"]
    return (
        f"{len(run['epochs'])} epochs, the best by the tune part kept (epoch {best['epoch']}), "
        f"AdamW {settings['rate']} with {settings['decay']} a layer downwards and five times that "
        f"for the classifier, about {settings['batch_tokens']} tokens a step, a running mean of the "
        f"weights ({settings['average']} a step), seed {settings['seed']}, {minutes:.0f} minutes on "
        f"two shared processor cores"
    )


def main():
    cli = argparse.ArgumentParser()
    cli.add_argument("--model", type=Path, required=True)
    cli.add_argument("--corpus", type=Path, required=True, help="what `rhetor corpus` printed")
    cli.add_argument("--run", type=Path, required=True, help="run.json of the training")
    args = cli.parse_args()
    with safe_open(args.model / "model.safetensors", "np") as weights:
        parameters = sum(weights.get_tensor(name).size for name in weights.keys())
    fields = {
        "parameters": f"{parameters / 1e6:.1f} million",
        "megabytes": f"{(args.model / 'model.onnx').stat().st_size / 1e6:.1f}",
        "outputs": len(OUTPUTS),
        "sentence_outputs": len(SENTENCE_OUTPUTS),
        "token_outputs": len(TOKEN_OUTPUTS),
        "devices": ", ".join(f"`{d}`" for d in DEVICES),
        "data": parts(args.corpus),
        "training": training(json.loads(args.run.read_text())),
        "max_tokens": MAX_TOKENS,
        "code": (HERE / "read_checkpoint.py").read_text(),
    }
    card = Template((HERE / "card.md").read_text()).substitute(fields)
    (args.model / "README.md").write_text(card)


if __name__ == "__main__":
    main()
