"""Silica: Buckingham terms cut at 8 A; damped shifted Coulomb forces (alpha 0.2 1/A) cut at 10 A, or a mesh."""

import math
import os
import random
import re
import subprocess
import sys

from timing import Case, lammps_styles

ALPHA, SHORT_CUTOFF, COULOMB_CUTOFF = 0.2, 8.0, 10.0
COULOMB = 14.399645  # eV A, as LAMMPS has it in metal units
CHARGES = {"Si": 2.4, "O": -1.2}
# A (eV), rho (A), C (eV A^6): the force field teter-sio2; Deng and Du, doi:10.1111/jace.16082.
PAIRS = {("Si", "O"): (13702.905, 0.193817, 54.681), ("O", "O"): (2029.2204, 0.343645, 192.28)}


def cristobalite(repeats, seed=1):
    """Idealised beta-cristobalite with shaken atoms: a stand-in for a glass where there is no vitrolyte to make one."""
    a = 7.16
    faces = [(0, 0, 0), (0, 0.5, 0.5), (0.5, 0, 0.5), (0.5, 0.5, 0)]
    silicon = faces + [tuple(x + 0.25 for x in f) for f in faces]
    bonds = [(1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1)]
    oxygen = [tuple(x + d / 8 for x, d in zip(f, b)) for f in faces for b in bonds]
    shake = random.Random(seed)
    atoms = []
    for i in range(repeats):
        for j in range(repeats):
            for k in range(repeats):
                for element, sites in (("Si", silicon), ("O", oxygen)):
                    for site in sites:
                        atoms.append((element, [(n + x) * a + shake.gauss(0, 0.05) for n, x in zip((i, j, k), site)]))
    return atoms, repeats * a


def write_data(path, atoms, length):
    with open(path, "w") as out:
        out.write(f"silica\n\n{len(atoms)} atoms\n2 atom types\n\n")
        for axis in "xyz":
            out.write(f"0.0 {length:.10f} {axis}lo {axis}hi\n")
        out.write("\nMasses\n\n1 28.0855  # Si\n2 15.9994  # O\n\nAtoms  # charge\n\n")
        for number, (element, position) in enumerate(atoms, 1):
            kind = 1 if element == "Si" else 2
            out.write(f"{number} {kind} {CHARGES[element]} " + " ".join(f"{x:.10f}" for x in position) + "\n")


def read_data(path):
    """The atom style, the element of each type, and the number of atoms of each element."""
    with open(path) as lines:
        text = lines.read().split("\n")
    style, elements, counts, section = None, {}, {}, ""
    for line in text[1:]:
        words = line.split("#")[0].split()
        if not words:
            continue
        if re.match(r"^[A-Z][A-Za-z ]*$", line.split("#")[0].strip()):
            section = words[0]
            if section == "Atoms" and "#" in line:
                style = line.split("#")[1].strip()
            continue
        if section == "Masses":
            elements[words[0]] = "Si" if abs(float(words[1]) - 28.09) < 1 else "O" if abs(float(words[1]) - 16.0) < 1 else "?"
        elif section == "Atoms":
            style = style or {5: "atomic", 8: "atomic", 6: "charge", 9: "charge", 7: "full", 10: "full"}.get(len(words))
            kind = words[{"atomic": 1, "charge": 1, "full": 2}.get(style, 1)]
            counts[elements.get(kind, "?")] = counts.get(elements.get(kind, "?"), 0) + 1
    if style not in ("atomic", "charge", "full") or set(counts) != {"Si", "O"}:
        sys.exit(f"{path}: expected LAMMPS data of silicon and oxygen, atom_style charge or full; found {style}, {counts}")
    return style, elements, counts


def coulomb_shift():
    """What LAMMPS takes from 1/r and from its slope, so that energy and force vanish at the cutoff (1/A, 1/A^2)."""
    a, big = ALPHA, COULOMB_CUTOFF
    slope = math.erfc(a * big) / big**2 + 2 * a / math.sqrt(math.pi) * math.exp(-((a * big) ** 2)) / big
    return math.erfc(a * big) / big + slope * big, slope


def pair(first, second, r):
    """Energy (eV) and force (eV/A) of a pair, with the shifted Coulomb part and without the self energy."""
    a = ALPHA
    shift, slope = coulomb_shift()
    scale = COULOMB * CHARGES[first] * CHARGES[second]
    energy = scale * (math.erfc(a * r) / r - shift + slope * r)
    force = scale * (math.erfc(a * r) / r**2 + 2 * a / math.sqrt(math.pi) * math.exp(-((a * r) ** 2)) / r - slope)
    coefficients = PAIRS.get((first, second)) or PAIRS.get((second, first))
    if coefficients and r < SHORT_CUTOFF:
        big_a, rho, c = coefficients
        energy += big_a * math.exp(-r / rho) - c / r**6
        force += big_a * math.exp(-r / rho) / rho - 6 * c / r**7
    return energy, force


def self_energy(counts):
    """What the damped shifted Coulomb sum adds for each ion with itself, in eV."""
    each = coulomb_shift()[0] / 2 + ALPHA / math.sqrt(math.pi)
    return -COULOMB * each * sum(n * CHARGES[e] ** 2 for e, n in counts.items())


def write_table(path, points=4000, inner=0.7):
    with open(path, "w") as out:
        for first, second in (("Si", "Si"), ("Si", "O"), ("O", "O")):
            out.write(f"{first}-{second}\nN {points} RSQ {inner} {COULOMB_CUTOFF}\n\n")
            for i in range(points):
                r = math.sqrt(inner**2 + (COULOMB_CUTOFF**2 - inner**2) * i / (points - 1))
                energy, force = pair(first, second, r)
                out.write(f"{i + 1} {r:.15g} {energy:.15g} {force:.15g}\n")
            out.write("\n")


def contenders(executable):
    """Names of LAMMPS's ways to compute this potential, and what each writes into the input."""
    have = lammps_styles(executable)
    result = {}

    def born(i, j, first, second):
        a, rho, c = PAIRS.get((first, second)) or PAIRS.get((second, first)) or (0, 1, 0)
        return f"pair_coeff {i} {j} {a} {rho} 0 {c} 0"

    def buck(style):
        def line(i, j, first, second):
            a, rho, c = PAIRS.get((first, second)) or PAIRS.get((second, first)) or (0, 1, 0)
            return f"pair_coeff {i} {j} {style} {a} {rho} {c}"

        return line

    def table(i, j, first, second):
        name = f"{first}-{second}" if (first, second) != ("O", "Si") else "Si-O"
        return f"pair_coeff {i} {j} pairs.table {name} {COULOMB_CUTOFF}"

    for suffix in ("", "/omp"):
        if f"born/coul/dsf{suffix}" in have:
            result[f"born/coul/dsf{suffix}"] = (
                f"pair_style born/coul/dsf{suffix} {ALPHA} {SHORT_CUTOFF} {COULOMB_CUTOFF}", born, [])
        if {f"buck{suffix}", f"coul/dsf{suffix}"} <= have:
            result[f"buck{suffix} + coul/dsf{suffix}"] = (
                f"pair_style hybrid/overlay buck{suffix} {SHORT_CUTOFF} coul/dsf{suffix} {ALPHA} {COULOMB_CUTOFF}",
                buck(f"buck{suffix}"), [f"pair_coeff * * coul/dsf{suffix}"])
        if f"table{suffix}" in have:
            result[f"table linear{suffix}"] = (f"pair_style table{suffix} linear 4000", table, [])
    return result


def write_input(path, contender, data, style, elements, skin, steps, warmup):
    pair_style, coefficient, rest = contender
    kinds = sorted(elements, key=int)
    lines = ["units metal", f"atom_style {style}", f"read_data {data}"]
    if style != "atomic":
        lines += [f"set type {kind} charge {CHARGES[elements[kind]]}" for kind in kinds]
    lines.append(pair_style)
    for place, i in enumerate(kinds):
        for j in kinds[place:]:
            lines.append(coefficient(i, j, elements[i], elements[j]))
    lines += rest
    lines += [
        f"neighbor {skin} bin", "neigh_modify every 1 check yes", "timestep 0.001",
        "velocity all create 300 4928459 mom yes dist gaussian", "fix 1 all nve", "thermo_style custom step temp pe etotal",
        "thermo 100", f"run {warmup}", f"run {steps}",
    ]
    with open(path, "w") as out:
        out.write("\n".join(lines) + "\n")


def prepare(options, folder, say):
    """The data of a glass or a crystal, and what it holds."""
    if options.data:
        data = os.path.abspath(options.data)
    elif options.crystal or options.lammps_only:
        data = os.path.join(folder, "cristobalite.data")
        write_data(data, *cristobalite(5))
    else:
        data = os.path.join(folder, "silica", "final.data")
        if not os.path.exists(data):
            print(f"making the glass of {options.recipe}", file=say, flush=True)
            subprocess.run(
                [options.vitrolyte, "run", options.recipe, "--out", os.path.dirname(data)], check=True, stdout=sys.stderr)
    return (data, *read_data(data))


def case(bench, lammps, title, tolerance, options, folder, say, potential):
    """Writes the inputs of contenders: pair style, coefficients of a pair, further lines."""
    data, style, elements, counts = prepare(options, folder, say)
    inputs = {}
    for name, contender in lammps.items():
        inputs[name] = f"in.{bench}-" + re.sub(r"[^a-z]+", "-", name)
        write_input(
            os.path.join(folder, inputs[name]), contender, data, style, elements, options.skin, options.steps, options.warmup)
    offsets = {name: self_energy(counts) for name in lammps if "table" in name}
    return Case(f"{title}, {sum(counts.values())} atoms", bench, potential, data, inputs, tolerance, offsets)


def damped(options, folder, say):
    """Damped shifted forces."""
    write_table(os.path.join(folder, "pairs.table"))
    # Printed energies have eight digits or so, and linear tables a relative error of 1e-6.
    return case(
        "silica-dsf", contenders(options.lammps), "Silica, Buckingham 8 A, damped shifted Coulomb forces 10 A", 2e-5, options, folder, say,
        ("teter-sio2",))


def mesh(options, folder, say):
    """Coulomb forces by particle mesh, accuracy 1e-4."""
    have = lammps_styles(options.lammps)
    lammps = {}

    def buck(i, j, first, second):
        a, rho, c = PAIRS.get((first, second)) or PAIRS.get((second, first)) or (0, 1, 0)
        return f"pair_coeff {i} {j} {a} {rho} {c}"

    for suffix in ("", "/omp"):
        # The cutoff is LAMMPS's to choose: 10 A is usual, 8 A is the least that the Buckingham terms allow and mostly faster.
        for cutoff in (10.0, SHORT_CUTOFF):
            if f"buck/coul/long{suffix}" in have:
                lammps[f"buck/coul/long{suffix} {cutoff:g} A + pppm"] = (
                    f"pair_style buck/coul/long{suffix} {SHORT_CUTOFF} {cutoff}", buck, [f"kspace_style pppm{suffix} 1e-4"])
    # Energies of meshes of this accuracy differ by some 1e-5.
    return case(
        "silica-spme", lammps, "Silica, Buckingham 8 A, Coulomb forces by mesh to 1e-4", 1e-4, options, folder, say,
        ("teter-sio2", "coulomb=spme", "accuracy=1e-4"))
