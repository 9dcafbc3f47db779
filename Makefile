# The commands people and CI run. `make` alone lists them; a target's help is the text after `##`.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

NPM_CI := npm ci --no-audit --no-fund
# The addon is a cdylib whose symbols Node supplies, so a stand-alone test binary of it cannot link;
# the SDK's tests load it for real.
RUST_TEST_SCOPE := --workspace --exclude intelliauth-node-binding

.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z0-9-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## Check the tools this needs and, on Debian and Ubuntu, install what is missing
	@scripts/setup.sh

.PHONY: demo
demo: ## Start a tenant and the quickstart's API, prove both with real requests, keep running (ONCE=1: only prove; DB=postgres: on PostgreSQL)
	@scripts/setup.sh --check
	@ONCE="$(ONCE)" DB="$(DB)" node scripts/demo.mjs

.PHONY: test
test: test-rust test-js test-e2e ## Everything that must hold: Rust, SDK, packages, the real binary

.PHONY: test-rust
test-rust: ## The Rust workspace's tests
	@if cargo nextest --version >/dev/null 2>&1; then \
	  cargo nextest run $(RUST_TEST_SCOPE) --all-features; \
	  cargo test $(RUST_TEST_SCOPE) --all-features --doc; \
	else \
	  cargo test $(RUST_TEST_SCOPE) --all-features; \
	fi

.PHONY: test-js
test-js: build-js ## The Node SDK's tests, with and without the native engine
	npm run test:sdk
	node --test bindings/node/test/*.test.mjs
	npm run check:package

.PHONY: test-e2e
test-e2e: build-js tests/e2e/node_modules/.installed ## The real binary and the packed tarball, from outside
	npm run pack:local
	cargo build -p intelliauth-server
	node scripts/run-e2e.mjs
	ONCE=1 INTELLIAUTH_PACKED=1 node scripts/demo.mjs

.PHONY: build-js
build-js: node_modules/.installed
	npm run build:sdk
	npm run build:native

node_modules/.installed: package-lock.json
	$(NPM_CI)
	@touch $@

bench/node_modules/.installed: bench/package-lock.json
	cd bench && $(NPM_CI) --ignore-scripts
	@touch $@

tests/e2e/node_modules/.installed: tests/e2e/package-lock.json
	cd tests/e2e && $(NPM_CI) --ignore-scripts
	@touch $@

.PHONY: bench
bench: bench/node_modules/.installed ## Measure the server and a peer, write docs/benchmarks.md (a quarter of an hour; BENCH_SECONDS, BENCH_ROUNDS: shorter)
	@scripts/setup.sh --check --bench
	node bench/run.mjs

.PHONY: ready
ready: tidy lint drift deny test ## All that a change must pass before it is handed in

.PHONY: fmt
fmt: node_modules/.installed ## Format Rust and TypeScript
	cargo fmt --all
	npm run format:js --if-present

.PHONY: lint
lint: node_modules/.installed ## Formatting, clippy and the TypeScript lints, warnings refused
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --all-features -- -D warnings
	npm run lint:js

.PHONY: tidy
tidy: ## The rules of the rooms: who may import whom, file sizes, no SQL or HTTP outside their rooms
	cargo xtask tidy

.PHONY: deny
deny: ## Licences, banned and duplicate crates, advisories
	cargo xtask deny

.PHONY: drift
drift: ## What is generated or copied still matches its source
	cargo metadata --locked --format-version 1 --no-deps >/dev/null
	node --test tests/e2e/quickstart.test.mjs
	cargo xtask drift
