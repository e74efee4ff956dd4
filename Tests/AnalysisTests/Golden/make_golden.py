#!/usr/bin/env python3
"""Makes the golden values of the analyses: melt.dump.gz, melt.json.

Needs `lmp` (LAMMPS) on the path and the Python packages numpy, freud-analysis and MDAnalysis.

LAMMPS runs an argon-krypton liquid in a fully triclinic NPT cell, so that edges breathe and tilt while atoms cross them, and
writes atoms in whatever order it holds them.

g(r): freud finds the pairs and their images (in single precision); their distances are computed again here in double, since a
pair on the border of a bin would otherwise count in the next one. freud's own histogram must agree but for such pairs.
MSD: a plain loop over all time origins; MDAnalysis' EinsteinMSD must agree within single precision.
"""

import gzip
import json
import subprocess
import tempfile
from pathlib import Path

import freud
import MDAnalysis
import numpy as np
from MDAnalysis.analysis.msd import EinsteinMSD

HERE = Path(__file__).resolve().parent
SPECIES = ["Ar", "Kr"]
CUTOFF, BINS = 6.75, 135

INPUT = """
units metal
atom_style atomic
lattice fcc 5.55
region box prism 0 4 0 3 0 4 0.6 0.4 -0.5
create_box 2 box
create_atoms 1 box
set type 1 type/fraction 2 0.4 4711
mass 1 39.948
mass 2 83.798
pair_style lj/cut 8.5
pair_coeff 1 1 0.01032 3.405
pair_coeff 2 2 0.01412 3.65
pair_coeff 1 2 0.01207 3.527
velocity all create 400 99
timestep 0.004
fix 1 all npt temp 260 260 0.2 tri 1200 1200 0.6 flip no
thermo 500
run 4000
reset_timestep 0
dump 1 all custom 125 melt.dump id type x y z ix iy iz
dump_modify 1 format float %.5f
run 5500
"""


def read(text):
    """Frames: cell edges as rows, origin, types, wrapped positions and their flags, all sorted by id."""
    lines = iter(text.splitlines())
    frames = []
    for line in lines:
        assert line.startswith("ITEM: TIMESTEP")
        next(lines), next(lines)
        count = int(next(lines))
        assert next(lines).startswith("ITEM: BOX BOUNDS xy xz yz")
        (xlo, xhi, xy), (ylo, yhi, xz), (zlo, zhi, yz) = ([float(t) for t in next(lines).split()] for _ in range(3))
        xlo -= min(0, xy, xz, xy + xz)
        xhi -= max(0, xy, xz, xy + xz)
        ylo -= min(0, yz)
        yhi -= max(0, yz)
        cell = np.array([[xhi - xlo, 0, 0], [xy, yhi - ylo, 0], [xz, yz, zhi - zlo]])
        assert next(lines).split()[2:] == "id type x y z ix iy iz".split()
        rows = np.array([[float(t) for t in next(lines).split()] for _ in range(count)])
        rows = rows[np.argsort(rows[:, 0])]
        origin = np.array([xlo, ylo, zlo])
        # Between two builds of its neighbour lists LAMMPS lets atoms stray a little out of the cell; toroidal steps are
        # defined between wrapped positions.
        out = np.floor((rows[:, 2:5] - origin) @ np.linalg.inv(cell))
        frames.append((cell, origin, rows[:, 1].astype(int) - 1, rows[:, 2:5] - out @ cell, rows[:, 5:8] + out))
    return frames


def distances(cell, origin, positions):
    """Ordered pairs (i, j, r) closer than the cutoff, and freud's own histogram."""
    box = freud.box.Box.from_matrix(cell.T)
    # freud puts the origin into the middle of the cell.
    middle = origin + cell.sum(axis=0) / 2
    points = box.wrap(positions - middle)
    query = freud.locality.AABBQuery(box, points)
    found = query.query(points, dict(r_max=CUTOFF + 1e-3, exclude_ii=True)).toNeighborList()
    i, j = found.query_point_indices, found.point_indices
    bare = positions[j] - positions[i]
    images = (found.vectors - bare) @ np.linalg.inv(cell)
    assert np.abs(images - np.rint(images)).max() < 1e-4
    vectors = bare + np.rint(images) @ cell
    rdf = freud.density.RDF(bins=BINS, r_max=CUTOFF)
    rdf.compute((box, points), reset=True)
    return i, j, np.linalg.norm(vectors, axis=1), np.asarray(rdf.bin_counts)


def all_origins(tracks):
    """x, y, z by lag, mean over atoms and origins; tracks: frame, atom, axis."""
    frames = len(tracks)
    return np.array(
        [[0.0] * 3] + [((tracks[lag:] - tracks[:-lag]) ** 2).mean(axis=(0, 1)) for lag in range(1, frames)]
    ).T


def main():
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "melt.lmp").write_text(INPUT)
        subprocess.run(["lmp", "-in", "melt.lmp", "-log", "none"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        text = (Path(folder) / "melt.dump").read_text()
    with open(HERE / "melt.dump.gz", "wb") as file, gzip.GzipFile(fileobj=file, mode="wb", mtime=0, filename="") as packed:
        packed.write(text.encode())

    frames = read(text)
    types = frames[0][2]
    numbers = [int((types == kind).sum()) for kind in (0, 1)]
    assert all((frame[2] == types).all() for frame in frames)

    pairs = [(0, 0), (0, 1), (1, 1)]
    edges = np.linspace(0, CUTOFF, BINS + 1)
    shells = 4 / 3 * np.pi * (edges[1:] ** 3 - edges[:-1] ** 3)
    counts = np.zeros((3, BINS), dtype=int)
    g = np.zeros((4, BINS))
    moved = 0
    for cell, origin, _, positions, _ in frames:
        i, j, r, theirs = distances(cell, origin, positions)
        volume = np.linalg.det(cell)
        ours, _ = np.histogram(r, edges)
        moved += np.abs(ours - theirs).sum()
        g[3] += ours * volume / (len(types) ** 2 * shells)
        for index, (a, b) in enumerate(pairs):
            ordered, _ = np.histogram(r[(types[i] == a) & (types[j] == b)], edges)
            counts[index] += ordered // (2 if a == b else 1)
            g[index] += ordered * volume / (numbers[a] * numbers[b] * shells)
    g /= len(frames)
    print("pairs", counts.sum(), "that freud puts into another bin:", moved)
    assert moved < 1e-3 * counts.sum()

    flagged = np.array([positions + flags @ cell for cell, _, _, positions, flags in frames])
    steps = [frames[0][3] + frames[0][4] @ frames[0][0]]
    for last, (cell, _, _, positions, flags) in zip(frames, frames[1:]):
        steps.append(positions - last[3] + (flags - last[4]) @ cell)
    toroidal = np.cumsum(steps, axis=0)

    masses = np.where(types == 0, 39.948, 83.798)
    drift = np.average(toroidal - toroidal[0], axis=1, weights=np.where(types == 1, masses, 0))
    still = toroidal - drift[:, None, :]
    curves = {}
    for name, tracks in [("images", flagged), ("toroidal", toroidal), ("toroidal without Kr drift", still)]:
        curves[name] = {label: all_origins(tracks[:, types == kind]).tolist() for kind, label in enumerate(SPECIES)}
        universe = MDAnalysis.Universe.empty(len(types), trajectory=False)
        universe.load_new(tracks)
        theirs = EinsteinMSD(universe, select="all", msd_type="xyz", fft=False).run().results.timeseries
        ours = all_origins(tracks).sum(axis=0)
        print(name, "against EinsteinMSD", np.abs(theirs[1:] / ours[1:] - 1).max(), "last", ours[-1])
        assert np.allclose(theirs, ours, rtol=1e-6)

    cells = np.array([frame[0] for frame in frames])
    print("frames", len(frames), "atoms", numbers, "volume", [round(f(np.linalg.det(cells))) for f in (np.min, np.max)])
    print("tilts", np.round([cells[:, 1, 0].min(), cells[:, 1, 0].max(), cells[:, 2, 0].min(), cells[:, 2, 0].max()], 2))
    print("largest flag", max(np.abs(frame[4]).max() for frame in frames))
    golden = {
        "atoms": numbers, "frames": len(frames), "cutoff": CUTOFF, "bins": BINS,
        "pairs": {f"{SPECIES[a]}-{SPECIES[b]}": {"counts": counts[k].tolist(), "g": g[k].tolist()} for k, (a, b) in enumerate(pairs)},
        "total": g[3].tolist(), "msd": curves,
    }
    (HERE / "melt.json").write_text(json.dumps(golden, separators=(",", ":")).replace('"Kr":', '\n"Kr":') + "\n")


if __name__ == "__main__":
    main()
