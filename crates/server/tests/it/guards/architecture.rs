//! Each rule holds for the tree, and finds the sample made to break it.

use std::fs;

use super::{
    rules,
    source::{self, Source},
};

type Rule = fn(&[Source]) -> Vec<String>;

/// The rule finds nothing in the tree, something in each bad sample and nothing in the good ones.
fn holds(rule: Rule, bad: &[(&str, &str)], good: &[(&str, &str)]) {
    for (path, text) in bad {
        let sample = [Source::new(path, text)];
        assert!(
            !rule(&sample).is_empty(),
            "the rule does not see what is wrong with {path}: {text}"
        );
    }
    for (path, text) in good {
        let sample = [Source::new(path, text)];
        assert_eq!(
            rule(&sample),
            Vec::<String>::new(),
            "the rule complains about {path}: {text}"
        );
    }
    let wrong = rule(&source::tree());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_tree_is_read() {
    let tree = source::tree();
    assert!(tree.len() > 20, "only {} files were found", tree.len());
    for path in ["crates/server/src/app.rs", "crates/store/src/db.rs"] {
        assert!(
            tree.iter().any(|source| source.path == path),
            "{path} was not found"
        );
    }
    assert!(
        tree.iter()
            .any(|source| source.feature() == Some("accounts"))
    );
}

#[test]
fn libraries_stay_behind_their_fences() {
    holds(
        rules::fences_hold,
        &[
            (
                "crates/server/src/features/chats/service.rs",
                "use axum::Router;",
            ),
            (
                "crates/server/src/features/chats/service.rs",
                "let x: sea_orm::DbErr;",
            ),
            (
                "crates/server/src/features/chats/http.rs",
                "use sea_orm::{EntityTrait};",
            ),
            (
                "crates/server/src/platform/mail.rs",
                "let x = std::env::var(\"A\");",
            ),
            ("crates/gateway/src/config.rs", "use std::env;"),
            ("crates/server/src/app.rs", "use socketioxide::SocketIo;"),
            (
                "crates/gateway/src/lib.rs",
                "let c = reqwest::Client::default();",
            ),
            (
                "crates/server/src/features/chats/store.rs",
                "Statement::from_string(a, b)",
            ),
            ("crates/store/src/db.rs", "use sqlx::query;"),
            (
                "crates/store/src/migration/m1.rs",
                "db.execute_unprepared(\"x\")",
            ),
        ],
        &[
            (
                "crates/server/src/features/chats/http.rs",
                "use axum::Router; // sea_orm",
            ),
            (
                "crates/server/src/platform/http/json.rs",
                "use axum::Router;",
            ),
            (
                "crates/server/src/features/chats/store.rs",
                "use sea_orm::EntityTrait;",
            ),
            ("crates/server/src/config.rs", "std::env::var(\"PORT\")"),
            (
                "crates/server/src/app.rs",
                "let a = \"axum\"; env!(\"CARGO_PKG_VERSION\")",
            ),
            (
                "crates/store/src/dialect/path.rs",
                "use sqlx::query; Statement::from_string(a, b)",
            ),
        ],
    );
}

#[test]
fn crates_are_a_star() {
    let manifests: Vec<(String, String)> = source::crates()
        .into_iter()
        .map(|name| {
            let path = source::workspace()
                .join("crates")
                .join(&name)
                .join("Cargo.toml");
            (name, fs::read_to_string(path).expect("a manifest is UTF-8"))
        })
        .collect();
    let wrong = rules::crates_are_a_star(&manifests);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    let with = |name: &str, text: &str| {
        let mut changed = manifests.clone();
        changed.push((name.to_owned(), format!("[dependencies]\n{text}\n")));
        rules::crates_are_a_star(&changed).len()
    };
    assert_eq!(with("store", "gateway.workspace = true"), 1);
    assert_eq!(with("outbound", "server = { path = \"../server\" }"), 1);
    assert_eq!(with("unheard-of", ""), 1);
    assert_eq!(with("gateway", "outbound.workspace = true"), 0);
}

#[test]
fn platform_and_vocabulary_name_no_feature() {
    holds(
        rules::features_are_named_by_few,
        &[
            (
                "crates/server/src/platform/http/mod.rs",
                "use crate::features::chats;",
            ),
            (
                "crates/server/src/error.rs",
                "use crate::{features::accounts::X};",
            ),
        ],
        &[
            ("crates/server/src/app.rs", "use crate::features::chats;"),
            (
                "crates/server/src/platform/limit.rs",
                "// features\nuse crate::clock::Clock;",
            ),
        ],
    );
}

#[test]
fn only_the_root_names_every_feature() {
    let rule = rules::the_root_names_every_feature;
    holds(rule, &[], &[]);
    let rooms = [
        ("accounts", ""),
        ("chats", "use crate::features::{accounts, chats::X};"),
    ];
    let tree = |root: &str| {
        let mut tree: Vec<Source> = rooms
            .iter()
            .map(|(name, text)| Source::new(&format!("{}{name}/mod.rs", source::FEATURES), text))
            .collect();
        tree.push(Source::new("crates/server/src/app.rs", root));
        tree
    };
    assert_eq!(rule(&tree("use crate::features::accounts;")).len(), 2);
    assert_eq!(
        rule(&tree("use crate::features::{accounts, chats::{self, X}};")).len(),
        1
    );
}

#[test]
fn features_call_each_other_through_the_door() {
    const CHATS: &str = "crates/server/src/features/chats/";
    let service = format!("{CHATS}service.rs");
    let door = format!("{CHATS}mod.rs");
    holds(
        rules::features_call_through_the_door,
        &[
            (
                "crates/server/src/features/accounts/service.rs",
                "crate::features::chats::purge();",
            ),
            (
                "crates/server/src/features/system/http.rs",
                "use crate::{app::App, features::chats};",
            ),
            (&door, "use super::flows::X;"),
            (&service, "use super::super::flows::X;"),
            (
                &format!("{CHATS}http/mod.rs"),
                "use super::super::flows::X;",
            ),
            (
                &format!("{CHATS}http/views.rs"),
                "use super::super::super::flows::X;",
            ),
            (&service, "use crate::features::{accounts::X, system};"),
        ],
        &[
            (
                &service,
                "use crate::features::{accounts::Principal, models::{self, Model as M}, chats};",
            ),
            (&service, "use super::store;"),
            (
                &format!("{CHATS}http/mod.rs"),
                "use super::{service, store};",
            ),
            (
                &format!("{CHATS}http/views.rs"),
                "use super::super::service::{A, B};",
            ),
        ],
    );

    let tree = [
        Source::new("crates/server/src/features/accounts/store.rs", ""),
        Source::new(
            &service,
            "use crate::features::accounts::{X, store::owned};",
        ),
    ];
    assert_eq!(
        rules::features_call_through_the_door(&tree).len(),
        1,
        "a reach behind the door"
    );
}

#[test]
fn the_allow_list_has_no_circle() {
    assert_eq!(rules::calls_are_acyclic(rules::CALLS), Vec::<String>::new());
    assert_eq!(
        rules::calls_are_acyclic(&[("a", &["b"]), ("b", &["a"]), ("c", &[])]).len(),
        2
    );
    assert_eq!(rules::calls_are_acyclic(&[("a", &["unlisted"])]).len(), 1);
}

#[test]
fn data_flows_one_way() {
    holds(
        rules::data_flows_one_way,
        &[
            (
                "crates/server/src/features/chats/http.rs",
                "use super::store;",
            ),
            (
                "crates/server/src/features/chats/http.rs",
                "app.db\n    .write(async |tx| {})",
            ),
            (
                "crates/server/src/features/chats/service.rs",
                "use super::http::View;",
            ),
            (
                "crates/server/src/features/chats/store.rs",
                "app.db.write(|tx| x)",
            ),
        ],
        &[
            (
                "crates/server/src/features/chats/http.rs",
                "use super::{service, views::View};",
            ),
            (
                "crates/server/src/features/chats/service.rs",
                "app.db.write(|tx| super::store::x())",
            ),
        ],
    );
}

#[test]
fn a_file_is_one_idea() {
    let long = "\n".repeat(601);
    holds(
        rules::files_are_short,
        &[("crates/server/src/features/chats/service.rs", &long)],
        &[(
            "crates/server/src/features/chats/service.rs",
            "fn one_idea() {}",
        )],
    );
}

#[test]
fn features_open_with_a_header() {
    holds(
        rules::features_have_headers,
        &[
            (
                "crates/server/src/features/chats/mod.rs",
                "//! Chats.\nmod http;",
            ),
            (
                "crates/server/src/features/chats/http.rs",
                "//! a\n//! b\n//! c",
            ),
        ],
        &[(
            "crates/server/src/features/chats/mod.rs",
            "//! a\n//!\n//! b\nmod http;",
        )],
    );
}
