#!/usr/bin/env python3
"""Sweeps over (h, lambda) on two datasets of D4RL's layout, and keeps table and report.

    benchmarks/sweep/sweep.py --data FOLDER --ensembles DIR --folder DIR [--output benchmarks/results/medium-replay-sweep]

Started again with the same --folder it goes on where it was broken off. Table and report are kept every few minutes.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import side_by_side

KEPT = ["trials.csv", "report.html"]
KEPT_EVERY_SECONDS = 300


def keep(folder: pathlib.Path, output: pathlib.Path) -> None:
    output.mkdir(parents=True, exist_ok=True)
    for name in KEPT:
        if (folder / name).exists():
            shutil.copy(folder / name, output / name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="the folder of files of D4RL's layout and names")
    parser.add_argument("--ensembles", type=pathlib.Path, required=True, help="the folder of runs with ensembles; may be empty")
    parser.add_argument("--folder", type=pathlib.Path, required=True, help="takes the sweep")
    parser.add_argument(
        "--output", type=pathlib.Path, default=side_by_side.ROOT / "benchmarks/results/medium-replay-sweep"
    )
    arguments = parser.parse_args()
    arguments.ensembles.mkdir(parents=True, exist_ok=True)
    environment = {
        "MOPO_JAVA_OPTS": "-Xmx6g",
        **os.environ,
        "D4RL": str(arguments.data.resolve()),
        "ENSEMBLES": str(arguments.ensembles.resolve()),
    }
    command = [
        side_by_side.ROOT / "bin/mopo", "sweep", "--config", pathlib.Path(__file__).with_name("medium-replay.conf"),
        "--output", arguments.folder.resolve(),
    ]  # fmt: skip
    sweep = subprocess.Popen(command, env=environment)
    while sweep.poll() is None:
        try:
            sweep.wait(timeout=KEPT_EVERY_SECONDS)
        except subprocess.TimeoutExpired:
            keep(arguments.folder, arguments.output)
    keep(arguments.folder, arguments.output)
    sys.exit(sweep.returncode)


if __name__ == "__main__":
    main()
