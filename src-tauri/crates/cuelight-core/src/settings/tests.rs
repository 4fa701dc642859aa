//! Settings take what makes sense and nothing else.

use super::*;

#[test]
fn two_deeds_do_not_share_their_keys() {
    let mut settings = Settings::default();
    settings.hotkeys.silence = Some("Ctrl+Shift+M".into());
    settings.hotkeys.pause_all = Some("shift+ctrl+m".into());
    let fault = settings.fault(Area::Hotkeys).expect("the same keys");
    assert_eq!(fault.field, "silence", "the first of them is named");
    settings.hotkeys.pause_all = Some("Ctrl+Shift+P".into());
    assert!(settings.fault(Area::Hotkeys).is_none(), "each has its own");
    settings.hotkeys.stop_everything = Some("everything".into());
    assert_eq!(settings.fault(Area::Hotkeys).map(|key| key.field), Some("stopEverything"), "that is no key");
}

#[test]
fn an_address_of_redis_holds_no_password() {
    let check = |text: &str, expected: bool| assert_eq!(is_redis_address(text), expected, "{text}");
    check("redis://127.0.0.1:6379", true);
    check("rediss://redis.example/3", true);
    check("redis://luna@redis.example", true);
    check("redis://[::1]:6379", true);
    check("redis://:secret@127.0.0.1", false);
    check("redis://luna:secret@127.0.0.1", false);
    check("redis://", false);
    check("http://127.0.0.1", false);
    check("127.0.0.1:6379", false);
    check("redis://127.0.0.1 ", false);
}

#[test]
fn every_key_leads_from_its_text_back_to_itself() {
    let settings = Settings::default();
    for key in setting_keys() {
        let mut again = settings.clone();
        key.set(&mut again, &key.text(&settings)).unwrap_or_else(|| panic!("{} takes its own default", key.name));
        assert_eq!(again, settings, "{}", key.name);
    }
    assert!(Area::ALL.iter().all(|area| settings.fault(*area).is_none()), "the first day has no faults");
    let names: std::collections::BTreeSet<_> = setting_keys().iter().map(|key| key.name).collect();
    assert_eq!(names.len(), setting_keys().len(), "no two are called the same");
}

#[test]
fn what_a_key_does_not_take_changes_nothing() {
    #[track_caller]
    fn check(name: &str, text: &str) {
        let key = setting_keys().iter().find(|key| key.name == name).expect(name);
        let mut settings = Settings::default();
        assert_eq!(key.set(&mut settings, text), None, "{name} = {text}");
        assert_eq!(settings, Settings::default(), "{name} stays");
    }
    check("server_port", "80");
    check("server_port", "99999");
    check("language", "de");
    check("theme", "blue");
    check("close_to_tray", "perhaps");
    check("combo_idle_seconds", "2");
    check("diamond_value_usd", "NaN");
    check("hotkey_silence", "M");
}
