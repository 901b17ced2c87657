//! What holds the model within its bounds: cancelling, the line in front, the context, the memory.

use std::time::{Duration, Instant};

use gateway::{ErrorKind, Event, FinishReason, Message, Request, Role};
use local_model::{LocalModel, Options};

use crate::support::{MODEL, ask, first, greedy, message, model, options, refusal, start, user};

/// Long enough to be still running whenever a test looks.
fn endless() -> Request {
    let messages = vec![
        user("Count."),
        message(Role::Assistant, "1, 2, 3, 4, 5, 6, 7, 8,"),
    ];
    Request {
        continues: true,
        ..greedy(messages, 5000)
    }
}

/// On a machine that does other things a time can be long by chance, but never short.
fn once_in_five(attempt: impl Fn(usize) -> Result<(), String>) {
    let outcomes: Vec<_> = (0..5).map(attempt).take_while(Result::is_err).collect();
    assert!(outcomes.len() < 5, "{outcomes:?}");
}

#[test]
fn a_dropped_answer_stops_within_a_token() {
    let model = model();
    once_in_five(|_| stops_within_a_token(&model));
}

fn stops_within_a_token(model: &LocalModel) -> Result<(), String> {
    let mut stream = start(model, endless()).unwrap();
    first(&mut stream);
    let begin = Instant::now();
    for _ in 0..8 {
        first(&mut stream);
    }
    let eight_tokens = begin.elapsed();
    drop(stream);
    let begin = Instant::now();
    // The same prompt is still remembered, so this costs a token or two.
    let Event::Text(_) = first(&mut start(model, endless()).unwrap()) else {
        panic!("text")
    };
    let next = begin.elapsed();
    if next < eight_tokens * 2 {
        Ok(())
    } else {
        Err(format!("{next:?}, {eight_tokens:?}"))
    }
}

#[test]
fn a_dropped_answer_stops_while_its_prompt_is_read() {
    let model = model();
    once_in_five(|attempt| stops_while_its_prompt_is_read(&model, attempt));
}

fn stops_while_its_prompt_is_read(model: &LocalModel, attempt: usize) -> Result<(), String> {
    ask(model, greedy(vec![user("Hi")], 1));
    // A beginning of its own: nothing of it is remembered from the attempt before.
    let long = || {
        greedy(
            vec![user(
                &format!("{attempt}. All work and no play. ").repeat(120),
            )],
            1,
        )
    };
    let begin = Instant::now();
    ask(model, long());
    let whole = begin.elapsed();
    let cancelled = start(
        model,
        Request {
            conversation: Some("other".to_owned()),
            ..long()
        },
    )
    .unwrap();
    // Time for the worker to begin with it.
    block(Duration::from_millis(20));
    drop(cancelled);
    let begin = Instant::now();
    ask(model, greedy(vec![user("Hi")], 1));
    let next = begin.elapsed();
    if next < whole / 2 {
        Ok(())
    } else {
        Err(format!("{next:?} of {whole:?}"))
    }
}

#[test]
fn whoever_waits_and_leaves_is_never_answered_and_a_full_line_refuses() {
    let model = LocalModel::new(Options {
        queue: 1,
        ..options()
    })
    .unwrap();
    let mut running = start(&model, endless()).unwrap();
    first(&mut running);
    let waiting = start(&model, endless()).unwrap();
    let (kind, message) = refusal(&model, greedy(vec![user("Hi")], 1));
    assert_eq!(kind, ErrorKind::Busy);
    assert!(message.contains("busy (1 waiting)"), "{message}");
    drop(waiting);
    let next = start(&model, greedy(vec![user("Hi")], 1)).unwrap();
    drop(running);
    assert_eq!(
        crate::support::collect(next).unwrap().finish,
        FinishReason::Length
    );
}

#[test]
fn a_dropped_model_ends_its_answers() {
    let model = model();
    let mut running = start(&model, endless()).unwrap();
    first(&mut running);
    drop(model);
    let events = futures::executor::block_on(futures::StreamExt::collect::<Vec<_>>(running));
    assert!(
        !events
            .iter()
            .any(|event| matches!(event, Ok(Event::Finish(_)))),
        "{events:?}"
    );
}

#[test]
fn the_oldest_turns_make_room() {
    let model = LocalModel::new(Options {
        context: 256,
        ..options()
    })
    .unwrap();
    let mut messages: Vec<Message> = (0..40)
        .flat_map(|at| {
            [
                user(&format!("Remember number {at}.")),
                message(Role::Assistant, "Certainly, I will."),
            ]
        })
        .collect();
    messages.insert(0, message(Role::System, "Answer in one sentence."));
    messages.push(user("What is the capital of France?"));
    let answer = ask(&model, greedy(messages, 30));
    assert!(answer.text.contains("Paris"), "{answer:?}");
    assert!(
        (100..=226).contains(&answer.usage.prompt_tokens),
        "{answer:?}"
    );
}

#[test]
fn a_message_longer_than_the_context_is_refused_with_its_size() {
    let model = LocalModel::new(Options {
        context: 128,
        ..options()
    })
    .unwrap();
    let (kind, message) = refusal(&model, greedy(vec![user(&"word ".repeat(300))], 30));
    assert_eq!(kind, ErrorKind::ContextTooLong);
    assert!(message.contains("the 128 that"), "{message}");
    let tokens = message
        .split(' ')
        .find_map(|word| word.parse::<u32>().ok())
        .unwrap();
    assert!((300..400).contains(&tokens), "{message}");
}

#[test]
fn an_answer_ends_where_the_context_does() {
    let model = LocalModel::new(Options {
        context: 96,
        ..options()
    })
    .unwrap();
    let answer = ask(&model, endless());
    assert_eq!(answer.finish, FinishReason::Length);
    assert_eq!(
        answer.usage.prompt_tokens + answer.usage.completion_tokens,
        96
    );
}

#[test]
fn a_model_of_another_name_is_not_found_and_nothing_is_refused() {
    let model = model();
    let mut request = greedy(vec![user("Hi")], 1);
    request.model = "gpt-4o".to_owned();
    let (kind, message) = refusal(&model, request);
    assert_eq!(kind, ErrorKind::ModelNotFound);
    assert!(message.contains(MODEL), "{message}");
    assert_eq!(refusal(&model, greedy(vec![], 1)).0, ErrorKind::Refused);
}

#[cfg(target_os = "linux")]
#[test]
fn the_weights_are_in_memory_only_while_they_are_needed() {
    const MIB: usize = 1 << 20;
    let before = resident();
    let unload_after = Duration::from_millis(200);
    let model = LocalModel::new(Options {
        unload_after,
        ..options()
    })
    .unwrap();
    let idle = resident();
    assert!(
        idle < before + 20 * MIB,
        "{} MiB for the head alone",
        (idle - before) / MIB
    );
    ask(&model, greedy(vec![user("Hi")], 2));
    let loaded = resident();
    assert!(loaded > idle + 90 * MIB, "{} MiB", (loaded - idle) / MIB);
    let begin = Instant::now();
    while resident() > idle + 45 * MIB && begin.elapsed() < Duration::from_secs(5) {
        block(Duration::from_millis(20));
    }
    let unloaded = resident();
    assert!(
        unloaded < idle + 45 * MIB,
        "{} MiB still held",
        (unloaded - idle) / MIB
    );
    assert_eq!(
        ask(&model, greedy(vec![user("Hi")], 2))
            .usage
            .completion_tokens,
        2
    );
}

/// Bytes of this process in memory.
#[cfg(target_os = "linux")]
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

#[expect(clippy::disallowed_methods, reason = "this thread runs no runtime")]
fn block(time: Duration) {
    std::thread::sleep(time);
}
