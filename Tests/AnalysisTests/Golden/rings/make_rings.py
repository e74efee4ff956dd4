#!/usr/bin/env python3
"""Shortest-path rings of disordered networks by matscipy: packing.xyz and rings.json.

Points that push each other apart, bonded up to a distance. matscipy takes distances in the cell closed upon itself, so that a way
around the cell can be a shortcut; the cell is so wide that none is. Needs numpy, scipy, ase and matscipy.
"""

import json
import os

import ase
import ase.io
import numpy as np
from matscipy.ffi import distances_on_graph, find_sp_rings
from matscipy.neighbours import neighbour_list
from scipy.optimize import minimize

HERE = os.path.dirname(os.path.abspath(__file__))
COUNT, EDGE, APART = 1000, 19.42, 1.9


def relaxed(random):
    def energy(x):
        atoms.positions = x.reshape(-1, 3)
        i, j, d, v = neighbour_list("ijdD", atoms, APART)
        overlap = APART - d
        forces = np.zeros((COUNT, 3))
        np.add.at(forces, i, -2 * (overlap / d)[:, None] * v)
        return 0.5 * np.sum(overlap**2), -forces.ravel()

    atoms = ase.Atoms(f"C{COUNT}", positions=random.random((COUNT, 3)) * EDGE, cell=[EDGE] * 3, pbc=True)
    minimize(energy, atoms.positions.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": 60})
    return atoms


def rings(atoms, cutoff, largest):
    i, j, v = neighbour_list("ijD", atoms, cutoff)
    # With n as the largest size, rings of even n are left out; with n + 1 all are there.
    counts = find_sp_rings(i, j, v, distances_on_graph(i, j), largest + 1)
    return {"bonds": len(i) // 2, "rings": {str(n): int(c) for n, c in enumerate(counts) if c and n <= largest}}


def main():
    atoms = relaxed(np.random.default_rng(5))
    atoms.wrap()
    atoms.positions = np.round(atoms.positions, 5)
    ase.io.write(os.path.join(HERE, "packing.xyz"), atoms, columns=["symbols", "positions"], format="extxyz")
    result = {f"{cutoff}": rings(atoms, cutoff, largest) for cutoff, largest in ((2.1, 10), (2.25, 8))}
    with open(os.path.join(HERE, "rings.json"), "w") as out:
        json.dump({"largest": {"2.1": 10, "2.25": 8}, "cutoffs": result}, out)
        out.write("\n")


main()
