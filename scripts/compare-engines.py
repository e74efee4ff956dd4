#!/usr/bin/env python3
"""Makes the same glass with both engines, from several seeds, and compares what comes out within its statistics.

    scripts/compare-engines.py --vitrolyte .build-native/release/vitrolyte [--seeds 3] [--out /tmp/engines] [--recipe RECIPE]

The recipe needs an npt stage, whose density is averaged over its second half, and an analysis rdf with the pairs that are compared.
"""

import argparse
import csv
import json
import math
import pathlib
import subprocess
import tempfile

RECIPE = """\
name: 40Li2O-30B2O3-30P2O5 glass, small and fast
system: {composition: {Li2O: 40, B2O3: 30, P2O5: 30}, atoms: 300, density: 2.31 g/cm3}
potential: {name: libp-du, boron-four-fold-fraction: 0.45}
stages:
  - minimize: {name: pack, max-force: 0.5 eV/A, max-steps: 500}
  - nvt: {name: melt, temperature: 3000 K, duration: 3 ps, thermostat: {form: bussi}}
  - nvt: {name: quench, temperature: [3000 K, 300 K], rate: 450 K/ps}
  - npt: {name: relax, temperature: 300 K, pressure: 0 GPa, duration: 5 ps, barostat: {damping: 500 fs}}
  - nvt: {name: hold, temperature: 300 K, duration: 2 ps, trajectory: {every: 50 fs}}
analyze:
  - rdf: {cutoff: 7 A}
report: false
"""


def run(arguments, recipe, engine, seed, folder):
    command = [arguments.vitrolyte, "run", recipe, "--out", folder, "--seed", str(seed), "--quiet", "--json"]
    if engine == "lammps":
        command += ["--engine", "lammps", "--processes", str(arguments.processes)]
    else:
        command += ["--threads", str(arguments.processes)]
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)
    rows = [row for row in csv.DictReader(open(folder / "thermo.csv"))]
    stages = json.load(open(folder / "manifest.json"))["stages"]
    constant_pressure = [stage["name"] for stage in stages if stage["kind"] == "npt"][-1]
    values = {}

    def mean(stage, column):
        numbers = [float(row[column]) for row in rows if row["stage"] == stage]
        numbers = numbers[len(numbers) // 2 :]
        return sum(numbers) / len(numbers)

    values["density_g_cm3"] = mean(constant_pressure, "density_g_cm3")
    atoms = sum(1 for line in open(folder / "final.data") if len(line.split()) >= 9)
    for stage in stages:
        if stage["kind"] != "minimize":
            values[f"potential in {stage['name']}, eV/atom"] = mean(stage["name"], "potential_eV") / atoms
            values[f"temperature in {stage['name']}, K"] = mean(stage["name"], "temperature_K")
    for name, pair in json.load(open(folder / "results.json"))["rdf"].get("pairs", {}).items():
        values[f"first peak of {name}, A"] = pair["first_peak_A"]
    values["time on the clock, s"] = sum(stage["wall_time_s"] for stage in stages)
    return values


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vitrolyte", default="vitrolyte")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--recipe")
    parser.add_argument("--out", type=pathlib.Path, default=None)
    arguments = parser.parse_args()
    out = arguments.out or pathlib.Path(tempfile.mkdtemp(prefix="engines-"))
    out.mkdir(parents=True, exist_ok=True)
    recipe = pathlib.Path(arguments.recipe) if arguments.recipe else out / "recipe.yaml"
    if not arguments.recipe:
        recipe.write_text(RECIPE)
    results = {
        engine: [run(arguments, recipe, engine, seed, out / f"{engine}-{seed}") for seed in range(1, arguments.seeds + 1)]
        for engine in ("native", "lammps")
    }

    def statistics(engine, key):
        numbers = [values[key] for values in results[engine] if values.get(key) is not None]
        mean = sum(numbers) / len(numbers)
        spread = math.sqrt(sum((number - mean) ** 2 for number in numbers) / max(1, len(numbers) - 1))
        return mean, spread / math.sqrt(len(numbers))

    print(f"{'mean over seeds and its standard error':40s} {'native':>20s} {'lammps':>20s}   difference/error")
    for key in results["native"][0]:
        (a, da), (b, db) = statistics("native", key), statistics("lammps", key)
        error = math.hypot(da, db)
        print(f"{key:40s} {a:11.5g} ± {da:6.2g} {b:11.5g} ± {db:6.2g}   {abs(a - b) / error if error else 0:.1f}")


if __name__ == "__main__":
    main()
