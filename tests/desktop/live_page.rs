//! TikTok's page in a webview of the app's own: a live is heard through it, and a person solves and logs in on it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::json;
use system_tests::scenario::{self, Admission};
use system_tests::{FakeTikTok, Scenario, files_holding};

use crate::support::{Desk, Page, until};

/// The title of a page that is shown to the person: the host that it comes from.
const SHOWN: &str = "127.0.0.1";

/// What WebKit's process that runs the scripts of a page is called.
const WEB_PROCESS: &str = "WebKitWebProces";

/// Where the buttons of the fake pages are, in pixels from the window's corner.
const BUTTON: (i16, i16) = (40, 20);

/// The session that the fake TikTok gives whoever logs in.
const SESSION: &str = "0fa1e5e55101dfa1e5e55101d0000001";

/// Lets nobody in but TikTok's page.
async fn only_for_pages(name: &str) -> FakeTikTok {
    let scenario = scenario::named(name).expect("the scenario exists");
    let scenario = Scenario { admission: Admission::SignedOnly, ..scenario };
    // It has a runtime of its own, which cannot be begun within the test's.
    tokio::task::spawn_blocking(|| FakeTikTok::start(scenario)).await.expect("it starts")
}

/// A desk without any browser.
async fn desk_at(tiktok: &FakeTikTok) -> Desk {
    Desk::set_up().await.with_tiktok(tiktok).with("CUELIGHT_CHROME", "/nowhere/chrome")
}

async fn go_live(page: &Page) {
    page.type_into("Your TikTok handle or profile link", "@sim").await;
    page.press("Go live").await;
}

#[tokio::test]
async fn a_live_is_heard_through_the_apps_own_webview_where_direct_is_refused() {
    let tiktok = only_for_pages("page-strangers").await;
    let desk = desk_at(&tiktok).await;
    let page = desk.open_page().await;
    let began = Instant::now();
    go_live(&page).await;
    page.see("Live for").await;
    assert!(began.elapsed() < Duration::from_secs(10), "it took {:?}", began.elapsed());
    page.see("Rosa Quill").await;
    page.picture("live-page-heard").await;

    let seen = tiktok.seen();
    let asked = seen.requests_for("/@sim/live").last().expect("the page was opened");
    let user_agent = asked.header("user-agent").unwrap_or_default();
    assert!(user_agent.contains("AppleWebKit") && !user_agent.contains("Chrome"), "by a webview: {user_agent}");
    let upgrade = seen.requests.iter().rfind(|it| it.query("reach").is_some()).expect("its script opened the socket");
    assert_eq!(upgrade.query("reach"), Some("page"), "the hook is all of the app that the page can speak to");
    assert!(desk.display.window(SHOWN).is_none(), "nobody sees it");
    let strangers: Vec<&str> = seen.requests_for("/elsewhere").map(|it| it.host()).collect();
    assert!(strangers.contains(&"127.0.0.1"), "whatever its scripts ask of this host is seen: {strangers:?}");
    assert!(seen.requests.iter().all(|it| it.host() != "localhost"), "hosts that are not TikTok's are not asked");

    assert_eq!(page.processes(WEB_PROCESS), 2, "one is the window's, one the page's");
    page.ask("end_live").await;
    until("the end of the page", async || (page.processes(WEB_PROCESS) == 1).then_some(())).await;
    page.end().await;
}

#[tokio::test]
async fn a_captcha_is_solved_in_a_window_and_the_live_goes_on_by_itself() {
    let tiktok = only_for_pages("page-captcha").await;
    let desk = desk_at(&tiktok).await;
    let page = desk.open_page().await;
    go_live(&page).await;
    let shown = desk.display.painted(SHOWN).await;
    // Whoever thinks better of it is not asked again before they say so.
    desk.display.close(shown);
    until("a live that waits for the captcha", async || {
        let standing = page.ask("live").await;
        (standing["phase"] == json!({ "state": "captcha", "isShown": false }) && desk.display.window(SHOWN).is_none())
            .then_some(())
    })
    .await;
    let (solved, ()) = tokio::join!(page.ask("solve_page"), async {
        let shown = desk.display.painted(SHOWN).await;
        desk.display.click(shown, BUTTON.0, BUTTON.1);
    });
    assert_eq!(solved, json!({ "solved": true }), "it was solved");
    page.see("Rosa Quill").await;
    assert!(desk.display.window(SHOWN).is_none(), "nothing is shown any longer");
    page.ask("end_live").await;
    page.end().await;
}

#[tokio::test]
async fn a_captcha_that_a_script_lays_over_the_page_is_shown_as_well_and_the_only_page_that_is() {
    let tiktok = only_for_pages("page-captcha-later").await;
    let desk = desk_at(&tiktok).await;
    let page = desk.open_page().await;
    go_live(&page).await;
    let shown = desk.display.painted(SHOWN).await;
    let login = page.ask("log_in_tiktok").await;
    assert_eq!(login["failure"]["code"], "not_now", "one page at a time: {login}");
    desk.display.put_behind(shown);
    assert!(!desk.display.is_in_front(shown), "people may lose it behind the app");
    assert_eq!(page.ask("solve_page").await, json!({ "solved": false }), "it is still to be solved");
    until("the page in front", async || desk.display.is_in_front(shown).then_some(())).await;
    // The captcha is laid over the page a second after that came, so whoever is quick clicks in vain at first.
    until("the captcha solved", async || {
        let shown = desk.display.window(SHOWN);
        shown.inspect(|shown| desk.display.click(*shown, BUTTON.0, BUTTON.1));
        shown.is_none().then_some(())
    })
    .await;
    page.see("Rosa Quill").await;
    page.ask("end_live").await;
    page.end().await;
}

#[tokio::test]
async fn a_page_that_is_shown_goes_with_the_app() {
    let tiktok = only_for_pages("page-captcha").await;
    let desk = desk_at(&tiktok).await;
    let page = desk.open_page().await;
    go_live(&page).await;
    desk.display.painted(SHOWN).await;
    page.end().await;
    assert!(desk.display.window(SHOWN).is_none(), "nobody is left who could use what is done on it");
}

#[tokio::test]
async fn a_login_whose_window_is_closed_is_none() {
    let tiktok = only_for_pages("page-login").await;
    let desk = desk_at(&tiktok).await;
    let page = desk.open_page().await;
    let (login, ()) = tokio::join!(page.ask("log_in_tiktok"), async {
        let shown = desk.display.painted(SHOWN).await;
        desk.display.close(shown);
    });
    assert_eq!(login, json!({ "loggedIn": false }));
    page.end().await;
}

#[tokio::test]
async fn a_login_in_a_window_is_in_the_keychain_and_leads_in_the_next_time() {
    let tiktok = only_for_pages("page-login").await;
    let desk = desk_at(&tiktok).await;
    let page = desk.open_page().await;
    let (login, ()) = tokio::join!(page.ask("log_in_tiktok"), async {
        let shown = desk.display.painted(SHOWN).await;
        desk.display.click(shown, BUTTON.0, BUTTON.1);
    });
    assert_eq!(login, json!({ "loggedIn": true }));
    let keys = page.ask("keys").await;
    assert_eq!(keys[0], json!({ "id": "tiktok_session", "set": true, "where": "keychain" }));
    go_live(&page).await;
    page.see("Rosa Quill").await;
    let shown = tiktok.seen().requests_for("/@sim/live").any(|it| it.cookie("sessionid") == Some(SESSION));
    assert!(shown, "TikTok's page is shown the login");
    assert_eq!(holding(desk.home(), SESSION), Vec::<PathBuf>::new(), "while the page is open");
    page.ask("end_live").await;
    page.end().await;
    assert_eq!(holding(desk.home(), SESSION), Vec::<PathBuf>::new(), "and after it");

    let page = desk.open_page().await;
    assert_eq!(page.ask("log_out_tiktok").await, json!({}));
    let keys = page.ask("keys").await;
    assert_eq!(keys[0], json!({ "id": "tiktok_session", "set": false, "where": null }));
    page.end().await;
}

#[tokio::test]
async fn a_socket_in_a_worker_is_heard_through_a_browser_behind_the_webview() {
    let tiktok = only_for_pages("page-worker").await;
    let desk = Desk::set_up().await.with_tiktok(&tiktok);
    let page = desk.open_page().await;
    go_live(&page).await;
    page.see("Rosa Quill").await;
    let seen = tiktok.seen();
    // The first one is of the webview's worker, which nobody hears.
    let upgrade = &seen.connections.last().expect("the worker opened the socket").request;
    let user_agent = upgrade.header("user-agent").unwrap_or_default();
    assert!(user_agent.contains("Chrome/"), "the worker of a browser, not of a webview: {user_agent}");
    assert_eq!(browsers(&desk), 1, "it runs as long as it is heard");
    page.ask("end_live").await;
    until("the browser's end", async || (browsers(&desk) == 0).then_some(())).await;
    page.end().await;
}

/// The browsers that run at that desk, or left a folder there.
fn browsers(desk: &Desk) -> usize {
    let entries = fs::read_dir(desk.home().join("tmp")).expect("readable").map(|it| it.expect("readable").file_name());
    entries.filter(|name| name.to_string_lossy().starts_with("cuelight-chrome-")).count()
}

/// The files that hold that text, but for the keychain's own.
fn holding(folder: &Path, text: &str) -> Vec<PathBuf> {
    let mut found = files_holding(folder, text.as_bytes());
    found.retain(|path| !path.iter().any(|part| part == "keyrings"));
    found
}
