//! The scripted provider as a program, for browser tests and for trying things by hand:
//!
//! `cargo run -p gateway --features scripted --example scripted -- 127.0.0.1:9009`
//!
//! It prints its base URL, to be given as `OPENAI_BASE_URL`, and serves until it is ended. Its models
//! are named after what they do.

use std::{io::Write, net::SocketAddr, time::Duration};

use gateway::scripted::{Script, Scripted};

const PROSE: &str = "# A steady answer\n\nIt comes **word by word**, with a list:\n\n- one\n- two\n\n\
    ```rust\nfn main() {\n    println!(\"hello\");\n}\n```\n\nand it ends here.";

const PEBBLE: &str = "A short answer: **it depends on the load**. Measure first.";
const RIVER: &str = "There is more than one way to see it.\n\n1. Start with what is known.\n2. Write down \
    what is not.\n3. Try the smallest thing that could show you wrong.\n\nWhat is left after that is \
    the answer, and it is usually shorter than the question. The rest is patience, and a good note of \
    what was tried, so that nobody has to try it again.";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address: SocketAddr = match std::env::args().nth(1) {
        Some(address) => address.parse()?,
        None => SocketAddr::from(([127, 0, 0, 1], 0)),
    };
    let upstream = Scripted::start_at(address).await;
    let word = Duration::from_millis(50);
    upstream
        .when(
            "exactly where it stopped",
            Script::text(" and this is the rest of it.").every(word),
        )
        .model("instant", Script::text(PROSE))
        .model("steady", Script::text(PROSE).every(word))
        .model("slow", Script::text(PROSE).every(word * 10))
        .model("pebble", Script::text(PEBBLE).every(word))
        .model("river", Script::text(RIVER).every(word / 2))
        .model("endless", Script::stream().every(word).forever("on and "))
        .model("silent", Script::silent())
        .model(
            "cut",
            Script::stream()
                .token("Half an ")
                .token("answer")
                .every(word)
                .cut("!"),
        )
        .model("failing", Script::status(500))
        .model("limited", Script::status(429).retry_after("30"))
        .model(
            "reasoning",
            Script::stream()
                .reasoning("Let me ")
                .reasoning("think.")
                .token("Yes.")
                .every(word)
                .finish("stop")
                .done(),
        )
        .model(
            "citing",
            Script::stream()
                .token("See the source.")
                .citation("https://example.org/", "Example")
                .finish("stop")
                .done(),
        );
    writeln!(std::io::stdout(), "{}", upstream.base_url())?;
    std::future::pending::<()>().await;
    Ok(())
}
