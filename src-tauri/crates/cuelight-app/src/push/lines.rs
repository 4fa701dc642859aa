//! New events of a capture, noted for the next batch.

use cuelight_runtime::feed::Committed;

use super::{NewLines, Push};

/// Notes what one commit made safe, in order.
///
/// Only the stretch is kept: the lines are read with their decisions and jobs when the batch is made. That jobs wait now is
/// noticed without it.
pub fn note_committed(push: &Push, committed: &[Committed]) {
    let (Some(first), Some(last)) = (committed.first(), committed.last()) else { return };
    push.note(|gathered| {
        gathered.lines(NewLines { first: first.id, last: last.id, count: committed.len() as u64 });
    });
}
