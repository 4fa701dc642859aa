//! The log can be watched while others write it.

use super::first_day;
use crate::support::running::Running;

#[test]
fn whoever_follows_the_log_sees_what_is_written_from_now_on() {
    let workplace = first_day();
    workplace.run(["do", "log_write", "text=before"]).expect_status(0);
    let mut following = Running::start(workplace.cuelight(["logs", "--follow", "--lines", "1"]));
    following.next_with("cuelight::log_write: before");
    for number in 1..=3 {
        workplace.run(["do", "log_write", &format!("text=line {number}")]).expect_status(0);
        following.next_with(&format!("cuelight::log_write: line {number}"));
    }
    following.interrupt();
    assert_eq!(following.end().0, Some(0), "Ctrl+C is how it ends");
    let last = workplace.run(["logs", "--lines", "2"]).expect_status(0).stdout;
    assert_eq!(last.lines().count(), 2, "the last lines, and no more: {last}");
    assert!(last.ends_with("line 3\n"), "the newest last: {last}");
}
