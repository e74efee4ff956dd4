"""Which site each of some wandering ions is at, by site_analysis 1.8 (PyPI): writes hops_sites.json beside this file.

The ions are moved by integers alone, so that the test moves the same ones.
"""
import json
import pathlib

import numpy as np
from pymatgen.core import Lattice, Structure
from site_analysis.builders import TrajectoryBuilder

CELL = [[9.0371, 0, 0], [2.5, 10.0213, 0], [-2, 1.5, 11.0119]]
IONS, FRAMES, RADIUS = 12, 150, 1.0


def numbers(state=4711):
    while True:
        state = state * 48271 % 2147483647
        yield state / 2147483647


random = numbers()
# 27 sites, each some way off a lattice; the first nine of another kind.
sites = [[(i + 0.3 * next(random)) / 3, (j + 0.3 * next(random)) / 3, (k + 0.3 * next(random)) / 3]
         for i in range(3) for j in range(3) for k in range(3)]
place = np.array([[next(random) for _ in range(3)] for _ in range(IONS)])
walk = []
for _ in range(FRAMES):
    walk.append(place.copy())
    place = place + 0.12 * (np.array([[next(random) for _ in range(3)] for _ in range(IONS)]) - 0.5)
structures = [Structure(Lattice(CELL), ["Li"] * IONS, frame % 1.0) for frame in walk]


def visits(builder):
    trajectory = builder.with_structure(structures[0]).with_mobile_species("Li").build()
    trajectory.trajectory_from_structures(structures)
    found = np.array([[-1 if site is None else site for site in frame] for frame in trajectory.atoms_trajectory])
    first = min(site.index for site in trajectory.sites)
    return np.where(found < 0, -1, found - first).T.tolist()


golden = {
    "nearest": visits(TrajectoryBuilder().with_voronoi_sites(centres=sites)),
    "spheres": visits(TrajectoryBuilder().with_spherical_sites(centres=sites, radii=RADIUS)),
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(golden))
