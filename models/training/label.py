"""What teachers say of every training sentence, and of news that nobody annotated.

A teacher learns one corpus alone, better than one model learns them all; here each labels
the sentences of all others, so that the one model, in `train.py --run all`, is taught every
output on every sentence (Clark et al., 2019, "BAM! Born-Again Multi-Task Networks"). That
model is then a teacher itself, of what it is not to forget. Writes the logits, one row a
token, in the order of `data.taught`.
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
    cli.add_argument("--teachers", nargs="+", choices=TEACHERS, required=True)
    cli.add_argument("--output", type=Path, required=True)
    args = cli.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    encoder = data.tokenizer(args.base / "tokenizer.json")
    rows = data.taught(data.read(args.corpus, encoder), data.news(args.news, encoder))
    model = fresh(args.base).to(device)
    logits = np.zeros((sum(len(r.ids) for r in rows), len(OUTPUTS)), dtype=np.float16)
    for teacher in args.teachers:
        model.load_state_dict(torch.load(args.work / teacher / "best.pt", map_location=device))
        columns = [COLUMN[o] for o in TEACHERS[teacher]]
        logits[:, columns] = np.concatenate([z[:, columns] for z in predict(model, rows, device)])
        print(teacher, "labelled", len(rows), "sentences", flush=True)
    whole = args.output.with_suffix(".part.npy")
    np.save(whole, logits)
    whole.replace(args.output)


if __name__ == "__main__":
    main()
