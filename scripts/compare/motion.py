#!/usr/bin/env python3
"""Measures mean-squared displacements over all time origins in vitrolyte and other programs: seconds, ratios and the largest difference.

    motion.py --benchmark PATH/TO/MotionBenchmarks [--atoms 3000] [--frames 2000] [--repetitions 5]

All get the same unwrapped random walks in memory and one thread; vitrolyte also puts atoms in order, unwraps, and computes errors. Runs
alternate; medians count. Build the benchmark with `VITROLYTE_MARCH=native swift build -c release --package-path Benchmarks`.

Needs numpy, and whichever of freud and MDAnalysis shall be compared; those that are missing are left out.
"""

import argparse
import os
import statistics
import subprocess
import tempfile
import time

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import numpy


def fourier(positions):
    """The autocorrelation theorem with numpy, one axis at a time."""
    frames = len(positions)
    result = numpy.zeros(frames)
    counts = frames - numpy.arange(frames)
    for axis in range(3):
        x = positions[:, :, axis].T
        spectrum = numpy.fft.rfft(x, n=2 * frames, axis=1)
        correlation = numpy.fft.irfft((spectrum * spectrum.conj()).real, n=2 * frames, axis=1)[:, :frames].sum(axis=0)
        squares = (x**2).sum(axis=0)
        ahead = numpy.concatenate(([0.0], numpy.cumsum(squares)))
        both = ahead[frames - numpy.arange(frames)] + (ahead[-1] - ahead[: frames])
        result += (both - 2 * correlation) / counts
    return result / positions.shape[1]


def freud_msd(positions):
    import freud

    freud.parallel.set_num_threads(1)
    box = freud.box.Box.cube(1e6)

    def run():
        return freud.msd.MSD(box, mode="window").compute(positions).msd

    return run


def mdanalysis_msd(positions):
    import MDAnalysis
    import tidynamics  # what MDAnalysis transforms with
    from MDAnalysis.analysis.msd import EinsteinMSD
    from MDAnalysis.coordinates.memory import MemoryReader

    universe = MDAnalysis.Universe.empty(positions.shape[1], trajectory=True)
    universe.load_new(positions.astype(numpy.float64), format=MemoryReader)

    def run():
        return EinsteinMSD(universe, select="all", msd_type="xyz", fft=True).run().results.timeseries

    return run


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--benchmark", required=True)
    parser.add_argument("--atoms", type=int, default=3000)
    parser.add_argument("--frames", type=int, default=2000)
    parser.add_argument("--repetitions", type=int, default=5)
    arguments = parser.parse_args()
    random = numpy.random.default_rng(1)
    positions = numpy.cumsum(random.normal(scale=0.1, size=(arguments.frames, arguments.atoms, 3)), axis=0)
    programs = {"numpy": lambda: fourier(positions)}
    for name, make in (("freud", freud_msd), ("MDAnalysis", mdanalysis_msd)):
        try:
            programs[name] = make(positions)
        except ImportError as error:
            print(f"{name}: left out ({error})")
    times = {name: [] for name in ["vitrolyte", "vitrolyte, 2 threads", *programs]}
    curves = {}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "positions")
        positions.tofile(path)
        for _ in range(arguments.repetitions):
            for threads, name in ((1, "vitrolyte"), (2, "vitrolyte, 2 threads")):
                command = [arguments.benchmark, path, str(arguments.atoms), "1000", str(threads)]
                lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
                times[name].append(float(lines[0]))
                curves[name] = numpy.array(lines[1].split(), dtype=float)
            for name, run in programs.items():
                start = time.perf_counter()
                curves[name] = numpy.asarray(run())
                times[name].append(time.perf_counter() - start)
    ours = statistics.median(times["vitrolyte"])
    print(f"{arguments.atoms} atoms, {arguments.frames} frames, all lags; medians of {arguments.repetitions}")
    for name, values in times.items():
        difference = numpy.abs(curves[name] - curves["vitrolyte"]).max()
        print(f"{name:22s} {statistics.median(values):8.3f} s  {statistics.median(values) / ours:6.2f}  largest difference {difference:.1e} Å²")
    print(f"fastest other program: {min(statistics.median(times[name]) for name in programs) / ours:.2f} times the time of vitrolyte")


if __name__ == "__main__":
    main()
