#!/usr/bin/env python3
"""What a sweep costs beside its trials: its wall time against the same trials run alone, one after the other.

    benchmarks/sweep-overhead/compare.py --folder DIR --output benchmarks/results/sweep-overhead.md

The sweep is conf/sweep/demo.conf with longer trials. Alone, each ensemble is trained once, by mopo train-ensemble, and given to its
trials. Needs an otherwise idle machine for about ten minutes.
"""

import argparse
import csv
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import side_by_side

EPOCHS = 8
UPDATES = 500
# A learner takes two cores.
AT_ONCE = max(1, (os.cpu_count() or 1) // 2)
SETTINGS = [
    "--set", f"learner.epochs={EPOCHS}",
    "--set", f"learner.updates-per-epoch={UPDATES}",
]  # fmt: skip


def seconds(*arguments) -> float:
    begin = time.monotonic()
    command = [side_by_side.ROOT / "bin/mopo", *map(str, arguments), "--master", "local[2]"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - begin


def resolved(run: pathlib.Path) -> list:
    """The settings that a run was made with, so that it can be made again."""
    text = (run / "config.conf").read_text()
    return [f"{key}={value.strip(chr(34))}" for key, value in re.findall(r"(?m)^([a-z.-]+) = (.+)$", text)]


def again(trial: pathlib.Path, output: pathlib.Path) -> float:
    options = [word for setting in resolved(trial) for word in ["--set", setting]]
    return seconds("train", *options, "--output", output)


def ensemble_again(run: pathlib.Path, output: pathlib.Path) -> float:
    options = [word for setting in resolved(run) for word in ["--set", setting]]
    return seconds("train-ensemble", *options, "--output", output)


def scores(run: pathlib.Path) -> list:
    with open(run / "metrics.csv") as lines:
        return [row["score_mean"] for row in csv.DictReader(lines)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=pathlib.Path, required=True, help="takes the sweep and the runs; is emptied")
    parser.add_argument("--output", type=pathlib.Path)
    arguments = parser.parse_args()
    os.environ.setdefault("MOPO_JAVA_OPTS", "-Xmx4g")
    machine = side_by_side.machine()
    shutil.rmtree(arguments.folder, ignore_errors=True)
    folder = arguments.folder.resolve()
    sweep = folder / "sweep"
    folder.mkdir(parents=True)
    config = folder / "sweep.conf"
    demo = (side_by_side.ROOT / "conf/sweep/demo.conf").read_text()
    demo = demo.replace("../demo.conf", f'"file:{side_by_side.ROOT}/conf/demo.conf"')
    config.write_text(f"{demo}\ntrials-at-once = {AT_ONCE}\n")
    together = seconds("sweep", "--config", config, *SETTINGS, "--output", sweep)
    ensembles = [ensemble_again(run, folder / run.name) for run in sorted((sweep / "ensembles").iterdir())]
    trials = []
    for trial in sorted((sweep / "trials").iterdir()):
        trials.append(again(trial, folder / trial.name))
        if scores(trial) != scores(folder / trial.name):
            raise SystemExit(f"{trial.name}: alone it has other scores")
    alone = sum(ensembles) + sum(trials)
    shared = min(AT_ONCE, os.cpu_count() or 1)
    lines = [
        machine,
        "",
        f"{len(trials)} trials of {EPOCHS} epochs of {UPDATES} updates on the sample, {len(ensembles)} ensembles, local[2], {AT_ONCE} at a"
        " time; each with the same scores in the sweep and alone.",
        "",
        "| | seconds |",
        "|---|---|",
        f"| the sweep | {together:.0f} |",
        f"| its ensembles alone, each once | {' + '.join(f'{s:.0f}' for s in ensembles)} |",
        f"| its trials alone, with a trained ensemble | {' + '.join(f'{s:.0f}' for s in trials)} |",
        f"| sum alone | {alone:.0f} |",
        f"| the sweep / (sum alone / {shared}) | {together / alone * shared:.2f} |",
    ]
    print("\n".join(lines))
    if arguments.output:
        arguments.output.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
