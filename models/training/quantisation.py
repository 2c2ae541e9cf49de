"""What int8 costs: F1 of every output on the tune and report parts, int8 as it ships, int8
with all eight bits, and f32, under the decision that ships. Prints a table for EXPERIMENTS.md.
"""

import argparse
import json
import subprocess
from pathlib import Path

from data import sha256

FOLDERS = ("f32", "int8-full")


def scores(rhetor, folder, part, gold, output):
    command = [rhetor, "evaluate", "--model", folder, "--part", part, "--name", part, "--format", "json"]
    subprocess.run([*command, "--output", output, *gold], check=True)
    return json.loads(output.read_text())["evaluations"][part]


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
        for row in table(columns):
            print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
