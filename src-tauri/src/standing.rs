//! How the app stands, as far as tray and closing go by it.
//!
//! It follows the app itself and not what is pushed: where no window listens, nothing is read for one.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use cuelight_app::App;
use cuelight_app::dto::{Language, LiveSource, Phase, WindowSettings};
use cuelight_app::live;
use cuelight_core::settings::Settings;
use tauri::{AppHandle, Manager};
use tokio::time::MissedTickBehavior;

use crate::tray;

/// How often it is looked whether the services are paused: other processes pause them too, and SQLite has no way to wait for
/// what they do.
const LOOK: Duration = Duration::from_secs(1);

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

    /// Takes in how the app stands now; says whether that is anything new.
    fn is_news(&self, now: Known) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = *known != now;
        *known = now;
        is_news
    }
}

impl Known {
    fn of(standing: &live::Standing, settings: &Settings, paused: bool, silenced: bool) -> Self {
        let window = cuelight_app::dto::Settings::from(settings).window;
        Self {
            live: Live::of(standing),
            creator: standing.creator.clone().or_else(|| settings.connection.tiktok_user.clone()),
            paused,
            silenced,
            language: window.language,
            close_to_tray: window.close_to_tray,
        }
    }
}

impl Live {
    fn of(standing: &live::Standing) -> Self {
        match standing.phase {
            Phase::Offline
            | Phase::NoSuchCreator
            | Phase::NotLive
            | Phase::AgeRestricted
            | Phase::NotPublic
            | Phase::Captcha { is_shown: false }
            | Phase::Blocked { .. }
            | Phase::RateLimited { .. }
            | Phase::Ended { .. } => Self::Off,
            // What is open goes on: its way back is being looked for, with the help of a person or without.
            Phase::Connecting | Phase::Captcha { is_shown: true } if standing.session.is_some() => Self::Reconnecting,
            Phase::Looking | Phase::Waiting { .. } | Phase::Connecting | Phase::Captcha { is_shown: true } => {
                Self::Awaited
            }
            Phase::Reconnecting { .. } => Self::Reconnecting,
            Phase::Live { .. } | Phase::PausedByCreator { .. } => match standing.source {
                Some(LiveSource::Simulator | LiveSource::Recording) => Self::Rehearsal,
                Some(LiveSource::Tiktok | LiveSource::Tikfinity | LiveSource::Redis) | None => Self::On,
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
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut paused = false;
    loop {
        let now =
            Known::of(&live.borrow_and_update(), &settings.borrow_and_update(), paused, *silenced.borrow_and_update());
        if app.state::<Standing>().is_news(now) {
            tray::show_standing(app);
        }
        tokio::select! {
            changed = live.changed() => if changed.is_err() {
                return;
            },
            Ok(()) = settings.changed() => {}
            Ok(()) = silenced.changed() => {}
            _ = look.tick() => match running.live_status().await {
                Ok(status) => paused = status.paused,
                Err(failure) => tracing::debug!(%failure, "the tray does not know whether services are paused"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use cuelight_core::id::SessionId;

    use super::*;

    fn standing(phase: Phase, source: LiveSource) -> live::Standing {
        let creator = Some("luna.plays".into());
        live::Standing { phase, creator, source: Some(source), ..live::Standing::default() }
    }

    #[test]
    fn only_what_a_tray_shows_is_news() {
        let tray = Standing::default();
        let at = |last_message_ms| {
            let phase = Phase::Live { since_ms: 1, last_message_ms };
            Known::of(&standing(phase, LiveSource::Tiktok), &Settings::default(), true, false)
        };
        assert!(tray.is_news(at(2)), "it is live now");
        assert!(!tray.is_news(at(3)), "one more message draws no menu anew");
        let known = tray.now();
        assert_eq!((known.live, known.paused), (Live::On, true), "as it stands");
        assert!(known.close_to_tray, "as settings are at first");
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
            let told = Live::of(&standing(phase.clone(), source));
            assert_eq!(told.would_be_missed(), missed, "{phase:?} of {source:?}");
        }
    }

    #[test]
    fn a_live_whose_way_back_is_looked_for_would_be_missed() {
        for phase in [Phase::Connecting, Phase::Captcha { is_shown: true }] {
            let before = standing(phase.clone(), LiveSource::Tiktok);
            let within = live::Standing { session: Some(SessionId(1)), ..before.clone() };
            assert_eq!(Live::of(&before), Live::Awaited, "{phase:?} before the first visit");
            assert_eq!(Live::of(&within), Live::Reconnecting, "{phase:?} in an open session");
        }
    }
}
