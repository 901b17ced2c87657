//! A conversation as Markdown, for people.

use std::fmt::Write;

use chrono::{DateTime, Utc};

use crate::Role;

/// What is said above the conversation.
#[derive(Clone, Debug)]
pub struct Heading<'a> {
    /// Of the chat.
    pub title: &'a str,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// What its models were told to be.
    pub system_prompt: Option<&'a str>,
}

/// A message on the way from the root to the leaf.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// Who speaks.
    pub role: Role,
    /// The model's name; absent: hidden, or not known.
    pub model: Option<&'a str>,
    /// Markdown.
    pub content: &'a str,
    /// What the model thought before.
    pub reasoning: Option<&'a str>,
    /// Names of the files that went with it.
    pub files: Vec<&'a str>,
    /// What is to be said of its end: stopped, failed.
    pub note: Option<&'a str>,
}

/// The whole text, which ends with a line feed.
pub fn write(heading: &Heading<'_>, lines: &[Line<'_>]) -> String {
    let mut out = format!("# {}\n\n", escaped(heading.title));
    let day = heading.created_at.format("%Y-%m-%d");
    writeln!(out, "*Begun on {day}, exported from Sangam.*").ok();
    if let Some(prompt) = heading.system_prompt {
        writeln!(out, "\n> {}", prompt.trim().replace('\n', "\n> ")).ok();
    }
    for line in lines {
        let who = match (line.role, line.model) {
            (Role::User, _) => "You".to_owned(),
            (Role::Assistant, Some(model)) => escaped(model),
            (Role::Assistant, None) => "Answer".to_owned(),
        };
        write!(out, "\n## {who}\n").ok();
        for file in &line.files {
            write!(out, "\n*File: {}*\n", escaped(file)).ok();
        }
        if let Some(reasoning) = line.reasoning {
            let reasoning = reasoning.trim().replace('\n', "\n> ");
            write!(out, "\n> *Thought:*\n>\n> {reasoning}\n").ok();
        }
        let content = line.content.trim();
        if !content.is_empty() {
            write!(out, "\n{content}\n").ok();
        }
        if let Some(note) = line.note {
            write!(out, "\n*({note})*\n").ok();
        }
    }
    out
}

/// A name in which Markdown sees nothing.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\`*_[]<>#".contains(c) {
            out.push('\\');
        }
        out.push(if c.is_control() { ' ' } else { c });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_reads_as_one() {
        let heading = Heading {
            title: "C# and *stars*",
            created_at: "2026-01-01T00:00:00Z".parse().unwrap(),
            system_prompt: Some("Be brief.\nBe kind."),
        };
        let question = Line {
            role: Role::User,
            model: None,
            content: "Why?\n",
            reasoning: None,
            files: vec!["notes.pdf"],
            note: None,
        };
        let answer = Line {
            role: Role::Assistant,
            model: Some("a/model"),
            content: "Because.",
            reasoning: Some("Hm.\nYes."),
            files: Vec::new(),
            note: Some("stopped"),
        };
        let expected = "# C\\# and \\*stars\\*\n\n*Begun on 2026-01-01, exported from Sangam.*\n\n\
            > Be brief.\n> Be kind.\n\n## You\n\n*File: notes.pdf*\n\nWhy?\n\n## a/model\n\n\
            > *Thought:*\n>\n> Hm.\n> Yes.\n\nBecause.\n\n*(stopped)*\n";
        assert_eq!(write(&heading, &[question, answer]), expected);
    }
}
