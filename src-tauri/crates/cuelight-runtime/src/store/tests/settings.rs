//! What may be set, and how it outlives the database.

use std::fs;

use cuelight_core::reason::Reason;
use cuelight_core::settings::{Area, Settings, setting_keys};

use super::{Home, reader};
use crate::store::SettingError;

#[test]
fn every_key_is_kept_and_read_back_by_its_name() {
    let home = Home::new();
    let store = home.store();
    let values = [
        ("tiktok_user", "@luna.plays", "luna.plays"),
        ("diamond_value_usd", "0.005", "0.005"),
        ("keep_minor_events_days", "30", "30"),
        ("combo_idle_seconds", " 20 ", "20"),
        ("redis_url", "redis://127.0.0.1:6379/2", "redis://127.0.0.1:6379/2"),
        ("workspace_id", "luna-1", "luna-1"),
        ("way_direct", "false", "false"),
        ("way_cookie", "false", "false"),
        ("way_page", "false", "false"),
        ("way_sign", "false", "false"),
        ("way_tikfinity", "false", "false"),
        ("language", "vi", "vi"),
        ("theme", "dark", "dark"),
        ("close_to_tray", "false", "false"),
        ("autostart", "true", "true"),
        ("server_enabled", "false", "false"),
        ("server_port", "9000", "9000"),
        ("server_lan", "true", "true"),
        ("hotkey_silence", "shift+ctrl+m", "Ctrl+Shift+M"),
        ("hotkey_stop_everything", "F9", "F9"),
        ("hotkey_pause_all", "Alt+Pause", "Alt+Pause"),
    ];
    assert_eq!(
        values.map(|(key, ..)| key).as_slice(),
        setting_keys().iter().map(|key| key.name).collect::<Vec<_>>(),
        "all"
    );
    for (key, given, kept) in values {
        let settings = store.set_setting(key, given).expect("it takes that");
        assert_eq!(settings.get(key).as_deref(), Some(kept), "{key} as it is now");
        assert_eq!(store.settings().expect("readable"), settings, "{key} as others read it");
    }
    let pasted = store.set_setting("tiktok_user", "https://www.tiktok.com/@mira/live").expect("a link names her");
    assert_eq!(pasted.connection.tiktok_user.as_deref(), Some("mira"), "what a capture takes, the settings take");
    let cleared = store.set_setting("tiktok_user", "").expect("it may be taken away");
    assert_eq!(cleared.connection.tiktok_user, None, "an empty value is none");
    assert_eq!(cleared.get("volume"), None, "there is no such key");
}

#[test]
fn an_unknown_key_is_answered_with_the_known_ones() {
    let error = Home::new().store().set_setting("tiktok_usr", "x").expect_err("a slip");
    assert!(matches!(error, SettingError::UnknownKey { .. }), "{error}");
    for key in setting_keys() {
        assert!(error.to_string().contains(key.name), "{error} must list {}", key.name);
    }
}

#[test]
fn a_value_that_makes_no_sense_is_refused_with_what_does() {
    let home = Home::new();
    let store = home.store();
    let bad = [
        ("tiktok_user", "luna plays"),
        ("tiktok_user", "https://vm.tiktok.com/ZMabc123/"),
        ("tiktok_user", "abcdefghijklmnopqrstuvwxy"),
        ("tiktok_user", "@"),
        ("diamond_value_usd", "cheap"),
        ("diamond_value_usd", "-1"),
        ("diamond_value_usd", "NaN"),
        ("keep_minor_events_days", "0"),
        ("keep_minor_events_days", "1.5"),
        ("combo_idle_seconds", "-5"),
        ("combo_idle_seconds", "99999999999999999999"),
        ("redis_url", "127.0.0.1:6379"),
        ("redis_url", "http://127.0.0.1:6379"),
        ("redis_url", "redis://"),
        ("redis_url", "redis://127.0.0.1:6379/luna"),
        ("redis_url", "redis://:secret@127.0.0.1:6379"),
        ("workspace_id", "luna plays"),
        ("workspace_id", "a/b"),
    ];
    for (key, value) in bad {
        let error = store.set_setting(key, value).expect_err(value);
        let SettingError::BadValue { key: known, .. } = &error else { panic!("{key} = {value}: {error}") };
        assert!(error.to_string().contains(known.allowed), "{error} must say what is allowed");
    }
    assert_eq!(store.settings().expect("readable"), Settings::default(), "nothing was changed");
    assert!(!home.folder.settings_copy().exists(), "and nothing written");
}

/// Sets something, damages the database and does `meanwhile` to the copy; what is set afterwards, and the story.
fn check_restored(meanwhile: impl FnOnce(&std::path::Path)) -> (Settings, Vec<Reason>) {
    let home = Home::new();
    let store = home.store();
    store.set_setting("tiktok_user", "luna.plays").expect("it takes that");
    drop(store);
    meanwhile(&home.folder.settings_copy());
    fs::write(home.folder.database(), "garbage").expect("writable");
    let (store, story) = home.open();
    (reader(&store).settings().expect("readable"), story)
}

#[test]
fn settings_outlive_a_damaged_database() {
    let (settings, story) = check_restored(|_| {});
    assert_eq!(settings.connection.tiktok_user.as_deref(), Some("luna.plays"), "they come from their copy");
    assert!(
        matches!(story.as_slice(), [Reason::DatabaseDamaged { .. }, Reason::SettingsRestored { .. }]),
        "{story:?} must tell both"
    );
}

#[test]
fn a_copy_whose_checksum_does_not_fit_is_not_believed() {
    let (settings, story) = check_restored(|copy| {
        let text = fs::read_to_string(copy).expect("readable");
        fs::write(copy, text.replace("luna", "lana")).expect("writable");
    });
    assert_eq!(settings, Settings::default(), "a wrong streamer is worse than none");
    assert!(matches!(story.as_slice(), [Reason::DatabaseDamaged { .. }]), "{story:?} must not claim otherwise");
}

#[test]
fn a_cut_copy_is_not_believed() {
    let (settings, _) = check_restored(|copy| {
        let text = fs::read_to_string(copy).expect("readable");
        fs::write(copy, &text[..text.len() / 2]).expect("writable");
    });
    assert_eq!(settings, Settings::default(), "half a file says nothing");
}

#[test]
fn writing_the_copy_leaves_no_other_file_behind() {
    let home = Home::new();
    home.store().set_setting("tiktok_user", "luna.plays").expect("it takes that");
    let mut names: Vec<String> = fs::read_dir(home.folder.path())
        .expect("readable")
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["cuelight.db", "engine.lock", "settings.copy.json"], "a closed database is one file");
}

#[test]
fn an_area_is_saved_as_a_whole_and_leaves_the_others_alone() {
    let home = Home::new();
    let store = home.store();
    store.set_setting("tiktok_user", "luna.plays").expect("it takes that");
    let mut wanted = Settings::default();
    wanted.server.port = 9000;
    wanted.connection.tiktok_user = Some("mira".into());
    let saved = store.save_settings(Area::Server, &wanted).expect("it takes that");
    assert_eq!(saved.server.port, 9000, "the area is as it was wished");
    assert_eq!(saved.connection.tiktok_user.as_deref(), Some("luna.plays"), "the other one is as it was");
    wanted.server.port = 80;
    let error = store.save_settings(Area::Server, &wanted).expect_err("that port is the system's own");
    assert!(matches!(&error, SettingError::BadValue { key, .. } if key.field == "port"), "{error}");
    assert_eq!(store.settings().expect("readable"), saved, "nothing was changed");
}

#[test]
fn what_an_earlier_app_kept_in_one_row_is_still_set() {
    let home = Home::new();
    let store = home.store();
    let database = rusqlite::Connection::open(home.folder.database()).expect("it opens");
    let former = r#"{"tiktok_user":"luna.plays","keep_minor_events_days":30,"redis_url":null}"#;
    database
        .execute("INSERT INTO setting (area, version, value) VALUES ('general', 1, ?1)", [former])
        .expect("written");
    let settings = store.set_setting("combo_idle_seconds", "20").expect("it takes that");
    assert_eq!(settings.connection.tiktok_user.as_deref(), Some("luna.plays"), "it is carried over");
    assert_eq!(settings.keeping.keep_minor_events_days, 30, "and that, which no row of its own has yet");
    let settings = store.set_setting("tiktok_user", "mira").expect("it takes that");
    assert_eq!(store.settings().expect("readable"), settings, "its own row counts from then on");
    assert_eq!(settings.connection.tiktok_user.as_deref(), Some("mira"), "not the former one");
}
