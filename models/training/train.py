"""Fine-tunes the base encoder and keeps the best epoch by the tune part.

First the teachers, `--run framing`, `attribution`, `weasel`, `check-worthy`, `opinion`: each
on the corpora of its task alone, the first two three times, each `--without` another third.
Then, when `label.py` has written what they say, `--run all`: all outputs from all corpora.

One linear layer over every position, a sigmoid per output: on [CLS] the sentence's
probabilities, on the tokens the evidence. A sentence teaches the outputs that its
corpus annotates, and with `--taught` what is said there of the others. What is evaluated and
kept is a running average of the weights. Writes WORK/last.pt after every epoch (a run
resumes from it), WORK/best.pt, and WORK/run.json.

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

import numpy as np
import torch
from torch.nn import functional as F
from transformers import BertConfig, BertForTokenClassification, get_linear_schedule_with_warmup

import data
import metrics
from outputs import COLUMN, OUTPUTS, SENTENCE_OUTPUTS, TOKEN_OUTPUTS


@dataclass(frozen=True)
class Run:
    """One fine-tuning of the base encoder."""

    epochs: int
    batch_tokens: int
    shares: dict  # corpus: how much of it an epoch sees, a new draw each time


# A batch holds sentences of one corpus, so that the small ones are not drowned by those with
# more outputs and more tokens (as in Liu et al., 2019, "Multi-Task Deep Neural Networks").
RUNS = {
    "weasel": Run(3, 1152, {"wikiweasel": 1.0}),
    "framing": Run(4, 1536, {"ptc": 1.0}),
    "attribution": Run(3, 1792, {"polnear": 1.0}),
    "check-worthy": Run(2, 1536, {"checkworthy": 1.0}),
    "opinion": Run(4, 1152, {"babe": 1.0, "subj": 1.0}),
    "all": Run(
        5,
        1792,
        {"ptc": 1.0, "polnear": 0.7, "checkworthy": 0.6, "wikiweasel": 1.0, "babe": 1.0, "subj": 1.0, data.NEWS: 0.2},
    ),
}
MEAN_EVERY = 4  # steps between two updates of the running mean of the weights
# What a teacher's word counts where nobody annotated anything: on a sentence, on its tokens.
TAUGHT = 0.5 * torch.tensor([[o in own for o in OUTPUTS] for own in (SENTENCE_OUTPUTS, TOKEN_OUTPUTS)])
LARGE = ("polnear", "checkworthy")  # a fifth of their tune part chooses the epoch
HELD_OUT = 1  # the fifth of train that scores an experiment


def parts(rows, fifth):
    """(train, tune): of the whole data, or of the fifths that an experiment uses."""
    train = [r for r in rows if r.part == "train"]
    tune = [r for r in rows if r.part == "tune"]
    tune = [r for r in tune if r.corpus not in LARGE or data.fold(r, 5) == HELD_OUT]
    if fifth is not None:
        assert fifth != HELD_OUT, "this fifth scores the experiments"
        tune += [r for r in train if r.corpus not in LARGE and data.fold(r, 5) == HELD_OUT]
        train = [r for r in train if data.fold(r, 5) == fifth]
    return train, tune


def with_teachers(rows, news, logits):
    """All rows and the news, those of `data.taught` with what the teachers say of them."""
    taught = data.taught(rows, news)
    ends = np.cumsum([len(r.ids) for r in taught])
    assert ends[-1] == len(logits), "the teachers labelled other sentences"
    for row, end in zip(taught, ends, strict=True):
        row.logits = logits[end - len(row.ids) : end]
    return taught + [r for r in rows if r.part != "train"]


def epoch_batches(rows, run, epoch, seed, size):
    """The batches of one epoch, in their order: a matter of the seed alone."""
    shuffle = random.Random(f"{seed}/{epoch}")
    drawn = [r for r in rows if shuffle.random() < run.shares[r.corpus]]
    result = batches(drawn, size, shuffle)
    shuffle.shuffle(result)
    return result


def batches(rows, size, shuffle=None):
    """Sentences of about one length together, `size` tokens a batch, padding included; of
    one corpus together."""
    keyed = sorted(rows, key=lambda r: (r.corpus, len(r.ids) + (shuffle.random() * 6 if shuffle else 0)))
    result, batch = [], []
    for row in keyed:
        full = batch and (len(batch) + 1) * max(len(row.ids), len(batch[-1].ids)) > size
        if full or (batch and row.corpus != batch[-1].corpus):
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


def targets(rows, length, device, trust):
    """(target, weight) of a batch. Where a row has teachers, the target of an annotated
    output is a mean of both, in which the annotation counts `trust`, from 0 to 1; that of
    the others is the teacher's."""
    shape = len(rows), length, len(OUTPUTS)
    target, weight, taught = torch.zeros(shape), torch.zeros(shape), torch.zeros(shape)
    trusted = torch.ones(shape)
    for i, row in enumerate(rows):
        n = len(row.ids)
        target[i, :n] = torch.from_numpy(row.target)
        own = torch.from_numpy(row.weight).float()
        if row.logits is not None:
            taught[i, :n] = torch.from_numpy(row.logits)
            trusted[i, 0], trusted[i, 1:n] = trust * own
            own = torch.maximum(own, TAUGHT)
        weight[i, 0], weight[i, 1 : n - 1] = own
    target = trusted * target + (1 - trusted) * taught.sigmoid_()
    return target.to(device), weight.to(device)


def loss_of(logits, target, weight):
    """Cross-entropy per output, averaged over the positions that teach anything: the
    sentence part over sentences, the token part over tokens, then summed over the outputs."""
    each = F.binary_cross_entropy_with_logits(logits, target, reduction="none") * weight
    counted = (weight.sum(-1) > 0).float()
    sentence = each[:, 0].sum() / counted[:, 0].sum().clamp(min=1)
    token = each[:, 1:].sum() / counted[:, 1:].sum().clamp(min=1)
    return sentence + token


@torch.no_grad()
def predict(model, rows, device):
    """Logits (tokens × outputs) of every row, without its padding."""
    model.eval()
    logits = {}
    for batch in batches(rows, 4096):
        ids, attention = encoded(batch, device)
        with torch.autocast(device, dtype=torch.bfloat16):
            out = model(input_ids=ids, attention_mask=attention).logits
        out = out.float().cpu().numpy()
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


class Dropout(torch.nn.Module):
    """Dropout whose masks are cut from one pool of random values: on a processor, drawing a
    new mask each time takes a sixth of a step."""

    def __init__(self, pool, p):
        super().__init__()
        self.pool, self.p = pool, p

    def forward(self, x):
        if not self.training:
            return x
        start = torch.randint(len(self.pool) - x.numel(), (1,)).item()
        return x * self.pool[start : start + x.numel()].view(x.shape)


def with_pool(model, device):
    """The model with its dropout replaced."""
    p = model.config.hidden_dropout_prob
    pool = (torch.rand(1 << 24) >= p).float().div(1 - p).to(device)
    for module in model.modules():
        for name, part in module.named_children():
            if isinstance(part, torch.nn.Dropout) and part.p > 0:
                setattr(module, name, Dropout(pool, p))
    return model


def fresh(base):
    """The base encoder under a new classifier. No dropout on the attention's probabilities,
    and plain matrix products for it: on a processor each saves a tenth of a step or more."""
    config = BertConfig.from_pretrained(
        base,
        num_labels=len(OUTPUTS),
        id2label=dict(enumerate(OUTPUTS)),
        label2id=COLUMN,
        problem_type="multi_label_classification",
        attention_probs_dropout_prob=0.0,
    )
    model = BertForTokenClassification.from_pretrained(base, config=config, attn_implementation="eager")
    # Most outputs are off on most tokens: start there instead of at one half.
    with torch.no_grad():
        model.classifier.bias.fill_(-3)
    return model


def main():
    cli = argparse.ArgumentParser()
    cli.add_argument("--base", type=Path, required=True)
    cli.add_argument("--corpus", type=Path, required=True, help="what `rhetor corpus` printed")
    cli.add_argument("--work", type=Path, required=True)
    cli.add_argument("--run", choices=RUNS, required=True)
    cli.add_argument("--news", type=Path, help="news without labels, as `rhetor corpus` prints it")
    cli.add_argument("--taught", type=Path, help="what label.py wrote")
    cli.add_argument("--without", metavar="K/N", help="leaves out the K-th of N parts of the documents, from 0")
    cli.add_argument("--epochs", type=int)
    cli.add_argument("--patience", type=int, default=2, help="epochs without a better one")
    cli.add_argument("--rate", type=float, default=3e-4)
    cli.add_argument("--decay", type=float, default=0.9)
    cli.add_argument("--average", type=float, default=0.995, help="of the running mean of the weights")
    cli.add_argument("--batch-tokens", type=int)
    cli.add_argument("--seed", type=int, default=0)
    cli.add_argument("--fifth", type=int, help="an experiment: train on this fifth only")
    cli.add_argument("--threads", type=int, default=0)
    args = cli.parse_args()

    run = RUNS[args.run]
    args.epochs, args.batch_tokens = args.epochs or run.epochs, args.batch_tokens or run.batch_tokens
    if args.threads:
        torch.set_num_threads(args.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    encoder = data.tokenizer(args.base / "tokenizer.json")
    rows = data.read(args.corpus, encoder)
    if args.taught:
        rows = with_teachers(rows, data.news(args.news, encoder), np.load(args.taught))
    train, tune = parts(rows, args.fifth)
    train, tune = ([r for r in rows if r.corpus in run.shares] for rows in (train, tune))
    if args.without:
        left_out, folds = map(int, args.without.split("/"))
        train = [r for r in train if data.fold(r, folds) != left_out]
    for name, part in (("train", train), ("tune", tune)):
        print(name, len(part), "sentences", sum(len(r.ids) for r in part), "tokens", flush=True)

    torch.manual_seed(args.seed)
    model = with_pool(fresh(args.base).to(device), device)
    mean = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(args.average**MEAN_EVERY)
    )
    optimiser = torch.optim.AdamW(
        layer_groups(model, args.rate, args.decay, args.rate * 5), weight_decay=0.01, fused=True
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
            trust = (epoch + step / len(queue)) / args.epochs
            target, weight = targets(batch, ids.shape[1], device, trust)
            with torch.autocast(device, dtype=torch.bfloat16):
                logits = model(input_ids=ids, attention_mask=attention).logits
            loss = loss_of(logits.float(), target, weight)
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
            torch.save(mean.module.state_dict(), args.work / "best.pt")
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
