# Everything done with this repository, by name. `make help` lists it.

CARGO ?= cargo
FUZZ_SECONDS ?= 20

export CARGO
export PATH := $(CURDIR)/.setup/cargo/bin:$(PATH)

# A clean machine builds everything once, so what an incremental build remembers is only written, never read.
ifdef CI
export CARGO_INCREMENTAL := 0
endif

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup run test check unit system e2e story desktop bench bench-desktop bench-peers fuzz advisories fmt bindings losses package

help: ## list what there is
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## install what building and testing needs and is missing
	@scripts/setup all

run: ## build Cuelight and open it, or start its engine with the simulator where there is no display
	@scripts/setup run
	@scripts/run

test: ## check, unit, system, e2e, story and desktop, with the minutes of each
	@scripts/test setup check unit system e2e story desktop

# The programs carry the window's files, so those come first.
ui/dist/index.html: $(shell find ui/src ui/index.html ui/icons.ts ui/vite.config.ts ui/package-lock.json docs/schemas -type f)
	@npm --prefix ui run --silent build >/dev/null
	@touch $@

check: setup ui/dist/index.html ## formatting, lints, types, documentation, licences of dependencies
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --lib --no-deps --locked
	$(CARGO) deny check --hide-inclusion-graph bans licenses sources
	npm --prefix ui run --silent check

# Every command below selects the whole workspace and narrows it by kind of target: with one selection of packages
# the dependencies have one set of features, so they are compiled once.
CRATES_OWN_TESTS = $(patsubst %.rs,--test %,$(notdir $(wildcard proto/tests/*.rs src-tauri/crates/*/tests/*.rs)))

unit: setup ui/dist/index.html ## tests of the crates, each alone, of the examples in their documentation, and of the window
	$(CARGO) test --workspace --lib --bins $(CRATES_OWN_TESTS)
	$(CARGO) test --workspace --doc
	npm --prefix ui test --silent

system: setup ui/dist/index.html ## the real program against real files and fake peers
	$(CARGO) build --workspace --bins
	$(CARGO) test --workspace --test it

e2e: setup ui/dist/index.html ## a short fuzz run, and the public TikTok clients beside ours
	@scripts/fuzz $(FUZZ_SECONDS)
	$(CARGO) build --workspace --bins
	$(CARGO) test --workspace --test e2e

story: setup ui/dist/index.html ## a first live in Chromium, by hand and by keyboard alone; then every screen with axe
	$(CARGO) build --workspace --bins
	npm --prefix ui run --silent story
	npm --prefix ui run --silent screens

desktop: setup ## the packaged app, installed and driven as people do
	@scripts/package
	CUELIGHT_DESKTOP="$$(scripts/install-package)" $(CARGO) test --workspace --test desktop -- --test-threads 1

bench: ui/dist/index.html ## speed and size, as ratios to a reference in the same run
	$(CARGO) build --release --workspace --bins
	$(CARGO) bench --workspace --bench speed

bench-desktop: setup ## what the packaged app takes, beside a bare window
	@scripts/package
	$(CARGO) build --release --package cuelight-desktop --example bare
	CUELIGHT_DESKTOP="$$(scripts/install-package)" CUELIGHT_BARE="$${CARGO_TARGET_DIR:-$(CURDIR)/target}/release/examples/bare" \
		$(CARGO) test --workspace --test desktop -- --ignored --nocapture --test-threads 1

bench-peers: setup ## the public TikTok clients' speed beside ours
	$(CARGO) bench --workspace --bench speed -- peers

fuzz: setup ## each fuzz target for FUZZ_SECONDS (make fuzz FUZZ_SECONDS=1800)
	@scripts/fuzz $(FUZZ_SECONDS)

advisories: setup ## known security problems of dependencies (needs the RustSec database)
	$(CARGO) deny check --hide-inclusion-graph advisories

fmt: ## format the code
	$(CARGO) fmt --all

bindings: ## generate the TypeScript types of the window
	CUELIGHT_WRITE_BINDINGS=1 $(CARGO) test --package cuelight-app --test bindings

losses: setup ## what each client loses when the connection breaks, in a quarter of an hour: writes docs/losses.md
	$(CARGO) build --locked --manifest-path tests/peers/rust/Cargo.toml --target-dir .setup/peers-rust
	$(CARGO) build --workspace --bins
	$(CARGO) test --workspace --test e2e loss -- --ignored

package: ## the window and the command line with their licences, as dist/*.deb, *.rpm and *.tar.gz
	@scripts/setup package
	@scripts/package
