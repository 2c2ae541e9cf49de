"""The few figures by which training chooses an epoch and experiments are compared.

Thresholds are chosen on the rows that are scored, so these figures are optimistic and
only fit to compare runs with one another. What is published comes from
`rhetor evaluate`.
"""

import numpy as np

from outputs import ATTRIBUTION, COLUMN, DEVICES, OUTPUTS

# Of the token maximum in a sentence's logit, for the outputs that have one; in the
# published model the weight is fitted by `rhetor evaluate --fit`.
STRONGEST = 0.5
FEWEST = 20  # positives that a device needs to count in the macro figures


def best_f1(scores, gold):
    """The best F1 over all thresholds, and the average precision."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(gold[order])
    places = np.arange(1, len(gold) + 1)
    f1 = 2 * hits / (places + gold.sum())
    precision = hits / places
    average = float((precision * gold[order]).sum() / max(1, gold.sum()))
    return float(f1.max()), average


def sentence(rows, logits, output, corpora=None):
    """(logit, gold) of a sentence output over the rows that annotate it."""
    column = COLUMN[output]
    tokens = [COLUMN[o] for o in ("cue", "content")] if output == "attributed" else [column]
    x, gold = [], []
    for row, z in zip(rows, logits, strict=True):
        if not row.weight[0, column] or (corpora and row.corpus not in corpora):
            continue
        value = z[0, column]
        if output in DEVICES or output in ("any-device", "attributed", "biased"):
            value = (1 - STRONGEST) * value + STRONGEST * z[1:-1, tokens].max(initial=-9)
        x.append(value)
        gold.append(row.target[0, column])
    return np.array(x), np.array(gold, dtype=bool)


def runs(on, gap):
    """Runs of true values, joined over gaps of up to `gap`, as (first, last + 1)."""
    found = []
    for i in np.flatnonzero(on):
        if found and i - found[-1][1] <= gap:
            found[-1][1] = i + 1
        else:
            found.append([i, i + 1])
    return found


def span_f1(rows, logits, output, overlap):
    """The best F1 over a few thresholds and gaps: of spans that overlap, or the partial
    overlap of SemEval-2020 Task 11, each a sentence at a time."""
    column = COLUMN[output]
    names = DEVICES if output == "any-device" else [output]
    chosen = [(r, z) for r, z in zip(rows, logits, strict=True) if r.weight[1, column]]
    best = 0.0
    for limit in (-1.5, -1.0, -0.5, 0.0):
        for gap in (1, 2):
            p = r = count_p = count_g = 0.0
            for row, z in chosen:
                gold = merged([(a, b) for a, b, o in row.spans if o in names])
                own = row.offsets[1:-1]
                found = [(own[a, 0], own[b - 1, 1]) for a, b in runs(z[1:-1, column] > limit, gap)]
                count_p += len(found)
                count_g += len(gold)
                if not (found and gold):
                    continue
                shared = np.array([[max(0, min(b, d) - max(a, c)) for c, d in gold] for a, b in found])
                if overlap:
                    p += (shared.sum(1) > 0).sum()
                    r += (shared.sum(0) > 0).sum()
                else:
                    p += sum(s / (b - a) for s, (a, b) in zip(shared.sum(1), found, strict=True))
                    r += sum(s / (d - c) for s, (c, d) in zip(shared.sum(0), gold, strict=True))
            p, r = p / max(1, count_p), r / max(1, count_g)
            best = max(best, 2 * p * r / max(1e-9, p + r))
    return float(best)


def merged(spans):
    result = []
    for a, b in sorted(spans):
        if result and a < result[-1][1]:
            result[-1] = (result[-1][0], max(b, result[-1][1]))
        else:
            result.append((a, b))
    return result


def summary(rows, logits):
    """The figures of what the rows annotate, and `score`, their mean weighted for what the
    model is for."""
    figures = {}
    annotated = {o for r in rows for o in OUTPUTS if r.weight[:, COLUMN[o]].any()}
    for name in ("any-device", "attributed", "weasel", "check-worthy", "biased"):
        if name in annotated:
            figures[name], figures[f"{name} AP"] = best_f1(*sentence(rows, logits, name))
    if any(r.corpus == "subj" for r in rows):
        figures["subj"], figures["subj AP"] = best_f1(*sentence(rows, logits, "subjective", ["subj"]))
    if "any-device" in annotated:
        each = {}
        for device in DEVICES:
            x, gold = sentence(rows, logits, device)
            if gold.sum() >= FEWEST:
                each[device] = best_f1(x, gold)
        figures["device F1"] = float(np.mean([f for f, _ in each.values()]))
        figures["device AP"] = float(np.mean([a for _, a in each.values()]))
        figures["devices"] = {d: round(f, 3) for d, (f, _) in each.items()}
        figures["SI"] = span_f1(rows, logits, "any-device", overlap=False)
    for output in [*ATTRIBUTION, "biased"]:
        if output in annotated:
            figures[f"{output} spans"] = span_f1(rows, logits, output, overlap=True)
    parts = [
        (0.5, ["any-device", "device F1", "SI"]),
        (0.25, [*(f"{o} spans" for o in ATTRIBUTION), "attributed"]),
        (0.25, ["weasel", "check-worthy", "biased", "subj"]),
    ]
    parts = [(w, [figures[n] for n in names if n in figures]) for w, names in parts]
    parts = [(w, np.mean(own)) for w, own in parts if own]
    figures["score"] = float(sum(w * f for w, f in parts) / sum(w for w, _ in parts))
    return figures
