//! The state of the live: how many watch it, and whether it goes on.

use cuelight_core::event::{Body, Empty, LiveEnd, TopViewer, ViewerCount};
use webcast_proto::Faults;
use webcast_proto::read::{ControlMessage, RoomUserSeqMessage};

use super::user::viewer;
use super::{Head, Reading, unsigned};

/// RoomUserSeqMessage: 3 viewers now (0 is possible), 7 viewers since the start, 2 those who gave most.
pub(super) fn viewer_count(payload: &[u8], faults: &mut Faults) -> Reading {
    let count = RoomUserSeqMessage::read(payload, faults);
    // The numbers stand behind the list, so a message that was cut has none, which is not nobody.
    let was_cut = faults.broken && count.total == 0 && count.total_user == 0;
    let body = (!was_cut).then(|| {
        let top_viewers = count.ranks.iter();
        Body::ViewerCount(ViewerCount {
            viewers: unsigned(count.total),
            total_viewers: unsigned(count.total_user),
            top_viewers: top_viewers
                .map(|top| TopViewer { user: viewer(top.user.as_ref()), diamonds: unsigned(top.score) })
                .collect(),
        })
    });
    Head::of(count.common.as_ref()).with(body)
}

/// ControlMessage: 2 is 1 paused, 2 resumed, 3 ended by the streamer, 4 ended by TikTok.
pub(super) fn control(payload: &[u8], faults: &mut Faults) -> Reading {
    let control = ControlMessage::read(payload, faults);
    let body = match control.action {
        1 => Some(Body::LivePause(Empty {})),
        2 => Some(Body::LiveResume(Empty {})),
        3 => Some(Body::LiveEnd(LiveEnd { reason: Some("ended".into()) })),
        4 => Some(Body::LiveEnd(LiveEnd { reason: Some("suspended".into()) })),
        _ => None,
    };
    Head::of(control.common.as_ref()).with(body)
}
