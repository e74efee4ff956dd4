#!/usr/bin/env python3
"""Makes density_triclinic.json: how often krypton was at each point of a grid in ../melt.dump.gz, by numpy.histogramdd of coordinates along the
edges of each frame's cell, with the density smeared by scipy's Fourier transform; and checks what readers of ASE and pymatgen find in CUBE and
CHGCAR files, and what a VTK parser finds, when these are given on the command line.

    density_make.py                                make the golden values
    density_make.py percolation                    make density_percolation.json: energies at which connected parts of small random grids, as
                                                   scipy.ndimage.label finds them, wind around the cell
    density_make.py FILE.cube FILE.chgcar FILE.vtk print shape, integral and first values of each

Needs the Python packages numpy, scipy, ASE and pymatgen.
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


def windings(inside):
    """The independent windings of each connected part of a periodic grid: labels without edges, joined by steps across the faces."""
    from scipy.ndimage import label

    labels, _ = label(inside)
    links = {}
    for axis in range(3):
        last, first = np.take(labels, -1, axis), np.take(labels, 0, axis)
        step = np.eye(3, dtype=int)[axis]
        for a, b in {pair for pair in zip(last.flat, first.flat) if pair[0] and pair[1]}:
            links.setdefault(a, []).append((b, step))
            links.setdefault(b, []).append((a, -step))
    cells, found = {}, []
    for start in links:
        if start in cells:
            continue
        cells[start] = np.zeros(3, dtype=int)
        queue, cycles = [start], [np.zeros(3, dtype=int)]
        for here in queue:
            for there, step in links[here]:
                if there not in cells:
                    cells[there] = cells[here] + step
                    queue.append(there)
                else:
                    cycles.append(cells[here] + step - cells[there])
        found.append(np.array(cycles))
    return found


def percolation():
    """Thresholds by halving the list of energies; ranks by numpy.linalg.matrix_rank."""
    from scipy.ndimage import gaussian_filter

    rng = np.random.default_rng(7)
    cases = []
    shapes = [((5, 6, 7), 0, 0.9), ((5, 6, 7), 0.7, 0.6), ((9, 4, 6), 0.5, 0.5), ((3, 3, 3), 0, 0.9), ((8, 5, 1), 0.4, 0.9), ((6, 6, 6), 1, 0.4)]
    for size, width, share in shapes:
        field = rng.normal(size=size)
        if width:
            field = gaussian_filter(field, width, mode="wrap")
        # Whole numbers, all different; some points were never visited.
        energy = np.argsort(np.argsort(field, axis=None)).reshape(size)
        visited = rng.random(size) < share
        tests = [lambda w, n=n: np.linalg.matrix_rank(w) >= n for n in (1, 2, 3)]
        tests += [lambda w, axis=axis: bool((w[:, axis] != 0).any()) for axis in range(3)]
        levels = np.sort(energy[visited])
        barriers = []
        for test in tests:
            low, high = -1, len(levels)
            while high - low > 1:
                middle = (low + high) // 2
                if any(test(w) for w in windings(visited & (energy <= levels[middle]))):
                    high = middle
                else:
                    low = middle
            barriers.append(int(levels[high]) if high < len(levels) else None)
        cases.append(
            {"size": size, "energies": [int(e) if v else None for e, v in zip(energy.flat, visited.flat)], "barriers": barriers})
        print(size, barriers)
    json.dump({"cases": cases}, open(HERE / "density_percolation.json", "w"))


if len(sys.argv) == 4:
    check(*sys.argv[1:])
elif sys.argv[1:] == ["percolation"]:
    percolation()
else:
    make()
