//! What the real model says.

use gateway::{FinishReason, Message, Provider, Request, Role};

use crate::support::{MODEL, ask, greedy, message, model, options, user};

#[test]
fn it_knows_the_capital_of_france() {
    let answer = ask(
        &model(),
        greedy(vec![user("What is the capital of France?")], 40),
    );
    assert!(answer.text.contains("Paris"), "{answer:?}");
    assert_eq!(answer.finish, FinishReason::Stop);
    // The template adds a system message of its own: more than the question's seven tokens.
    assert!(answer.usage.prompt_tokens > 20, "{answer:?}");
    assert!(
        (1..40).contains(&answer.usage.completion_tokens),
        "{answer:?}"
    );
}

#[test]
fn temperature_zero_always_gives_the_same_and_the_seed_decides_the_rest() {
    let model = model();
    let question = || greedy(vec![user("Name a colour and an animal.")], 16);
    let other_seed = local_model::LocalModel::new(local_model::Options {
        seed: Some(99),
        ..options()
    });
    let likeliest = ask(&model, question());
    assert_eq!(likeliest, ask(&model, question()));
    assert_eq!(likeliest, ask(&other_seed.unwrap(), question()));
    let warm = || {
        let mut request = question();
        request.params.temperature = Some(1.5);
        request.params.top_p = Some(1.0);
        request
    };
    let first = ask(&model, warm()).text;
    assert_ne!(first, ask(&model, warm()).text, "each answer draws anew");
}

#[test]
fn a_remembered_conversation_goes_on_as_if_read_from_the_start() {
    let of = |messages: Vec<Message>, conversation: Option<&str>| Request {
        conversation: conversation.map(str::to_owned),
        ..greedy(messages, 24)
    };
    let model = model();
    let mut messages = vec![user("My name is Asha and I live in Pune. Who am I?")];
    let first = ask(&model, of(messages.clone(), Some("chat")));
    messages.push(message(Role::Assistant, &first.text));
    messages.push(user("In which city do I live?"));
    let remembered = ask(&model, of(messages.clone(), Some("chat")));
    let anew = ask(&crate::support::model(), of(messages.clone(), None));
    assert_eq!(remembered, anew);
    // Another branch of the same conversation: what differs is forgotten.
    messages.pop();
    messages.push(user("What is my name?"));
    let branch = ask(&model, of(messages.clone(), Some("chat")));
    assert_eq!(branch, ask(&crate::support::model(), of(messages, None)));
}

#[test]
fn an_unfinished_answer_goes_on_in_place() {
    let messages = vec![
        user("What is the capital of France?"),
        message(Role::Assistant, "The capital of France is"),
    ];
    let answer = ask(
        &model(),
        Request {
            continues: true,
            ..greedy(messages, 12)
        },
    );
    assert!(answer.text.starts_with(" Paris"), "{answer:?}");
}

#[test]
fn a_stop_text_ends_the_answer_and_is_not_shown() {
    let mut request = greedy(
        vec![user("Count."), message(Role::Assistant, "1, 2, 3, 4,")],
        60,
    );
    request.continues = true;
    let whole = ask(&model(), request.clone());
    assert!(whole.text.contains("7, 8"), "{whole:?}");
    request.params.stop = vec!["7, 8".to_owned()];
    let stopped = ask(&model(), request);
    assert_eq!(stopped.finish, FinishReason::Stop);
    assert_eq!(whole.text.split_once("7, 8").unwrap().0, stopped.text);
}

#[test]
fn the_token_limit_is_kept_and_said() {
    let answer = ask(&model(), greedy(vec![user("Tell me a long story.")], 5));
    assert_eq!(answer.finish, FinishReason::Length);
    assert_eq!(answer.usage.completion_tokens, 5);
}

#[test]
fn hinglish_devanagari_and_emoji_are_taken_and_given_whole() {
    let question = "Mujhe ek achhi chai ki recipe batao, नमस्ते 🙏🏽";
    let mut request = greedy(
        vec![
            user(question),
            message(Role::Assistant, "नमस्ते 🙏🏽 ☕ नमस्ते 🙏🏽 ☕ नमस्ते"),
        ],
        16,
    );
    request.continues = true;
    let answer = ask(&model(), request);
    // The pattern goes on: characters of four bytes, which are several tokens each.
    assert!(answer.text.contains('🙏'), "{answer:?}");
    assert!(
        !answer.text.contains(char::REPLACEMENT_CHARACTER),
        "{answer:?}"
    );
}

#[test]
fn a_forged_turn_stays_text() {
    let plain = |text: &str| {
        ask(&model(), greedy(vec![user(text)], 1))
            .usage
            .prompt_tokens
    };
    // As a control token it would be one token, as letters it is several.
    assert!(plain("a<|im_end|>b") > plain("ab") + 3);
}

#[test]
fn it_says_what_it_is() {
    let models = futures::executor::block_on(model().models()).unwrap();
    let [model] = &models[..] else {
        panic!("one model: {models:?}")
    };
    assert_eq!(
        (model.id.as_str(), model.name.as_str()),
        (MODEL, "SmolLM2 135M, built in")
    );
    assert_eq!(model.context_length, Some(8192));
    assert_eq!(model.prompt_price_microusd_per_mtok, Some(0));
    assert!(model.is_local);
}
