"""The encoder as an ONNX graph, node by node.

Written by hand because the engine wants a plain graph: one input `input_ids` [1, tokens],
no mask (one sentence a pass has nothing to mask), token types added to the positions
beforehand, MatMul and Add where an exporter writes Gemm. One output `logits`
[1, tokens, outputs]; row 0 is `[CLS]`.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

OPSET = 17
HEADS = 12
EPSILON = 1e-12


class Graph:
    """Nodes and constants, named in the order in which they are added."""

    def __init__(self, weights):
        self.weights = weights
        self.nodes, self.constants = [], []

    def const(self, values, name=None, dtype=None):
        name = name or f"const_{len(self.constants)}"
        values = np.ascontiguousarray(values, dtype=dtype).reshape(np.shape(values))
        self.constants.append(numpy_helper.from_array(values, name))
        return name

    def ints(self, *values):
        return self.const(np.array(values, dtype=np.int64))

    def float(self, value):
        return self.const(np.float32(value))

    def op(self, kind, *inputs, output=None, name=None, **attributes):
        name = name or f"{kind}_{len(self.nodes)}"
        output = output or f"{name}_out"
        self.nodes.append(helper.make_node(kind, inputs, [output], name=name, **attributes))
        return output

    def linear(self, x, prefix, output=None):
        weight = self.const(self.weights[f"{prefix}.weight"].T, f"{prefix}.weight")
        bias = self.const(self.weights[f"{prefix}.bias"], f"{prefix}.bias")
        product = self.op("MatMul", x, weight, name=f"{prefix}.MatMul")
        return self.op("Add", product, bias, output=output)

    def norm(self, x, prefix):
        scale = self.const(self.weights[f"{prefix}.weight"], f"{prefix}.weight")
        shift = self.const(self.weights[f"{prefix}.bias"], f"{prefix}.bias")
        return self.op("LayerNormalization", x, scale, shift, axis=-1, epsilon=EPSILON)


def embeddings(g, int8_table):
    prefix = "bert.embeddings"
    table = g.weights[f"{prefix}.word_embeddings.weight"]
    if int8_table:
        # A scale a row: the largest rows would otherwise cost the others half their bits.
        scale = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-12) / 127
        rows = np.clip(np.round(table / scale), -127, 127)
        words = g.op("Gather", g.const(rows, "words.int8", np.int8), "input_ids")
        words = g.op("Cast", words, to=TensorProto.FLOAT)
        scales = g.op("Gather", g.const(scale, "words.scale", np.float32), "input_ids")
        words = g.op("Mul", words, scales)
    else:
        words = g.op("Gather", g.const(table, "words"), "input_ids")
    places = (
        g.weights[f"{prefix}.position_embeddings.weight"]
        + g.weights[f"{prefix}.token_type_embeddings.weight"][0]
    )
    count = g.op("Slice", g.op("Shape", "input_ids"), g.ints(1), g.ints(2))
    places = g.op("Slice", g.const(places, "places"), g.ints(0), count, g.ints(0))
    return g.norm(g.op("Add", words, places), f"{prefix}.LayerNorm")


def attention(g, x, prefix, hidden):
    size = hidden // HEADS
    parts = []
    for part, order in (("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3])):
        heads = g.op("Reshape", g.linear(x, f"{prefix}.self.{part}"), g.ints(0, 0, HEADS, size))
        parts.append(g.op("Transpose", heads, perm=order))
    query, key, value = parts
    scores = g.op("Div", g.op("MatMul", query, key), g.float(size**0.5))
    mixed = g.op("MatMul", g.op("Softmax", scores, axis=-1), value)
    mixed = g.op("Transpose", mixed, perm=[0, 2, 1, 3])
    mixed = g.op("Reshape", mixed, g.ints(0, 0, hidden))
    mixed = g.linear(mixed, f"{prefix}.output.dense")
    return g.norm(g.op("Add", mixed, x), f"{prefix}.output.LayerNorm")


def feed_forward(g, x, prefix):
    wide = g.linear(x, f"{prefix}.intermediate.dense")
    bell = g.op("Erf", g.op("Div", wide, g.float(2**0.5)))
    wide = g.op("Mul", g.op("Mul", wide, g.op("Add", bell, g.float(1))), g.float(0.5))
    narrow = g.linear(wide, f"{prefix}.output.dense")
    return g.norm(g.op("Add", narrow, x), f"{prefix}.output.LayerNorm")


def build(weights, int8_table=False):
    """The graph of a BertForTokenClassification with these f32 weights by their names."""
    g = Graph(weights)
    outputs, hidden = weights["classifier.weight"].shape
    x = embeddings(g, int8_table)
    layers = sum(name.endswith("attention.self.query.weight") for name in weights)
    for layer in range(layers):
        prefix = f"bert.encoder.layer.{layer}"
        x = attention(g, x, f"{prefix}.attention", hidden)
        x = feed_forward(g, x, prefix)
    g.linear(x, "classifier", output="logits")
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "tokens"])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, "tokens", outputs])
    graph = helper.make_graph(g.nodes, "rhetor", [ids], [logits], g.constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
    onnx.checker.check_model(model)
    return model


def quantise(model, path, bits):
    """Weights of the encoder's MatMuls in int8, symmetric, one scale an output channel; the
    other side is quantised as it comes. The classifier, 9,000 weights, stays f32.

    What ships has `bits` = 7: processors without VNNI instructions add two products in 16
    bits, which overflows silently on 8 and would give other scores there."""
    quantize_dynamic(
        model,
        path,
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        reduce_range=bits == 7,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=["classifier.MatMul"],
        extra_options={"MatMulConstBOnly": True, "WeightSymmetric": True},
    )
