//! A socket as the protocol has it: text packets over a websocket.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, client::IntoClientRequest},
};

/// Longer than a sweep takes; what comes later than this did not come in time.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) struct Line {
    stream: WebSocketStream<TcpStream>,
    next_ack: u32,
    kept: Vec<(String, Value)>,
}

impl Line {
    /// Opens the transport; the status of a refusal.
    pub(crate) async fn open(base: &str, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        let mut line = Self::dial(base, "", headers).await?;
        let open = line.packet().await.unwrap();
        assert!(open.starts_with("0{"), "{open}");
        Ok(line)
    }

    /// A websocket, with something more in its address.
    pub(crate) async fn dial(
        base: &str,
        more: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, u16> {
        let host = base.trim_start_matches("http://");
        let url = format!("ws://{host}/socket.io/?EIO=4&transport=websocket{more}");
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let tcp = TcpStream::connect(host).await.unwrap();
        match tokio_tungstenite::client_async(request, tcp).await {
            Ok((stream, _)) => {
                let kept = Vec::new();
                Ok(Self {
                    stream,
                    next_ack: 0,
                    kept,
                })
            }
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => {
                Err(response.status().as_u16())
            }
            Err(error) => panic!("{error}"),
        }
    }

    /// Opens it and connects with a token.
    pub(crate) async fn with_token(base: &str, token: &str) -> Self {
        let mut line = Self::open(base, &[]).await.unwrap();
        let answer = line.connect(&json!({ "token": token })).await;
        assert!(answer.starts_with("40{"), "{answer}");
        line
    }

    /// The answer to CONNECT: `40…` or `44…`.
    pub(crate) async fn connect(&mut self, auth: &Value) -> String {
        self.say(&format!("40{auth}")).await;
        loop {
            let packet = self.packet().await.unwrap();
            if packet.starts_with("40") || packet.starts_with("44") {
                return packet;
            }
        }
    }

    pub(crate) async fn say(&mut self, packet: &str) {
        self.stream.send(Message::text(packet)).await.unwrap();
    }

    /// The same, when the line may be gone.
    pub(crate) async fn try_say(&mut self, message: Message) -> bool {
        self.stream.send(message).await.is_ok()
    }

    /// All events of these names that come within a while, in order.
    pub(crate) async fn events_within(
        &mut self,
        names: &[&str],
        wait: Duration,
    ) -> Vec<(String, Value)> {
        let until = tokio::time::Instant::now() + wait;
        while let Ok(Some(packet)) = tokio::time::timeout_at(until, self.packet()).await {
            self.keep(&packet);
        }
        let (wanted, others) = std::mem::take(&mut self.kept)
            .into_iter()
            .partition(|(name, _)| names.contains(&name.as_str()));
        self.kept = others;
        wanted
    }

    /// The next packet that is no ping; pings are answered. `None` at the end.
    pub(crate) async fn packet(&mut self) -> Option<String> {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.stream.next()).await;
            match next.expect("nothing came in time") {
                Some(Ok(Message::Text(text))) if text.as_str() == "2" => self.say("3").await,
                Some(Ok(Message::Text(text))) => return Some(text.to_string()),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// Sends an event and waits for its acknowledgement.
    pub(crate) async fn ask(&mut self, event: &str, body: &Value) -> Value {
        self.next_ack += 1;
        let id = self.next_ack;
        self.say(&format!("42{id}{}", json!([event, body]))).await;
        loop {
            let packet = self.packet().await.expect("the line holds");
            if let Some(answer) = packet.strip_prefix(&format!("43{id}")) {
                let answer: Value = serde_json::from_str(answer).unwrap();
                return answer[0].clone();
            }
            self.keep(&packet);
        }
    }

    /// The next event of that name, also one that came before an acknowledgement.
    pub(crate) async fn event(&mut self, name: &str) -> Value {
        loop {
            if let Some(at) = self.kept.iter().position(|(kept, _)| kept == name) {
                return self.kept.remove(at).1;
            }
            let packet = self.packet().await.expect("the line holds");
            self.keep(&packet);
        }
    }

    fn keep(&mut self, packet: &str) {
        if let Some(event) = packet.strip_prefix("42") {
            let event: Value = serde_json::from_str(event).unwrap();
            let name = event[0].as_str().unwrap().to_owned();
            self.kept.push((name, event[1].clone()));
        }
    }
}
