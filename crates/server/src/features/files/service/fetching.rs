//! What is read from addresses of the web that people name.

use ::store::entity::file::{self, Kind, Status};
use blob::Content;
use chrono::TimeDelta;
use documents::{Detected, Limits};
use outbound::{GuardError, Page};
use serde_json::Value;

use super::{
    super::{names, store, work},
    keeping::{self, NewFile, Slot},
    taking_apart::{self, Wanted, fail, finish, or_given_up, waiting},
};
use crate::{
    app::App,
    error::{Error, Result},
    platform::{auth::Principal, jobs::Running, throttle::Limit},
};

/// The job that fetches and reads an address.
pub const FETCH_JOB: &str = "file_fetch";

/// Addresses of one account.
const FETCHES: Limit = Limit {
    name: "file_fetch",
    burst: 20,
    every: TimeDelta::seconds(3),
};
/// Characters of an address that is kept.
const LONGEST: usize = 2_000;

/// Takes an address; what is there is fetched in the background.
pub async fn take_address(app: &App, who: &Principal, address: &str) -> Result<file::Model> {
    app.throttle.take(&FETCHES, &who.id.to_string())?;
    if address.chars().count() > LONGEST {
        return Err(Error::field(
            "url",
            "length",
            "2,000 characters at the most",
        ));
    }
    let url = app.guarded.check(address).map_err(|why| {
        let detail = format!("must be an address of the public web: {why}");
        Error::field("url", "address", detail)
    })?;
    let new = NewFile {
        name: name_of(&url),
        media_type: "text/html",
        kind: Kind::Web,
        content: Content::Bytes(bytes::Bytes::new()),
    };
    let row = file::Model {
        source_url: Some(url.to_string()),
        ..keeping::blank(app, who.id, &new, Status::Pending)
    };
    app.db
        .write(async |tx| {
            store::insert(&**tx, row.clone()).await?;
            taking_apart::enqueue(app, tx, FETCH_JOB, row.id).await?;
            Ok(row.clone())
        })
        .await
}

fn name_of(url: &outbound::Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let last = url.path_segments().and_then(|mut parts| parts.next_back());
    let name = match last.filter(|last| !last.is_empty()) {
        Some(last) => format!("{host} - {last}"),
        None => host.to_owned(),
    };
    names::cleaned(&name).unwrap_or_else(|_| "web page".to_owned())
}

/// Fetches and reads an address. One that cannot be read is marked so: that is not a failure of the
/// job.
pub async fn fetch(app: App, running: Running) -> Result<Value> {
    let id = running.payload::<Wanted>()?.file;
    let Some(row) = waiting(&app, id).await? else {
        return Ok(Value::Null);
    };
    let outcome = read(&app, &running, row.clone()).await;
    or_given_up(&app, &running, row, outcome).await
}

async fn read(app: &App, running: &Running, row: file::Model) -> Result<()> {
    let address = row.source_url.clone().unwrap_or_default();
    let page = match app.guarded.get(&address).await {
        Ok(page) => page,
        // It may be back in a moment.
        Err(GuardError::Unreachable | GuardError::Slow) if !running.is_last_attempt() => {
            let detail = "The server of the address does not answer.";
            return Err(Error::new(crate::error::UPSTREAM, detail));
        }
        Err(why) => {
            let detail = format!("The address cannot be read: {why}.");
            return fail(app, Some(running), row, why.code(), &detail).await;
        }
    };
    let Page { url, bytes, .. } = page;
    let read = bytes.clone();
    let name = url.path().to_owned();
    let found = work::take_apart(app, move || {
        let detected = documents::detect(&name, &read)?;
        let kind = match detected.kind {
            // A page is one whatever its address ends with, when it looks like one.
            documents::Kind::Code | documents::Kind::Text if looks_like_page(&read) => {
                documents::Kind::Web
            }
            kind => kind,
        };
        Some((detected, documents::read(kind, &read, &Limits::default())))
    })
    .await?;
    let (Detected { media_type, .. }, document) = match found {
        Some((detected, Ok(document))) => (detected, document),
        Some((_, Err(why))) => {
            let detail = format!("What is at the address cannot be read: {why}.");
            return fail(app, Some(running), row, why.code(), &detail).await;
        }
        None => {
            let detail = "What is at the address is not of a kind that can be read.";
            return fail(app, Some(running), row, "file_unsupported", detail).await;
        }
    };
    let title = document.title.as_deref().map(names::cleaned);
    let row = file::Model {
        name: title.and_then(Result::ok).unwrap_or(row.name),
        media_type: media_type.to_owned(),
        size_bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        ..row
    };
    let contents = vec![(Slot::Content, Content::Bytes(bytes))];
    finish(app, running, row, document, contents).await
}

fn looks_like_page(bytes: &[u8]) -> bool {
    let start = bytes.get(..1024).unwrap_or(bytes).to_ascii_lowercase();
    let has = |tag: &[u8]| start.windows(tag.len()).any(|window| window == tag);
    has(b"<html") || has(b"<!doctype html")
}
