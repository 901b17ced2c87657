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

#[cfg(test)]
mod tests {
    use super::{super::Config, Storage};

    fn read(pairs: &[(&str, &str)]) -> Result<Storage, String> {
        let pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let config = Config::from_parts(None, pairs).map_err(|problem| problem.to_string())?;
        Ok(config.data.storage)
    }

    #[test]
    fn a_bucket_is_named_with_its_server_and_opened_with_a_key() {
        let url = "s3://files/some/where?endpoint=https://s3.example.org&region=eu-north-1";
        let keys = [
            ("STORAGE_URL", url),
            ("AWS_ACCESS_KEY_ID", "id"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
        ];
        let Ok(Storage::Bucket(bucket)) = read(&keys) else {
            panic!("{:?}", read(&keys));
        };
        assert_eq!((&*bucket.name, &*bucket.prefix), ("files", "some/where"));
        let endpoint = bucket.endpoint.unwrap();
        assert_eq!(endpoint.as_str(), "https://s3.example.org/");
        assert_eq!(&*bucket.region, "eu-north-1");
        assert!(bucket.session_token.is_none());
        assert!(matches!(read(&[]), Ok(Storage::Folder(None))));
        let folder = read(&[("STORAGE_URL", "file:///srv/files")]);
        assert!(matches!(folder, Ok(Storage::Folder(Some(path))) if path.ends_with("srv/files")));
    }

    #[test]
    fn what_cannot_be_a_place_is_refused_and_no_key_is_shown() {
        for url in [
            "s3://",
            "s3://id:secret@bucket",
            "s3://bucket?endpoint=ftp://x",
            "s3://bucket?acl=public",
            "http://bucket",
            "bucket",
        ] {
            let pairs = [
                ("STORAGE_URL", url),
                ("AWS_ACCESS_KEY_ID", "id"),
                ("AWS_SECRET_ACCESS_KEY", "hunter2"),
            ];
            let refused = read(&pairs).unwrap_err();
            assert!(refused.starts_with("data.storage_url = "), "{refused}");
            assert!(!refused.contains("hunter2"), "{refused}");
        }
        let pairs = [("STORAGE_URL", "s3://bucket"), ("AWS_ACCESS_KEY_ID", "id")];
        let refused = read(&pairs).unwrap_err();
        let named = "data.storage_secret_key = (not shown)";
        assert!(refused.starts_with(named), "{refused}");
    }
}
