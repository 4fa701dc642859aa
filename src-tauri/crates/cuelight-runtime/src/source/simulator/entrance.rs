//! What TikTok sends first on every connection: two welcomes and the last comments.

use webcast_proto::owned;

use super::chatter;
use super::people::STREAMER;
use super::phrases::Phrase;
use super::stage::Stage;
use super::wire::{Fields, WireMessage};

/// Comments from before the first connection.
const OLD_COMMENTS: i64 = 3;

/// Makes the messages of an entrance.
pub(super) fn perform(stage: &mut Stage, at_ms: i64, out: &mut Vec<WireMessage>) {
    out.push(welcome(stage, at_ms));
    out.push(live_intro(stage));
    stage.totals.messages += 2;
    if stage.totals.comments == 0 {
        out.extend(comments_before(stage, at_ms));
        stage.totals.history += OLD_COMMENTS.unsigned_abs();
    } else {
        let before = out.len();
        out.extend(stage.history());
        stage.totals.repeats += (out.len() - before) as u64;
    }
}

/// The text of the system: outside `RoomMessage` without the prefix, inside `SystemMessage`, a new number each time.
pub(super) fn welcome(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let mut draft = stage.scribe.draft("RoomMessage", at_ms);
    draft.inner_method = "SystemMessage";
    let content = "Welcome to the LIVE! Be kind to each other and never share personal details here.".to_owned();
    let body = Fields::new().fields_of(&owned::RoomMessage { content, ..owned::RoomMessage::default() }).number(7, 1);
    stage.scribe.seal(draft, body)
}

/// The streamer's welcome, which carries no time and whose number is the same on every connection.
fn live_intro(stage: &mut Stage) -> WireMessage {
    let mut draft = stage.scribe.draft("WebcastLiveIntroMessage", 0);
    draft.msg_id = stage.scribe.room_id();
    let body = Fields::new()
        .fields_of(&owned::LiveIntroMessage {
            content: "New here? Roses restart the game, !jump makes it jump 🦖".to_owned(),
            ..owned::LiveIntroMessage::default()
        })
        .bytes(5, stage.crowd[STREAMER].full());
    stage.scribe.seal(draft, body)
}

fn comments_before(stage: &mut Stage, at_ms: i64) -> Vec<WireMessage> {
    (1..=OLD_COMMENTS)
        .rev()
        .map(|ago| {
            let who = stage.crowd.someone(&mut stage.scribe.dice);
            let phrase = Phrase::any(&mut stage.scribe.dice);
            let comment = chatter::comment(stage, who, &phrase, at_ms - ago * 7_000);
            WireMessage { history: true, ..comment }
        })
        .collect()
}
