//! How well the connection, the local server, the disk and publishing are.

use cuelight_core::reason::Reason;
use cuelight_runtime::disk::{DiskHealth, LITTLE_SPACE_BYTES, free_bytes};
use cuelight_runtime::publish::PublishHealth;

use super::Standing;
use crate::app::App;
use crate::dto::{Health, HealthId, HealthState, LiveSource, Phase};

/// Silence of TikTok after which people should know of it: two of its answers to heartbeats, which come every 10 s, are missing.
const LONG_SILENCE_MS: i64 = 25_000;

impl App {
    /// How well everything is that has a health.
    pub async fn healths(&self) -> Vec<Health> {
        let standing = self.live.standing.borrow().clone();
        vec![
            tiktok(&standing, self.clock.now_ms()),
            self.server.health(),
            self.disk(&standing).await,
            redis(standing.publishing.as_ref()),
        ]
    }

    async fn disk(&self, standing: &Standing) -> Health {
        let folder = self.store().folder().path().to_owned();
        let asked = tokio::task::spawn_blocking(move || free_bytes(&folder)).await;
        let free = asked.ok().and_then(Result::ok);
        let waiting = standing.disk.clone().or_else(|| waiting(&self.engine.workers.health().borrow()));
        let state = match (&waiting, free) {
            (Some(_), _) | (None, None) => HealthState::Bad,
            (None, Some(bytes)) if bytes < LITTLE_SPACE_BYTES => HealthState::Notable,
            (None, Some(_)) => HealthState::Good,
        };
        let value = free.map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX));
        Health { id: HealthId::Disk, state, value, reason: waiting }
    }
}

/// Why the disk takes nothing, where that is so.
pub(super) fn waiting(health: &DiskHealth) -> Option<Reason> {
    match health {
        DiskHealth::Writing => None,
        DiskHealth::Waiting(reason) => Some(reason.clone()),
    }
}

fn tiktok(standing: &Standing, now_ms: i64) -> Health {
    let silence_ms = standing.heard_ms.map(|heard_ms| now_ms.saturating_sub(heard_ms).max(0));
    let is_wanted = standing.source == Some(LiveSource::Tiktok);
    let (state, value) = match &standing.phase {
        _ if !is_wanted => (HealthState::Off, None),
        Phase::Live { .. } | Phase::PausedByCreator { .. } => {
            let is_silent = silence_ms.is_some_and(|silence_ms| silence_ms > LONG_SILENCE_MS);
            (if is_silent { HealthState::Notable } else { HealthState::Good }, silence_ms)
        }
        Phase::Looking | Phase::Connecting | Phase::Waiting { .. } => (HealthState::Good, None),
        Phase::Reconnecting { .. } | Phase::RateLimited { .. } => (HealthState::Notable, silence_ms),
        Phase::NoSuchCreator | Phase::AgeRestricted | Phase::NotPublic | Phase::Captcha | Phase::Blocked { .. } => {
            (HealthState::Bad, None)
        }
        Phase::Offline | Phase::NotLive | Phase::Ended { .. } => (HealthState::Off, None),
    };
    Health { id: HealthId::Tiktok, state, value, reason: None }
}

fn redis(publishing: Option<&PublishHealth>) -> Health {
    let state = match publishing {
        None => HealthState::Off,
        Some(PublishHealth::Publishing) => HealthState::Good,
        Some(PublishHealth::Unreachable { .. } | PublishHealth::Refused { .. }) => HealthState::Bad,
    };
    Health { id: HealthId::Redis, state, value: None, reason: None }
}
