"""Golden values of g(r) and MSD by MDAnalysis and freud for triclinic-npt.lammpstrj.gz.

The trajectory: `lmp -in triclinic-npt.in && gzip -9 triclinic-npt.lammpstrj` (LAMMPS 29 Sep 2021, Debian).
Then: `pip install MDAnalysis==2.11.0 freud-analysis==3.4.0 && python make_triclinic_npt.py`, which writes triclinic-npt.json.

Both programs keep positions in single precision, so that a pair within some 1e-6 A of the border of a bin may fall on
either side. The cutoff is therefore chosen such that there is no such pair in the whole trajectory.
"""
import gzip
import json
import warnings

import freud
import MDAnalysis as mda
import numpy as np
from MDAnalysis.analysis.msd import EinsteinMSD
from MDAnalysis.analysis.rdf import InterRDF

warnings.filterwarnings("ignore")
BINS = 30


def read(path):
    frames = []
    with gzip.open(path, "rt") as f:
        while line := f.readline():
            assert line.startswith("ITEM: TIMESTEP")
            f.readline(), f.readline()
            n = int(f.readline())
            f.readline()
            (xl, xh, xy), (yl, yh, xz), (zl, zh, yz) = [[float(v) for v in f.readline().split()] for _ in range(3)]
            # The file gives the bounding box of the tilted cell.
            xl, xh = xl - min(0, xy, xz, xy + xz), xh - max(0, xy, xz, xy + xz)
            yl, yh = yl - min(0, yz), yh - max(0, yz)
            f.readline()
            a = np.array([[float(v) for v in f.readline().split()] for _ in range(n)])
            cell = np.array([[xh - xl, 0, 0], [xy, yh - yl, 0], [xz, yz, zh - zl]])
            frames.append(dict(cell=cell, lo=np.array([xl, yl, zl]), type=a[:, 1].astype(int), x=a[:, 2:5], image=a[:, 5:8], xu=a[:, 8:11]))
    return frames


def distances(frame):
    d = frame["x"][None] - frame["x"][:, None]
    f = d @ np.linalg.inv(frame["cell"])
    d = (f - np.round(f)) @ frame["cell"]
    best = np.full(d.shape[:2], np.inf)
    for i in (-1, 0, 1):
        for j in (-1, 0, 1):
            for k in (-1, 0, 1):
                best = np.minimum(best, np.linalg.norm(d + np.array([i, j, k]) @ frame["cell"], axis=-1))
    return best[np.triu_indices(len(best), 1)]


frames = read("triclinic-npt.lammpstrj.gz")
types = frames[0]["type"]
species = {"Ar": np.where(types == 1)[0], "Ne": np.where(types == 2)[0]}

r = np.concatenate([distances(f) for f in frames])
best = (0, 0)
for cutoff in np.arange(5.8, 6.2, 0.0005):
    width = cutoff / BINS
    inside = r[r < cutoff + 1e-3]
    best = max(best, (np.abs(inside / width - np.round(inside / width)).min() * width, cutoff))
gap, cutoff = best
print("cutoff", cutoff, "no pair closer to a border than", gap)

u = mda.Universe.empty(len(types), trajectory=False)
coordinates = np.array([f["x"] - f["lo"] for f in frames])
boxes = np.array([mda.lib.mdamath.triclinic_box(*f["cell"]) for f in frames])
u.load_new(coordinates, dimensions=boxes)
golden = {"cutoff_A": float(cutoff), "bins": BINS, "rdf": {"mdanalysis": {}, "freud": {}}, "msd": {}}
for a, b in (("Ar", "Ar"), ("Ar", "Ne"), ("Ne", "Ne")):
    # Frame by frame, so that each is normalised by its own volume.
    g = np.zeros(BINS)
    for k in range(len(frames)):
        rdf = InterRDF(
            u.atoms[species[a]], u.atoms[species[b]], nbins=BINS, range=(0, cutoff), exclusion_block=(1, 1) if a == b else None)
        g += rdf.run(start=k, stop=k + 1).results.rdf / len(frames)
    golden["rdf"]["mdanalysis"][f"{a}-{b}"] = g.tolist()
    g = np.zeros(BINS)
    for f in frames:
        c = f["cell"]
        box = freud.box.Box(c[0, 0], c[1, 1], c[2, 2], c[1, 0] / c[1, 1], c[2, 0] / c[2, 2], c[2, 1] / c[2, 2])
        x = box.wrap(f["x"] - f["lo"] - c.sum(axis=0) / 2)
        rdf = freud.density.RDF(bins=BINS, r_max=cutoff)
        rdf.compute((box, x[species[b]]), query_points=x[species[a]], neighbors=dict(r_max=cutoff, exclude_ii=a == b))
        g += rdf.rdf / len(frames)
    golden["rdf"]["freud"][f"{a}-{b}"] = g.tolist()

xu = np.array([f["xu"] for f in frames])
w = mda.Universe.empty(len(types), trajectory=False)
w.load_new(xu)
for name, atoms in species.items():
    group = w.atoms[atoms]
    result = EinsteinMSD(group, msd_type="xyz", fft=False).run()
    golden["msd"][name] = {"mdanalysis": result.results.timeseries.tolist()}
    for axis in "xyz":
        golden["msd"][name][axis] = EinsteinMSD(group, msd_type=axis, fft=False).run().results.timeseries.tolist()
    msd = freud.msd.MSD(mode="window")
    golden["msd"][name]["freud"] = msd.compute(xu[:, atoms]).msd.tolist()

# Toroidal-view-preserving displacements in double precision, by the double loop over origins and lags.
# LAMMPS writes atoms that left the cell since the last rebuild of its lists where they are: wrap them first.
for f in frames:
    out = np.floor((f["x"] - f["lo"]) @ np.linalg.inv(f["cell"]))
    f["w"], f["n"] = f["x"] - out @ f["cell"], f["image"] + out
track = [frames[0]["xu"]]
for before, f in zip(frames, frames[1:]):
    jump = (f["n"] - before["n"]) @ f["cell"]
    track.append(track[-1] + f["w"] - before["w"] + jump)
track = np.array(track)
for name, atoms in species.items():
    golden["msd"][name]["toroidal"] = [
        float(np.mean(np.sum((track[m:, atoms] - track[: len(track) - m, atoms]) ** 2, axis=-1))) for m in range(len(track))]
json.dump(golden, open("triclinic-npt.json", "w"), indent=0)
