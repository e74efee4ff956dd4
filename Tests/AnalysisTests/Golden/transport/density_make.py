#!/usr/bin/env python3
"""Makes density_triclinic.json: how often krypton was at each point of a grid in ../melt.dump.gz, by numpy.histogramdd of coordinates along the
edges of each frame's cell, with the density smeared by scipy's Fourier transform; and checks what readers of ASE and pymatgen find in CUBE and
CHGCAR files, and what a VTK parser finds, when these are given on the command line.

    density_make.py                                make the golden values
    density_make.py FILE.cube FILE.chgcar FILE.vtk print shape, integral and first values of each

Needs the Python packages numpy, ASE and pymatgen.
"""

import gzip
import json
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
SPACING = 2.35


def make():
    size, total = None, None
    cells = []
    atoms = 0
    with gzip.open(HERE.parent / "melt.dump.gz", "rt") as file:
        lines = file.read().split("\n")
    place, frames = 0, 0
    while place < len(lines) and lines[place].startswith("ITEM: TIMESTEP"):
        count = int(lines[place + 3])
        bounds = np.array([[float(x) for x in line.split()] for line in lines[place + 5:place + 8]])
        xy, xz, yz = bounds[:, 2]
        xlo = bounds[0, 0] - min(0, xy, xz, xy + xz)
        xhi = bounds[0, 1] - max(0, xy, xz, xy + xz)
        ylo = bounds[1, 0] - min(0, yz)
        yhi = bounds[1, 1] - max(0, yz)
        zlo, zhi = bounds[2, :2]
        cell = np.array([[xhi - xlo, 0, 0], [xy, yhi - ylo, 0], [xz, yz, zhi - zlo]])
        if size is None:
            size = tuple(int(n) for n in np.ceil(np.linalg.norm(cell, axis=1) / SPACING))
            total = np.zeros(size)
        columns = lines[place + 8].split()[2:]
        rows = np.array([[float(x) for x in line.split()] for line in lines[place + 9:place + 9 + count]])
        kind = rows[:, columns.index("type")]
        position = rows[:, [columns.index(c) for c in ("x", "y", "z")]]
        chosen = position[kind == 2] - np.array([xlo, ylo, zlo])
        fractional = (chosen @ np.linalg.inv(cell)) % 1.0
        # Points are in the middle of their bins.
        shifted = (fractional + 0.5 / np.array(size)) % 1.0
        total += np.histogramdd(shifted, bins=size, range=[(0, 1)] * 3)[0]
        cells.append(cell)
        atoms = len(chosen)
        frames += 1
        place += 9 + count
    mean = np.mean(cells, axis=0)
    density = total / frames / (np.linalg.det(mean) / total.size)
    json.dump(
        {"size": size, "frames": frames, "atoms": atoms, "cell": mean.flatten().tolist(), "counts": total.astype(int).flatten().tolist(),
         "largest": float(density.max())}, open(HERE / "density_triclinic.json", "w"))
    print(frames, atoms, density.max())


def vtk(path):
    data = open(path, "rb").read()
    head, rest = data.split(b"POINTS ", 1)
    shape = [int(x) for x in head.split(b"DIMENSIONS ")[1].split()[:3]]
    count = int(rest.split(b" ", 1)[0])
    start = rest.index(b"\n") + 1
    points = np.frombuffer(rest[start:start + 12 * count], dtype=">f4").reshape(-1, 3)
    tail = rest[start + 12 * count:]
    start = tail.index(b"LOOKUP_TABLE default\n") + len(b"LOOKUP_TABLE default\n")
    values = np.frombuffer(tail[start:start + 4 * count], dtype=">f4").reshape(shape[::-1]).transpose(2, 1, 0)
    return shape, points, values


def check(cube, chgcar, vtk_path):
    from ase.io.cube import read_cube
    from pymatgen.io.vasp import Chgcar

    found = read_cube(open(cube))
    field, cell = found["data"], found["atoms"].cell
    print("cube", field.shape, field.mean() * cell.volume, field[0, 0, :3])
    charge = Chgcar.from_file(chgcar)
    values = charge.data["total"] / charge.structure.volume
    print("chgcar", values.shape, charge.data["total"].mean(), np.abs(values - field).max())
    shape, points, scalars = vtk(vtk_path)
    print("vtk", shape, np.abs(scalars[:-1, :-1, :-1] - field).max(), np.abs(scalars[-1] - scalars[0]).max(), points[-1])


if len(sys.argv) == 4:
    check(*sys.argv[1:])
else:
    make()
