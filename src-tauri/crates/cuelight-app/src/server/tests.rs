//! The server at work in a data folder of its own, asked over real sockets.

use std::sync::Arc;

use cuelight_runtime::clock::Clock;
use cuelight_runtime::paths::DataFolder;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{Serving, Wish};
use crate::dto::{CallerRole, FailureCode, HealthState, ServerStatus};
use crate::shell::NoShell;
use crate::{App, Door};

/// A served app, gone afterwards.
pub(super) struct Served {
    pub(super) door: Door,
    serving: Serving,
    _folder: TempDir,
}

impl Served {
    pub(super) async fn begin() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let data = DataFolder::new(folder.path().join("data"));
        data.create().expect("it can be made");
        let app = App::begin(&data, Clock::system(), Arc::new(NoShell)).expect("nobody else is there");
        let door = Door::new(app);
        door.app().settings.send_modify(|settings| settings.server.port = 0);
        let mut serving = Serving::start(&door, Wish::AsSet);
        serving.settled().await;
        Self { door, serving, _folder: folder }
    }

    pub(super) fn status(&self) -> ServerStatus {
        self.door.app().server.status()
    }

    pub(super) fn token(&self, role: &str) -> String {
        let status = self.status();
        let link = status.links.iter().find(|link| link.role == role).expect("there is a link for the role");
        link.url.split_once("#token=").expect("the token stands in the fragment").1.to_owned()
    }

    /// Asks once; gives the status and what was answered.
    pub(super) async fn ask(&self, method: &str, path: &str, token: &str, body: &str) -> (u16, Value) {
        let port = self.status().port.expect("it runs");
        let mut socket = TcpStream::connect(("127.0.0.1", port)).await.expect("it listens");
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        socket.write_all(request.as_bytes()).await.expect("it takes the request");
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await.expect("it answers");
        let status = answer.split(' ').nth(1).and_then(|it| it.parse().ok()).expect("a status line");
        let body = answer.split_once("\r\n\r\n").expect("a head").1;
        (status, serde_json::from_str(body).unwrap_or_default())
    }

    /// Waits until the server stands as that is wanted.
    async fn stands(&self, is_so: impl Fn(&ServerStatus) -> bool) {
        let mut standing = self.door.app().server.shared.standing.subscribe();
        while !is_so(&self.status()) {
            standing.changed().await.expect("the app keeps it");
        }
    }

    pub(super) async fn end(self) {
        let Self { door, serving, .. } = self;
        serving.stop().await;
        let app = Arc::clone(door.app());
        drop(door);
        app.end().await;
    }
}

#[tokio::test]
async fn it_follows_the_settings() {
    let served = Served::begin().await;
    let first = served.status().port;
    assert!(first.is_some(), "it runs");
    served.door.app().settings.send_modify(|settings| settings.server.enabled = false);
    served.stands(|status| !status.running).await;
    assert_eq!(served.door.app().server.health().state, HealthState::Off, "it is not wanted");
    assert!(served.status().links.is_empty(), "links that lead nowhere are not shown");
    served.door.app().settings.send_modify(|settings| settings.server.enabled = true);
    served.stands(|status| status.running).await;
    assert_eq!(served.ask("GET", "/api/v1/openapi.json", "", "").await.0, 200, "it answers again");
    served.end().await;
}

#[tokio::test]
async fn a_taken_port_leads_to_the_next_one_and_none_at_all_is_told() {
    let served = Served::begin().await;
    let taken = served.status().port.expect("it runs");
    if taken > u16::MAX - super::limits::PORTS {
        return;
    }
    let other = Served::begin().await;
    other.door.app().settings.send_modify(|settings| settings.server.port = taken);
    other.stands(|status| status.port.is_some_and(|port| port > taken && port - taken < super::limits::PORTS)).await;
    other.end().await;
    served.end().await;
}

#[tokio::test]
async fn an_action_that_is_asked_for_becomes_a_run_and_a_wrong_one_leaves_no_trace() {
    let served = Served::begin().await;
    let full = served.token("full");
    let action = json!({"action": "log_write", "with": {"text": "hello"}}).to_string();
    let (status, answer) = served.ask("POST", "/api/v1/actions", &full, &action).await;
    assert_eq!((status, answer["run"].is_string()), (200, true), "{answer}");
    let wrong = json!({"action": "log_writ", "with": {"text": "hello"}}).to_string();
    let (status, answer) = served.ask("POST", "/api/v1/actions", &full, &wrong).await;
    assert_eq!((status, answer["code"].as_str()), (400, Some("bad_input")), "{answer}");
    let (status, _) = served.ask("POST", "/api/v1/actions", &served.token("remote"), &action).await;
    assert_eq!(status, 403, "a remote starts nothing new");
    served.end().await;
}

#[tokio::test]
async fn an_overlay_may_read_and_nothing_else() {
    let served = Served::begin().await;
    let full = served.token("full");
    let (_, answer) = served.ask("POST", "/api/v1/overlays/alerts", &full, "").await;
    assert_eq!(answer["role"], "overlay:alerts", "{answer}");
    let overlay = answer["token"].as_str().expect("a token").to_owned();
    let (status, answer) = served.ask("POST", "/api/v1/services/overlays/skip", &overlay, "").await;
    assert_eq!((status, answer["code"].as_str()), (403, Some("not_allowed")), "it acts on nothing");
    let (_, again) = served.ask("POST", "/api/v1/overlays/alerts", &full, "").await;
    assert_eq!(again["token"], overlay.as_str(), "the scene in OBS keeps its address");
    let (status, _) = served.ask("POST", "/api/v1/overlays/Not%20so", &full, "").await;
    assert_eq!(status, 400, "names are plain");
    served.end().await;
}

#[tokio::test]
async fn a_remote_may_skip_and_is_told_of_services_that_are_not_there() {
    let served = Served::begin().await;
    let remote = served.token("remote");
    let (status, answer) = served.ask("POST", "/api/v1/services/overlays/skip", &remote, "").await;
    assert_eq!((status, &answer), (200, &json!({"jobs": 0})), "nothing runs");
    let (status, answer) = served.ask("POST", "/api/v1/services/radio/skip", &remote, "").await;
    assert_eq!((status, answer["code"].as_str()), (404, Some("not_found")), "{answer}");
    served.end().await;
}

#[tokio::test]
async fn links_and_new_tokens_are_not_for_a_remote() {
    let served = Served::begin().await;
    for command in ["server_status", "renew_tokens", "overlay_token"] {
        let refused =
            served.door.call(CallerRole::Remote, command, json!({})).await.expect_err("it holds the full link");
        assert_eq!(refused.code, FailureCode::NotAllowed, "{command}");
    }
    let old = served.token("full");
    served.door.call(CallerRole::Window, "renew_tokens", json!({})).await.expect("the window may");
    assert_ne!(served.token("full"), old, "the link is another one");
    let (status, answer) = served.ask("POST", "/api/v1/actions", &old, "{}").await;
    assert_eq!((status, answer["code"].as_str()), (401, Some("token_refused")), "the old one is no longer good");
    served.end().await;
}
