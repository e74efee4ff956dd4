#!/usr/bin/env python3
"""Shortest-path rings by vitrolyte and by matscipy on the same bonds: counts, milliseconds a frame, and their ratio.

The files are those of a silica glass (rings of up to 16 atoms, Si-O closer than 2 A) and of amorphous carbon (up to 12 atoms,
1.85 A), as LAMMPS data, or others on the command line. vitrolyte reads a trajectory that repeats the frame, once short and once
long, so that the start of the program does not count; reading a frame and finding its bonds do, on both sides finding the bonds. Runs
alternate, and the fastest of each counts.

Needs vitrolyte, and Python with numpy, ase and matscipy (--python names it where it is another).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

SHORT, LONG = 2, 22


def by_matscipy(path, cutoff, largest, repetitions):
    """In another process, so that --python may name the one that has matscipy: counts and seconds."""
    import ase.io
    from matscipy.ffi import distances_on_graph, find_sp_rings
    from matscipy.neighbours import neighbour_list

    atoms = ase.io.read(path)
    if "=" in cutoff:
        cutoffs = {tuple(part.split("=")[0].split("-")): float(part.split("=")[1]) for part in cutoff.split(",")}
    else:
        cutoffs = float(cutoff)
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        i, j, v = neighbour_list("ijD", atoms, cutoffs)
        # With n as the largest size, rings of even n are left out.
        counts = find_sp_rings(i, j, v, distances_on_graph(i, j), largest + 1)
        times.append(time.perf_counter() - start)
    return {"rings": {str(n): int(c) for n, c in enumerate(counts) if c and n <= largest}, "seconds": times}


def by_vitrolyte(program, paths, cutoff, largest, threads):
    seconds = []
    for path in paths:
        command = [program, "analyze", "rings", path, "--definition", "shortest-path", "--max-size", str(largest), "--cutoff", cutoff,
                   "--members", "0", "--threads", str(threads), "--json", "--quiet", "--out", os.path.dirname(path) + "/out"]
        start = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True)
        seconds.append(time.perf_counter() - start)
        if done.returncode != 0:
            sys.exit(f"vitrolyte failed: {' '.join(command)}\n{done.stderr}")
    rings = {size: round(count) for size, count in json.loads(done.stdout)["rings"].items()}
    return rings, (seconds[1] - seconds[0]) / (LONG - SHORT)


def main():
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    parser = argparse.ArgumentParser(prog="rings", description=__doc__.split("\n\n")[0])
    parser.add_argument("file", nargs="+", help="extended XYZ with one frame, cutoff and size: glass.xyz:Si-O=2.0:16")
    parser.add_argument("--vitrolyte", default=os.path.join(root, ".build-native/release/vitrolyte"), help="the binary")
    parser.add_argument("--python", default=sys.executable, help="the Python that has matscipy")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--matscipy-only", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    for spec in options.file:
        path, cutoff, largest = spec.rsplit(":", 2)
        if options.matscipy_only:
            print(json.dumps(by_matscipy(path, cutoff, int(largest), 1)))
            continue
        with tempfile.TemporaryDirectory() as folder, open(path) as source:
            text = source.read()
            paths = []
            for frames in (SHORT, LONG):
                paths.append(os.path.join(folder, f"{frames}.xyz"))
                with open(paths[-1], "w") as out:
                    out.write(text * frames)
            best = {}
            for _ in range(options.repetitions):
                command = [options.python, os.path.abspath(__file__), spec, "--matscipy-only"]
                peer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
                best["matscipy"] = min(best.get("matscipy", 1e9), *peer["seconds"])
                for threads in (1, 2):
                    rings, seconds = by_vitrolyte(options.vitrolyte, paths, cutoff, int(largest), threads)
                    if rings != peer["rings"]:
                        sys.exit(f"{path}: vitrolyte counts {rings}, matscipy {peer['rings']}")
                    name = f"vitrolyte, {threads} thread{'s' * (threads > 1)}"
                    best[name] = min(best.get(name, 1e9), seconds)
        print(f"\n{os.path.basename(path)}, rings of up to {largest} atoms: {rings}\n")
        for name, seconds in best.items():
            print(f"{name:24}{seconds * 1e3:10.1f} ms a frame{seconds / best['vitrolyte, 1 thread']:9.2f}")


if __name__ == "__main__":
    main()
