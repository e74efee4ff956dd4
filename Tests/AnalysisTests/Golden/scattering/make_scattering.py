#!/usr/bin/env python3
"""Makes the golden values of S(Q) and of total correlation functions: frames.xyz.gz, scattering.json.

Needs the Python packages numpy, ase, dynasor and vitrum.

Frames: cristobalite with lithium on some silicon sites, shaken, in a sheared cell; three frames in the same cell.
dynasor: Ashcroft-Langreth-like sums < rho_a rho_b* > / N for all reciprocal vectors up to 5 1/A, averaged here over bins of 0.25 1/A.
vitrum: partial Si-O S(Q) by transform with a Lorch window; T(r) of neutrons as it is and broadened; D(r) of X-rays up to Q_max, with a Lorch
window and without, by Keen's eqs. 57 to 61 (a folding in r, where we transform S(Q)).
"""

import gzip
import json
from pathlib import Path

import numpy as np
from ase import Atoms
from ase.io import write
from dynasor import Trajectory, compute_static_structure_factors
from vitrum.scattering import Scattering

HERE = Path(__file__).resolve().parent
A = 7.16
FACES = np.array([[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])
BONDS = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]])
LENGTHS = {"Li": -1.90, "O": 5.803, "Si": 4.1491}


def frames():
    random = np.random.default_rng(5)
    silicon = np.concatenate([FACES, FACES + 0.25])
    oxygen = np.concatenate([FACES + bond / 8 for bond in BONDS])
    cells = np.array([[i, j, k] for i in range(2) for j in range(2) for k in range(3)])
    basis = np.concatenate([silicon, oxygen])
    fractional = (basis[None] + cells[:, None]).reshape(-1, 3) / [2, 2, 3]
    symbols = np.array((["Si"] * 8 + ["O"] * 16) * len(cells))
    symbols[random.choice(np.flatnonzero(symbols == "Si"), 30, replace=False)] = "Li"
    vectors = np.array([[2, 0, 0], [0.3, 2, 0], [-0.2, 0.4, 3]]) * A
    result = []
    for _ in range(3):
        positions = fractional @ vectors + random.normal(0, 0.18, fractional.shape)
        result.append(Atoms(symbols=list(symbols), positions=np.round(positions, 5), cell=np.round(vectors, 6), pbc=True))
    return result


def direct(path, trajectory):
    atoms = trajectory[0]
    indices = {name: [i for i, symbol in enumerate(atoms.symbols) if symbol == name] for name in LENGTHS}
    reciprocal = 2 * np.pi * np.linalg.inv(np.array(atoms.cell)).T
    h = np.array([[i, j, k] for i in range(-20, 21) for j in range(-20, 21) for k in range(-25, 26)])
    q = h @ reciprocal
    length = np.linalg.norm(q, axis=1)
    q, length = q[(length > 1e-6) & (length < 5)], length[(length > 1e-6) & (length < 5)]
    sample = compute_static_structure_factors(Trajectory(str(path), trajectory_format="extxyz", atomic_indices=indices), q)
    bins = (length / 0.25).astype(int)
    names = sorted(LENGTHS)
    partials = {}
    for i, a in enumerate(names):
        for b in names[i:]:
            name = f"Sq_{a}_{b}" if hasattr(sample, f"Sq_{a}_{b}") else f"Sq_{b}_{a}"
            values = np.real(np.asarray(getattr(sample, name)).reshape(-1))
            if a != b:
                # dynasor adds up both orders.
                values = values / 2
            partials[f"{a}-{b}"] = [float(values[bins == n].mean()) for n in range(20) if (bins == n).any()]
    lengths = [float(length[bins == n].mean()) for n in range(20) if (bins == n).any()]
    return {"q": lengths, "vectors": [int((bins == n).sum()) for n in range(20) if (bins == n).any()], "intensities": partials}


def main():
    trajectory = frames()
    text = HERE / "frames.xyz"
    write(text, trajectory, format="extxyz")
    golden = {"dynasor": direct(text, trajectory)}
    golden["vitrum"] = {}
    # Bins of 0.02 A up to 6.6 A, below half the smallest width of the cell.
    options = dict(qmin=1.0, rrange=6.6, nbin=330, disable_progress=True)
    first = Scattering(trajectory, qmax=20.0, neutron_scattering_coef=[LENGTHS[name] for name in sorted(LENGTHS)], **options)
    for index, (a, b) in enumerate(first.pairs):
        # vitrum divides pairs of like atoms by N (N - 1), we by N².
        number = first.chemical_symbols.count(a)
        first.partial_pdfs[index] *= (number - 1) / number if a == b else 1
    every = slice(None, None, 5)
    golden["vitrum"]["r"] = first.xval[every].tolist()
    golden["vitrum"]["q"] = first.qval[every].tolist()
    golden["vitrum"]["S_Si-O"] = first.get_partial_structure_factor(("Si", "O"), lorch=True)[every].tolist()
    golden["vitrum"]["T_neutron"] = first.get_T_r_pdf("neutron")[every].tolist()
    golden["vitrum"]["T_neutron_broadened_20"] = first.get_T_r_pdf("neutron", broaden=20.0)[every].tolist()
    golden["vitrum"]["D_xray_20"] = first.get_reduced_pdf("xray")[every].tolist()
    golden["vitrum"]["D_xray_20_lorch"] = first.get_reduced_pdf("xray", lorch=True)[every].tolist()
    golden["vitrum"]["N_Si-O"] = first.get_N_running(("Si", "O"))[every].tolist()

    def rounded(value):
        if isinstance(value, dict):
            return {key: rounded(entry) for key, entry in value.items()}
        if isinstance(value, list):
            return [rounded(entry) for entry in value]
        return float(f"{value:.9g}") if isinstance(value, float) else value

    (HERE / "scattering.json").write_text(json.dumps(rounded(golden)) + "\n")
    # No time of day in the archive, so that the same frames give the same bytes.
    (HERE / "frames.xyz.gz").write_bytes(gzip.compress(text.read_bytes(), mtime=0))
    text.unlink()


main()
