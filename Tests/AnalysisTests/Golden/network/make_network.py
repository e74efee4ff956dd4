"""Golden values of bonds, angles, networks and units, with ASE, SciPy and NumPy alone.

    python make_network.py GLASS.extxyz CUTOFFS OUT.json

GLASS is an extended XYZ file with one frame, CUTOFFS are written as P-S=2.6,P-P=2.6. Neighbours come from ase.neighborlist,
pieces from scipy.sparse.csgraph, numbers from plain counting.
"""

import json
import sys
from collections import Counter, defaultdict
from itertools import combinations

import ase
import ase.io
import numpy as np
import scipy
from ase.neighborlist import neighbor_list
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

FORMERS = {"P", "B", "Si"}
ANIONS = {"O", "S"}


def main(path, cutoff_text, out):
    atoms = ase.io.read(path)
    symbols = np.array(atoms.get_chemical_symbols())
    cutoffs = {}
    for part in cutoff_text.split(","):
        pair, length = part.split("=")
        cutoffs[tuple(pair.split("-"))] = float(length)
    i, j, d, D, S = neighbor_list("ijdDS", atoms, cutoffs)
    around = defaultdict(list)
    for k in range(len(i)):
        around[i[k]].append((j[k], tuple(S[k]), d[k], D[k]))

    lengths = defaultdict(list)
    for a, b in cutoffs:
        pick = d[(symbols[i] == a) & (symbols[j] == b)]
        # Of a pair of like atoms both directions are listed.
        lengths[f"{a}-{b}"] = pick
    moments = {}
    for pair, x in lengths.items():
        if len(x) == 0:
            continue
        divide = 2 if pair.split("-")[0] == pair.split("-")[1] else 1
        moments[pair] = {
            "number": len(x) // divide,
            "mean": float(np.mean(x)),
            "width": float(np.std(x)),
            "skewness": float(np.mean((x - x.mean()) ** 3) / np.std(x) ** 3),
        }

    angles = defaultdict(list)
    for atom, bonds in around.items():
        for u, v in combinations(bonds, 2):
            ends = sorted([symbols[u[0]], symbols[v[0]]])
            c = np.dot(u[3], v[3]) / (u[2] * v[2])
            angles[f"{ends[0]}-{symbols[atom]}-{ends[1]}"].append(np.degrees(np.arccos(np.clip(c, -1, 1))))

    former = [s in FORMERS for s in symbols]
    anion = [s in ANIONS for s in symbols]
    formers_of = {a: [n for n in around[a] if former[n[0]]] for a in range(len(atoms)) if anion[a]}
    anion_kinds = Counter(f"{symbols[a]} {min(3, len(n))}" for a, n in formers_of.items())
    qn = Counter()
    sharing = Counter()
    for f in range(len(atoms)):
        if not former[f]:
            continue
        mine = [n for n in around[f] if anion[n[0]]]
        qn[f"{symbols[f]} {sum(len(formers_of[n[0]]) > 1 for n in mine)}"] += 1
        common = Counter()
        for a, shift, _, _ in mine:
            for other, back, _, _ in formers_of[a]:
                image = tuple(int(x + y) for x, y in zip(shift, back))
                if other != f or image != (0, 0, 0):
                    common[(int(other), image)] += 1
        for (other, _), number in common.items():
            ends = "-".join(sorted([symbols[f], symbols[other]]))
            sharing[f"{ends} {min(3, number)}"] += 1
    sharing = {key: value // 2 for key, value in sharing.items()}
    linkages = Counter()
    for a, n in formers_of.items():
        for u, v in combinations(n, 2):
            linkages["-".join(sorted([symbols[u[0]], symbols[v[0]]]))] += 1

    network = np.array([f or a for f, a in zip(former, anion)])
    keep = network[i] & network[j]
    _, label = connected_components(coo_matrix((np.ones(keep.sum()), (i[keep], j[keep])), shape=(len(atoms), len(atoms))), directed=False)
    members = defaultdict(list)
    for a in range(len(atoms)):
        if network[a]:
            members[label[a]].append(symbols[a])
    units = Counter("".join(f"{s}{n if n > 1 else ''}" for s, n in sorted(Counter(m).items(), key=lambda x: (x[0] in ANIONS, x[0]))) for m in members.values())
    fragments = Counter(sum(s in FORMERS for s in m) for m in members.values())
    fragments.pop(0, None)

    json.dump(
        {
            "ase": ase.__version__,
            "scipy": scipy.__version__,
            "cutoffs": cutoff_text,
            "lengths": moments,
            "angles": {k: {"number": len(v), "mean": float(np.mean(v)), "width": float(np.std(v))} for k, v in sorted(angles.items())},
            "anions": dict(sorted(anion_kinds.items())),
            "qn": dict(sorted(qn.items())),
            "sharing": dict(sorted(sharing.items())),
            "linkages": dict(sorted(linkages.items())),
            "units": dict(sorted(units.items())),
            "fragments": {str(k): v for k, v in sorted(fragments.items())},
        },
        open(out, "w"),
        indent=1,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
