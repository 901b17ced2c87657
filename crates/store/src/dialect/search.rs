//! The full-text index, both engines side by side: FTS5 on `SQLite`, `tsvector` with GIN on
//! `PostgreSQL`.
//!
//! A document's number begins with the time of what it holds, so that the newest are found first by
//! walking numbers downward, and a span of time is a span of numbers. The owner and the model are
//! words of the document: the engine intersects them with what is looked for.

use std::fmt::Write;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement};

use crate::{ChatId, MessageId, UserId};

/// Bits of a document's number below its milliseconds.
const BELOW_TIME: u32 = 20;
/// Documents of one millisecond whose last bits are the same; more are very unlikely.
const TRIES: i64 = 64;

/// Words that stand together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phrase {
    /// Folded; never empty.
    pub words: Vec<String>,
    /// The last word may also begin like this.
    pub beginning: Option<String>,
}

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// All of these must be there.
    pub all: Vec<Phrase>,
    /// None of these may be.
    pub none: Vec<Phrase>,
}

/// What can be found.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// Whose end is the document's.
    pub chat: ChatId,
    /// The message, or the chat itself for its title.
    pub item: MessageId,
    /// Who may find it.
    pub owner: UserId,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// The model that wrote it.
    pub model: Option<&'a str>,
    /// Folded words with one space between them.
    pub words: &'a str,
}

/// A document that was found.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct Hit {
    /// Its number.
    pub id: i64,
    /// Its chat.
    pub chat_id: ChatId,
    /// The message, or the chat itself for its title.
    pub item_id: MessageId,
}

impl Hit {
    /// When it was written, in milliseconds.
    pub fn at(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.id >> BELOW_TIME).unwrap_or_default()
    }
}

/// The smallest number of a document of this moment or later.
pub fn first_at(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis().clamp(0, (1 << 42) - 1) << BELOW_TIME
}

/// The index itself, and what keeps it when documents go.
pub(crate) async fn create(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let statements: &[&str] = match db.get_database_backend() {
        DbBackend::Postgres => &[
            "ALTER TABLE search_document ADD COLUMN words tsvector NOT NULL DEFAULT ''",
            "CREATE INDEX search_words ON search_document USING gin (words) \
             WITH (gin_pending_list_limit = 512)",
        ],
        // The text is in the messages already: the index does not keep another copy.
        _ => &[
            "CREATE VIRTUAL TABLE search_index USING fts5(words, content = '', \
             contentless_delete = 1, prefix = '3', tokenize = 'unicode61 remove_diacritics 0')",
            "CREATE TRIGGER search_forget AFTER DELETE ON search_document \
             BEGIN DELETE FROM search_index WHERE rowid = OLD.id; END",
        ],
    };
    for statement in statements {
        db.execute_unprepared(statement).await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Number {
    id: i64,
}

/// Makes a document findable, or findable anew when its text has changed.
pub async fn put(db: &impl ConnectionTrait, document: &Document<'_>) -> Result<(), DbErr> {
    const POSTGRES: &str = "UPDATE search_document SET words = to_tsvector('simple', $2) \
        WHERE id = $1";
    const FORGET: &str = "DELETE FROM search_index WHERE rowid = $1";
    const SQLITE: &str = "INSERT INTO search_index (rowid, words) VALUES ($1, $2)";
    let text = indexed(document);
    let (id, is_new) = number(db, document).await?;
    if db.get_database_backend() == DbBackend::Postgres {
        let text = beginning(text);
        return execute(db, POSTGRES, [id.into(), text.into()]).await;
    }
    if !is_new {
        execute(db, FORGET, [id.into()]).await?;
    }
    execute(db, SQLITE, [id.into(), text.into()]).await
}

/// As much of the words as one row of `PostgreSQL` takes, whatever they are.
fn beginning(mut text: String) -> String {
    const MOST: usize = 400_000;
    if text.len() > MOST {
        let cut = (0..=MOST).rev().find(|at| text.is_char_boundary(*at));
        text.truncate(cut.unwrap_or_default());
    }
    text
}

/// The document's number, and whether it was given just now.
async fn number(db: &impl ConnectionTrait, document: &Document<'_>) -> Result<(i64, bool), DbErr> {
    // Two may try to make the same document known at once: the second finds the first's.
    const INSERT: &str = "INSERT INTO search_document (id, chat_id, item_id, owner_id) \
        VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    const SELECT: &str = "SELECT id FROM search_document WHERE chat_id = $1 AND item_id = $2";
    let backend = db.get_database_backend();
    let first = first_at(document.at) + last_bits(document.item);
    for id in first..first + TRIES {
        let values = [
            id.into(),
            document.chat.into(),
            document.item.into(),
            document.owner.into(),
        ];
        let statement = Statement::from_sql_and_values(backend, INSERT, values);
        if db.execute_raw(statement).await?.rows_affected() > 0 {
            return Ok((id, true));
        }
        let values = [document.chat.into(), document.item.into()];
        let statement = Statement::from_sql_and_values(backend, SELECT, values);
        if let Some(known) = Number::find_by_statement(statement).one(db).await? {
            return Ok((known.id, false));
        }
    }
    Err(DbErr::Custom(format!(
        "no number is free for the document of {}",
        document.item
    )))
}

/// The random end of an id, as many bits as a number has below its time.
fn last_bits(item: MessageId) -> i64 {
    i64::try_from(item.0.as_u128() & ((1 << BELOW_TIME) - 1)).unwrap_or_default()
}

async fn execute<const N: usize>(
    db: &impl ConnectionTrait,
    sql: &str,
    values: [sea_orm::Value; N],
) -> Result<(), DbErr> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    db.execute_raw(statement).await.map(drop)
}

/// The words of a document with those that say whose it is and who wrote it.
fn indexed(document: &Document<'_>) -> String {
    let mut text = owner_word(document.owner);
    if let Some(model) = document.model {
        text.push(' ');
        text.push_str(&model_word(model));
    }
    text.push(' ');
    text.push_str(document.words);
    text
}

/// A word for an owner: no folded word begins like it and is as long by chance.
fn owner_word(owner: UserId) -> String {
    format!("0o{:016x}", owner.0.as_u128() & u128::from(u64::MAX))
}

/// A word for a model: FNV-1a of its id.
fn model_word(model: &str) -> String {
    let hash = model.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("0m{hash:016x}")
}

/// The newest documents of an owner that match, within a span of numbers `[from, below)`.
pub async fn newest(
    db: &impl ConnectionTrait,
    owner: UserId,
    wanted: &Wanted,
    model: Option<&str>,
    (from, below): (i64, i64),
    limit: u64,
) -> Result<Vec<Hit>, DbErr> {
    let backend = db.get_database_backend();
    let mut must = vec![owner_word(owner)];
    must.extend(model.map(model_word));
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let statement = if backend == DbBackend::Postgres {
        // The query is a literal, so that the planner knows how common its words are; it holds
        // letters, digits and operators of ours, nothing else.
        let sql = format!(
            "SELECT id, chat_id, item_id FROM search_document \
             WHERE words @@ '{}'::tsquery AND owner_id = $1 AND id >= $2 AND id < $3 \
             ORDER BY id DESC LIMIT $4",
            tsquery(&must, wanted)
        );
        let values = [owner.into(), from.into(), below.into(), limit.into()];
        Statement::from_sql_and_values(backend, sql, values)
    } else {
        const SQL: &str = "SELECT d.id, d.chat_id, d.item_id FROM search_index i \
            CROSS JOIN search_document d ON d.id = i.rowid \
            WHERE i.words MATCH $1 AND i.rowid >= $2 AND i.rowid < $3 AND d.owner_id = $4 \
            ORDER BY i.rowid DESC LIMIT $5";
        let text = match_expression(&must, wanted);
        let values = [
            text.into(),
            from.into(),
            below.into(),
            owner.into(),
            limit.into(),
        ];
        Statement::from_sql_and_values(backend, SQL, values)
    };
    Hit::find_by_statement(statement).all(db).await
}

/// Letters and digits alone: nothing in a query means anything to the engine.
fn bare(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn match_expression(must: &[String], wanted: &Wanted) -> String {
    let phrase = |words: &[String]| {
        let words: Vec<String> = words.iter().map(|word| bare(word)).collect();
        format!("\"{}\"", words.join(" "))
    };
    let mut text = must.join(" AND ");
    for wanted in &wanted.all {
        let exact = phrase(&wanted.words);
        match (&wanted.beginning, wanted.words.split_last()) {
            (Some(beginning), Some((_, before))) => {
                let words: Vec<String> = before.iter().chain([beginning]).cloned().collect();
                write!(text, " AND ({exact} OR {} *)", phrase(&words)).ok();
            }
            _ => {
                write!(text, " AND {exact}").ok();
            }
        }
    }
    for unwanted in &wanted.none {
        text = format!("({text}) NOT {}", phrase(&unwanted.words));
    }
    text
}

fn tsquery(must: &[String], wanted: &Wanted) -> String {
    let phrase = |words: &[String]| {
        let words: Vec<String> = words.iter().map(|word| bare(word)).collect();
        words.join(" <-> ")
    };
    let mut parts: Vec<String> = must.to_vec();
    for wanted in &wanted.all {
        let exact = phrase(&wanted.words);
        match (&wanted.beginning, wanted.words.split_last()) {
            (Some(beginning), Some((_, before))) => {
                let words: Vec<String> = before.iter().chain([beginning]).cloned().collect();
                parts.push(format!("(({exact}) | ({}:*))", phrase(&words)));
            }
            _ => parts.push(format!("({exact})")),
        }
    }
    parts.extend(
        wanted
            .none
            .iter()
            .map(|unwanted| format!("!({})", phrase(&unwanted.words))),
    );
    parts.join(" & ")
}
