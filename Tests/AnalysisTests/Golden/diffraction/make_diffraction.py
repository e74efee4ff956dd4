#!/usr/bin/env python3
"""Makes diffraction.json: powder reflections of CsCl, Si and Li10GeP2S12 as pymatgen gives them.

Needs the Python package pymatgen. X-ray intensities use pymatgen's own form factors; neutron intensities its scattering lengths, which are
written beside, so that a difference of theirs can be told from one of the sum.

Li10GeP2S12: sites of Kamaya et al., Nature Mater. 10, 682 (2011), doi:10.1038/nmat3066, space group P4_2/nmc, with Ge and Li ordered in one of many ways.
"""

import json
from pathlib import Path

from pymatgen.analysis.diffraction.neutron import NDCalculator
from pymatgen.analysis.diffraction.xrd import XRDCalculator
from pymatgen.core import Lattice, Structure

HERE = Path(__file__).resolve().parent


def lgps():
    sites = [
        ("Ge", (0, 0.5, 0.691)), ("P", (0, 0, 0.5)), ("S", (0, 0.184, 0.408)), ("S", (0, 0.296, 0.096)), ("S", (0, 0.7, 0.791)),
        ("Li", (0.257, 0.273, 0.184)), ("Li", (0, 0.5, 0.944)), ("Li", (0.248, 0.248, 0)),
    ]
    full = Structure.from_spacegroup("P4_2/nmc", Lattice.tetragonal(8.69407, 12.59940), *zip(*sites))
    species, places, seen = [], [], {"Ge": 0, "Li": 0}
    for site in full:
        name = site.specie.symbol
        if name in seen:
            seen[name] += 1
        # Two of four Ge become P; of the sixteen Li of the first kind, every other is left out.
        if name == "Ge" and seen["Ge"] > 2:
            name = "P"
        if name == "Li" and seen["Li"] <= 16 and seen["Li"] % 2 == 0:
            continue
        species.append(name)
        places.append([round(u, 6) for u in site.frac_coords])
    return Structure(full.lattice, species, places)


structures = {
    "CsCl": Structure.from_spacegroup("Pm-3m", Lattice.cubic(4.123), ["Cs", "Cl"], [(0, 0, 0), (0.5, 0.5, 0.5)]),
    "Si": Structure.from_spacegroup("Fd-3m", Lattice.cubic(5.4307), ["Si"], [(0, 0, 0)]), "Li10GeP2S12": lgps(),
}
displacements = {"Li10GeP2S12": {"Li": 2.0, "Ge": 0.8, "P": 0.7, "S": 1.1}}
result = {}
for name, structure in structures.items():
    entry = {
        "edges": structure.lattice.matrix.tolist(), "fractions": structure.frac_coords.tolist(), "symbols": [s.symbol for s in structure.species],
        "b_iso": displacements.get(name, {}),
    }
    for kind, calculator, wavelength in [("x-ray", XRDCalculator, "CuKa"), ("x-ray-mo", XRDCalculator, "MoKa"), ("neutron", NDCalculator, 1.54184)]:
        pattern = calculator(wavelength, debye_waller_factors=displacements.get(name)).get_pattern(structure, two_theta_range=(5, 90))
        entry[kind] = {
            "two_theta": [round(float(x), 6) for x in pattern.x], "intensity": [round(float(y), 5) for y in pattern.y],
            "d": [round(float(d), 7) for d in pattern.d_hkls],
            "multiplicity": [sum(family["multiplicity"] for family in families) for families in pattern.hkls],
        }
    result[name] = entry
json.dump(result, open(HERE / "diffraction.json", "w"))
for name, entry in result.items():
    print(name, structures[name].composition, len(entry["x-ray"]["d"]), entry["x-ray"]["two_theta"][:3], entry["neutron"]["intensity"][:3])
