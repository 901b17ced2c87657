//! The writer: groups share a commit, failures are each one's own, nobody waits for ever.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait};
use store::{
    Db, DbErr, Options, Synchronous,
    entity::{outbox, setting, user},
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

#[tokio::test]
async fn a_fact_of_an_earlier_number_but_a_later_transaction_is_not_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(&folder).await;
    // As on PostgreSQL, where the first of two transactions may commit last.
    let appended = [(1, 7), (2, 5), (3, 7)].map(|(id, txid)| outbox::ActiveModel {
        id: Set(id),
        kind: Set("test".to_owned()),
        payload: Set(serde_json::json!({})),
        txid: Set(txid),
        created_at: Set(start()),
    });
    db.write(async |tx| {
        outbox::Entity::insert_many(appended.clone())
            .exec_without_returning(&**tx)
            .await
            .map(drop)
    })
    .await
    .unwrap();
    let mut read = Vec::new();
    while let [row, ..] = store::outbox::unread(&db, "reader", 1)
        .await
        .unwrap()
        .as_slice()
    {
        read.push(row.id);
        db.write(async |tx| store::outbox::advance(tx, "reader", row.id).await)
            .await
            .unwrap();
    }
    assert_eq!(read, [2, 1, 3]);
    // What every consumer has read goes, nothing else.
    db.write(async |tx| store::outbox::advance(tx, "slow", 2).await)
        .await
        .unwrap();
    let later = start() + TimeDelta::days(1);
    let pruned = db
        .write(async |tx| store::outbox::prune(tx, later).await)
        .await;
    assert_eq!(pruned.unwrap(), 1);
}
