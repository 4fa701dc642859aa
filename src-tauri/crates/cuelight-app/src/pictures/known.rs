//! The addresses of pictures that the app named, by ids that tell nothing of them.

use std::collections::{HashMap, VecDeque};
use std::fmt::{self, Write as _};
use std::str::FromStr;
use std::time::Instant;

use cuelight_core::gift_catalogue::picture_path;
use reqwest::Url;
use sha2::{Digest as _, Sha256};

use super::AGAIN_AFTER;

/// Addresses remembered at once; beyond it those that were named first go first. An evening's viewers and all gifts fit in.
const ADDRESSES: usize = 20_000;

/// Digits of an id: 128 bits of a hash, so no two pictures share one.
const DIGITS: usize = 32;

/// A picture, by the path of its address: the same whichever of TikTok's hosts it lies on and however it is signed today.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct PictureId(String);

impl PictureId {
    pub(super) fn of(url: &Url) -> Self {
        let hash = Sha256::digest(picture_path(url.as_str()));
        let mut digits = String::with_capacity(DIGITS);
        for byte in &hash[..DIGITS / 2] {
            write!(digits, "{byte:02x}").expect("a String takes every write");
        }
        Self(digits)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PictureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that is no id; it may come from anywhere, and becomes the name of a file.
#[derive(Debug)]
pub(super) struct NoPictureId;

impl FromStr for PictureId {
    type Err = NoPictureId;

    fn from_str(text: &str) -> Result<Self, NoPictureId> {
        let is_id = text.len() == DIGITS && text.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
        is_id.then(|| Self(text.to_owned())).ok_or(NoPictureId)
    }
}

#[derive(Debug)]
struct Address {
    url: Url,
    failure: Option<Failure>,
}

/// Why a picture is not asked for.
#[derive(Debug, Clone, Copy)]
enum Failure {
    /// It could not be fetched then.
    ForNow(Instant),
    /// Its place said that it is gone, which holds however its address is signed.
    ForGood,
}

/// The addresses that the app named.
#[derive(Debug, Default)]
pub(super) struct Known {
    addresses: HashMap<PictureId, Address>,
    in_order: VecDeque<PictureId>,
}

impl Known {
    /// Remembers an address; a newly signed one takes the place of the older, and may be tried again unless it is gone.
    pub(super) fn learn(&mut self, id: PictureId, url: Url) {
        if let Some(known) = self.addresses.get_mut(&id) {
            if known.url != url {
                let failure = known.failure.filter(|failure| matches!(failure, Failure::ForGood));
                *known = Address { url, failure };
            }
            return;
        }
        if self.addresses.len() >= ADDRESSES
            && let Some(oldest) = self.in_order.pop_front()
        {
            self.addresses.remove(&oldest);
        }
        self.in_order.push_back(id.clone());
        self.addresses.insert(id, Address { url, failure: None });
    }

    /// From where the picture is to be fetched; `None` where nobody named it, it failed a moment ago, or it is gone.
    pub(super) fn wanted(&self, id: &PictureId) -> Option<Url> {
        let known = self.addresses.get(id)?;
        let is_ready = match known.failure {
            None => true,
            Some(Failure::ForNow(failed_at)) => failed_at.elapsed() >= AGAIN_AFTER,
            Some(Failure::ForGood) => false,
        };
        is_ready.then(|| known.url.clone())
    }

    /// Remembers that it could not be fetched now.
    pub(super) fn failed(&mut self, id: &PictureId) {
        self.note(id, Failure::ForNow(Instant::now()));
    }

    /// Remembers that there is no such picture any more, however its address is signed.
    pub(super) fn gone(&mut self, id: &PictureId) {
        self.note(id, Failure::ForGood);
    }

    fn note(&mut self, id: &PictureId, failure: Failure) {
        if let Some(known) = self.addresses.get_mut(id) {
            known.failure = Some(failure);
        }
    }
}
