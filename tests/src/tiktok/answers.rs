//! The bodies of TikTok's HTTP answers: rooms, pages, gifts.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};

use super::account::{Account, LAST_ROOM_ID, PRIVATE_ROOM_ID};
use super::limits;
use crate::scenario::GiftListAnswer;
use crate::viewer::{COMET, GiftKind, LANTERN, ROSE};

/// What is on now.
#[derive(Clone, Copy, Debug)]
pub(super) struct OnAir {
    /// The room of every live account but the private one.
    pub(super) room_id: i64,
    /// Whether the live goes on.
    pub(super) is_live: bool,
    /// Whether the routes about the streamer tell nothing of it.
    pub(super) is_denied: bool,
}

/// `/api-live/user/room`; `None` for an account that never gets an answer.
pub(super) fn user_room(handle: &str, account: Account, on_air: OnAir) -> Option<Response> {
    let answer = match account {
        Account::Live
        | Account::Paused
        | Account::Offline
        | Account::WithoutRoom
        | Account::Private
        | Account::WithoutState
        | Account::WithoutPage => Json(json!({
            "data": user_and_room(handle, account, on_air),
            "message": "",
            "statusCode": 0,
        }))
        .into_response(),
        Account::Unknown | Account::FalselyUnknown => refused(19_881_007, "user_not_found"),
        Account::ParametersRefused => refused(10_011, "params_error"),
        Account::AgeRestricted => age_restricted(),
        Account::Captcha => captcha_page(),
        Account::Blank => StatusCode::OK.into_response(),
        Account::Blocked => StatusCode::FORBIDDEN.into_response(),
        Account::Throttled => StatusCode::TOO_MANY_REQUESTS.into_response(),
        Account::ThrottledNaming(form) => limits::too_many(form),
        Account::Unanswering => return None,
    };
    Some(answer)
}

/// What the question for the page of a live gets.
pub(super) enum LivePageAnswer {
    /// The page, which carries this state for its script, as text.
    Page { state: String },
    /// This in its place.
    Instead(Response),
    /// Nothing, ever.
    Nothing,
}

/// `/@NAME/live`.
pub(super) fn live_page(handle: &str, account: Account, on_air: OnAir) -> LivePageAnswer {
    let state = match account {
        Account::Live
        | Account::Paused
        | Account::Offline
        | Account::WithoutRoom
        | Account::FalselyUnknown
        | Account::AgeRestricted
        | Account::ParametersRefused
        | Account::Private => json!({
            "LiveRoom": { "liveRoomUserInfo": user_and_room(handle, account, on_air) },
        }),
        Account::Unknown => json!({ "AppContext": {} }),
        Account::WithoutState => return LivePageAnswer::Page { state: "{\"LiveRoom\": {".to_owned() },
        Account::WithoutPage => return LivePageAnswer::Instead(StatusCode::NOT_FOUND.into_response()),
        Account::Captcha => return LivePageAnswer::Instead(captcha_page()),
        Account::Blank => return LivePageAnswer::Instead(StatusCode::OK.into_response()),
        Account::Blocked => return LivePageAnswer::Instead(StatusCode::FORBIDDEN.into_response()),
        Account::Throttled => return LivePageAnswer::Instead(StatusCode::TOO_MANY_REQUESTS.into_response()),
        Account::ThrottledNaming(form) => return LivePageAnswer::Instead(limits::too_many(form)),
        Account::Unanswering => return LivePageAnswer::Nothing,
    };
    LivePageAnswer::Page { state: state.to_string() }
}

/// `/`, `/live` and `/@NAME`: only their cookie matters.
pub(super) fn home_page() -> Response {
    Html("<!DOCTYPE html><html><head></head><body>TikTok</body></html>").into_response()
}

/// `/webcast/room/check_alive/`, for one or several room ids.
pub(super) fn check_alive(room_ids: &str, on_air: OnAir) -> Response {
    let live_rooms = [on_air.room_id, PRIVATE_ROOM_ID].map(|room_id| room_id.to_string());
    let is_alive = |id: &str| on_air.is_live && live_rooms.iter().any(|room| room == id);
    let rooms = room_ids
        .split(',')
        .filter(|id| !id.is_empty())
        .map(|id| json!({ "alive": is_alive(id), "room_id": number(id), "room_id_str": id }));
    Json(json!({ "data": rooms.collect::<Vec<_>>(), "status_code": 0 })).into_response()
}

/// `/webcast/room/info/`.
pub(super) fn room_info(handle: &str, account: Account, on_air: OnAir) -> Response {
    if account == Account::AgeRestricted {
        return age_restricted();
    }
    let info = json!({
        "data": {
            "id": on_air.room_id,
            "id_str": on_air.room_id.to_string(),
            "status": status(account, on_air),
            "title": "painting the night sky",
            "user_count": 312,
            "owner": {
                "id_str": "6800000000000000001",
                "display_id": handle,
                "nickname": "Sim the Streamer",
                "avatar_large": { "url_list": ["https://pictures.invalid/sim.webp"] },
                "follow_info": { "follower_count": 1200, "following_count": 12 },
            },
            "stats": { "like_count": 12_345, "total_user": 4_021 },
            "age_restricted": { "restricted": false },
            "stream_url": {},
        },
        "extra": { "now": 1_790_000_000_000_i64 },
        "status_code": 0,
    });
    Json(info).into_response()
}

/// `/webcast/gift/list/`; `None` where it is never answered.
pub(super) fn gift_list(answer: GiftListAnswer) -> Option<Response> {
    let others = match answer {
        GiftListAnswer::Good => 0,
        GiftListAnswer::Large => OTHER_GIFTS,
        GiftListAnswer::Forbidden => return Some(StatusCode::FORBIDDEN.into_response()),
        GiftListAnswer::Unanswered => return None,
    };
    let others = (0..others).map(|number| GiftKind { id: 91_000 + number, name: "Firefly", diamonds: 2, kind: 1 });
    let gifts: Vec<_> = [ROSE, LANTERN, COMET].into_iter().chain(others).map(listed).collect();
    let list = json!({
        "data": { "gifts": gifts, "pages": [], "doodle_templates": [] },
        "extra": { "now": 1_790_000_000_000_i64, "log_id": "2026112100000000000000000000000001" },
        "status_code": 0,
    });
    Some(Json(list).into_response())
}

/// So many gifts have more than 8 MB.
const OTHER_GIFTS: i64 = 32_000;

fn listed(gift: GiftKind) -> Value {
    let picture = json!({ "url_list": [format!("https://pictures.invalid/gift-{}.png", gift.id)] });
    json!({
        "id": gift.id,
        "name": gift.name,
        "describe": format!("sent {}", gift.name),
        "diamond_count": gift.diamonds,
        "type": gift.kind,
        "combo": gift.kind == 1,
        "image": picture,
        "icon": picture,
        "is_displayed_on_panel": true,
    })
}

fn user_and_room(handle: &str, account: Account, on_air: OnAir) -> Value {
    if on_air.is_denied {
        return json!({});
    }
    let status = status(account, on_air);
    let room_id = match (account, status) {
        (Account::WithoutRoom, _) => String::new(),
        (_, 4) => LAST_ROOM_ID.to_string(),
        (Account::Private, _) => PRIVATE_ROOM_ID.to_string(),
        _ => on_air.room_id.to_string(),
    };
    json!({
        "user": {
            "id": "6800000000000000001",
            "uniqueId": handle,
            "nickname": "Sim the Streamer",
            "roomId": room_id,
            "status": status,
            "avatarLarger": "https://pictures.invalid/sim.webp",
            "signature": "one brush, many stars",
        },
        "stats": { "followerCount": 1200, "followingCount": 12 },
        "liveRoom": {
            "status": status,
            "title": "painting the night sky",
            "startTime": 1_789_999_000,
            "liveRoomStats": { "userCount": 312, "enterCount": 4_021 },
        },
    })
}

/// 2 live, 3 paused, 4 offline.
fn status(account: Account, on_air: OnAir) -> i32 {
    match account {
        Account::Offline | Account::WithoutRoom | Account::Unknown => 4,
        _ if !on_air.is_live => 4,
        Account::Paused => 3,
        Account::Live
        | Account::FalselyUnknown
        | Account::AgeRestricted
        | Account::ParametersRefused
        | Account::Captcha
        | Account::Blank
        | Account::Blocked
        | Account::Private
        | Account::WithoutState
        | Account::WithoutPage
        | Account::Throttled
        | Account::ThrottledNaming(_)
        | Account::Unanswering => 2,
    }
}

fn refused(code: i64, message: &str) -> Response {
    Json(json!({ "data": {}, "message": message, "statusCode": code })).into_response()
}

fn age_restricted() -> Response {
    let body = json!({
        "data": { "prompts": "" },
        "extra": { "now": 1_790_000_000_000_i64 },
        "message": "",
        "statusCode": 4_003_110,
        "status_code": 4_003_110,
    });
    Json(body).into_response()
}

fn captcha_page() -> Response {
    let page = concat!(
        r#"<!DOCTYPE html><html><head><script id="SIGI_STATE" type="application/json">"#,
        r#"verify first</script></head><body><div id="tiktok-verify-page"></div></body></html>"#
    );
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

fn number(id: &str) -> i64 {
    id.parse().unwrap_or_default()
}
