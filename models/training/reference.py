"""Writes tests/fixtures/reference.json: what Python says of sentences of our own.

The tokenizer, the engine, the reading of the logits and the decoding of spans are
written a second time here; a test of rhetor compares the two on these sentences. The
lines of Python that the card shows are checked against the same weights in f32.
"""

import argparse
import json
import re
from pathlib import Path

import numpy as np

import read_checkpoint
from data import tokenizer
from export import CLOSE, logits_of, session
from metrics import runs

SENTENCES = [
    "Thugs in good suits, elected by nobody, have thrown away our harbour.",
    "“We never gave up on it,” said deputy mayor Kari Hauge, who chairs the committee.",
    "According to Karsa, the company will invest $310 million in cranes and rail.",
    "One harbour, one people, one future!",
    "The committee meets on Tuesday at the town hall.",
    "If the council does not stop these vultures now, our children will grow up as servants.",
    "The minister admitted that the naïve plan of 1931, drafted in Şarköy, “was a disgrace.”",
    "Many experts say that the new owners will cut every second job within two years.",
    "It is a slow betrayal, a knife at the throat of every village — and they know it.",
    "Ana Reuter (58) told NPA: the lease is void.",
]


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def probability(logits, column, output, own):
    """Of a sentence output: [CLS] and the strongest token, weighed and calibrated."""
    tokens = ["cue", "content"] if output == "attributed" else [output]
    strongest = logits[1:-1, [column[o] for o in tokens]].max()
    weight = own["strongest"]
    logit = (1 - weight) * logits[0, column[output]] + weight * strongest
    return float(sigmoid(logit / own["temperature"] + own["bias"]))


def decode(output, probabilities, offsets, text, own):
    """Runs of tokens at or above the threshold, joined over short gaps, those that reach the
    peak; widened to whole words and joined where they then meet; dropped where nothing is in
    them but marks and words that join others, which are also cut off the end of sources and
    of evidence. The same as `src/decode.rs`."""
    found = runs(probabilities >= own["threshold"], own["gap"])
    found = [(a, b) for a, b in found if probabilities[a:b].max() >= own["peak"]]
    spans = [[int(offsets[a, 0]), int(offsets[b - 1, 1])] for a, b in found]
    for span in spans:
        while 0 < span[0] < len(text) and text[span[0] - 1].isalnum() and text[span[0]].isalnum():
            span[0] -= 1
        while 0 < span[1] < len(text) and text[span[1] - 1].isalnum() and text[span[1]].isalnum():
            span[1] += 1
    joined = []
    for a, b in spans:
        if joined and a <= joined[-1][1]:
            joined[-1][1] = max(b, joined[-1][1])
        else:
            joined.append([a, b])
    found = [(text[a:b], without_joining_end(text[a:b])) for a, b in joined]
    uncut = output in ("cue", "content")
    return [whole if uncut else short for whole, short in found if short]


JOINING = set("a an and as at by for from in of on or that the to".split())


def without_joining_end(text):
    """Without the words that join at its end, and the spaces and marks before these."""
    while words := list(re.finditer(r"[^\W_]+", text)):
        if words[-1].group().lower() not in JOINING:
            return text
        text = text[: words[-2].end()] if len(words) > 1 else ""
    return ""


def main():
    cli = argparse.ArgumentParser()
    cli.add_argument("--model", type=Path, required=True)
    cli.add_argument("--f32", type=Path, required=True, help="the f32 graph of the same weights")
    cli.add_argument("--output", type=Path, required=True)
    args = cli.parse_args()
    encoder = tokenizer(args.model / "tokenizer.json")
    decision = json.loads((args.model / "decision.json").read_text())
    config = json.loads((args.model / "config.json").read_text())
    column = config["label2id"]
    engine, exact = session(str(args.model / "model.onnx")), session(str(args.f32))
    rows = []
    for text in SENTENCES:
        encoding = encoder.encode(text)
        logits = logits_of(engine, encoding.ids)
        row = {"text": text, "ids": encoding.ids}
        row["probabilities"] = {
            o: probability(logits, column, o, decision["sentence"][o])
            for o in config["rhetor"]["sentence"]
        }
        logits_f32 = logits_of(exact, encoding.ids)
        for output, shown, _ in read_checkpoint.probabilities(args.model, text):
            own = probability(logits_f32, column, output, decision["sentence"][output])
            assert abs(shown - own) < CLOSE, f"the card's lines read {output} differently: {text}"
        offsets = np.array(encoding.offsets)[1:-1]
        row["spans"] = {}
        for output in config["rhetor"]["token"]:
            own = decision["token"][output]
            p = sigmoid(logits[1:-1, column[output]] / own["temperature"])
            row["spans"][output] = decode(output, p, offsets, text, own)
        rows.append(row)
    args.output.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
