#!/usr/bin/env python3
"""Measures structure analyses of vitrolyte and of other programs on the same atoms, and prints milliseconds a frame and ratios.

    structure.py [--case NAME …] [--frames 20] [--repetitions 5]

The atoms are those of a silica glass, which --recipe makes, or of a file that ASE reads (--data). The others are called in Python on atoms
that are in memory already; vitrolyte runs as a program on a file of many frames and on one of two: the difference is free of start, tables
and figures, and includes reading. Runs alternate, so that a slow minute of the machine hits all of them, and the smallest times count:
processor time on one thread, and time on the clock for the gain from the second one.

Needs numpy and ase, and whichever of vitrum, freud, dynasor, matscipy and ovito shall be compared; those that are missing are left out.
To add a case, write a function that returns a `StructureCase` and list it in `CASES`.
"""

import argparse
import dataclasses
import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import typing

os.environ.setdefault("NUMBA_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")


@dataclasses.dataclass
class StructureCase:
    """One analysis in every program that has it."""

    title: str
    # After `analyze`: the name and its options.
    analysis: str
    options: typing.List[str]
    # By program: makes, from ASE's Atoms, a function that analyses them once.
    peers: typing.Dict[str, typing.Callable]
    # By program, where counts can be compared: what it finds of a frame, and the same from vitrolyte's summary.
    check: typing.Optional[typing.Callable] = None
    # How many times faster than the first peer vitrolyte is meant to be.
    goal: float = 1.0


def pairs():
    def vitrum(atoms):
        import numpy
        from vitrum.geometry import cell_list_pair_counts

        codes = numpy.unique(atoms.numbers, return_inverse=True)[1]
        return lambda: cell_list_pair_counts(atoms, codes, 10.0, 500, codes.max() + 1)

    def freud(atoms):
        import freud
        import numpy

        freud.parallel.set_num_threads(1)
        box = freud.box.Box.from_matrix(numpy.array(atoms.cell).T)
        points = {number: box.wrap(atoms.positions[atoms.numbers == number]) for number in sorted(set(atoms.numbers))}
        names = sorted(points)
        jobs = [(a, b) for i, a in enumerate(names) for b in names[i:]]

        def run():
            for a, b in jobs:
                freud.density.RDF(500, 10.0).compute((box, points[a]), query_points=points[b], reset=True)

        return run

    return StructureCase(
        "all partial g(r) to 10 A", "rdf", ["--cutoff", "10", "--bin-width", "0.02 A"], {"vitrum": vitrum, "freud": freud}, goal=3)


def direct():
    def dynasor(atoms):
        import numpy
        from dynasor.core.reciprocal import calc_rho_q
        from dynasor.qpoints import get_spherical_qpoints

        q = numpy.ascontiguousarray(get_spherical_qpoints(numpy.array(atoms.cell), 20.0, max_points=20000))
        parts = [numpy.ascontiguousarray(atoms.positions[atoms.numbers == number]) for number in sorted(set(atoms.numbers))]
        return lambda: [calc_rho_q(part, q) for part in parts]

    def freud(atoms):
        import freud
        import numpy

        freud.parallel.set_num_threads(1)
        box = freud.box.Box.from_matrix(numpy.array(atoms.cell).T)
        points = box.wrap(atoms.positions)
        # The total alone, with as many vectors.
        return lambda: freud.diffraction.StaticStructureFactorDirect(bins=400, k_max=20, num_sampled_k_points=20000).compute((box, points))

    # 54 vectors in each of 400 bins, less the few that small Q has: 20000, as many as dynasor is given.
    options = ["--q-max", "20 1/A", "--bin-width", "0.05 1/A", "--max-vectors", "54"]
    return StructureCase(
        "partial S(Q) to 20 1/A from 20000 vectors", "structure-factor", options, {"dynasor": dynasor, "freud": freud}, goal=3)


def rings():
    def matscipy(atoms):
        from matscipy.ffi import distances_on_graph, find_sp_rings
        from matscipy.neighbours import neighbour_list

        def run():
            i, j, v = neighbour_list("ijD", atoms, {("Si", "O"): 2.0})
            # With n as the largest size, matscipy leaves out rings of even n.
            return find_sp_rings(i, j, v, distances_on_graph(i, j), 17)

        return run

    def check(found, summary):
        counts = {str(n): int(count) for n, count in enumerate(found) if count and n <= 16}
        ours = {size: round(count) for size, count in summary["rings"].items() if round(count)}
        return None if counts == ours else f"vitrolyte counts {ours}, matscipy {counts}"

    return StructureCase(
        "shortest-path rings of up to 16 atoms", "rings",
        ["--definition", "shortest-path", "--max-size", "16", "--cutoff", "Si-O=2.0", "--members", "0"], {"matscipy": matscipy},
        check=check, goal=3)


def cells():
    def ovito(atoms):
        import numpy
        from ovito.data import DataCollection
        from ovito.modifiers import VoronoiAnalysisModifier

        cell = numpy.hstack([numpy.array(atoms.cell).T, numpy.zeros((3, 1))])

        def run():
            data = DataCollection()
            data.create_cell(cell, pbc=(True, True, True))
            data.create_particles(count=len(atoms)).create_property("Position", data=atoms.positions)
            data.apply(VoronoiAnalysisModifier(compute_indices=True))

        return run

    def freud(atoms):
        import freud
        import numpy

        freud.parallel.set_num_threads(1)
        box = freud.box.Box.from_matrix(numpy.array(atoms.cell).T)
        points = box.wrap(atoms.positions)
        return lambda: freud.locality.Voronoi().compute((box, points))

    return StructureCase("Voronoi cells", "voronoi", [], {"ovito": ovito, "freud": freud}, goal=1)


CASES = {"g(r)": pairs, "S(Q)": direct, "rings": rings, "voronoi": cells}
# Frames of the short trajectory.
SHORT = 2


def read_atoms(options, folder):
    from ase.io import read

    if options.data:
        return read(options.data)
    print(f"making the glass of {options.recipe}", file=sys.stderr, flush=True)
    run = os.path.join(folder, "glass")
    subprocess.run([options.vitrolyte, "run", options.recipe, "--out", run, "--quiet"], check=True, stdout=sys.stderr)
    path = os.path.join(folder, "glass.extxyz")
    subprocess.run([options.vitrolyte, "convert", os.path.join(run, "final.data"), path, "--quiet"], check=True, stdout=sys.stderr)
    return read(path)


def write_frames(path, atoms, number):
    cell = " ".join(f"{x:.8f}" for row in atoms.cell for x in row)
    body = "".join(f"{name} {x:.6f} {y:.6f} {z:.6f}\n" for name, (x, y, z) in zip(atoms.symbols, atoms.positions))
    frame = f'{len(atoms)}\nLattice="{cell}" Properties=species:S:1:pos:R:3 pbc="T T T"\n{body}'
    with open(path, "w") as out:
        for _ in range(number):
            out.write(frame)


def measure_peer(run):
    """Milliseconds of processor time."""
    begin = time.process_time()
    run()
    return (time.process_time() - begin) * 1e3


def measure_vitrolyte(executable, case, trajectory, folder, threads):
    """Milliseconds of processor time, and on the clock."""
    command = [executable, "analyze", case.analysis, trajectory, *case.options, "--threads", str(threads), "--quiet", "--json", "--out", folder]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    clock = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 3):
        sys.exit(f"vitrolyte failed: {' '.join(command)}\n{done.stderr}")
    summary = json.loads(done.stdout)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e3, clock * 1e3, summary


def measure(case, options, atoms, trajectories, folder):
    runs, found = {}, {}
    for name, make in case.peers.items():
        try:
            runs[name] = make(atoms)
            # What compiles itself does so now.
            found[name] = runs[name]()
        except ImportError as error:
            print(f"{name} is left out: {error}", file=sys.stderr)
    best = dict.fromkeys(runs, float("inf"))
    # By settings, threads and length: processor time, and time on the clock.
    times = {}
    for _ in range(options.repetitions):
        for name, run in runs.items():
            best[name] = min(best[name], measure_peer(run))
        for key, threads in (("one", 1), ("two", 2)):
            for length, trajectory in enumerate(trajectories):
                *taken, summary = measure_vitrolyte(options.vitrolyte, case, trajectory, folder, threads)
                old = times.get((key, length), taken)
                times[key, length] = (min(old[0], taken[0]), min(old[1], taken[1]))

    if case.check:
        for name in found:
            complaint = case.check(found[name], summary)
            if complaint:
                sys.exit(complaint)

    def frame(key, which):
        return (times[key, 1][which] - times[key, 0][which]) / (options.frames - SHORT)

    result = dict(best)
    result["vitrolyte"] = frame("one", 0)
    result["two threads over one"] = frame("one", 1) / frame("two", 1)
    return result


def main():
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    parser = argparse.ArgumentParser(prog="structure.py", description=__doc__.split("\n\n")[0])
    parser.add_argument("--case", action="append", choices=CASES, help="a case; may be repeated; all where left out")
    parser.add_argument("--vitrolyte", default=os.path.join(root, ".build-native/release/vitrolyte"), help="the binary")
    parser.add_argument("--data", help="atoms in a file that ASE reads; where left out, --recipe makes some")
    parser.add_argument("--recipe", default=os.path.join(root, "examples/silica-glass.yaml"), help="the recipe of a glass")
    parser.add_argument("--frames", type=int, default=200, help="frames of the trajectory that vitrolyte reads")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--json", metavar="FILE", help="write the result, too; - for standard output")
    options = parser.parse_args()
    if not os.access(options.vitrolyte, os.X_OK):
        sys.exit(f"there is no {options.vitrolyte}; build it with make demo, or name another with --vitrolyte")
    say = sys.stderr if options.json == "-" else sys.stdout
    for module in ("numpy", "ase"):
        if not importlib.util.find_spec(module):
            print(f"structure analyses are left out: there is no Python package {module}; install it with pip", file=sys.stderr)
            return
    summaries = {}
    with tempfile.TemporaryDirectory() as folder:
        atoms = read_atoms(options, folder)
        trajectories = [os.path.join(folder, name) for name in ("short.extxyz", "long.extxyz")]
        write_frames(trajectories[0], atoms, SHORT)
        write_frames(trajectories[1], atoms, options.frames)
        for name in options.case or CASES:
            case = CASES[name]()
            result = measure(case, options, atoms, trajectories, folder)
            summaries[name] = result
            print(f"\n{case.title}, {len(atoms)} atoms: ms a frame of one core, smallest of {options.repetitions}", file=say)
            for program, value in result.items():
                if program == "two threads over one":
                    print(f"  {program:<24}{value:8.2f} x", file=say)
                else:
                    ratio = value / result["vitrolyte"]
                    print(f"  {program:<24}{value:8.2f}   {ratio:6.1f} x", file=say)
            first = next((program for program in case.peers if program in result), None)
            if first and result[first] < case.goal * result["vitrolyte"]:
                print(f"  less than {case.goal} times as fast as {first}", file=say)
    if options.json:
        text = json.dumps({"atoms": len(atoms), "cases": summaries}, indent=2) + "\n"
        if options.json == "-":
            sys.stdout.write(text)
        else:
            with open(options.json, "w") as out:
                out.write(text)


if __name__ == "__main__":
    main()
