//! What the nodes tell each other over Redis, and that nothing depends on it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use server::platform::{bus::Bus, tasks::Tasks};
use tokio::{
    net::{TcpListener, TcpStream},
    time::timeout,
};

use super::{me, program};
use crate::support::{Client, TestApp, variable};

const SOON: Duration = Duration::from_secs(10);

/// Stands between us and Redis, and can cut the line.
struct Line {
    url: String,
    is_cut: Arc<AtomicBool>,
    tasks: Tasks,
}

impl Line {
    async fn to_redis() -> Self {
        let redis = variable("SANGAM_TEST_REDIS_URL").expect("set by scripts/with-services");
        let redis = redis
            .trim_start_matches("redis://")
            .split('/')
            .next()
            .unwrap()
            .to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("redis://{}", listener.local_addr().unwrap());
        let line = Self {
            url,
            is_cut: Arc::default(),
            tasks: Tasks::default(),
        };
        let (is_cut, tasks) = (line.is_cut.clone(), line.tasks.clone());
        line.tasks.spawn_until_stop(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (is_cut, redis) = (is_cut.clone(), redis.clone());
                tasks.spawn_until_stop(async move { carry(client, &redis, &is_cut).await });
            }
        });
        line
    }

    fn cut(&self, is_cut: bool) {
        self.is_cut.store(is_cut, Ordering::SeqCst);
    }
}

async fn carry(mut client: TcpStream, redis: &str, is_cut: &AtomicBool) {
    if is_cut.load(Ordering::SeqCst) {
        return;
    }
    let mut redis = TcpStream::connect(redis).await.unwrap();
    let cut = async {
        while !is_cut.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut client, &mut redis) => {}
        () = cut => {}
    }
}

/// Publishes under ever new names until one of them is heard: both ends are connected then.
async fn connected(speaker: &Bus, listener: &mut server::platform::bus::Listener, topic: &str) {
    for n in 0..200 {
        speaker.publish(topic, format!("{topic}-{n}"), Duration::from_secs(1));
        if timeout(Duration::from_millis(50), listener.next())
            .await
            .is_ok()
        {
            return;
        }
    }
    panic!("nothing is heard");
}

async fn hears(listener: &mut server::platform::bus::Listener, item: &str) -> bool {
    let heard = async { while listener.next().await.is_some_and(|heard| heard != item) {} };
    timeout(SOON, heard).await.is_ok()
}

#[tokio::test]
async fn nodes_hear_each_other_and_catch_up_after_an_outage() {
    let (here, there) = (Line::to_redis().await, Line::to_redis().await);
    let tasks = Tasks::default();
    let speaker = Bus::connect(Some(&here.url), &tasks).unwrap();
    let bus = Bus::connect(Some(&there.url), &tasks).unwrap();
    let topic = "catch-up-test";
    let mut listener = bus.listen(topic).unwrap();
    connected(&speaker, &mut listener, topic).await;

    speaker.publish(topic, "now".to_owned(), Duration::from_mins(1));
    assert!(hears(&mut listener, "now").await);
    there.cut(true);
    speaker.publish(topic, "meanwhile".to_owned(), Duration::from_mins(1));
    tokio::time::sleep(Duration::from_millis(300)).await;
    there.cut(false);
    assert!(
        hears(&mut listener, "meanwhile").await,
        "what was kept is told after the gap"
    );
    connected(&speaker, &mut listener, topic).await;

    // The speaker's own line heals as well.
    here.cut(true);
    tokio::time::sleep(Duration::from_millis(50)).await;
    here.cut(false);
    connected(&speaker, &mut listener, topic).await;
    tasks.stop();
}

#[tokio::test]
async fn a_revocation_reaches_the_memory_of_every_node() {
    let line = Line::to_redis().await;
    let app = TestApp::with(&[("REDIS_URL", &line.url)]).await;
    let ada = app.user("ada").await;
    let tokens = program(&app, &ada).await;
    assert_eq!(me(&app.base, &tokens.access).await, "200");
    // Told by a node whose rows this one does not see: only the memory can refuse it.
    let session = app.auth.session_of(&tokens.access).unwrap();
    let tasks = Tasks::default();
    let other = Bus::connect(Some(&line.url), &tasks).unwrap();
    let kept = Duration::from_mins(1);
    app.until("the revocation arrives", async || {
        other.publish("session-revoked", session.to_string(), kept);
        me(&app.base, &tokens.access).await == "401 invalid_token"
    })
    .await;
    assert_eq!(me(&app.base, &ada.access_token).await, "200");
    tasks.stop();
}

#[tokio::test]
async fn without_redis_everything_goes_on() {
    let line = Line::to_redis().await;
    let app = TestApp::with(&[("REDIS_URL", &line.url)]).await;
    line.cut(true);
    let started = Instant::now();
    let ada = app.user("ada").await;
    let tokens = program(&app, &ada).await;
    assert_eq!(
        Client::bearer(&app.base, &tokens.access)
            .act("/api/auth/logout")
            .await
            .status,
        204
    );
    assert_eq!(me(&app.base, &tokens.access).await, "401 invalid_token");
    assert_eq!(me(&app.base, &ada.access_token).await, "200");
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "nobody waits for Redis"
    );
    line.cut(false);
}

#[tokio::test]
async fn an_address_that_is_none_stops_the_start() {
    let tasks = Tasks::default();
    assert!(Bus::connect(Some("http://127.0.0.1:1"), &tasks).is_err());
    assert!(
        Bus::connect(None, &tasks)
            .unwrap()
            .listen("anything")
            .is_none()
    );
}
