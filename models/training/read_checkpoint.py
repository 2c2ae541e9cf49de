"""Reads the checkpoint: python read_checkpoint.py FOLDER "A sentence." (torch, transformers)."""

import json
import sys

import torch
from tokenizers import Tokenizer
from transformers import BertForTokenClassification


def read(folder):  # the weights are stored as f16; compute in f32
    model = BertForTokenClassification.from_pretrained(folder, dtype=torch.float32).eval()
    return model, Tokenizer.from_file(f"{folder}/tokenizer.json")


@torch.no_grad()
def logits(model, tokenizer, sentence):  # one sentence a pass, without padding
    ids = tokenizer.encode(sentence).ids  # [CLS] … [SEP]
    return ids, model(input_ids=torch.tensor([ids])).logits[0]


if __name__ == "__main__":
    folder, sentence = sys.argv[1:]
    model, tokenizer = read(folder)
    _, found = logits(model, tokenizer, sentence)
    for name, own in json.load(open(f"{folder}/decision.json"))["sentence"].items():
        # Row 0, [CLS], is the sentence; the rows after it are its tokens. Sigmoid, not softmax.
        p = torch.sigmoid(found[0, model.config.label2id[name]] / own["temperature"])
        print(f"{name:26} {p:.3f} {'on' if p >= own['threshold'] else ''}")
