"""Fits the decision layer on the tune part and scores the model folder on the parts it never saw.

Temperatures and thresholds are fitted on what ships: the logits of model.onnx (int8), one
sentence a pass. The same decision is then applied to the f16 weights, so that the
difference between the two columns of scores.json is quantisation alone. Writes
decision.json and scores.json.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from transformers import BertForTokenClassification

import data
import metrics
import read_checkpoint
from export import CLOSE, logits_of, session
from outputs import SENTENCE_OUTPUTS, TOKEN_OUTPUTS
from train import predict

SCORED = ("report", "polnear-dev", "tune")


def int8_logits(path, rows):
    engine = session(str(path))
    return [logits_of(engine, row.ids) for row in rows]


def findings(rows, logits, decision, output):
    """The rows on which a sentence output is on."""
    own = decision["sentence"][output]
    x, _ = metrics.sentence_table(rows, logits, output)
    return metrics.sigmoid(x / own["temperature"]) >= own["threshold"]


def agreement(rows, one, other, decision):
    """How far two sets of logits lead to the same findings: F1 of one against the other."""
    pairs = {o: [findings(rows, x, decision, o) for x in (one, other)] for o in SENTENCE_OUTPUTS}
    stable = [o for o in SENTENCE_OUTPUTS if decision["sentence"][o]["status"] == "stable"]

    def f1(names):
        a, b = (np.concatenate([pairs[o][side] for o in names]) for side in (0, 1))
        return metrics.prf(a, b)[2]

    spans = []
    for logits in (one, other):
        found = set()
        for output in TOKEN_OUTPUTS:
            predicted, _ = metrics.spans_of(rows, logits, output, *settings(decision, output))
            found |= {(output, key, span) for key, many in predicted.items() for span in many}
        spans.append(found)
    distance = np.concatenate([np.abs(a - b).ravel() for a, b in zip(one, other, strict=True)])
    return {
        "findings_f1": f1(SENTENCE_OUTPUTS),
        "stable_findings_f1": f1(stable),
        "findings_f1_by_output": {o: metrics.prf(*pairs[o])[2] for o in SENTENCE_OUTPUTS},
        "equal_spans_f1": 2 * len(spans[0] & spans[1]) / max(1, len(spans[0]) + len(spans[1])),
        "logits_mean_difference": float(distance.mean()),
        "logits_largest_difference": float(distance.max()),
    }


def settings(decision, output):
    """What `metrics.spans_of` needs to know of a token output."""
    own, gate = decision["token"][output], None
    if output in decision["sentence"]:
        sentence = decision["sentence"][output]
        gate = (output, sentence["temperature"], sentence["threshold"])
    return own["temperature"], own["threshold"], own["gap"], gate


def check_card(folder, rows, logits):
    """The lines of Python that the card shows read the same logits as this script."""
    model, tokenizer = read_checkpoint.read(folder)
    worst = 0.0
    for row, expected in zip(rows, logits, strict=True):
        ids, found = read_checkpoint.logits(model, tokenizer, row.text)
        assert ids == row.ids.tolist()
        worst = max(worst, float(np.abs(found.numpy() - expected).max()))
    print(f"the card's lines and this script differ by at most {worst:.1e}")
    assert worst < CLOSE, "the card's lines read the checkpoint differently"


def write(path, what):
    path.write_text(json.dumps(what, indent=1) + "\n")


def rounded(what):
    if isinstance(what, dict):
        return {key: rounded(value) for key, value in what.items()}
    return round(what, 4) if isinstance(what, float) else what


def counts(rows):
    """Of one part: its sentences and documents by corpus, and how many hold each output."""
    corpora = sorted({row.corpus for row in rows})
    return {
        "sentences": {c: sum(r.corpus == c for r in rows) for c in corpora},
        "documents": {c: len({r.document for r in rows if r.corpus == c}) for c in corpora},
        "positive": {
            o: int(sum(r.target[0, metrics.COLUMN[o]] for r in rows if r.corpus == metrics.CORPUS[o]))
            for o in SENTENCE_OUTPUTS
        },
    }


def main():
    cli = argparse.ArgumentParser()
    cli.add_argument("--shared", type=Path, required=True)
    cli.add_argument("--rhetor", required=True)
    cli.add_argument("--work", type=Path, required=True, help="the run: run.json")
    cli.add_argument("--model", type=Path, required=True, help="the model folder, exported")
    args = cli.parse_args()

    rows = data.read(args.shared, args.rhetor, data.tokenizer(args.model / "tokenizer.json"))
    digest = data.digest(rows)
    run_file = args.work / "run.json"
    run = json.loads(run_file.read_text()) if run_file.exists() else None
    if run:
        assert run["data"] == digest, "these are not the rows that the model was trained on"

    int8 = {"tune": int8_logits(args.model / "model.onnx", rows["tune"])}
    decision = metrics.fit(rows["tune"], int8["tune"])
    head = {"format": 1, "data_sha256": digest, "fitted_on": "tune"}
    write(args.model / "decision.json", head | decision)
    print("decision.json is written", flush=True)

    model = BertForTokenClassification.from_pretrained(args.model, dtype=torch.float32).eval()
    result = head | {
        "run": run,
        "parts": {name: counts(part) for name, part in rows.items()},
        "int8": {},
        "fp32": {},
        "agreement": {},
    }
    for part in SCORED:
        here = rows[part]
        if part not in int8:
            int8[part] = int8_logits(args.model / "model.onnx", here)
        fp32 = predict(model, here, "cpu")
        result["int8"][part] = metrics.scores(here, int8[part], decision)
        result["fp32"][part] = metrics.scores(here, fp32, decision)
        result["agreement"][part] = agreement(here, int8[part], fp32, decision)
        if part == "report":
            whole = [i for i, row in enumerate(here) if len(row.ids) < data.MAX_TOKENS][::50]
            check_card(args.model, [here[i] for i in whole], [fp32[i] for i in whole])
    write(args.model / "scores.json", rounded(result))


if __name__ == "__main__":
    main()
