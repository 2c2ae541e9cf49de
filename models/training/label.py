"""What teachers say of every training sentence, and of news that nobody annotated.

A teacher learns one task alone, better than one model learns them all; here each labels
the sentences of all corpora, so that the one model, in `train.py --run all`, is taught every
output on every sentence (Clark et al., 2019, "BAM! Born-Again Multi-Task Networks"). Where a
task has several teachers, each without another part of the documents, that part of all
corpora is labelled by the one that has not seen it. Writes the logits, one row a token, in
the order of `data.taught`.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

import data
from outputs import COLUMN, OUTPUTS, TEACHERS
from train import fresh, predict


def main():
    cli = argparse.ArgumentParser()
    cli.add_argument("--base", type=Path, required=True)
    cli.add_argument("--corpus", type=Path, required=True, help="what `rhetor corpus` printed")
    cli.add_argument("--news", type=Path, required=True, help="the same of news without labels")
    cli.add_argument("--work", type=Path, required=True, help="the folder of the runs")
    told = "runs in that folder: TASK, or TASK/0 to TASK/N-1, each without that part"
    cli.add_argument("--teachers", nargs="+", required=True, help=told)
    cli.add_argument("--output", type=Path, required=True)
    args = cli.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    encoder = data.tokenizer(args.base / "tokenizer.json")
    rows = data.taught(data.read(args.corpus, encoder), data.news(args.news, encoder))
    model = fresh(args.base).to(device)
    logits = [np.zeros((len(r.ids), len(OUTPUTS)), dtype=np.float16) for r in rows]
    for teacher in args.teachers:
        task, _, left_out = teacher.partition("/")
        folds = sum(t.partition("/")[0] == task for t in args.teachers)
        own = [i for i, r in enumerate(rows) if data.fold(r, folds) == int(left_out or 0)]
        columns = [COLUMN[o] for o in TEACHERS[task]]
        model.load_state_dict(torch.load(args.work / teacher / "best.pt", map_location=device))
        for i, z in zip(own, predict(model, [rows[i] for i in own], device), strict=True):
            logits[i][:, columns] = z[:, columns]
        print(teacher, "labelled", len(own), "sentences", flush=True)
    logits = np.concatenate(logits)
    whole = args.output.with_suffix(".part.npy")
    np.save(whole, logits)
    whole.replace(args.output)


if __name__ == "__main__":
    main()
