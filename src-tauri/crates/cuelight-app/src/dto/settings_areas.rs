//! The settings between the form that core keeps them in and the one that crosses the boundary.

use cuelight_core::handle::Handle;
use cuelight_core::key_combination::KeyCombination;
use cuelight_core::settings::{self as core, Area};
use cuelight_core::way::WaySwitches;

use super::settings::{
    AreaChange, ConnectionSettings, HotkeySettings, KeepingSettings, Language, ServerSettings, Settings, Theme,
    WindowSettings,
};

impl From<&core::Settings> for Settings {
    fn from(settings: &core::Settings) -> Self {
        let core::Settings { window, connection, server, hotkeys, keeping } = settings.clone();
        Self {
            window: WindowSettings {
                language: match window.language {
                    core::WindowLanguage::System => Language::System,
                    core::WindowLanguage::En => Language::En,
                    core::WindowLanguage::Es => Language::Es,
                    core::WindowLanguage::Vi => Language::Vi,
                },
                theme: match window.theme {
                    core::Theme::System => Theme::System,
                    core::Theme::Dark => Theme::Dark,
                    core::Theme::Light => Theme::Light,
                },
                close_to_tray: window.close_to_tray,
                autostart: window.autostart,
            },
            connection: ConnectionSettings {
                creator: connection.tiktok_user,
                combo_idle_seconds: connection.combo_idle_seconds,
                redis_url: connection.redis_url,
                workspace_id: connection.workspace_id,
                way_direct: connection.ways.direct,
                way_cookie: connection.ways.cookie,
                way_page: connection.ways.page,
                way_sign: connection.ways.sign,
                way_tikfinity: connection.ways.tikfinity,
            },
            server: ServerSettings { enabled: server.enabled, port: server.port, lan: server.lan },
            hotkeys: HotkeySettings {
                silence: hotkeys.silence,
                stop_everything: hotkeys.stop_everything,
                pause_all: hotkeys.pause_all,
            },
            keeping: KeepingSettings {
                minor_events_days: keeping.keep_minor_events_days,
                diamond_value_usd: keeping.diamond_value_usd,
            },
        }
    }
}

impl AreaChange {
    /// Puts the area into the settings in the form that they keep, and says which it is. What cannot be read stays as it
    /// was typed, so that whoever checks it finds the fault.
    pub(crate) fn put_into(self, settings: &mut core::Settings) -> Area {
        match self {
            Self::Window(window) => {
                settings.window = core::WindowSettings {
                    language: match window.language {
                        Language::System => core::WindowLanguage::System,
                        Language::En => core::WindowLanguage::En,
                        Language::Es => core::WindowLanguage::Es,
                        Language::Vi => core::WindowLanguage::Vi,
                    },
                    theme: match window.theme {
                        Theme::System => core::Theme::System,
                        Theme::Dark => core::Theme::Dark,
                        Theme::Light => core::Theme::Light,
                    },
                    close_to_tray: window.close_to_tray,
                    autostart: window.autostart,
                };
                Area::Window
            }
            Self::Connection(connection) => {
                settings.connection = core::ConnectionSettings {
                    tiktok_user: written(connection.creator).map(as_handle),
                    combo_idle_seconds: connection.combo_idle_seconds,
                    redis_url: written(connection.redis_url),
                    workspace_id: written(connection.workspace_id),
                    ways: WaySwitches {
                        direct: connection.way_direct,
                        cookie: connection.way_cookie,
                        page: connection.way_page,
                        sign: connection.way_sign,
                        tikfinity: connection.way_tikfinity,
                    },
                };
                Area::Connection
            }
            Self::Server(server) => {
                let ServerSettings { enabled, port, lan } = server;
                settings.server = core::ServerSettings { enabled, port, lan };
                Area::Server
            }
            Self::Hotkeys(hotkeys) => {
                settings.hotkeys = core::HotkeySettings {
                    silence: written(hotkeys.silence).map(as_hotkey),
                    stop_everything: written(hotkeys.stop_everything).map(as_hotkey),
                    pause_all: written(hotkeys.pause_all).map(as_hotkey),
                };
                Area::Hotkeys
            }
            Self::Keeping(keeping) => {
                settings.keeping = core::KeepingSettings {
                    keep_minor_events_days: keeping.minor_events_days,
                    diamond_value_usd: keeping.diamond_value_usd,
                };
                Area::Keeping
            }
        }
    }
}

/// Without white space around it; an empty text is none.
fn written(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn as_handle(text: String) -> String {
    Handle::parse(&text).map_or(text, |handle| handle.as_str().to_owned())
}

fn as_hotkey(text: String) -> String {
    text.parse().map_or(text, |keys: KeyCombination| keys.to_string())
}
