"""Reads the checkpoint: python read_checkpoint.py FOLDER "A sentence." (torch, transformers)."""

import json
import sys

import torch
from tokenizers import Tokenizer
from transformers import BertForTokenClassification


@torch.no_grad()
def probabilities(folder, sentence):
    # The weights are stored as f16; compute in f32. One sentence a pass, without padding.
    model = BertForTokenClassification.from_pretrained(folder, dtype=torch.float32).eval()
    ids = Tokenizer.from_file(f"{folder}/tokenizer.json").encode(sentence).ids
    logits, column = model(input_ids=torch.tensor([ids])).logits[0], model.config.label2id
    for name, own in json.load(open(f"{folder}/decision.json"))["sentence"].items():
        # Row 0, [CLS], is the sentence; the rows between it and [SEP] are its tokens.
        tokens = ["cue", "content"] if name == "attributed" else [name]
        strongest = logits[1:-1, [column[t] for t in tokens]].max()
        logit = (1 - own["strongest"]) * logits[0, column[name]] + own["strongest"] * strongest
        yield name, torch.sigmoid(logit / own["temperature"] + own["bias"]).item(), own["threshold"]


if __name__ == "__main__":
    for name, p, threshold in probabilities(*sys.argv[1:]):
        print(f"{name:26} {p:.3f} {'on' if p >= threshold else ''}")
