//! How well the connection, the local server, the disk and publishing are.

use cuelight_core::reason::Reason;
use cuelight_runtime::disk::{DiskHealth, LITTLE_SPACE_BYTES, free_bytes};
use cuelight_runtime::publish::PublishHealth;

use super::Standing;
use crate::app::App;
use crate::dto::{Banner, FailureCode, Health, HealthId, HealthState, LiveSource, Phase};

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

    /// What must be known before anything else as things stand: that the disk takes nothing, or else that a damaged database
    /// was set aside.
    pub(crate) fn banner(&self, standing: &Standing) -> Option<Banner> {
        if let Some(reason) = self.disk_trouble(standing) {
            let place = if let Reason::DiskFull { place, .. } = reason { Some(place) } else { None };
            return Some(Banner { code: FailureCode::DiskFull, place });
        }
        self.runtime.notes.iter().find_map(|note| match note {
            Reason::DatabaseDamaged { moved_to, .. } => {
                Some(Banner { code: FailureCode::DatabaseSetAside, place: Some(moved_to.clone()) })
            }
            _ => None,
        })
    }

    /// Why the disk takes nothing, be it of the journal or of the queues.
    fn disk_trouble(&self, standing: &Standing) -> Option<Reason> {
        standing.disk.clone().or_else(|| waiting(&self.engine.workers.health().borrow()))
    }

    async fn disk(&self, standing: &Standing) -> Health {
        let folder = self.store().folder().path().to_owned();
        let asked = tokio::task::spawn_blocking(move || free_bytes(&folder)).await;
        let free = asked.ok().and_then(Result::ok);
        let waiting = self.disk_trouble(standing);
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
        // Its page is in front of somebody, and the live goes on by itself after it.
        Phase::Captcha { is_shown: true } => (HealthState::Notable, silence_ms),
        Phase::NoSuchCreator
        | Phase::AgeRestricted
        | Phase::NotPublic
        | Phase::Captcha { is_shown: false }
        | Phase::Blocked { .. } => (HealthState::Bad, None),
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use cuelight_runtime::clock::Clock;
    use cuelight_runtime::paths::DataFolder;

    use super::*;
    use crate::shell::NoShell;

    #[test]
    fn a_captcha_that_somebody_sees_is_notable_and_one_that_nobody_sees_is_bad() {
        for (is_shown, expected) in [(true, HealthState::Notable), (false, HealthState::Bad)] {
            let phase = Phase::Captcha { is_shown };
            let standing = Standing { phase, source: Some(LiveSource::Tiktok), ..Standing::default() };
            assert_eq!(tiktok(&standing, 0).state, expected, "its page is shown: {is_shown}");
        }
    }

    #[tokio::test]
    async fn a_full_disk_takes_the_banner_while_it_lasts_then_the_damaged_database_has_it_back() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = DataFolder::new(place.path().join("data"));
        folder.create().expect("it can be made");
        std::fs::write(folder.path().join("cuelight.db"), [7_u8; 8_192]).expect("writable");
        let app = App::begin(&folder, Clock::system(), Arc::new(NoShell)).expect("it begins anew");
        let code = |standing: &Standing| app.banner(standing).map(|banner| banner.code);
        assert_eq!(code(&Standing::default()), Some(FailureCode::DatabaseSetAside), "as it was at the start");
        let disk = Some(Reason::DiskFull { place: "cuelight.db".to_owned(), error: "no room".to_owned() });
        assert_eq!(code(&Standing { disk, ..Standing::default() }), Some(FailureCode::DiskFull), "this is urgent");
        assert_eq!(code(&Standing::default()), Some(FailureCode::DatabaseSetAside), "with room again it is still so");
        app.end().await;
    }
}
