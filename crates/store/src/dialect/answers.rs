//! The texts of many running answers, moved with one statement for all of them: on `PostgreSQL` each
//! statement is a way there and back, and a thousand of them take longer than the next is due.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};

use crate::{GenerationId, MessageId};

/// Rows of one statement; `SQLite` takes 32,766 values.
const ROWS: usize = 2000;

/// How far an answer has come.
#[derive(Clone, Debug)]
pub struct Text<'a> {
    /// The run that writes it.
    pub generation: GenerationId,
    /// The message that it fills.
    pub message: MessageId,
    /// The whole text.
    pub content: &'a str,
    /// The whole reasoning, if there is any.
    pub reasoning: Option<&'a str>,
    /// The number of the last piece that is in it.
    pub seq: i64,
}

/// Moves the texts into their messages and drops the events that these now hold.
pub async fn move_texts(db: &impl ConnectionTrait, texts: &[Text<'_>]) -> Result<(), DbErr> {
    for texts in texts.chunks(ROWS) {
        let rows = values(db, texts.len(), &["uuid", "text", "text", "bigint"]);
        let sql = format!(
            "UPDATE message SET content = moved.column2, reasoning = moved.column3, \
             applied_seq = moved.column4 FROM ({rows}) AS moved WHERE message.id = moved.column1"
        );
        let row = |text: &Text<'_>| -> [Value; 4] {
            [
                text.message.into(),
                text.content.into(),
                text.reasoning.into(),
                text.seq.into(),
            ]
        };
        execute(db, sql, texts.iter().flat_map(row).collect()).await?;

        let rows = values(db, texts.len(), &["uuid", "bigint"]);
        let sql = format!(
            "DELETE FROM generation_event WHERE (generation_id, seq) IN \
             (SELECT event.generation_id, event.seq FROM ({rows}) AS moved \
             JOIN generation_event AS event ON event.generation_id = moved.column1 \
             AND event.seq <= moved.column2)"
        );
        let row = |text: &Text<'_>| -> [Value; 2] { [text.generation.into(), text.seq.into()] };
        execute(db, sql, texts.iter().flat_map(row).collect()).await?;
    }
    Ok(())
}

/// `VALUES` with numbered parameters, whose types `PostgreSQL` learns from the first row.
fn values(db: &impl ConnectionTrait, count: usize, types: &[&str]) -> String {
    let is_postgres = db.get_database_backend() == DbBackend::Postgres;
    let row = |number: usize| {
        let parameters: Vec<String> = types
            .iter()
            .enumerate()
            .map(|(at, kind)| {
                let parameter = format!("${}", number * types.len() + at + 1);
                if is_postgres && number == 0 {
                    format!("CAST({parameter} AS {kind})")
                } else {
                    parameter
                }
            })
            .collect();
        format!("({})", parameters.join(", "))
    };
    let rows: Vec<String> = (0..count).map(row).collect();
    format!("VALUES {}", rows.join(", "))
}

async fn execute(db: &impl ConnectionTrait, sql: String, values: Vec<Value>) -> Result<(), DbErr> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    db.execute_raw(statement).await.map(drop)
}
