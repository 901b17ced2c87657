//! What names, addresses and passwords may be. All that is wrong is told at once.

use unicode_normalization::UnicodeNormalization;

use crate::{
    config::is_email,
    error::{Error, FieldError, Result},
    params::Params,
    platform::auth::policy,
};

pub(crate) const NAME_MAX: usize = 100;
pub(crate) const MODEL_MAX: usize = 200;

/// An address as it was written, and what makes it the same as another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Email {
    pub(crate) text: String,
    pub(crate) key: String,
}

impl Email {
    pub(crate) fn read(text: &str) -> Self {
        let text: String = text.trim().nfc().collect();
        let key = text.to_lowercase().nfc().collect();
        Self { text, key }
    }

    /// What is before the `@`.
    pub(crate) fn local_part(&self) -> &str {
        self.key.split('@').next().unwrap_or_default()
    }
}

/// Collects what is wrong with a request.
#[derive(Default)]
pub(crate) struct Checks(Vec<FieldError>);

impl Checks {
    fn wrong(&mut self, field: &str, code: &'static str, detail: impl Into<String>) {
        self.0.push(FieldError {
            field: field.to_owned(),
            code,
            detail: detail.into(),
        });
    }

    /// The name without the space around it.
    pub(crate) fn name(&mut self, name: &str) -> String {
        let name: String = name.trim().nfc().collect();
        if !(1..=NAME_MAX).contains(&name.chars().count()) {
            self.wrong(
                "name",
                "length",
                format!("must have 1 to {NAME_MAX} characters"),
            );
        } else if name.chars().any(char::is_control) {
            self.wrong("name", "format", "must not contain control characters");
        }
        name
    }

    pub(crate) fn email(&mut self, email: &str) -> Email {
        let email = Email::read(email);
        if !is_email(&email.text) {
            self.wrong(
                "email",
                "format",
                "must be an e-mail address such as ada@example.org",
            );
        }
        email
    }

    /// A new password of somebody with this name and address.
    pub(crate) fn password(&mut self, field: &str, password: &str, name: &str, email: &Email) {
        let own_words = [name, &email.key, email.local_part()];
        if let Some((code, detail)) = policy::refusal(password, &own_words) {
            self.wrong(field, code, detail);
        }
    }

    /// A model's id; whether somebody offers it is seen when it is asked.
    pub(crate) fn model(&mut self, model: &str) {
        let is_usable = (1..=MODEL_MAX).contains(&model.chars().count());
        if !is_usable || model.chars().any(char::is_control) {
            self.wrong(
                "defaultModel",
                "format",
                "must be the id of a model, from /api/models",
            );
        }
    }

    /// What new chats begin with.
    pub(crate) fn params(&mut self, params: &Params) {
        self.0.extend(params.wrong("defaultParams"));
    }

    pub(crate) fn done(self) -> Result<()> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Error::fields(self.0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(check: impl FnOnce(&mut Checks)) -> String {
        let mut checks = Checks::default();
        check(&mut checks);
        checks
            .0
            .iter()
            .map(|e| format!("{} {}", e.field, e.code))
            .collect::<Vec<_>>()
            .join(", ")
    }

    #[test]
    fn addresses_are_the_same_whatever_their_case_and_form() {
        let key = |text: &str| Email::read(text).key;
        assert_eq!(key("  Ada@Example.ORG "), "ada@example.org");
        assert_eq!(key("jose\u{301}@example.org"), key("JOS\u{c9}@example.org"));
        assert_eq!(Email::read(" Ada@Example.org ").text, "Ada@Example.org");
    }

    #[test]
    fn names_have_one_to_a_hundred_characters() {
        assert_eq!(wrong(|c| drop(c.name("  Ada "))), "");
        assert_eq!(wrong(|c| drop(c.name(&"न".repeat(100)))), "");
        assert_eq!(wrong(|c| drop(c.name(&"a".repeat(101)))), "name length");
        assert_eq!(wrong(|c| drop(c.name("   "))), "name length");
        assert_eq!(wrong(|c| drop(c.name("A\u{7}da"))), "name format");
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let told = wrong(|checks| {
            let name = checks.name("");
            let email = checks.email("nowhere");
            checks.password("password", "short", &name, &email);
        });
        assert_eq!(told, "name length, email format, password too_short");
    }
}
