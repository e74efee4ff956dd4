"""p_hop of a few tracks by its definition, with numpy: writes hops_phop.json beside this file.

The tracks are made here from integers alone, so that the test makes the same ones.
"""
import json
import pathlib

import numpy as np


def track(number, frames):
    """A vibrating atom that hops every 40 frames or so: Lehmer's numbers give both."""
    state = 12345 + number
    values = []
    for _ in range(4 * frames):
        state = state * 48271 % 2147483647
        values.append(state / 2147483647)
    values = np.array(values).reshape(frames, 4)
    hops = np.cumsum(values[:, 3] < 1 / 40)
    return 0.5 * (values[:, :3] - 0.5) + np.outer(hops, [1.5, -0.5, 2.0])


def p_hop(r, half):
    result = np.zeros(len(r))
    for t in range(half, len(r) - half + 1):
        before, after = r[t - half:t], r[t:t + half]
        a = ((before - after.mean(axis=0)) ** 2).sum(axis=1).mean()
        b = ((after - before.mean(axis=0)) ** 2).sum(axis=1).mean()
        result[t] = np.sqrt(a * b)
    return result


golden = []
for number, (frames, half) in enumerate([(60, 2), (200, 7), (331, 20)]):
    golden.append({"frames": frames, "half_window": half, "p_hop_A2": p_hop(track(number, frames), half).tolist()})
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(golden))
