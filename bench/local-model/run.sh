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
# "The old lighthouse stood at the end of a long stone pier. Every evening the keeper climbed its narrow
# stairs, lit the lamp and wrote the weather into a heavy book. Ships passed far out at sea, and on clear
# nights he could hear music from their decks.", repeated to the length of the prompt.
ids=504,1573,33059,9318,418,260,1112,282,253,986,5692,19189,30,5081,9053,260,40061,30324,624,6260,24224
ids=$ids,28,1150,260,17559,284,4150,260,3947,618,253,4591,1863,30,44866,4180,1869,578,418,3426,28,284,335
ids=$ids,2437,16573,384,856,4875,2477,429,480,38086,30

python3 "$root/scripts/weights.py"
model=${SANGAM_LOCAL_MODEL__PATH:-${XDG_CACHE_HOME:-$HOME/.cache}/sangam/models/SmolLM2-135M-Instruct.Q4_1.gguf}
(cd "$here" && npm install --no-save --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null)
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
