#!/usr/bin/env python3
"""The two trainers of an ensemble, core and dl4j-spark, on a standalone cluster of two executors of one core each.

    benchmarks/dl4j-spark/compare.py --data hopper-medium-replay.hdf5 --folder DIR [--output benchmarks/results/dl4j-spark.md]

Both train members with the same seed for the same number of passes. Started again with the same --folder it does not repeat
what is there.
"""

import argparse
import csv
import pathlib
import re
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import side_by_side

MEMBERS = 1
EPOCHS = [1, 2, 5, 10]
ALLOWED = 1.5
TRAINERS = {
    "core": [],
    "dl4j-spark, averaged every 25 batches": ["ensemble.trainer=dl4j-spark", "ensemble.averaging.frequency=25"],
    "dl4j-spark, averaged every 100 batches": ["ensemble.trainer=dl4j-spark", "ensemble.averaging.frequency=100"],
}


def train(trainer: str, data: pathlib.Path, run: pathlib.Path, master: str) -> None:
    settings = [
        "seed=0",
        f"ensemble.members={MEMBERS}",
        "ensemble.elites=1",
        f"ensemble.max-epochs={EPOCHS[-1]}",
        "ensemble.early-stopping=none",
        *TRAINERS[trainer],
    ]
    command = [
        side_by_side.ROOT / "bin/mopo", "train-ensemble", "--config", side_by_side.ROOT / "conf/hopper-medium-replay.conf",
        "--data", data, "--output", run, "--master", master,
        *[word for setting in settings for word in ["--set", setting]],
        "--spark-conf", "spark.executor.cores=1",
        "--spark-conf", "spark.cores.max=2",
        "--spark-conf", "spark.executor.memory=1500m",
        "--spark-conf", "spark.executorEnv.OMP_NUM_THREADS=1",
        "--spark-conf", "spark.executor.extraJavaOptions=--add-modules=jdk.incubator.vector",
    ]  # fmt: skip
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    print(told)
    minutes, seconds = re.search(r"ensemble: trained in (?:(\d+) min )?([\d.]+) s", told).groups()
    # Written last, so that a run that was broken off begins again.
    (run / "seconds.txt").write_text(str(60 * int(minutes or 0) + float(seconds)))


def errors(run: pathlib.Path) -> dict:
    """Each member's holdout errors by epoch."""
    curves = {}
    with open(run / "ensemble.csv") as lines:
        for row in csv.DictReader(lines):
            curves.setdefault(int(row["member"]), {})[int(row["epoch"])] = float(row["holdout_error"])
    return curves


def lowest(curve: dict, epoch: int) -> float:
    """That of the weights which are kept."""
    return min(error for passed, error in curve.items() if passed <= epoch)


def ratio(runs: dict, run: pathlib.Path, epoch: int) -> float:
    """To the core's error."""
    mean, expected = (
        sum(lowest(curve, epoch) for curve in errors(each).values()) for each in (run, runs["core"])
    )
    return mean / expected


def seconds(run: pathlib.Path) -> float:
    """What the ensemble took, without the start of Spark and the conversion."""
    return float((run / "seconds.txt").read_text())


def table(runs: dict) -> list:
    lines = [
        "| trainer | " + " | ".join(f"{epoch} pass{'es' if epoch > 1 else ''}" for epoch in EPOCHS) + " | seconds a pass of a member |",
        "|---" * (len(EPOCHS) + 2) + "|",
    ]
    for trainer, run in runs.items():
        cells = []
        for epoch in EPOCHS:
            mean = sum(lowest(curve, epoch) for curve in errors(run).values()) / MEMBERS
            cells.append(f"{mean:.4f} ({ratio(runs, run, epoch):.2f} x)")
        lines.append(f"| {trainer} | " + " | ".join(cells) + f" | {seconds(run) / MEMBERS / EPOCHS[-1]:.2f} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    parser.add_argument("--output", type=pathlib.Path)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    machine = side_by_side.machine()
    cluster = side_by_side.ROOT / "deploy/standalone"
    ports = ["--folder", arguments.folder / "cluster", "--port", "0", "--web-port", "0"]
    started = subprocess.run(
        [cluster / "start-cluster", *ports, "--cores", "1", "--memory", "2g", "127.0.0.1", "127.0.0.1"],
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    master = started.stdout.split()[-1]
    runs = {}
    try:
        for number, trainer in enumerate(TRAINERS):
            run = arguments.folder / f"run-{number}"
            if not (run / "seconds.txt").exists():
                shutil.rmtree(run, ignore_errors=True)
                # The dataset is converted once, by the first.
                data = arguments.data if number == 0 else arguments.folder / "run-0/dataset"
                train(trainer, data.resolve(), run, master)
            runs[trainer] = run
    finally:
        subprocess.run([cluster / "stop-cluster", "--folder", arguments.folder / "cluster"], check=True)
    lines = [
        "# Parameter averaging beside the core trainer",
        "",
        machine,
        f"{MEMBERS} member, two executors of one core, the same passes over the rows of {arguments.data.stem}. Holdout error of the weights",
        f"that are kept, and its ratio to the core's (at most {ALLOWED} is asked for). The core trains a member on one executor.",
        "",
        *table(runs),
    ]
    print("\n".join(lines))
    if arguments.output:
        arguments.output.write_text("\n".join(lines) + "\n")
    worst = max(ratio(runs, run, EPOCHS[-1]) for run in runs.values())
    if worst > ALLOWED:
        sys.exit(f"MISSED: {worst:.2f} times the core's error")


if __name__ == "__main__":
    main()
