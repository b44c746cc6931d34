#!/usr/bin/env python3
"""Soft actor-critic alone, online in the simulator: one curve a seed, and what was the best of it.

    benchmarks/online-sac/run.py [--task hopper] [--seeds 0 1 2] [--steps 100000] [--output benchmarks/results/online-sac]

Seeds run side by side, one thread each. A seed whose curve is complete is not run again.
"""

import argparse
import csv
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import side_by_side

TARGET = 1_000


def rows(file: pathlib.Path) -> list:
    if not file.exists():
        return []
    with open(file) as lines:
        return list(csv.DictReader(lines))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--task", default="hopper")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--output", type=pathlib.Path, default=side_by_side.ROOT / "benchmarks/results/online-sac")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    files = {seed: arguments.output / f"{arguments.task}-seed{seed}.csv" for seed in arguments.seeds}
    missing = [seed for seed, file in files.items() if not rows(file) or int(rows(file)[-1]["step"]) < arguments.steps]
    if missing:
        side_by_side.build()
        java = side_by_side.java("--add-modules", "jdk.incubator.vector")
        main_class = "io.github.mopospark.benchmarks.OnlineSac"
        runs = [
            subprocess.Popen([*java, main_class, arguments.task, str(seed), str(arguments.steps), str(files[seed])])
            for seed in missing
        ]
        if any([run.wait() for run in runs]):
            raise SystemExit("a seed failed")
    print("| seed | best mean return of 10 episodes | at step | last |\n|---|---|---|---|")
    for seed, file in files.items():
        best = max(rows(file), key=lambda row: float(row["mean_return"]))
        missed = "" if float(best["mean_return"]) >= TARGET else f", below {TARGET}"
        print(f"| {seed} | {best['mean_return']}{missed} | {best['step']} | {rows(file)[-1]['mean_return']} |")


if __name__ == "__main__":
    main()
