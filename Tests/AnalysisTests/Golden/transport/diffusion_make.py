#!/usr/bin/env python3
"""Makes diffusion_golden.json: a random walk of 24 ions by pymatgen-analysis-diffusion and kinisi.

The walk comes from a linear congruential generator, so that the tests make the same one and no trajectory need be kept:
state -> 6364136223846793005 state + 1442695040888963407 (mod 2^64), from 2026; a step is ((state >> 11) / 2^53 - 1/2) times 1 Å,
for x, y, z of ion 0, then of ion 1 ..., frame after frame; 300 frames of 0.5 ps, the first at rest. A third of each step of an odd ion is
that of the even ion before, so that ions do not move independently. Cell: a cube of 20 Å; Li, charge 1; 700 K.

pymatgen gives mean-squared displacements over all origins, of ions and of the charge per ion, and the factor from cm²/s to mS/cm.
kinisi gives the posterior mean and 95 % interval of D from 1 ps to 75 ps with non-overlapping windows. Its random numbers are seeded.
"""

import json
from pathlib import Path

import numpy as np
import scipp as sc
from ase import Atoms
from kinisi.analyze import DiffusionAnalyzer as Kinisi
from pymatgen.analysis.diffusion.analyzer import DiffusionAnalyzer, get_conversion_factor
from pymatgen.core import Lattice, Structure

IONS, FRAMES, EDGE, STEP, TEMPERATURE = 24, 300, 20.0, 0.5, 700


def walk():
    state, places = 2026, np.zeros((FRAMES, IONS, 3))
    for frame in range(1, FRAMES):
        steps = np.zeros((IONS, 3))
        for ion in range(IONS):
            for axis in range(3):
                state = (6364136223846793005 * state + 1442695040888963407) % 2**64
                steps[ion, axis] = (state >> 11) / 2**53 - 0.5
        steps[1::2] = steps[1::2] + steps[0::2] / 3
        places[frame] = places[frame - 1] + steps
    return places


places = walk()
start = np.array([[5.0 * (i % 4), 5.0 * (i // 4 % 4), 5.0 * (i // 16)] for i in range(IONS)]) + 2.5
structure = Structure(Lattice.cubic(EDGE), ["Li"] * IONS + ["Cl"], np.vstack([start, [[1, 1, 1]]]), coords_are_cartesian=True)
displacements = np.zeros((IONS + 1, FRAMES, 3))
displacements[:IONS] = places.transpose(1, 0, 2)
peer = DiffusionAnalyzer(structure, displacements, "Li", TEMPERATURE, 500, 1, smoothed="max", min_obs=30)
lags = [int(round(t / 500)) for t in peer.dt]
chosen = [lags.index(lag) for lag in (lags[0], 5, 20, 60, 148) if lag in lags]

atoms = []
for frame in range(FRAMES):
    one = Atoms("Li" * IONS + "Cl", positions=np.vstack([start + places[frame], [[1, 1, 1]]]), cell=[EDGE] * 3, pbc=True)
    one.wrap()
    atoms.append(one)
analyzer = Kinisi.from_ase(
    atoms, specie="Li", time_step=STEP * sc.Unit("ps"), step_skip=1 * sc.Unit("dimensionless"),
    dt=sc.arange("time interval", STEP, 75.0 + STEP, STEP, unit="ps"), progress=False)
analyzer.diffusion(1.0 * sc.Unit("ps"), progress=False, random_state=np.random.RandomState(1))
samples = np.asarray(analyzer.D.values)
result = {
    "lags": [lags[i] for i in chosen],
    "msd": [float(peer.msd[i]) for i in chosen],
    "charge_msd_per_ion": [float(peer.mscd[i]) for i in chosen],
    "mS_per_cm_for_1_cm2_per_s": float(get_conversion_factor(structure, "Li", TEMPERATURE)),
    "kinisi_D_cm2_per_s": float(samples.mean()),
    "kinisi_interval95_cm2_per_s": [float(x) for x in np.percentile(samples, [2.5, 97.5])],
}
Path(__file__).with_name("diffusion_golden.json").write_text(json.dumps(result, indent=1) + "\n")
