#!/usr/bin/env python3
"""Makes the golden files of this directory: energies, virials and forces by LAMMPS for small disordered cells.

Needs numpy and LAMMPS with born/coul/dsf, born/coul/wolf, pedone, coul/dsf and table (a version of 2024 or later):
the program is `lmp` on the path, or what the environment variable LAMMPS names.

    LAMMPS=lmp python3 make_golden.py

Configurations are random packings pushed apart to plain distances and relaxed a little. Positions have six decimals, so
that the text holds them exactly. Parameters are stated here once more, and not read from the program's library, so
that a slip there shows.
"""
import itertools
import json
import os
import pathlib
import subprocess
import tempfile

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
LAMMPS = os.environ.get("LAMMPS", "lmp")
COULOMB = 14.399645
# LAMMPS's factor from eV/A^3 to bar in metal units.
NKTV2P = 1.6021765e6
# Samples of a table, also in LAMMPS's memory, so that it takes them as they are.
SAMPLES = 100001

MASS = {"Li": 6.94, "B": 10.81, "O": 15.999, "Na": 22.99, "Al": 26.982, "Si": 28.085, "P": 30.974, "Ti": 47.867}
CUBIC, SKEWED = (0.0, 0.0, 0.0), (0.45, -0.40, 0.48)

SYSTEMS = {
    "borophosphate-cubic": ({"Li": 32, "B": 24, "P": 24, "O": 112}, 2.3, CUBIC, 1),
    "borophosphate-triclinic": ({"Li": 32, "B": 24, "P": 24, "O": 112}, 2.3, SKEWED, 2),
    "silica-cubic": ({"Si": 48, "O": 96}, 2.2, CUBIC, 3),
    "silica-triclinic": ({"Si": 48, "O": 96}, 2.2, SKEWED, 4),
    "latp-cubic": ({"Li": 13, "Al": 3, "Ti": 17, "P": 30, "O": 120}, 2.7, CUBIC, 5),
    "latp-triclinic": ({"Li": 13, "Al": 3, "Ti": 17, "P": 30, "O": 120}, 2.7, SKEWED, 6),
    "borosilicate-triclinic": ({"Na": 20, "B": 20, "Si": 30, "O": 100}, 2.4, SKEWED, 7),
}

DU = {"O": (2029.2204, 0.343640, 192.580), "Si": (13702.905, 0.193817, 54.681), "P": (26655.472, 0.181968, 86.856),
      "Li": (41051.938, 0.151160, 0.0), "B": (None, 0.171271, 28.5)}
DU_CHARGE = {"O": -1.2, "Si": 2.4, "P": 3.0, "Li": 0.6, "B": 1.8, "Al": 1.8, "Ti": 2.4}
DU_CORE = {"O": (46.462, -0.32605, 3.430, 1.906), "Si": (28.950, -3.059, 3.932, 1.168)}
BKS = {("Si", "O"): (18003.7572, 1 / 4.87318, 133.5381), ("O", "O"): (1388.7730, 1 / 2.76, 175.0)}
PMMCS = {"Li": (0.001114, 3.429506, 2.681360, 1), "Ti": (0.024235, 2.254703, 2.708943, 1), "Al": (0.361581, 1.900442, 2.164818, 0.9),
         "Si": (0.340554, 2.006700, 2.100000, 1), "P": (0.831326, 2.585833, 1.800790, 1), "O": (0.042395, 1.379316, 3.618701, 22)}
SHIK_CHARGE = {"Na": 0.6018, "B": 1.6126, "Si": 1.7755}
SHIK = {("O", "O"): (1120.5290, 2.8927, 26.132, 16800), ("O", "Si"): (23108, 5.0979, 139.70, 66), ("Si", "Si"): (2798, 4.4073, 0, 3423204),
        ("O", "B"): (16182, 5.6069, 59.203, 32), ("B", "B"): (1805.5, 3.8228, 69.174, 6000), ("B", "Si"): (4798, 3.6703, 207, 16800),
        ("O", "Na"): (1127566, 6.8986, 40.562, 16800), ("Na", "Na"): (1476.9, 3.4075, 0, 16800),
        ("Si", "Na"): (495653, 5.4151, 0, 16800), ("Na", "B"): (3148.5, 3.6183, 34, 16800)}


def boron_oxygen(counts, n4):
    """A of B-O after Deng and Du (2019)."""
    boria = counts["B"] / 2
    k = counts.get("Si", 0) / boria
    r = (counts.get("Li", 0) + counts.get("Na", 0)) / 2 / boria
    top = k / 16 + 0.5
    t3 = (11900 + 85 * k**2 - 12525) / top + 4350
    return 12525 + t3 * n4 * top / r if r > top else 11900 + 4350 * (top - (top - n4) ** 2 / top) + 85 * k**2


def packing(counts, density, tilt, seed):
    """A random packing in which no two atoms are closer than plain distances."""
    generator = np.random.default_rng(seed)
    labels = [label for label, count in counts.items() for _ in range(count)]
    volume = sum(MASS[label] for label in labels) / density * 1.66053906660
    edge = round(volume ** (1 / 3), 3)
    cell = np.array([[edge, 0, 0], [round(tilt[0] * edge, 3), edge, 0], [round(tilt[1] * edge, 3), round(tilt[2] * edge, 3), edge]])
    least = {"O": {"O": 2.35, "P": 1.45, "B": 1.35, "Si": 1.5, "Li": 1.7, "Na": 2.1, "Al": 1.6, "Ti": 1.7}}
    want = np.array([[least["O"].get(b, 2.0) if a == "O" else least["O"].get(a, 2.0) if b == "O" else 2.6 for b in labels] for a in labels])
    position = generator.random((len(labels), 3)) @ cell
    shifts = np.array(list(itertools.product((-1, 0, 1), repeat=3))) @ cell
    for step in range(3000):
        vector = position[None, :, None, :] - position[:, None, None, :] + shifts
        distance = np.linalg.norm(vector, axis=3)
        distance[np.arange(len(labels)), np.arange(len(labels)), 13] = 99
        overlap = np.clip(want[:, :, None] - distance, 0, None)
        if overlap.max() < 0.02:
            break
        position -= 0.25 * np.einsum("ijs,ijsx->ix", overlap / distance, vector)
    return labels, cell, position


def lammps(labels, cell, position, charge, pair_lines, relax=0):
    """One evaluation, after a few steps of minimisation where asked."""
    kinds = list(dict.fromkeys(labels))
    cell = [[float(x) for x in row] for row in cell]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        with open(folder / "in.data", "w") as out:
            out.write(f"\n\n{len(labels)} atoms\n{len(kinds)} atom types\n0 {cell[0][0]!r} xlo xhi\n0 {cell[1][1]!r} ylo yhi\n0 {cell[2][2]!r} zlo zhi\n")
            if cell[1][0] or cell[2][0] or cell[2][1]:
                out.write(f"{cell[1][0]!r} {cell[2][0]!r} {cell[2][1]!r} xy xz yz\n")
            out.write("\nMasses\n\n" + "".join(f"{i + 1} {MASS[k]}\n" for i, k in enumerate(kinds)) + "\nAtoms # charge\n\n")
            for i, (label, x) in enumerate(zip(labels, position)):
                out.write(f"{i + 1} {kinds.index(label) + 1} {charge[label]!r} {float(x[0])!r} {float(x[1])!r} {float(x[2])!r}\n")
        script = ["units metal", "atom_style charge", "box tilt large", "read_data in.data", *pair_lines(kinds, folder),
                  "neighbor 0.5 bin", "neigh_modify one 8000 page 200000"]
        if relax:
            script += ["min_modify dmax 0.05", f"minimize 0 0 {relax} 1000"]
        overlay = [line.split() for line in script if line.startswith("pair_style hybrid")]
        if overlay and overlay[0].count("table") == 2:
            script += ["compute short all pair table 1", "compute long all pair table 2", "variable short equal c_short", "variable long equal c_long"]
        else:
            script += ["variable short equal evdwl", "variable long equal ecoul"]
        script += ["thermo_style custom step v_short v_long pxx pyy pzz pyz pxz pxy vol evdwl ecoul", "thermo_modify norm no format float %.16g",
                   "dump d all custom 1 out.dump id xu yu zu fx fy fz", "dump_modify d sort id format float %.16g", "run 0"]
        (folder / "in.lmp").write_text("\n".join(script) + "\n")
        done = subprocess.run([LAMMPS, "-in", "in.lmp", "-log", "log", "-screen", "none"], cwd=folder, capture_output=True, text=True)
        log = (folder / "log").read_text()
        if done.returncode:
            raise SystemExit(log[-3000:] + done.stderr)
        lines = log.splitlines()
        last = [float(word) for word in lines[max(i for i, l in enumerate(lines) if l.split()[:2] == ["Step", "v_short"]) + 1].split()]
        frame = np.loadtxt((folder / "out.dump").read_text().split("ITEM: ATOMS")[-1].splitlines()[1:])
        volume = last[9]
        return {"pair": last[1], "coulomb": last[2], "virial": [p * volume / NKTV2P for p in last[3:9]], "forces": frame[:, 4:7]}, frame[:, 1:4]


def born(parameters, cutoff, method, coulomb_cutoff, alpha):
    def lines(kinds, folder):
        out = [f"pair_style born/coul/{method} {alpha} {cutoff} {coulomb_cutoff}"]
        for (i, a), (j, b) in itertools.combinations_with_replacement(enumerate(kinds), 2):
            A, rho, C = parameters.get((a, b)) or parameters.get((b, a)) or (0.0, 1.0, 0.0)
            out.append(f"pair_coeff {i + 1} {j + 1} {A!r} {rho!r} 0.0 {C!r} 0.0")
        return out
    return lines


def pedone(cutoff, method, coulomb_cutoff, alpha):
    def lines(kinds, folder):
        # The Coulomb part of born/coul/…: plain coul/dsf approximates erfc, with errors of 1e-7.
        out = [f"pair_style hybrid/overlay pedone {cutoff} born/coul/{method} {alpha} 1.0 {coulomb_cutoff}",
               f"pair_coeff * * born/coul/{method} 0.0 1.0 0.0 0.0 0.0"]
        for i, kind in enumerate(kinds):
            first, second = sorted((i + 1, kinds.index("O") + 1))
            out.append("pair_coeff {} {} pedone {} {} {} {}".format(first, second, *PMMCS[kind]))
        return out
    return lines


def write_table(path, functions, low, high, count=SAMPLES):
    """Tables evenly spaced in r²: splines through so many samples err by less than 1e-9."""
    r = np.sqrt(np.linspace(low * low, high * high, count))
    with open(path, "w") as out:
        for keyword, function in functions.items():
            energy, force = function(r)
            out.write(f"{keyword}\nN {count} RSQ {low!r} {high!r}\n\n")
            out.writelines(f"{i + 1} {a:.17g} {b:.17g} {c:.17g}\n" for i, (a, b, c) in enumerate(zip(r, energy, force)))
            out.write("\n")


def faded(energy, force, r, cutoff, gamma=0.2):
    d = np.minimum(r - cutoff, -1e-9)
    g = np.exp(-gamma**2 / d**2)
    return energy * g, (force - energy * 2 * gamma**2 / d**3) * g


def shik_short(A, B, C, D, cutoff=8.0):
    def value(r):
        return A * np.exp(-B * r) - C / r**6 + D / r**24
    def function(r):
        return faded(value(r) - value(cutoff), A * B * np.exp(-B * r) - 6 * C / r**7 + 24 * D / r**25, r, cutoff)
    return function


def shik_long(product, cutoff=10.0):
    def function(r):
        return faded(COULOMB * product * (1 / r - 1 / cutoff + (r - cutoff) / cutoff**2), COULOMB * product * (1 / r**2 - 1 / cutoff**2), r, cutoff)
    return function


def shik(charge):
    def lines(kinds, folder):
        pairs = list(itertools.combinations_with_replacement(enumerate(kinds), 2))
        write_table(folder / "short", {f"{a}{b}": shik_short(*(SHIK.get((a, b)) or SHIK[(b, a)])) for (_, a), (_, b) in pairs}, 0.7, 8.0)
        write_table(folder / "long", {f"{a}{b}": shik_long(charge[a] * charge[b]) for (_, a), (_, b) in pairs}, 0.7, 10.0)
        out = [f"pair_style hybrid/overlay table spline {SAMPLES} table spline {SAMPLES}"]
        for (i, a), (j, b) in pairs:
            out += [f"pair_coeff {i + 1} {j + 1} table 1 short {a}{b} 8.0", f"pair_coeff {i + 1} {j + 1} table 2 long {a}{b} 10.0"]
        return out
    return lines


def du_with_core(cutoff, coulomb_cutoff, alpha):
    def function(A, rho, C, core):
        B, D, n, r0 = core
        def both(r):
            inside = r < r0
            return (np.where(inside, B / r**n + D * r**2, A * np.exp(-r / rho) - C / r**6),
                    np.where(inside, n * B / r ** (n + 1) - 2 * D * r, A / rho * np.exp(-r / rho) - 6 * C / r**7))
        return both
    def lines(kinds, folder):
        write_table(folder / "core", {f"{kind}O": function(*DU[kind], DU_CORE[kind]) for kind in kinds}, 0.5, cutoff)
        out = [f"pair_style hybrid/overlay table spline {SAMPLES} born/coul/dsf {alpha} 1.0 {coulomb_cutoff}",
               "pair_coeff * * born/coul/dsf 0.0 1.0 0.0 0.0 0.0"]
        for i, kind in enumerate(kinds):
            first, second = sorted((i + 1, kinds.index("O") + 1))
            out.append(f"pair_coeff {first} {second} table core {kind}O {cutoff}")
        return out
    return lines


def du_parameters(counts, n4):
    terms = {(k, "O"): v for k, v in DU.items()}
    if "B" in counts:
        terms[("B", "O")] = (boron_oxygen(counts, n4), *DU["B"][1:])
    return terms


# Styles with three-body parts, whose two-body parts pair_write cannot write. The columns are those of the style's parameter file.
DIMERS = {
    "stillinger-weber": ("sw", "2.1683 2.0951 1.80 0.0 1.20 -0.333333333333 7.049556277 0.6022245584 4.0 0.0 0.0"),
    "vashishta": ("vashishta", "163.859 9.0 1.6 -0.8 4.43 44.5797 2.5 12.5 5.5 0.0 1.0 2.6 0.0 -0.333333333333"),
}


def dimer_values(style, line, rows):
    """Energy and force of two atoms of one kind at the distances of some rows."""
    values = []
    for r, *_ in rows:
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "p").write_text(f"X X X {line}\n")
            (pathlib.Path(folder) / "in.lmp").write_text(
                "units metal\nboundary f f f\natom_modify map array\nregion r block 0 20 0 20 0 20\ncreate_box 1 r\nmass * 1.0\n"
                f"create_atoms 1 single 9 9 9\ncreate_atoms 1 single {9 + r:.17g} 9 9\npair_style {style}\npair_coeff * * p X\n"
                "variable f equal fx[2]\nthermo_style custom pe v_f\nthermo_modify format float %.15g\nrun 0\n")
            text = subprocess.run([LAMMPS, "-in", "in.lmp", "-log", "none"], cwd=folder, check=True, capture_output=True, text=True).stdout
            energy, force = text.split("v_f")[1].split()[:2]
            values.append([r, float(energy), float(force)])
    return values


def pair_values():
    """Energies and forces of single pairs by each form that LAMMPS has, at the distances of a table that it writes."""
    forms = {
        "born": ("born 8.0", "0.3 0.317 2.34 1.05 0.5"), "buckingham": ("buck 8.0", "13702.905 0.193817 54.681"),
        "lennard-jones": ("lj/cut 8.0", "0.01 3.0"), "lennard-jones-9-6": ("lj/class2 8.0", "0.02 3.5"),
        "morse": ("morse 8.0", "0.34 2.0 2.1"), "pedone": ("pedone 8.0", "0.34 2.0 2.1 1.0"), "zbl": ("zbl 3.0 4.0", "14 8"),
    }
    result = {}
    for name, (style, coefficients) in forms.items():
        with tempfile.TemporaryDirectory() as folder:
            like = "pair_coeff 1 1 14 14\npair_coeff 2 2 8 8\n" if name == "zbl" else f"pair_coeff * * {coefficients}\n"
            (pathlib.Path(folder) / "in.lmp").write_text(
                "units metal\natom_style charge\nregion r block 0 20 0 20 0 20\ncreate_box 2 r\nmass * 1.0\n"
                f"pair_style {style}\n{like}pair_coeff 1 2 {coefficients}\npair_write 1 2 8 r 0.9 3.9 out p\n")
            subprocess.run([LAMMPS, "-in", "in.lmp", "-log", "log", "-screen", "none"], cwd=folder, check=True)
            rows = [line.split() for line in (pathlib.Path(folder) / "out").read_text().splitlines()]
            result[name] = [[float(x) for x in row[1:]] for row in rows if len(row) == 4 and row[0].isdigit()]
    result.update({name: dimer_values(style, line, result["morse"]) for name, (style, line) in DIMERS.items()})
    (HERE / "pairs.json").write_text(json.dumps(result).replace("], [", "],\n[") + "\n")


def main():
    pair_values()
    for name, (counts, density, tilt, seed) in SYSTEMS.items():
        labels, cell, position = packing(counts, density, tilt, seed)
        family = name.split("-")[0]
        oxygen = -sum(SHIK_CHARGE.get(k, 0) * n for k, n in counts.items()) / counts["O"]
        shik_charge = {**SHIK_CHARGE, "O": oxygen}
        if family == "borophosphate":
            terms = du_parameters(counts, 0.45)
            runs = {"dsf": ("libp-du", DU_CHARGE, born(terms, 8.0, "dsf", 10.0, 0.2), ("dsf", 10.0, 0.2), 8.0, {"boron-four-fold-fraction": 0.45}),
                    "wolf": ("libp-du", DU_CHARGE, born(terms, 9.0, "wolf", 9.0, 0.25), ("wolf", 9.0, 0.25), 9.0, {"boron-four-fold-fraction": 0.45})}
        elif family == "silica":
            runs = {"dsf": ("bks", DU_CHARGE, born(BKS, 5.5, "dsf", 10.0, 0.2), ("dsf", 10.0, 0.2), 5.5, {}),
                    "wolf": ("bks", DU_CHARGE, born(BKS, 10.0, "wolf", 8.0, 0.3), ("wolf", 8.0, 0.3), 10.0, {}),
                    "shik": ("shik", shik_charge, shik(shik_charge), ("shik", 10.0, 0.2), 8.0, {})}
        elif family == "latp":
            runs = {"dsf": ("pmmcs", DU_CHARGE, pedone(5.5, "dsf", 10.0, 0.2), ("dsf", 10.0, 0.2), 5.5, {}),
                    "wolf": ("pmmcs", DU_CHARGE, pedone(7.0, "wolf", 9.0, 0.25), ("wolf", 9.0, 0.25), 7.0, {})}
        else:
            runs = {"shik": ("shik", shik_charge, shik(shik_charge), ("shik", 10.0, 0.2), 8.0, {})}
        first = next(iter(runs.values()))
        relaxer = born(du_parameters(counts, 0.45), 8.0, "dsf", 8.0, 0.25) if family in ("borophosphate", "silica") else first[2]
        position = np.round(lammps(labels, cell, position, first[1], relaxer, relax=8)[1], 6)
        evaluations = []

        def evaluate(title, run, position):
            field, charge, lines, (method, reach, third), pair_cutoff, inputs = run
            result, _ = lammps(labels, cell, position, charge, lines)
            evaluations.append({
                "name": title, "force_field": field, "inputs": inputs, "pair_cutoff": pair_cutoff,
                "coulomb": {"method": method, "cutoff": reach, ("gamma" if method == "shik" else "alpha"): third},
                "pair_eV": result["pair"], "coulomb_eV": result["coulomb"], "virial_eV_xx_yy_zz_yz_xz_xy": result["virial"],
                "forces_eV_per_A": [[float(f"{x:.13g}") for x in row] for row in result["forces"]]})

        def write(stem, position):
            golden = {"made_by": "make_golden.py with LAMMPS", "cell_A": cell.tolist(), "labels": list(counts), "counts": list(counts.values()),
                      "positions_A": position.tolist(), "evaluations": list(evaluations)}
            # One row of numbers a line keeps the file readable and small.
            text = json.dumps(golden).replace("], [", "],\n[").replace(', "', ',\n"')
            (HERE / f"{stem}.json").write_text(text + "\n")
            evaluations.clear()
            print(stem, (HERE / f"{stem}.json").stat().st_size)

        for title, run in runs.items():
            evaluate(title, run, position)
        write(name, position)
        if name == "silica-triclinic":
            # Atoms pressed into the repaired part of the curves, as in a melt.
            hot = np.round(position + np.random.default_rng(8).normal(0, 0.3, position.shape), 6)
            evaluate("core", ("libp-du", DU_CHARGE, du_with_core(8.0, 10.0, 0.2), ("dsf", 10.0, 0.2), 8.0, {}), hot)
            write("silica-hot", hot)


if __name__ == "__main__":
    main()
