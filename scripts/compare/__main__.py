#!/usr/bin/env python3
"""Measures vitrolyte and LAMMPS on the same atoms, and prints milliseconds a step and ratios.

Both move the same atoms at 300 K and constant energy, on one core; vitrolyte also on two. LAMMPS runs in every form that it was
built with. Runs alternate, so that a slow minute of the machine hits all of them, and medians count.

Needs nothing but Python 3.8 and, for what it compares, `lmp` (Debian: apt-get install lammps) and a vitrolyte binary.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile

import core_shell
import silica
import thiophosphate
from timing import check_energies, measure, table

CASES = {
    "silica-dsf": silica.damped, "silica-spme": silica.mesh, "latp-core-shell": core_shell.adiabatic, "lps-ariga": thiophosphate.glass,
}


def main():
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    parser = argparse.ArgumentParser(prog="compare", description=__doc__.split("\n\n")[0])
    parser.add_argument("--case", action="append", choices=CASES, help="a case; may be repeated; all where left out")
    parser.add_argument("--vitrolyte", default=os.path.join(root, ".build-native/release/vitrolyte"), help="the binary")
    parser.add_argument("--lammps", default="lmp", help="the LAMMPS executable")
    parser.add_argument("--data", help="LAMMPS data of a silica glass; where left out, --recipe makes one")
    parser.add_argument("--recipe", default=os.path.join(root, "examples/silica-glass.yaml"), help="the recipe of that glass")
    parser.add_argument("--crystal", action="store_true", help="take shaken cristobalite instead of a silica glass")
    parser.add_argument("--steps", type=int, default=500, help="steps a repetition")
    parser.add_argument("--warmup", type=int, default=100, help="steps before those that count")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--skin", type=float, default=2.0, help="LAMMPS's neighbour skin in A")
    parser.add_argument("--lammps-only", action="store_true", help="leave vitrolyte out; silica only, as a crystal")
    parser.add_argument("--json", metavar="FILE", help="write the result, too; - for standard output")
    parser.add_argument("--keep", metavar="DIR", help="keep LAMMPS's inputs here")
    options = parser.parse_args()
    if not shutil.which(options.lammps):
        sys.exit(f"there is no {options.lammps}; install LAMMPS (Debian: apt-get install lammps) or name it with --lammps")
    if not options.lammps_only and not os.access(options.vitrolyte, os.X_OK):
        sys.exit(f"there is no {options.vitrolyte}; build it with make demo, or name another with --vitrolyte")
    options.vitrolyte = None if options.lammps_only else os.path.abspath(options.vitrolyte)
    names = options.case or [name for name in CASES if not options.lammps_only or name.startswith("silica")]
    say = sys.stderr if options.json == "-" else sys.stdout

    summaries = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = os.path.abspath(options.keep or temporary)
        os.makedirs(folder, exist_ok=True)
        for name in names:
            case = CASES[name](options, folder, say)
            results = measure(case, options.lammps, options.vitrolyte, folder, options.steps, options.repetitions)
            check_energies(case, results, options.vitrolyte)
            title = f"{case.title}: {options.repetitions} x {options.steps} steps, medians, LAMMPS on one core"
            summaries[name] = table(title, results, say)
    if options.json:
        text = json.dumps({"steps": options.steps, "skin_A": options.skin, "cases": summaries}, indent=2) + "\n"
        if options.json == "-":
            sys.stdout.write(text)
        else:
            with open(options.json, "w") as out:
                out.write(text)


if __name__ == "__main__":
    main()
