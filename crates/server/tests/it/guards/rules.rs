//! The rules of ARCHITECTURE.md, each a function from the source tree to what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{FEATURES, Source};

/// What our crates may use of each other, besides the server, which may use all of them.
pub(super) const CRATES: &[(&str, &[&str])] = &[
    ("blob", &["outbound"]),
    ("documents", &[]),
    ("exchange", &[]),
    ("gateway", &["outbound"]),
    ("local-model", &["gateway"]),
    ("outbound", &[]),
    ("store", &[]),
];

/// Which feature may call which; acyclic. The last word on this is `calls_are_acyclic`.
pub(super) const CALLS: &[(&str, &[&str])] = &[
    ("accounts", &[]),
    ("chats", &["accounts", "files", "models"]),
    ("files", &[]),
    ("leaderboard", &["chats"]),
    ("models", &["accounts"]),
    ("notifications", &["accounts", "chats"]),
    ("system", &["accounts", "models"]),
    (
        "transfers",
        &["accounts", "chats", "files", "notifications"],
    ),
];

const SERVER: &str = "crates/server/src/";

/// Lines a file of a feature may have before it holds more than one idea.
const MOST_LINES: usize = 600;

/// A library only its own kind of file may name.
struct Fence {
    words: &'static [&'static str],
    inside: fn(&Source) -> bool,
    says: &'static str,
}

const FENCES: &[Fence] = &[
    Fence {
        words: &["axum", "tower_http"],
        inside: |source| source.is("http"),
        says: "HTTP is spoken in http files only",
    },
    Fence {
        words: &["socketioxide"],
        inside: |source| source.is("realtime"),
        says: "Socket.IO is spoken in realtime files only",
    },
    Fence {
        words: &["sea_orm", "sea_orm_migration"],
        inside: |source| source.is("store") || source.path.starts_with("crates/store/"),
        says: "queries are written in store files only",
    },
    Fence {
        words: &["std::env", "env::var", "env::var_os", "env::vars"],
        inside: |source| source.path.starts_with(SERVER) && source.is("config"),
        says: "the environment is read in config only",
    },
    Fence {
        words: &["reqwest"],
        inside: |source| source.path.starts_with("crates/outbound/"),
        says: "outbound is the only HTTP client",
    },
    Fence {
        words: &[
            "Statement::from_string",
            "Statement::from_sql_and_values",
            "Expr::cust",
            "Expr::cust_with_values",
            "execute_unprepared",
            "execute_raw",
            "query_all_raw",
            "query_one_raw",
            "sqlx",
        ],
        inside: |source| source.path.starts_with("crates/store/src/dialect/"),
        says: "raw SQL is written in crates/store/src/dialect only",
    },
];

/// Each library stays behind its fence.
pub(super) fn fences_hold(tree: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    for source in tree {
        for fence in FENCES.iter().filter(|fence| !(fence.inside)(source)) {
            for (number, line) in source.code.lines().enumerate() {
                if let Some(word) = fence.words.iter().find(|word| names(line, word)) {
                    wrong.push(format!(
                        "{}:{}: {word}: {}",
                        source.path,
                        number + 1,
                        fence.says
                    ));
                }
            }
        }
    }
    wrong
}

/// Crates use each other as the table says, and every crate is in it.
pub(super) fn crates_are_a_star(manifests: &[(String, String)]) -> Vec<String> {
    let ours: BTreeSet<&str> = manifests.iter().map(|(name, _)| name.as_str()).collect();
    let mut wrong = Vec::new();
    for (name, manifest) in manifests.iter().filter(|(name, _)| name != "server") {
        let Some((_, allowed)) = CRATES.iter().find(|(known, _)| known == name) else {
            wrong.push(format!(
                "crates/{name}: not in the architecture test's table"
            ));
            continue;
        };
        for used in dependencies(manifest).filter(|used| ours.contains(used)) {
            if used != name && !allowed.contains(&used) {
                wrong.push(format!("crates/{name}: must know nothing of {used}"));
            }
        }
    }
    wrong
}

/// The names in a manifest's tables of dependencies, those for tests and builds too.
fn dependencies(manifest: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    manifest.lines().filter_map(move |line| {
        if let Some(table) = line.strip_prefix('[') {
            inside = table.trim_end().ends_with("dependencies]");
            return None;
        }
        let name = line
            .split(['.', '=', ' '])
            .next()
            .filter(|name| !name.is_empty());
        name.filter(|name| inside && !name.starts_with('#'))
    })
}

/// `platform` and the shared vocabulary name no feature; outside the features only the composition
/// root and the command line with its commands do.
pub(super) fn features_are_named_by_few(tree: &[Source]) -> Vec<String> {
    const MAY: &[&str] = &["app", "cli", "doctor", "lib", "features"];
    tree.iter()
        .filter(|source| source.path.starts_with(SERVER) && !MAY.iter().any(|who| source.is(who)))
        .filter(|source| source.code.lines().any(|line| names(line, "features")))
        .map(|source| format!("{}: names a feature", source.path))
        .collect()
}

/// `app.rs` names every feature, and nobody else does.
pub(super) fn the_root_names_every_feature(tree: &[Source]) -> Vec<String> {
    let features: BTreeSet<&str> = tree.iter().filter_map(Source::feature).collect();
    let mut wrong = Vec::new();
    for source in tree.iter().filter(|source| source.path.starts_with(SERVER)) {
        let named: BTreeSet<String> = references(source)
            .into_iter()
            .filter_map(|path| path.into_iter().next())
            .collect();
        let is_root = source
            .path
            .strip_prefix(SERVER)
            .is_some_and(|path| path == "app.rs");
        let misses: Vec<_> = features
            .iter()
            .filter(|name| !named.contains(**name))
            .collect();
        if is_root && !misses.is_empty() {
            wrong.push(format!("{}: does not name {misses:?}", source.path));
        }
        if !is_root && misses.is_empty() && features.len() > 1 {
            wrong.push(format!(
                "{}: names every feature, as only app.rs may",
                source.path
            ));
        }
    }
    wrong
}

/// A feature calls another as the allow-list says, and only what its `mod.rs` offers.
pub(super) fn features_call_through_the_door(tree: &[Source]) -> Vec<String> {
    let rooms = rooms(tree);
    let mut wrong = Vec::new();
    for source in tree {
        let Some(own) = source.feature() else {
            continue;
        };
        for path in references(source) {
            let Some(other) = path.first().filter(|other| *other != own) else {
                continue;
            };
            let allowed = CALLS
                .iter()
                .find(|(who, _)| *who == own)
                .map_or(&[][..], |(_, may)| may);
            if !allowed.contains(&other.as_str()) {
                wrong.push(format!("{}: {own} may not call {other}", source.path));
            }
            let inner = rooms.get(other.as_str());
            if let Some(room) = path
                .get(1)
                .filter(|room| inner.is_some_and(|r| r.contains(*room)))
            {
                wrong.push(format!("{}: reaches into {other}::{room}", source.path));
            }
        }
    }
    wrong
}

/// The files of each feature behind its `mod.rs`.
fn rooms(tree: &[Source]) -> BTreeMap<&str, BTreeSet<String>> {
    let mut rooms: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for source in tree {
        let Some(feature) = source.feature() else {
            continue;
        };
        let inside = source.path.split('/').nth(5).unwrap_or_default();
        let room = inside.strip_suffix(".rs").unwrap_or(inside).to_owned();
        rooms.entry(feature).or_default().insert(room);
    }
    rooms
}

/// The allow-list has no circle: following calls never comes back.
pub(super) fn calls_are_acyclic(calls: &[(&str, &[&str])]) -> Vec<String> {
    let mut left: BTreeMap<&str, BTreeSet<&str>> = calls
        .iter()
        .map(|(who, may)| (*who, may.iter().copied().collect()))
        .collect();
    while let Some(leaf) = left
        .iter()
        .find(|(_, may)| may.is_empty())
        .map(|(who, _)| *who)
    {
        left.remove(leaf);
        for may in left.values_mut() {
            may.remove(leaf);
        }
    }
    left.into_keys()
        .map(|who| format!("{who} is in a circle of calls, or calls who is not listed"))
        .collect()
}

/// Data flows `http → service → store`: nobody names the room above, and only services write.
pub(super) fn data_flows_one_way(tree: &[Source]) -> Vec<String> {
    const NEVER: &[(&str, &[&str], &[&str])] = &[
        ("http", &["store"], &["db.write", "db.read"]),
        ("service", &["http"], &[]),
        ("store", &["http", "service"], &["db.write"]),
    ];
    let mut wrong = Vec::new();
    for source in tree.iter().filter(|source| source.feature().is_some()) {
        for (room, siblings, words) in NEVER.iter().filter(|(room, ..)| source.is(room)) {
            let named = paths(source, &["super::"]);
            let named = named
                .iter()
                .filter_map(|path| path.iter().find(|part| *part != "super"));
            let used = siblings
                .iter()
                .filter(|sibling| named.clone().any(|part| part == *sibling));
            let code = flat(source);
            let used = used.chain(words.iter().filter(|word| names(&code, word)));
            wrong.extend(used.map(|word| format!("{}: {room} must not use {word}", source.path)));
        }
    }
    wrong
}

/// A file of a feature is about one idea.
pub(super) fn files_are_short(tree: &[Source]) -> Vec<String> {
    tree.iter()
        .filter(|source| source.feature().is_some())
        .map(|source| (source, source.text.lines().count()))
        .filter(|(_, lines)| *lines > MOST_LINES)
        .map(|(source, lines)| format!("{}: {lines} lines, at most {MOST_LINES}", source.path))
        .collect()
}

/// Every feature says at its door what it is, what holds and what it does not do.
pub(super) fn features_have_headers(tree: &[Source]) -> Vec<String> {
    let features: BTreeSet<&str> = tree.iter().filter_map(Source::feature).collect();
    let mut wrong = Vec::new();
    for feature in features {
        let door = format!("{FEATURES}{feature}/mod.rs");
        let header = tree
            .iter()
            .find(|source| source.path == door)
            .map_or(0, |source| {
                source
                    .text
                    .lines()
                    .take_while(|line| line.starts_with("//!"))
                    .count()
            });
        if header < 3 {
            wrong.push(format!(
                "{door}: opens with {header} lines of header, at least 3"
            ));
        }
    }
    wrong
}

/// Whether the line names the word, as a whole.
fn names(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|head| head.chars().next_back());
        let after = line
            .get(at + word.len()..)
            .and_then(|tail| tail.chars().next());
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

/// The code on one line, paths and method calls in one piece.
fn flat(source: &Source) -> String {
    let code = source.code.split_whitespace().collect::<Vec<_>>().join(" ");
    ["::", "."].iter().fold(code, |code, mark| {
        code.replace(&format!(" {mark}"), mark)
            .replace(&format!("{mark} "), mark)
    })
}

/// The paths below `features::` that a file names, also by as many `super::` as lead there.
fn references(source: &Source) -> Vec<Vec<String>> {
    let mut found = paths(source, &["features::"]);
    if let Some(inside) = source.path.strip_prefix(FEATURES) {
        let up = "super::".repeat(inside.trim_end_matches("/mod.rs").split('/').count());
        found.extend(paths(source, &[&up]));
    }
    found
}

/// Every path that the file's code has after one of the prefixes; nothing is read past a longer
/// run of `super::` than the prefix has.
fn paths(source: &Source, prefixes: &[&str]) -> Vec<Vec<String>> {
    let code = flat(source);
    let mut found = Vec::new();
    for prefix in prefixes {
        for (at, _) in code.match_indices(prefix) {
            let (head, tail) = code.split_at(at);
            if !(prefix.starts_with("super") && head.ends_with("super::")) {
                branches(
                    tail.strip_prefix(prefix).unwrap_or(tail),
                    &mut Vec::new(),
                    &mut found,
                );
            }
        }
    }
    found.retain(|path| path.first().is_some_and(|first| first != "super"));
    found
}

/// Reads one use-tree (`a::b`, `{a, b::{c, d}}`) and adds its paths; returns what follows it.
fn branches<'a>(tail: &'a str, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) -> &'a str {
    let tail = tail.trim_start();
    if let Some(mut inside) = tail.strip_prefix('{') {
        loop {
            inside = branches(inside, path, found).trim_start();
            match inside.strip_prefix(',') {
                Some(next) => inside = next,
                None => return inside.strip_prefix('}').unwrap_or(""),
            }
        }
    }
    let end = tail
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(tail.len());
    let (word, rest) = tail.split_at(end);
    if word.is_empty() {
        return rest;
    }
    path.push(word.to_owned());
    let rest = if let Some(deeper) = rest.strip_prefix("::") {
        branches(deeper, path, found)
    } else {
        found.push(path.clone());
        let alias = rest
            .strip_prefix(" as ")
            .map(|alias| alias.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_'));
        alias.unwrap_or(rest)
    };
    path.pop();
    rest
}
