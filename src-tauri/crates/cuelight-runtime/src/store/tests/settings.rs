//! What may be set, and how it outlives the database.

use std::fs;

use cuelight_core::reason::Reason;

use super::{Home, reader};
use crate::store::{SettingError, Settings, setting_keys};

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
    assert_eq!(pasted.tiktok_user.as_deref(), Some("mira"), "what a capture takes, the settings take");
    let cleared = store.set_setting("tiktok_user", "").expect("it may be taken away");
    assert_eq!(cleared.tiktok_user, None, "an empty value is none");
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
        let SettingError::BadValue { allowed, .. } = &error else { panic!("{key} = {value}: {error}") };
        assert!(error.to_string().contains(allowed), "{error} must say what is allowed");
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
    assert_eq!(settings.tiktok_user.as_deref(), Some("luna.plays"), "they come from their copy");
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
