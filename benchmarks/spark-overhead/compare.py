#!/usr/bin/env python3
"""What Spark costs: epochs of the main job on local[2] beside the learning core's, and the ensemble on one and two executors.

    benchmarks/spark-overhead/compare.py --data hopper-medium-replay.hdf5 --folder DIR --output benchmarks/results/spark-overhead.md
"""

import argparse
import csv
import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import side_by_side

EPOCHS = 6
# Until everything is compiled.
WARM_UP = 2
ENSEMBLE_EPOCHS = 4
# More than a block: in the first one executors start, read the rows and compile.
ENSEMBLE_EPOCHS_ON_EXECUTORS = 12
# As conf has it, ensemble.block-epochs.
BLOCK_EPOCHS = 5


def mopo(*arguments, master: str, events: pathlib.Path = None) -> None:
    spark = ["--master", master]
    if events:
        events.mkdir(parents=True)
        for setting in ["spark.eventLog.enabled=true", f"spark.eventLog.dir=file:{events}"]:
            spark += ["--spark-conf", setting]
    command = [side_by_side.ROOT / "bin/mopo", *map(str, arguments), *spark]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Cluster:
    """Spark's standalone cluster on this machine, of a master and a worker with two cores."""

    def __init__(self, folder: pathlib.Path) -> None:
        folder.mkdir()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.master = f"spark://127.0.0.1:{free.getsockname()[1]}"
        self.processes = []
        host, port = self.master.removeprefix("spark://").split(":")
        self.start(folder / "master", "master.Master", "--host", host, "--port", port)
        time.sleep(5)
        arguments = ["--host", host, "--cores", "2", "--memory", "4g", "--work-dir", folder / "work", self.master]
        self.start(folder / "worker", "worker.Worker", *arguments)

    def start(self, log: pathlib.Path, name: str, *arguments) -> None:
        command = [*side_by_side.java(), f"org.apache.spark.deploy.{name}", "--webui-port", "0", *map(str, arguments)]
        # Spark's own scripts derive these.
        home = {"SPARK_HOME": str(side_by_side.ROOT / "spark-jobs/target/spark-home"), "SPARK_SCALA_VERSION": "2.12"}
        with open(log, "w") as out:
            self.processes.append(subprocess.Popen(command, stdout=out, stderr=out, env=os.environ | home))

    def submit(self, executors: int, events: pathlib.Path, *arguments) -> None:
        """Runs a command with so many executors of one core each, from its start on."""
        events.mkdir(parents=True)
        conf = {
            "spark.cores.max": executors,
            "spark.executor.cores": 1,
            "spark.executor.memory": "1500m",
            "spark.scheduler.minRegisteredResourcesRatio": 1,
            "spark.scheduler.maxRegisteredResourcesWaitingTime": "60s",
            "spark.eventLog.enabled": "true",
            "spark.eventLog.dir": f"file:{events}",
        }
        options = [word for key, value in conf.items() for word in ["--conf", f"{key}={value}"]]
        command = [
            *side_by_side.java("--add-modules", "jdk.incubator.vector"), "org.apache.spark.deploy.SparkSubmit",
            "--master", self.master, *options,
            "--class", "io.github.mopospark.commands.Mopo", side_by_side.ROOT / "spark-jobs/target/mopo-spark.jar",
            *map(str, arguments),
        ]  # fmt: skip
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
            process.wait()


def settings(data: pathlib.Path, ensemble_epochs: int = ENSEMBLE_EPOCHS) -> list:
    return [
        "--config", side_by_side.ROOT / "conf/hopper-medium-replay.conf",
        "--data", data,
        "--set", f"ensemble.max-epochs={ensemble_epochs}",
        "--set", "ensemble.early-stopping=none",
        "--set", f"learner.epochs={EPOCHS}",
        "--set", "evaluation.every=0",
        "--set", "checkpoint.every=0",
    ]  # fmt: skip


def seconds(run: pathlib.Path) -> tuple:
    """Median seconds of an epoch's rollouts, its updates, and both."""
    with open(run / "timings.csv") as lines:
        rows = list(csv.DictReader(lines))[WARM_UP:]
    return medians([(float(row["rollout_seconds"]), float(row["update_seconds"])) for row in rows])


def without_spark(run: pathlib.Path) -> tuple:
    java = side_by_side.java("--add-modules", "jdk.incubator.vector")
    command = [*java, "io.github.mopospark.benchmarks.EpochsWithoutSpark", f"file:{run}", "2"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\n")
    if "same policy" not in lines:
        raise SystemExit("the learning core alone ends with another policy")
    rows = [line.split(",") for line in lines if line[:1].isdigit()][WARM_UP:]
    return medians([(float(row[1]), float(row[2])) for row in rows])


def medians(epochs: list) -> tuple:
    return tuple(statistics.median(values) for values in zip(*[(a, b, a + b) for a, b in epochs]))


def wall_seconds(epochs: pathlib.Path) -> float:
    """Seconds of an overlapping epoch are not the sum of its phases: from the report's clock, the events of the jobs."""
    rounds = [job["start"] for job in jobs(epochs) if job["description"].startswith("rollouts")]
    gaps = [b - a for a, b in zip(rounds, rounds[1:])]
    return statistics.median(gaps[WARM_UP:])


def events(folder: pathlib.Path) -> list:
    [log] = list(folder.iterdir())
    with open(log) as lines:
        return [json.loads(line) for line in lines]


def jobs(folder: pathlib.Path) -> list:
    found = {}
    for event in events(folder):
        if event["Event"] == "SparkListenerJobStart":
            found[event["Job ID"]] = {
                "start": event["Submission Time"] / 1e3,
                "stages": event["Stage IDs"],
                "description": event["Properties"].get("spark.job.description", ""),
            }
        elif event["Event"] == "SparkListenerJobEnd":
            found[event["Job ID"]]["end"] = event["Completion Time"] / 1e3
    return sorted(found.values(), key=lambda job: job["start"])


def task_parts(folder: pathlib.Path, prefix: str) -> dict:
    """Mean seconds a job of what its tasks spent: running, and around that."""
    rounds = [job for job in jobs(folder) if job["description"].startswith(prefix)][WARM_UP:]
    stages = {stage for job in rounds for stage in job["stages"]}
    parts = {"running": 0, "task's arrival": 0, "result's packing": 0, "result's fetching": 0, "scheduling": 0}
    for event in events(folder):
        if event["Event"] != "SparkListenerTaskEnd" or event["Stage ID"] not in stages:
            continue
        info, metrics = event["Task Info"], event["Task Metrics"]
        fetching = info["Finish Time"] - info["Getting Result Time"] if info["Getting Result Time"] else 0
        known = {
            "running": metrics["Executor Run Time"],
            "task's arrival": metrics["Executor Deserialize Time"],
            "result's packing": metrics["Result Serialization Time"],
            "result's fetching": fetching,
        }
        known["scheduling"] = info["Finish Time"] - info["Launch Time"] - sum(known.values())
        for name, milliseconds in known.items():
            parts[name] += milliseconds / 1e3 / len(rounds)
    return parts


def ensemble_seconds(cluster: Cluster, data: pathlib.Path, folder: pathlib.Path, executors: int, round_: int) -> tuple:
    run, log = folder / f"ensemble-{executors}-{round_}", folder / f"events-ensemble-{executors}-{round_}"
    cluster.submit(
        executors, log, "train-ensemble", *settings(data, ENSEMBLE_EPOCHS_ON_EXECUTORS), "--output", run
    )  # fmt: skip
    weights = sorted(path.name for path in (run / "ensemble").glob("member-*.npz"))
    return trained_seconds(log), weights


def trained_seconds(log: pathlib.Path) -> tuple:
    """From the first task of members to the last, and from the end of their first block."""
    trained = [job for job in jobs(log) if job["description"].startswith("ensemble")]
    last_epoch = [int(job["description"].split()[-1]) for job in trained]
    block = max(job["end"] for job, epoch in zip(trained, last_epoch) if epoch <= BLOCK_EPOCHS)
    end = max(job["end"] for job in trained)
    return end - trained[0]["start"], end - block


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="hopper-medium-replay.hdf5")
    parser.add_argument("--folder", type=pathlib.Path, required=True, help="takes the runs; emptied first")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--output", type=pathlib.Path)
    arguments = parser.parse_args()
    folder, data = arguments.folder.resolve(), arguments.data.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    side_by_side.build()
    os.environ.setdefault("MOPO_JAVA_OPTS", "-Xmx4g")
    lines = [side_by_side.machine(), ""]

    on_spark, alone, overlapped = [], [], []
    for round_ in range(arguments.rounds):
        run, log = folder / f"run-{round_}", folder / f"events-{round_}"
        mopo("train", *settings(data), "--output", run, master="local[2]", events=log)
        on_spark.append(seconds(run))
        alone.append(without_spark(run))
        ahead = folder / f"overlap-{round_}"
        mopo(
            "train", *settings(run / "dataset"), "--ensemble", run / "ensemble", "--set", "rollout.overlap=true",
            "--output", ahead, master="local[2]", events=folder / f"events-overlap-{round_}",
        )  # fmt: skip
        overlapped.append(wall_seconds(folder / f"events-overlap-{round_}"))
    ratios = side_by_side.ratio([epoch[2] for epoch in on_spark], [epoch[2] for epoch in alone])
    lines += [
        "| an epoch, seconds | rollouts | updates | both |",
        "|---|---|---|---|",
        *[
            f"| {name} | " + " | ".join(f"{statistics.median(column):.2f}" for column in zip(*epochs)) + " |"
            for name, epochs in [("local[2]", on_spark), ("the learning core alone, 2 threads", alone)]
        ],
        f"| local[2], rollout.overlap = true | | | {statistics.median(overlapped):.2f} |",
        "",
        f"local[2] takes {ratios[0]:.2f} times as long as the core alone ({ratios[1]:.2f} to {ratios[2]:.2f});"
        f" both end with the same policy.",
        "",
        "Seconds of all tasks of a round: "
        + ", ".join(f"{name} {value:.2f}" for name, value in task_parts(folder / "events-0", "rollouts").items())
        + ".",
    ]

    one, two = [], []
    cluster = Cluster(folder / "cluster")
    try:
        for round_ in range(arguments.rounds):
            first, weights = ensemble_seconds(cluster, data, folder, 1, round_)
            second, other = ensemble_seconds(cluster, data, folder, 2, round_)
            if weights != other:
                raise SystemExit("one and two executors end with other members")
            one.append(first)
            two.append(second)
    finally:
        cluster.stop()
    lines += ["", *executors_lines(one, two)]
    print("\n".join(lines))
    if arguments.output:
        arguments.output.write_text("\n".join(lines) + "\n")


def executors_lines(one: list, two: list) -> list:
    (all_one, late_one), (all_two, late_two) = zip(*one), zip(*two)
    faster, late = side_by_side.ratio(all_one, all_two), side_by_side.ratio(late_one, late_two)
    return [
        f"Ensemble, {ENSEMBLE_EPOCHS_ON_EXECUTORS} epochs of 7 members, with the same weights to the bit, on a standalone"
        f" cluster of this machine: {statistics.median(all_one):.1f} s on one executor of one core,"
        f" {statistics.median(all_two):.1f} s on two: {faster[0]:.2f} times as fast ({faster[1]:.2f} to {faster[2]:.2f})."
        f" After the first block of {BLOCK_EPOCHS} epochs, in which executors start, read the rows and compile:"
        f" {statistics.median(late_one):.1f} s and {statistics.median(late_two):.1f} s,"
        f" {late[0]:.2f} times as fast ({late[1]:.2f} to {late[2]:.2f}).",
    ]


if __name__ == "__main__":
    main()
