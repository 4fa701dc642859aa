//! Compares two clients' events of one stream, message by message.

use std::collections::BTreeMap;

use crate::client::Client;
use crate::defects::{DEFECTS, Defect, Difference};
use crate::line::Line;

/// What a comparison found.
pub(crate) struct Comparison {
    /// Differences that no known defect explains, as readable lines.
    pub(crate) unexplained: Vec<String>,
    /// How often each known defect explained a difference.
    pub(crate) explained: BTreeMap<&'static str, usize>,
    /// How many lines were equal.
    pub(crate) equal_count: usize,
}

/// Compares our lines with those of a public client.
pub(crate) fn compare(ours: &[Line], theirs: &[Line], peer: Client) -> Comparison {
    let mut comparison = Comparison { unexplained: Vec::new(), explained: BTreeMap::new(), equal_count: 0 };
    let mut by_message: BTreeMap<&str, (Vec<&Line>, Vec<&Line>)> = BTreeMap::new();
    for line in ours {
        by_message.entry(line.key()).or_default().0.push(line);
    }
    for line in theirs {
        by_message.entry(line.key()).or_default().1.push(line);
    }
    for (here, there) in by_message.values_mut() {
        comparison.equal_count += take_equal(here, there);
        for row in 0..here.len().max(there.len()) {
            let (here, there) = (here.get(row).copied(), there.get(row).copied());
            comparison.judge(&Difference { ours: here, theirs: there, all_ours: ours }, peer);
        }
    }
    if peer.keeps_order() {
        comparison.check_order(ours, theirs);
    }
    comparison
}

impl Comparison {
    fn judge(&mut self, difference: &Difference<'_>, peer: Client) {
        let explains = |defect: &&Defect| defect.peers.contains(&peer) && (defect.explains)(difference);
        match DEFECTS.iter().find(explains) {
            Some(defect) => *self.explained.entry(defect.name).or_default() += 1,
            None => self.unexplained.push(difference.to_string()),
        }
    }

    fn check_order(&mut self, ours: &[Line], theirs: &[Line]) {
        let position: BTreeMap<&str, usize> = first_positions(ours);
        let mut last = 0;
        for (msg_id, _) in in_order(&first_positions(theirs)) {
            let Some(&here) = position.get(msg_id) else { continue };
            if here < last {
                self.unexplained.push(format!("message {msg_id} is at another place in ours"));
            }
            last = here;
        }
    }
}

/// Takes lines that both sides have out of both.
fn take_equal(ours: &mut Vec<&Line>, theirs: &mut Vec<&Line>) -> usize {
    let before = ours.len();
    ours.retain(|line| {
        let twin = theirs.iter().position(|other| other.event == line.event && other.fields == line.fields);
        twin.map(|place| theirs.remove(place)).is_none()
    });
    before - ours.len()
}

fn first_positions(lines: &[Line]) -> BTreeMap<&str, usize> {
    let mut positions = BTreeMap::new();
    for (position, line) in lines.iter().enumerate().filter(|(_, line)| !line.msg_id.is_empty()) {
        positions.entry(line.msg_id.as_str()).or_insert(position);
    }
    positions
}

fn in_order<'ids>(positions: &BTreeMap<&'ids str, usize>) -> Vec<(&'ids str, usize)> {
    let mut ordered: Vec<_> = positions.iter().map(|(id, position)| (*id, *position)).collect();
    ordered.sort_by_key(|(_, position)| *position);
    ordered
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_comment_that_one_side_lost_is_a_difference() {
        check(&[comment("1", "hi"), comment("2", "lost")], &[comment("1", "hi")], 1);
        check(&[comment("1", "hi")], &[comment("1", "hi"), comment("2", "lost")], 1);
    }

    #[test]
    fn another_text_is_a_difference() {
        check(&[comment("1", "hi")], &[comment("1", "ho")], 1);
    }

    #[test]
    fn another_order_is_a_difference() {
        let (one, two) = (comment("1", "hi"), comment("2", "ho"));
        check(&[one.clone(), two.clone()], &[two, one], 1);
    }

    #[test]
    fn a_message_that_came_twice_is_excused() {
        check(&[comment("1", "hi")], &[comment("1", "hi"), comment("1", "hi")], 0);
    }

    fn check(ours: &[Line], theirs: &[Line], difference_count: usize) {
        let found = compare(ours, theirs, Client::Python).unexplained;
        assert_eq!(found.len(), difference_count, "{found:#?}");
    }

    fn comment(msg_id: &str, text: &str) -> Line {
        Line::of_peer(&json!({ "event": "comment", "msg_id": msg_id, "comment": text }))
    }
}
