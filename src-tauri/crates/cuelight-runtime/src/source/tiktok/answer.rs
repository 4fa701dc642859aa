//! What TikTok's answers about a streamer mean: JSON, page or nothing, each to one verdict.

use compact_str::CompactString;
use cuelight_core::clean::clean_to;
use serde_json::Value;

use super::http::Answer;
use super::quota;

/// How much of TikTok's own words is shown to people, in characters.
pub(super) const TIKTOK_WORDS_CHARACTERS: usize = 120;

/// `statusCode` for a user that TikTok does not know, or claims not to.
const NO_SUCH_USER: [i64; 2] = [19_881_007, 404_000];

/// `statusCode` for a live that is shown to logged-in adults only.
const AGE_RESTRICTED: i64 = 4_003_110;

/// `status` of a live that runs, and of one that is paused and can be entered all the same.
const LIVE_STATUSES: [i64; 2] = [2, 3];

/// Part of every page that wants a captcha solved.
const CAPTCHA_MARK: &str = "tiktok-verify-page";

/// One source's word on whether a streamer is live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Live, or paused.
    Live {
        /// The room.
        room_id: i64,
        /// The handle as TikTok spells it.
        unique_id: Option<CompactString>,
    },
    /// There is no live now.
    NotLive,
    /// TikTok says that there is no such user; it has said so of live ones.
    NoSuchUser,
    /// For logged-in adults only.
    AgeRestricted,
    /// TikTok did not accept the question.
    NotUnderstood {
        /// Its code.
        code: i64,
        /// Its words.
        message: String,
    },
    /// A captcha stands before the answer.
    Captcha,
    /// Something came that is no answer.
    Blocked {
        /// What came.
        cause: String,
    },
    /// TikTok counts too many requests from here.
    RateLimited {
        /// What came.
        cause: String,
        /// When it may be asked again, ms since 1970.
        until_ms: i64,
    },
    /// TikTok itself is in trouble.
    Failing {
        /// What it said.
        cause: String,
    },
    /// The page says nothing about a live room.
    Silent,
}

/// Reads the JSON of `/api-live/user/room`, which came at that moment, ms since 1970.
pub(super) fn of_user_room(answer: &Answer, now_ms: i64) -> Verdict {
    if let Some(verdict) = of_no_answer(answer, now_ms) {
        return verdict;
    }
    let Ok(answer) = serde_json::from_str::<Value>(&answer.text()) else {
        return Verdict::Blocked { cause: "a page came where JSON was due".to_owned() };
    };
    let Some(code) = number(&answer["statusCode"]).or_else(|| number(&answer["status_code"])) else {
        return Verdict::Blocked { cause: "the JSON has no status code".to_owned() };
    };
    let message = answer["message"].as_str().unwrap_or_default();
    let data = &answer["data"];
    if code == AGE_RESTRICTED || holds_only_prompts(data) {
        return Verdict::AgeRestricted;
    }
    if NO_SUCH_USER.contains(&code) || message == "user_not_found" {
        return Verdict::NoSuchUser;
    }
    if code != 0 {
        let message = clean_to(message, TIKTOK_WORDS_CHARACTERS).into_owned();
        return Verdict::NotUnderstood { code, message };
    }
    of_user_and_room(&data["user"], &data["liveRoom"])
}

/// Reads the state that the page `/@NAME/live` carries for its own script; it came at that moment, ms since 1970.
pub(super) fn of_live_page(answer: &Answer, now_ms: i64) -> Verdict {
    if let Some(verdict) = of_no_answer(answer, now_ms) {
        return verdict;
    }
    let page = answer.text();
    let Some(state) = page_state(&page) else {
        return Verdict::Blocked { cause: "the page holds no state".to_owned() };
    };
    let Ok(state) = serde_json::from_str::<Value>(state) else { return Verdict::Captcha };
    match &state["LiveRoom"]["liveRoomUserInfo"] {
        Value::Null => Verdict::Silent,
        info => of_user_and_room(&info["user"], &info["liveRoom"]),
    }
}

/// Reads `/webcast/room/check_alive/`: whether that room is alive, `None` where the answer does not say.
pub(super) fn is_alive(http_status: u16, body: &str, room_id: i64) -> Option<bool> {
    if http_status != 200 {
        return None;
    }
    let answer = serde_json::from_str::<Value>(body).ok()?;
    let rooms = answer["data"].as_array()?;
    let is_this = |room: &&Value| {
        let id = number(&room["room_id_str"]).or_else(|| number(&room["room_id"]));
        id == Some(room_id)
    };
    rooms.iter().find(is_this)?["alive"].as_bool()
}

/// The verdict on what cannot be an answer at all.
fn of_no_answer(answer: &Answer, now_ms: i64) -> Option<Verdict> {
    let (http_status, body) = (answer.status, answer.text());
    if body.contains(CAPTCHA_MARK) {
        return Some(Verdict::Captcha);
    }
    match http_status {
        200 if body.trim().is_empty() => Some(Verdict::Blocked { cause: "an empty answer".to_owned() }),
        200 => None,
        429 => {
            let until_ms = quota::until_ms(&answer.headers, &answer.body, now_ms);
            Some(Verdict::RateLimited { cause: format!("HTTP {http_status}"), until_ms })
        }
        500.. => Some(Verdict::Failing { cause: format!("HTTP {http_status}") }),
        _ => Some(Verdict::Blocked { cause: format!("HTTP {http_status}") }),
    }
}

fn of_user_and_room(user: &Value, live_room: &Value) -> Verdict {
    let status = number(&live_room["status"]).or_else(|| number(&user["status"]));
    if status.is_some_and(|status| !LIVE_STATUSES.contains(&status)) {
        return Verdict::NotLive;
    }
    match &user["roomId"] {
        Value::Null => Verdict::NotLive,
        Value::String(id) if id.is_empty() => Verdict::NotLive,
        id => match number(id) {
            Some(0) => Verdict::NotLive,
            Some(room_id) => Verdict::Live { room_id, unique_id: user["uniqueId"].as_str().map(CompactString::new) },
            None => {
                let id = id.to_string();
                let id = clean_to(&id, TIKTOK_WORDS_CHARACTERS);
                Verdict::Blocked { cause: format!("the room id {id} is no number") }
            }
        },
    }
}

/// TikTok writes ids as text and codes as numbers, and now and then the other way round.
fn number(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.parse().ok(),
        other => other.as_i64(),
    }
}

fn holds_only_prompts(data: &Value) -> bool {
    data.as_object().is_some_and(|fields| fields.len() == 1 && fields.contains_key("prompts"))
}

fn page_state(page: &str) -> Option<&str> {
    let (_, from_id) = page.split_once(r#"id="SIGI_STATE""#)?;
    let (_, from_content) = from_id.split_once('>')?;
    let (content, _) = from_content.split_once("</script>")?;
    Some(content)
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderMap;

    use super::*;

    const ROOM: i64 = 7_123_456_789_012_345_678;
    const NOW_MS: i64 = 1_795_305_600_000;

    fn came(status: u16, body: &str) -> Answer {
        Answer { status, headers: HeaderMap::new(), body: body.as_bytes().to_vec() }
    }

    fn live(unique_id: &str) -> Verdict {
        Verdict::Live { room_id: ROOM, unique_id: Some(CompactString::new(unique_id)) }
    }

    fn blocked(cause: &str) -> Verdict {
        Verdict::Blocked { cause: cause.to_owned() }
    }

    fn user_and_room(room_id: &str, user_status: i64, room_status: &str) -> String {
        format!(
            r#""user":{{"id":"68","uniqueId":"luna","roomId":{room_id},"status":{user_status}}},"liveRoom":{{{room_status}}}"#
        )
    }

    #[test]
    fn every_json_answer_has_its_meaning() {
        let fine = |inner: String| format!(r#"{{"statusCode":0,"message":"","data":{{{inner}}}}}"#);
        let id = format!("\"{ROOM}\"");
        for (status, body, expected) in [
            (200, fine(user_and_room(&id, 2, r#""status":2"#)), live("luna")),
            (200, fine(user_and_room(&id, 2, r#""status":3"#)), live("luna")),
            (200, fine(user_and_room(&id, 2, "")), live("luna")),
            (200, fine(user_and_room(&ROOM.to_string(), 2, "")), live("luna")),
            (200, fine(user_and_room(&id, 2, r#""status":4"#)), Verdict::NotLive),
            (200, fine(user_and_room(&id, 4, "")), Verdict::NotLive),
            (200, fine(user_and_room("\"\"", 2, r#""status":2"#)), Verdict::NotLive),
            (200, fine(user_and_room("\"0\"", 2, r#""status":2"#)), Verdict::NotLive),
            (200, fine(r#""user":{"uniqueId":"luna"}"#.into()), Verdict::NotLive),
            (200, fine(user_and_room("\"room\"", 2, "")), blocked("the room id \"room\" is no number")),
            (200, r#"{"statusCode":19881007,"message":"user_not_found","data":{}}"#.into(), Verdict::NoSuchUser),
            (200, r#"{"statusCode":404000,"message":"","data":{}}"#.into(), Verdict::NoSuchUser),
            (200, r#"{"statusCode":4003110,"message":"","data":{"prompts":""}}"#.into(), Verdict::AgeRestricted),
            (200, r#"{"status_code":0,"data":{"prompts":"log in"}}"#.into(), Verdict::AgeRestricted),
            (
                200,
                r#"{"statusCode":10011,"message":"params_error"}"#.into(),
                Verdict::NotUnderstood { code: 10_011, message: "params_error".to_owned() },
            ),
            (200, "{}".into(), blocked("the JSON has no status code")),
            (200, String::new(), blocked("an empty answer")),
            (200, "<html>Please wait...</html>".into(), blocked("a page came where JSON was due")),
            (200, "<div id=tiktok-verify-page>".into(), Verdict::Captcha),
            (403, String::new(), blocked("HTTP 403")),
            (429, String::new(), Verdict::RateLimited { cause: "HTTP 429".to_owned(), until_ms: NOW_MS + 90_000 }),
            (302, String::new(), blocked("HTTP 302")),
            (503, "busy".into(), Verdict::Failing { cause: "HTTP 503".to_owned() }),
        ] {
            assert_eq!(of_user_room(&came(status, &body), NOW_MS), expected, "HTTP {status} with {body}");
        }
    }

    #[test]
    fn every_page_has_its_meaning() {
        let page = |state: &str| {
            format!(r#"<html><script id="SIGI_STATE" type="application/json">{state}</script><p>x</p></html>"#)
        };
        let with_room = |inner: String| page(&format!(r#"{{"LiveRoom":{{"liveRoomUserInfo":{{{inner}}}}}}}"#));
        let id = format!("\"{ROOM}\"");
        for (status, body, expected) in [
            (200, with_room(user_and_room(&id, 2, r#""status":2"#)), live("luna")),
            (200, with_room(user_and_room(&id, 4, r#""status":4"#)), Verdict::NotLive),
            (200, page(r#"{"AppContext":{}}"#), Verdict::Silent),
            (200, page("verify first"), Verdict::Captcha),
            (200, "<html id=\"tiktok-verify-page\"></html>".into(), Verdict::Captcha),
            (200, "<html>Please wait...</html>".into(), blocked("the page holds no state")),
            (200, r#"<script id="SIGI_STATE">{"cut":"#.into(), blocked("the page holds no state")),
            (200, String::new(), blocked("an empty answer")),
            (403, String::new(), blocked("HTTP 403")),
        ] {
            assert_eq!(of_live_page(&came(status, &body), NOW_MS), expected, "HTTP {status} with {body}");
        }
    }

    #[test]
    fn only_a_clear_word_about_this_room_counts() {
        for (status, body, expected) in [
            (200, format!(r#"{{"data":[{{"alive":true,"room_id_str":"{ROOM}"}}]}}"#), Some(true)),
            (
                200,
                format!(r#"{{"data":[{{"alive":true,"room_id":1}},{{"alive":false,"room_id":{ROOM}}}]}}"#),
                Some(false),
            ),
            (200, r#"{"data":[{"alive":false,"room_id":1}]}"#.into(), None),
            (200, r#"{"data":{}}"#.into(), None),
            (200, "<html>".into(), None),
            (403, format!(r#"{{"data":[{{"alive":false,"room_id_str":"{ROOM}"}}]}}"#), None),
        ] {
            assert_eq!(is_alive(status, &body, ROOM), expected, "HTTP {status} with {body}");
        }
    }
}
