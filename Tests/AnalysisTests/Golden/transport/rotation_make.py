#!/usr/bin/env python3
"""Makes rotation_tetrahedra.xyz.gz and rotation_tetrahedra.json: C1 and C2 of the bonds of a few tetrahedra that turn and vibrate in a triclinic
cell, from the bond vectors that MDAnalysis gives (minimum image), by plain sums over time origins; and the optimal rotation of each unit from
the first frame to some others, as MDAnalysis gives it (angle and matrix).

Needs the Python packages numpy and MDAnalysis.
"""

import gzip
import json
import warnings
from pathlib import Path

import MDAnalysis as mda
import numpy as np
from MDAnalysis.analysis.align import rotation_matrix
from MDAnalysis.lib.distances import minimize_vectors
from MDAnalysis.lib.mdamath import triclinic_box

warnings.filterwarnings("ignore")
HERE = Path(__file__).resolve().parent
rng = np.random.default_rng(20)
CELL = np.array([[14.0, 0, 0], [3.0, 13.0, 0], [-2.0, 2.5, 12.0]])
FRAMES, UNITS = 60, 6
corner = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) / np.sqrt(3) * 2.05
centers = np.array([[i, j, k] for i in (0.02, 0.52) for j in (0.05, 0.52) for k in (0.03, 0.5)])[:UNITS] @ CELL


def rotation(vector):
    angle = np.linalg.norm(vector)
    x, y, z = vector / angle
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * k @ k


states = [rotation(rng.normal(size=3)) for _ in range(UNITS)]
frames = []
for frame in range(FRAMES):
    positions = []
    for unit in range(UNITS):
        states[unit] = rotation(rng.normal(size=3) * 0.15) @ states[unit]
        place = centers[unit] + 0.05 * rng.normal(size=3)
        positions += [place] + [place + states[unit] @ v + 0.04 * rng.normal(size=3) for v in corner]
    f = np.array(positions) @ np.linalg.inv(CELL)
    frames.append(np.round((f - np.floor(f)) @ CELL, 6))

names = (["P"] + ["S"] * 4) * UNITS
with gzip.GzipFile(HERE / "rotation_tetrahedra.xyz.gz", "wb", mtime=0) as out:
    lattice = " ".join(str(x) for x in CELL.flatten())
    for number, positions in enumerate(frames):
        out.write(f'{len(names)}\nLattice="{lattice}" Properties=species:S:1:pos:R:3 Time={number * 0.1:.1f}\n'.encode())
        for name, p in zip(names, positions):
            out.write(f"{name} {p[0]:.6f} {p[1]:.6f} {p[2]:.6f}\n".encode())

universe = mda.Universe.empty(len(names), trajectory=True)
universe.load_new(np.array(frames, dtype=np.float64).astype(np.float32), order="fac")
box = triclinic_box(*CELL)
bonds, shapes = [], []
for positions in frames:
    here, shape = [], []
    for unit in range(UNITS):
        vectors = minimize_vectors(positions[5 * unit + 1:5 * unit + 5] - positions[5 * unit], box)
        here += list(vectors / np.linalg.norm(vectors, axis=1)[:, None])
        whole = np.vstack([np.zeros(3), vectors])
        shape.append(whole - whole.mean(axis=0))
    bonds.append(here)
    shapes.append(shape)
bonds = np.array(bonds)
lags = [0, 1, 2, 5, 10, 20, 40, 59]
c1, c2 = [], []
for lag in lags:
    cosine = np.sum(bonds[:FRAMES - lag] * bonds[lag:], axis=2)
    c1.append(float(cosine.mean()))
    c2.append(float((1.5 * cosine ** 2 - 0.5).mean()))
turned = []
for frame in (1, 7, 30, 59):
    for unit in range(UNITS):
        matrix, rmsd = rotation_matrix(shapes[frame][unit], shapes[0][unit])
        # The matrix takes the later shape back onto the first.
        angle = np.degrees(np.arccos(np.clip((np.trace(matrix) - 1) / 2, -1, 1)))
        turned.append({"frame": frame, "unit": unit, "angle": float(angle), "matrix": matrix.T.flatten().tolist()})
json.dump({"units": UNITS, "frames": FRAMES, "lags": lags, "c1": c1, "c2": c2, "rotations": turned}, open(HERE / "rotation_tetrahedra.json", "w"))
print(c1, c2)
