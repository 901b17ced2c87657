//! A bucket of a server that speaks S3: Amazon's, `MinIO`, Garage, Ceph and others.
//!
//! Requests are put together and signed by `object_store`, and sent by our own client, which is bound
//! to the server's address: nothing else is ever asked, neither for credentials nor after a redirect.

use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use http_body_util::BodyExt;
use object_store::{
    BackoffConfig, ClientOptions, ObjectStoreExt, RetryConfig, WriteMultipart,
    aws::{AmazonS3, AmazonS3Builder},
    client::{
        HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse,
        HttpResponseBody, HttpService,
    },
    path::Path,
};
use outbound::{FailureKind, Secret, Trusted, TrustedError, Url};
use tokio::io::AsyncReadExt;
use uuid::Uuid;

use crate::{Error, Pieces, Scratch};

/// From this size on a file goes in parts.
const PART: usize = 8 << 20;
/// Parts on their way at the same time.
const PARALLEL: usize = 4;
/// How long the head of an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where a bucket is and how it is opened.
#[derive(Clone, Debug)]
pub struct BucketOptions {
    /// Its name.
    pub name: String,
    /// What all keys begin with; may be empty.
    pub prefix: String,
    /// The server's address; absent is Amazon's of the region.
    pub endpoint: Option<Url>,
    /// Goes into the signature; many servers take any.
    pub region: String,
    /// Which key it is.
    pub access_key_id: String,
    /// The key that signs.
    pub secret_access_key: Secret,
    /// Comes with keys that hold for a while only.
    pub session_token: Option<Secret>,
}

/// Why a bucket cannot be used as the operator set it.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// Its server's address.
    #[error("the server of the bucket: {0}")]
    Endpoint(#[from] TrustedError),
    /// Something else.
    #[error("the bucket: {0}")]
    Bucket(#[from] object_store::Error),
    /// No address can be made from the region.
    #[error("the region is not a part of an address")]
    Region,
}

pub(crate) struct Bucket {
    store: Arc<AmazonS3>,
    prefix: String,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Bucket")
            .field(&self.store.to_string())
            .finish()
    }
}

impl Bucket {
    pub(crate) fn new(options: &BucketOptions) -> Result<Self, SetupError> {
        let endpoint = match &options.endpoint {
            Some(url) => url.clone(),
            None => Url::parse(&format!("https://s3.{}.amazonaws.com", options.region))
                .map_err(|_| SetupError::Region)?,
        };
        let client = outbound::trusted(endpoint.clone(), &outbound::Options::default())?;
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&options.name)
            .with_region(&options.region)
            .with_endpoint(endpoint.as_str())
            .with_access_key_id(&options.access_key_id)
            .with_secret_access_key(options.secret_access_key.expose())
            .with_retry(RetryConfig {
                backoff: BackoffConfig::default(),
                max_retries: 3,
                retry_timeout: Duration::from_secs(20),
            })
            .with_http_connector(Connector(client));
        if let Some(token) = &options.session_token {
            builder = builder.with_token(token.expose());
        }
        Ok(Self {
            store: Arc::new(builder.build()?),
            prefix: options.prefix.trim_matches('/').to_owned(),
        })
    }

    fn path(&self, key: Uuid) -> Path {
        Path::from(format!("{}/{key}", self.prefix))
    }

    pub(crate) async fn put(&self, key: Uuid, bytes: Bytes) -> Result<(), Error> {
        self.store.put(&self.path(key), bytes.into()).await?;
        Ok(())
    }

    /// Nothing is under the key before the last part is there.
    pub(crate) async fn put_file(&self, key: Uuid, mut scratch: Scratch) -> Result<(), Error> {
        if usize::try_from(scratch.len()).is_ok_and(|length| length <= PART) {
            let bytes = scratch.read().await?;
            return self.put(key, bytes.into()).await;
        }
        scratch.flush().await?;
        let mut file = tokio::fs::File::open(scratch.path()).await?;
        let upload = self.store.put_multipart(&self.path(key)).await?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, PART);
        loop {
            let mut piece = Vec::with_capacity(PART / 8);
            let most = u64::try_from(PART / 8).unwrap_or(u64::MAX);
            let read = (&mut file).take(most).read_to_end(&mut piece).await;
            match read {
                Ok(0) => break,
                Ok(_) => {
                    upload.wait_for_capacity(PARALLEL).await?;
                    upload.put(piece.into());
                }
                Err(error) => {
                    upload.abort().await?;
                    return Err(error.into());
                }
            }
        }
        upload.finish().await?;
        Ok(())
    }

    pub(crate) async fn get(&self, key: Uuid) -> Result<Bytes, Error> {
        Ok(self.store.get(&self.path(key)).await?.bytes().await?)
    }

    pub(crate) async fn pieces(&self, key: Uuid) -> Result<Pieces, Error> {
        let found = self.store.get(&self.path(key)).await?;
        Ok(found.into_stream().map_err(Error::from).boxed())
    }

    pub(crate) async fn copy_to(&self, key: Uuid, scratch: &mut Scratch) -> Result<(), Error> {
        let mut pieces = self.pieces(key).await?;
        while let Some(piece) = pieces.try_next().await? {
            scratch.write(&piece).await?;
        }
        scratch.flush().await?;
        Ok(())
    }

    pub(crate) async fn delete(&self, key: Uuid) -> Result<(), Error> {
        Ok(self.store.delete(&self.path(key)).await?)
    }
}

/// Gives `object_store` the platform's own client.
#[derive(Debug)]
struct Connector(Trusted);

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(Service(self.0.clone())))
    }
}

#[derive(Debug)]
struct Service(Trusted);

#[async_trait::async_trait]
impl HttpService for Service {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        let exchange = self.0.exchange(http::Request::from_parts(parts, body));
        let answer = tokio::time::timeout(PATIENCE, exchange)
            .await
            .map_err(|late| HttpError::new(HttpErrorKind::Timeout, late))?
            .map_err(failure)?;
        Ok(answer.map(|body| HttpResponseBody::new(body.map_err(failure))))
    }
}

fn failure(failure: outbound::Failure) -> HttpError {
    let kind = match failure.kind {
        FailureKind::Unreachable => HttpErrorKind::Connect,
        FailureKind::Cut => HttpErrorKind::Interrupted,
        FailureKind::NotHttp => HttpErrorKind::Decode,
    };
    HttpError::new(kind, failure)
}
