#!/usr/bin/env python3
"""Makes order.json: bond-order parameters of the atoms of ../voronoi/voronoi.json and of a shaken crystal, as freud gives them, and
local structures of the crystal as OVITO gives them.

Needs the Python packages numpy, freud-analysis and ovito.
"""

import json
from pathlib import Path

import freud
import numpy as np
from ovito.data import DataCollection
from ovito.modifiers import CommonNeighborAnalysisModifier

HERE = Path(__file__).resolve().parent
CUTOFF = 3.1


def steinhardt(system, l, neighbors, weighted=False):
    result = {}
    for name, keywords in {
        "q": {}, "averaged_q": {"average": True}, "w": {"wl": True, "wl_normalize": True},
        "averaged_w": {"average": True, "wl": True, "wl_normalize": True},
    }.items():
        compute = freud.order.Steinhardt(l=l, weighted=weighted, **keywords)
        compute.compute(system, neighbors=neighbors)
        result[name] = np.asarray(compute.particle_order if "wl" in keywords else compute.ql if "average" not in keywords else compute.particle_order).tolist()
    return result


def system(edges, positions):
    box = freud.box.Box.from_matrix(np.array(edges).T)
    return (box, box.wrap(np.array(positions) - np.array(edges).sum(axis=0) / 2))


cells = json.load(open(HERE.parent / "voronoi" / "voronoi.json"))
liquid = system(cells["edges"], cells["positions"])
voronoi = freud.locality.Voronoi().compute(liquid).nlist
choices = {
    "nearest": ({"num_neighbors": 12, "exclude_ii": True}, False), "cutoff": ({"r_max": CUTOFF, "exclude_ii": True}, False),
    "voronoi": (voronoi, True), "voronoi_alike": (voronoi, False),
}
out = {"cutoff": CUTOFF, "liquid": {}}
for name, (neighbors, weighted) in choices.items():
    out["liquid"][name] = {str(l): steinhardt(liquid, l, neighbors, weighted) for l in (4, 6, 8)}

# An fcc crystal with a stacking fault: layers A B C A B A B C A B C A, shaken.
random = np.random.default_rng(3)
a = 4.0
d, h = a / np.sqrt(2), a / np.sqrt(3)
edges = np.array([[5 * d, 0, 0], [2.5 * d, 5 * d * np.sqrt(3) / 2, 0], [0, 0, 12 * h]])
shift = {"A": 0, "B": 1, "C": 2}
positions = [
    (i + shift[s] / 3) * edges[0] / 5 + (j + shift[s] / 3) * edges[1] / 5 + np.array([0, 0, k * h])
    for k, s in enumerate("ABCABABCABCB") for i in range(5) for j in range(5)
]
positions = np.round(np.array(positions) + random.normal(0, 0.22, (len(positions), 3)), 4)
crystal = system(edges, positions)
solid = freud.order.SolidLiquid(l=6, q_threshold=0.7, solid_threshold=7)
solid.compute(crystal, neighbors={"num_neighbors": 12, "exclude_ii": True})
data = DataCollection()
cell = np.zeros((3, 4))
cell[:, :3] = edges.T
data.create_cell(cell, pbc=(True, True, True))
data.create_particles(count=len(positions)).create_property("Position", data=positions)
data.apply(CommonNeighborAnalysisModifier(mode=CommonNeighborAnalysisModifier.Mode.AdaptiveCutoff))
out["crystal"] = {
    "edges": edges.tolist(), "positions": positions.tolist(), "connections": np.asarray(solid.num_connections).astype(int).tolist(),
    "largest_cluster": int(max(solid.cluster_sizes)), "structures": np.array(data.particles["Structure Type"]).tolist(),
}
text = json.dumps(out)
open(HERE / "order.json", "w").write(json.dumps(json.loads(text, parse_float=lambda t: round(float(t), 7))))
