"""A 70Li2S-30P2S5 glass of 8000 atoms with the potential of Ariga et al., doi:10.1039/D1CP05393K; mesh to 1e-5, 12 A."""

import os
import re
import subprocess
import sys

from timing import Case

EV = 0.0433641042  # of 1 kcal/mol
# epsilon (kcal/mol), sigma (A); mixed by sixth powers.
SPECIES = {
    "P4": (68.4661, 1.42927), "S4": (0.0310997, 5.27676), "P2": (24.4519, 0.9353), "S2": (0.408754, 4.07182),
    "Pa": (53.6271, 0.631531), "S1": (0.103737, 4.60435), "Sc": (1.08346, 3.52301), "S0": (1.56282, 4.50173),
}
LITHIUM = {
    "S4": (1.092, 2.734), "S2": (0.761, 2.87451), "S1": (1.64372, 2.68218), "Sc": (1.36433, 2.65312), "S0": (1.16211, 2.8351),
}
RECIPE = """name: thiophosphate glass
seed: 1
system: {file: %s}
potential: lps-ariga
stages:
  - minimize: {max-force: 0.5 eV/A, max-steps: 1000}
  - nvt: {temperature: 600 K, duration: 2 ps, thermostat: {form: bussi, damping: 20 fs}}
  - nvt: {temperature: 300 K, duration: 1 ps, thermostat: {form: bussi, damping: 20 fs}}
report: false
"""
MEASURE = """name: measure
seed: 1
system: {file: %s}
potential: lps-ariga
stages:
  - nve: {duration: 1 fs, timestep: 1 fs}
report: false
"""


def pair(first, second):
    """Epsilon (eV) and sigma (A) of a pair; nothing between lithium and lithium or phosphorus."""
    if "Li" in (first, second):
        epsilon, sigma = LITHIUM.get(second if first == "Li" else first, (0, 1))
        return epsilon * EV, sigma
    (e1, s1), (e2, s2) = SPECIES[first], SPECIES[second]
    sixth = s1**6 + s2**6
    return 2 * (e1 * e2) ** 0.5 * s1**3 * s2**3 / sixth * EV, (sixth / 2) ** (1 / 6)


def glass(options, folder, say):
    """Packs structural units, lets them come to rest at 300 K, and writes LAMMPS's input.

    The terms of the units are those that vitrolyte hands to LAMMPS; pairs are in LAMMPS's own style, which is its fastest."""
    start, run, engine = (os.path.join(folder, f"lps-{word}") for word in ("start.data", "run", "engine"))
    data = os.path.join(run, "final.data")
    if not os.path.exists(data):
        print("making the glass", file=say, flush=True)
        build = ["build", "--units", "PS4=0.17,P2S7=0.68,P2S6=0.15", "--potential", "lps-ariga", "--atoms", "8000", "--density", "1.76 g/cm3"]
        subprocess.run([options.vitrolyte, *build, "--out", start, "--quiet"], check=True, stdout=sys.stderr)
        for recipe, out, source in ((RECIPE, run, start), (MEASURE, engine, data)):
            with open(out + ".yaml", "w") as file:
                file.write(recipe % source)
        subprocess.run([options.vitrolyte, "run", run + ".yaml", "--out", run], check=True, stdout=sys.stderr)
        subprocess.run(
            [options.vitrolyte, "run", engine + ".yaml", "--out", engine, "--engine", "lammps", "--engine-command", options.lammps, "--quiet"],
            check=True, stdout=sys.stderr)
    with open(os.path.join(engine, "lammps", "potential.lmp")) as file:
        lines = file.read().split("\n")
    labels = re.search(r"types: (.*)", lines[0]).group(1).split(", ")
    species = {int(number): label for number, label in (entry.split() for entry in labels)}
    kept = [
        line for line in lines
        if not re.match(r"pair_style|pair_coeff .*(table|coul/long)|compute|kspace|variable|#", line)
    ]
    style = ["pair_style hybrid/overlay lj/class2/coul/long 12.0 12.0 sw"]
    style += [
        f"pair_coeff {i} {j} lj/class2/coul/long {epsilon:.12g} {sigma:.12g}"
        for i in species for j in species if i <= j for epsilon, sigma in [pair(species[i], species[j])]
    ]
    text = ["units metal", "atom_style full", f"read_data {engine}/lammps/start.data"] + style
    text += [re.sub(r"three-body-(\d+)\.sw", rf"{engine}/lammps/three-body-\1.sw", line) for line in kept]
    text += [
        "kspace_style pppm 1e-5", f"neighbor {options.skin} bin", "neigh_modify every 1 check yes", "timestep 0.001",
        "velocity all create 300 4928459 mom yes dist gaussian", "fix 1 all nve", "thermo_style custom step temp pe etotal",
        "thermo 100", f"run {options.warmup}", f"run {options.steps}", "",
    ]
    with open(os.path.join(folder, "in.lps"), "w") as out:
        out.write("\n".join(text))
    with open(data) as file:
        atoms = int(re.search(r"(\d+) atoms", file.read()).group(1))
    # Meshes of accuracy 1e-5 on both sides.
    return Case(
        f"Li2S-P2S5 glass, potential of Ariga, mesh to 1e-5, {atoms} atoms", "lps-ariga", ("lps-ariga",), data,
        {"lj/class2/coul/long + pppm + sw": "in.lps"}, 1e-4)
