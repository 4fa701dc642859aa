//! The local server beside `cuelight run`: the very same live, what may be asked of it, and how it ends.

use std::net::TcpListener;

use super::*;
use crate::support::lives::session_source;

/// The last port there is: where it is taken, no next one can be.
const LAST_PORT: u16 = u16::MAX;

/// `cuelight run` in that folder with an invented live, and what its link leads to.
fn run_in(workplace: &Workplace) -> Served {
    let mut running = Running::start(workplace.cuelight(["run", "--source", "simulator:small-live"]));
    let link = running.next_with("🔗 In a browser of this machine: http://127.0.0.1:");
    at_link(running, &link)
}

/// Waits until the live that is shown there has events.
async fn live(served: &mut Served) -> Value {
    served.running.next_with("💬");
    let live = served.ask_as(&served.full, "GET /api/v1/live", "").await.json();
    assert!(live["totals"]["events"].as_u64() > Some(0), "it is the live of the terminal: {live}");
    live
}

/// Asks for the end; the goodbye of the server may come before the answer.
async fn end_live(window: &mut Socket) {
    window.say(&json!({ "id": 1, "command": "end_live", "input": {} })).await;
}

#[track_caller]
fn assert_closed(workplace: &Workplace) {
    let shown = workplace.run(["sessions", "show", "1", "--json"]).expect_status(0).stdout;
    let session: Value = serde_json::from_str(&shown).expect("JSON");
    assert!(session["ended"].is_string(), "the session is closed: {session}");
}

#[tokio::test]
async fn the_link_of_a_run_shows_its_live_and_takes_orders() {
    let workplace = Workplace::new();
    let mut served = run_in(&workplace);
    let live = live(&mut served).await;
    assert_eq!((&live["session"], &live["source"]), (&json!(1), &json!("simulator")), "{live}");
    let silenced = served.ask_as(&served.full, "POST /api/v1/silence", "").await;
    assert_eq!(silenced.status, 200, "{silenced:?}");
    let live = served.ask_as(&served.full, "GET /api/v1/live", "").await.json();
    assert_eq!(live["silenced"], true, "{live}");
    served.running.interrupt();
    let (status, said) = served.running.end();
    assert_eq!(status, Some(0), "Ctrl+C is a good end: {said}");
    assert_closed(&workplace);
}

#[tokio::test]
async fn whoever_ends_the_live_in_a_browser_ends_the_run_in_order() {
    let workplace = Workplace::new();
    let mut served = run_in(&workplace);
    live(&mut served).await;
    let mut window = served.window(&served.full).await;
    end_live(&mut window).await;
    let (status, said) = served.running.end();
    assert_eq!(status, Some(0), "it is no failure: {said}");
    assert!(said.contains("🏁 END"), "the sums are shown: {said}");
    assert_closed(&workplace);
}

#[tokio::test]
async fn whoever_ends_the_wait_for_a_creator_in_a_browser_ends_the_run_in_order() {
    let tiktok = std::thread::spawn(|| {
        system_tests::FakeTikTok::start(system_tests::scenario::named("normal").expect("it exists"))
    });
    let tiktok = tiktok.join().expect("the fake starts");
    tiktok.set_live(false);
    let workplace = Workplace::new();
    let mut command = workplace.cuelight(["run", "sim"]);
    command.envs(tiktok.environment());
    let mut running = Running::start(command);
    let link = running.next_with("🔗");
    running.next_with("⏳ @sim is not live; waiting");
    let served = at_link(running, &link);
    let mut window = served.window(&served.full).await;
    end_live(&mut window).await;
    let (status, said) = served.running.end();
    assert_eq!(status, Some(0), "it is no failure: {said}");
}

#[test]
fn a_run_that_is_open_to_the_network_tells_what_may_be_given_to_others() {
    let workplace = Workplace::new();
    workplace.run(["config", "set", "server_lan", "true"]).expect_status(0);
    let mut served = run_in(&workplace);
    let remote = served.running.next_with("🔗 remote: http://");
    let (_, token) = token_of(&remote);
    assert_ne!(token, served.full, "others may not do everything");
}

#[test]
fn a_run_whose_server_is_off_or_finds_no_port_goes_on_without_it() {
    let workplace = Workplace::new();
    // Whoever has it already keeps it from the run as well.
    let _taken = TcpListener::bind(("127.0.0.1", LAST_PORT));
    workplace.run(["config", "set", "server_port", &LAST_PORT.to_string()]).expect_status(0);
    let run = workplace.run(["run", "--source", &session_source(1), "--lang", "es"]).expect_status(0);
    assert!(run.stderr.contains("⚠️ El servidor local no funciona"), "it says so: {}", run.stderr);
    assert!(!run.stdout.contains("🔗"), "nothing leads nowhere: {}", run.stdout);
    workplace.run(["config", "set", "server_enabled", "false"]).expect_status(0);
    let run = workplace.run(["run", "--source", &session_source(1)]).expect_status(0);
    assert!(!run.stdout.contains("🔗") && !run.stderr.contains("server"), "nobody wants it: {}", run.stderr);
}
