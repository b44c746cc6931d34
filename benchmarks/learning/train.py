#!/usr/bin/env python3
"""Trains policies with the main job, one run after the other, and keeps their curves.

    benchmarks/learning/train.py --data FOLDER --folder DIR [--only hopper-medium-replay] [--output benchmarks/results/learning-runs]

The runs, their order and their seeds are fixed here. Started again with the same --folder it goes on where it was broken off;
--minutes ends it after the run in which they are over.
"""

import argparse
import csv
import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import side_by_side

EPOCHS = 100
ENSEMBLE_EPOCHS = 150
EVALUATED_EVERY = 2
AVERAGED = 10
NOT_D4RL = "The data have D4RL's names and layout but are not D4RL's ([benchmarks](../../README.md)), so published scores are no measure."


@dataclasses.dataclass(frozen=True)
class Run:
    config: str
    data: str
    length: int
    coefficient: float
    seed: int

    @property
    def name(self) -> str:
        return f"{self.config}-h{self.length}-lambda{self.coefficient:g}-seed{self.seed}"

    @property
    def ensemble(self) -> str:
        return f"{self.config}-seed{self.seed}"


def runs_of(config: str, data: str, settings: list, seeds: list) -> list:
    return [Run(config, data, length, coefficient, seed) for length, coefficient in settings for seed in seeds]


RUNS = [
    *runs_of("hopper-medium-replay", "hopper-medium-replay", [(5, 1), (5, 2.5), (5, 0)], [0, 1]),
    *runs_of("walker2d-medium-replay", "walker2d-medium-replay", [(1, 1), (1, 0)], [0, 1]),
    *runs_of("halfcheetah-jump", "halfcheetah-medium-replay", [(5, 1), (5, 0)], [0]),
    *runs_of("hopper-medium-expert", "hopper-medium-expert", [(5, 1)], [0]),
    *runs_of("halfcheetah-medium-replay", "halfcheetah-medium-replay", [(5, 1)], [0]),
]


def mopo(*arguments) -> None:
    subprocess.run([side_by_side.ROOT / "bin/mopo", *map(str, arguments)], check=True)


def settings(run: Run) -> list:
    return [
        "--config", side_by_side.ROOT / "conf" / f"{run.config}.conf",
        "--set", f"seed={run.seed}",
        "--set", f"ensemble.max-epochs={ENSEMBLE_EPOCHS}",
        "--set", f"learner.epochs={EPOCHS}",
        "--set", f"evaluation.every={EVALUATED_EVERY}",
        "--set", f"rollout.length={run.length}",
        "--set", f"rollout.penalty-coefficient={run.coefficient}",
        "--resume",
    ]  # fmt: skip


def train(run: Run, data: pathlib.Path, folder: pathlib.Path) -> None:
    trained = folder / "ensembles" / run.ensemble
    if not (trained / "ensemble" / "model.json").exists():
        # Whichever run comes first; h and lambda have no influence on the ensemble.
        first = next(other for other in RUNS if other.ensemble == run.ensemble)
        mopo("train-ensemble", *settings(first), "--data", data / f"{run.data}.hdf5", "--output", trained)
    mopo(
        "train", *settings(run), "--data", trained / "dataset", "--ensemble", trained / "ensemble",
        "--output", folder / run.name,
    )  # fmt: skip


def evaluations(file: pathlib.Path) -> list:
    """Epoch and score, or return where there is no score."""
    if not file.exists():
        return []
    with open(file) as lines:
        rows = [row for row in csv.DictReader(lines) if row["return_mean"]]
    measure = "score_mean" if rows and rows[0]["score_mean"] else "return_mean"
    return [(int(row["epoch"]), float(row[measure])) for row in rows]


def is_complete(curve: list) -> bool:
    return bool(curve) and curve[-1][0] >= EPOCHS


def mean_of_last(curve: list) -> float:
    last = [value for _, value in curve[-AVERAGED:]]
    return sum(last) / len(last)


def table(curves: dict) -> list:
    lines = [
        f"| run | epochs | last | mean of the last {AVERAGED} evaluations | best |",
        "|---|---|---|---|---|",
    ]
    for run, curve in curves.items():
        if curve:
            best = max(curve, key=lambda point: point[1])
            lines.append(
                f"| {run.name} | {curve[-1][0]} | {curve[-1][1]:.1f} | {mean_of_last(curve):.1f}"
                f" | {best[1]:.1f} (epoch {best[0]}) |"
            )
        else:
            lines.append(f"| {run.name} | before the first evaluation | | | |")
    return lines


def comparisons(curves: dict) -> list:
    """Each penalised setting against lambda 0 with the same seeds, once all of them are complete."""
    lines = []
    complete = {run: curve for run, curve in curves.items() if is_complete(curve)}
    groups = {(run.config, run.length, run.coefficient) for run in RUNS if run.coefficient > 0}
    for config, length, coefficient in sorted(groups):
        penalised = [run for run in RUNS if (run.config, run.length, run.coefficient) == (config, length, coefficient)]
        plain = [dataclasses.replace(run, coefficient=0) for run in penalised]
        if all(run in complete for run in penalised + plain):
            pairs = [(mean_of_last(complete[a]), mean_of_last(complete[b])) for a, b in zip(penalised, plain)]
            above = all(a > b for a, b in pairs)
            verdict = "MOPO above" if above and len(pairs) > 1 else "not shown"
            if len(pairs) == 1:
                verdict += ", of one seed"
            numbers = "; ".join(f"{a:.1f} against {b:.1f}" for a, b in pairs)
            lines.append(f"- {config}, h = {length}, lambda = {coefficient:g} against 0: {verdict} ({numbers})")
    return lines


def scale(curve: pathlib.Path) -> tuple:
    """What turns returns into scores: a factor and a summand, from a curve that has both; None where the task has no scores."""
    with open(curve) as lines:
        rows = [(float(row["return_mean"]), float(row["score_mean"])) for row in csv.DictReader(lines) if row["score_mean"]]
    if not rows:
        return None
    (least, low), (greatest, high) = min(rows), max(rows)
    factor = (high - low) / (greatest - least)
    return factor, low - factor * least


def batches(folder: pathlib.Path, output: pathlib.Path) -> list:
    """What the episodes of the data returned: a policy is to be better than these."""
    lines = {}
    for run in RUNS:
        manifest = folder / "ensembles" / run.ensemble / "dataset/dataset.json"
        kept, curve = output / f"{run.config}-batch.json", output / f"{run.name}.csv"
        if manifest.exists():
            returns = json.loads(manifest.read_text())["statistics"]["episode_returns"]
            kept.write_text(json.dumps({"mean": sum(returns) / len(returns), "maximum": max(returns)}) + "\n")
        if kept.exists() and len(evaluations(curve)) > 1:
            batch = json.loads(kept.read_text())
            scores = scale(curve)
            factor, summand = scores or (1, 0)
            measure = "score" if scores else "return"
            mean, maximum = (factor * batch[which] + summand for which in ("mean", "maximum"))
            lines[run.config] = (
                f"- {run.config}: an episode of its data has a {measure} of {mean:.1f} on average, at most {maximum:.1f}"
            )
    return list(lines.values())


def report(folder: pathlib.Path, output: pathlib.Path) -> None:
    output.mkdir(parents=True, exist_ok=True)
    curves = {}
    for run in RUNS:
        metrics, kept = folder / run.name / "metrics.csv", output / f"{run.name}.csv"
        if metrics.exists():
            kept.write_bytes(metrics.read_bytes())
        if kept.exists() or (folder / run.name).exists():
            curves[run] = evaluations(kept)
    lines = [side_by_side.machine(), NOT_D4RL, "", *table(curves), "", *comparisons(curves), *batches(folder, output)]
    (output / "README.md").write_text("\n".join(lines).rstrip() + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="the folder of files of D4RL's layout and names")
    parser.add_argument("--folder", type=pathlib.Path, required=True, help="takes the runs")
    parser.add_argument("--only", help="the runs whose name begins so")
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--output", type=pathlib.Path, default=side_by_side.ROOT / "benchmarks/results/learning-runs")
    arguments = parser.parse_args()
    end = time.monotonic() + 60 * arguments.minutes
    os.environ.setdefault("MOPO_JAVA_OPTS", "-Xmx4g")
    for run in RUNS:
        if arguments.only and not run.name.startswith(arguments.only):
            continue
        if not (arguments.folder / run.name).exists() and is_complete(evaluations(arguments.output / f"{run.name}.csv")):
            # Trained elsewhere, and kept.
            continue
        try:
            train(run, arguments.data.resolve(), arguments.folder.resolve())
        except subprocess.CalledProcessError as failure:
            # The others go on; the table shows how far this one came.
            print(f"{run.name}: ended with exit code {failure.returncode}", file=sys.stderr)
        finally:
            report(arguments.folder, arguments.output)
        if time.monotonic() > end:
            break
    report(arguments.folder, arguments.output)


if __name__ == "__main__":
    main()
