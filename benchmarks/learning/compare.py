#!/usr/bin/env python3
"""The learning core beside PyTorch and JAX: SAC updates, updates of the ensemble, rollouts in it, and whole epochs.

    benchmarks/learning/compare.py [--rounds 7] [--seconds 5] [--works sac-update,rollouts] [--contestants pytorch,jax]
                                   [--output FILE.md]

Makes its own virtualenv beside itself and builds the project first. A contestant is a command

    ... --work NAME --threads N --seconds S

that sets up and warms up, then measures once for each line on stdin, for at least S seconds, and prints a line like
{"work": "sac-update", "threads": 2, "milliseconds": 4.1}: what one piece of the work took. It ends with stdin. Each is
kept to as many cores as it has threads. The contestants take turns, round by round, each in a process that stays alive;
the first round is not counted. A ratio is the median over the rounds of the ratio within a round.

The works, with HalfCheetah's 17 observations and 6 actions:
  sac-update       one SAC update of 256 rows, 12 real and 244 of the model, drawn from buffers in memory
  ensemble-update  one update of all 7 members, 256 rows each
  rollouts         50,000 starts, 5 steps, written to the model's buffer
  epoch            1,000 SAC updates and those rollouts
"""

import argparse
import importlib.metadata
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import side_by_side  # noqa: E402

# Title, target against PyTorch and against JAX with 2 threads, unit and its milliseconds.
WORKS = {
    "sac-update": ("one SAC update with sampling", 2.9, 1.15, "ms", 1),
    "ensemble-update": ("one update of all 7 members", 2.0, 1.6, "ms", 1),
    "rollouts": ("rollouts: 50,000 starts x 5 steps", 2.8, 1.12, "s", 1_000),
    "epoch": ("one epoch: 1,000 updates + those rollouts", 2.9, 1.14, "s", 1_000),
}
CONTESTANTS = ("pytorch", "jax", "mopo-spark")
THREADS = (1, 2)
WARM_UP_ROUNDS = 1


def busy_ticks() -> int:
    """What all cores have worked since the start of the machine, and what its host took from them."""
    user, nice, system, _, _, interrupts, soft_interrupts, stolen = map(int, open("/proc/stat").readline().split()[1:9])
    return user + nice + system + interrupts + soft_interrupts + stolen


class Contestant:
    def __init__(self, name: str, work: str, threads: int, seconds: float) -> None:
        self.asked = (work, threads)
        options = ["--work", work, "--threads", str(threads), "--seconds", str(seconds)]
        if name == "mopo-spark":
            self.command = [*side_by_side.java("--add-modules", "jdk.incubator.vector"), "io.github.mopospark.benchmarks.Learning", *options]
        else:
            self.command = [sys.executable, HERE / f"{name}_learning.py", *options]
        # Ours has threads of its own and must not have OpenMP's below them.
        openmp_threads = 1 if name == "mopo-spark" else threads
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": str(openmp_threads)},
            preexec_fn=lambda: os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads]),
        )

    def ticks(self) -> int:
        """What its threads have worked."""
        after_name = open(f"/proc/{self.process.pid}/stat").read().rpartition(")")[2].split()
        return int(after_name[11]) + int(after_name[12])

    def measure(self) -> tuple:
        """Milliseconds, and how many cores were busy with something else meanwhile."""
        started, busy, own = time.monotonic(), busy_ticks(), self.ticks()
        milliseconds = self.answer()
        other_ticks = busy_ticks() - busy - (self.ticks() - own)
        return milliseconds, other_ticks / os.sysconf("SC_CLK_TCK") / (time.monotonic() - started)

    def answer(self) -> float:
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"a contestant ended with exit code {self.process.wait()}: {self.command}")
        answer = json.loads(line)
        if (answer["work"], answer["threads"]) != self.asked:
            raise SystemExit(f"a contestant was asked for {self.asked} and measured {line.strip()}: {self.command}")
        return answer["milliseconds"]

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def measure(names: list, work: str, threads: int, seconds: float, rounds: int, others: list) -> dict:
    """Milliseconds of each contestant in each round; to others goes how many cores were busy with something else."""
    contestants = {}
    milliseconds = {name: [] for name in names}
    try:
        for turn in range(-WARM_UP_ROUNDS, rounds):
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                # Not before its first turn, so that none is disturbed by another's start.
                if name not in contestants:
                    contestants[name] = Contestant(name, work, threads, seconds)
                spent, busy = contestants[name].measure()
                if turn >= 0:
                    milliseconds[name].append(spent)
                    others.append(busy)
    finally:
        for contestant in contestants.values():
            contestant.close()
    return milliseconds


def floating_point_operations(work: str) -> int:
    """Those of the matrix products that the work cannot do without."""
    import workload

    def products(*sizes: int) -> list:
        return [inputs * outputs for inputs, outputs in zip(sizes, sizes[1:])]

    actor = products(workload.OBSERVATION, workload.HIDDEN, workload.HIDDEN, 2 * workload.ACTION)
    critic = products(workload.INPUT, workload.HIDDEN, workload.HIDDEN, 1)
    member = products(*workload.MEMBER_LAYERS, 2 * workload.OUTPUT)
    # The targets' values; both critics' update: forward, to the weights, and to all inputs but the first layer's.
    critics = 2 * (3 * sum(critic) + sum(critic[1:]))
    # Two samples; the values of one and their derivative with respect to the actions; the actor's update.
    to_actions = sum(critic[1:]) + workload.ACTION * workload.HIDDEN
    actors = 2 * sum(actor) + 2 * (sum(critic) + to_actions) + sum(actor) + sum(actor[1:])
    sac_update = 2 * workload.BATCH * (critics + actors)
    rollouts = 2 * workload.ROLLOUT_ROWS * (sum(actor) + workload.MEMBERS * sum(member))
    return {
        "sac-update": sac_update,
        "ensemble-update": 2 * workload.BATCH * workload.MEMBERS * (2 * sum(member) + sum(member[1:])),
        "rollouts": rollouts,
        "epoch": workload.UPDATES_AN_EPOCH * sac_update + rollouts,
    }[work]


def gemm_speeds(seconds: float, rounds: int, others: list) -> list:
    """Floating point operations a millisecond of PyTorch's product of square matrices."""
    import workload

    operations = 2 * workload.GEMM_SIZE**3
    return [
        operations / statistics.median(measure(["pytorch"], "gemm", threads, seconds, rounds, others)["pytorch"])
        for threads in THREADS
    ]


def row(work: str, milliseconds: dict, gemm_speeds: list) -> str:
    """Of the table. Milliseconds by threads, by contestant, by round."""
    title, *targets, unit, unit_milliseconds = WORKS[work]

    def pair(values: list) -> str:
        return " / ".join(f"{value / unit_milliseconds:.2f}" for value in values) + f" {unit}"

    def medians(name: str) -> str:
        found = [milliseconds[threads].get(name) for threads in THREADS]
        return pair([statistics.median(values) for values in found]) if all(found) else "-"

    def ratios(name: str, target: float) -> str:
        found = [milliseconds[threads] for threads in THREADS]
        if any(name not in values or "mopo-spark" not in values for values in found):
            return f"target {target}"
        shown = [side_by_side.ratio(values[name], values["mopo-spark"]) for values in found]
        verdict = "" if shown[-1][0] >= target else ": MISSED"
        texts = [f"{median:.2f} ({least:.2f} to {greatest:.2f})" for median, least, greatest in shown]
        return f"{' / '.join(texts)}, target {target}{verdict}"

    cells = [
        f"{title} (`{work}`)",
        *map(medians, ("pytorch", "jax")),
        pair([floating_point_operations(work) / speed for speed in gemm_speeds]),
        medians("mopo-spark"),
        *(ratios(name, target) for name, target in zip(("pytorch", "jax"), targets)),
    ]
    return f"| {' | '.join(cells)} |"


def names(allowed):
    """Parses some of the allowed names, in their order."""

    def parse(text: str) -> list:
        asked = text.split(",")
        if unknown := set(asked) - set(allowed):
            raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: not one of {', '.join(allowed)}")
        return [name for name in allowed if name in asked]

    return parse


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="how often each contestant has its turn (default 7)")
    parser.add_argument("--seconds", type=float, default=5, help="least length of a turn (default 5)")
    parser.add_argument("--works", type=names(WORKS), default=list(WORKS), help="some of the works, with commas between")
    parser.add_argument("--contestants", type=names(CONTESTANTS), default=list(CONTESTANTS), help="likewise (default all)")
    parser.add_argument("--output", type=pathlib.Path, help="also write the table here")
    arguments = parser.parse_args()
    if arguments.output and arguments.rounds < 5:
        parser.error("--rounds must be at least 5 for a result that is kept")
    side_by_side.enter_virtualenv(__file__, (HERE / "requirements.txt").read_text().split())
    if "mopo-spark" in arguments.contestants:
        side_by_side.build()

    lines = [
        f"{side_by_side.machine()} Python {sys.version.split()[0]},"
        f" PyTorch {importlib.metadata.version('torch')}, JAX {importlib.metadata.version('jax')}."
    ]
    others = []
    speeds = gemm_speeds(arguments.seconds, arguments.rounds, others)
    lines += [
        f"{arguments.rounds} rounds of at least {arguments.seconds:g} s a contestant. A process with 1 thread is kept to one core.",
        f"GEMM limit: the matrix products alone, at the speed of PyTorch's of 256 x 256 matrices:"
        f" {' / '.join(f'{speed / 1e6:.0f}' for speed in speeds)} GFLOP/s.",
        "A ratio says how many times faster mopo-spark is: the median over the rounds, in brackets the least and the"
        " greatest, with 1 / with 2 threads. Targets are for 2.",
        "",
        "| work | PyTorch, 1 / 2 threads | JAX, 1 / 2 | GEMM limit, 1 / 2 cores | mopo-spark, 1 / 2"
        " | PyTorch / mopo-spark | JAX / mopo-spark |",
        "|---|---|---|---|---|---|---|",
    ]
    print("\n".join(lines), flush=True)
    for work in arguments.works:
        milliseconds = {
            threads: measure(arguments.contestants, work, threads, arguments.seconds, arguments.rounds, others)
            for threads in THREADS
        }
        lines.append(row(work, milliseconds, speeds))
        print(lines[-1], flush=True)
    lines += [
        "",
        "While a contestant ran, other processes and the machine's host kept"
        f" {statistics.median(others):.2f} of {os.cpu_count()} cores busy (median over the turns; {max(others):.2f} at most)."
        " PyTorch's threads wait for each other busily: on 2 cores its figures are right only if that is near 0.",
    ]
    print("\n".join(lines[-2:]), flush=True)
    if arguments.output:
        arguments.output.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
