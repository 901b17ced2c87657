//! An import as a job: wanted by its owner, done in the background, told when it is over.

use ::store::{
    FileId, Tx, UserId,
    entity::{file, job, notification::Kind},
};
use exchange::Source;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::import::{Import, Outcome};
use crate::{
    app::App,
    error::{Error, Result},
    features::{
        files,
        notifications::{self, NewNotification},
    },
    platform::{
        auth::Principal,
        jobs::{self, NewJob, Running},
    },
};

/// The kind of the job.
pub const IMPORT_JOB: &str = "import";

#[derive(Serialize, Deserialize)]
struct Wanted {
    file: FileId,
    source: Option<Source>,
}

/// Wants the chats of an archive that was sent before.
pub(super) async fn enqueue(
    app: &App,
    who: &Principal,
    file: FileId,
    source: Option<Source>,
) -> Result<job::Model> {
    let row = files::of_owner(app, who.id, file).await?;
    if row.kind != file::Kind::Archive {
        let detail = "must be a file that was sent with ?for=import";
        return Err(Error::field("file", "kind", detail));
    }
    let new = NewJob {
        key: Some(file.to_string()),
        owner: Some(who.id),
        ..NewJob::of(IMPORT_JOB, &Wanted { file, source })?
    };
    app.db
        .write(async |tx| jobs::enqueue(app, tx, new.clone()).await)
        .await
}

/// Works on the job.
pub async fn import_file(app: App, running: Running) -> Result<Value> {
    let wanted: Wanted = running.payload()?;
    let owner = running
        .owner()
        .ok_or_else(|| Error::internal("an import belongs to somebody"))?;
    match run(&app, &running, owner, &wanted).await {
        Ok(outcome) => {
            let result = serde_json::to_value(&outcome)?;
            app.db
                .write(async |tx| {
                    tell(&app, tx, owner, &running, said(&outcome)).await?;
                    running.complete(tx, result.clone()).await
                })
                .await?;
            Ok(Value::Null)
        }
        Err(error) => {
            if !jobs::may_pass(&error) || running.is_last_attempt() {
                let words = (
                    "Import failed".to_owned(),
                    error.detail.clone().into_owned(),
                );
                app.db
                    .write(async |tx| {
                        running.fence(tx).await?;
                        tell(&app, tx, owner, &running, words.clone()).await
                    })
                    .await?;
            }
            Err(error)
        }
    }
}

async fn run(app: &App, running: &Running, owner: UserId, wanted: &Wanted) -> Result<Outcome> {
    let opened = files::open(app, owner, wanted.file).await?;
    let import = Import {
        app,
        owner,
        source: wanted.source,
        running: Some(running),
    };
    import.run(opened.local.path().to_owned()).await
}

fn said(outcome: &Outcome) -> (String, String) {
    let chats = outcome.chats;
    let title = match chats {
        1 => "1 chat imported".to_owned(),
        _ => format!("{chats} chats imported"),
    };
    let mut parts = vec![format!("{} messages", outcome.messages)];
    if outcome.existing > 0 {
        parts.push(format!("{} were there already", outcome.existing));
    }
    if outcome.left_out_count > 0 {
        parts.push(format!("{} were left out", outcome.left_out_count));
    }
    (title, parts.join(", "))
}

pub(super) async fn tell(
    app: &App,
    tx: &Tx,
    owner: UserId,
    running: &Running,
    (title, detail): (String, String),
) -> Result<()> {
    let new = NewNotification {
        user: owner,
        kind: Kind::JobFinished,
        title,
        detail: Some(detail),
        chat: None,
        link: None,
        key: Some(format!("job:{}", running.id())),
    };
    notifications::tell(app, tx, new).await.map(drop)
}
