"""Writes the golden files of FormatsTests with LAMMPS and ASE; expected.json holds what ASE and LAMMPS themselves say is in them.

Needs `lmp` (LAMMPS 29 Sep 2021 or later) and Python with numpy and ASE 3.2x. Run in this directory.
"""

import gzip
import json
import os
import subprocess

import numpy as np
import ase
import ase.build
import ase.calculators.singlepoint
import ase.io
import ase.spacegroup
import ase.units

LAMMPS = """
units {units}
atom_style {style}
boundary p p p
lattice custom 1.0 a1 8.1 0 0 a2 {xy} 7.3 0 a3 {xz} {yz} 6.9 &
  basis 0.02 0.05 0.1 basis 0.51 0.48 0.13 basis 0.27 0.74 0.61 basis 0.77 0.22 0.58
region cell prism -1.5 6.6 0.25 7.55 2 8.9 {xy} {xz} {yz} units box
box tilt large
create_box 2 cell
create_atoms 1 box basis 1 1 basis 2 1 basis 3 2 basis 4 2
replicate 2 2 1
mass 1 28.085
mass 2 15.999
{charges}
pair_style lj/cut 3.0
pair_coeff * * 0.01 2.0
velocity all create {temperature} 4928459 mom yes
timestep {timestep}
fix move all nve
thermo 100
dump sorted all custom 50 {name}.dump id type x y z ix iy iz vx vy vz fx fy fz {extra}
dump_modify sorted sort id format float %.17g {modify}
dump scaled all custom 50 {name}-scaled.dump zs type xs id ys element
dump_modify scaled element Si O
dump unwrapped all custom 50 {name}-unwrapped.dump.gz id type xu yu zu
dump_modify unwrapped format float %.17g
dump su all custom 50 {name}-su.dump id type xsu ysu zsu mass
dump_modify su format float %.17g
run 200
write_data {name}.data
"""


def lammps(name, units="metal", style="atomic", tilt=(0, 0, 0), charges="", extra="", modify=""):
    text = LAMMPS.format(
        name=name, units=units, style=style, xy=tilt[0], xz=tilt[1], yz=tilt[2], charges=charges, extra=extra, modify=modify,
        # Fast enough to leave the cell, so that image flags are not all zero.
        temperature=40000, timestep=0.002 if units == "metal" else 2.0)
    subprocess.run(["lmp", "-in", "/dev/stdin", "-log", "none"], input=text.encode(), check=True)


lammps("ortho")
lammps("triclinic", style="charge", tilt=(2.1, -1.3, 3.2), charges="set type 1 charge 2.4\nset type 2 charge -1.2", extra="q",
       modify="units yes time yes")
lammps("real", units="real", tilt=(-2.5, 0.4, -1.1), modify="units yes time yes")
for name in ["ortho-scaled.dump", "ortho-su.dump", "real-scaled.dump", "real-su.dump", "real-unwrapped.dump.gz"]:
    os.remove(name)

expected = {"ase": ase.__version__}

# Extended XYZ as ASE writes it: momenta, stress, partial periodicity, unknown columns, keys without values.
rng = np.random.default_rng(7)
atoms = ase.build.bulk("NaCl", "rocksalt", a=5.64, cubic=True) * (1, 1, 2)
atoms.set_cell(atoms.cell @ np.array([[1, 0.02, -0.03], [0.1, 1, 0.04], [-0.06, 0.2, 1]]), scale_atoms=True)
frames = []
for step in range(3):
    atoms = atoms.copy()
    atoms.rattle(0.05, seed=step)
    atoms.set_velocities(rng.normal(size=(len(atoms), 3)) * 0.01)
    atoms.set_initial_charges([1 if s == "Na" else -1 for s in atoms.get_chemical_symbols()])
    atoms.arrays["descriptor"] = rng.normal(size=len(atoms))
    atoms.arrays["fixed"] = rng.integers(0, 2, len(atoms)).astype(bool)
    atoms.info["note"] = 'a "quoted" text'
    atoms.info["converged"] = True
    atoms.pbc = [True, True, step != 2]
    atoms.calc = ase.calculators.singlepoint.SinglePointCalculator(
        atoms, energy=-3.5 - step, forces=rng.normal(size=(len(atoms), 3)), stress=rng.normal(size=6) * 0.01)
    frames.append(atoms)
ase.io.write("ase.extxyz", frames)
expected["ase.extxyz"] = [{
    "symbols": a.get_chemical_symbols(), "cell": a.cell.tolist(), "pbc": a.pbc.tolist(), "positions": a.positions.tolist(),
    "velocities": (a.get_velocities() * ase.units.fs * 1000).tolist(), "forces": a.get_forces().tolist(),
    "energy": a.get_potential_energy(), "stress": a.get_stress(voigt=False).tolist(), "descriptor": a.arrays["descriptor"].tolist(),
} for a in ase.io.read("ase.extxyz", ":")]

# POSCAR with selective dynamics, Cartesian and direct, XDATCAR.
slab = frames[0].copy()
slab.calc = None
slab.set_pbc(True)
from ase.constraints import FixAtoms
slab.set_constraint(FixAtoms([0, 3]))
ase.io.write("POSCAR_direct", slab, format="vasp", direct=True)
ase.io.write("POSCAR_cartesian", slab, format="vasp", direct=False, sort=True)
for name in ["POSCAR_direct", "POSCAR_cartesian"]:
    a = ase.io.read(name, format="vasp")
    expected[name] = {"symbols": a.get_chemical_symbols(), "cell": a.cell.tolist(), "positions": a.positions.tolist()}
# ASE warns that XDATCAR needs a fixed cell and atoms in groups.
grouped = [f[np.argsort(f.get_chemical_symbols(), kind="stable")] for f in frames]
for f in grouped:
    f.pbc = True
    f.calc = None
    f.set_cell(grouped[0].cell)
ase.io.write("XDATCAR", grouped, format="vasp-xdatcar")
expected["XDATCAR"] = [{"positions": a.positions.tolist(), "cell": a.cell.tolist()} for a in ase.io.read("XDATCAR", ":", format="vasp-xdatcar")]

# CIF with the operations of its space group: quartz (P3221), special and general positions.
lines = ["data_quartz", "_cell_length_a   4.916(1)", "_cell_length_b   4.916(1)", "_cell_length_c   5.4054(2)", "_cell_angle_alpha 90",
         "_cell_angle_beta 90.", "_cell_angle_gamma 120", "_symmetry_space_group_name_H-M 'P 32 2 1'", "loop_", "_symmetry_equiv_pos_as_xyz"]
from ase.io.cif import CIFLoop
from fractions import Fraction
for rot, trans in ase.spacegroup.Spacegroup(154).get_symop():
    parts = []
    for row, t in zip(rot, trans):
        part = "".join(("+" if v > 0 else "-") + "xyz"[k] for k, v in enumerate(row) if v)
        f = Fraction(float(t)).limit_denominator(12)
        parts.append((str(f) if f else "") + part)
    lines.append("  '" + ", ".join(parts) + "'")
lines += ["loop_", "_atom_site_label", "_atom_site_type_symbol", "_atom_site_fract_x", "_atom_site_fract_y", "_atom_site_fract_z",
          "_atom_site_occupancy", "Si1 Si4+ 0.4697(3) 0 0.6667 1", "O1 O2- 0.4135(2) 0.2669(2) 0.7858(1) 1.0", ""]
open("quartz.cif", "w").write("\n".join(lines))
a = ase.io.read("quartz.cif")
expected["quartz.cif"] = {"symbols": a.get_chemical_symbols(), "cell": a.cell.tolist(), "positions": a.positions.tolist()}

with open("expected.json", "w") as file:
    json.dump(expected, file)
