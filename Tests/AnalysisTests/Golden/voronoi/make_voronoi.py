#!/usr/bin/env python3
"""Makes voronoi.json: cells of scattered atoms in a triclinic cell, as freud (voro++) and OVITO give them.

Needs the Python packages numpy, freud-analysis and ovito. Atoms of two kinds keep a distance of 1.2 A, as in a dense liquid.
"""

import json
from pathlib import Path

import freud
import numpy as np
from ovito.data import DataCollection
from ovito.modifiers import VoronoiAnalysisModifier

HERE = Path(__file__).resolve().parent
EDGES = np.array([[9.1, 0, 0], [2.7, 8.3, 0], [-1.9, 3.1, 7.7]])
# OVITO holds radii in single precision: these are exact in it.
RADII = [0.875, 1.375]

# freud leaves out the smallest faces; with this seed there are none.
random = np.random.default_rng(1)
positions = []
while len(positions) < 110:
    point = np.round(random.random(3) @ EDGES, 4)
    images = [point + np.array([i, j, k]) @ EDGES for i in (-1, 0, 1) for j in (-1, 0, 1) for k in (-1, 0, 1)]
    if all(np.linalg.norm(image - other) > 1.2 for image in images for other in positions):
        positions.append(point)
positions = np.array(positions)
types = np.arange(len(positions)) % 2

box = freud.box.Box.from_matrix(EDGES.T)
# freud's boxes are centred on the origin; it wraps.
voronoi = freud.locality.Voronoi()
voronoi.compute((box, box.wrap(positions - EDGES.sum(axis=0) / 2)))
neighbors = voronoi.nlist
faces = np.bincount(neighbors.query_point_indices, minlength=len(positions))
areas = np.bincount(neighbors.query_point_indices, neighbors.weights, minlength=len(positions))


def ovito(use_radii):
    data = DataCollection()
    cell = np.zeros((3, 4))
    cell[:, :3] = EDGES.T
    data.create_cell(cell, pbc=(True, True, True))
    particles = data.create_particles(count=len(positions))
    particles.create_property("Position", data=positions)
    particles.create_property("Radius", data=np.array(RADII)[types])
    data.apply(VoronoiAnalysisModifier(compute_indices=True, use_radii=use_radii))
    indices = np.zeros((len(positions), 7), int)
    found = np.array(data.particles["Voronoi Index"])
    indices[:, : found.shape[1]] = found[:, :7]
    return {
        "volumes": np.array(data.particles["Atomic Volume"]).tolist(),
        "coordination": np.array(data.particles["Coordination"]).tolist(),
        # Faces with 3, 4, 5 and 6 edges.
        "indices": indices[:, 2:6].tolist(),
    }


json.dump(
    {
        "edges": EDGES.tolist(), "positions": positions.tolist(), "types": types.tolist(), "radii": RADII,
        "freud": {"volumes": np.asarray(voronoi.volumes).tolist(), "coordination": faces.tolist(), "surfaces": areas.tolist()},
        "ovito": ovito(False), "ovito_radical": ovito(True),
    },
    open(HERE / "voronoi.json", "w"))
