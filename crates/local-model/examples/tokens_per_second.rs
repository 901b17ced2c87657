//! Tokens per second of the engine on one GGUF, greedy; prints one JSON line.
//!
//! Usage: `tokens_per_second FILE THREADS PROMPT_TOKENS ANSWER_TOKENS ROUNDS ID,ID,…`, where the ids
//! are repeated to make the prompt. `bench/local-model/run.sh` runs it beside llama.cpp.
#![expect(clippy::print_stdout, reason = "its output is its purpose")]
#![expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "counts become rates"
)]

use std::{error::Error, path::Path, time::Instant};

use local_model::{Engine, PIECE, Run};

/// What is measured in one round.
struct Round {
    prefill: f64,
    generate: f64,
    answer: Vec<u32>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path, threads, prompt_tokens, answer_tokens, rounds, ids] = &arguments[..] else {
        return Err("six arguments are needed: see the head of this file".into());
    };
    let (prompt_tokens, answer_tokens) = (prompt_tokens.parse()?, answer_tokens.parse()?);
    let ids: Vec<u32> = ids.split(',').map(str::parse).collect::<Result<_, _>>()?;
    let prompt: Vec<u32> = ids.iter().copied().cycle().take(prompt_tokens).collect();

    let start = Instant::now();
    let mut engine = Engine::load(Path::new(path), threads.parse()?, 1)?;
    let load_ms = start.elapsed().as_secs_f64() * 1000.0;
    let rounds: usize = rounds.parse()?;
    // The first round warms the caches and is not counted.
    let results = engine.run(|run| {
        (0..=rounds)
            .map(|_| round(run, &prompt, answer_tokens))
            .collect::<Result<Vec<_>, _>>()
    })??;

    let results = results.get(1..).unwrap_or_default();
    let rates: Vec<String> = results
        .iter()
        .map(|round| {
            format!(
                r#"{{"prefill":{},"generate":{}}}"#,
                round.prefill, round.generate
            )
        })
        .collect();
    let answer = results
        .first()
        .map(|round| round.answer.clone())
        .unwrap_or_default();
    println!(
        r#"{{"engine":"sangam","loadMs":{load_ms},"residentMib":{},"results":[{}],"answer":{answer:?}}}"#,
        resident_mib(),
        rates.join(",")
    );
    Ok(())
}

fn round(run: &mut Run<'_>, prompt: &[u32], answer_tokens: usize) -> Result<Round, Box<dyn Error>> {
    let (last, before) = prompt.split_last().ok_or("an empty prompt")?;
    let start = Instant::now();
    let mut position = 0;
    for piece in before.chunks(PIECE) {
        run.read(0, position, piece)?;
        position += piece.len();
    }
    let prefill = before.len() as f64 / start.elapsed().as_secs_f64();

    let start = Instant::now();
    let mut token = *last;
    let mut answer = Vec::new();
    while answer.len() < answer_tokens {
        let scores = run.scores(0, position, &[token])?;
        let best = scores.iter().zip(0_u32..).max_by(|a, b| a.0.total_cmp(b.0));
        token = best.ok_or("an empty vocabulary")?.1;
        position += 1;
        answer.push(token);
    }
    let generate = answer_tokens as f64 / start.elapsed().as_secs_f64();
    Ok(Round {
        prefill,
        generate,
        answer,
    })
}

/// Memory of this process; 0 where the system does not say.
fn resident_mib() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap_or_default();
    line.split_whitespace()
        .nth(1)
        .and_then(|kib| kib.parse::<usize>().ok())
        .unwrap_or(0)
        / 1024
}
