"""Scores and the decision layer: temperatures, thresholds, span decoding.

Everything that is chosen here is chosen on the tune part by `fit`; `scores` applies a
fitted decision to any part. `span_f1` is the partial-overlap measure of SemEval-2020
Task 11 (Da San Martino et al.): overlapping spans are merged first, precision sums
|s∩t|/|s| over predicted spans, recall |s∩t|/|t| over gold spans.
"""

from collections import defaultdict

import numpy as np

from outputs import ATTRIBUTION, DEVICES, FRAMING, OUTPUTS, SENTENCE_OUTPUTS, TOKEN_OUTPUTS

COLUMN = {name: i for i, name in enumerate(OUTPUTS)}
CORPUS = {o: "ptc" for o in FRAMING} | {o: "polnear" for o in ["attributed", *ATTRIBUTION.values()]}
# A finding that has less than one chance in five by the model's own count is not worth showing.
GRID = np.round(np.arange(0.20, 0.97, 0.01), 2)
GAPS = (0, 1, 2)
PRECISION_FLOOR = 0.30
STABLE_F1 = 0.30


def sigmoid(x):
    return 1 / (1 + np.exp(-np.clip(x, -40, 40)))


def prf(predicted, gold):
    hit = float((predicted & gold).sum())
    precision = hit / max(1.0, float(predicted.sum()))
    recall = hit / max(1.0, float(gold.sum()))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def sentence_table(rows, logits, output):
    """(logits, gold) of one sentence output over the rows of its corpus."""
    chosen = [i for i, row in enumerate(rows) if row.corpus == CORPUS[output]]
    column = COLUMN[output]
    return (
        np.array([logits[i][0, column] for i in chosen]),
        np.array([rows[i].target[0, column] > 0 for i in chosen]),
    )


def token_table(rows, logits, output):
    chosen = [i for i, row in enumerate(rows) if row.corpus == CORPUS[output]]
    column = COLUMN[output]
    return (
        np.concatenate([logits[i][1:-1, column] for i in chosen]),
        np.concatenate([rows[i].target[1:-1, column] > 0 for i in chosen]),
    )


def temperature(logits, gold):
    """The T that minimises the cross-entropy of sigmoid(logit / T) (Guo et al., ICML 2017)."""
    candidates = np.exp(np.linspace(np.log(0.4), np.log(4), 70))
    sign = np.where(gold, 1.0, -1.0)
    losses = [np.logaddexp(0, -sign * logits / t).mean() for t in candidates]
    return round(float(candidates[int(np.argmin(losses))]), 4)


def threshold(probabilities, gold, floor):
    """The best threshold for F1 among those with at least `floor` precision; when none
    reaches the floor, the best for F1."""
    scored = []
    for t in GRID:
        precision, _, f1 = prf(probabilities >= t, gold)
        scored.append((precision >= floor, f1, float(t)))
    return max(scored)


def decode(probabilities, offsets, text, limit, gap):
    """Runs of tokens at or above `limit`, joined over gaps of up to `gap` tokens, widened
    to whole words and joined where they then meet, as (start, end) in code points; those
    without a word in them are dropped. The same as `src/decode.rs`."""
    spans, last = [], None
    for i in np.flatnonzero(probabilities >= limit):
        if last is not None and i - last - 1 <= gap:
            spans[-1][1] = int(offsets[i, 1])
        else:
            spans.append([int(offsets[i, 0]), int(offsets[i, 1])])
        last = i
    for span in spans:
        while 0 < span[0] < len(text) and text[span[0] - 1].isalnum() and text[span[0]].isalnum():
            span[0] -= 1
        while 0 < span[1] < len(text) and text[span[1] - 1].isalnum() and text[span[1]].isalnum():
            span[1] += 1
    return [(a, b) for a, b in merged(map(tuple, spans)) if has_word(text[a:b])]


def has_word(text):
    """Whether there is more in it than marks and the word "a"."""
    return [c.lower() for c in text if c.isalnum()] not in ([], ["a"])


def merged(spans):
    """Overlapping and touching spans joined, in order."""
    result = []
    for a, b in sorted(spans):
        if result and a <= result[-1][1]:
            result[-1] = (result[-1][0], max(b, result[-1][1]))
        else:
            result.append((a, b))
    return result


def span_f1(predicted, gold):
    """SemEval-2020 partial overlap over {document: [(start, end)]}; (P, R, F1)."""
    p = r = 0.0
    count_p = count_g = 0
    for document in set(predicted) | set(gold):
        ps, gs = merged(predicted.get(document, [])), merged(gold.get(document, []))
        count_p += len(ps)
        count_g += len(gs)
        for a, b in ps:
            for c, d in gs:
                overlap = max(0, min(b, d) - max(a, c))
                p += overlap / (b - a)
                r += overlap / (d - c)
    p, r = p / max(1, count_p), r / max(1, count_g)
    return p, r, 2 * p * r / max(1e-9, p + r)


def overlap_f1(predicted, gold):
    """A span is right when it shares a character with one of the other side; (P, R, F1)."""
    hits_p = hits_g = count_p = count_g = 0
    for document in set(predicted) | set(gold):
        ps, gs = predicted.get(document, []), gold.get(document, [])
        count_p += len(ps)
        count_g += len(gs)
        hits_p += sum(any(a < d and c < b for c, d in gs) for a, b in ps)
        hits_g += sum(any(a < d and c < b for a, b in ps) for c, d in gs)
    p, r = hits_p / max(1, count_p), hits_g / max(1, count_g)
    return p, r, 2 * p * r / max(1e-9, p + r)


def spans_of(rows, logits, output, temp, limit, gap, gate=None):
    """(predicted, gold) spans of one output by sentence, offsets within the sentence.
    `gate` is (output, temperature, threshold): sentences under it give no span."""
    predicted, gold = defaultdict(list), defaultdict(list)
    column = COLUMN[output]
    for i, row in enumerate(rows):
        if row.corpus != CORPUS[output]:
            continue
        key = (row.document, row.start)
        for a, b, name in row.spans:
            if name == output or (output == "any-device" and name in FRAMING):
                gold[key].append((a, b))
        if gate and sigmoid(logits[i][0, COLUMN[gate[0]]] / gate[1]) < gate[2]:
            continue
        probabilities = sigmoid(logits[i][1:-1, column] / temp)
        found = decode(probabilities, row.offsets[1:-1], row.text, limit, gap)
        if found:
            predicted[key] = found
    return predicted, gold


def fit(rows, logits, fine=True):
    """Chooses temperature, threshold, gap and status of every output on these rows."""
    decision = {"sentence": {}, "token": {}}
    for output in SENTENCE_OUTPUTS:
        x, gold = sentence_table(rows, logits, output)
        temp = temperature(x, gold)
        _, f1, limit = threshold(sigmoid(x / temp), gold, PRECISION_FLOOR)
        decision["sentence"][output] = {
            "temperature": temp,
            "threshold": limit,
            "abstain_from": round(0.9 * limit, 3),
            "status": "stable" if f1 >= STABLE_F1 else "preview",
            "tune_f1": round(f1, 4),
        }
    for output in TOKEN_OUTPUTS:
        x, gold = token_table(rows, logits, output)
        temp = temperature(x, gold)
        measure = overlap_f1 if output in ATTRIBUTION.values() else span_f1
        gate = None
        if output in FRAMING:
            own = decision["sentence"][output]
            gate = (output, own["temperature"], own["threshold"])
        best = (-1.0, 0.5, 0)
        if fine:
            for limit in np.round(np.arange(0.06, 0.76, 0.04), 2):
                for gap in GAPS:
                    f1 = measure(*spans_of(rows, logits, output, temp, limit, gap, gate))[2]
                    best = max(best, (f1, float(limit), gap))
        decision["token"][output] = {
            "temperature": temp,
            "threshold": best[1],
            "gap": best[2],
            "tune_f1": round(best[0], 4),
        }
    return decision


def expected_calibration_error(probabilities, gold, bins=10):
    """ECE over equal-width bins of the predicted probability (Guo et al., ICML 2017)."""
    which = np.minimum((probabilities * bins).astype(int), bins - 1)
    return float(
        sum(
            (which == b).mean() * abs(probabilities[which == b].mean() - gold[which == b].mean())
            for b in range(bins)
            if (which == b).any()
        )
    )


def scores(rows, logits, decision):
    """Every figure of the card, under a fitted decision."""
    result = {"sentence": {}, "token": {}}
    micro = np.zeros(3)  # hits, predicted, gold
    for output in SENTENCE_OUTPUTS:
        x, gold = sentence_table(rows, logits, output)
        if not len(gold):
            continue
        own = decision["sentence"][output]
        probabilities = sigmoid(x / own["temperature"])
        predicted = probabilities >= own["threshold"]
        precision, recall, f1 = prf(predicted, gold)
        if output in DEVICES.values():
            micro += ((predicted & gold).sum(), predicted.sum(), gold.sum())
        result["sentence"][output] = {
            "support": int(gold.sum()),
            "sentences": len(gold),
            "precision": precision,
            "recall": recall,
            "f1": f1,
            "ece": expected_calibration_error(probabilities, gold),
            "brier": float(((probabilities - gold) ** 2).mean()),
            "status": own["status"],
        }
    if micro[2]:
        result["device_micro_f1"] = float(2 * micro[0] / (micro[1] + micro[2]))
        result["device_macro_f1"] = float(
            np.mean([result["sentence"][d]["f1"] for d in DEVICES.values()])
        )
    for output in TOKEN_OUTPUTS:
        own = decision["token"][output]
        gate = None
        if output in FRAMING:
            sentence = decision["sentence"][output]
            gate = (output, sentence["temperature"], sentence["threshold"])
        pair = spans_of(
            rows, logits, output, own["temperature"], own["threshold"], own["gap"], gate
        )
        support = sum(map(len, pair[1].values()))
        if not support:
            continue
        kinds = {"overlap": overlap_f1} if output in ATTRIBUTION.values() else {}
        kinds["partial"] = span_f1
        result["token"][output] = {"support": support} | {
            name: dict(zip(("precision", "recall", "f1"), measure(*pair), strict=True))
            for name, measure in kinds.items()
        }
    return result


def summary(rows, logits):
    """A few figures for the training log, with thresholds chosen on the same rows."""
    decision = fit(rows, logits, fine=False)
    for output in ("any-device", *ATTRIBUTION.values()):
        own = decision["token"][output]
        measure = overlap_f1 if output in ATTRIBUTION.values() else span_f1
        own["threshold"] = max(
            (measure(*spans_of(rows, logits, output, own["temperature"], t, 1))[2], t)
            for t in (0.15, 0.25, 0.35, 0.5)
        )[1]
        own["gap"] = 1
    figures = scores(rows, logits, decision)
    token = figures["token"]
    return {
        "any-device F1": figures["sentence"]["any-device"]["f1"],
        "device micro-F1": figures["device_micro_f1"],
        "device macro-F1": figures["device_macro_f1"],
        "span F1": token["any-device"]["partial"]["f1"],
        "attributed F1": figures["sentence"]["attributed"]["f1"],
        **{f"{o} overlap F1": token[o]["overlap"]["f1"] for o in ATTRIBUTION.values()},
    }
