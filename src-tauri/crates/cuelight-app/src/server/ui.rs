//! `/ui`: the window in a browser, with the same commands and pushes as the one on the desktop.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::response::Response;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use super::conversation::{Conversation, Refused};
use super::house::House;
use super::limits;
use super::refusal::token_refused;
use super::visitor::Visitor;
use crate::api::Door;
use crate::dto::{CallerRole, Failure, FailureCode, PushBatch};

/// The commands that bring a rules file.
const WITH_RULES_FILE: [&str; 2] = ["import_rules", "preview_import"];

/// What a page asks.
#[derive(Deserialize)]
struct Asked {
    id: u64,
    command: String,
    #[serde(default)]
    input: Value,
}

/// What it is told.
#[derive(Serialize)]
#[serde(untagged)]
enum Said {
    Done {
        id: u64,
        ok: Value,
    },
    Failed {
        id: u64,
        error: Failure,
    },
    Pushed {
        #[serde(serialize_with = "whole")]
        push: Arc<PushBatch>,
    },
}

pub(super) async fn open(
    State(house): State<Arc<House>>,
    Extension(visitor): Extension<Visitor>,
    upgrade: WebSocketUpgrade,
) -> Response {
    Conversation::bounded(upgrade, &visitor).on_upgrade(|socket| converse(house, visitor, socket))
}

async fn converse(house: Arc<House>, visitor: Visitor, socket: WebSocket) {
    let Some(mut page) = Conversation::begin(&house, visitor, socket).await else { return };
    if !page.role().may_act() {
        return page.refuse(&token_refused()).await;
    }
    let role = page.role().caller();
    let mut pushed = house.door.listen();
    let mut answers = FuturesUnordered::new();
    loop {
        let is_busy = answers.len() >= limits::IN_FLIGHT;
        let heard = async { if is_busy { page.rest().await } else { page.next().await } };
        let said = tokio::select! {
            heard = heard => match heard.as_deref().map(asked) {
                Some(Ok(asked)) => {
                    answers.push(Box::pin(answer(house.door.clone(), role, asked)));
                    continue;
                }
                Some(Err(NotUnderstood::Anonymous(failure))) => {
                    match page.say(&Refused { error: &failure }).await {
                        Ok(()) => continue,
                        Err(_) => return,
                    }
                }
                Some(Err(NotUnderstood::Command(said))) => said,
                None => return,
            },
            Some(said) = answers.next() => said,
            batch = pushed.next() => match batch {
                Some(push) => Said::Pushed { push },
                None => return,
            },
        };
        // A page that reads too slowly misses batches, sees the hole in their numbers and asks anew.
        if page.say(&said).await.is_err() {
            return;
        }
    }
}

/// Why a message is no command.
enum NotUnderstood {
    /// It has no number to answer to.
    Anonymous(Failure),
    /// It has.
    Command(Said),
}

fn asked(text: &str) -> Result<Asked, NotUnderstood> {
    let asked: Asked = serde_json::from_str(text).map_err(|error| {
        NotUnderstood::Anonymous(Failure::new(FailureCode::BadInput, format!("this is no command: {error}")))
    })?;
    if text.len() > limits::BODY_BYTES && !WITH_RULES_FILE.contains(&asked.command.as_str()) {
        let error = Failure::new(FailureCode::TooLarge, format!("a command of {} bytes", text.len()));
        return Err(NotUnderstood::Command(Said::Failed { id: asked.id, error }));
    }
    Ok(asked)
}

fn whole<S: Serializer>(batch: &Arc<PushBatch>, serializer: S) -> Result<S::Ok, S::Error> {
    batch.as_ref().serialize(serializer)
}

async fn answer(door: Door, role: CallerRole, asked: Asked) -> Said {
    let Asked { id, command, input } = asked;
    // A command without an input takes none.
    let input = if input.is_null() { Value::Object(serde_json::Map::new()) } else { input };
    match door.call(role, &command, input).await {
        Ok(ok) => Said::Done { id, ok },
        Err(error) => Said::Failed { id, error },
    }
}
