//! `docs/losses.md`: who lost what, for people.

use std::fmt::Write as _;

use super::{COMMENTS, COMMENTS_PER_FRAME, Count, Course, DISCONNECTS, HISTORY};

/// The page, from what was counted where each frame is sent once, and where it is sent until it is acknowledged.
pub(super) fn page<const CLIENTS: usize>([once, until_acknowledged]: &[[Count; CLIENTS]; 2]) -> String {
    let Course { quiet_ms, frame_every_ms, .. } = Course::LIKE_TIKTOKS;
    format!(
        "# What is lost when the connection breaks\n\n\
         Made by `make losses`; do not edit.\n\n\
         A fake TikTok plays a live of {COMMENTS} numbered comments, {COMMENTS_PER_FRAME} in a frame, a frame every {frame_every_ms} ms, which is a busy room. The connection ends {DISCONNECTS} times before the\n\
         live does: by an orderly close, by a break between two frames and by a break within one, in turn. A frame that was cut comes again with the next connection, which begins with the\n\
         last {HISTORY} comments as history, as TikTok's do, and is quiet for {} s, so that nobody takes it for one that never held. Every client is as its users have it. Cuelight and\n\
         piratetok-live-rs come back by themselves, at their own pace; around the others a loop connects again at once.\n\n\
         Whether TikTok sends again what was not acknowledged is not known, so both are tried.\n\n\
         ## Every frame is sent once\n\n{}\n\
         ## Every frame is sent on each connection until it is acknowledged\n\n{}\n\
         Cuelight reads what had arrived before a connection broke, acknowledges what is in its journal, and knows the comments that it has by their ids. *Out of order* are comments that\n\
         were told after later ones. The numbers of the others differ from run to run.\n",
        quiet_ms / 1_000,
        table(once),
        table(until_acknowledged),
    )
}

fn table(counts: &[Count]) -> String {
    let mut table = "| client | connections | comments told | lost | told again | out of order |\n\
                     |---|---|---|---|---|---|\n"
        .to_owned();
    for Count { client, connections, told, lost, doubled, inverted } in counts {
        let name = client.name();
        writeln!(table, "| {name} | {connections} | {told} | {lost} | {doubled} | {inverted} |")
            .expect("writing to text");
    }
    table
}
