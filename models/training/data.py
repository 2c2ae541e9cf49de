"""From the training format that `rhetor corpus` prints to encoded sentences.

A row is one sentence as the encoder will see it, `[CLS] … [SEP]`, with a target and a
weight for every output on every position: 1 where the corpus annotates it, else 0.
"""

import hashlib
import json
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from outputs import ATTRIBUTION, COLUMN, DEVICES, OUTPUTS

MAX_TOKENS = 192  # of a training sentence; 99.9 % are shorter
NEWS = "news"
PER_ARTICLE = 1  # sentences of an article without labels


@dataclass
class Row:
    corpus: str
    document: str
    part: str
    text: str
    ids: np.ndarray  # (tokens,)
    offsets: np.ndarray  # (tokens, 2), code points into `text`; (0, 0) for [CLS] and [SEP]
    target: np.ndarray  # (tokens, outputs), bool; row 0 is the sentence
    weight: np.ndarray  # (2, outputs), bool: annotated on the sentence, on its tokens
    start: int  # code point of the sentence in its document
    spans: list  # (start, end, output) of its document's gold spans, clipped to the sentence
    logits: np.ndarray | None = None  # (tokens, outputs), what the teachers say


def tokenizer(path: Path) -> Tokenizer:
    """The base model's tokenizer without its truncation to 128 and its padding."""
    result = Tokenizer.from_file(str(path))
    result.no_truncation()
    result.no_padding()
    return result


def read(path: Path, encoder: Tokenizer) -> list:
    """All rows of a file in the training format, in its order."""
    rows = []
    for line in open(path, encoding="utf-8"):
        document = json.loads(line)
        gold = [(s["start"], s["end"], s["label"]) for s in document["spans"]]
        for sentence in document["sentences"]:
            rows.append(encode(document, sentence, gold, encoder))
    return rows


def encode(document, sentence, gold, encoder) -> Row:
    start, end = sentence["start"], sentence["end"]
    text = document["text"][start:end]
    encoding = encoder.encode(text)
    ids, offsets = encoding.ids, encoding.offsets
    if len(ids) > MAX_TOKENS:
        ids = ids[: MAX_TOKENS - 1] + ids[-1:]
        offsets = offsets[: MAX_TOKENS - 1] + offsets[-1:]
    offsets = np.array(offsets, dtype=np.int32)
    target = np.zeros((len(ids), len(OUTPUTS)), dtype=bool)
    weight = np.zeros((2, len(OUTPUTS)), dtype=bool)
    for output, on in sentence["labels"].items():
        weight[0, COLUMN[output]] = True
        target[0, COLUMN[output]] = on
    for output in document["token"]:
        weight[1, COLUMN[output]] = True
    inside = []
    for a, b, output in gold:
        a, b = max(a - start, 0), min(b - start, end - start)
        if a >= b or not text[a:b].strip():
            continue
        inside.append((a, b, output))
        hit = (offsets[:, 0] < b) & (offsets[:, 1] > a)
        target[hit, COLUMN[output]] = True
        if output in DEVICES:
            target[hit, COLUMN["any-device"]] = True
    return Row(
        document["corpus"], document["id"], document["part"], text,
        np.array(ids), offsets, target, weight, start, inside,
    )  # fmt: skip


def news(path: Path, encoder: Tokenizer) -> list:
    """PER_ARTICLE sentences of every article of `path`, of the corpus "news", none with
    anything annotated."""
    draw, rows = random.Random(0), []
    for line in open(path, encoding="utf-8"):
        document = json.loads(line) | {"corpus": NEWS, "part": "train", "token": []}
        sentences = document["sentences"]
        for sentence in draw.sample(sentences, min(PER_ARTICLE, len(sentences))):
            rows.append(encode(document, sentence | {"labels": {}}, [], encoder))
    return rows


def taught(rows: list, news: list) -> list:
    """The rows that the teachers label: of the train part, and the news that stands in no
    other part."""
    others = {r.text for r in rows if r.part != "train"}
    return [r for r in rows if r.part == "train"] + [r for r in news if r.text not in others]


def fold(row: Row, folds: int) -> int:
    """0 to `folds` - 1 by the document alone: which of so many parts it lies in. The key is
    older than the name; with another one the published figures would not repeat."""
    return hashlib.sha256(f"fifth/{row.document}".encode()).digest()[0] % folds


def sha256(path: Path) -> str:
    """Of the file in the training format: a model names what it was trained on."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
