//! TikTok's list of the gifts of a room: their names in one language, prices and pictures. Nothing waits for it, since a gift's
//! own message tells all that it takes to go on.

use std::time::Duration;

use cuelight_core::gift_catalogue::KnownGift;
use cuelight_core::handle::Handle;
use cuelight_core::id::RoomId;
use cuelight_core::limits::CATALOGUE_GIFTS;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;
use serde_json::Value;

use super::bases::{TikTokBases, place_of};
use super::http::Http;
use super::identity::{Browser, Identity, Patience};
use super::story::Story;
use super::way_in::Errand;
use crate::clock::Clock;
use crate::source::SourceError;
use crate::source::pace::Pace;

/// The largest list that is read, in bytes; TikTok's has several million.
const LIST_BYTES: usize = 16 * 1024 * 1024;

/// How long the list may take: nobody waits for it.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);

/// Whose gifts are asked for.
#[derive(Debug, Clone)]
pub struct WantedGiftList {
    /// The streamer.
    pub creator: Handle,
    /// The room, which together with the region decides what can be given.
    pub room_id: RoomId,
    /// The language of the names, as in `es`.
    pub language: String,
}

/// Asks for the list (`GET /webcast/gift/list/`); the seed decides which browser we are.
///
/// # Errors
/// TikTok blocks or does not understand the question, or cannot be reached.
pub async fn fetch(
    wanted: &WantedGiftList,
    bases: &TikTokBases,
    clock: &Clock,
    seed: u64,
) -> Result<Vec<KnownGift>, SourceError> {
    let pace = Pace { answer_timeout: ANSWER_TIMEOUT, ..Pace::default() };
    let http = Http::new(&pace);
    let errand = Errand {
        handle: &wanted.creator,
        room: None,
        bases,
        http: &http,
        pace: &pace,
        clock,
        last_way: None,
        patience: Patience::Endless,
        story: Story::untold(&wanted.creator),
    };
    let browser = Browser::pick(&mut ChaCha8Rng::seed_from_u64(seed)).speaking(&wanted.language);
    let identity = Identity::obtain(&errand, browser).await?;
    let mut url = bases.webcast(&["webcast", "gift", "list", ""]);
    url.query_pairs_mut()
        .append_pair("aid", "1988")
        .append_pair("room_id", wanted.room_id.as_str())
        .extend_pairs(identity.browser.parameters());
    let place = place_of(&url);
    let answer = http.get_within(url, identity.headers(), LIST_BYTES).await?;
    if answer.status != 200 {
        return Err(errand.blocked(place, format!("HTTP {}", answer.status)));
    }
    gifts_in(&answer.body).map_err(|Refused { code, message }| SourceError::NotUnderstood {
        user: wanted.creator.to_string(),
        code,
        message,
    })
}

/// An answer that is no list.
#[derive(Debug, PartialEq, Eq)]
struct Refused {
    code: i64,
    message: String,
}

/// The gifts of `{"status_code", "data": {"gifts": […]}}`; one that cannot be read costs no other.
fn gifts_in(body: &[u8]) -> Result<Vec<KnownGift>, Refused> {
    #[derive(Deserialize)]
    struct Answer {
        #[serde(default)]
        status_code: i64,
        #[serde(default)]
        data: Data,
    }
    #[derive(Default, Deserialize)]
    struct Data {
        #[serde(default)]
        gifts: Vec<Value>,
    }
    let answer: Answer =
        serde_json::from_slice(body).map_err(|error| Refused { code: 0, message: error.to_string() })?;
    let gifts: Vec<KnownGift> = answer.data.gifts.into_iter().filter_map(known).take(CATALOGUE_GIFTS).collect();
    if answer.status_code != 0 || gifts.is_empty() {
        return Err(Refused { code: answer.status_code, message: "there is no gift in the list".to_owned() });
    }
    Ok(gifts)
}

/// GiftStruct, as JSON: `id`, `name`, `diamond_count`, `type` and `image.url_list`.
fn known(gift: Value) -> Option<KnownGift> {
    #[derive(Deserialize)]
    struct Listed {
        id: i64,
        #[serde(default)]
        name: String,
        #[serde(default)]
        diamond_count: i64,
        #[serde(default)]
        r#type: i32,
        #[serde(default)]
        image: Image,
    }
    #[derive(Default, Deserialize)]
    struct Image {
        #[serde(default)]
        url_list: Vec<String>,
    }
    let listed: Listed = serde_json::from_value(gift).ok()?;
    (listed.id != 0).then(|| KnownGift {
        id: listed.id,
        name: (!listed.name.is_empty()).then(|| listed.name.into()),
        diamond_count: u32::try_from(listed.diamond_count).ok().filter(|price| *price > 0),
        gift_type: (listed.r#type != 0).then_some(listed.r#type),
        image_url: listed.image.url_list.into_iter().find(|url| !url.is_empty()),
        ..KnownGift::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gifts_are_read_one_by_one_and_a_garbled_one_costs_no_other() {
        let body = r#"{"status_code":0,"data":{"gifts":[
            {"id":5655,"name":"Rosa","describe":"envió Rosa","diamond_count":1,"type":1,"combo":true,
             "image":{"url_list":["","https://pictures.invalid/rose.png"],"uri":"webcast/rose"}},
            {"id":"many"}, 7, {"id":0,"name":"nothing"}, {"id":9}]}}"#;
        let gifts = gifts_in(body.as_bytes()).expect("a list");
        let rose = KnownGift {
            id: 5655,
            name: Some("Rosa".into()),
            diamond_count: Some(1),
            gift_type: Some(1),
            image_url: Some("https://pictures.invalid/rose.png".to_owned()),
            ..KnownGift::default()
        };
        assert_eq!(gifts, [rose, KnownGift { id: 9, ..KnownGift::default() }], "what is not said is not known");
    }

    #[test]
    fn an_answer_that_is_no_list_says_its_code() {
        let check = |body: &str, code: i64| {
            assert_eq!(gifts_in(body.as_bytes()).expect_err(body).code, code, "{body}");
        };
        check("", 0);
        check("<html></html>", 0);
        check(r#"{"status_code":10011,"data":{}}"#, 10_011);
        check(r#"{"status_code":0,"data":{"gifts":[]}}"#, 0);
    }
}
