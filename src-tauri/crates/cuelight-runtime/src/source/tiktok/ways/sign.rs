//! The sign way: a server that the streamer has a key for signs the address, and we open TikTok's socket under it.

use cuelight_core::attempt::AttemptStep;
use cuelight_core::clean::clean_to;
use cuelight_core::way::Way;
use rand_chacha::ChaCha8Rng;
use reqwest::Url;
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use serde::Deserialize;
use tokio::time::Instant;
use webcast_proto::FrameReader;

use crate::source::SourceError;
use crate::source::page::SocketHosts;
use crate::source::tiktok::answer::TIKTOK_WORDS_CHARACTERS;
use crate::source::tiktok::bases::{as_http, place_of};
use crate::source::tiktok::http::Answer;
use crate::source::tiktok::identity::{Browser, shown, upgrade_headers};
use crate::source::tiktok::means::{Means, SignKey};
use crate::source::tiktok::quota;
use crate::source::tiktok::room::Room;
use crate::source::tiktok::upgrade;
use crate::source::tiktok::way_in::{Errand, Opened, closed};

const COOKIES: &str = "x-set-tt-cookie";
const ROOM: &str = "x-room-id";
const REQUEST: &str = "x-request-id";

/// As whom the server counts us.
const CLIENT: &str = "ttlive-other";

/// What the server says where it has no address for us; it may be cut or absent.
#[derive(Deserialize)]
struct Words {
    code: Option<u16>,
    message: Option<String>,
}

/// A signed address and what goes with it. It is good for half a minute and for one connection.
struct Signed {
    url: Url,
    cookies: HeaderValue,
    room: Room,
    body: Vec<u8>,
}

/// Has the address signed and opens the socket under it, as the browser that it was signed for.
pub(super) async fn open(
    means: &Means,
    errand: &Errand<'_>,
    browser: &Browser,
    random: &mut ChaCha8Rng,
) -> Result<Opened, SourceError> {
    let Some(key) = &means.sign else {
        let cause = "there is no key for a sign server".to_owned();
        return Err(errand.without(Way::Sign, AttemptStep::Sign, cause));
    };
    let Some(shown_key) = key.header() else {
        let cause = "the key for the sign server has letters in it that no key has".to_owned();
        return Err(errand.without(Way::Sign, AttemptStep::Sign, cause));
    };
    let url = question(errand, browser);
    let place = place_of(&url);
    let accepted = HeaderValue::from_static("application/protobuf,application/json");
    let headers = HeaderMap::from_iter([shown_key, (ACCEPT, accepted)]);
    let began = Instant::now();
    let answer = errand.http.get(url, headers).await;
    let signed = answer.and_then(|answer| {
        if let Some(request) = answer.headers.get(REQUEST).and_then(|it| it.to_str().ok()) {
            tracing::debug!(request, status = answer.status, "the sign server answered");
        }
        read(answer, place.clone(), key, errand)
    });
    errand.story.tell(AttemptStep::Sign, &place, began, signed.as_ref().err());
    let Signed { url, cookies, room, body } = signed?;
    let mut url = as_http(url);
    url.query_pairs_mut().extend_pairs(upgrade::parameters(&room, browser, errand.pace.heartbeat_period, random));
    let (place, began) = (place_of(&url), Instant::now());
    let opening = upgrade::open(errand, url, upgrade_headers(browser, cookies), &room).await;
    errand.story.tell(AttemptStep::Upgrade, &place, began, opening.as_ref().err());
    Ok(Opened::Socket { opening: opening?, room, first: Some(body) })
}

/// `/webcast/rooms/ROOM/connect`, or `/webcast/anchors/NAME/connect` where the room is not known.
fn question(errand: &Errand<'_>, browser: &Browser) -> Url {
    let number = errand.room.map(|room| room.number.to_string());
    let mut url = match &number {
        Some(number) => errand.bases.sign(&["webcast", "rooms", number, "connect"]),
        None => errand.bases.sign(&["webcast", "anchors", errand.handle.as_str(), "connect"]),
    };
    url.query_pairs_mut().extend_pairs([
        ("client", CLIENT),
        ("cursor", ""),
        ("user_agent", browser.user_agent()),
        ("client_enter", "true"),
        ("platform", "web"),
    ]);
    url
}

/// What the server's answer to that key comes to. Its words are told to people, without the key.
fn read(answer: Answer, place: String, key: &SignKey, errand: &Errand<'_>) -> Result<Signed, SourceError> {
    let words: Option<Words> = serde_json::from_slice(&answer.body).ok();
    let said = words.as_ref().and_then(|words| words.message.as_deref());
    let said =
        said.map(|said| format!(", {}", clean_to(&key.hidden_in(said), TIKTOK_WORDS_CHARACTERS))).unwrap_or_default();
    let code = words.as_ref().and_then(|words| words.code);
    let told = format!("HTTP {}{said}", answer.status);
    match (answer.status, code) {
        (402, _) | (200, Some(402 | 403)) => {
            return Err(closed(Way::Sign, format!("the sign server wants to be paid for this: {told}")));
        }
        (401 | 403, _) | (200, Some(401)) => {
            return Err(closed(Way::Sign, format!("the sign server does not take the key: {told}")));
        }
        (429, _) | (200, Some(429)) => {
            let until_ms = quota::until_ms(&answer.headers, &answer.body, errand.clock.now_ms());
            return Err(SourceError::RateLimited { place, cause: told, until_ms });
        }
        (500.., _) => return Err(SourceError::Unreachable { place, cause: told }),
        (200, None) if answer.body.is_empty() => {
            return Err(errand.blocked(place, "TikTok gave the sign server nothing".to_owned()));
        }
        (200, None) => {}
        _ => return Err(errand.blocked(place, told)),
    }
    signed(answer, errand).map_err(|cause| errand.blocked(place, cause.to_owned()))
}

/// The address in an answer that has one.
fn signed(answer: Answer, errand: &Errand<'_>) -> Result<Signed, &'static str> {
    let cookies = cookies_in(&answer.headers).ok_or("the sign server sent no cookies with the address")?;
    let mut reader = FrameReader::new();
    let batch = reader.read_fetch_result(&answer.body).map_err(|_| "what the sign server sent cannot be read")?;
    let push_server = batch.result.push_server.to_str();
    let mut url = Url::parse(&push_server).map_err(|_| "the sign server sent no address")?;
    if !leads_to_tiktok(&url, &errand.bases.socket_hosts()) {
        return Err("the sign server is out of order: its address does not lead to TikTok");
    }
    let route = batch.result.route_params.iter().map(|pair| (pair.key.to_str(), pair.value.to_str()));
    let own = [("cursor", batch.result.cursor.to_str()), ("internal_ext", batch.result.internal_ext.to_str())];
    url.query_pairs_mut()
        .extend_pairs(route.filter(|(_, value)| !value.is_empty()))
        .extend_pairs(own.iter().filter(|(_, value)| !value.is_empty()));
    let room = match errand.room {
        Some(room) => room.clone(),
        None => {
            let number = answer.headers.get(ROOM).and_then(|room| room.to_str().ok()?.parse().ok());
            let number = number.filter(|number| *number > 0).ok_or("the sign server does not tell the room")?;
            Room { number, unique_id: errand.handle.as_str().into() }
        }
    };
    drop(batch);
    Ok(Signed { url, cookies, room, body: answer.body })
}

/// Whether the socket is TikTok's; at an outage a sign server sends an address of its own.
fn leads_to_tiktok(url: &Url, hosts: &SocketHosts) -> bool {
    let is_tiktok = url.scheme() == "wss" && url.host_str().is_some_and(|host| host.ends_with(".tiktok.com"));
    is_tiktok || hosts.hold(url.as_str())
}

/// Every cookie of the answer, as they go into one header; `None` where there is none.
fn cookies_in(headers: &HeaderMap) -> Option<HeaderValue> {
    let mut cookies = Vec::new();
    for value in headers.get_all(COOKIES) {
        // Several may stand in one header; a comma within a date begins none.
        for cookie in value.to_str().ok()?.split(',') {
            let pair = cookie.split(';').next().unwrap_or_default().trim();
            if pair.split_once('=').is_some_and(|(name, value)| !name.is_empty() && !value.is_empty()) {
                cookies.push(pair);
            }
        }
    }
    if cookies.is_empty() { None } else { shown(&cookies.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cookie_of_a_signed_address_is_taken_and_nothing_else() {
        for (values, expected) in [
            (&["ttwid=1%7Cab; Path=/"][..], Some("ttwid=1%7Cab")),
            (&["ttwid=1; Path=/", "msToken=x; Secure"][..], Some("ttwid=1; msToken=x")),
            (&["ttwid=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/, tt=2"][..], Some("ttwid=1; tt=2")),
            (&["ttwid="][..], None),
            (&[][..], None),
        ] {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(COOKIES, HeaderValue::from_static(value));
            }
            let cookies = cookies_in(&headers);
            assert_eq!(cookies.as_ref().map(|it| it.to_str().expect("text")), expected, "{values:?}");
        }
    }

    #[test]
    fn an_address_that_does_not_lead_to_tiktok_is_never_opened() {
        let hosts = SocketHosts::with(vec!["127.0.0.1:4001".to_owned()]);
        for (url, expected) in [
            ("wss://webcast16-ws-useast1a.tiktok.com/webcast/im/ws_proxy/", true),
            ("wss://im-api-ws.tiktok.com/", true),
            ("ws://127.0.0.1:4001/", true),
            ("wss://ws-fallback.eulerstream.example/", false),
            ("wss://tiktok.com.example/", false),
            ("ws://webcast-ws.tiktok.com/", false),
        ] {
            assert_eq!(leads_to_tiktok(&Url::parse(url).expect("an address"), &hosts), expected, "{url}");
        }
    }
}
