#!/usr/bin/env python3
"""Computes the Coulomb energy of gamma-Li3PS4 with the charges of lps-ariga by a plain Ewald sum with the exact erfc.

LAMMPS approximates erfc in real space to about 1e-7, so that its totals are off by some hundredths of kcal/mol in 1024 atoms, one
way or the other with its settings; this is the number that they scatter around. Needs numpy.

    python3 ariga_coulomb.py gamma-Li3PS4.data
"""
import itertools
import math
import sys

import numpy as np

LENGTHS = np.array([7.708290, 6.535200, 6.136500])
CHARGE = {1: 0.61, 2: 0.546416, 3: -0.594104}
ALPHA, CUTOFF, COPIES = 0.45, 16.0, 64
# eV A in kcal/mol A, as the program rounds both.
COULOMB = 14.399645 / 0.0433641042

atoms, excluded, section = [], [], None
for line in open(sys.argv[1]):
    words = line.split("#")[0].split()
    if words and words[0] in ("Atoms", "Bonds", "Angles", "Masses"):
        section = words[0]
    elif section == "Atoms" and len(words) >= 7:
        atoms.append((int(words[0]), CHARGE[int(words[2])], *map(float, words[4:7])))
    elif section in ("Bonds", "Angles") and len(words) >= 4:
        excluded.append((int(words[2]) - 1, int(words[-1]) - 1))
atoms.sort()
q = np.array([a[1] for a in atoms])
r = np.array([a[2:] for a in atoms])

energy = -ALPHA / math.sqrt(math.pi) * (q**2).sum()
reach = [range(-(int(CUTOFF / x) + 2), int(CUTOFF / x) + 3) for x in LENGTHS]
for image in itertools.product(*reach):
    for i in range(len(q)):
        for j, d in enumerate(np.linalg.norm(r - r[i] + np.array(image) * LENGTHS, axis=1)):
            if 1e-9 < d < CUTOFF:
                energy += 0.5 * q[i] * q[j] * math.erfc(ALPHA * d) / d
longest = 13 * ALPHA
waves = [range(-(int(longest * x / 2 / math.pi) + 1), int(longest * x / 2 / math.pi) + 2) for x in LENGTHS]
for wave in itertools.product(*waves):
    k = 2 * math.pi * np.array(wave) / LENGTHS
    if 0 < k @ k <= longest**2:
        structure = abs((q * np.exp(1j * (r @ k))).sum()) ** 2
        energy += 2 * math.pi / LENGTHS.prod() * math.exp(-(k @ k) / 4 / ALPHA**2) / (k @ k) * structure
for i, j in excluded:
    d = r[i] - r[j]
    d -= LENGTHS * np.round(d / LENGTHS)
    energy -= q[i] * q[j] / np.linalg.norm(d)
print(f"{COPIES * energy * COULOMB:.8f} kcal/mol in 4 x 4 x 4 cells")
