"""Writes the weights of a model folder: safetensors (f16), config, tokenizer, ONNX (int8).

The f16 weights are the model; the int8 graph is made from them, so the two differ by
quantisation only. To measure what it costs, `--others DIR` gets two more folders with the
same weights, which are never published: `f32`, and `int8-full`, whose weights use all
eight bits.
"""

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertForTokenClassification

import data
import graph
from outputs import OUTPUTS, SENTENCE_OUTPUTS, TOKEN_OUTPUTS

LARGEST = 25_000_000  # bytes of model.onnx: it goes into the binary
CLOSE = 1e-4  # of f32 logits, between the two engines


def config_of(base: Path) -> dict:
    kept = BertConfig.from_pretrained(base).to_dict()
    shape = (
        "vocab_size hidden_size num_hidden_layers num_attention_heads intermediate_size hidden_act "
        "max_position_embeddings type_vocab_size layer_norm_eps pad_token_id hidden_dropout_prob "
        "attention_probs_dropout_prob"
    )
    return {
        "model_type": "bert",
        "architectures": ["BertForTokenClassification"],
        "problem_type": "multi_label_classification",
        "dtype": "float16",
        **{key: kept[key] for key in shape.split()},
        "id2label": {str(i): name for i, name in enumerate(OUTPUTS)},
        "label2id": {name: i for i, name in enumerate(OUTPUTS)},
        "rhetor": {"format": 1, "sentence": SENTENCE_OUTPUTS, "token": TOKEN_OUTPUTS},
    }


def session(model) -> onnxruntime.InferenceSession:
    """onnxruntime on one thread, so that a run repeats."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def logits_of(engine, ids) -> np.ndarray:
    """Logits (tokens × outputs) of one sentence."""
    return engine.run(["logits"], {"input_ids": np.asarray(ids, dtype=np.int64)[None]})[0][0]


def check_f32(weights: dict, model: BertForTokenClassification):
    """The graph says what torch says, from two tokens to the model's last position."""
    engine = session(graph.build(weights).SerializeToString())
    random = np.random.default_rng(0)
    worst = 0.0
    for length in (2, 3, 17, 40, 128, model.config.max_position_embeddings):
        ids = random.integers(0, model.config.vocab_size, length)
        with torch.no_grad():
            expected = model(input_ids=torch.from_numpy(ids)[None]).logits[0].numpy()
        worst = max(worst, float(np.abs(logits_of(engine, ids) - expected).max()))
    print(f"f32 graph and torch differ by at most {worst:.1e}")
    assert worst < CLOSE, "the graph is not the model"


def main():
    cli = argparse.ArgumentParser()
    cli.add_argument("--base", type=Path, required=True)
    cli.add_argument("--weights", type=Path, required=True, help="best.pt of the run")
    cli.add_argument("--model", type=Path, required=True, help="the model folder to write")
    cli.add_argument("--others", type=Path, required=True, help="where folders to compare with go")
    args = cli.parse_args()
    args.model.mkdir(parents=True, exist_ok=True)

    (args.model / "config.json").write_text(json.dumps(config_of(args.base), indent=1) + "\n")
    data.tokenizer(args.base / "tokenizer.json").save(str(args.model / "tokenizer.json"), pretty=False)
    weights = torch.load(args.weights, map_location="cpu")
    # What is no float is a table of positions that the architecture brings along.
    floats = {name: t for name, t in weights.items() if t.is_floating_point()}
    state = {name: t.to(torch.float16).contiguous() for name, t in floats.items()}
    save_file(state, args.model / "model.safetensors", metadata={"format": "pt"})
    (args.model / "model.safetensors").chmod(0o644)  # it is written for its owner only

    model = BertForTokenClassification.from_pretrained(args.model, dtype=torch.float32).eval()
    weights = {name: t.float().numpy() for name, t in state.items()}
    check_f32(weights, model)
    path = args.model / "model.onnx"
    graph.quantise(graph.build(weights, int8_table=True), path, bits=7)
    size = path.stat().st_size
    print(f"model.onnx: {size:,} bytes")
    assert size <= LARGEST, f"model.onnx is over {LARGEST:,} bytes"
    for name in ("f32", "int8-full"):
        other = args.others / name
        other.mkdir(parents=True, exist_ok=True)
        for file in ("config.json", "tokenizer.json"):
            shutil.copy(args.model / file, other / file)
    onnx.save(graph.build(weights), args.others / "f32/model.onnx")
    graph.quantise(graph.build(weights, int8_table=True), args.others / "int8-full/model.onnx", bits=8)


if __name__ == "__main__":
    main()
