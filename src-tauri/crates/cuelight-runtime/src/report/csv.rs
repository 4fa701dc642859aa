//! Events as a table for spreadsheets: one row an event, the columns that most of them share.

use cuelight_core::event::{Body, Event};

/// The first line.
pub const HEADER: &str = "timestamp,event_type,unique_id,nickname,user_id,text,gift_id,gift_name,count,diamonds\r\n";

/// One event as a line, with its line break (RFC 4180).
#[must_use]
pub fn row(event: &Event) -> String {
    let mut columns = Columns::default();
    match &event.body {
        Body::Comment(it) => columns.text = &it.comment,
        Body::Question(it) => columns.text = &it.question,
        Body::Pin(it) | Body::Unpin(it) => columns.text = &it.comment,
        Body::Disconnect(it) => columns.text = &it.reason,
        Body::Custom(it) => columns.text = &it.name,
        Body::Unknown(it) => columns.text = &it.method,
        Body::Barrage(it)
        | Body::Rank(it)
        | Body::Shop(it)
        | Body::Caption(it)
        | Body::RoomMessage(it)
        | Body::LiveIntro(it) => columns.text = &it.text,
        Body::Gift(it) => {
            columns.gift_id = Some(it.gift.id);
            columns.gift_name = it.gift.name.as_deref().unwrap_or_default();
            columns.count = Some(u64::from(it.repeat_count));
            columns.diamonds = it.total_diamonds;
        }
        Body::Like(it) => columns.count = Some(u64::from(it.count)),
        Body::Subscribe(it) => columns.count = it.months.map(u64::from),
        Body::ViewerCount(it) => columns.count = Some(it.viewers),
        Body::Envelope(it) => columns.diamonds = Some(it.diamonds),
        Body::LevelUp(it) => columns.count = Some(u64::from(it.level)),
        Body::Connect(_)
        | Body::Join(_)
        | Body::Follow(_)
        | Body::Share(_)
        | Body::Social(_)
        | Body::Emote(_)
        | Body::Battle(_)
        | Body::SuperFan(_)
        | Body::Moderation(_)
        | Body::Delete(_)
        | Body::Poll(_)
        | Body::Goal(_)
        | Body::Gap(_)
        | Body::LiveStart(_)
        | Body::LivePause(_)
        | Body::LiveResume(_)
        | Body::LiveEnd(_) => {}
    }
    let number = |number: Option<u64>| number.map(|it| it.to_string()).unwrap_or_default();
    let user = event.user();
    let cells = [
        event.stamp.timestamp.to_string(),
        event.event_type().as_str().to_owned(),
        user.map(|it| cell(&it.unique_id)).unwrap_or_default(),
        user.map(|it| cell(&it.nickname)).unwrap_or_default(),
        user.map(|it| cell(it.user_id.as_str())).unwrap_or_default(),
        cell(columns.text),
        columns.gift_id.map(|it| it.to_string()).unwrap_or_default(),
        cell(columns.gift_name),
        number(columns.count),
        number(columns.diamonds),
    ];
    cells.join(",") + "\r\n"
}

#[derive(Default)]
struct Columns<'a> {
    text: &'a str,
    gift_id: Option<i64>,
    gift_name: &'a str,
    count: Option<u64>,
    diamonds: Option<u64>,
}

/// Quotes what needs it. A text that a spreadsheet would take for a formula is marked as text: viewers choose it.
fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cuelight_core::event::Comment;
    use cuelight_core::timestamp::Timestamp;
    use cuelight_core::user::User;

    fn check(comment: &str, expected: &str) {
        let user = User { unique_id: "ana".into(), nickname: "Ana".into(), ..User::default() };
        let body = Body::Comment(Comment { user, comment: comment.into(), ..Comment::default() });
        let row = row(&Event::own(body, Timestamp::from_ms(0)));
        assert_eq!(row, format!("1970-01-01T00:00:00.000000,comment,ana,Ana,,{expected},,,,\r\n"), "{comment:?}");
    }

    #[test]
    fn a_comment_stays_in_its_cell_and_is_never_a_formula() {
        check("hello", "hello");
        check("a, \"b\"\nc", "\"a, \"\"b\"\"\nc\"");
        check("=HYPERLINK(1)", "'=HYPERLINK(1)");
    }

    #[test]
    fn every_row_has_as_many_cells_as_the_header() {
        let row = row(&Event::own(Body::Unknown(Default::default()), Timestamp::from_ms(0)));
        assert_eq!(row.matches(',').count(), HEADER.matches(',').count(), "spreadsheets go by position");
    }
}
