"""Writes tests/fixtures/reference.json: what Python says of sentences of our own.

The engine, the tokenizer and the decoding of spans are written twice, here and in Rust;
a test of rhetor compares them on these sentences.
"""

import argparse
import json
from pathlib import Path

import metrics
from data import tokenizer
from export import logits_of, session
from outputs import SENTENCE_OUTPUTS, TOKEN_OUTPUTS

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


def main():
    cli = argparse.ArgumentParser()
    cli.add_argument("--model", type=Path, required=True)
    cli.add_argument("--output", type=Path, required=True)
    args = cli.parse_args()
    encoder = tokenizer(args.model / "tokenizer.json")
    decision = json.loads((args.model / "decision.json").read_text())
    engine = session(str(args.model / "model.onnx"))
    rows = []
    for text in SENTENCES:
        encoding = encoder.encode(text)
        logits = logits_of(engine, encoding.ids)
        row = {"text": text, "ids": encoding.ids, "probabilities": {}, "spans": {}}
        for output in SENTENCE_OUTPUTS:
            own = decision["sentence"][output]
            row["probabilities"][output] = float(
                metrics.sigmoid(logits[0, metrics.COLUMN[output]] / own["temperature"])
            )
        offsets = metrics.np.array(encoding.offsets)[1:-1]
        for output in TOKEN_OUTPUTS:
            own = decision["token"][output]
            p = metrics.sigmoid(logits[1:-1, metrics.COLUMN[output]] / own["temperature"])
            spans = metrics.decode(p, offsets, text, own["threshold"], own["gap"])
            row["spans"][output] = [text[a:b] for a, b in spans]
        rows.append(row)
    args.output.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
