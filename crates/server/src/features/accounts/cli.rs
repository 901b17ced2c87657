//! What the command line does with accounts.

use super::service::{checks::Email, links, register::NewAccount, setup};
use crate::{app::App, error::Result};

/// Makes an administrator, or makes one of an account that exists: it gets this password, and its
/// sessions end.
pub async fn create_admin(
    app: &App,
    email: &str,
    password: &str,
    name: Option<&str>,
) -> Result<()> {
    let new = NewAccount {
        name: name.map_or_else(|| Email::read(email).local_part().to_owned(), str::to_owned),
        email: email.to_owned(),
        password: password.to_owned(),
    };
    setup::create_admin(app, &new).await
}

/// A link by which a locked-out person chooses a new password within 15 minutes.
pub async fn reset_link(app: &App, email: &str) -> Result<String> {
    links::reset_link(app, email).await
}
