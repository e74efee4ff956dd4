#!/usr/bin/env python3
"""Measures vitrolyte and LAMMPS on the same silica glass, and prints milliseconds a step and ratios.

Both move the same atoms at 300 K, 1 fs, constant energy, with Buckingham terms cut at 8 A and damped shifted Coulomb
forces (alpha 0.2 1/A) cut at 10 A, on one core; vitrolyte also on two. LAMMPS runs in every form that it was built
with: born/coul/dsf, buck with coul/dsf overlaid, and tabulated. Runs alternate, so that a slow minute of the machine hits
all of them, and medians count.

Needs nothing but Python 3.8 and, for what it compares, `lmp` (Debian: apt-get install lammps) and a vitrolyte binary.
"""

import argparse
import json
import math
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

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


def lammps_styles(executable):
    """The pair styles that a LAMMPS executable has."""
    text = subprocess.run([executable, "-h"], capture_output=True, text=True, check=True).stdout
    begin = text.index("* Pair styles")
    end = text.find("\n* ", begin + 1)
    return set(text[begin:end].split())


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


def run_lammps(executable, folder, name):
    environment = dict(os.environ, OMP_NUM_THREADS="1")
    command = [executable, "-in", name, "-log", "none"] + (["-pk", "omp", "1"] if "omp" in name else [])
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    loops = re.findall(r"Loop time of (\S+) on \d+ procs for (\d+) steps with (\d+) atoms", done.stdout)
    energy = re.search(r"Step Temp PotEng TotEng\s+0 +\S+ +(\S+)|Step\s+Temp\s+PotEng\s+TotEng\s+0\s+\S+\s+(\S+)", done.stdout)
    if done.returncode != 0 or len(loops) < 2 or not energy:
        sys.exit(f"LAMMPS failed on {name}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    seconds, steps, atoms = loops[-1]
    builds = re.findall(r"Neighbor list builds = (\d+)", done.stdout)
    return {
        "ms": float(seconds) / int(steps) * 1e3, "energy": float(energy.group(1) or energy.group(2)), "atoms": int(atoms),
        "builds": int(builds[-1]) if builds else None,
    }


def run_vitrolyte(executable, data, threads, steps):
    command = [
        executable, "bench", "--case", "silica-dsf", "--configuration", data, "--threads", str(threads), "--steps", str(steps),
        "--repetitions", "1", "--json", "--quiet",
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"vitrolyte failed: {' '.join(command)}\n{done.stderr}")
    case = json.loads(done.stdout)["cases"][0]
    return {"ms": case["ms_per_step"], "atoms": case["atoms"]}


def vitrolyte_energy(executable, data):
    done = subprocess.run([executable, "energy", data, "--potential", "teter-sio2", "--json"], capture_output=True, text=True)
    return json.loads(done.stdout)["energy_eV"] if done.returncode == 0 else None


def main():
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--vitrolyte", default=os.path.join(root, ".build-native/release/vitrolyte"), help="the binary")
    parser.add_argument("--lammps", default="lmp", help="the LAMMPS executable")
    parser.add_argument("--data", help="LAMMPS data of a silica glass; where left out, --recipe makes one")
    parser.add_argument("--recipe", default=os.path.join(root, "examples/silica-glass.yaml"), help="the recipe of the glass")
    parser.add_argument("--crystal", action="store_true", help="take shaken cristobalite instead of a glass")
    parser.add_argument("--steps", type=int, default=500, help="steps a repetition")
    parser.add_argument("--warmup", type=int, default=100, help="steps before those that count")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--skin", type=float, default=2.0, help="LAMMPS's neighbour skin in A")
    parser.add_argument("--lammps-only", action="store_true", help="leave vitrolyte out")
    parser.add_argument("--json", metavar="FILE", help="write the result, too; - for standard output")
    parser.add_argument("--keep", metavar="DIR", help="keep LAMMPS's inputs here")
    options = parser.parse_args()
    if not shutil.which(options.lammps):
        sys.exit(f"there is no {options.lammps}; install LAMMPS (Debian: apt-get install lammps) or name it with --lammps")
    if not options.lammps_only and not os.access(options.vitrolyte, os.X_OK):
        sys.exit(f"there is no {options.vitrolyte}; build it with make demo, or name another with --vitrolyte")
    say = sys.stderr if options.json == "-" else sys.stdout

    with tempfile.TemporaryDirectory() as temporary:
        folder = os.path.abspath(options.keep or temporary)
        os.makedirs(folder, exist_ok=True)
        if options.data:
            data = os.path.abspath(options.data)
        elif options.crystal or options.lammps_only:
            data = os.path.join(folder, "cristobalite.data")
            write_data(data, *cristobalite(5))
        else:
            out = os.path.join(folder, "glass")
            print(f"making the glass of {options.recipe}", file=say, flush=True)
            subprocess.run([options.vitrolyte, "run", options.recipe, "--out", out], check=True, stdout=sys.stderr)
            data = os.path.join(out, "final.data")
        style, elements, counts = read_data(data)
        write_table(os.path.join(folder, "pairs.table"))
        lammps = contenders(options.lammps)
        inputs = {}
        for name, contender in lammps.items():
            inputs[name] = "in." + re.sub(r"[^a-z]+", "-", name)
            write_input(
                os.path.join(folder, inputs[name]), contender, data, style, elements, options.skin, options.steps, options.warmup)
        runs = {f"LAMMPS {name}": (lambda n=name: run_lammps(options.lammps, folder, inputs[n])) for name in lammps}
        if not options.lammps_only:
            for threads in (1, 2):
                runs[f"vitrolyte, {threads} thread{'s' * (threads > 1)}"] = lambda t=threads: run_vitrolyte(
                    options.vitrolyte, data, t, options.steps)
        results = {name: [] for name in runs}
        for repetition in range(options.repetitions):
            for name, run in runs.items():
                results[name].append(run())
            print(f"repetition {repetition + 1} of {options.repetitions} done", file=sys.stderr, flush=True)

        # The same physics, or the times mean nothing: tables leave the self energy out.
        reference = results["LAMMPS born/coul/dsf"][0]["energy"]
        energies = {}
        for name, values in results.items():
            if "energy" in values[0]:
                energies[name] = values[0]["energy"] + (self_energy(counts) if "table" in name else 0)
        if not options.lammps_only:
            energies["vitrolyte"] = vitrolyte_energy(options.vitrolyte, data)
        for name, energy in energies.items():
            # Printed energies have eight digits or so, and linear tables a relative error of 1e-6.
            if energy is None or abs(energy - reference) > 2e-5 * abs(reference):
                sys.exit(f"{name} computes {energy} eV where born/coul/dsf computes {reference} eV: not the same physics")

        atoms = sum(counts.values())
        medians = {name: statistics.median(v["ms"] for v in values) for name, values in results.items()}
        ours = medians.get("vitrolyte, 1 thread")
        print(f"\n{atoms} atoms, {options.repetitions} × {options.steps} steps, medians, LAMMPS on one core:\n", file=say)
        print(f"{'':42}{'ms/step':>10}{'spread':>10}{'ratio':>9}", file=say)
        rows = []
        for name, median in medians.items():
            times = [v["ms"] for v in results[name]]
            spread = (max(times) - min(times)) / median
            ratio = median / ours if ours else None
            rows.append({"name": name, "ms_per_step": median, "all_ms_per_step": times, "ratio_to_vitrolyte_1_thread": ratio})
            print(f"{name:42}{median:10.3f}{spread:9.0%}{'' if ratio is None else f'{ratio:9.2f}'}", file=say)
        summary = {"atoms": atoms, "steps": options.steps, "repetitions": options.repetitions, "skin_A": options.skin, "contenders": rows}
        if ours:
            two = medians["vitrolyte, 2 threads"]
            summary["two_thread_speedup"] = ours / two
            print(f"\ntwo threads are {ours / two:.2f} times as fast as one", file=say)
        if options.json:
            text = json.dumps(summary, indent=2) + "\n"
            if options.json == "-":
                sys.stdout.write(text)
            else:
                with open(options.json, "w") as out:
                    out.write(text)


if __name__ == "__main__":
    main()
