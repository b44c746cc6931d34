"""Writes the HDF5 files that the tests of conversion-tools read: python make_fixtures.py FOLDER (h5py 3, NumPy).

All numbers follow from formulas, so that a test needs no Python:
  observation  row + column / 8
  next         the next row's observation; on an episode's last row its own + 1/2
  action       ((7 row + 3 column) mod 21 - 10) / 10, in float32
  reward       row / 4
Rows 49, 99, ... end an episode: by terminal where (row + 1) / 50 is odd, else by timeout.
"""

import pathlib
import sys

import h5py
import numpy as np

ROWS, WIDTH, ACTIONS = 210, 5, 3

# The newest format that jHDF reads whole: from HDF5 1.12 on datatypes are of version 4.
LATEST = ("v110", "v110")


def observations(rows=ROWS, first=0, width=WIDTH):
    row = np.arange(first, first + rows)[:, None]
    return row + np.arange(width)[None, :] / 8


def actions(rows=ROWS, first=0):
    row = np.arange(first, first + rows)[:, None]
    return ((7 * row + 3 * np.arange(ACTIONS)[None, :]) % 21 - 10) / 10


def rewards(rows=ROWS, first=0):
    return np.arange(first, first + rows) / 4


def ends(rows=ROWS):
    episode_end = np.arange(1, rows + 1) % 50 == 0
    odd = (np.arange(1, rows + 1) // 50) % 2 == 1
    return episode_end & odd, episode_end & ~odd


def columns(rows=ROWS, dtype="f4", flag="bool"):
    terminal, timeout = ends(rows)
    following = np.where((terminal | timeout)[:, None], observations(rows) + 0.5, observations(rows, 1))
    kind = np.dtype(dtype)
    return {
        "observations": observations(rows).astype(kind),
        "next_observations": following.astype(kind),
        "actions": actions(rows).astype("f4").astype(kind),
        "rewards": rewards(rows).astype(kind),
        "terminals": terminal.astype(flag),
        "timeouts": timeout.astype(flag),
    }


def v2(path, options, libver="earliest", extras=False, **kinds):
    """options: of create_dataset, by the dataset's rank."""
    with h5py.File(path, "w", libver=libver) as file:
        for name, values in columns(**kinds).items():
            file.create_dataset(name, data=values, **options(values))
        if extras:
            file["infos/qpos"] = np.zeros((4, 2))
            file["infos/action_log_probs"] = np.zeros(4, "f4")
            file["metadata/algorithm"] = "SAC"
            file["metadata/policy/fc0/weight"] = np.eye(2)


def chunked(rows, width, **more):
    return lambda values: dict(chunks=(rows,) if values.ndim == 1 else (rows, min(width, values.shape[1])), **more)


def with_chunks_of(path, rows, libver, grow):
    """Observations in many chunks, so that the index has more than one level or page; grow: how many dimensions may."""
    with h5py.File(path, "w", libver=libver) as file:
        for name, values in columns().items():
            if name == "next_observations":
                continue
            limit = tuple(None if i < grow else n for i, n in enumerate(values.shape))
            chunk = (rows,) if values.ndim == 1 else (rows, values.shape[1])
            options = dict(chunks=chunk, maxshape=limit) if name == "observations" else {}
            file.create_dataset(name, data=values, **options)


def compact(path):
    with h5py.File(path, "w") as file:
        for name, values in columns(rows=60).items():
            layout = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            layout.set_layout(h5py.h5d.COMPACT)
            kind = h5py.h5t.py_create(values.dtype, logical=True)
            space = h5py.h5s.create_simple(values.shape)
            dataset = h5py.h5d.create(file.id, name.encode(), kind, space, layout)
            dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, values)


def implicit(path):
    """Chunks that are allocated at once and not filtered need no index."""
    with h5py.File(path, "w", libver=LATEST) as file:
        for name, values in columns().items():
            layout = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            layout.set_chunk((64,) if values.ndim == 1 else (64, 2))
            layout.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
            kind = h5py.h5t.py_create(values.dtype, logical=True)
            dataset = h5py.h5d.create(file.id, name.encode(), kind, h5py.h5s.create_simple(values.shape), layout)
            dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, values)


def minari(path, lengths, libver, **filters):
    """Episode k ends by termination where k is even, by truncation where it is odd; the last one by neither.

    The observations of an episode are rows from 1000 k on, one more than its actions.
    """
    with h5py.File(path, "w", libver=libver) as file:
        file.attrs["total_episodes"] = len(lengths)
        for k, length in enumerate(lengths):
            group = file.create_group(f"episode_{k}")
            options = dict(chunks=True, **filters) if filters else {}
            group.create_dataset("observations", data=observations(length + 1, 1000 * k), **options)
            group.create_dataset("actions", data=actions(length, 1000 * k).astype("f4"), **options)
            group.create_dataset("rewards", data=rewards(length, 1000 * k), **options)
            last = np.arange(length) == length - 1
            marked = k + 1 < len(lengths)
            group.create_dataset("terminations", data=last & (k % 2 == 0) & marked, **options)
            group.create_dataset("truncations", data=last & (k % 2 == 1) & marked, **options)
            group["infos/x_position"] = np.zeros(length + 1)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    gzip = dict(compression="gzip")
    plain = lambda values: {}
    v2(folder / "contiguous.hdf5", plain, extras=True)
    v2(folder / "gzip.hdf5", chunked(100, 2, **gzip), flag="u1")
    # 330 rows: the one that is mutated.
    v2(folder / "gzip-shuffle-fletcher32.hdf5", chunked(64, 3, shuffle=True, fletcher32=True, **gzip), rows=330)
    v2(folder / "fletcher32.hdf5", chunked(64, 5, shuffle=True, fletcher32=True), libver=LATEST)
    v2(folder / "lzf.hdf5", chunked(100, 5, compression="lzf"), libver=LATEST)
    v2(folder / "float64.hdf5", chunked(64, 2, shuffle=True, **gzip), libver=LATEST, dtype="f8", flag="i8")
    v2(folder / "big-endian.hdf5", chunked(50, 5, shuffle=True, **gzip), libver=LATEST, dtype=">f4", flag=">i8")
    v2(folder / "big-endian-float64.hdf5", plain, libver=LATEST, rows=110, dtype=">f8", flag=">u2")
    v2(folder / "latest.hdf5", chunked(64, 2, **gzip), libver=LATEST, extras=True)
    v2(folder / "latest-one-chunk.hdf5", lambda values: dict(chunks=values.shape, **gzip), libver=LATEST)
    v2(folder / "latest-one-plain-chunk.hdf5", lambda values: dict(chunks=values.shape), libver=LATEST, rows=60)
    v2(
        folder / "latest-growing.hdf5",
        lambda values: dict(chunks=(64,) + values.shape[1:], maxshape=(None,) + values.shape[1:], **gzip),
        libver=LATEST,
    )
    v2(
        folder / "chunks-beyond-rows.hdf5",
        lambda values: dict(chunks=(1000,) + values.shape[1:], maxshape=(None,) + values.shape[1:], **gzip),
        libver=LATEST,
    )
    with_chunks_of(folder / "v0-many-chunks.hdf5", 3, "earliest", 0)
    with_chunks_of(folder / "v0-latest-two-growing.hdf5", 50, LATEST, 2)
    compact(folder / "compact.hdf5")
    implicit(folder / "latest-implicit.hdf5")
    minari(folder / "minari.hdf5", (40, 1), "earliest")
    minari(folder / "minari-latest.hdf5", (40, 1, 75, 30, 9, 7, 5, 3, 2, 2, 6), LATEST, fletcher32=True, **gzip)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
