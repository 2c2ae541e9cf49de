"""Fine-tunes the base encoder on all corpora at once and keeps the best epoch by the tune part.

One linear layer over every position, a sigmoid per output: on [CLS] the sentence's
probabilities, on the tokens the evidence. A corpus teaches only the outputs that it
annotates. Writes WORK/last.pt after every epoch (a run resumes from it) and
WORK/best.pt.
"""

import argparse
import json
import math
import random
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F
from transformers import BertConfig, BertForTokenClassification, get_linear_schedule_with_warmup

import data
import metrics
from outputs import ANNOTATES, OUTPUTS


def masks(device):
    """Per corpus, 1 for the outputs whose loss counts: on the sentence, on the tokens."""
    result = {}
    for corpus, annotated in ANNOTATES.items():
        result[corpus] = [
            torch.tensor([float(o in annotated[level]) for o in OUTPUTS], device=device)
            for level in ("sentence", "token")
        ]
    return result


def batches(rows, size, shuffle):
    """Sentences of about one length together: `size` tokens a batch, padding included."""
    keyed = sorted(rows, key=lambda r: len(r.ids) + (shuffle.random() * 6 if shuffle else 0))
    result, batch = [], []
    for row in keyed:
        if batch and (len(batch) + 1) * max(len(row.ids), len(batch[-1].ids)) > size:
            result.append(batch)
            batch = []
        batch.append(row)
    result.append(batch)
    if shuffle:
        shuffle.shuffle(result)
    return result


def collate(rows, device, corpus_masks):
    length = max(len(r.ids) for r in rows)
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    attention = torch.zeros(len(rows), length, dtype=torch.long)
    target = torch.zeros(len(rows), length, len(OUTPUTS))
    weight = torch.zeros(len(rows), length, len(OUTPUTS))
    for i, row in enumerate(rows):
        n = len(row.ids)
        ids[i, :n] = torch.from_numpy(row.ids)
        attention[i, :n] = 1
        target[i, :n] = torch.from_numpy(row.target)
        sentence, token = corpus_masks[row.corpus]
        weight[i, 0] = sentence
        weight[i, 1 : n - 1] = token
    return [t.to(device) for t in (ids, attention, target, weight)]


def loss_of(logits, target, weight):
    """Cross-entropy per output, averaged over the positions that teach it: the sentence
    part over sentences, the token part over tokens, then summed over the outputs."""
    each = F.binary_cross_entropy_with_logits(logits, target, reduction="none") * weight
    counted = (weight.sum(-1) > 0).float()
    sentence = each[:, 0].sum() / counted[:, 0].sum()
    token = each[:, 1:].sum() / counted[:, 1:].sum().clamp(min=1)
    return sentence + token


@torch.no_grad()
def predict(model, rows, device):
    """Logits (tokens × outputs) of every row, each sentence without padding neighbours' effect."""
    model.eval()
    logits = {}
    for batch in batches(rows, 4096, None):
        ids, attention, _, _ = collate(batch, device, masks("cpu"))
        out = model(input_ids=ids, attention_mask=attention).logits.float().cpu().numpy()
        for row, values in zip(batch, out, strict=True):
            logits[id(row)] = values[: len(row.ids)]
    return [logits[id(row)] for row in rows]


def layer_groups(model, rate, decay, head_rate):
    """Lower layers learn more slowly: rate × decay^(distance from the top)."""
    layers = [model.bert.embeddings, *model.bert.encoder.layer]
    groups = [{"params": model.classifier.parameters(), "lr": head_rate}]
    for depth, layer in enumerate(reversed(layers)):
        groups.append({"params": layer.parameters(), "lr": rate * decay**depth})
    return groups


def main():
    cli = argparse.ArgumentParser()
    cli.add_argument("--base", type=Path, required=True)
    cli.add_argument("--shared", type=Path, required=True)
    cli.add_argument("--rhetor", required=True)
    cli.add_argument("--work", type=Path, required=True)
    cli.add_argument("--epochs", type=int, default=4)
    cli.add_argument("--rate", type=float, default=2e-4)
    cli.add_argument("--decay", type=float, default=0.9)
    cli.add_argument("--batch-tokens", type=int, default=2304)
    cli.add_argument("--minutes", type=float, default=math.inf, help="stop after the epoch that passes this")
    cli.add_argument("--seed", type=int, default=0)
    cli.add_argument("--bench", type=int, default=0, help="time this many steps and stop")
    args = cli.parse_args()

    torch.manual_seed(args.seed)
    np.random.seed(args.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    encoder = data.tokenizer(args.base / "tokenizer.json")
    rows = data.read(args.shared, args.rhetor, encoder)
    for name, part in rows.items():
        print(name, len(part), "sentences", sum(len(r.ids) for r in part), "tokens", flush=True)

    config = BertConfig.from_pretrained(
        args.base,
        num_labels=len(OUTPUTS),
        id2label=dict(enumerate(OUTPUTS)),
        label2id={o: i for i, o in enumerate(OUTPUTS)},
        problem_type="multi_label_classification",
    )
    model = BertForTokenClassification.from_pretrained(args.base, config=config).to(device)
    # Most outputs are off on most tokens: start there instead of at one half.
    torch.nn.init.constant_(model.classifier.bias, -3.0)
    optimiser = torch.optim.AdamW(
        layer_groups(model, args.rate, args.decay, args.rate * 5), weight_decay=0.01
    )
    corpus_masks = masks("cpu")
    epoch_steps = len(batches(rows["train"], args.batch_tokens, random.Random(args.seed)))
    steps = int(epoch_steps * args.epochs * 1.02)
    schedule = get_linear_schedule_with_warmup(optimiser, steps // 20, steps)
    amp = torch.autocast(device, dtype=torch.bfloat16)

    args.work.mkdir(parents=True, exist_ok=True)
    last, first_epoch, best, log = args.work / "last.pt", 0, -1.0, []
    if last.exists() and not args.bench:
        saved = torch.load(last, map_location=device)
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        schedule.load_state_dict(saved["schedule"])
        first_epoch, best, log = saved["epoch"], saved["best"], saved["log"]
        print("resumed after epoch", first_epoch, flush=True)

    began = time.time()
    for epoch in range(first_epoch, args.epochs):
        torch.manual_seed(args.seed * 1000 + epoch)
        model.train()
        total, t0 = 0.0, time.time()
        for step, batch in enumerate(batches(rows["train"], args.batch_tokens, random.Random(f"{args.seed}/{epoch}"))):
            ids, attention, target, weight = collate(batch, device, corpus_masks)
            with amp:
                logits = model(input_ids=ids, attention_mask=attention).logits
            loss = loss_of(logits.float(), target, weight)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
            if step % 100 == 99:
                done = step + 1
                print(f"epoch {epoch} step {done}/{epoch_steps} loss {total / done:.4f} {(time.time() - t0) / done:.3f} s/step", flush=True)
            if args.bench and step + 1 == args.bench:
                return
        tune = predict(model, rows["tune"], device)
        figures = metrics.summary(rows["tune"], tune)
        # Chosen before the run: device micro-F1 is noisy, so spans and attribution count too.
        score = float(np.mean([figures[k] for k in ("any-device F1", "device micro-F1", "span F1", "attributed F1", "cue overlap F1")]))
        log.append({"epoch": epoch + 1, "loss": total / epoch_steps, "seconds": time.time() - t0, "tune": figures, "score": score})
        print(json.dumps(log[-1]), flush=True)
        if score > best:
            best = score
            torch.save(model.state_dict(), args.work / "best.pt")
        torch.save({"model": model.state_dict(), "optimiser": optimiser.state_dict(), "schedule": schedule.state_dict(), "epoch": epoch + 1, "best": best, "log": log}, last)
        if (time.time() - began) / 60 > args.minutes:
            break
    config.save_pretrained(args.work)
    (args.work / "run.json").write_text(json.dumps({"data": data.digest(rows), "arguments": {k: str(v) for k, v in vars(args).items() if k not in ("base", "shared", "rhetor", "work")}, "epochs": log}, indent=1))


if __name__ == "__main__":
    main()
