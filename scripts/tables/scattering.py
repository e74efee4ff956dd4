#!/usr/bin/env python3
"""Makes the scattering tables of Sources/Analysis/Structure/Scattering from data files of public packages.

Needs the Python packages periodictable (f0_WaasKirf.dat of the DABAX library) and scippneutron (scattering_parameters.csv, taken from
the table of the NIST Center for Neutron Research). Only the files are read; `pip download --no-deps` is enough:

    scattering.py f0_WaasKirf.dat scattering_parameters.csv Sources/Analysis/Structure/Scattering
    swift format -i -r Sources/Analysis/Structure/Scattering
"""

import csv
import re
import sys
from pathlib import Path

HEAD = "// Made by scripts/tables/scattering.py; change that instead.\n\n"
SYMBOLS = (
    "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd "
    "In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu "
    "Am Cm Bk Cf"
).split()


def form_factors(path):
    """(symbol, charge, a1 ... a5, c, b1 ... b5), valence states left out."""
    lines = path.read_text().splitlines()
    rows = []
    for i, line in enumerate(lines):
        if not line.startswith("#S"):
            continue
        atomic_number, name = line.split()[1:3]
        match = re.fullmatch(r"([A-Z][a-z]?)(?:(\d)([+-]))?", name)
        if match is None or match[1] not in SYMBOLS:
            continue
        charge = int(match[3] + match[2]) if match[2] else 0
        values = next(other for other in lines[i + 1 :] if not other.startswith("#")).split()
        numbers = [float(value) for value in values]
        assert len(numbers) == 11 and SYMBOLS.index(match[1]) + 1 == int(atomic_number), name
        electrons = int(atomic_number) - charge
        off = abs(sum(numbers[:6]) - electrons)
        if off > 0.05:
            print(f"{name}: f(0) is {sum(numbers[:6]):.3f}, not {electrons}", file=sys.stderr)
        rows.append((match[1], charge, values))
    missing = set(SYMBOLS) - {row[0] for row in rows if row[1] == 0}
    assert not missing, missing
    return rows


def scattering_lengths(path):
    """(symbol, mass number or 0, real, imaginary)."""
    rows = []
    for fields in csv.reader(path.open()):
        match = re.fullmatch(r"(\d*)([A-Z][a-z]?)", fields[0])
        if match is None or not fields[1]:
            continue
        rows.append((match[2], int(match[1] or 0), fields[1], fields[3] or "0"))
    rows.sort(key=lambda row: (SYMBOLS.index(row[0]), row[1]))
    return rows


def short(text):
    return repr(float(text))


def main():
    factors, lengths, out = map(Path, sys.argv[1:])
    text = HEAD + "extension XRayFormFactor {\n"
    text += "  /// Neutral atoms and ions by atomic number, charge as given by the paper; valence states are left out.\n"
    text += "  ///\n  /// Source: D. Waasmaier and A. Kirfel, Acta Cryst. A 51, 416 (1995), doi:10.1107/S0108767394013292, as filed in\n"
    text += "  /// DABAX (f0_WaasKirf.dat, European Synchrotron Radiation Facility).\n"
    text += "  public static let all: [XRayFormFactor] = [\n"
    for symbol, charge, values in form_factors(factors):
        a, c, b = values[:5], values[5], values[6:]
        text += f'    XRayFormFactor("{symbol}", {charge}, [{", ".join(map(short, a))}], [{", ".join(map(short, b))}], {short(c)}),\n'
    text += "  ]\n}\n"
    (out / "XRayFormFactor+Table.swift").write_text(text)

    text = HEAD + "extension ScatteringLength {\n"
    text += "  /// Natural elements (mass number 0) and isotopes, in fm.\n  ///\n"
    text += "  /// Source: V. F. Sears, Neutron News 3 (3), 26 (1992), doi:10.1080/10448639208218770, as on the pages of the NIST\n"
    text += "  /// Center for Neutron Research (filed in scippneutron).\n"
    text += "  static let table: [Entry] = [\n"
    for symbol, number, real, imaginary in scattering_lengths(lengths):
        text += f'    Entry("{symbol}", {number}, {short(real)}, {short(imaginary)}),\n'
    text += "  ]\n}\n"
    (out / "ScatteringLength+Table.swift").write_text(text)


main()
