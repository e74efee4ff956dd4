"""Voronoi cells of 3000 atoms of silica, on one core: vitrolyte beside OVITO and freud (both voro++).

Needs numpy, and for what it compares, the Python packages ovito and freud-analysis. A program that is not installed is left out.
`python3 voronoi.py --vitrolyte PATH` prints the table by itself.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

os.environ.setdefault("OVITO_THREAD_COUNT", "1")

EDGE = 7.16
# Frames of the trajectory; the first one pays for the start of the program, the others count.
FRAMES = 41


def shaken(cells=5, width=0.35, seed=2):
    """Symbols, positions and the edge of a cube of beta-cristobalite shaken so much that no symmetry is left."""
    import numpy as np

    random = np.random.default_rng(seed)
    centred = np.array([[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])
    silicon = np.vstack([centred, centred + 0.25])
    bonds = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) / 8
    basis = np.vstack([silicon] + [centred + bond for bond in bonds])
    corners = np.array([[i, j, k] for i in range(cells) for j in range(cells) for k in range(cells)])
    positions = ((corners[:, None] + basis[None]) * EDGE).reshape(-1, 3)
    symbols = (["Si"] * 8 + ["O"] * 16) * cells**3
    return symbols, positions + random.normal(0, width, positions.shape), cells * EDGE


def write_trajectory(path):
    """A few copies of the atoms, as a LAMMPS dump."""
    symbols, positions, edge = shaken()
    atoms = "".join(f"{i + 1} {s} {x:.6f} {y:.6f} {z:.6f}\n" for i, (s, (x, y, z)) in enumerate(zip(symbols, positions)))
    with open(path, "w") as out:
        for step in range(FRAMES):
            out.write(f"ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n{len(symbols)}\nITEM: BOX BOUNDS pp pp pp\n" + f"0 {edge}\n" * 3)
            out.write("ITEM: ATOMS id element x y z\n" + atoms)


def ovito():
    """Milliseconds of processor time a frame, or None where OVITO is not installed; the volume of the first atom."""
    try:
        from ovito.data import DataCollection
        from ovito.modifiers import VoronoiAnalysisModifier
    except ImportError:
        return None
    import numpy as np

    _, positions, edge = shaken()
    cell = np.hstack([np.eye(3) * edge, np.zeros((3, 1))])
    data = DataCollection()
    data.create_cell(cell, pbc=(True, True, True))
    data.create_particles(count=len(positions)).create_property("Position", data=positions)
    start = time.process_time()
    data.apply(VoronoiAnalysisModifier(compute_indices=True))
    return (time.process_time() - start) * 1e3, float(data.particles["Atomic Volume"][0])


def freud():
    try:
        import freud as package
    except ImportError:
        return None
    _, positions, edge = shaken()
    package.parallel.set_num_threads(1)
    box = package.box.Box.cube(edge)
    points = box.wrap(positions - edge / 2)
    cells = package.locality.Voronoi()
    start = time.process_time()
    cells.compute((box, points))
    return (time.process_time() - start) * 1e3, float(cells.volumes[0])


def children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def vitrolyte(executable, trajectory, folder, threads=1):
    """Milliseconds of processor time a frame, reading included: many frames less one frame; and the mean volume of silicon."""

    def run(frames):
        command = [
            executable, "analyze", "voronoi", trajectory, "--frames", frames, "--threads", str(threads), "--out", os.path.join(folder, "voronoi"),
            "--json", "--quiet",
        ]
        start = children()
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode not in (0, 3):
            sys.exit(f"vitrolyte failed: {' '.join(command)}\n{done.stderr}")
        return children() - start, json.loads(done.stdout)

    one, _ = run("0:1")
    all, summary = run(f"0:{FRAMES}")
    return (all - one) / (FRAMES - 1) * 1e3, summary


def compare(executable, repetitions=5, say=sys.stdout):
    """Measures all in turn, prints medians, and gives them by name in milliseconds a frame."""
    times = {}
    with tempfile.TemporaryDirectory() as folder:
        trajectory = os.path.join(folder, "silica.lammpstrj")
        write_trajectory(trajectory)
        for _ in range(repetitions):
            for name, run in {"OVITO": ovito, "freud": freud}.items():
                found = run()
                if found:
                    times.setdefault(name, []).append(found[0])
            if executable:
                milliseconds, summary = vitrolyte(executable, trajectory, folder)
                times.setdefault("vitrolyte", []).append(milliseconds)
                if abs(summary["volume_sum_relative_error"]) > 1e-9:
                    sys.exit("the volumes of vitrolyte's cells do not fill the cell")
    medians = {name: statistics.median(values) for name, values in times.items()}
    print(f"\nVoronoi cells of 3000 atoms of silica: {repetitions} repetitions, medians of processor time, one core\n", file=say)
    print(f"{'':42}{'ms/frame':>10}{'ratio':>9}", file=say)
    for name, median in medians.items():
        ratio = f"{median / medians['vitrolyte']:9.2f}" if "vitrolyte" in medians else ""
        print(f"{name:42}{median:10.2f}{ratio}", file=say)
    return medians


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    parser.add_argument("--vitrolyte", default=os.path.join(root, ".build-native/release/vitrolyte"), help="the binary")
    parser.add_argument("--repetitions", type=int, default=5)
    options = parser.parse_args()
    compare(options.vitrolyte, options.repetitions)
