//! The tray: how the live stands at a glance, and what is needed while a game is in front.

use std::sync::{Mutex, PoisonError};

use cuelight_app::dto::CallerRole;
use serde_json::json;
use tauri::image::Image;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, Wry, include_image};

use crate::bridge::Bridge;
use crate::standing::{Known, Live, Standing};
use crate::window;
use crate::words::{Word, word};

const IDLE: Image<'_> = include_image!("../icons/tray/idle.png");
const LIVE: Image<'_> = include_image!("../icons/tray/live.png");
const PAUSED: Image<'_> = include_image!("../icons/tray/paused.png");

const ID: &str = "cuelight";

const STATE_ITEM: &str = "state";
const OPEN_ITEM: &str = "open";
const PAUSE_ITEM: &str = "pause";
const SILENCE_ITEM: &str = "silence";
const QUIT_ITEM: &str = "quit";

/// The tray, where the desktop has a place for one.
#[derive(Default)]
pub(crate) struct Tray {
    shown: Mutex<Option<Shown>>,
}

/// Handles of what is shown; clones are the same.
#[derive(Clone)]
struct Shown {
    icon: TrayIcon,
    state: MenuItem<Wry>,
    open: MenuItem<Wry>,
    pause: MenuItem<Wry>,
    silence: MenuItem<Wry>,
    quit: MenuItem<Wry>,
}

/// Puts the tray where the desktop has a place for it, if it is not there yet; a place may come later.
pub(crate) fn look_for_a_place(app: &AppHandle) {
    let tray = app.state::<Tray>();
    let mut shown = tray.shown.lock().unwrap_or_else(PoisonError::into_inner);
    if !has_a_place() {
        if shown.take().is_some() {
            app.remove_tray_by_id(ID);
        }
        return;
    }
    if shown.is_none() {
        match Shown::make(app) {
            Ok(made) => *shown = Some(made),
            Err(error) => tracing::warn!(%error, "there is no tray"),
        }
    }
    drop(shown);
    show_standing(app);
}

/// There is a tray to open the window from.
pub(crate) fn is_shown(app: &AppHandle) -> bool {
    app.state::<Tray>().shown.lock().unwrap_or_else(PoisonError::into_inner).is_some()
}

/// Shows how the app stands.
pub(crate) fn show_standing(app: &AppHandle) {
    let known = app.state::<Standing>().now();
    // Changing it waits for the window's own thread, which may be waiting for this lock.
    let shown = app.state::<Tray>().shown.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(Err(error)) = shown.map(|shown| shown.show(&known)) {
        tracing::warn!(%error, "the tray could not be changed");
    }
}

/// Whether something shows tray icons: on Linux a program of the desktop's, which not every desktop has.
#[cfg(target_os = "linux")]
fn has_a_place() -> bool {
    const WATCHER: &str = "org.kde.StatusNotifierWatcher";
    let asked = zbus::blocking::Connection::session().and_then(|bus| {
        let watcher = WATCHER.try_into()?;
        Ok(zbus::blocking::fdo::DBusProxy::new(&bus)?.name_has_owner(watcher)?)
    });
    asked.inspect_err(|error| tracing::info!(%error, "nobody can be asked for a tray")).unwrap_or(false)
}

#[cfg(not(target_os = "linux"))]
fn has_a_place() -> bool {
    true
}

impl Shown {
    fn make(app: &AppHandle) -> tauri::Result<Self> {
        let item = |id, enabled| MenuItem::with_id(app, id, "", enabled, None::<&str>);
        let state = item(STATE_ITEM, false)?;
        let open = item(OPEN_ITEM, true)?;
        let pause = item(PAUSE_ITEM, true)?;
        let silence = item(SILENCE_ITEM, true)?;
        let quit = item(QUIT_ITEM, true)?;
        let line = PredefinedMenuItem::separator(app)?;
        let menu = Menu::with_items(app, &[&state, &line, &open, &pause, &silence, &line, &quit])?;
        let icon = TrayIconBuilder::with_id(ID)
            .icon(IDLE)
            .menu(&menu)
            .show_menu_on_left_click(cfg!(target_os = "macos"))
            .on_menu_event(|app, event| choose(app, event.id().as_ref()))
            .on_tray_icon_event(|icon, event| {
                if let TrayIconEvent::DoubleClick { .. } = event {
                    window::show(icon.app_handle());
                }
            })
            .build(app)?;
        Ok(Self { icon, state, open, pause, silence, quit })
    }

    fn show(&self, known: &Known) -> tauri::Result<()> {
        let say = |it| word(it, known.language);
        let state = state_text(known);
        self.icon.set_icon(Some(icon(known)))?;
        self.icon.set_tooltip(Some(format!("Cuelight · {state}")))?;
        self.state.set_text(state)?;
        self.open.set_text(say(Word::Open))?;
        self.pause.set_text(say(if known.paused { Word::ResumeAll } else { Word::PauseAll }))?;
        self.silence.set_text(say(if known.silenced { Word::Unsilence } else { Word::Silence }))?;
        self.quit.set_text(say(Word::Quit))
    }
}

fn state_text(known: &Known) -> String {
    let state = word(
        match known.live {
            Live::Off => Word::NotLive,
            Live::Awaited => Word::Awaited,
            Live::On => Word::Live,
            Live::Reconnecting => Word::Reconnecting,
            Live::Rehearsal => Word::Rehearsal,
        },
        known.language,
    );
    match (&known.creator, known.live) {
        (Some(creator), Live::On | Live::Awaited | Live::Reconnecting) => format!("{state} · @{creator}"),
        (_, Live::Off | Live::Rehearsal) | (None, _) => state.to_owned(),
    }
}

fn icon(known: &Known) -> Image<'static> {
    match known.live {
        _ if known.paused => PAUSED,
        Live::On | Live::Rehearsal | Live::Reconnecting => LIVE,
        Live::Off | Live::Awaited => IDLE,
    }
}

fn choose(app: &AppHandle, item: &str) {
    let known = app.state::<Standing>().now();
    match item {
        OPEN_ITEM => window::show(app),
        PAUSE_ITEM => ask(app, if known.paused { "resume_all" } else { "pause_all" }),
        SILENCE_ITEM => ask(app, if known.silenced { "unsilence" } else { "silence" }),
        QUIT_ITEM => app.exit(0),
        _ => {}
    }
}

fn ask(app: &AppHandle, command: &'static str) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let answer = match app.state::<Bridge>().door().await {
            Ok(door) => door.call(CallerRole::Window, command, json!({})).await,
            Err(failure) => Err(failure),
        };
        if let Err(failure) = answer {
            tracing::warn!(%failure, command, "the tray could not do it");
        }
    });
}

#[cfg(test)]
mod tests {
    use cuelight_app::dto::Language;

    use super::*;

    #[test]
    fn the_tray_says_who_is_live() {
        let known = |live, language| Known { live, language, creator: Some("luna.plays".into()), ..Known::default() };
        assert_eq!(state_text(&known(Live::On, Language::En)), "Live · @luna.plays", "with the handle");
        assert_eq!(state_text(&known(Live::Off, Language::Es)), "Sin directo", "the last one is of no matter then");
        assert_eq!(state_text(&known(Live::Rehearsal, Language::Vi)), "Diễn tập", "nobody is live");
    }
}
