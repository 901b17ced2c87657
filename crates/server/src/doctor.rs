//! `sangam doctor`: says of each part whether it works, and what to do about it.

use blob::Content;

use crate::{
    app::open_database,
    clock::Clock,
    config::{Config, Storage},
    features::models::Catalogue,
    platform::{blobs, data_dir::DataDir, http::web},
};

/// Checks everything; fails when something that is needed does not work.
#[expect(clippy::print_stdout, reason = "the report is the command's answer")]
pub async fn run(config: Config) -> anyhow::Result<()> {
    let mut failures = 0;
    let mut report = |name: &str, outcome: Result<String, String>| match outcome {
        Ok(detail) => println!("ok    {name}: {detail}"),
        Err(detail) => {
            failures += 1;
            println!("FAIL  {name}: {detail}");
        }
    };
    report("settings", Ok("read".to_owned()));
    let clock = Clock::system();
    let folder = DataDir::open(&config.data.dir, &clock);
    report(
        "data folder",
        match &folder {
            Ok(folder) => Ok(folder.path.display().to_string()),
            Err(error) => Err(format!("{error:#}")),
        },
    );
    if let Ok(folder) = &folder {
        report("files", files(&config, folder, &clock).await);
    }
    report("database", database(&config, &clock).await);
    report(
        "page",
        if web::is_built() {
            Ok("embedded".to_owned())
        } else {
            Err("built without it; run make run".to_owned())
        },
    );
    match Catalogue::from_config(&config) {
        Err(error) => report("models", Err(format!("{error:#}"))),
        Ok(catalogue) => {
            catalogue.refresh(clock.now()).await;
            for provider in &catalogue.snapshot().providers {
                let count = provider.models.len();
                report(
                    provider.provider.name(),
                    match &provider.error {
                        None => Ok(format!("{count} models")),
                        Some(error) => Err(error.clone()),
                    },
                );
            }
        }
    }
    if failures > 0 {
        anyhow::bail!("{failures} checks failed");
    }
    Ok(())
}

/// Puts something where files are kept, reads it and deletes it.
async fn files(config: &Config, folder: &DataDir, clock: &Clock) -> Result<String, String> {
    let blobs = blobs::open(config, folder).map_err(|error| format!("{error:#}"))?;
    let key: uuid::Uuid = clock.id();
    let probe = bytes::Bytes::from_static(b"sangam doctor");
    let tried = async {
        blobs.put(key, Content::Bytes(probe.clone())).await?;
        let read = blobs.get(key).await?;
        blobs.delete(key).await?;
        Ok::<_, blob::Error>(read)
    };
    let place = match &config.data.storage {
        Storage::Folder(_) => "a folder",
        Storage::Bucket(bucket) => &bucket.name,
    };
    match tried.await {
        Ok(read) if read == probe => Ok(format!("kept in {place}")),
        Ok(_) => Err(format!("{place} gives back something else than was put")),
        Err(error) => Err(format!("{place}: {error}")),
    }
}

async fn database(config: &Config, clock: &Clock) -> Result<String, String> {
    let db = open_database(config, clock, None)
        .await
        .map_err(|error| format!("{error:#}"))?;
    let pending = db
        .pending_migrations()
        .await
        .map_err(|error| error.to_string())?;
    Ok(format!(
        "{:?}, {pending} migrations to apply at the next start",
        db.backend()
    ))
}
