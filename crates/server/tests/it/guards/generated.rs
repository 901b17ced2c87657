//! What is generated from the code is committed, and as the code has it. `make openapi` writes it.

use std::{collections::BTreeMap, fmt::Write, fs};

use server::{
    app, config,
    error::{CODES, Error},
    platform::http::problem,
    signals::{SIGNALS, Way},
};

use super::source;

/// Set by `make openapi`: write the files instead of comparing them.
const WRITE: &str = "SANGAM_TEST_WRITE_GENERATED";

/// The committed file is what the code says, or is made so.
fn is_fresh(path: &str, text: &str) {
    let file = source::workspace().join(path);
    #[expect(
        clippy::disallowed_methods,
        reason = "a switch of the tests, not a setting"
    )]
    let writes = std::env::var_os(WRITE).is_some();
    if writes {
        fs::write(&file, text).expect("the checkout can be written");
    }
    let committed = fs::read_to_string(&file).unwrap_or_default();
    let mut pairs = committed.lines().zip(text.lines()).zip(1..);
    let first = pairs.find(|((old, new), _)| old != new);
    assert!(
        committed == text,
        "{path} is stale (first difference: {first:?}): run `make openapi` and commit it"
    );
}

#[test]
fn openapi_is_fresh() {
    let text = app::openapi()
        .to_pretty_json()
        .expect("the description is JSON");
    is_fresh("docs/openapi.json", &format!("{text}\n"));
}

/// Clients that are generated from the description name their functions so.
#[test]
fn every_operation_has_a_name_of_its_own() {
    let text = app::openapi().to_json().expect("the description is JSON");
    let description: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let paths = description["paths"].as_object().expect("it has paths");
    let mut names: Vec<&str> = paths
        .values()
        .filter_map(serde_json::Value::as_object)
        .flat_map(|operations| operations.values())
        .map(|operation| operation["operationId"].as_str().expect("it has a name"))
        .collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "two operations share a name");
}

#[test]
fn errors_are_documented() {
    is_fresh("docs/errors.md", &errors());
}

#[test]
fn settings_are_documented() {
    let text = settings();
    // As many rows as there are settings: none is lost on the way to the page.
    let defaults: toml::Table = config::DEFAULTS.parse().expect("the defaults are TOML");
    let keys: usize = defaults
        .values()
        .filter_map(|section| Some(section.as_table()?.len()))
        .sum();
    assert_eq!(
        text.lines().filter(|line| line.starts_with("| `")).count(),
        keys
    );
    is_fresh("docs/settings.md", &text);
}

#[test]
fn events_are_documented() {
    is_fresh("docs/events.md", &events());
}

/// What is sent takes its name from the table; the platform alone speaks to a socket.
#[test]
fn events_are_sent_by_the_platform_alone() {
    let outside = source::tree()
        .into_iter()
        .filter(|source| !source.path.contains("/platform/realtime/"));
    for source in outside {
        for word in ["socket.emit", "emit_with_ack", "other.emit", "io.emit"] {
            assert!(
                !source.code.contains(word),
                "{}: {word}: send a signal by platform::realtime",
                source.path
            );
        }
    }
}

fn events() -> String {
    let mut page = "# Events of sockets\n\n\
        <!-- Generated from crates/server/src/signals.rs by `make openapi`. -->\n\n\
        Every event carries one object; `Message`, `ChatSummary` and the like are the schemas of \
        `/api/openapi.json`. [realtime.md](realtime.md) says how to connect and what to rely on.\n"
        .to_owned();
    for (way, heading) in [
        (
            Way::Ask,
            "Asked by a device\n\nAcknowledged with `{ok: true, …}` or `{ok: false, problem: {code, \
             status, title, detail}}`; what there is no such event for, with `unknown_event`.",
        ),
        (Way::Person, "Told to all devices of a person"),
        (Way::Chat, "Told to the devices that joined a chat"),
    ] {
        write!(
            page,
            "\n## {heading}\n\n| Event | Object | When |\n|---|---|---|\n"
        )
        .expect("a string grows");
        for signal in SIGNALS.iter().filter(|signal| signal.way == way) {
            let payload = signal.payload.replace('|', "\\|");
            let when = signal.when.replace('|', "\\|");
            writeln!(page, "| `{}` | `{payload}` | {when} |", signal.name).expect("a string grows");
        }
    }
    page
}

fn errors() -> String {
    let mut by_status: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for code in CODES {
        by_status
            .entry(problem::status(&Error::new(*code, "")))
            .or_default()
            .push(code);
    }
    let mut page = "# Error codes\n\n\
        <!-- Generated from crates/server/src/error.rs by `make openapi`. -->\n\n\
        Every error under `/api` is an `application/problem+json` with one of these codes in `code`; \
        [api.md](api.md) describes the rest of it.\n\n\
        | Status | Code | What it says |\n|---|---|---|\n"
        .to_owned();
    for (status, codes) in by_status {
        for code in codes {
            writeln!(
                page,
                "| {} | `{}` | {} |",
                status.as_u16(),
                code.name,
                code.title
            )
            .expect("a string grows");
        }
    }
    page
}

/// The defaults as a page: the comment above a key is its description.
fn settings() -> String {
    let mut page = "# Settings\n\n\
        <!-- Generated from config/default.toml by `make openapi`. -->\n\n\
        Defaults, overridden by the file that `--config FILE` names, overridden by the environment. A \
        value that is not allowed stops the start with one line that names the key, the value and \
        what is allowed.\n"
        .to_owned();
    let (mut section, mut comment) = (String::new(), String::new());
    for line in config::DEFAULTS.lines() {
        if let Some(text) = line.strip_prefix('#') {
            comment.push_str(text);
        } else if let Some(name) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            name.clone_into(&mut section);
            write!(
                page,
                "\n## {name}\n\n| Key | Default | Environment | Meaning |\n|---|---|---|---|\n"
            )
            .expect("a string grows");
        } else if let Some((key, value)) = line.split_once(" = ") {
            page.push_str(&row(&section, key, value, comment.trim()));
        }
        if !line.starts_with('#') {
            comment.clear();
        }
    }
    page
}

fn row(section: &str, key: &str, value: &str, meaning: &str) -> String {
    assert!(
        !meaning.is_empty(),
        "{section}.{key} has no description in config/default.toml"
    );
    let path = format!("{section}.{key}");
    let own = config::NAMES
        .iter()
        .find(|(_, named)| *named == path)
        .map(|(name, _)| *name);
    let general = format!("SANGAM_{}__{}", section.to_uppercase(), key.to_uppercase());
    let name = own.map_or(general, str::to_owned);
    let value = if value == "\"\"" {
        "empty".to_owned()
    } else {
        format!("`{value}`")
    };
    format!(
        "| `{key}` | {value} | `{name}` | {} |\n",
        meaning.replace('|', "\\|")
    )
}
