//! Nothing leaves for anybody but TikTok: seen by a proxy that everything has to go through.

use std::collections::BTreeSet;

use system_tests::{FakeTikTok, Frame, Live, RecordingProxy, Step, scenario};

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
fn with_a_sign_key_its_server_is_asked_as_well_and_nobody_else() {
    for (key, asks_signer) in [(None, false), (Some("key-of-luna"), true)] {
        let end = Live::numbered_from(7_300_000_000_000_900_001).ended();
        let refused = scenario::named("direct-refused").expect("the scenario exists");
        let tiktok = FakeTikTok::start(refused.then([Step::LeaveLive, Step::Send(Frame::of([end]))]));
        // The signer is the same fake under another name of this machine.
        let proxy = RecordingProxy::letting_through_as(tiktok.address(), &["localhost"]);
        let signer = format!("localhost:{}", tiktok.address().port());
        let workplace = Workplace::new();
        let mut command = workplace.cuelight(["capture", "sim", "--duration", "20"]);
        command.envs(tiktok.environment()).envs(proxy.environment());
        command.env("CUELIGHT_SIGN", format!("http://{signer}")).env("CUELIGHT_CHROME", "/nowhere/chrome");
        command.envs(key.map(|key| ("CUELIGHT_SECRET_SIGN_KEY", key)));
        let finished = Finished::of(command);
        assert_eq!(finished.status == Some(0), asks_signer, "only the signer leads in: {}", finished.stderr);
        let tiktok_itself = tiktok.address().to_string();
        let expected = [Some(tiktok_itself), asks_signer.then_some(signer)].into_iter().flatten();
        assert_eq!(proxy.asked(), expected.collect::<BTreeSet<_>>(), "with the key {key:?}");
        for request in &tiktok.seen().requests {
            let is_signer = request.host() == "localhost";
            assert_eq!(request.path.ends_with("/connect"), is_signer, "{} is for one of them", request.path);
            assert_eq!(request.header("x-api-key").is_some(), is_signer, "{} shows the key to one", request.path);
            assert!(!is_signer || request.header("cookie").is_none(), "no cookie of TikTok's is shown to it");
        }
    }
}

#[test]
fn a_browser_that_stays_in_a_live_asks_for_nobody_else_either() {
    let tiktok = FakeTikTok::start(scenario::named("direct-refused").expect("the scenario exists"));
    let proxy = RecordingProxy::letting_through(tiktok.address());
    let workplace = Workplace::new();
    // What browsers ask for of their own accord comes some seconds after their start.
    let mut command = workplace.cuelight(["capture", "sim", "--source", "tiktok:page", "--duration", "15"]);
    command.envs(tiktok.environment()).envs(proxy.environment());
    command.env("CUELIGHT_CHROME_FLAGS", flags(&proxy));
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

#[test]
fn a_page_by_its_real_name_asks_for_nobody_else() {
    let tiktok = FakeTikTok::start(scenario::named("direct-refused").expect("the scenario exists"));
    let proxy = RecordingProxy::letting_through_as(tiktok.address(), &["www.tiktok.com", "webcast.tiktok.com"]);
    let port = tiktok.address().port();
    let workplace = Workplace::new();
    let mut command = workplace.cuelight(["capture", "sim", "--source", "tiktok:page", "--duration", "15"]);
    command.env("CUELIGHT_TIKTOK_WEB", format!("http://www.tiktok.com:{port}"));
    command.env("CUELIGHT_TIKTOK_WEBCAST", format!("http://webcast.tiktok.com:{port}"));
    // The fake's page may open sockets at its own host alone.
    command.env("CUELIGHT_TIKTOK_WS", format!("ws://www.tiktok.com:{port}"));
    command.envs(proxy.environment()).env("CUELIGHT_CHROME_FLAGS", flags(&proxy));
    let finished = Finished::of(command).expect_status(0);
    let seen = tiktok.seen();
    assert_eq!(seen.connections.len(), 1, "the page was in the room: {}", finished.stderr);
    let upgrade = &seen.connections[0].request;
    assert_eq!(upgrade.header("host"), Some(&*format!("www.tiktok.com:{port}")), "under TikTok's name");
    let strangers: Vec<_> =
        proxy.asked().into_iter().filter(|it| !it.ends_with(&format!(".tiktok.com:{port}"))).collect();
    assert!(strangers.is_empty(), "these are not TikTok: {strangers:?}");
}

/// What leads a browser through the proxy, and no host around it.
fn flags(proxy: &RecordingProxy) -> String {
    format!("--proxy-server={} --proxy-bypass-list=<-loopback>", proxy.url())
}
