//! Pictures of gifts and viewers: fetched when somebody looks, kept on the disk, and never in the way of anything.
//!
//! The window never asks TikTok itself. It is given `/pictures/ID`, and whoever serves that asks [`Pictures::read`]. An id
//! says nothing of an address, and only addresses that the app itself named are fetched, so nobody can have anything else
//! fetched through us.

mod cache;
mod hosts;
mod kind;
mod known;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use cuelight_runtime::tls;
use parking_lot::Mutex;
use reqwest::{Client, StatusCode, redirect};
use tokio::sync::{OnceCell, Semaphore};

use self::cache::Cache;
pub use self::hosts::Hosts;
pub use self::kind::Kind;
use self::known::{Known, PictureId};

/// Pictures fetched at once; a page of the picker is there in a second all the same.
const AT_ONCE: usize = 4;

/// The largest picture that is taken, in bytes; TikTok's have a few kilobytes.
const PICTURE_BYTES: usize = 2 * 1024 * 1024;

/// How long the far side may take for one picture.
const FETCH_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a picture that could not be fetched is not asked for again.
const AGAIN_AFTER: Duration = Duration::from_secs(5 * 60);

/// Other addresses that may be asked for one picture before it is given up.
const REDIRECTS: usize = 3;

/// A whole picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// What it is, by its own bytes.
    pub kind: Kind,
    /// The file.
    pub bytes: Arc<[u8]>,
}

/// The pictures of a data folder; clones are the same.
#[derive(Debug, Clone)]
pub struct Pictures {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    hosts: Hosts,
    client: Client,
    cache: Cache,
    known: Mutex<Known>,
    /// What is being fetched; whoever wants the same picture waits for the same answer.
    fetching: Mutex<HashMap<PictureId, Arc<OnceCell<Option<Picture>>>>>,
    at_once: Semaphore,
    timeout: Duration,
}

/// Why a picture could not be fetched.
#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error("could not reach its place: {0}")]
    Unreachable(#[from] reqwest::Error),
    #[error("no whole answer came within {0:?}")]
    TooSlow(Duration),
    #[error("the answer was {0}")]
    Refused(StatusCode),
    #[error("it is gone")]
    Gone,
    #[error("it has more than {PICTURE_BYTES} bytes")]
    TooLarge,
    #[error("what came is no picture")]
    NoPicture,
}

impl Pictures {
    /// Pictures from these hosts, kept in that folder; nothing is made or asked yet.
    #[must_use]
    pub fn new(folder: PathBuf, hosts: Hosts) -> Self {
        Self::within(folder, hosts, cache::MOST_BYTES, FETCH_TIMEOUT)
    }

    fn within(folder: PathBuf, hosts: Hosts, most_bytes: u64, timeout: Duration) -> Self {
        let allowed = hosts.clone();
        let client = Client::builder()
            .tls_backend_preconfigured(tls::client_config())
            .redirect(redirect::Policy::custom(move |attempt| {
                // Elsewhere, or round in circles: the answer stays the redirect, which is no picture.
                if attempt.previous().len() <= REDIRECTS && allowed.allow(attempt.url()) {
                    attempt.follow()
                } else {
                    attempt.stop()
                }
            }))
            .build()
            .expect("this configuration needs nothing from the system");
        let shared = Shared {
            hosts,
            client,
            cache: Cache::new(folder, most_bytes),
            known: Mutex::default(),
            fetching: Mutex::default(),
            at_once: Semaphore::new(AT_ONCE),
            timeout,
        };
        Self { shared: Arc::new(shared) }
    }

    /// Where the window finds the picture of that address: `/pictures/ID`, relative to whatever serves it. `None` for an
    /// address that is none of TikTok's pictures.
    #[must_use]
    pub fn url_for(&self, uri: &str) -> Option<String> {
        let url = reqwest::Url::parse(uri).ok().filter(|url| self.shared.hosts.allow(url))?;
        let id = PictureId::of(&url);
        let path = format!("/pictures/{id}");
        self.shared.known.lock().learn(id, url);
        Some(path)
    }

    /// The picture of that id, from the disk or else from TikTok. `None` where nobody named it, or it cannot be had for now.
    pub async fn read(&self, id: &str) -> Option<Picture> {
        let id: PictureId = id.parse().ok()?;
        if let Some(picture) = self.kept(&id).await {
            return Some(picture);
        }
        let url = self.shared.known.lock().wanted(&id)?;
        let cell = Arc::clone(self.shared.fetching.lock().entry(id.clone()).or_default());
        let picture = cell.get_or_init(|| self.fetch_and_keep(&id, url)).await.clone();
        self.shared.fetching.lock().remove(&id);
        picture
    }

    async fn kept(&self, id: &PictureId) -> Option<Picture> {
        let (shared, id) = (Arc::clone(&self.shared), id.clone());
        tokio::task::spawn_blocking(move || shared.cache.read(&id)).await.ok().flatten()
    }

    async fn fetch_and_keep(&self, id: &PictureId, url: reqwest::Url) -> Option<Picture> {
        // Somebody else may have fetched it since it was looked for on the disk.
        if let Some(picture) = self.kept(id).await {
            return Some(picture);
        }
        let place = url.host_str().unwrap_or_default().to_owned();
        match self.fetch(url).await {
            Ok(picture) => {
                let (shared, id, kept) = (Arc::clone(&self.shared), id.clone(), picture.clone());
                let keeping = tokio::task::spawn_blocking(move || shared.cache.write(&id, &kept.bytes));
                if let Ok(Err(error)) = keeping.await {
                    tracing::warn!(%error, "a picture could not be kept");
                }
                Some(picture)
            }
            Err(error) => {
                tracing::debug!(place, %error, "a picture could not be fetched");
                let mut known = self.shared.known.lock();
                match error {
                    FetchError::Gone => known.gone(id),
                    FetchError::Unreachable(_)
                    | FetchError::TooSlow(_)
                    | FetchError::Refused(_)
                    | FetchError::TooLarge
                    | FetchError::NoPicture => known.failed(id),
                }
                None
            }
        }
    }

    async fn fetch(&self, url: reqwest::Url) -> Result<Picture, FetchError> {
        let _place = self.shared.at_once.acquire().await.expect("nobody closes it");
        let exchange = async {
            let mut response = self.shared.client.get(url).send().await.map_err(reqwest::Error::without_url)?;
            match response.status() {
                StatusCode::NOT_FOUND | StatusCode::GONE => return Err(FetchError::Gone),
                status if !status.is_success() => return Err(FetchError::Refused(status)),
                _ => {}
            }
            let mut bytes = Vec::new();
            while let Some(chunk) = response.chunk().await.map_err(reqwest::Error::without_url)? {
                if bytes.len() + chunk.len() > PICTURE_BYTES {
                    return Err(FetchError::TooLarge);
                }
                bytes.extend_from_slice(&chunk);
            }
            let kind = Kind::of(&bytes).ok_or(FetchError::NoPicture)?;
            Ok(Picture { kind, bytes: bytes.into() })
        };
        let timeout = self.shared.timeout;
        tokio::time::timeout(timeout, exchange).await.map_err(|_| FetchError::TooSlow(timeout))?
    }
}
