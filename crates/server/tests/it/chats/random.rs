//! Ten thousand random acts of several people at once, and then the question whether what is stored
//! is still a set of trees. `SANGAM_TEST_SEED` repeats a run that failed.

use std::collections::{HashMap, HashSet};

use gateway::scripted::Script;
use reqwest::Method;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use server::clock::Clock;
use store::{
    ChatId, MessageId,
    entity::{
        chat, comparison, generation, generation_event,
        message::{self, Role, Status},
    },
};

use super::id;
use crate::support::{MODEL, Reply, TestApp, User, variable};

const ACTS: usize = 10_000;
const PEOPLE: usize = 8;
/// Chats of one person; one goes before another comes.
const MOST_CHATS: usize = 12;

/// Chance that can be had again (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(most).unwrap()).unwrap()
    }

    fn one_of<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }
}

/// What a person knows of one of her chats.
#[derive(Clone)]
struct Known {
    chat: String,
    messages: Vec<String>,
    summaries: Vec<String>,
}

impl Known {
    fn url(&self, path: &str) -> String {
        format!("/api/chats/{}{path}", self.chat)
    }
}

struct Person {
    user: User,
    dice: Dice,
    chats: Vec<Known>,
    folders: Vec<String>,
    /// Messages of others, which are none of her business.
    foreign: Vec<String>,
    done: usize,
}

impl Person {
    async fn act(&mut self) {
        if self.chats.is_empty() {
            return self.create().await;
        }
        let at = self.dice.below(self.chats.len());
        match self.dice.below(100) {
            0..4 => self.create().await,
            4..20 => self.send(at).await,
            20..27 => self.retry(at).await,
            27..33 => self.go_on(at).await,
            33..51 => self.edit(at).await,
            51..56 => self.fork(at).await,
            56..76 => self.switch(at).await,
            76..80 => self.stop(at).await,
            80..82 => self.delete(at).await,
            82..85 => self.compare(at).await,
            85..88 => self.vote(at).await,
            88..92 => self.file_away(at).await,
            92..94 => self.compact(at).await,
            94..97 => self.trespass(at).await,
            _ => self.look(at).await,
        }
    }

    /// Sends a request: nothing that can be asked is ever an error of the server's own.
    async fn ask(&mut self, method: Method, path: &str, body: Value) -> Reply {
        let mut request = self.user.request(method.clone(), path);
        if !body.is_null() {
            request = request.json(&body);
        }
        let reply = self.user.send(request).await;
        assert!(reply.status < 500, "{method} {path} {body}: {}", reply.text);
        if reply.status < 300 {
            self.done += 1;
        }
        reply
    }

    fn message(&mut self, at: usize) -> String {
        self.dice.one_of(&self.chats[at].messages)
    }

    /// Remembers what a reply says was made.
    fn learn(&mut self, at: usize, reply: &Reply) {
        let body = &reply.body;
        let many = body["assistantMessages"].as_array().cloned();
        let one = || vec![body["assistantMessage"].clone()];
        let answers = many.unwrap_or_else(one);
        let made = [body["userMessage"].clone(), body["message"].clone()];
        for message in made.iter().chain(&answers).filter(|one| one.is_object()) {
            let (known, id) = (&mut self.chats[at].messages, id(message));
            if !known.contains(&id) {
                known.push(id);
            }
        }
    }

    async fn create(&mut self) {
        if self.chats.len() >= MOST_CHATS {
            let at = self.dice.below(self.chats.len());
            return self.delete(at).await;
        }
        let body = json!({ "message": "Begin" });
        let reply = self.ask(Method::POST, "/api/chats", body).await;
        self.chats.push(Known {
            chat: id(&reply.body["chat"]),
            messages: Vec::new(),
            summaries: Vec::new(),
        });
        self.learn(self.chats.len() - 1, &reply);
    }

    async fn send(&mut self, at: usize) {
        let mut body = json!({ "content": "Go on" });
        match self.dice.below(4) {
            0 => body["parentId"] = Value::Null,
            1 | 2 => body["parentId"] = self.message(at).into(),
            _ => {}
        }
        let path = self.chats[at].url("/messages");
        let reply = self.ask(Method::POST, &path, body).await;
        self.learn(at, &reply);
    }

    async fn on_message(&mut self, at: usize, act: &str, body: Value) {
        let message = self.message(at);
        let path = self.chats[at].url(&format!("/messages/{message}/{act}"));
        let reply = self.ask(Method::POST, &path, body).await;
        self.learn(at, &reply);
    }

    async fn retry(&mut self, at: usize) {
        let body = match self.dice.below(2) {
            0 => Value::Null,
            _ => json!({ "model": "other" }),
        };
        self.on_message(at, "retry", body).await;
    }

    async fn go_on(&mut self, at: usize) {
        self.on_message(at, "continue", Value::Null).await;
    }

    async fn stop(&mut self, at: usize) {
        self.on_message(at, "stop", Value::Null).await;
    }

    async fn edit(&mut self, at: usize) {
        self.on_message(at, "edit", json!({ "content": "In my words" }))
            .await;
    }

    async fn fork(&mut self, at: usize) {
        if self.chats.len() >= MOST_CHATS {
            return self.delete(at).await;
        }
        let body = json!({ "messageId": self.message(at) });
        let path = self.chats[at].url("/fork");
        let reply = self.ask(Method::POST, &path, body).await;
        if reply.status != 201 {
            return;
        }
        let chat = id(&reply.body["chat"]);
        let path = format!("/api/chats/{chat}/tree");
        let tree = self.ask(Method::GET, &path, Value::Null).await;
        self.chats.push(Known {
            chat,
            messages: tree.body["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(id)
                .collect(),
            summaries: Vec::new(),
        });
    }

    async fn switch(&mut self, at: usize) {
        let body = json!({ "activeLeafId": self.message(at) });
        let path = self.chats[at].url("");
        let reply = self.ask(Method::PATCH, &path, body).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
    }

    async fn delete(&mut self, at: usize) {
        let path = self.chats.swap_remove(at).url("");
        let reply = self.ask(Method::DELETE, &path, Value::Null).await;
        assert_eq!(reply.status, 204, "{}", reply.text);
    }

    async fn compare(&mut self, at: usize) {
        let is_blind = self.dice.below(2) == 0;
        let body = json!({ "content": "Who?", "models": [MODEL, "other"], "blind": is_blind });
        let path = self.chats[at].url("/messages");
        let reply = self.ask(Method::POST, &path, body).await;
        self.learn(at, &reply);
    }

    async fn vote(&mut self, at: usize) {
        let body = json!({
            "chatId": self.chats[at].chat,
            "leftMessageId": self.message(at),
            "rightMessageId": self.message(at),
            "winner": "tie",
        });
        self.ask(Method::POST, "/api/leaderboard/vote", body).await;
    }

    async fn file_away(&mut self, at: usize) {
        if self.folders.len() < 3 {
            let body = json!({ "name": "Folder", "parentId": self.folders.first() });
            let reply = self.ask(Method::POST, "/api/folders", body).await;
            self.folders.push(id(&reply.body["folder"]));
        }
        let folder = self.dice.one_of(&self.folders);
        let path = self.chats[at].url("");
        let body = json!({ "folderId": folder, "tags": ["random"] });
        self.ask(Method::PATCH, &path, body).await;
    }

    async fn compact(&mut self, at: usize) {
        if let Some(summary) = self.chats[at].summaries.pop() {
            let path = self.chats[at].url(&format!("/summaries/{summary}"));
            self.ask(Method::DELETE, &path, Value::Null).await;
            return;
        }
        let body = json!({ "leaf": self.message(at) });
        let path = self.chats[at].url("/compact");
        let reply = self.ask(Method::POST, &path, body).await;
        if reply.status == 201 {
            let summary = id(&reply.body["summary"]);
            self.chats[at].summaries.push(summary);
        }
    }

    /// A message of another chat, or of somebody else, is not there.
    async fn trespass(&mut self, at: usize) {
        let other = self.dice.below(self.chats.len());
        let message = if other == at {
            self.dice.one_of(&self.foreign)
        } else {
            self.message(other)
        };
        let path = self.chats[at].url("/messages");
        let body = json!({ "content": "Across", "parentId": message });
        let reply = self.ask(Method::POST, &path, body).await;
        assert_eq!(reply.line(), "404 message_not_found", "{message}");
        let path = self.chats[at].url("");
        let body = json!({ "activeLeafId": message });
        let reply = self.ask(Method::PATCH, &path, body).await;
        assert_eq!(reply.line(), "404 message_not_found", "{message}");
    }

    async fn look(&mut self, at: usize) {
        let leaf = self.message(at);
        let path = self.chats[at].url(&format!("?leaf={leaf}&limit=5"));
        let reply = self.ask(Method::GET, &path, Value::Null).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
    }
}

fn seed() -> u64 {
    let given = variable("SANGAM_TEST_SEED").map(|seed| seed.parse().unwrap());
    given.unwrap_or_else(|| u64::from_le_bytes(Clock::system().random()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_random_acts_leave_trees() {
    let seed = seed();
    eprintln!("SANGAM_TEST_SEED={seed}");
    let app = TestApp::with(&[("SANGAM_DATA__SYNCHRONOUS", "normal")]).await;
    app.provider.model(MODEL, Script::text("Namaste.")).model(
        "other",
        Script::stream().token("Half").finish("length").done(),
    );
    app.models.refresh(app.clock.now()).await;
    let mut people = Vec::new();
    for n in 0..PEOPLE {
        let user = app.user(&format!("person{n}")).await;
        let dice = Dice(seed.wrapping_add(u64::try_from(n).unwrap()));
        let mut person = Person {
            user,
            dice,
            chats: Vec::new(),
            folders: Vec::new(),
            foreign: Vec::new(),
            done: 0,
        };
        person.create().await;
        people.push(person);
    }
    let firsts: Vec<String> = people
        .iter()
        .map(|person| person.chats[0].messages[0].clone())
        .collect();
    for (n, person) in people.iter_mut().enumerate() {
        let others = firsts.iter().enumerate().filter(|(other, _)| *other != n);
        person.foreign = others.map(|(_, message)| message.clone()).collect();
    }
    let work: Vec<_> = people
        .into_iter()
        .map(|mut person| {
            app.tasks.spawn(async move {
                for _ in 0..ACTS / PEOPLE {
                    person.act().await;
                }
                person
            })
        })
        .collect();
    let mut people = Vec::new();
    for person in work {
        people.push(person.await.unwrap());
    }
    let done: usize = people.iter().map(|person| person.done).sum();
    assert!(done > ACTS / 2, "only {done} acts came to something");
    check(&app, people).await;
}

/// Everything that is stored, as it must be after whatever has been done.
async fn check(app: &TestApp, people: Vec<Person>) {
    let db = &**app.db.read();
    app.until("every answer has ended", async || {
        let running = generation::Entity::find().all(db).await.unwrap();
        running.iter().all(|one| !one.is_running)
    })
    .await;
    assert_eq!(generation_event::Entity::find().all(db).await.unwrap(), []);
    let chats = chat::Entity::find().all(db).await.unwrap();
    let rows = message::Entity::find().all(db).await.unwrap();
    let messages: HashMap<MessageId, &message::Model> =
        rows.iter().map(|row| (row.id, row)).collect();

    // Neither more nor less is there than people were told.
    let known: HashSet<String> = people
        .iter()
        .flat_map(|person| &person.chats)
        .flat_map(|known| known.messages.iter().chain([&known.chat]).cloned())
        .collect();
    let chat_ids = chats.iter().map(|chat| chat.id.to_string());
    let stored: HashSet<String> = rows
        .iter()
        .map(|row| row.id.to_string())
        .chain(chat_ids)
        .collect();
    assert_eq!(known.symmetric_difference(&stored).next(), None);

    let mut children: HashMap<(ChatId, Option<MessageId>), Vec<&message::Model>> = HashMap::new();
    for row in &rows {
        assert_ne!(row.status, Status::Streaming, "{} never ends", row.id);
        let above = row.parent_id.map(|parent| messages[&parent]);
        assert!(above.is_none_or(|above| above.chat_id == row.chat_id));
        let follows = above.map_or(Role::Assistant, |above| above.role);
        assert_ne!(row.role, follows, "{} follows its like", row.id);
        assert!(reaches_a_root(&messages, row), "{} is in a circle", row.id);
        children
            .entry((row.chat_id, row.parent_id))
            .or_default()
            .push(row);
    }
    for chat in &chats {
        let leaf = chat.active_leaf_id.map(|leaf| messages[&leaf]).unwrap();
        assert_eq!(leaf.chat_id, chat.id, "the active leaf of another chat");
        assert!(!children.contains_key(&(chat.id, Some(leaf.id))));
    }
    for compared in comparison::Entity::find().all(db).await.unwrap() {
        assert_eq!(messages[&compared.question_id].chat_id, compared.chat_id);
    }
    for row in rows.iter().filter(|row| row.comparison_id.is_some()) {
        let siblings = &children[&(row.chat_id, row.parent_id)];
        let same = siblings
            .iter()
            .filter(|one| one.comparison_id == row.comparison_id);
        assert_eq!(same.count(), 2, "a pair is apart");
    }
    for person in &people {
        for known in &person.chats {
            siblings_are_in_order(person, known, &children).await;
        }
    }
}

fn reaches_a_root(messages: &HashMap<MessageId, &message::Model>, row: &message::Model) -> bool {
    let mut seen = HashSet::from([row.id]);
    let mut at = row;
    while let Some(parent) = at.parent_id {
        if !seen.insert(parent) {
            return false;
        }
        at = messages[&parent];
    }
    true
}

async fn siblings_are_in_order(
    person: &Person,
    known: &Known,
    children: &HashMap<(ChatId, Option<MessageId>), Vec<&message::Model>>,
) {
    let chat: ChatId = known.chat.parse().unwrap();
    let view = person.user.get(&known.url("?limit=100")).await;
    for message in view.body["messages"].as_array().unwrap() {
        let parent = message["parentId"].as_str().map(|id| id.parse().unwrap());
        let mut siblings = children[&(chat, parent)].clone();
        siblings.sort_by_key(|row| (row.created_at, row.id));
        let siblings: Vec<String> = siblings.iter().map(|row| row.id.to_string()).collect();
        assert_eq!(message["siblingIds"], json!(siblings));
    }
}
