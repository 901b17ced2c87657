//! What the command line does with exports of other programs.

use std::path::Path;

use exchange::Source;

use super::import::Import;
use crate::{
    app::App,
    error::{Error, Result},
    features::accounts,
};

/// Brings the chats of a file into somebody's account; says what came of it.
pub async fn import(app: &App, email: &str, source: Option<&str>, file: &Path) -> Result<String> {
    let source = source.map(named).transpose()?;
    let Some(person) = accounts::person_of(app, email).await? else {
        let detail = format!("nobody here has the address {email}");
        return Err(Error::field("user", "unknown", detail));
    };
    if !file.is_file() {
        let detail = format!("{} is not a file", file.display());
        return Err(Error::field("file", "missing", detail));
    }
    let import = Import {
        app,
        owner: person.id,
        source,
        running: None,
    };
    let outcome = import.run(file.to_owned()).await?;
    let mut lines = vec![format!(
        "{} chats with {} messages came in, {} were there already, {} were left out",
        outcome.chats, outcome.messages, outcome.existing, outcome.left_out_count
    )];
    lines.extend(
        outcome
            .left_out
            .iter()
            .map(|left| format!("left out: {left}")),
    );
    Ok(lines.join("\n"))
}

fn named(name: &str) -> Result<Source> {
    let detail = "must be chatgpt, claude, openWebui, librechat or sangam";
    Source::named(name).ok_or_else(|| Error::field("source", "unknown", detail))
}
