"""Golden values of the non-Gaussian parameter, van Hove functions and F_s(q, t) for ../triclinic-npt.lammpstrj.gz.

`pip install numpy==2.4.6 pymatgen-analysis-diffusion==2026.9.23 dynasor==2.5 && python distributions_make.py`, which writes
distributions_golden.json.

npt: the trajectory as it is, steps added up (toroidal-view-preserving), by plain loops in numpy.
fixed: its fractional coordinates in the cell of the first frame, by pymatgen-analysis-diffusion (van Hove) and dynasor (F_s).
"""
import gzip
import json
import os
import tempfile
import warnings

import numpy as np

warnings.filterwarnings("ignore")
HERE = os.path.dirname(os.path.abspath(__file__))


def read(path):
    frames = []
    with gzip.open(path, "rt") as f:
        while f.readline():
            f.readline(), f.readline()
            n = int(f.readline())
            f.readline()
            (xl, xh, xy), (yl, yh, xz), (zl, zh, yz) = [[float(v) for v in f.readline().split()] for _ in range(3)]
            xl, xh = xl - min(0, xy, xz, xy + xz), xh - max(0, xy, xz, xy + xz)
            yl, yh = yl - min(0, yz), yh - max(0, yz)
            f.readline()
            a = np.array([[float(v) for v in f.readline().split()] for _ in range(n)])
            cell = np.array([[xh - xl, 0, 0], [xy, yh - yl, 0], [xz, yz, zh - zl]])
            lo = np.array([xl, yl, zl])
            s = (a[:, 2:5] - lo) @ np.linalg.inv(cell)
            # Atoms that left the cell since the last rebuild of the lists are written where they are.
            out = np.floor(s)
            frames.append(dict(cell=cell, type=a[:, 1].astype(int), s=s - out, n=a[:, 5:8] + out, lo=lo))
    return frames


frames = read(os.path.join(HERE, "..", "triclinic-npt.lammpstrj.gz"))
types = frames[0]["type"]
species = {"Ar": np.where(types == 1)[0], "Ne": np.where(types == 2)[0]}
track = [frames[0]["s"] @ frames[0]["cell"] + frames[0]["lo"]]
for before, f in zip(frames, frames[1:]):
    w0, w1 = before["s"] @ before["cell"] + before["lo"], f["s"] @ f["cell"] + f["lo"]
    track.append(track[-1] + w1 - w0 + (f["n"] - before["n"]) @ f["cell"])
track = np.array(track)

golden = {"npt": {"lags": [1, 2, 5, 10, 20], "species": {}}, "fixed": {}}
npt = golden["npt"]


def gap(values, width):
    """How close a value comes to the border of a bin."""
    return float(np.abs(values / width - np.round(values / width)).min() * width)


moved = {k: {m: track[m:, a] - track[:-m, a] for m in npt["lags"]} for k, a in species.items()}
lengths = {k: {m: np.linalg.norm(d, axis=-1).ravel() for m, d in v.items()} for k, v in moved.items()}
everything = np.concatenate([r for v in lengths.values() for r in v.values()])
npt["bins"] = 40
npt["range_A"] = max(np.arange(8, 9, 0.001), key=lambda c: gap(everything[everything < c + 1], c / 40)).item()
print("self: closest to a border", gap(everything[everything < npt["range_A"] + 1], npt["range_A"] / 40))
points = []
a1, a2, a3 = 1 / 21, 4 / 105, 9 / 280
for i in range(-1, 2):
    for j in range(-1, 2):
        for k in range(-1, 2):
            kind = abs(i) + abs(j) + abs(k)
            if kind:
                points.append((np.array([i, j, k]) / kind**0.5, (a1, a2, a3)[kind - 1]))
npt["q"] = [0.7, 2.1]
for name in species:
    out = npt["species"][name] = {"alpha2": [], "alpha2_z": [], "msd": [], "counts": [], "fs": [[] for _ in npt["q"]]}
    for m in npt["lags"]:
        d = moved[name][m].reshape(-1, 3)
        r2 = np.sum(d**2, axis=1)
        out["msd"].append(np.mean(r2))
        out["alpha2"].append(3 * np.mean(r2**2) / (5 * np.mean(r2) ** 2) - 1)
        out["alpha2_z"].append(np.mean(d[:, 2] ** 4) / (3 * np.mean(d[:, 2] ** 2) ** 2) - 1)
        out["counts"].append(np.histogram(lengths[name][m], bins=40, range=(0, npt["range_A"]))[0].tolist())
        for i, q in enumerate(npt["q"]):
            out["fs"][i].append(sum(w * np.mean(np.cos(q * d @ n)) for n, w in points))

# The distinct part: the fractional coordinates of the earlier time in the cell of the later.
LAG, BINS = 5, 24
images = np.array([[i, j, k] for i in (-1, 0, 1) for j in (-1, 0, 1) for k in (-1, 0, 1)])
pairs = {"Ar-Ar": ("Ar", "Ar"), "Ar-Ne": ("Ar", "Ne"), "Ne-Ne": ("Ne", "Ne")}


def apart(k, a, b):
    cell = frames[k + LAG]["cell"]
    s = frames[k + LAG]["s"][None, species[b]] - frames[k]["s"][species[a], None]
    s -= np.round(s)
    if a == b:
        s = s[~np.eye(len(s), dtype=bool)]
    return np.linalg.norm((s.reshape(-1, 1, 3) + images) @ cell, axis=-1).ravel()


def both(k, pair):
    a, b = pairs[pair]
    return apart(k, a, a) if a == b else np.concatenate([apart(k, a, b), apart(k, b, a)])


distances = {pair: [both(k, pair) for k in range(len(frames) - LAG)] for pair in pairs}
near = np.concatenate([d[d < 6.3] for v in distances.values() for d in v])
cutoff = max(np.arange(5.7, 6.2, 0.0005), key=lambda c: gap(near[near < c + 0.01], c / BINS)).item()
print("distinct: closest to a border", gap(near[near < cutoff + 0.01], cutoff / BINS))
edges = np.linspace(0, cutoff, BINS + 1)
shell = 4 * np.pi / 3 * np.diff(edges**3)
npt["distinct"] = {"lag": LAG, "bins": BINS, "cutoff_A": cutoff, "pairs": {}}
for pair, (a, b) in pairs.items():
    na, nb = len(species[a]), len(species[b])
    number = na * (na - 1) if a == b else 2 * na * nb
    g = [
        np.histogram(d, bins=edges)[0] * np.linalg.det(frames[k + LAG]["cell"]) / (number * shell)
        for k, d in enumerate(distances[pair])]
    npt["distinct"]["pairs"][pair] = np.mean(g, axis=0).tolist()

# pymatgen-analysis-diffusion and dynasor want one cell.
from pymatgen.analysis.diffusion.aimd.van_hove import VanHoveAnalysis
from pymatgen.analysis.diffusion.analyzer import DiffusionAnalyzer
from pymatgen.core import Lattice, Structure

cell = frames[0]["cell"]
symbols = ["Ar" if t == 1 else "Ne" for t in types]
structures = [Structure(Lattice(cell), symbols, f["s"]) for f in frames]
diffusion = DiffusionAnalyzer.from_structures(structures, "Ar", 160, 1600, 1, smoothed=False)
ORIGINS, SKIP, RMAX, GRID = 20, 3, 6.0, 25
fixed = golden["fixed"]
fixed["origins"], fixed["lag"], fixed["bin_width_A"] = ORIGINS, SKIP, RMAX / (GRID - 1)
width, sigma = RMAX / (GRID - 1), 1e-3
fixed["pymatgen"] = {}
for other in ("Ar", "Ne"):
    vh = VanHoveAnalysis(
        diffusion, avg_nsteps=ORIGINS, ngrid=GRID, rmax=RMAX, step_skip=SKIP, sigma=sigma, cell_range=3, species=("Ar",),
        reference_species=(other,))
    # Gaussians this narrow only scale the histogram: what is left are its counts.
    height = 1 / (sigma * (2 * np.pi) ** 0.5 * ORIGINS * len(species[other]))
    aux = 4 * np.pi * vh.interval**2
    aux[0] = np.pi * width**2
    rho = len(species["Ar"]) / np.linalg.det(cell)
    fixed["pymatgen"][f"Ar-{other}"] = np.round(vh.gdrt[1] / height * aux * rho).astype(int).tolist()[:-1]
    if other == "Ar":
        fixed["pymatgen"]["self"] = np.round(vh.gsrt[1] / height).astype(int).tolist()[:-1]

from dynasor import Trajectory, compute_dynamic_structure_factors

unwrapped = [frames[0]["s"]]
for before, f in zip(frames, frames[1:]):
    step = f["s"] - before["s"]
    unwrapped.append(unwrapped[-1] + step - np.round(step))
# The incoherent part knows no cell: a cube with which the wave vectors along the axes are commensurate.
with tempfile.NamedTemporaryFile("w", suffix=".xyz", delete=False) as file:
    for s in unwrapped:
        lattice = " ".join(f"{v:.12f}" for v in (40 * np.pi / 0.7 * np.eye(3)).ravel())
        file.write(f'{len(types)}\nLattice="{lattice}" Properties=species:S:1:pos:R:3 pbc="T T T"\n')
        for symbol, x in zip(symbols, s @ cell):
            file.write(f"{symbol} {x[0]:.12f} {x[1]:.12f} {x[2]:.12f}\n")
trajectory = Trajectory(file.name, trajectory_format="extxyz", atomic_indices={k: v.tolist() for k, v in species.items()})
fixed["q"] = [0.7, 2.1]
fixed["dynasor"] = {name: [] for name in species}
# A trajectory is read once.
sample = compute_dynamic_structure_factors(
    trajectory, q_points=np.concatenate([q * np.eye(3) for q in fixed["q"]]), dt=1600, window_size=22, calculate_incoherent=True)
for name in species:
    # dynasor divides by the number of all atoms.
    values = np.array(getattr(sample, f"Fqt_incoh_{name}")) * len(types) / len(species[name])
    fixed["dynasor"][name] = values.reshape(len(fixed["q"]), 3, -1).mean(axis=1).tolist()
os.unlink(file.name)
with open(os.path.join(HERE, "distributions_golden.json"), "w") as out:
    json.dump(golden, out, indent=0)
