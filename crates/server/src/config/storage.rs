//! Where files are kept: a folder, or a bucket with its keys.

use std::path::PathBuf;

use blob::BucketOptions;
use outbound::Secret;
use secrecy::ExposeSecret;
use url::Url;

use super::{Problem, Settings};

/// The place that the operator chose.
#[derive(Clone, Debug)]
pub enum Storage {
    /// A folder; absent: in the data folder.
    Folder(Option<PathBuf>),
    Bucket(Box<BucketOptions>),
}

const ALLOWED: &str =
    "s3://BUCKET, s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION, or file:///FOLDER";

impl Settings {
    pub(super) fn storage(&self) -> Result<Storage, Problem> {
        let key = "data.storage_url";
        let Some(text) = self.optional(key)? else {
            return Ok(Storage::Folder(None));
        };
        let url = Url::parse(&text).map_err(|_| self.bad(key, ALLOWED))?;
        match url.scheme() {
            "file" => {
                let path = url.to_file_path().map_err(|()| self.bad(key, ALLOWED))?;
                Ok(Storage::Folder(Some(path)))
            }
            "s3" => Ok(Storage::Bucket(Box::new(self.bucket(key, &url)?))),
            _ => Err(self.bad(key, ALLOWED)),
        }
    }

    fn bucket(&self, key: &str, url: &Url) -> Result<BucketOptions, Problem> {
        let name = url.host_str().filter(|name| !name.is_empty());
        let has_password = !url.username().is_empty() || url.password().is_some();
        let (Some(name), false) = (name, has_password) else {
            return Err(self.bad(key, ALLOWED));
        };
        let (mut endpoint, mut region) = (None, "us-east-1".to_owned());
        for (field, value) in url.query_pairs() {
            match &*field {
                "endpoint" => {
                    let address = Url::parse(&value).ok();
                    let is_web = |url: &Url| matches!(url.scheme(), "http" | "https");
                    let address = address.filter(is_web);
                    endpoint = Some(address.ok_or_else(|| self.bad(key, ALLOWED))?);
                }
                "region" if !value.is_empty() => region = value.into_owned(),
                _ => return Err(self.bad(key, ALLOWED)),
            }
        }
        let needed = |setting: &str, own: &str| {
            self.secret(setting)?
                .ok_or_else(|| self.bad(setting, &format!("the key of the bucket's user ({own})")))
        };
        let id = needed("data.storage_access_key_id", "AWS_ACCESS_KEY_ID")?;
        let secret = needed("data.storage_secret_key", "AWS_SECRET_ACCESS_KEY")?;
        let token = self.secret("data.storage_session_token")?;
        Ok(BucketOptions {
            name: name.to_owned(),
            prefix: url.path().trim_matches('/').to_owned(),
            endpoint,
            region,
            access_key_id: id.expose_secret().to_owned(),
            secret_access_key: Secret::new(secret.expose_secret()),
            session_token: token.map(|token| Secret::new(token.expose_secret())),
        })
    }
}
