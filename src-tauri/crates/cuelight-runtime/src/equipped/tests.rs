//! What a capture is given, against a journal with switches and keys of its own.

use super::*;
use crate::clock::Clock;
use crate::locks::EngineLock;
use crate::paths::DataFolder;
use crate::secrets::Secret;
use crate::store;

#[tokio::test]
async fn a_way_that_is_asked_for_by_name_has_what_it_needs_though_it_is_switched_off() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = DataFolder::new(place.path().join("data"));
    folder.create().expect("it can be made");
    let lock = EngineLock::take(&folder).expect("nobody else is here");
    let (store, _) = store::open(&folder, &Clock::manual(0), &lock).expect("it opens");
    let secrets = Secrets::without_keychain();
    for (name, text) in
        [(SecretName::SignKey, "key-of-luna"), (SecretName::TiktokSession, "0fa1e5e55101dfa1e5e55101d0000001")]
    {
        secrets.set(name, Secret::new(text.to_owned())).await.expect("it is kept for this run");
    }
    for switch in ["way_sign", "way_page"] {
        store.set_setting(switch, "false").expect("there is such a switch");
    }
    let bases = TikTokBases::new(None, None, None).expect("TikTok's own");
    let equipment = Equipment::of_this_machine(store, secrets, bases);
    let handle = Handle::parse("luna.plays").expect("a handle");

    for (only, has_key, has_session) in
        [(None, false, false), (Some(Way::Sign), true, false), (Some(Way::Page), false, true)]
    {
        let means = equipment.means(&handle, only, 0).await;
        assert_eq!(means.sign.is_some(), has_key, "the key, by {only:?}");
        assert_eq!(!means.account.is_empty(), has_session, "the login, by {only:?}");
        let by_settings = WaySwitches { sign: false, page: false, ..WaySwitches::default() };
        let expected = only.map_or(by_settings, WaySwitches::only);
        assert_eq!(means.switches, expected, "what is tried, by {only:?}");
    }
}
