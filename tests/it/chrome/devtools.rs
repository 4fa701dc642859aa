//! Somebody beside the program who uses the same browser: clicks, as a person does, and lets its page crash.

use std::path::Path;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::interval;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::{Place, browsers_in, eventually};

/// The address of the browser's debugging port, as its folder notes it.
pub(crate) fn address_in(folder: &Path) -> Option<String> {
    std::fs::read_to_string(folder.join("devtools")).ok()
}

/// The port in such an address.
pub(super) fn port_of(address: &str) -> u16 {
    let place = address.trim_start_matches("ws://127.0.0.1:");
    let digits = place.split('/').next().unwrap_or_default();
    digits.parse().unwrap_or_else(|_| panic!("{address} has a port on loopback"))
}

/// Somebody at a browser.
pub(crate) struct Person {
    line: WebSocketStream<MaybeTlsStream<TcpStream>>,
    last_id: u64,
    session: String,
}

impl Person {
    /// Waits until the browser of that place runs and shows a page that was loaded.
    pub(super) async fn beside(place: &Place) -> Self {
        Self::below(place.folder.path()).await
    }

    /// The same for the browser whose folder is in that one.
    pub(crate) async fn below(folder: &Path) -> Self {
        let address = async || browsers_in(folder).iter().find_map(|folder| address_in(folder));
        let address = eventually("an address of the browser", address).await;
        let (line, _) = connect_async(&address).await.expect("it takes more than one line");
        let mut person = Self { line, last_id: 0, session: String::new() };
        let page = person.page().await;
        let attached = person.ask("Target.attachToTarget", json!({ "targetId": page, "flatten": true })).await;
        person.session = attached["sessionId"].as_str().expect("a session").to_owned();
        person
    }

    /// Clicks on what has that id, once it is there.
    pub(crate) async fn click(&mut self, id: &str) {
        // The answer comes before the click, which may take the page away.
        let click = format!(
            "new Promise(done => {{ const look = () => {{ const it = document.getElementById('{id}'); \
             if (it && document.readyState === 'complete') {{ setTimeout(() => it.click(), 100); done(true); }} else setTimeout(look, 50); }}; look(); }})"
        );
        self.evaluate(&click).await;
    }

    /// Closes the page as the cross in its corner does, again and again: a browser that is still busy with the page forgets
    /// about it.
    pub(super) async fn close_page(&mut self) {
        let page = self.page().await;
        let mut clicks = interval(Duration::from_millis(200));
        loop {
            tokio::select! {
                _ = clicks.tick() => {
                    self.tell("Target.closeTarget", json!({ "targetId": page })).await;
                }
                heard = self.line.next() => match heard {
                    Some(Ok(Message::Text(text))) if text.contains("Target.detachedFromTarget") => return,
                    Some(Ok(_)) => {}
                    // The browser went with its page.
                    Some(Err(_)) | None => return,
                },
            }
        }
    }

    /// Lets the page crash.
    pub(super) async fn crash_page(&mut self) {
        // It answers no more.
        self.tell("Page.crash", json!({})).await;
    }

    /// Runs a line of script in the page.
    pub(super) async fn evaluate(&mut self, expression: &str) -> Value {
        let wanted = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        self.ask("Runtime.evaluate", wanted).await["result"]["value"].clone()
    }

    async fn page(&mut self) -> String {
        loop {
            let targets = self.ask("Target.getTargets", json!({})).await;
            let pages = targets["targetInfos"].as_array().expect("a list").iter();
            let mut loaded = pages.filter(|it| it["type"] == "page" && it["url"] != "about:blank");
            if let Some(page) = loaded.next() {
                return page["targetId"].as_str().expect("an id").to_owned();
            }
        }
    }

    async fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.tell(method, params).await;
        loop {
            let message = self.line.next().await.expect("it answers").expect("it is there");
            let Message::Text(text) = message else { continue };
            let answer: Value = serde_json::from_str(&text).expect("JSON");
            if answer["id"] == id {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
        }
    }

    async fn tell(&mut self, method: &str, params: Value) -> u64 {
        self.last_id += 1;
        let mut command = json!({ "id": self.last_id, "method": method, "params": params });
        if !self.session.is_empty() && !method.starts_with("Target.") {
            command["sessionId"] = json!(self.session);
        }
        self.line.send(Message::text(command.to_string())).await.expect("it listens");
        self.last_id
    }
}
