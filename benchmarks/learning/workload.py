"""What the contestants have in common: shapes, settings, data, and how a piece of work is measured."""

import argparse
import dataclasses
import json
import os
import sys
import time

import numpy as np

OBSERVATION, ACTION = 17, 6  # HalfCheetah's
INPUT, OUTPUT = OBSERVATION + ACTION, 1 + OBSERVATION  # of a member; output 0 is the reward
BATCH = 256

# SAC. A transition is one row: observation, action, reward, next observation, terminal.
TRANSITION = OBSERVATION + ACTION + 1 + OBSERVATION + 1
HIDDEN = 256
REAL_ROWS, REAL_BATCH = 200_000, 12
MODEL_ROUNDS = 5  # the model's buffer holds that many rounds of rollouts

@dataclasses.dataclass(frozen=True)
class SacSettings:
    """The paper's preset."""

    discount: float = 0.99
    polyak: float = 0.005
    actor_rate: float = 3e-4
    critic_rate: float = 3e-4
    temperature_rate: float = 3e-4
    target_entropy: float = -3.0
    log_std_min: float = -20.0
    log_std_max: float = 2.0


# The ensemble. The last of the weight decays is both heads'.
MEMBERS, ELITES = 7, (0, 1, 3, 4, 6)
MEMBER_LAYERS = (INPUT, 200, 200, 200, 200)
MEMBER_RATE = 1e-3
WEIGHT_DECAY = (2.5e-5, 5e-5, 7.5e-5, 7.5e-5, 1e-4)
# Of one member: all of them together pay 0.01.
BOUND_COEFFICIENT = 0.01 / MEMBERS
LOG_VARIANCE_MIN, LOG_VARIANCE_MAX = -10.0, 0.5

STARTS, STEPS, PENALTY = 50_000, 5, 0.5
ROLLOUT_ROWS = STARTS * STEPS
MODEL_ROWS = MODEL_ROUNDS * ROLLOUT_ROWS
UPDATES_AN_EPOCH = 1_000

# How much is done between two looks at the clock.
UPDATES_A_CALL = 100
GEMM_SIZE, GEMMS = 256, 1_000


def transitions(rows: int) -> np.ndarray:
    """Random rows: what they hold does not change what they cost."""
    found = np.random.default_rng(rows).standard_normal((rows, TRANSITION), dtype=np.float32)
    found[:, OBSERVATION:INPUT] = np.tanh(found[:, OBSERVATION:INPUT])
    found[:, -1] = found[:, -1] > 3
    return found


def member_rows() -> np.ndarray:
    """What members train on: standardised input, then target."""
    rows = transitions(REAL_ROWS)
    inputs, rewards, next_observations = rows[:, :INPUT], rows[:, INPUT : INPUT + 1], rows[:, INPUT + 1 : -1]
    standardised = (inputs - inputs.mean(0)) / inputs.std(0)
    return np.concatenate([standardised, rewards, next_observations - rows[:, :OBSERVATION]], 1)


def bootstrap_batches() -> np.ndarray:
    """Rows drawn with replacement, once for each member, then cut into batches: [batch, member, row]."""
    return np.random.default_rng(0).integers(0, REAL_ROWS, (REAL_ROWS // BATCH, MEMBERS, BATCH), dtype=np.int32)


def initial_actor() -> list:
    return _initial_network(np.random.default_rng(0), OBSERVATION, 2 * ACTION)


def initial_critics() -> list:
    generator = np.random.default_rng(1)
    return [_initial_network(generator, INPUT, 1) for _ in range(2)]


def _initial_network(generator: np.random.Generator, inputs: int, outputs: int) -> list:
    """Weights and bias, layer by layer."""
    sizes = (inputs, HIDDEN, HIDDEN, outputs)
    return [(_uniform(generator, i, i, o), _uniform(generator, i, o)) for i, o in zip(sizes, sizes[1:])]


def _uniform(generator: np.random.Generator, inputs: int, *shape: int) -> np.ndarray:
    """PyTorch's own start of a linear layer."""
    return generator.uniform(-1, 1, shape).astype(np.float32) / np.float32(np.sqrt(inputs))


def initial_members() -> dict:
    """All members' parameters, each with the member as its first dimension."""
    generator = np.random.default_rng(0)

    def layer(inputs: int, outputs: int) -> tuple:
        return _truncated_normal(generator, inputs, outputs), np.zeros((MEMBERS, 1, outputs), np.float32)

    last = MEMBER_LAYERS[-1]
    return {
        "trunk": [layer(i, o) for i, o in zip(MEMBER_LAYERS, MEMBER_LAYERS[1:])],
        "mean": layer(last, OUTPUT),
        "log_variance": layer(last, OUTPUT),
        "min_log_variance": np.full((MEMBERS, 1, OUTPUT), LOG_VARIANCE_MIN, np.float32),
        "max_log_variance": np.full((MEMBERS, 1, OUTPUT), LOG_VARIANCE_MAX, np.float32),
    }


def _truncated_normal(generator: np.random.Generator, inputs: int, outputs: int) -> np.ndarray:
    """Every member's weights of a layer."""
    drawn = generator.standard_normal((MEMBERS, inputs, outputs), dtype=np.float32)
    while (outside := np.abs(drawn) > 2).any():
        drawn[outside] = generator.standard_normal(outside.sum(), dtype=np.float32)
    return drawn / np.float32(2 * np.sqrt(inputs))


def arguments(default_chunk: int) -> argparse.Namespace:
    """The command line of a contestant."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True, help="how long a measurement lasts at least")
    parser.add_argument("--chunk", type=int, default=default_chunk, help="rows of a rollout at a time")
    found = parser.parse_args()
    # JAX can be kept to fewer threads in no other way, and the others must not have more.
    cores = len(os.sched_getaffinity(0))
    if cores != found.threads:
        raise SystemExit(f"--threads {found.threads}, but this process may run on {cores} cores: start it with taskset")
    return found


def measure(asked: argparse.Namespace, call, pieces: int) -> None:
    """For each line on stdin, calls for so many seconds, and prints what one of a call's pieces of work took.

    The first call is not counted: it compiles.
    """
    call()
    for _ in sys.stdin:
        calls = 0
        started = time.perf_counter()
        while (spent := time.perf_counter() - started) < asked.seconds:
            call()
            calls += 1
        milliseconds = 1e3 * spent / (calls * pieces)
        print(json.dumps({"work": asked.work, "threads": asked.threads, "milliseconds": milliseconds}), flush=True)
