"""What int8 costs: F1 of every output on the tune and report parts, int8 as it ships, int8
with all eight bits, and f32, under the decision that ships. Prints a table for EXPERIMENTS.md.
"""

import argparse
import json
import subprocess
from pathlib import Path

from data import sha256
from outputs import ATTRIBUTION

FOLDERS = ("f32", "int8-full")


def scores(rhetor, folder, part, gold, output):
    command = [rhetor, "evaluate", "--model", folder, "--part", part, "--name", part, "--format", "json"]
    subprocess.run([*command, "--output", output, *gold], check=True)
    return json.loads(output.read_text())["evaluations"][part]


def figures(evaluation):
    """{what: F1} of one evaluation."""
    result = {own["output"]: own["f1"]["value"] for own in evaluation["sentence"]}
    stable = [own["f1"]["value"] for own in evaluation["sentence"] if own["status"] == "stable"]
    result["mean of the stable outputs"] = sum(stable) / len(stable)
    for own in evaluation["token"]:
        measure = "overlap" if own["output"] in (*ATTRIBUTION, "biased") else "partial"
        result[f"{own['output']}, spans"] = own[measure]["f1"]["value"]
    result["devices, micro"] = evaluation["device_micro_f1"]["value"]
    return result


def main():
    cli = argparse.ArgumentParser()
    cli.add_argument("--rhetor", required=True)
    cli.add_argument("--model", type=Path, required=True)
    cli.add_argument("--others", type=Path, required=True)
    cli.add_argument("gold", nargs="+")
    args = cli.parse_args()
    decision = json.loads((args.model / "decision.json").read_text())
    for name in FOLDERS:
        folder = args.others / name
        own = decision | {"model_sha256": sha256(folder / "model.onnx")}
        (folder / "decision.json").write_text(json.dumps(own))
    for part in ("tune", "report"):
        shipped = json.loads((args.model / "scores.json").read_text())["evaluations"][part]
        columns = [shipped] + [
            scores(args.rhetor, args.others / n, part, args.gold, args.others / n / "scores.json")
            for n in FOLDERS
        ]
        print(f"\n### {part}\n\n| output | int8 (ships) | f32 | int8, 8 bits |\n| --- | ---: | ---: | ---: |")
        columns = [figures(c) for c in columns]
        for what in columns[0]:
            print("| " + " | ".join([what, *(f"{100 * c[what]:.1f}" for c in columns)]) + " |")


if __name__ == "__main__":
    main()
