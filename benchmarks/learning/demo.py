#!/usr/bin/env python3
"""How long the demo takes and what its policies score, for three seeds.

    benchmarks/learning/demo.py --folder DIR --output benchmarks/results/demo.md
"""

import argparse
import csv
import pathlib
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import side_by_side

SEEDS = [0, 1, 2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=pathlib.Path, required=True, help="takes the runs; emptied first")
    parser.add_argument("--output", type=pathlib.Path)
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    mopo = side_by_side.ROOT / "bin/mopo"
    # Not counted: the first command builds.
    subprocess.run([mopo, "--version"], check=True)
    lines = [side_by_side.machine(), "", "| seed | seconds | score of the last evaluation | spread |", "|---|---|---|---|"]
    for seed in SEEDS:
        run = folder / f"seed{seed}"
        config = side_by_side.ROOT / "conf/demo.conf"
        begin = time.monotonic()
        subprocess.run([mopo, "train", "--config", config, "--set", f"seed={seed}", "--output", run], check=True)
        seconds = time.monotonic() - begin
        with open(run / "metrics.csv") as rows:
            last = [row for row in csv.DictReader(rows) if row["score_mean"]][-1]
        lines.append(f"| {seed} | {seconds:.0f} | {float(last['score_mean']):.1f} | {float(last['score_std']):.1f} |")
    print("\n".join(lines))
    if arguments.output:
        arguments.output.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
