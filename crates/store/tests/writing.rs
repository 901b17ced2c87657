//! The writer: groups share a commit, failures are each one's own, nobody waits for ever.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait};
use store::{
    Db, DbErr, Options, Synchronous,
    entity::{setting, user},
};

fn start() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

async fn open(folder: &tempfile::TempDir) -> Db {
    let db = Db::connect(Options {
        url: format!("sqlite://{}", folder.path().join("test.db").display()),
        max_connections: 4,
        synchronous: Synchronous::Full,
        schema: None,
        now: Arc::new(start),
    })
    .await
    .unwrap();
    db.migrate().await.unwrap();
    assert_eq!(db.pending_migrations().await.unwrap(), 0);
    db
}

fn row(key: &str) -> setting::ActiveModel {
    setting::ActiveModel {
        key: Set(key.to_owned()),
        value: Set(serde_json::json!(1)),
        updated_at: Set(start()),
    }
}

async fn insert(db: &Db, key: String) -> Result<(), DbErr> {
    db.write(async |tx| {
        setting::Entity::insert(row(&key))
            .exec_without_returning(&**tx)
            .await
            .map(drop)
    })
    .await
}

async fn count(db: &Db) -> u64 {
    setting::Entity::find().count(&**db.read()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_writers_at_once_all_succeed_and_one_failure_is_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(&folder).await;
    insert(&db, "taken".to_owned()).await.unwrap();
    let writers = (0..200).map(|n| {
        let db = db.clone();
        async move {
            let key = if n % 20 == 0 {
                "taken".to_owned()
            } else {
                format!("key {n}")
            };
            insert(&db, key).await.is_ok()
        }
    });
    let outcomes = futures::future::join_all(writers).await;
    assert_eq!(
        outcomes.iter().filter(|ok| !**ok).count(),
        10,
        "only the doubles failed"
    );
    assert_eq!(count(&db).await, 191);
}

#[tokio::test]
async fn a_writer_that_goes_away_half_way_leaves_nothing_and_holds_up_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(&folder).await;
    for n in 0..10 {
        let half = db.write(async |tx| {
            setting::Entity::insert(row("half"))
                .exec_without_returning(&**tx)
                .await?;
            std::future::pending::<()>().await;
            Ok::<_, DbErr>(())
        });
        let given_up = tokio::time::timeout(Duration::from_millis(20), half).await;
        assert!(given_up.is_err());
        let next = tokio::time::timeout(Duration::from_secs(5), insert(&db, format!("whole {n}")));
        next.await
            .expect("nobody waits for one who is gone")
            .unwrap();
    }
    assert_eq!(count(&db).await, 10, "nothing of the half ones");
}

#[tokio::test]
async fn the_reading_door_cannot_write() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(&folder).await;
    let refused = setting::Entity::insert(row("x"))
        .exec_without_returning(&**db.read())
        .await;
    assert!(refused.unwrap_err().to_string().contains("readonly"));
}

#[tokio::test]
async fn the_reading_door_sees_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(&folder).await;
    insert(&db, "kept".to_owned()).await.unwrap();
    assert_eq!(count(&db).await, 1);
    assert_eq!(user::Entity::find().count(&**db.read()).await.unwrap(), 0);
    let facts = store::outbox::unread(&db, "nobody", 10).await.unwrap();
    assert!(facts.is_empty());
}
