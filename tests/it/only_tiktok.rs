//! Nothing leaves for anybody but TikTok: seen by a proxy that everything has to go through.

use std::collections::BTreeSet;

use system_tests::{FakeTikTok, RecordingProxy, scenario};

use crate::support::{Finished, Workplace};

#[test]
fn nothing_leaves_for_a_host_that_is_not_tiktok() {
    let tiktok = FakeTikTok::start(scenario::named("ended").expect("the scenario exists"));
    let proxy = RecordingProxy::letting_through(tiktok.address());
    for command in ["capture", "run"] {
        tiktok.set_live(true);
        let workplace = Workplace::new();
        let mut command = workplace.cuelight([command, "sim", "--source", "tiktok:direct", "--duration", "20"]);
        command.envs(tiktok.environment()).envs(proxy.environment());
        Finished::of(command).expect_status(0);
    }
    let seen = tiktok.seen();
    assert_eq!(seen.connections.len(), 2, "both were in the room, through the proxy");
    assert_eq!(proxy.asked(), BTreeSet::from([tiktok.address().to_string()]), "the only host that was asked for");
}

#[test]
fn a_browser_that_stays_in_a_live_asks_for_nobody_else_either() {
    let tiktok = FakeTikTok::start(scenario::named("direct-refused").expect("the scenario exists"));
    let proxy = RecordingProxy::letting_through(tiktok.address());
    let workplace = Workplace::new();
    // What browsers ask for of their own accord comes some seconds after their start.
    let mut command = workplace.cuelight(["capture", "sim", "--source", "tiktok:page", "--duration", "15"]);
    command.envs(tiktok.environment()).envs(proxy.environment());
    command.env("CUELIGHT_CHROME_FLAGS", format!("--proxy-server={} --proxy-bypass-list=<-loopback>", proxy.url()));
    Finished::of(command).expect_status(0);
    assert_eq!(tiktok.seen().connections.len(), 1, "the page was in the room, through the proxy");
    assert_eq!(proxy.asked(), BTreeSet::from([tiktok.address().to_string()]), "the only host that was asked for");
}

#[test]
fn by_their_real_names_too_only_hosts_of_tiktok_are_asked_for() {
    let nobody = FakeTikTok::start(scenario::named("welcome").expect("the scenario exists"));
    let proxy = RecordingProxy::letting_through(nobody.address());
    let workplace = Workplace::new();
    let mut command = workplace.cuelight(["capture", "sim", "--source", "tiktok:direct", "--duration", "5"]);
    command.envs(proxy.environment());
    let finished = Finished::of(command);
    assert_ne!(finished.status, Some(0), "the proxy lets none of them through: {}", finished.stdout);
    let asked = proxy.asked();
    assert!(asked.contains("www.tiktok.com:443"), "the streamer was looked up: {asked:?}");
    let strangers: Vec<_> = asked.iter().filter(|place| !place.ends_with(".tiktok.com:443")).collect();
    assert!(strangers.is_empty(), "these are not TikTok: {strangers:?}");
}
