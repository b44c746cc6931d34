"""What mopo convert does to one file of D4RL's v2 layout, with h5py, NumPy and pyarrow, in one process."""

import hashlib

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

COLUMNS = ("observations", "actions", "rewards", "next_observations", "terminals", "timeouts")


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def lists(values):
    width = values.shape[1]
    offsets = np.arange(0, values.size + 1, width, dtype=np.int32)
    return pa.ListArray.from_arrays(offsets, values.reshape(-1))


def statistics(values):
    return [values.mean(0, dtype=np.float64), values.std(0, dtype=np.float64, ddof=1), values.min(0), values.max(0)]


def convert(source, target):
    """Returns everything that the dataset's manifest would hold, so that nothing can be left out."""
    found = [sha256(source)]
    with h5py.File(source) as file:
        data = {name: file[name][()] for name in COLUMNS}
    for name in COLUMNS[:4]:
        if not np.isfinite(data[name]).all():
            raise ValueError(name)
    if np.abs(data["actions"]).max() > 1 + 1e-4:
        raise ValueError("actions")
    ends = data["terminals"] | data["timeouts"]
    jumps = (data["next_observations"][:-1] != data["observations"][1:]).any(1)
    found.append(np.flatnonzero(jumps & ~ends[:-1]))
    starts = np.flatnonzero(np.concatenate([[True], ends[:-1]]))
    episodes = np.cumsum(np.concatenate([[0], ends[:-1]]))
    steps = np.arange(len(ends)) - starts[episodes]
    found.append(np.add.reduceat(data["rewards"].astype(np.float64), starts))
    found.append((np.abs(data["actions"]) >= 1 - 1e-4).mean())
    for name in COLUMNS[:4]:
        found.append(statistics(data[name]))
    table = pa.table(
        {
            "episode": pa.array(episodes.astype(np.int64)),
            "step": pa.array(steps.astype(np.int32)),
            "observation": lists(data["observations"]),
            "action": lists(data["actions"]),
            "reward": pa.array(data["rewards"]),
            "next_observation": lists(data["next_observations"]),
            "terminal": pa.array(data["terminals"]),
            "timeout": pa.array(data["timeouts"]),
        }
    )
    # As ours: Snappy, and no dictionary of numbers that hardly repeat, which would only cost it time.
    pq.write_table(table, target, compression="snappy", use_dictionary=["episode"])
    found.append(sha256(target))
    return found
