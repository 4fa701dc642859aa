//! Promises of the door about trying rules and what they are made from, with a real engine and a real database.

mod gifts;
mod live;
mod trying;
mod values;

use serde_json::{Value, json};

use self::live::Home;

/// A rule that answers gifts and speaks, with a counter beside it.
fn rose_rule() -> Value {
    json!({
        "id": "rose", "name": "Rose", "when": { "on": "gift", "gifts": [{ "id": 5655, "name": "Rose" }] },
        "do": [
            { "action": "log_write", "service": "voice", "with": { "text": "Thank you {nickname} for {count}!" } },
            { "action": "counter_change", "with": { "counter": "roses", "number": 1 } },
            { "action": "log_write", "with": { "text": "roses: {counter:roses}" } },
        ],
        "cooldown": { "seconds": 30 },
    })
}

fn made_up() -> Value {
    json!({
        "with": "made_up", "nickname": "mia", "giftId": null, "count": 12, "comment": "", "months": 1,
        "follower": true, "subscriber": false, "moderator": false,
    })
}
