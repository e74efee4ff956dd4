"""LiTi2(PO4)3 with shells that move by themselves in steps of 0.2 fs; Buckingham terms and mesh to 1e-5, 10 A."""

import itertools
import math
import os

from timing import Case

A, C = 8.511, 20.843
# Charge of the ion, mass, sites of R-3c in hexagonal axes.
IONS = {
    "Li": (1.0, 6.94, [(0, 0, 0)]), "Ti": (4.0, 47.867, [(0, 0, 0.1409)]), "P": (5.0, 30.973761998, [(0.2903, 0, 0.25)]),
    "O": (-2.0, 15.999, [(0.1854, 0.9935, 0.1904), (0.1898, 0.1641, 0.0811)]),
}
CORE, SHELL, SHELL_MASS, SPRING = 0.86, -2.86, 0.2, 65.0
# A (eV), rho (A), C (eV A^6) with the shell of oxygen: the force field latp-core-shell.
PAIRS = {"O": (12759.206746, 0.217390, 29.975111), "P": (897.2648, 0.3577, 0), "Li": (970.818704, 0.266331, 0), "Ti": (6622.3671, 0.254455157, 0)}


def orbit(sites):
    """All images of sites under R-3c, hexagonal axes."""
    points = []
    for x, y, z in sites:
        turned = [(x, y, z), (-y, x - y, z), (y - x, -x, z)]
        mirrored = turned + [(v, u, 0.5 - w) for u, v, w in turned]
        for point in mirrored + [tuple(-u for u in p) for p in mirrored]:
            for centre in ((0, 0, 0), (2 / 3, 1 / 3, 1 / 3), (1 / 3, 2 / 3, 2 / 3)):
                image = tuple((u + c) % 1 for u, c in zip(point, centre))
                if all(max(abs(u - v - round(u - v)) for u, v in zip(image, other)) > 1e-4 for other in points):
                    points.append(image)
    return points


def crystal(repeats):
    """Elements and positions, and the edges of the cell: a along x, b in the xy plane."""
    edges = ((A, 0, 0), (-A / 2, A * math.sqrt(3) / 2, 0), (0, 0, C))
    atoms = []
    for element, (_, _, sites) in IONS.items():
        for site in orbit(sites):
            for cell in itertools.product(*map(range, repeats)):
                place = [u + n for u, n in zip(site, cell)]
                atoms.append((element, [sum(place[k] * edges[k][axis] for k in range(3)) for axis in range(3)]))
    return atoms, [[n * x for x in edge] for n, edge in zip(repeats, edges)]


def header(atoms, bonds, types, edges):
    lines = ["LiTi2(PO4)3", "", f"{atoms} atoms"] + ([f"{bonds} bonds"] if bonds else [])
    lines += [f"{types} atom types"] + (["1 bond types"] if bonds else []) + [""]
    lines += [f"0 {edges[k][k]:.12f} {axis}lo {axis}hi" for k, axis in enumerate("xyz")]
    return lines + [f"{edges[1][0]:.12f} 0 0 xy xz yz", ""]


def adiabatic(options, folder, say):
    atoms, edges = crystal((4, 4, 2))
    kinds = list(IONS)
    data = os.path.join(folder, "latp.data")
    lines = header(len(atoms), 0, len(kinds), edges) + ["Masses", ""]
    lines += [f"{i} {IONS[kind][1]} # {kind}" for i, kind in enumerate(kinds, 1)] + ["", "Atoms # charge", ""]
    for number, (element, position) in enumerate(atoms, 1):
        lines.append(f"{number} {kinds.index(element) + 1} {IONS[element][0]} " + " ".join(f"{x:.10f}" for x in position))
    with open(data, "w") as out:
        out.write("\n".join(lines) + "\n")

    oxygen = [(number, position) for number, (element, position) in enumerate(atoms, 1) if element == "O"]
    shell = len(kinds) + 1
    lines = header(len(atoms) + len(oxygen), len(oxygen), shell, edges) + ["Masses", ""]
    for i, kind in enumerate(kinds, 1):
        lines.append(f"{i} {IONS[kind][1] - (SHELL_MASS if kind == 'O' else 0)}")
    lines += [f"{shell} {SHELL_MASS}", "", "Atoms # full", ""]
    for number, (element, position) in enumerate(atoms, 1):
        charge = CORE if element == "O" else IONS[element][0]
        lines.append(f"{number} {number} {kinds.index(element) + 1} {charge} " + " ".join(f"{x:.10f}" for x in position))
    for number, (core, position) in enumerate(oxygen, len(atoms) + 1):
        lines.append(f"{number} {core} {shell} {SHELL} " + " ".join(f"{x:.10f}" for x in position))
    lines += ["", "Bonds", ""] + [f"{i} 1 {core} {len(atoms) + i}" for i, (core, _) in enumerate(oxygen, 1)]
    with open(os.path.join(folder, "latp-shells.data"), "w") as out:
        out.write("\n".join(lines) + "\n")

    text = [
        "units metal", "atom_style full", "comm_modify vel yes", "read_data latp-shells.data", "pair_style buck/coul/long/cs 10.0",
        "pair_coeff * * 0 1 0",
    ]
    for kind, (a, rho, c) in PAIRS.items():
        i = shell if kind == "O" else kinds.index(kind) + 1
        text.append(f"pair_coeff {i} {shell} {a} {rho} {c}")
    text += [
        "bond_style harmonic", f"bond_coeff 1 {SPRING / 2} 0", "special_bonds lj/coul 0 0 0", "kspace_style pppm 1e-5",
        f"neighbor {options.skin} bin", "neigh_modify every 1 check yes",
        # The shells come to rest while the cores are held, as in vitrolyte.
        f"group cores type 1:{len(kinds)}", "fix hold cores setforce 0 0 0", "thermo_style custom step pe fmax", "thermo 1000",
        "min_style cg", "minimize 0 1e-4 1000 10000", "unfix hold", "reset_timestep 0",
        "timestep 0.0002", "velocity cores create 300 4928459 mom yes dist gaussian", "fix 1 all nve",
        "thermo_style custom step temp pe etotal", "thermo 100", f"run {options.warmup}", f"run {options.steps}", "",
    ]
    with open(os.path.join(folder, "in.latp"), "w") as out:
        out.write("\n".join(text))
    # Meshes of accuracy 1e-5; vitrolyte switches pairs off over the last stretch before the cutoff unless told not to.
    return Case(
        f"LiTi2(PO4)3 with moving shells, mesh to 1e-5, {len(atoms)} atoms and {len(oxygen)} shells", "latp-core-shell",
        ("latp-core-shell",), data, {"buck/coul/long/cs + pppm": "in.latp"}, 3e-4)
