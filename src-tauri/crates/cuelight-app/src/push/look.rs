//! What was committed since the last look, by whomever: found by the numbers that grow with every change.

use std::collections::BTreeMap;

use cuelight_core::id::JobId;
use cuelight_runtime::store::{Reader, Revisions, StoreError};

/// How far back a look goes over what it saw already, in milliseconds: a job's end is stamped before its commit, and commits
/// wait for each other.
const OVERLAP_MS: i64 = 500;

/// How far back the first look goes after a while without one, in milliseconds; who began to listen then asked for the rest.
const RECENT_MS: i64 = 5_000;

/// What the last look saw.
#[derive(Debug)]
pub(super) struct Look {
    version: i64,
    revisions: Revisions,
    /// When the last of the jobs ended that were seen.
    ended_ms: i64,
    /// Jobs that ended shortly before that, and when.
    seen: BTreeMap<JobId, i64>,
}

/// What changed since the last look.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// Jobs that ended.
    pub(super) ended: Vec<JobId>,
    /// Jobs wait, are paused or held otherwise.
    pub(super) queues: bool,
    /// The services are others, or have other wishes.
    pub(super) services_revision: Option<i64>,
    /// The rules are others; or what they are listed with.
    pub(super) rulebook_revision: Option<i64>,
}

impl Look {
    /// Sees what is there at that moment.
    pub(super) fn at(reader: &Reader, now_ms: i64) -> Result<Self, StoreError> {
        // The number first: what is committed after it is seen by the next look.
        let version = reader.data_version()?;
        Ok(Self { version, revisions: reader.revisions()?, ended_ms: now_ms, seen: BTreeMap::new() })
    }

    /// Sees what changed since.
    pub(super) fn again(&mut self, reader: &Reader, now_ms: i64) -> Result<Changes, StoreError> {
        let version = reader.data_version()?;
        if version == self.version {
            return Ok(Changes::default());
        }
        let (before, now) = (self.revisions, reader.revisions()?);
        let queues = before.queues != now.queues;
        let ended = if queues { self.ended(reader, now_ms)? } else { Vec::new() };
        let services = before.services != now.services;
        let services_revision = services.then_some(now.services);
        let rulebook_revision = (services || before.rules != now.rules).then_some(now.rules);
        // Only now that all of it is read: what could not be read is read the next time.
        (self.version, self.revisions) = (version, now);
        Ok(Changes { ended, queues, services_revision, rulebook_revision })
    }

    fn ended(&mut self, reader: &Reader, now_ms: i64) -> Result<Vec<JobId>, StoreError> {
        let since_ms = (self.ended_ms - OVERLAP_MS).max(now_ms - RECENT_MS);
        let found = reader.jobs_ended_since(since_ms)?;
        self.ended_ms = found.iter().map(|ended| ended.ended_ms).max().unwrap_or(0).max(self.ended_ms);
        let mut new = Vec::new();
        for ended in found {
            if self.seen.insert(ended.job, ended.ended_ms).is_none() {
                new.push(ended.job);
            }
        }
        let kept_ms = self.ended_ms - OVERLAP_MS;
        self.seen.retain(|_, ended_ms| *ended_ms >= kept_ms);
        Ok(new)
    }
}
