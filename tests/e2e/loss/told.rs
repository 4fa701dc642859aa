//! One event, reduced to what every client tells about it, as a line of text.

use cuelight_core::event::{Body, Event};
use system_tests::viewer::{GiftKind, Viewer};

/// An event as the scripts of the public clients print it: its kind, the id of its message, who it is about, and what
/// happened, with spaces between them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Told(pub(super) String);

impl Told {
    pub(super) fn comment(msg_id: i64, viewer: Viewer, text: &str) -> Told {
        Told(format!("comment {msg_id} {} {text}", viewer.id))
    }

    /// One message of a combo, or a gift without combos (`group_id` 0).
    pub(super) fn gift(
        msg_id: i64,
        viewer: Viewer,
        gift: GiftKind,
        group_id: u64,
        count: i32,
        streaking: bool,
    ) -> Told {
        let (viewer, gift, streaking) = (viewer.id, gift.id, u8::from(streaking));
        Told(format!("gift {msg_id} {viewer} {gift} {group_id} {count} {streaking}"))
    }

    pub(super) fn like(msg_id: i64, viewer: Viewer, count: i32) -> Told {
        Told(format!("like {msg_id} {} {count}", viewer.id))
    }

    /// A `join`, `follow` or `share`.
    pub(super) fn deed(kind: &str, msg_id: i64, viewer: Viewer) -> Told {
        Told(format!("{kind} {msg_id} {}", viewer.id))
    }

    /// An event of ours, where it is one that is compared.
    pub(super) fn of_ours(event: &Event) -> Option<Told> {
        let kind = event.event_type();
        let what = match &event.body {
            Body::Comment(it) => format!(" {}", it.comment),
            Body::Gift(it) => {
                let group_id = it.group_id.as_ref().map_or("0", |id| id.as_str());
                format!(" {} {group_id} {} {}", it.gift.id, it.repeat_count, u8::from(it.streaking))
            }
            Body::Like(it) => format!(" {}", it.count),
            Body::Join(_) | Body::Follow(_) | Body::Share(_) => String::new(),
            _ => return None,
        };
        let msg_id = event.stamp.msg_id.as_ref().map_or_else(String::new, ToString::to_string);
        let viewer = event.user().map_or_else(String::new, |user| user.user_id.to_string());
        Some(Told(format!("{} {msg_id} {viewer}{what}", kind.as_str())))
    }
}
