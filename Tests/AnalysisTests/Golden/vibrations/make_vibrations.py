#!/usr/bin/env python3
"""Spectra and autocorrelations of made-up velocities by scipy and numpy: vibrations.json.

The velocities are a formula, so that the tests can make the same ones. Needs numpy and scipy.
"""

import json
import os

import numpy as np
from scipy import signal

FRAMES, LENGTH, DT = 300, 80, 0.02
MASSES = [12.0, 12.0, 30.0, 30.0, 30.0]


def velocity(atom, axis, n):
    return (np.sin((0.4 + 0.13 * atom) * n + axis) + 0.3 * np.cos(0.011 * (axis + 1) * n + atom)
            + 0.2 * np.sin(0.0007 * (atom + axis + 1) * n * n))


def main():
    n = np.arange(FRAMES)
    v = np.array([[velocity(i, a, n) for a in range(3)] for i in range(5)])
    result = {}
    for name, window in (("hann", "own"), ("none", "boxcar")):
        weights = np.sin(np.pi * (np.arange(LENGTH) + 0.5) / LENGTH) ** 2 if window == "own" else np.ones(LENGTH)
        f, s = signal.welch(v, fs=1 / DT, window=weights, nperseg=LENGTH, noverlap=LENGTH // 2, detrend=False, scaling="density")
        weighted = (s * np.array(MASSES)[:, None, None]).sum(axis=1)
        integral = weighted.sum() * f[1]
        result[name] = {"first": list(weighted[:2].sum(axis=0) * 15 / integral), "second": list(weighted[2:].sum(axis=0) * 15 / integral)}
    result["frequencies"] = list(f)
    lags = LENGTH // 2 + 1
    stretches = [v[:, :, b:b + LENGTH] for b in range(0, FRAMES - LENGTH + 1, LENGTH // 2)]
    result["stretches"] = len(stretches)
    for name, atoms in (("first", [0, 1]), ("second", [2, 3, 4])):
        c = np.array([np.mean([np.mean(np.sum(x[atoms][:, :, :LENGTH - m] * x[atoms][:, :, m:], axis=1)) for x in stretches])
                      for m in range(lags)])
        result["vacf_" + name] = list(c / c[0])
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "vibrations.json"), "w") as out:
        json.dump(result, out)
        out.write("\n")


main()
