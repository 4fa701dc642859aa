//! One action by hand goes through its service's queue, and its end is the command's.

use super::{first_day, refuse};

#[test]
fn an_action_is_done_as_if_an_event_had_happened() {
    let workplace = first_day();
    let event = r#"{"event_type":"gift","data":{"user":{"unique_id":"mia","nickname":"Mia"},
        "gift":{"id":5655,"name":"Rose","diamond_count":1},"repeat_count":12}}"#;
    std::fs::write(workplace.path("gift.json"), event).expect("written");
    let text = "text={nickname} sent {giftname} x{count}";
    let said = workplace.run(["do", "file_write", "file=gifts.txt", text, "--as-event", "gift.json"]).expect_status(0);
    assert_eq!(said.stdout, "✅ [Basics] gift (P:10) completed\n", "the line that `run` has for it");
    let written = std::fs::read_to_string(workplace.data_dir().join("files/gifts.txt")).expect("it was done");
    assert_eq!(written.trim_end(), "Mia sent Rose x12", "with what the event says");
}

#[test]
fn numbers_and_texts_are_taken_as_the_action_wants_them() {
    let workplace = first_day();
    workplace.run(["do", "counter_change", "counter=42", "number=5"]).expect_status(0);
    workplace.run(["do", "file_write", "file=n.txt", "text={counter:42}"]).expect_status(0);
    let written = std::fs::read_to_string(workplace.data_dir().join("files/n.txt")).expect("it was done");
    assert_eq!(written.trim_end(), "5", "a counter may be called 42, and 5 is a number");
}

#[test]
fn an_action_that_fails_says_why_and_ends_with_1() {
    let workplace = first_day();
    let folder = format!("folder={}", workplace.path("no/such").display());
    refuse(
        &workplace,
        &["do", "file_write", "file=a.txt", "text=x", &folder],
        1,
        "❌ [Basics] file_write (P:10) failed: ",
    );
    workplace.run(["services", "set", "basics", "active=off"]).expect_status(0);
    refuse(&workplace, &["do", "log_write", "text=x"], 1, "discarded: Service basics is switched off");
}

#[test]
fn what_is_no_action_is_wrong_use_and_leaves_nothing_behind() {
    let workplace = first_day();
    std::fs::write(workplace.path("half.json"), "{\"event_type\":\"gi").expect("written");
    for (args, sentence) in [
        (&["do", "dance"][..], "❌ There is no action \"dance\"; there are counter_change"),
        (&["do", "log_write", "colour=red"], "❌ Log_write has no parameter \"colour\"; there are text, level"),
        (&["do", "log_write", "text"], "sets nothing: it takes KEY=VALUE"),
        (&["do", "log_write", "level=loud"], "❌ Action log_write could not be prepared"),
        (&["do", "log_write", "--service", "radio"], "❌ There is no service \"radio\""),
        (&["do", "file_write", "--service", "voice"], "❌ Action file_write cannot run in service voice"),
        (&["do", "log_write", "--as-event", "half.json"], "half.json is no event"),
        (&["do", "log_write", "--as-event", "none.json"], "none.json is no event"),
    ] {
        refuse(&workplace, args, 2, sentence);
    }
    assert_eq!(workplace.run(["jobs", "list", "--json"]).expect_status(0).stdout, "", "no job was made");
}
