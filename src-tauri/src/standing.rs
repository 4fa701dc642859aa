//! How the app stands, as far as tray and closing go by it.
//!
//! It follows the app itself and not what is pushed: where no window listens, nothing is read for one.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use cuelight_app::App;
use cuelight_app::dto::{Language, LiveSource, LiveStatus, Phase, WindowSettings};
use tauri::{AppHandle, Manager};

use crate::tray;

/// How often the app is looked at while much happens; nobody looks at a tray more often.
const GLANCE: Duration = Duration::from_millis(250);

/// What the tray shows and what closing the window means.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    known: Mutex<Known>,
}

/// What is known of the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    /// How the live stands.
    pub(crate) live: Live,
    /// Who is live; without `@`.
    pub(crate) creator: Option<String>,
    /// All services are paused.
    pub(crate) paused: bool,
    /// Sound is held back.
    pub(crate) silenced: bool,
    /// The language that was chosen.
    pub(crate) language: Language,
    /// Closed, the engine goes on in the tray.
    pub(crate) close_to_tray: bool,
}

/// How the live stands, as one glance at a tray has to tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Live {
    /// Nothing runs.
    Off,
    /// It is looked for.
    Awaited,
    /// Events come.
    On,
    /// The connection broke and is made again.
    Reconnecting,
    /// A rehearsal runs.
    Rehearsal,
}

impl Default for Known {
    fn default() -> Self {
        let window = WindowSettings::default();
        Self {
            live: Live::Off,
            creator: None,
            paused: false,
            silenced: false,
            language: window.language,
            close_to_tray: window.close_to_tray,
        }
    }
}

impl Standing {
    /// What is known now.
    pub(crate) fn now(&self) -> Known {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes in what changed; says whether anything here did.
    fn change(&self, change: impl FnOnce(&mut Known)) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let before = known.clone();
        change(&mut known);
        *known != before
    }
}

impl Known {
    fn take_live(&mut self, status: &LiveStatus) {
        self.live = Live::of(status);
        self.creator.clone_from(&status.creator);
        self.paused = status.paused;
        self.silenced = status.silenced;
    }

    fn take_settings(&mut self, window: WindowSettings) {
        self.language = window.language;
        self.close_to_tray = window.close_to_tray;
    }
}

impl Live {
    fn of(status: &LiveStatus) -> Self {
        match status.phase {
            Phase::Offline
            | Phase::NoSuchCreator
            | Phase::NotLive
            | Phase::AgeRestricted
            | Phase::Blocked { .. }
            | Phase::RateLimited { .. }
            | Phase::Ended { .. } => Self::Off,
            Phase::Looking | Phase::Waiting { .. } | Phase::Connecting => Self::Awaited,
            Phase::Reconnecting { .. } => Self::Reconnecting,
            Phase::Live { .. } | Phase::PausedByCreator { .. } => match status.source {
                Some(LiveSource::Simulator | LiveSource::Recording) => Self::Rehearsal,
                Some(LiveSource::Tiktok) | None => Self::On,
            },
        }
    }

    /// Ending the app now would end something that people would miss.
    pub(crate) fn would_be_missed(self) -> bool {
        match self {
            Self::On | Self::Reconnecting => true,
            Self::Off | Self::Awaited | Self::Rehearsal => false,
        }
    }
}

/// Follows the app from its beginning to its end.
pub(crate) async fn follow(app: &AppHandle, running: &App) {
    let mut live = running.live.watch();
    let mut settings = running.settings.subscribe();
    let mut silenced = running.engine.workers.orders().silenced();
    let mut services = running.engine.workers.statuses();
    loop {
        look(app, running).await;
        tokio::time::sleep(GLANCE).await;
        let changed = tokio::select! {
            changed = live.changed() => changed,
            changed = settings.changed() => changed,
            changed = silenced.changed() => changed,
            changed = services.changed() => changed,
        };
        if changed.is_err() {
            return;
        }
    }
}

async fn look(app: &AppHandle, running: &App) {
    let status = match running.live_status().await {
        Ok(status) => status,
        Err(failure) => {
            tracing::warn!(%failure, "the tray does not know how the app stands");
            return;
        }
    };
    let window = cuelight_app::dto::Settings::from(&*running.settings.borrow()).window;
    let is_news = app.state::<Standing>().change(|known| {
        known.take_settings(window);
        known.take_live(&status);
    });
    if is_news {
        tray::show_standing(app);
    }
}

#[cfg(test)]
mod tests {
    use cuelight_app::dto::Totals;

    use super::*;

    fn status(phase: Phase, source: LiveSource) -> LiveStatus {
        LiveStatus {
            phase,
            creator: Some("luna.plays".into()),
            picture: None,
            session: None,
            source: Some(source),
            totals: Totals::default(),
            last_gap: None,
            paused: true,
            silenced: false,
            behind_ms: 0,
            old_jobs: None,
        }
    }

    #[test]
    fn only_what_a_tray_shows_is_news() {
        let standing = Standing::default();
        let at = |last_message_ms| status(Phase::Live { since_ms: 1, last_message_ms }, LiveSource::Tiktok);
        assert!(standing.change(|known| known.take_live(&at(2))), "it is live now");
        assert!(!standing.change(|known| known.take_live(&at(3))), "one more message draws no menu anew");
        let known = standing.now();
        assert_eq!((known.live, known.paused), (Live::On, true), "as pushed");
        assert!(known.close_to_tray, "settings did not change");
    }

    #[test]
    fn only_a_real_live_would_be_missed() {
        let live = || Phase::Live { since_ms: 1, last_message_ms: 2 };
        for (phase, source, missed) in [
            (live(), LiveSource::Tiktok, true),
            (live(), LiveSource::Simulator, false),
            (
                Phase::Reconnecting { lost_ms: 1, retry_ms: 2, attempt: 1, cause: "cut".into() },
                LiveSource::Tiktok,
                true,
            ),
            (Phase::Waiting { next_check_ms: 1 }, LiveSource::Tiktok, false),
            (Phase::Ended { since_ms: 1, ended_ms: 2 }, LiveSource::Tiktok, false),
        ] {
            let told = Live::of(&status(phase.clone(), source));
            assert_eq!(told.would_be_missed(), missed, "{phase:?} of {source:?}");
        }
    }
}
