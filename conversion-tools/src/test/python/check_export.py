#!/usr/bin/env python3
"""Compares two HDF5 files of transitions to the bit: an original and what was exported again. Needs h5py.

    python check_export.py ORIGINAL EXPORTED [--except KEY:ROW,ROW...]

Every dataset of the transitions must be in both with the same dtype, shape and bytes (for Minari the episodes' and the file's
numbers too); other datasets of the original, such as metadata, are named and not compared. Exits 1 on a difference.
"""

import argparse
import re
import sys

import h5py
import numpy as np

D4RL = {"observations", "actions", "rewards", "next_observations", "terminals", "timeouts"}
MINARI = {"observations", "actions", "rewards", "terminations", "truncations"}
EPISODE = re.compile(r"episode_\d+$")


def is_minari(file):
    return any(EPISODE.match(key) for key in file)


def datasets(file):
    found = {}
    file.visititems(lambda name, item: found.update({name: item}) if isinstance(item, h5py.Dataset) else None)
    return found


def is_transition(key, minari):
    group, _, name = key.rpartition("/")
    return (EPISODE.match(group) and name in MINARI) if minari else key in D4RL


def differing_rows(a, b):
    as_bytes = [values.reshape(len(values), -1).view(np.uint8) for values in (a, b)]
    return set(np.flatnonzero((as_bytes[0] != as_bytes[1]).any(axis=1)).tolist())


def compare(original, exported, allowed):
    """Yields a line for each difference."""
    minari = is_minari(original)
    if minari != is_minari(exported):
        yield "one file is in D4RL's layout, the other in Minari's"
        return
    ours = {key: item for key, item in datasets(original).items() if is_transition(key, minari)}
    theirs = datasets(exported)
    for key in sorted(ours.keys() ^ theirs.keys()):
        yield f"/{key}: only in {'the original' if key in ours else 'the exported file'}"
    for key in sorted(ours.keys() & theirs.keys()):
        a, b = ours[key], theirs[key]
        if a.dtype != b.dtype or a.shape != b.shape:
            yield f"/{key}: {a.dtype} {a.shape} became {b.dtype} {b.shape}"
            continue
        # numpy's bool stands for any enumeration that h5py takes for one.
        if not a.id.get_type().equal(b.id.get_type()):
            yield f"/{key}: the same dtype {a.dtype}, but another HDF5 type"
        rows = differing_rows(a[()], b[()])
        if unexpected := sorted(rows - allowed.get(key, set())):
            yield f"/{key}: {len(unexpected)} rows differ, the first is {unexpected[0]}"
    if minari:
        for key in ["/", *sorted(key for key in original if EPISODE.match(key))]:
            for name in ("id", "total_steps", "total_episodes"):
                a, b = (file[key].attrs.get(name) if key in file else None for file in (original, exported))
                if a is not None and a != b:
                    yield f"{key}: the attribute {name} was {a}, is {b}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("original")
    parser.add_argument("exported")
    parser.add_argument(
        "--except", dest="allowed", action="append", default=[], metavar="KEY:ROW,...", help="rows that may differ"
    )
    arguments = parser.parse_args()
    allowed = {}
    for text in arguments.allowed:
        key, _, rows = text.partition(":")
        allowed[key] = {int(row) for row in rows.split(",")}
    with h5py.File(arguments.original) as original, h5py.File(arguments.exported) as exported:
        differences = list(compare(original, exported, allowed))
        minari = is_minari(original)
        compared = [key for key in datasets(original) if is_transition(key, minari)]
        skipped = [key for key in datasets(original) if not is_transition(key, minari)]
    for difference in differences:
        print(difference)
    outcome = f"{len(differences)} differences" if differences else "equal to the bit"
    print(f"{arguments.exported}: {len(compared)} datasets, {outcome}" + (f" (not compared: {', '.join(skipped)})" if skipped else ""))
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
