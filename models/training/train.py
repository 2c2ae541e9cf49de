"""Fine-tunes the base encoder on all corpora at once and keeps the best epoch by the tune part.

Two runs of it make a model, `--run mixed` and `--run separate`, and `export.py` takes the
mean of their weights.

One linear layer over every position, a sigmoid per output: on [CLS] the sentence's
probabilities, on the tokens the evidence. A sentence teaches only the outputs that its
corpus annotates. What is evaluated and kept is a running average of the weights. Writes
WORK/last.pt after every epoch (a run resumes from it), WORK/best.pt, and WORK/run.json.

`--fifth` is for experiments: trains on a fixed fifth of the train part's documents and
evaluates on the tune part and on another fifth, which is less noisy than tune alone.
EXPERIMENTS.md has what came of them.
"""

import argparse
import json
import random
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from torch.nn import functional as F
from transformers import BertConfig, BertForTokenClassification, get_linear_schedule_with_warmup

import data
import metrics
from outputs import COLUMN, DEVICES, OUTPUTS

@dataclass(frozen=True)
class Run:
    """One fine-tuning of the base encoder. A share is how much of a corpus an epoch sees, a
    new draw each time: in the first epoch, in the others. The check-worthy sentences are
    debates, not news; attribution is learnt quickly, from the largest corpus."""

    epochs: int
    batch_tokens: int
    shares: dict
    mixed: bool  # whether a batch may hold several corpora


# Batches of all corpora learn the rarer devices better, batches of one corpus the small
# tasks, which would be drowned by those with more outputs and more tokens (as in Liu et
# al., 2019, "Multi-Task Deep Neural Networks").
RUNS = {
    "mixed": Run(4, 2304, {"polnear": (0.4, 0.25), "checkworthy": (0.12, 0.24), "wikiweasel": (0.6, 0.9)}, True),
    "separate": Run(
        5,
        1792,
        {
            "ptc": (0.75, 0.75),
            "polnear": (0.42, 0.42),
            "checkworthy": (0.4, 0.4),
            "wikiweasel": (0.75, 0.75),
            "babe": (0.75, 0.75),
            "subj": (0.6, 0.6),
        },
        False,
    ),
}
MEAN_EVERY = 4  # steps between two updates of the running mean of the weights
LARGE = ("polnear", "checkworthy")  # a fifth of their tune part chooses the epoch
HELD_OUT = 1  # the fifth of train that scores an experiment


def parts(rows, fifth):
    """(train, tune): of the whole data, or of the fifths that an experiment uses."""
    train = [r for r in rows if r.part == "train"]
    tune = [r for r in rows if r.part == "tune"]
    tune = [r for r in tune if r.corpus not in LARGE or data.fifth(r) == HELD_OUT]
    if fifth is not None:
        assert fifth != HELD_OUT, "this fifth scores the experiments"
        tune += [r for r in train if r.corpus not in LARGE and data.fifth(r) == HELD_OUT]
        train = [r for r in train if data.fifth(r) == fifth]
    return train, tune


def epoch_batches(rows, run, epoch, seed, size):
    """The batches of one epoch, in their order: a matter of the seed alone."""
    shuffle = random.Random(f"{seed}/{epoch}")
    share = {r.corpus: run.shares.get(r.corpus, (1.0, 1.0))[min(epoch, 1)] for r in rows}
    drawn = [r for r in rows if shuffle.random() < share[r.corpus]]
    result = batches(drawn, size, run.mixed, shuffle)
    shuffle.shuffle(result)
    return result


def batches(rows, size, mixed=True, shuffle=None):
    """Sentences of about one length together, `size` tokens a batch, padding included; of
    one corpus together unless `mixed`."""

    def kind(row):
        return "" if mixed else row.corpus

    keyed = sorted(rows, key=lambda r: (kind(r), len(r.ids) + (shuffle.random() * 6 if shuffle else 0)))
    result, batch = [], []
    for row in keyed:
        full = batch and (len(batch) + 1) * max(len(row.ids), len(batch[-1].ids)) > size
        if full or (batch and kind(row) != kind(batch[-1])):
            result.append(batch)
            batch = []
        batch.append(row)
    result.append(batch)
    return result


def encoded(rows, device):
    length = max(len(r.ids) for r in rows)
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    attention = torch.zeros(len(rows), length, dtype=torch.long)
    for i, row in enumerate(rows):
        ids[i, : len(row.ids)] = torch.from_numpy(row.ids)
        attention[i, : len(row.ids)] = 1
    return ids.to(device), attention.to(device)


def targets(rows, length, device):
    target = torch.zeros(len(rows), length, len(OUTPUTS))
    weight = torch.zeros(len(rows), length, len(OUTPUTS))
    for i, row in enumerate(rows):
        n = len(row.ids)
        target[i, :n] = torch.from_numpy(row.target)
        sentence, token = torch.from_numpy(row.weight).float()
        weight[i, 0] = sentence
        weight[i, 1 : n - 1] = token
    return target.to(device), weight.to(device)


def loss_of(logits, target, weight, balance):
    """Cross-entropy per output, averaged over the positions that teach anything: the
    sentence part over sentences, the token part over tokens, then summed over the
    outputs. `balance` weighs the positives of each output."""
    each = F.binary_cross_entropy_with_logits(logits, target, pos_weight=balance, reduction="none")
    each = each * weight
    counted = (weight.sum(-1) > 0).float()
    sentence = each[:, 0].sum() / counted[:, 0].sum().clamp(min=1)
    token = each[:, 1:].sum() / counted[:, 1:].sum().clamp(min=1)
    return sentence + token


def balance_of(rows, power):
    """(negatives / positives) ^ power for the devices, by sentences; 1 for all others."""
    result = torch.ones(len(OUTPUTS))
    for device in DEVICES:
        seen = [r.target[0, COLUMN[device]] for r in rows if r.weight[0, COLUMN[device]]]
        result[COLUMN[device]] = (len(seen) / max(1, sum(seen)) - 1) ** power
    return result


@torch.no_grad()
def predict(model, rows, device):
    """Logits (tokens × outputs) of every row, without its padding."""
    model.eval()
    logits = {}
    for batch in batches(rows, 4096):
        ids, attention = encoded(batch, device)
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


def fresh(base, balance):
    """The base encoder under a new classifier."""
    config = BertConfig.from_pretrained(
        base,
        num_labels=len(OUTPUTS),
        id2label=dict(enumerate(OUTPUTS)),
        label2id=COLUMN,
        problem_type="multi_label_classification",
    )
    model = BertForTokenClassification.from_pretrained(base, config=config)
    # Most outputs are off on most tokens: start there instead of at one half.
    with torch.no_grad():
        model.classifier.bias.copy_(balance.log() - 3)
    return model


def published(state, balance):
    """The weights without what the balance added: a weight w of the positives moves an
    output's logit by log w (King and Zeng, 2001), which would spoil its probabilities."""
    state = {name: t.detach().cpu().clone() for name, t in state.items()}
    state["classifier.bias"] -= balance.log()
    return state


def main():
    cli = argparse.ArgumentParser()
    cli.add_argument("--base", type=Path, required=True)
    cli.add_argument("--corpus", type=Path, required=True, help="what `rhetor corpus` printed")
    cli.add_argument("--work", type=Path, required=True)
    cli.add_argument("--run", choices=RUNS, default="separate")
    cli.add_argument("--epochs", type=int)
    cli.add_argument("--patience", type=int, default=2, help="epochs without a better one")
    cli.add_argument("--rate", type=float, default=3e-4)
    cli.add_argument("--decay", type=float, default=0.9)
    cli.add_argument("--balance", type=float, default=0.0)
    cli.add_argument("--average", type=float, default=0.995, help="of the running mean of the weights")
    cli.add_argument("--batch-tokens", type=int)
    cli.add_argument("--seed", type=int, default=0)
    cli.add_argument("--fifth", type=int, help="an experiment: train on this fifth only")
    cli.add_argument("--without", default="", help="corpora to leave out, with commas")
    cli.add_argument("--threads", type=int, default=0)
    args = cli.parse_args()

    run = RUNS[args.run]
    args.epochs, args.batch_tokens = args.epochs or run.epochs, args.batch_tokens or run.batch_tokens
    if args.threads:
        torch.set_num_threads(args.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    encoder = data.tokenizer(args.base / "tokenizer.json")
    train, tune = parts(data.read(args.corpus, encoder), args.fifth)
    train = [r for r in train if r.corpus not in args.without.split(",")]
    for name, part in (("train", train), ("tune", tune)):
        print(name, len(part), "sentences", sum(len(r.ids) for r in part), "tokens", flush=True)

    torch.manual_seed(args.seed)
    balance = balance_of(train, args.balance)
    model = fresh(args.base, balance).to(device)
    mean = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(args.average**MEAN_EVERY)
    )
    optimiser = torch.optim.AdamW(
        layer_groups(model, args.rate, args.decay, args.rate * 5), weight_decay=0.01
    )
    queues = [epoch_batches(train, run, e, args.seed, args.batch_tokens) for e in range(args.epochs)]
    steps = sum(len(queue) for queue in queues)
    schedule = get_linear_schedule_with_warmup(optimiser, steps // 20, steps)

    args.work.mkdir(parents=True, exist_ok=True)
    last, first_epoch, best, log = args.work / "last.pt", 0, -1.0, []
    kept = {"model": model, "mean": mean, "optimiser": optimiser, "schedule": schedule}
    if last.exists():
        saved = torch.load(last, map_location=device)
        for name, part in kept.items():
            part.load_state_dict(saved[name])
        first_epoch, best, log = saved["epoch"], saved["best"], saved["log"]
        print("resumed after epoch", first_epoch, flush=True)

    for epoch in range(first_epoch, args.epochs):
        torch.manual_seed(args.seed * 1000 + epoch)
        model.train()
        total, began = 0.0, time.time()
        queue = queues[epoch]
        for step, batch in enumerate(queue, 1):
            ids, attention = encoded(batch, device)
            target, weight = targets(batch, ids.shape[1], device)
            with torch.autocast(device, dtype=torch.bfloat16, enabled=device == "cuda"):
                logits = model(input_ids=ids, attention_mask=attention).logits
            loss = loss_of(logits.float(), target, weight, balance.to(device))
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            if step % MEAN_EVERY == 0:
                mean.update_parameters(model)
            total += loss.item()
            if step % 25 == 0:
                pace = (time.time() - began) / step
                print(f"epoch {epoch + 1} step {step}/{len(queue)} loss {total / step:.4f} {pace:.2f} s/step", flush=True)
        if args.fifth is not None and epoch + 1 < args.epochs:
            continue
        figures = metrics.summary(tune, predict(mean.module, tune, device))
        log.append({"epoch": epoch + 1, "loss": total / len(queue), "seconds": time.time() - began, "tune": figures})
        print(json.dumps(log[-1]), flush=True)
        if figures["score"] > best:
            best = figures["score"]
            torch.save(published(mean.module.state_dict(), balance), args.work / "best.pt")
        torch.save(
            {name: part.state_dict() for name, part in kept.items()}
            | {"epoch": epoch + 1, "best": best, "log": log},
            last,
        )
        if max(log, key=lambda e: e["tune"]["score"])["epoch"] <= epoch + 1 - args.patience:
            break
    settings = {k: v for k, v in vars(args).items() if not isinstance(v, Path)}
    told = {"data_sha256": data.sha256(args.corpus), "arguments": settings, "epochs": log}
    (args.work / "run.json").write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
