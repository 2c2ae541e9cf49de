"""From the corpora to encoded sentences: read, split by document, cut, encode, label.

A row is one sentence as the encoder will see it, `[CLS] … [SEP]`, with a 0/1 target for
every output on every position. Sentences of the two corpora are cut as rhetor cuts
them: PTC has one sentence a line already, PolNeAR's paragraphs go through
`rhetor segment`.
"""

import hashlib
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from outputs import ATTRIBUTION, DEVICES, OUTPUTS

MAX_TOKENS = 192  # of a training sentence; 99.9 % are shorter
COLUMN = {name: i for i, name in enumerate(OUTPUTS)}


@dataclass
class Row:
    corpus: str
    document: str
    text: str
    ids: np.ndarray  # (tokens,)
    offsets: np.ndarray  # (tokens, 2), code points into `text`; (0, 0) for [CLS] and [SEP]
    target: np.ndarray  # (tokens, outputs); row 0 is the sentence
    start: int  # code point of the sentence in its document
    spans: list  # (start, end, output) of its document's gold spans, clipped to the sentence


def part(document_id: str) -> str:
    """train 75 %, tune 10 %, report 15 % of the documents, by their name alone."""
    bucket = int(hashlib.sha256(document_id.encode()).hexdigest(), 16) % 100
    return "train" if bucket < 75 else "tune" if bucket < 85 else "report"


def tokenizer(path: Path) -> Tokenizer:
    """The base model's tokenizer without its truncation to 128 and its padding."""
    result = Tokenizer.from_file(str(path))
    result.no_truncation()
    result.no_padding()
    return result


def lines(text: str):
    """The non-empty lines of a text as (start, end) in code points."""
    start = 0
    for line in text.split("\n"):
        if line.strip():
            yield start, start + len(line)
        start += len(line) + 1


def sentences(documents: list, rhetor: str) -> list:
    """For each document the (start, end) of its sentences, in code points."""
    request = "".join(json.dumps({"text": d["text"]}) + "\n" for d in documents)
    answer = subprocess.run(
        [rhetor, "segment", "-"], input=request, text=True, capture_output=True, check=True
    )
    return [json.loads(line) for line in answer.stdout.splitlines()]


def read(shared: Path, rhetor: str, encoder: Tokenizer) -> dict:
    """All rows by part: {"train": [...], "tune": [...], "report": [...], "polnear-dev": [...]}."""
    rows = {"train": [], "tune": [], "report": [], "polnear-dev": []}
    for corpus, file, names in (
        ("ptc", "ptc/train.jsonl", DEVICES),
        ("polnear", "polnear/train.jsonl", ATTRIBUTION),
        ("polnear", "polnear/dev.jsonl", ATTRIBUTION),
    ):
        documents = [json.loads(line) for line in open(shared / "data" / file, encoding="utf-8")]
        if corpus == "ptc":
            cuts = [list(lines(d["text"])) for d in documents]
        else:
            cuts = sentences(documents, rhetor)
        for document, cut in zip(documents, cuts, strict=True):
            where = "polnear-dev" if file.endswith("dev.jsonl") else part(document["doc_id"])
            gold = [
                (s["start"], s["end"], names[s["label"]])
                for s in document["spans"]
                if s["label"] in names
            ]
            name = "/".join((document["doc_id"], document.get("annotator", "")))
            for start, end in cut:
                rows[where].append(
                    encode(corpus, name, document["text"], start, end, gold, encoder)
                )
    return rows


def encode(corpus, name, text, start, end, gold, encoder) -> Row:
    sentence = text[start:end]
    encoding = encoder.encode(sentence)
    ids, offsets = encoding.ids, encoding.offsets
    if len(ids) > MAX_TOKENS:
        ids = ids[: MAX_TOKENS - 1] + ids[-1:]
        offsets = offsets[: MAX_TOKENS - 1] + offsets[-1:]
    offsets = np.array(offsets, dtype=np.int32)
    target = np.zeros((len(ids), len(OUTPUTS)), dtype=np.float32)
    inside = []
    for a, b, output in gold:
        a, b = max(a - start, 0), min(b - start, end - start)
        if a >= b or not sentence[a:b].strip():
            continue
        inside.append((a, b, output))
        hit = (offsets[:, 0] < b) & (offsets[:, 1] > a)
        for column in columns(output):
            target[hit, column] = 1
            target[0, column] = 1
        # A sentence is attributed when it holds a cue or attributed words.
        if output in ("cue", "content"):
            target[0, COLUMN["attributed"]] = 1
    return Row(corpus, name, sentence, np.array(ids), offsets, target, start, inside)


def columns(output: str) -> list:
    if output in ATTRIBUTION.values():
        return [COLUMN[output]]
    return [COLUMN[output], COLUMN["any-device"]]


def digest(rows: dict) -> str:
    """sha256 over every row of every part, so that a model can name the data it saw."""
    state = hashlib.sha256()
    for where in sorted(rows):
        for row in rows[where]:
            state.update(f"{where}\t{row.corpus}\t{row.document}\t{row.start}\t{row.text}\n".encode())
            state.update(row.ids.astype(np.int64).tobytes())
            state.update(row.target.tobytes())
    return state.hexdigest()
