# What a person types; see README.md.

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=

# The program for this machine's processor has flags of its own, hence a build folder of its own.
NATIVE := .build-native
PROGRAM := $(NATIVE)/release/vitrolyte

.PHONY: help setup engines build demo test bench compare lint format docs install clean

help:
	@echo "make setup     install the system packages that are missing"
	@echo "make engines   install LAMMPS and Open MPI, for runs with --engine lammps"
	@echo "make build     build $(PROGRAM) for this processor"
	@echo "make demo      build, then make and analyse a lithium borophosphate glass in runs/demo"
	@echo "make test      build and run the tests, then check the format of the sources"
	@echo "make bench     measure the speed of this machine"
	@echo "make compare   measure LAMMPS (lmp) and the analyses of other programs beside it on the same atoms"
	@echo "make lint      check the format of the sources;  make format  mend it"
	@echo "make docs      write docs/recipes.md again"
	@echo "make install   copy program and shell completions to PREFIX ($(PREFIX))"

setup:
	@scripts/setup.sh

engines:
	@scripts/setup.sh engines

build: setup
	VITROLYTE_MARCH=native $(SWIFT) build -c release --product vitrolyte --scratch-path $(NATIVE)

# A demonstration can be shown again: what the last one wrote goes.
demo: build
	rm -rf runs/demo
	$(PROGRAM) run examples/libp-glass.yaml --out runs/demo

test: setup engines
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build
	$(MAKE) --no-print-directory lint

bench: build
	$(PROGRAM) bench

compare: build
	python3 scripts/compare --vitrolyte $(PROGRAM)
	python3 scripts/compare/structure.py --vitrolyte $(PROGRAM)
	VITROLYTE_MARCH=native $(SWIFT) build -c release --package-path Benchmarks --product MotionBenchmarks
	python3 scripts/compare/motion.py --benchmark Benchmarks/.build/release/MotionBenchmarks

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests

docs: build
	$(PROGRAM) docs recipes > docs/recipes.md

install: build
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/share/bash-completion/completions" \
	  "$(DESTDIR)$(PREFIX)/share/zsh/site-functions" "$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d"
	install -m 755 $(PROGRAM) "$(DESTDIR)$(PREFIX)/bin/vitrolyte"
	$(PROGRAM) --generate-completion-script bash > "$(DESTDIR)$(PREFIX)/share/bash-completion/completions/vitrolyte"
	$(PROGRAM) --generate-completion-script zsh > "$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_vitrolyte"
	$(PROGRAM) --generate-completion-script fish > "$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/vitrolyte.fish"

clean:
	rm -rf .build $(NATIVE)
