"""Writes the NumPy files that the tests of neural-networks read: python make_npy_fixtures.py FOLDER (NumPy 2).

The number at flat place i of an array, in C order, is i - 2.5, and i - 2 where it is an integer. "special" holds what a float
can be beside that, down to the bits of a NaN.
"""

import pathlib
import sys

import numpy as np

SPECIAL = [0x00000000, 0x80000000, 0x7F800000, 0xFF800000, 0x7FC00000, 0xFFC12345, 0x00000001, 0x807FFFFF, 0x7F7FFFFF]


def numbers(shape, dtype="<f4"):
    count = int(np.prod(shape))
    first = -2.5 if np.dtype(dtype).kind == "f" else -2
    return (np.arange(count) + first).astype(dtype).reshape(shape)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    plain = {
        "number": numbers(()),
        "vector": numbers((5,)),
        "matrix": numbers((3, 4)),
        "cube": numbers((2, 3, 4)),
        # Headers that NumPy pads with one space and with 64.
        "least-padding": numbers((1,) * 13 + (10,)),
        "most-padding": numbers((1,) * 13 + (100,)),
        "empty": numbers((0, 4)),
        "special": np.array(SPECIAL, dtype="<u4").view("<f4"),
    }
    for name, array in plain.items():
        np.save(folder / f"{name}.npy", array)
    others = {
        "float64": numbers((3, 4), "<f8"),
        "int32": numbers((3, 4), "<i4"),
        "int64": numbers((3, 4), "<i8"),
        "big-endian": numbers((3, 4), ">f4"),
        "fortran": np.asfortranarray(numbers((2, 3, 4))),
    }
    for name, array in others.items():
        np.save(folder / f"{name}.npy", array)
    np.savez(folder / "plain.npz", **plain)
    np.savez_compressed(folder / "compressed.npz", **others)
    np.savez(folder / "none.npz")
    refused = {
        "bool": np.array([True]),
        "float16": numbers((2,), "<f2"),
        "too-large-float64": np.array([0, 1e39]),
        "too-large-int64": np.array([0, 2**24 + 1]),
        "structured": np.zeros(2, dtype=[("a", "<f4")]),
    }
    for name, array in refused.items():
        np.save(folder / f"refused-{name}.npy", array)
    with open(folder / "refused-version-2.npy", "wb") as file:
        np.lib.format.write_array(file, numbers((2,)), version=(2, 0))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
