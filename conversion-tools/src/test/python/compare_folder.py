#!/usr/bin/env python3
"""Converts a folder of D4RL files with bin/mopo and compares each dataset, bit by bit, with what h5py reads.

    pip install h5py pyarrow
    conversion-tools/src/test/python/compare_folder.py FOLDER

Exits with 1 if anything differs.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import h5py
import numpy as np
import pyarrow.parquet as pq

ROOT = pathlib.Path(__file__).resolve().parents[4]


def bits(values):
    return np.asarray(values, dtype=np.float32).view(np.uint32)


def floats(column, width):
    values = column.combine_chunks()
    flat = values.flatten().to_numpy(zero_copy_only=False)
    return flat.reshape(-1, width)


def compare(source, dataset):
    manifest = json.loads((dataset / "dataset.json").read_text())
    table = pq.ParquetDataset([str(dataset / part["path"]) for part in manifest["parts"]]).read()
    with h5py.File(source) as file:
        recorded = {name: file[name][()] for name in file if isinstance(file[name], h5py.Dataset)}
    rows, width = recorded["observations"].shape
    action_width = recorded["actions"].shape[1]
    ends = recorded["terminals"].astype(bool) | recorded["timeouts"].astype(bool)
    if "next_observations" in recorded:
        has_next = np.ones(rows, bool)
        following = recorded["next_observations"]
    else:
        has_next = ~ends
        has_next[-1] = False
        following = np.roll(recorded["observations"], -1, axis=0)
    episodes = np.cumsum(np.concatenate([[0], ends[:-1]]))
    starts = np.flatnonzero(np.concatenate([[True], ends[:-1]]))
    checks = {
        "rows": table.num_rows == rows == manifest["rows"],
        "episode": np.array_equal(table["episode"].to_numpy(), episodes),
        "step": np.array_equal(table["step"].to_numpy(), np.arange(rows) - starts[episodes]),
        "observation": np.array_equal(bits(floats(table["observation"], width)), bits(recorded["observations"])),
        "action": np.array_equal(bits(floats(table["action"], action_width)), bits(recorded["actions"])),
        "reward": np.array_equal(bits(table["reward"].to_numpy()), bits(recorded["rewards"])),
        "next_observation is null": np.array_equal(~table["next_observation"].is_null().to_numpy(), has_next),
        "next_observation": np.array_equal(bits(floats(table["next_observation"], width)), bits(following[has_next])),
        "terminal": np.array_equal(table["terminal"].to_numpy(), recorded["terminals"].astype(bool)),
        "timeout": np.array_equal(table["timeout"].to_numpy(), recorded["timeouts"].astype(bool)),
    }
    findings = manifest["findings"]
    jumps = (following[:-1] != recorded["observations"][1:]).any(1) & ~ends[:-1]
    unflagged = np.flatnonzero(jumps)
    first = unflagged[0] if len(unflagged) else -1
    checks["unflagged boundaries"] = (
        findings["unflagged"]["count"] == len(unflagged) and findings["unflagged"]["first_row"] == first
    )
    missing = ("terminal", "timeout", "end_of_file")
    checks["rows without next"] = sum(findings[f"without_next_at_{name}"] for name in missing) == (~has_next).sum()
    statistics = manifest["statistics"]
    rewards = recorded["rewards"].astype(np.float64)
    for name, column in (("observation", "observations"), ("action", "actions")):
        values = recorded[column].astype(np.float64)
        checks[f"{name} mean"] = np.allclose(statistics[name]["mean"], values.mean(0), rtol=1e-9, atol=1e-12)
        checks[f"{name} std"] = np.allclose(statistics[name]["std"], values.std(0, ddof=1), rtol=1e-9)
        checks[f"{name} min"] = np.array_equal(statistics[name]["min"], values.min(0))
        checks[f"{name} max"] = np.array_equal(statistics[name]["max"], values.max(0))
    checks["returns"] = np.allclose(statistics["episode_returns"], np.add.reduceat(rewards, starts), rtol=1e-12, atol=1e-9)
    checks["lengths"] = np.array_equal(statistics["episode_lengths"], np.diff(np.append(starts, rows)))
    return rows, [name for name, equal in checks.items() if not equal]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    failed = False
    with tempfile.TemporaryDirectory() as output:
        subprocess.run(
            [ROOT / "bin/mopo", "convert", "--input", f"{folder}/*.hdf5", "--output", output], check=True
        )
        for source in sorted(folder.glob("*.hdf5")):
            rows, differing = compare(source, pathlib.Path(output) / source.stem)
            print(f"{source.name}: {rows:,} rows", "DIFFER in " + ", ".join(differing) if differing else "equal")
            failed |= bool(differing)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
