"""How far PolNeAR's annotators agree with one another on the articles that several read.

Prints the figures for the card: every pair of annotators of one article, one scored
against the other as a model would be. No model can be expected to agree with them more
than they agree among themselves.
"""

import argparse
import json
from collections import defaultdict
from itertools import combinations
from pathlib import Path

from outputs import ATTRIBUTION


def overlaps(one, other):
    """How many spans of `one` share a character with one of `other`."""
    return sum(any(a < d and c < b for c, d in other) for a, b in one)


def main():
    cli = argparse.ArgumentParser()
    cli.add_argument("--corpus", type=Path, required=True, help="what `rhetor corpus` printed")
    args = cli.parse_args()
    articles = defaultdict(list)
    for line in open(args.corpus, encoding="utf-8"):
        document = json.loads(line)
        if document["corpus"] == "polnear":
            articles[document["text"]].append(document)
    pairs = [p for same in articles.values() for p in combinations(same, 2)]
    print(f"{len({p[0]['text'] for p in pairs})} articles, {len(pairs)} pairs of annotators")

    cuts = [[[s["labels"]["attributed"] for s in d["sentences"]] for d in p] for p in pairs]
    hits = sum(x and y for a, b in cuts for x, y in zip(a, b, strict=True))
    total = sum(sum(a) + sum(b) for a, b in cuts)
    same = [x == y for a, b in cuts for x, y in zip(a, b, strict=True)]
    print(f"attributed: sentence F1 {200 * hits / total:.1f}, equal on {100 * sum(same) / len(same):.1f} %")
    for output in ATTRIBUTION:
        hits = total = 0
        for pair in pairs:
            one, other = ([(s["start"], s["end"]) for s in d["spans"] if s["label"] == output] for d in pair)
            hits += overlaps(one, other) + overlaps(other, one)
            total += len(one) + len(other)
        print(f"{output}: overlap F1 {100 * hits / total:.1f}")


if __name__ == "__main__":
    main()
