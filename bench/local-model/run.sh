#!/bin/sh
# Tokens per second of the built-in model's engine against llama.cpp (node-llama-cpp, prebuilt), on the
# same file, threads and tokens, in turns. Usage: bench/local-model/run.sh [THREADS]
# On a machine whose cores are busy both suffer, and not equally: look at the load first.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
threads=${1:-2}
prompt_tokens=512
answer_tokens=128
rounds=3
# "The capital of France is a city that people visit because of its museums, its rivers and"
ids=504,3575,282,4649,314,253,2240,338,701,3048,975,282,624,14739,28,624,7626,284

python3 "$root/scripts/weights.py"
model=${SANGAM_LOCAL_MODEL__PATH:-${XDG_CACHE_HOME:-$HOME/.cache}/sangam/models/SmolLM2-135M-Instruct.Q4_1.gguf}
(cd "$here" && npm ci --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null)
(cd "$root" && cargo build --quiet --release -p local-model --example tokens_per_second)
ours=${CARGO_TARGET_DIR:-$root/target}/release/examples/tokens_per_second

echo "machine: $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2- | sed 's/^ *//'), $(nproc) cores; $threads threads"
echo "load average before: $(cut -d' ' -f1-3 /proc/loadavg)"
echo "$(basename "$model"), prompt of $prompt_tokens tokens, answer of $answer_tokens, greedy"
results=$(mktemp)
trap 'rm -f "$results"' EXIT
for turn in 1 2; do
    "$ours" "$model" "$threads" $prompt_tokens $answer_tokens $rounds $ids >>"$results"
    (cd "$here" && node llama_cpp.mjs "$model" "$threads" $prompt_tokens $answer_tokens $rounds $ids) >>"$results"
done
node "$here/compare.mjs" <"$results"
echo "load average after: $(cut -d' ' -f1-3 /proc/loadavg)"
