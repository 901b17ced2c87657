#!/usr/bin/env bash
# Build the release binary and print, in one run on one machine, what it adds, weighs and loses, and
# how fast the built-in model is. docs/benchmarks.md says what each line means.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")

cargo build --release --locked --quiet -p server -p load
"$target/release/load" "$target/release/sangam"
printf '\nthe built-in model\n'
bench/local-model/run.sh
