# The two commands are `make run` and `make test`; CONTRIBUTING.md describes the others.

SHELL := bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

TARGET := $(or $(CARGO_TARGET_DIR),target)
WEB_SOURCES := $(shell find web/src web/public web/scripts -type f 2>/dev/null) \
  $(wildcard web/index.html web/*.ts web/tsconfig*.json web/package.json)

.PHONY: help run test bench bench-page fmt web openapi clean

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

run: ## build everything and serve http://127.0.0.1:3000
	@scripts/need run
	@$(MAKE) --no-print-directory web
	cargo build --release --locked -p server
	python3 scripts/weights.py
	exec $(TARGET)/release/sangam serve

test: ## run every check, with all its set-up
	@scripts/need
	@scripts/with-services scripts/check

bench: ## measure and print; PARTS="finding crowd …" for some of it
	@scripts/need
	@$(MAKE) --no-print-directory web
	@scripts/with-services --durable bench/run.sh $(PARTS)

bench-page: ## measure and print what the page weighs and how fast it is
	@scripts/need page
	@$(MAKE) --no-print-directory web
	@cargo build --release --locked --quiet -p server
	@cd web && SANGAM_BIN=$(abspath $(TARGET))/release/sangam npx playwright test -c playwright.perf.config.ts

fmt: ## format the Rust code
	cargo fmt --all

web: web/dist/index.html ## build the web page into web/dist

openapi: web/codegen/node_modules/.stamp ## write everything that is generated from the code
	SANGAM_TEST_WRITE_GENERATED=1 cargo nextest run --locked --workspace -E 'test(/^guards::generated::/)'
	cd web/codegen && npm run --silent generate

clean: ## remove what was built
	cargo clean
	rm -rf web/dist web/node_modules web/codegen/node_modules web/test-results web/playwright-report

web/dist/index.html: web/node_modules/.stamp $(WEB_SOURCES)
	cd web && npm run build --silent
	@touch $@

# npm ci only when the lock changed.
web/node_modules/.stamp: web/package-lock.json
	cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

web/codegen/node_modules/.stamp: web/codegen/package-lock.json
	cd web/codegen && npm ci --no-audit --no-fund --loglevel=error
	@touch $@
