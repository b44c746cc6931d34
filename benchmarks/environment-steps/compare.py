#!/usr/bin/env python3
"""Environment steps a second: this project's environments, a C loop over mj_step, and Gymnasium's env.step.

    benchmarks/environment-steps/compare.py [--rounds 15] [--seconds 0.5] [--output FILE.md]

Makes its own virtualenv beside itself and builds the project first. The three take turns, task by task and round by round,
each in a process that stays alive; all run the same recorded episodes (environments.hdf5) and must end in the same state.
Only steps are timed, not resets. A ratio is the median over the rounds of the ratio within a round.
"""

import argparse
import pathlib
import re
import statistics
import struct
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent))

import side_by_side  # noqa: E402

MUJOCO_VERSION = re.search("<mujoco.version>(.*)</mujoco.version>", (ROOT / "pom.xml").read_text()).group(1)
REQUIREMENTS = ["gymnasium[mujoco]==1.4.0", f"mujoco=={MUJOCO_VERSION}", "h5py==3.16.0"]

# task, group of the recorded episodes, model, MuJoCo steps a step, contact forces, Gymnasium's name, target against it
TASKS = [
    ("hopper", "Hopper-v4", "hopper", 4, 0, "Hopper-v4", 1.3),
    ("halfcheetah", "HalfCheetah-v4", "half_cheetah", 5, 0, "HalfCheetah-v4", 1.3),
    ("walker2d", "Walker2d-v4", "walker2d", 4, 0, "Walker2d-v4", 1.1),
    ("ant", "Ant-v4", "ant", 5, 0, "Ant-v4", 1.15),
    ("ant-contact", "Ant-v4-contact", "ant", 5, 1, "Ant-v4", 1.15),
    ("halfcheetah-jump", "HalfCheetah-v4", "half_cheetah", 5, 0, None, None),
    ("ant-angle", "Ant-v4", "ant", 5, 0, None, None),
]
TARGET_AGAINST_C = 0.95


def build(folder: pathlib.Path) -> pathlib.Path:
    """Builds the project and the C loop; returns the C loop's program."""
    side_by_side.build()
    mujoco = ROOT / "environments/target/mujoco"
    program = folder / "mujoco_loop"
    subprocess.run(
        ["g++", "-O3", "-std=c++17", f"-I{mujoco}/include", HERE / "mujoco_loop.cpp", "-o", program]
        + [f"-L{mujoco}/lib", "-lmujoco", f"-Wl,-rpath,{mujoco}/lib"],
        check=True,
    )
    return program


def write_episodes(group: str, path: pathlib.Path) -> int:
    """Writes the recorded episodes of a group in the workers' format; returns how many steps they have."""
    import h5py

    with h5py.File(ROOT / "environments/src/test/resources/reference/environments.hdf5") as file:
        recorded = file[group]
        start_index = recorded["start_index"][()]
        actions = recorded["actions"][()]
        with open(path, "wb") as out:
            out.write(struct.pack("<ii", len(actions), len(start_index)))
            out.write(start_index.astype("<i4").tobytes())
            out.write(recorded["start_qpos"][()].astype("<f8").tobytes())
            out.write(recorded["start_qvel"][()].astype("<f8").tobytes())
            out.write(actions.astype("<f8").tobytes())
    return len(actions)


class Contestant:
    """A process that runs the episodes on demand."""

    def __init__(self, command: list) -> None:
        self.command = command
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, times: int) -> tuple:
        """Seconds spent in steps, and the sum of the last qpos."""
        self.process.stdin.write(f"{times}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"a contestant ended with exit code {self.process.wait()}: {self.command}")
        seconds, checksum = answer.split()
        return float(seconds), float(checksum)

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def contestants(task: tuple, episodes: pathlib.Path, loop: pathlib.Path) -> dict:
    name, _, model, frame_skip, contact_forces, gymnasium_name, _ = task
    models = ROOT / "environments/src/main/resources/io/github/mopospark/environments/models"
    java = side_by_side.java() + ["io.github.mopospark.benchmarks.EnvironmentSteps", name, episodes]
    found = {
        "mopo-spark": Contestant(java),
        "C": Contestant([loop, models / f"{model}.xml", episodes, str(frame_skip), str(contact_forces)]),
    }
    if gymnasium_name:
        worker = [sys.executable, HERE / "gymnasium_worker.py", gymnasium_name, episodes, str(contact_forces)]
        found["Gymnasium"] = Contestant(worker)
    return found


def measure(task: tuple, loop: pathlib.Path, folder: pathlib.Path, rounds: int, seconds: float) -> dict:
    """Steps a second of each contestant in each round."""
    episodes = folder / f"{task[0]}.episodes"
    steps = write_episodes(task[1], episodes)
    found = contestants(task, episodes, loop)
    try:
        times = {}
        checksums = {}
        for name, contestant in found.items():
            contestant.run(20)  # warms caches, and lets the JVM compile
            spent, checksums[name] = contestant.run(10)
            times[name] = max(1, round(10 * seconds / spent))
        # numpy sums in another order, so the last digit may differ.
        if max(checksums.values()) - min(checksums.values()) > 1e-9:
            raise SystemExit(f"{task[0]}: the contestants end in different states: {checksums}")
        rates = {name: [] for name in found}
        for turn in range(rounds):
            order = list(found)
            for name in order[turn % len(order) :] + order[: turn % len(order)]:
                spent, _ = found[name].run(times[name])
                rates[name].append(times[name] * steps / spent)
        return rates
    finally:
        for contestant in found.values():
            contestant.close()


def row(task: tuple, rates: dict) -> str:
    def shown(other: str, target: float) -> str:
        if other not in rates:
            return "-"
        median, least, greatest = side_by_side.ratio(rates["mopo-spark"], rates[other])
        return f"{median:.3f} ({least:.2f} to {greatest:.2f}), target {target}{'' if median >= target else ': MISSED'}"

    medians = [f"{statistics.median(rates[name]):,.0f}" if name in rates else "-" for name in ("mopo-spark", "C", "Gymnasium")]
    return f"| {task[0]} | {' | '.join(medians)} | {shown('C', TARGET_AGAINST_C)} | {shown('Gymnasium', task[6])} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15, help="how often each contestant has its turn (default 15)")
    parser.add_argument("--seconds", type=float, default=0.5, help="length of a turn (default 0.5)")
    parser.add_argument("--output", type=pathlib.Path, help="also write the table here")
    arguments = parser.parse_args()
    if arguments.rounds < 5:
        parser.error("--rounds must be at least 5")
    side_by_side.enter_virtualenv(__file__, REQUIREMENTS)

    lines = [
        f"{side_by_side.machine()} MuJoCo {MUJOCO_VERSION}.",
        f"{arguments.rounds} rounds of {arguments.seconds} s a contestant.",
        "A ratio is the median over the rounds, in brackets the least and the greatest.",
        "",
        "| task | mopo-spark, steps/s | C loop | Gymnasium | mopo-spark / C loop | mopo-spark / Gymnasium |",
        "|---|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        loop = build(folder)
        print("\n".join(lines), flush=True)
        for task in TASKS:
            lines.append(row(task, measure(task, loop, folder, arguments.rounds, arguments.seconds)))
            print(lines[-1], flush=True)
    if arguments.output:
        arguments.output.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
