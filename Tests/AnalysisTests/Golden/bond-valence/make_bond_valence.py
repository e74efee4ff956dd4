"""Site energies and percolation barriers by bvlain 0.25.1, bond-valence sums by ASE's neighbour lists: writes bond-valence.json.

pip install bvlain ase; python make_bond_valence.py
Structures are made from space group and sites: beta-Li3PS4 (Pnma; Homma et al., Solid State Ionics 182, 53 (2011)), gamma-Li3PS4 (Pmn21) and Li7P3S11 (P-1).
Scipy has moved scipy.ndimage.measurements, which bvlain imports; the first lines put it back. The grid of bvlain includes both ends of an
edge: n points there are n - 1 of a periodic grid. Its barriers are found by bisection to 0.01 eV.
"""
import json
import sys
import types

import numpy as np
import scipy.ndimage

if not hasattr(scipy.ndimage, "measurements"):
    module = types.ModuleType("scipy.ndimage.measurements")
    module.label = scipy.ndimage.label
    sys.modules["scipy.ndimage.measurements"] = module
    scipy.ndimage.measurements = module

from ase.neighborlist import neighbor_list
from ase.spacegroup import crystal
from ase import Atoms
from bvlain import Lain

STRUCTURES = {
    "beta-Li3PS4": crystal(
        ["Li", "Li", "P", "S", "S", "S"],
        [(0.8562, 0.0123, 0.4371), (0.5, 0.0, 0.5), (0.5875, 0.25, 0.1718), (0.6554, 0.0456, 0.2839), (0.4348, 0.25, 0.2567), (0.6071, 0.25, 0.8369)],
        spacegroup=62, cellpar=[12.8190, 8.2200, 6.1235, 90, 90, 90]),
    "gamma-Li3PS4": crystal(
        ["Li", "Li", "P", "S", "S", "S"],
        [(0.2504, 0.8301, 0.0180), (0, 0.6453, 0.4855), (0, 0.3218, 0.9942), (0.2186, 0.1717, 0.8861), (0, 0.6082, 0.8878), (0, 0.3050, 0.3227)],
        spacegroup=31, cellpar=[7.7085, 6.5350, 6.1365, 90, 90, 90]),
    "Li7P3S11": crystal(
        ["Li"] * 7 + ["P"] * 3 + ["S"] * 11,
        [(.2001, .3310, .9086), (.9600, .3611, .1333), (.2519, .7848, .2606), (.2709, .0583, .7296), (.0495, .6409, .6631), (.6290, .3629, .5024),
         (.5661, .8598, .8652), (.1725, .2064, .5345), (.4689, .5067, .7037), (.8897, .1601, .9414), (.9039, .1395, .3807), (.0717, .1766, .6664),
         (.4770, .1597, .5320), (.4432, .6697, .7119), (.4114, .4908, .8488), (.7908, .4905, .6927), (.2225, .3823, .5466), (.8285, .1591, .0967),
         (.2457, .1725, .9541), (.8349, .3221, .9365), (.6728, .0231, .8126)],
        spacegroup=2, cellpar=[6.0317, 12.3401, 12.5302, 106.887, 102.844, 102.565]),
}
CHARGES = {"Li": 1, "P": 5, "S": -2}
# r0 and b of softBV, as bvlain has them.
PAIRS = {("Li", "S"): (1.46652, 1 / 1.531394), ("P", "S"): (2.14917, 1 / 1.766784)}


def sums(atoms, cutoff):
    result = np.zeros(len(atoms))
    i, j, d = neighbor_list("ijd", atoms, cutoff)
    symbols = np.array(atoms.get_chemical_symbols())
    for (cation, anion), (r0, b) in PAIRS.items():
        for first, second in [(cation, anion), (anion, cation)]:
            chosen = (symbols[i] == first) & (symbols[j] == second)
            np.add.at(result, i[chosen], np.exp((r0 - d[chosen]) / b))
    return result


golden = {}
for name, atoms in STRUCTURES.items():
    atoms = Atoms(atoms.get_chemical_symbols(), scaled_positions=atoms.get_scaled_positions(), cell=atoms.cell.cellpar(), pbc=True)
    atoms.set_array("oxi_states", np.array([CHARGES[s] for s in atoms.get_chemical_symbols()]))
    lain = Lain(verbose=False)
    lain.read_atoms(atoms, oxi_check=True)
    energies = lain.bvse_distribution(mobile_ion="Li1+", r_cut=10, resolution=0.25, k=2000, use_softbv_covalent_radii=True)
    barriers = lain.percolation_barriers(encut=10.0)
    n = [m - 1 for m in energies.shape]
    inside = energies[:-1, :-1, :-1]
    random = np.random.default_rng(1)
    # Points that matter: within 3 eV of the lowest.
    low = np.argwhere(inside - inside.min() < 3)
    points = [low[m].tolist() for m in random.choice(len(low), 60, replace=False)]
    v = sums(atoms, 10.0)
    golden[name] = {
        "cell": atoms.cell.array.tolist(), "symbols": atoms.get_chemical_symbols(), "positions": np.round(atoms.positions, 8).tolist(),
        "size": n, "points": points, "energies_eV": [float(inside[tuple(p)]) for p in points], "minimum_eV": float(inside.min()),
        "barriers_eV": [float(barriers[k]) for k in ("E_1D", "E_2D", "E_3D")], "sums": np.round(v, 9).tolist(),
        "gii": float(np.sqrt(np.mean((v - np.abs([CHARGES[s] for s in atoms.get_chemical_symbols()])) ** 2)))}
    print(name, n, barriers, golden[name]["gii"], golden[name]["minimum_eV"])
json.dump(golden, open("bond-valence.json", "w"), separators=(",", ":"))
