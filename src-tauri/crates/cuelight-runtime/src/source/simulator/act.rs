//! What can happen in a simulated live, and the agenda that says when.

use std::collections::BTreeMap;

use cuelight_core::event::Body;

use super::chatter::{self, GiftSend};
use super::gifts::GiftShelf;
use super::people::PersonIndex;
use super::phrases::Phrase;
use super::stage::Stage;
use super::wire::WireMessage;
use super::{battle, entrance};

/// Something planned.
#[derive(Debug)]
pub(super) enum Act {
    /// It makes messages.
    Send(Sending),
    /// The connection breaks.
    Disconnect {
        /// How long it stays away.
        wait_ms: u64,
    },
    /// The connection is back.
    Reconnect,
    /// An event that comes from no message.
    Own(Box<Body>),
}

/// Something that viewers, the streamer or TikTok do and that is sent.
#[derive(Debug)]
pub(super) enum Sending {
    Comment {
        who: PersonIndex,
        phrase: Phrase,
    },
    Like {
        who: PersonIndex,
        hearts: u32,
    },
    Join {
        who: PersonIndex,
    },
    Follow {
        who: PersonIndex,
    },
    Share {
        who: PersonIndex,
    },
    Subscribe {
        who: PersonIndex,
        months: u32,
    },
    Gift(GiftSend),
    ViewerCount,
    /// Anything rarer.
    Occasion(Occasion),
    /// What TikTok sends on connecting: its welcome, the streamer's, and the last comments.
    Entrance,
    /// The last few messages once more, under their old numbers.
    Repetition,
}

/// Makes the message of something rare.
pub(super) type Occasion = fn(&mut Stage, i64) -> WireMessage;

impl From<Sending> for Act {
    fn from(sending: Sending) -> Self {
        Self::Send(sending)
    }
}

impl From<Occasion> for Act {
    fn from(occasion: Occasion) -> Self {
        Self::Send(Sending::Occasion(occasion))
    }
}

impl Sending {
    /// Makes its messages and counts what they say.
    pub(super) fn perform(&self, stage: &mut Stage, at_ms: i64, out: &mut Vec<WireMessage>) {
        let message = match self {
            Self::Comment { who, phrase } => {
                stage.totals.comments += 1;
                let message = chatter::comment(stage, *who, phrase, at_ms);
                stage.remember_comment(&message);
                message
            }
            Self::Like { who, hearts } => {
                stage.totals.like_messages += 1;
                stage.hearts += u64::from(*hearts);
                stage.totals.likes = stage.hearts;
                chatter::like(stage, *who, *hearts, at_ms)
            }
            Self::Join { who } => {
                stage.totals.joins += 1;
                stage.entered += 1;
                chatter::join(stage, *who, at_ms)
            }
            Self::Follow { who } => {
                stage.totals.follows += 1;
                stage.followers += 1;
                stage.crowd[*who].now_follows();
                chatter::follow(stage, *who, at_ms)
            }
            Self::Share { who } => {
                stage.totals.shares += 1;
                chatter::share(stage, *who, at_ms)
            }
            Self::Subscribe { who, months } => {
                stage.totals.subscribes += 1;
                stage.crowd[*who].now_subscribes();
                chatter::subscribe(stage, *who, *months, at_ms)
            }
            Self::Gift(send) => {
                count_gift(stage, send);
                chatter::gift(stage, send, at_ms)
            }
            Self::ViewerCount => chatter::viewer_count(stage, at_ms),
            Self::Occasion(occasion) => occasion(stage, at_ms),
            Self::Entrance => return entrance::perform(stage, at_ms, out),
            Self::Repetition => {
                let before = out.len();
                out.extend(stage.recent());
                stage.totals.repeats += (out.len() - before) as u64;
                return;
            }
        };
        stage.totals.messages += 1;
        stage.remember(&message);
        out.push(message);
    }
}

fn count_gift(stage: &mut Stage, send: &GiftSend) {
    let diamonds = u64::from(send.fresh) * u64::from(GiftShelf::kind(send.gift).diamond_count);
    let user_id = stage.crowd[send.who].id;
    stage.totals.add_gift(user_id, send.fresh, diamonds);
    if send.is_first {
        stage.totals.gifts += 1;
    }
    battle::gain(stage, diamonds);
}

/// What happens when, in order; what is planned for the same moment keeps the order of planning.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    acts: BTreeMap<(i64, u64), Act>,
    planned: u64,
}

impl Agenda {
    pub(super) fn add(&mut self, at_ms: i64, act: impl Into<Act>) {
        self.acts.insert((at_ms, self.planned), act.into());
        self.planned += 1;
    }

    /// When the next act is due, if it makes messages.
    pub(super) fn next_sending_ms(&self) -> Option<i64> {
        match self.acts.first_key_value()? {
            ((at_ms, _), Act::Send(_)) => Some(*at_ms),
            (_, Act::Disconnect { .. } | Act::Reconnect | Act::Own(_)) => None,
        }
    }

    pub(super) fn next(&mut self) -> Option<(i64, Act)> {
        self.acts.pop_first().map(|((at_ms, _), act)| (at_ms, act))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.acts.is_empty()
    }
}
