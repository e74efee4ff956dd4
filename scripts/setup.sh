#!/usr/bin/env bash
# Installs the system packages that are missing, and nothing else; says so where it cannot.
# With the word "engines": LAMMPS and Open MPI, which runs with --engine lammps need.
set -euo pipefail

if ! command -v swift >/dev/null; then
  echo "setup: there is no swift; install Swift 6.2 or later from https://www.swift.org/install and try again" >&2
  exit 1
fi
version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+)\.([0-9]+).*/\1 \2/p' | head -n 1)
read -r major minor <<<"${version:-0 0}"
if ((major < 6 || (major == 6 && minor < 2))); then
  echo "setup: this is Swift $major.$minor, 6.2 or later is needed; install it from https://www.swift.org/install" >&2
  exit 1
fi

# Prints what is missing, each as the name of its Debian package.
missing() {
  if [[ "${1:-}" == engines ]]; then
    command -v lmp >/dev/null || echo lammps
    command -v mpirun >/dev/null || echo openmpi-bin
    return
  fi
  if ! command -v pkg-config >/dev/null; then
    echo pkg-config libfftw3-dev libopenblas-serial-dev liblapacke-dev zlib1g-dev libzstd-dev
  else
    pkg-config --exists fftw3 || echo libfftw3-dev
    pkg-config --exists lapacke || echo libopenblas-serial-dev liblapacke-dev
    pkg-config --exists zlib || echo zlib1g-dev
    pkg-config --exists libzstd || echo libzstd-dev
  fi
  command -v gnuplot >/dev/null || echo gnuplot-nox
}

read -r -a packages <<<"$(missing "${1:-}" | tr '\n' ' ')"
if ((${#packages[@]} == 0)); then exit 0; fi

case "$(uname -s)" in
  Darwin)
    if ! command -v brew >/dev/null; then
      echo "setup: missing ${packages[*]}; install Homebrew from https://brew.sh, or these by hand" >&2
      exit 1
    fi
    if [[ "${1:-}" == engines ]]; then
      brew install lammps open-mpi
      # Homebrew calls the program by its way of computing.
      command -v lmp >/dev/null || echo "setup: say --engine-command lmp_mpi, or set VITROLYTE_LAMMPS=lmp_mpi"
    else
      brew install pkg-config fftw lapack zlib zstd gnuplot
    fi
    ;;
  *)
    if ! command -v apt-get >/dev/null; then
      echo "setup: install what your system calls these Debian packages, and try again: ${packages[*]}" >&2
      exit 1
    fi
    as_root=()
    if ((EUID != 0)); then
      if ! command -v sudo >/dev/null; then
        echo "setup: as root, run: apt-get install ${packages[*]}" >&2
        exit 1
      fi
      as_root=(sudo)
    fi
    echo "setup: installing ${packages[*]}"
    # With set -u, an empty array is unset to older versions of bash.
    ${as_root[@]+"${as_root[@]}"} apt-get update -qq
    ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${packages[@]}"
    ;;
esac
