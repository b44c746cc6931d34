#!/usr/bin/env python3
"""Converting D4RL to Parquet, and reading Parquet to packed arrays: this project beside h5py, NumPy and pyarrow.

    benchmarks/conversion/compare.py --source FILE.hdf5 [--rounds 7] [--output FILE.md]

Makes its own virtualenv beside itself and builds the project first. The source's rows are repeated to 1,000,000 and written
again, with h5py's own choice of chunks and gzip. The contestants take turns, round by round, each in a process that stays
alive; Spark is started before, and two runs of each are not counted, since a JVM compiles what it runs. A ratio is the
median over the rounds of the ratio within a round. MB are those of the numbers, uncompressed.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import side_by_side  # noqa: E402

REQUIREMENTS = ["h5py==3.16.0", "numpy==2.4.6", "pyarrow==26.0.1"]
ROWS = 1_000_000
WARM_UP_ROUNDS = 2
TARGET = 1.5
READING_TARGET_SECONDS = 3.0


class Contestant:
    """A process that does its work once for each line it is given, and answers with the seconds."""

    def __init__(self, command: list, cores: int) -> None:
        self.command = command
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores]),
        )
        self.answer()

    def answer(self) -> str:
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"a contestant ended with exit code {self.process.wait()}: {self.command}")
        return line

    def run(self) -> float:
        self.process.stdin.write("run\n")
        self.process.stdin.flush()
        return float(self.answer())

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def repeat(source: pathlib.Path, target: pathlib.Path) -> int:
    """Writes the source's rows again and again; returns the bytes of the numbers."""
    import h5py
    import numpy as np

    numbers = 0
    with h5py.File(source) as file, h5py.File(target, "w") as out:
        for name in ("observations", "actions", "rewards", "next_observations", "terminals", "timeouts"):
            values = file[name][()]
            values = np.concatenate([values] * -(-ROWS // len(values)))[:ROWS]
            out.create_dataset(name, data=values, compression="gzip")
            numbers += values.nbytes if values.dtype == np.float32 else 0
    return numbers


def worker(source: str, target: str) -> None:
    """The Python contestant."""
    import time

    from pyarrow_conversion import convert

    print("ready", flush=True)
    for _ in sys.stdin:
        started = time.perf_counter()
        convert(source, target)
        print(time.perf_counter() - started, flush=True)


def measure(contestants: dict, rounds: int) -> dict:
    seconds = {name: [] for name in contestants}
    for turn in range(-WARM_UP_ROUNDS, rounds):
        order = list(contestants)
        for name in order[turn % len(order) :] + order[: turn % len(order)]:
            spent = contestants[name].run()
            if turn >= 0:
                seconds[name].append(spent)
    for contestant in contestants.values():
        contestant.close()
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=pathlib.Path, required=True, help="a file of D4RL's v2 layout")
    parser.add_argument("--rounds", type=int, default=7, help="how often each contestant has its turn (default 7)")
    parser.add_argument("--output", type=pathlib.Path, help="also write the tables here")
    arguments = parser.parse_args()
    side_by_side.enter_virtualenv(__file__, REQUIREMENTS)
    side_by_side.build()
    lines = [side_by_side.machine()]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        source = folder / "repeated.hdf5"
        megabytes = repeat(arguments.source, source) / 1e6
        python = [sys.executable, __file__, "--worker", str(source), str(folder / "pyarrow.parquet")]
        lines += [
            f"{arguments.source.name} repeated to {ROWS:,} rows: {megabytes:.0f} MB of float32 in a file of"
            f" {source.stat().st_size / 1e6:.0f} MB; {arguments.rounds} rounds.",
            "A ratio is the median over the rounds, in brackets the least and the greatest.",
            "",
            "| conversion, after the start of Spark | mopo-spark, MB/s | h5py + pyarrow, MB/s | ratio |",
            "|---|---|---|---|",
        ]
        print("\n".join(lines), flush=True)
        for cores, target in ((1, None), (2, TARGET)):
            ours = side_by_side.java() + ["io.github.mopospark.benchmarks.Conversion", source, folder / "mopo", str(cores)]
            seconds = measure(
                {"mopo-spark": Contestant(ours, cores), "pyarrow": Contestant(python, cores)}, arguments.rounds
            )
            median, least, greatest = side_by_side.ratio(seconds["pyarrow"], seconds["mopo-spark"])
            verdict = "" if target is None else f", target {target}{'' if median >= target else ': MISSED'}"
            rates = [f"{megabytes / statistics.median(seconds[name]):.0f}" for name in ("mopo-spark", "pyarrow")]
            lines.append(
                f"| on {cores} core{'s' if cores > 1 else ''} | {rates[0]} | {rates[1]}"
                f" | {median:.2f} ({least:.2f} to {greatest:.2f}){verdict} |"
            )
            print(lines[-1], flush=True)
        dataset = folder / "mopo" / "repeated"
        # Raw size times 1.3, for the whole heap: the arrays, what Parquet copies, and all else a JVM holds.
        heap = int(1.3 * megabytes * 1e6 / 1024)
        reading = side_by_side.java("-XX:+UseSerialGC", f"-Xmx{heap}k", "-Xmn3m")
        reading += ["io.github.mopospark.benchmarks.PackedReading", dataset]
        roomy = side_by_side.java() + ["io.github.mopospark.benchmarks.PackedReading", dataset]
        seconds = measure({"tight": Contestant(reading, 1), "roomy": Contestant(roomy, 1)}, arguments.rounds)
        rows = json.loads((dataset / "dataset.json").read_text())["rows"]
        median = statistics.median(seconds["roomy"])
        lines += [
            "",
            f"Reading the dataset's {rows:,} rows to packed arrays, on one core: {median:.2f} s"
            f" ({min(seconds['roomy']):.2f} to {max(seconds['roomy']):.2f}),"
            f" target {READING_TARGET_SECONDS}{'' if median <= READING_TARGET_SECONDS else ': MISSED'};"
            f" {statistics.median(seconds['tight']):.2f} s in a JVM whose whole heap is 1.3 times the raw size"
            f" ({heap:,} KiB).",
        ]
        print("\n".join(lines[-2:]), flush=True)
    if arguments.output:
        arguments.output.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        worker(*sys.argv[2:])
    else:
        main()
