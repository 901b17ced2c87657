#!/usr/bin/env bash
# Build the release binary and print, in one run on one machine, what it adds, weighs, carries and
# loses, and how fast the built-in model is. docs/benchmarks.md says what each line means.
#
#   bench/run.sh [PART...]     parts: footprint latency finding crowd sockets kill model
set -euo pipefail
cd "$(dirname "$0")/.."
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")

parts=() model=
for part in "$@"; do
  if [ "$part" = model ]; then model=yes; else parts+=("$part"); fi
done
[ $# -gt 0 ] || model=yes

cargo build --release --locked --quiet -p server -p load
if [ ${#parts[@]} -gt 0 ] || [ $# = 0 ]; then
  "$target/release/load" "$target/release/sangam" "${parts[@]}"
fi
if [ -n "$model" ]; then
  printf '\nthe built-in model\n'
  bench/local-model/run.sh
fi
