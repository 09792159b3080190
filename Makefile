# Wayfare: `make help` lists the targets. `make up` and `make test` are all a newcomer needs.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
SOURCES := Package.swift Sources Tests Benchmarks

.PHONY: help up demo test check lint format bench doctor fuzz clean bootstrap bootstrap-test build release

help: ## Show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: release ## Install what is missing, build, start everything, show the demonstration, serve until Ctrl-C
	@exec script/demo --serve

demo: release ## The same without serving: prints the demonstration and ends
	@exec script/demo

# Warnings are errors; debug information, a sixth of the work of compiling, is for whoever debugs.
STRICT := WAYFARE_STRICT=1 swift
PLAIN := -debug-info-format none

test: bootstrap-test lint build ## Everything CI runs: lint, build with warnings as errors, demonstration, API check, all tests
	@WAYFARE_BINARY=$$($(STRICT) build --show-bin-path)/wayfare script/demo
	@WAYFARE_STRICT=1 script/tests $$($(STRICT) build --show-bin-path)/wayfare $(PLAIN) $(TESTS)

check: ## The quick round while working: lint and the tests that need no server
	@$(MAKE) --no-print-directory lint
	$(STRICT) test --disable-xctest $(PLAIN) --filter 'ArchitectureTests|KernelTests|JSONTests|EventLoopTests|TelemetryTests'

lint: ## Check the format, strictly
	swift format lint --strict --parallel --recursive $(SOURCES)

format: ## Put the format right
	swift format --in-place --parallel --recursive $(SOURCES)

bench: release ## Build the benchmark programs; Benchmarks/README.md says how to run them
	@echo "built: $$(swift build -c release --show-bin-path)/wayfare-bench"

doctor: release ## Check everything that could be wrong on this machine, with the mend
	@$$(swift build -c release --show-bin-path)/wayfare doctor

fuzz: ## Fuzz the parsers for a minute each (see Fuzz/README.md)
	@script/fuzz

clean: ## Remove what was built
	rm -rf .build

bootstrap:
	@script/bootstrap

bootstrap-test:
	@script/bootstrap test

build:
	$(STRICT) build --build-tests $(PLAIN)

release: bootstrap
	@echo "building (the first time takes a few minutes)"
	@swift build -c release --static-swift-stdlib --product wayfare
	@swift build -c release --static-swift-stdlib --product wayfare-bench
