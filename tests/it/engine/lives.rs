//! Invented lives, written as files of events.

use serde_json::{Value, json};

use crate::support::Workplace;

/// Something that happens in a live, and its number, by which it is known afterwards.
#[derive(Debug, Clone, Copy)]
pub(super) enum Happening {
    /// A comment whose words are its number.
    Comment(u32),
    /// A gift without a combo, of as many diamonds as its number.
    Gift(u32),
    Like(u32),
    Follow(u32),
    Share(u32),
    Join(u32),
}

/// Comments numbered from 1.
pub(super) fn comments(count: u32) -> Vec<Happening> {
    (1..=count).map(Happening::Comment).collect()
}

/// Writes the live into a file of the workplace.
pub(super) fn write(workplace: &Workplace, name: &str, happenings: &[Happening]) {
    let lines: String = happenings.iter().map(|happening| format!("{}\n", event(*happening))).collect();
    std::fs::write(workplace.path(name), lines).expect("written");
}

fn event(happening: Happening) -> Value {
    let (event_type, number, mut data) = match happening {
        Happening::Comment(number) => ("comment", number, json!({"comment": number.to_string()})),
        Happening::Gift(number) => (
            "gift",
            number,
            json!({"gift": {"id": 90_000, "name": "Comet", "diamond_count": number, "type": 2}, "repeat_count": 1}),
        ),
        Happening::Like(number) => ("like", number, json!({"count": 1, "total_likes": number})),
        Happening::Follow(number) => ("follow", number, json!({})),
        Happening::Share(number) => ("share", number, json!({})),
        Happening::Join(number) => ("join", number, json!({})),
    };
    let viewer = number % 7;
    data["user"] = json!({
        "user_id": (6_800_000_000_000_000_000_u64 + u64::from(viewer)).to_string(),
        "unique_id": format!("viewer{viewer}"),
        "nickname": format!("Viewer {viewer}"),
    });
    data["msg_id"] = format!("73000000000{number:08}").into();
    data["timestamp"] =
        format!("2026-01-01T{:02}:{:02}:{:02}.000000", number / 3600, number / 60 % 60, number % 60).into();
    json!({"event_type": event_type, "data": data})
}
