//! `docs/losses.md`: who lost what, for people.

use std::fmt::Write as _;

use super::room::{DISCONNECTS, HISTORY, MESSAGES, MESSAGES_PER_FRAME};
use super::{Count, Course};

/// The page, from what was counted where each frame is sent once, and where it is sent until it is acknowledged.
pub(super) fn page<const CLIENTS: usize>([once, until_acknowledged]: &[[Count; CLIENTS]; 2]) -> String {
    let Course { quiet_ms, frame_every_ms, .. } = Course::LIKE_TIKTOKS;
    format!(
        "# What is lost when the connection breaks\n\n\
         Made by `make losses`; do not edit.\n\n\
         A fake TikTok plays a live of {MESSAGES} messages, {MESSAGES_PER_FRAME} in a frame, a frame every {frame_every_ms} ms, which is a busy room: comments, gifts in combos that overlap, gifts without combos, likes,\n\
         joins, follows and shares. The connection ends {DISCONNECTS} times before the live does: by an orderly close, by a break between two frames and by a break within one, in turn, and mostly\n\
         in the middle of a combo. A frame that was cut comes again with the next connection, which begins with the last {HISTORY} comments as history, as TikTok's do. Each connection is quiet\n\
         for {} s between two combos, so that nobody takes it for one that never held. Every client is as its users have it. Cuelight and piratetok-live-rs come back by themselves, at their own\n\
         pace; around the others a loop connects again at once.\n\n\
         Compared is event by event: the kind, the id of the message, the viewer, the text of a comment, the number of likes, the gift with its combo, its count and whether the combo goes on.\n\
         Whether TikTok sends again what was not acknowledged is not known, so both are tried.\n\n\
         ## Every frame is sent once\n\n{}\n\
         ## Every frame is sent on each connection until it is acknowledged\n\n{}\n\
         Cuelight reads what had arrived before a connection broke, acknowledges what is in its journal, and knows the messages that it has by their ids. *Out of order* are events that\n\
         were told after later ones, *wrong* are events that are not in the live as they were told. The numbers of the others differ from run to run.\n",
        quiet_ms / 1_000,
        table(once),
        table(until_acknowledged),
    )
}

fn table(counts: &[Count]) -> String {
    let mut table = "| client | connections | events told | lost | told again | out of order | wrong |\n\
                     |---|---|---|---|---|---|---|\n"
        .to_owned();
    for Count { client, connections, told, lost, doubled, inverted, wrong } in counts {
        let name = client.name();
        writeln!(table, "| {name} | {connections} | {told} | {lost} | {doubled} | {inverted} | {wrong} |")
            .expect("writing to text");
    }
    table
}
