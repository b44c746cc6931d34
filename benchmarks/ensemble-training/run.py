#!/usr/bin/env python3
"""Trains ensembles with the paper's settings, early stopping off, and measures what their penalties are worth.

Goes on where it was broken off, as long as --folder is the same.
"""

import argparse
import collections
import csv
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import side_by_side

PACKAGE = "io.github.mopospark.benchmarks."
ELITES = 5
# A widely used PyTorch implementation on hopper-medium-replay: mean holdout squared error of the 5 best members.
REFERENCE = {40: 0.0213, 80: 0.0115, 120: 0.0070, 160: 0.0050, 240: 0.0040}
ALLOWED = 1.25


def curve(file: pathlib.Path) -> dict:
    """Epoch to the mean error of the best members of that epoch."""
    errors = collections.defaultdict(dict)
    with open(file) as lines:
        for _, member, epoch, error in csv.reader(lines):
            errors[int(epoch)][int(member)] = float(error)
    return {epoch: sum(sorted(members.values())[:ELITES]) / ELITES for epoch, members in errors.items()}


def table(folder: pathlib.Path, settings: list) -> list:
    lines = [
        "| setting | " + " | ".join(f"{epoch} epochs" for epoch in REFERENCE) + " |",
        "|---" * (len(REFERENCE) + 1) + "|",
        "| PyTorch | " + " | ".join(f"{error:.4f}" for error in REFERENCE.values()) + " |",
    ]
    for setting in settings:
        if not (folder / f"{setting}.csv").exists():
            continue
        errors = curve(folder / f"{setting}.csv")
        cells = []
        for epoch, reference in REFERENCE.items():
            missed = setting == "off" and errors.get(epoch, 0) > ALLOWED * reference
            cells.append((f"{errors[epoch]:.4f}" + (": MISSED" if missed else "")) if epoch in errors else "-")
        lines.append(f"| {setting} | " + " | ".join(cells) + " |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=pathlib.Path, required=True, help="hopper-medium-replay.hdf5")
    parser.add_argument("--others", type=pathlib.Path, nargs="*", default=[], help="other rows to measure penalties on")
    parser.add_argument("--settings", nargs="+", default=["off", "bound", "normalise"])
    parser.add_argument("--epochs", type=int, default=240)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--folder", type=pathlib.Path, required=True, help="takes curves and members")
    parser.add_argument("--output", type=pathlib.Path, help="also write the tables here")
    arguments = parser.parse_args()
    side_by_side.build()
    java = side_by_side.java("--add-modules", "jdk.incubator.vector")
    lines = [side_by_side.machine(), ""]
    correlations = []
    for setting in arguments.settings:
        run = [arguments.source, setting, str(arguments.epochs), str(arguments.threads), arguments.folder]
        subprocess.run([*java, PACKAGE + "EnsembleTrainingCurves", *run], check=True)
        measured = subprocess.run(
            [*java, PACKAGE + "PenaltyCorrelation", arguments.source, setting, arguments.folder, *arguments.others],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        correlations += ["", measured.stdout.strip()]
    lines += table(arguments.folder, arguments.settings) + correlations
    print("\n".join(lines))
    if arguments.output:
        arguments.output.write_text("\n".join(lines) + "\n")
        curves = [arguments.folder / f"{setting}.csv" for setting in arguments.settings]
        rows = "".join(file.read_text() for file in curves if file.exists())
        arguments.output.with_suffix(".csv").write_text("setting,member,epoch,holdout_error\n" + rows)


if __name__ == "__main__":
    main()
