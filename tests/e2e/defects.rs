//! Known differences to the public clients, each with a name, a reason and the narrowest condition it excuses.

use std::fmt;

use crate::client::Client::{self, Node, Python};
use crate::line::Line;

/// What two clients told of one message, where that is not the same.
pub(crate) struct Difference<'lines> {
    /// Our event, if there is one left.
    pub(crate) ours: Option<&'lines Line>,
    /// The peer's event, if there is one left.
    pub(crate) theirs: Option<&'lines Line>,
    /// All events of ours.
    pub(crate) all_ours: &'lines [Line],
}

impl fmt::Display for Difference<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |line: Option<&Line>| line.map_or("nothing".to_owned(), Line::to_string);
        write!(f, "ours:   {}\n  theirs: {}", line(self.ours), line(self.theirs))
    }
}

/// A difference that is expected.
pub(crate) struct Defect {
    /// Its name in reports.
    pub(crate) name: &'static str,
    /// Why ours differs.
    pub(crate) reason: &'static str,
    /// The clients that have it.
    pub(crate) peers: &'static [Client],
    /// Whether it explains this difference.
    pub(crate) explains: fn(&Difference<'_>) -> bool,
}

/// The difference that every stream shows.
pub(crate) const TOLD_BY_US_ALONE: &str = "told-by-us-alone";

/// Every difference that is excused.
pub(crate) const DEFECTS: &[Defect] = &[
    Defect {
        name: "unknown-without-id",
        reason: "TikTokLive tells of a message it does not know, but not which one it was",
        peers: &[Python],
        explains: |it| it.ours.is_none() && is(it.theirs, &["unknown"]),
    },
    Defect {
        name: "unknown-dropped",
        reason: "we count every message; the peers drop unknown ones, or their scripts do not ask for them",
        peers: &[Python, Node],
        explains: |it| is(it.ours, &["unknown"]) && it.theirs.is_none(),
    },
    Defect {
        name: "name-without-prefix",
        reason: "the welcome text is called RoomMessage, without Webcast, which neither peer recognises",
        peers: &[Python, Node],
        explains: |it| is(it.ours, &["room_message"]) && it.theirs.is_none(),
    },
    Defect {
        name: "broken-becomes-empty-comment",
        reason: "TikTokLive makes a comment without text, id and author of a payload that is cut",
        peers: &[Python],
        explains: |it| {
            it.ours.is_none()
                && it.theirs.is_some_and(|line| {
                    line.event == "comment" && line.msg_id.is_empty() && !line.fields.contains_key("user_id")
                })
        },
    },
    Defect {
        name: "social-without-key",
        reason: "the peers tell follow and share by the text key alone; without one we go by the action",
        peers: &[Python, Node],
        explains: |it| is(it.ours, &["follow", "share"]) && is(it.theirs, &["social"]),
    },
    Defect {
        name: "closed-envelope",
        reason: "a treasure box that is taken away (display 2) is no new treasure box for us",
        peers: &[Python, Node],
        explains: |it| is(it.ours, &["unknown"]) && is(it.theirs, &["closed_envelope"]),
    },
    Defect {
        name: "count-of-the-moment",
        reason: "the peers hand out the count of each gift message; ours never falls back within a combo",
        peers: &[Python, Node],
        explains: |it| {
            equal_but_for(it, "gift", &["repeat_count"], |ours, theirs| {
                ours.number("repeat_count") >= theirs.number("repeat_count")
            })
        },
    },
    Defect {
        name: "gift-that-adds-nothing",
        reason: "a message of a combo that we have counted as high already is another event only for the peers",
        peers: &[Python, Node],
        explains: |it| {
            it.ours.is_none()
                && it.theirs.is_some_and(|theirs| {
                    theirs.event == "gift"
                        && theirs.fields.get("group_id").is_some_and(|group| group != "0")
                        && it.all_ours.iter().any(|ours| {
                            ours.fields.get("group_id") == theirs.fields.get("group_id")
                                && ours.number("repeat_count") >= theirs.number("repeat_count")
                        })
                })
        },
    },
    Defect {
        name: "end-never-inferred",
        reason: "the peers leave a combo open for ever when its end does not come",
        peers: &[Python, Node],
        explains: |it| it.ours.is_some_and(|line| line.is_inferred) && it.theirs.is_none(),
    },
    Defect {
        name: "like-total-goes-back",
        reason: "the peers hand out the total of whichever counter answered; ours only grows",
        peers: &[Python, Node],
        explains: |it| {
            equal_but_for(it, "like", &["total_likes"], |ours, theirs| {
                ours.number("total_likes") > theirs.number("total_likes")
            })
        },
    },
    Defect {
        name: "repeated-message",
        reason: "the peers hand out a message as often as TikTok sends it",
        peers: &[Python, Node],
        explains: |it| {
            it.ours.is_none()
                && it.theirs.is_some_and(|theirs| {
                    !theirs.msg_id.is_empty() && it.all_ours.iter().any(|ours| ours.msg_id == theirs.msg_id)
                })
        },
    },
    Defect {
        name: TOLD_BY_US_ALONE,
        reason: "the scripts of the peers do not print the end of the connection",
        peers: &[Python, Node],
        explains: |it| is(it.ours, &["disconnect"]) && it.theirs.is_none(),
    },
];

fn is(line: Option<&Line>, events: &[&str]) -> bool {
    line.is_some_and(|line| events.contains(&line.event.as_str()))
}

/// Both are `event`, equal but for the named fields, and those are as `holds` says.
fn equal_but_for(difference: &Difference<'_>, event: &str, names: &[&str], holds: fn(&Line, &Line) -> bool) -> bool {
    let (Some(ours), Some(theirs)) = (difference.ours, difference.theirs) else { return false };
    ours.event == event
        && theirs.event == event
        && ours.without(names).fields == theirs.without(names).fields
        && holds(ours, theirs)
}
