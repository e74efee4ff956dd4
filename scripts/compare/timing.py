"""Runs LAMMPS and vitrolyte in turn on the same atoms, and tells milliseconds a step."""

import dataclasses
import json
import os
import re
import statistics
import subprocess
import sys
import typing


@dataclasses.dataclass
class Case:
    """One system, in every form in which it is measured."""

    title: str
    # The name for `vitrolyte bench --case`, and for `vitrolyte energy` the force field and its options.
    bench: str
    potential: typing.Tuple[str, ...]
    # The atoms for vitrolyte, and LAMMPS's inputs by the name of the contender.
    data: str
    inputs: typing.Dict[str, str]
    # How far energies may be apart, relative to the first, and what LAMMPS leaves out of them, in eV.
    tolerance: float
    offsets: typing.Dict[str, float] = dataclasses.field(default_factory=dict)


def lammps_styles(executable):
    """The styles of all kinds that a LAMMPS executable has."""
    return set(subprocess.run([executable, "-h"], capture_output=True, text=True, check=True).stdout.split())


def run_lammps(executable, folder, name):
    """Runs an input whose last `run` is the one that counts; the energy is that of step 0 of the first."""
    environment = dict(os.environ, OMP_NUM_THREADS="1")
    command = [executable, "-in", name, "-log", "none"] + (["-pk", "omp", "1"] if "omp" in name else [])
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    loops = re.findall(r"Loop time of (\S+) on \d+ procs for (\d+) steps with (\d+) atoms", done.stdout)
    energy = re.search(r"Step\s+Temp\s+PotEng\s+TotEng\s+0\s+\S+\s+(\S+)", done.stdout)
    if done.returncode != 0 or not loops or not energy:
        sys.exit(f"LAMMPS failed on {name}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    seconds, steps, atoms = loops[-1]
    builds = re.findall(r"Neighbor list builds = (\d+)", done.stdout)
    return {
        "ms": float(seconds) / int(steps) * 1e3, "energy": float(energy.group(1)), "atoms": int(atoms),
        "builds": int(builds[-1]) if builds else None,
    }


def run_vitrolyte(executable, case, data, threads, steps):
    command = [
        executable, "bench", "--case", case, "--configuration", data, "--threads", str(threads), "--steps", str(steps),
        "--repetitions", "1", "--json", "--quiet",
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"vitrolyte failed: {' '.join(command)}\n{done.stderr}")
    case = json.loads(done.stdout)["cases"][0]
    return {"ms": case["ms_per_step"], "atoms": case["atoms"]}


def vitrolyte_energy(executable, data, potential):
    """The potential energy in eV of the atoms of a file, in double precision.

    - potential: The name of a force field, then options as on the command line."""
    name, *options = potential
    command = [executable, "energy", data, "--potential", name, "--json"]
    for option in options:
        command += ["--potential-option", option]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"vitrolyte failed: {' '.join(command)}\n{done.stderr}")
    return json.loads(done.stdout)["energy_eV"]


def measure(case, lammps, vitrolyte, folder, steps, repetitions):
    """Runs everything in turn, so that a slow minute of the machine hits all, and gives all results by name."""
    runs = {f"LAMMPS {name}": (lambda n=name: run_lammps(lammps, folder, case.inputs[n])) for name in case.inputs}
    if vitrolyte:
        for threads in (1, 2):
            runs[f"vitrolyte, {threads} thread{'s' * (threads > 1)}"] = lambda t=threads: run_vitrolyte(
                vitrolyte, case.bench, case.data, t, steps)
    results = {name: [] for name in runs}
    for repetition in range(repetitions):
        for name, run in runs.items():
            results[name].append(run())
        print(f"repetition {repetition + 1} of {repetitions} done", file=sys.stderr, flush=True)
    return results


def check_energies(case, results, vitrolyte):
    """Makes sure that all compute the same physics, or the times mean nothing."""
    energies = {name: results[f"LAMMPS {name}"][0]["energy"] + case.offsets.get(name, 0) for name in case.inputs}
    if vitrolyte:
        energies["vitrolyte"] = vitrolyte_energy(vitrolyte, case.data, case.potential)
    first, reference = next(iter(energies.items()))
    for name, energy in energies.items():
        if abs(energy - reference) > case.tolerance * abs(reference):
            sys.exit(f"{name} computes {energy} eV where {first} computes {reference} eV: not the same physics")


def table(title, results, say):
    """Prints medians and ratios to vitrolyte on one thread, and gives them as a dictionary."""
    medians = {name: statistics.median(v["ms"] for v in values) for name, values in results.items()}
    ours = medians.get("vitrolyte, 1 thread")
    print(f"\n{title}\n", file=say)
    print(f"{'':42}{'ms/step':>10}{'spread':>10}{'ratio':>9}", file=say)
    rows = []
    for name, median in medians.items():
        times = [v["ms"] for v in results[name]]
        spread = (max(times) - min(times)) / median
        ratio = median / ours if ours else None
        rows.append({"name": name, "ms_per_step": median, "all_ms_per_step": times, "ratio_to_vitrolyte_1_thread": ratio})
        print(f"{name:42}{median:10.3f}{spread:9.0%}{'' if ratio is None else f'{ratio:9.2f}'}", file=say)
    summary = {"title": title, "contenders": rows}
    two = medians.get("vitrolyte, 2 threads")
    if ours and two:
        summary["two_thread_speedup"] = ours / two
        print(f"\ntwo threads are {ours / two:.2f} times as fast as one", file=say)
    return summary
