//! Commands of the Live screen: going live, rehearsing, pausing, silence, and what people do there by hand.

use cuelight_core::handle::Handle;
use cuelight_core::id::{RuleId, UserId};
use serde::Deserialize;
use ts_rs::TS;

use super::{Caller, Nothing};
use crate::dto::{
    AttemptLine, CallerRole, ConnectionStory, Failure, FailureCode, MutedViewer, Recording, Rehearsal, StopPreview,
};

/// Attempts that are shown at once; those of an evening, and no more than a person reads.
const ATTEMPTS_AT_ONCE: u32 = 200;

/// Whose live is followed.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Creator {
    creator: String,
}

/// The rule behind a button on the screen.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Button {
    rule: RuleId,
}

/// The global key combination that was pressed.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Hotkey {
    keys: String,
}

/// Somebody who watches.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Viewer {
    user_id: UserId,
}

pub(super) async fn go_live(caller: Caller<'_>, input: Creator) -> Result<Nothing, Failure> {
    let creator = Handle::parse(&input.creator)
        .map_err(|error| Failure::new(FailureCode::BadInput, error.to_string()).about("creator"))?;
    caller.app.go_live(creator).await?;
    Ok(Nothing {})
}

pub(super) async fn wait_until_live(caller: Caller<'_>, _: Nothing) -> Result<Nothing, Failure> {
    caller.app.live.wait_until_live().await?;
    Ok(Nothing {})
}

pub(super) async fn retry_now(caller: Caller<'_>, _: Nothing) -> Result<Nothing, Failure> {
    caller.app.live.retry_now().await?;
    Ok(Nothing {})
}

pub(super) async fn connection_story(caller: Caller<'_>, _: Nothing) -> Result<ConnectionStory, Failure> {
    let attempts = caller.app.read(|reader| reader.attempts(ATTEMPTS_AT_ONCE)).await?;
    Ok(ConnectionStory { attempts: attempts.into_iter().map(AttemptLine::from).collect() })
}

pub(super) async fn end_live(caller: Caller<'_>, _: Nothing) -> Result<Nothing, Failure> {
    caller.app.live.end().await?;
    Ok(Nothing {})
}

pub(super) async fn rehearse(caller: Caller<'_>, input: Rehearsal) -> Result<Nothing, Failure> {
    if let Rehearsal::Recording { path, .. } = &input
        && caller.role != CallerRole::Window
        && !caller.app.is_in_recordings(path.as_ref())
    {
        let message = format!("{path} is none of the recordings, and files elsewhere are read for the window alone");
        return Err(Failure::new(FailureCode::NotAllowed, message).about("path"));
    }
    caller.app.rehearse(input).await?;
    Ok(Nothing {})
}

pub(super) async fn recordings(caller: Caller<'_>, _: Nothing) -> Result<Vec<Recording>, Failure> {
    caller.app.recordings().await
}

pub(super) async fn pause_all(caller: Caller<'_>, _: Nothing) -> Result<Nothing, Failure> {
    caller.app.pause_all().await?;
    Ok(Nothing {})
}

pub(super) async fn resume_all(caller: Caller<'_>, _: Nothing) -> Result<Nothing, Failure> {
    caller.app.resume_all().await?;
    Ok(Nothing {})
}

pub(super) async fn silence(caller: Caller<'_>, _: Nothing) -> Result<Nothing, Failure> {
    caller.app.silence().await?;
    Ok(Nothing {})
}

pub(super) async fn unsilence(caller: Caller<'_>, _: Nothing) -> Result<Nothing, Failure> {
    caller.app.unsilence();
    Ok(Nothing {})
}

pub(super) async fn stop_everything_preview(caller: Caller<'_>, _: Nothing) -> Result<StopPreview, Failure> {
    let unfinished = caller.app.read(|reader| reader.unfinished()).await?;
    Ok(StopPreview { running: unfinished.running, waiting: unfinished.waiting, paid: unfinished.paid })
}

pub(super) async fn stop_everything(caller: Caller<'_>, _: Nothing) -> Result<Nothing, Failure> {
    caller.app.stop_everything().await?;
    Ok(Nothing {})
}

pub(super) async fn press_button(caller: Caller<'_>, input: Button) -> Result<Nothing, Failure> {
    caller.app.press_button(input.rule).await?;
    Ok(Nothing {})
}

pub(super) async fn press_hotkey(caller: Caller<'_>, input: Hotkey) -> Result<Nothing, Failure> {
    caller.app.press_hotkey(&input.keys).await?;
    Ok(Nothing {})
}

pub(super) async fn resume_old_jobs(caller: Caller<'_>, _: Nothing) -> Result<Nothing, Failure> {
    caller.app.resume_old_jobs().await?;
    Ok(Nothing {})
}

pub(super) async fn discard_old_jobs(caller: Caller<'_>, _: Nothing) -> Result<Nothing, Failure> {
    caller.app.discard_old_jobs().await?;
    Ok(Nothing {})
}

pub(super) async fn mute_viewer(caller: Caller<'_>, input: Viewer) -> Result<Nothing, Failure> {
    caller.app.mute_viewer(input.user_id).await?;
    Ok(Nothing {})
}

pub(super) async fn unmute_viewer(caller: Caller<'_>, input: Viewer) -> Result<Nothing, Failure> {
    caller.app.unmute_viewer(input.user_id).await?;
    Ok(Nothing {})
}

pub(super) async fn muted_viewers(caller: Caller<'_>, _: Nothing) -> Result<Vec<MutedViewer>, Failure> {
    let muted = caller.app.read(|reader| reader.muted_by_name()).await?;
    Ok(muted.into_iter().map(|(user_id, nickname)| MutedViewer { user_id, nickname }).collect())
}
