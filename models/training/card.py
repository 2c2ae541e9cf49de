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


def training(teachers, model):
    """The runs in words."""
    counts = Counter(run["arguments"]["run"] for run in teachers)
    names = ", ".join(
        name if n == 1 else f"{name} ({n}, each without another part of the articles)"
        for name, n in counts.items()
    )
    settings = model["arguments"]
    best = max(model["epochs"], key=lambda e: e["tune"]["score"])
    minutes = sum(e["seconds"] for run in (*teachers, model) for e in run["epochs"]) / 60
    return (
        f"first teachers, each the same encoder on the corpora of one task alone: {names}; then the model, "
        f"from the base encoder, on all corpora and on news without labels: the teachers say what nobody "
        f"annotated, and less and less of what somebody did ({len(model['epochs'])} epochs, about "
        f"{settings['batch_tokens']} tokens a step, of which the best by the tune part (epoch "
        f"{best['epoch']}) was kept). AdamW {settings['rate']} with {settings['decay']} a layer downwards "
        f"and five times that for the classifier, a running mean of the weights ({settings['average']} a "
        f"step), seed {settings['seed']}, {minutes:.0f} minutes on two processor cores, without the "
        f"teachers' labels"
    )


def main():
    cli = argparse.ArgumentParser()
    cli.add_argument("--model", type=Path, required=True)
    cli.add_argument("--corpus", type=Path, required=True, help="what `rhetor corpus` printed")
    cli.add_argument("--runs", type=Path, nargs="+", required=True, help="every run.json, the teachers' first")
    args = cli.parse_args()
    *teachers, model = (json.loads(run.read_text()) for run in args.runs)
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
        "training": training(teachers, model),
        "max_tokens": MAX_TOKENS,
        "code": (HERE / "read_checkpoint.py").read_text(),
    }
    card = Template((HERE / "card.md").read_text()).substitute(fields)
    (args.model / "README.md").write_text(card)


if __name__ == "__main__":
    main()
