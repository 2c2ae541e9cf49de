"""Writes the card of a model folder, README.md, from card.md and the folder's scores.json.

Every figure comes from the file, so the card cannot say something else than the scores.
"""

import argparse
import json
from pathlib import Path
from string import Template

from safetensors import safe_open

import data
import metrics
from outputs import ATTRIBUTION, DEVICES, FRAMING, OUTPUTS, SENTENCE_OUTPUTS, TOKEN_OUTPUTS

HERE = Path(__file__).parent
# (what, whose, figure, our figure's place in the report part of the int8 scores)
ANCHORS = [
    ("any device in a sentence, F1", "every sentence positive (PTC SLC test)", 39.82, "any-device"),
    ("", "Longformer (PTC SLC test)", 60.41, None),
    ("", "best published (PTC SLC test)", 65.21, None),
    ("spans of any device, partial-overlap F1", "CyberWallE (SemEval-2020 SI test)", 43.86, "spans"),
    ("", "Hitachi, first (SemEval-2020 SI test)", 51.55, None),
    ("cue, overlap F1 (theirs may be stricter)", "Citron (PARC3 test)", 82.3, "cue"),
    ("source, overlap F1", "Citron (PARC3 test)", 85.3, "source"),
    ("content, overlap F1", "Citron (PARC3 test)", 83.3, "content"),
]


def table(head, rows):
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def percent(x):
    return f"{100 * x:.1f}"


def prf(figures):
    return [percent(figures[k]) for k in ("precision", "recall", "f1")]


def parts(scores):
    rows = []
    for name, part in scores["parts"].items():
        for corpus, sentences in part["sentences"].items():
            rows.append([name, corpus, f"{part['documents'][corpus]:,}", f"{sentences:,}"])
    return table(["part", "corpus", "documents", "sentences"], rows)


def support(scores):
    names = list(scores["parts"])
    rows = []
    for output in SENTENCE_OUTPUTS:
        counts = [scores["parts"][name]["positive"].get(output) for name in names]
        # A part without the output's corpus has nothing to count.
        has = [metrics.CORPUS[output] in scores["parts"][name]["sentences"] for name in names]
        rows.append([output, *(f"{c:,}" if h else "–" for c, h in zip(counts, has, strict=True))])
    return table(["output", *names], rows)


def sentence_scores(report):
    rows = []
    for output in SENTENCE_OUTPUTS:
        own = report["sentence"][output]
        rows.append([output, own["support"], *prf(own), f"{own['ece']:.3f}", own["status"]])
    return table(["output", "support", "P", "R", "F1", "ECE", "status"], rows)


def span_scores(report):
    rows = [
        [o, report["token"][o]["support"], *prf(report["token"][o]["partial"])] for o in FRAMING
    ]
    return table(["output", "spans", "P", "R", "F1"], rows)


def attribution_scores(scores):
    rows = []
    for part, title in (("report", "report"), ("polnear-dev", "PolNeAR dev")):
        for output in ATTRIBUTION.values():
            own = scores["int8"][part]["token"][output]
            rows.append([f"{output}, {title}", own["support"], *prf(own["overlap"]), *prf(own["partial"])])
    head = ["output, part", "spans", "overlap P", "R", "F1", "partial P", "R", "F1"]
    return table(head, rows)


def int8(scores):
    one, other = scores["int8"]["report"], scores["fp32"]["report"]
    same = scores["agreement"]["report"]
    rows = [
        [name, percent(place(one)), percent(place(other))]
        for name, place in (
            ("any-device, sentence F1", lambda s: s["sentence"]["any-device"]["f1"]),
            ("device micro-F1", lambda s: s["device_micro_f1"]),
            ("device macro-F1", lambda s: s["device_macro_f1"]),
            ("any-device, span F1", lambda s: s["token"]["any-device"]["partial"]["f1"]),
            ("attributed, sentence F1", lambda s: s["sentence"]["attributed"]["f1"]),
            ("source, overlap F1", lambda s: s["token"]["source"]["overlap"]["f1"]),
            ("cue, overlap F1", lambda s: s["token"]["cue"]["overlap"]["f1"]),
            ("content, overlap F1", lambda s: s["token"]["content"]["overlap"]["f1"]),
        )
    ]
    text = (
        f"\n\nAgreement on the report part: findings F1 {percent(same['findings_f1'])} "
        f"({percent(same['stable_findings_f1'])} over the stable outputs), equal spans F1 "
        f"{percent(same['equal_spans_f1'])}; logits differ by {same['logits_mean_difference']:.3f} "
        f"in the mean and {same['logits_largest_difference']:.2f} at most."
    )
    return table(["on report", "int8 (ships)", "f32"], rows) + text


def anchors(report):
    ours = {
        "any-device": report["sentence"]["any-device"]["f1"],
        "spans": report["token"]["any-device"]["partial"]["f1"],
        **{o: report["token"][o]["overlap"]["f1"] for o in ATTRIBUTION.values()},
    }
    rows = [
        [what, whose, figure, percent(ours[mine]) if mine else ""]
        for what, whose, figure, mine in ANCHORS
    ]
    return table(["measure", "published", "theirs", "ours (report)"], rows)


def training(run):
    if not run:
        return "the run was not finished when this card was written"
    best = max(run["epochs"], key=lambda e: e["score"])
    minutes = sum(e["seconds"] for e in run["epochs"]) / 60
    settings = run["arguments"]
    return (
        f"{len(run['epochs'])} epochs, the best by the tune part kept (epoch {best['epoch']}), "
        f"AdamW {settings['rate']} with {settings['decay']} a layer downwards and five times that "
        f"for the classifier, about {settings['batch_tokens']} tokens a step, seed "
        f"{settings['seed']}, {minutes:.0f} minutes on two processor cores"
    )


def fields(folder):
    scores = json.loads((folder / "scores.json").read_text())
    report = scores["int8"]["report"]
    everything = report["sentence"]["any-device"]
    share = everything["support"] / everything["sentences"]
    dev = scores["int8"]["polnear-dev"]["sentence"]["attributed"]
    with safe_open(folder / "model.safetensors", "np") as weights:
        parameters = sum(weights.get_tensor(name).size for name in weights.keys())
    return {
        "parameters": f"{parameters / 1e6:.1f} million",
        "onnx_megabytes": f"{(folder / 'model.onnx').stat().st_size / 1e6:.1f}",
        "outputs": len(OUTPUTS),
        "sentence_outputs": len(SENTENCE_OUTPUTS),
        "token_outputs": len(TOKEN_OUTPUTS),
        "devices": ", ".join(f"`{d}`" for d in DEVICES.values()),
        "precision_floor": metrics.PRECISION_FLOOR,
        "stable_f1": metrics.STABLE_F1,
        "parts": parts(scores),
        "support": support(scores),
        "training": training(scores["run"]),
        "ptc_report": f"{everything['sentences']:,}",
        "polnear_report": f"{report['sentence']['attributed']['sentences']:,}",
        "sentence_scores": sentence_scores(report),
        "micro": percent(report["device_micro_f1"]),
        "macro": percent(report["device_macro_f1"]),
        "all_positive": percent(2 * share / (1 + share)),
        "span_scores": span_scores(report),
        "attribution_scores": attribution_scores(scores),
        **dict(zip(("dev_p", "dev_r", "dev_f1"), prf(dev), strict=True)),
        "dev_support": f"{dev['support']:,}",
        "dev_sentences": f"{dev['sentences']:,}",
        "int8": int8(scores),
        "anchors": anchors(report),
        "max_tokens": data.MAX_TOKENS,
        "code": (HERE / "read_checkpoint.py").read_text(),
    }


def main():
    cli = argparse.ArgumentParser()
    cli.add_argument("--model", type=Path, required=True, help="the model folder, scored")
    args = cli.parse_args()
    card = Template((HERE / "card.md").read_text()).substitute(fields(args.model))
    (args.model / "README.md").write_text(card)


if __name__ == "__main__":
    main()
