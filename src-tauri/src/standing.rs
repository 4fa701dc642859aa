//! How the app stands, as far as tray and closing go by it; kept current by what is pushed.

use std::sync::{Mutex, PoisonError};

use cuelight_app::Door;
use cuelight_app::dto::{CallerRole, Language, LiveSource, LiveStatus, Phase, PushBatch, Settings};
use serde::Deserialize;
use serde_json::json;
use tauri::{AppHandle, Manager};

use crate::bridge::Bridge;
use crate::tray;

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

/// The part of the answer to `open` that matters here.
#[derive(Deserialize)]
struct Opened {
    settings: Settings,
    live: LiveStatus,
}

impl Default for Known {
    fn default() -> Self {
        let window = Settings::default().window;
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
    fn take(&mut self, batch: &PushBatch) {
        if let Some(live) = &batch.live {
            self.take_live(live);
        }
        if let Some(settings) = &batch.settings {
            self.take_settings(settings);
        }
    }

    fn take_live(&mut self, status: &LiveStatus) {
        self.live = Live::of(status);
        self.creator.clone_from(&status.creator);
        self.paused = status.paused;
        self.silenced = status.silenced;
    }

    fn take_settings(&mut self, settings: &Settings) {
        self.language = settings.window.language;
        self.close_to_tray = settings.window.close_to_tray;
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
pub(crate) async fn follow(app: AppHandle) {
    let door = app.state::<Bridge>().when_begun().await;
    let mut batches = door.listen();
    if let Some(opened) = open(&door).await {
        note(&app, |known| {
            known.take_settings(&opened.settings);
            known.take_live(&opened.live);
        });
    }
    while let Some(batch) = batches.next().await {
        note(&app, |known| known.take(&batch));
    }
}

fn note(app: &AppHandle, change: impl FnOnce(&mut Known)) {
    if app.state::<Standing>().change(change) {
        tray::show_standing(app);
    }
}

async fn open(door: &Door) -> Option<Opened> {
    let answer = door.call(CallerRole::Window, "open", json!({})).await;
    answer
        .map_err(|failure| failure.to_string())
        .and_then(|answer| serde_json::from_value(answer).map_err(|error| error.to_string()))
        .inspect_err(|error| tracing::warn!(error, "the tray does not know how the app stands"))
        .ok()
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
    fn a_batch_changes_only_what_it_brings() {
        let standing = Standing::default();
        let live = Phase::Live { since_ms: 1, last_message_ms: 2 };
        let batch = PushBatch { live: Some(status(live, LiveSource::Tiktok)), ..PushBatch::default() };
        assert!(standing.change(|known| known.take(&batch)), "it is live now");
        assert!(!standing.change(|known| known.take(&batch)), "the same again is no news, so no menu is drawn anew");
        let known = standing.now();
        assert_eq!((known.live, known.paused), (Live::On, true), "as pushed");
        assert!(known.close_to_tray, "settings were not in the batch");
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
