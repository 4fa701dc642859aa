//! The fake keeps what it promises to tests, seen by a plain WebSocket client.

use std::net::TcpStream;
use std::time::Duration;

use prost::Message as _;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue, Response};
use tokio_tungstenite::tungstenite::{Error, HandshakeError, Message, WebSocket, client};
use webcast_proto::{Str, outgoing, owned};

use super::{Ack, FakeTikTok, NEXT_ROOM_ID, ROOM_ID};
use crate::{Frame, Live, Recording, Scenario, scenario, viewer};

const QUERY: &str = "aid=1988&app_name=tiktok_web&device_platform=web&identity=audience&live_id=12\
                     &version_code=180800&version_code=270000&room_id=7123456789012345678";
const HEADERS: &[(&str, &str)] = &[("cookie", "tt=1; ttwid=abc"), ("user-agent", "Mozilla/5.0")];

const TIMEOUT: Duration = Duration::from_secs(5);

#[test]
fn an_upgrade_is_refused_where_tiktok_sees_no_browser() {
    let without_cookie = [("user-agent", "Mozilla/5.0")];
    let with_other_cookie = [("cookie", "tt-target-idc=useast1a"), ("user-agent", "Mozilla/5.0")];
    let without_agent = [("cookie", "ttwid=abc")];
    check_refused(QUERY, &without_cookie);
    check_refused(QUERY, &with_other_cookie);
    check_refused(QUERY, &without_agent);
    check_refused("room_id=7123456789012345678&compress=gzip", HEADERS);
    check_refused(&QUERY.replace("room_id", "room"), HEADERS);
}

#[test]
fn a_door_opens_for_whom_it_is_made() {
    let signed = format!("{QUERY}&X-Bogus=abc");
    let browsing = [HEADERS, &[("sec-websocket-extensions", "permessage-deflate")]].concat();
    for (scenario, query, headers, status) in [
        ("direct-refused", QUERY, HEADERS, Some(200)),
        ("direct-refused", signed.as_str(), HEADERS, None),
        ("browsers-only", QUERY, HEADERS, Some(403)),
        ("browsers-only", QUERY, browsing.as_slice(), None),
        ("other-host", QUERY, HEADERS, Some(200)),
        ("ttwid-for-browsers", QUERY, HEADERS, None),
    ] {
        let tiktok = FakeTikTok::start(scenario::named(scenario).expect("it has a name"));
        let refused = upgrade(&tiktok, query, headers).err().map(|answer| answer.status().as_u16());
        assert_eq!(refused, status, "{scenario}: {query} {headers:?}");
    }
}

#[test]
fn a_private_live_is_refused_without_a_word() {
    let tiktok = FakeTikTok::start(scenario::named("normal").expect("it has a name"));
    let query = QUERY.replace(&ROOM_ID.to_string(), &super::account::PRIVATE_ROOM_ID.to_string());
    let answer = upgrade(&tiktok, &query, HEADERS).expect_err("the upgrade is refused");
    assert_eq!(answer.status(), 200, "as if all were well");
    assert!(!answer.headers().contains_key("handshake-status"), "TikTok gives no reason: {:?}", answer.headers());
}

#[test]
fn the_other_room_can_be_entered_once_the_streamer_is_there() {
    let tiktok = FakeTikTok::start(scenario::named("welcome").expect("it has a name"));
    tiktok.change_room();
    let mut socket = connect(&tiktok);
    send(&mut socket, outgoing::enter_room(ROOM_ID));
    send(&mut socket, outgoing::enter_room(NEXT_ROOM_ID));
    assert_eq!(next(&mut socket).payload_type, "im_enter_room_resp", "one of them opens");
    assert_eq!(next(&mut socket).payload_type, "msg", "and the other one was not it");
}

#[test]
fn the_socket_stays_mute_until_the_room_is_entered() {
    let tiktok = FakeTikTok::start(scenario::named("welcome").expect("it has a name"));
    let mut socket = connect(&tiktok);
    send(&mut socket, outgoing::enter_room(ROOM_ID + 1));
    send(&mut socket, outgoing::heartbeat(ROOM_ID, 1));
    assert_eq!(next(&mut socket).payload_type, "hb", "another room opens nothing, heartbeats are echoed");
    send(&mut socket, outgoing::enter_room(ROOM_ID));
    assert_eq!(next(&mut socket).payload_type, "im_enter_room_resp", "the room is open");
    assert_eq!(next(&mut socket).payload_type, "msg", "now messages come");
}

#[test]
fn a_flood_goes_on_with_what_nobody_acknowledged() {
    let recording = six_comments();
    let tiktok = FakeTikTok::start(Scenario::flood(recording.clone()));
    let mut first = entered(&tiktok);
    let log_ids: Vec<u64> = (0..6).map(|_| next(&mut first).log_id).collect();
    for log_id in [log_ids[1], log_ids[4]] {
        send(&mut first, outgoing::ack(log_id, Str::new(b"ext")));
    }
    drop(first);
    let seen = tiktok.wait_until("the end of the first connection", TIMEOUT, |seen| seen.connections[0].ended);
    let ack = Ack { log_id: log_ids[1], payload: b"ext".to_vec() };
    assert_eq!(seen.connections[0].acks[0], ack, "acks are noted as they came");
    let acknowledged = recording.messages_of(&seen.acknowledged_log_ids());
    assert_eq!(acknowledged, [recording.messages()[1].clone(), recording.messages()[4].clone()]);

    let mut second = entered(&tiktok);
    let rest: Vec<u64> = (0..4).map(|_| next(&mut second).log_id).collect();
    assert_eq!(rest, [log_ids[0], log_ids[2], log_ids[3], log_ids[5]], "only these are still due");
}

#[test]
fn a_frame_that_is_cut_never_arrives_and_comes_on_the_next_connection() {
    let tiktok = FakeTikTok::start(scenario::named("cut-in-frame").expect("it has a name"));
    let mut first = entered(&tiktok);
    assert_eq!(next(&mut first).payload_type, "msg", "the frame before the cut is whole");
    assert!(first.read().is_err(), "the connection breaks within the second frame");
    let mut second = entered(&tiktok);
    assert_eq!([next(&mut second).payload_type, next(&mut second).payload_type], ["msg", "msg"]);
}

fn check_refused(query: &str, headers: &[(&str, &str)]) {
    let tiktok = FakeTikTok::start(scenario::named("normal").expect("it has a name"));
    let answer = upgrade(&tiktok, query, headers).expect_err("the upgrade is refused");
    assert_eq!(answer.status(), 200, "TikTok refuses with 200");
    assert_eq!(answer.headers()["handshake-status"], "415", "{query} {headers:?}");
    assert!(tiktok.seen().connections.is_empty(), "nothing was opened");
}

fn connect(tiktok: &FakeTikTok) -> WebSocket<TcpStream> {
    upgrade(tiktok, QUERY, HEADERS).expect("the upgrade is accepted")
}

/// A connection that has entered the room.
fn entered(tiktok: &FakeTikTok) -> WebSocket<TcpStream> {
    let mut socket = connect(tiktok);
    send(&mut socket, outgoing::enter_room(ROOM_ID));
    assert_eq!(next(&mut socket).payload_type, "im_enter_room_resp");
    socket
}

/// The HTTP answer to an upgrade that was refused.
type Refusal = Box<Response<Option<Vec<u8>>>>;

fn upgrade(tiktok: &FakeTikTok, query: &str, headers: &[(&str, &str)]) -> Result<WebSocket<TcpStream>, Refusal> {
    let url = format!("{}/webcast/im/ws_proxy/ws_reuse_supplement/?{query}", tiktok.websocket_url());
    let mut request = url.into_client_request().expect("the address is right");
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("the name is right");
        request.headers_mut().insert(name, HeaderValue::from_str(value).expect("the value is right"));
    }
    let stream = TcpStream::connect(tiktok.address()).expect("the fake listens");
    stream.set_read_timeout(Some(TIMEOUT)).expect("a socket takes a timeout");
    match client(request, stream) {
        Ok((socket, _)) => Ok(socket),
        Err(HandshakeError::Failure(Error::Http(answer))) => Err(answer),
        Err(error) => panic!("the fake does not speak HTTP: {error}"),
    }
}

fn send(socket: &mut WebSocket<TcpStream>, frame: Vec<u8>) {
    socket.send(Message::binary(frame)).expect("the fake reads");
}

fn next(socket: &mut WebSocket<TcpStream>) -> owned::PushFrame {
    let message = socket.read().expect("a frame comes");
    owned::PushFrame::decode(message.into_data()).expect("it is a push frame")
}

fn six_comments() -> Recording {
    let mut live = Live::new();
    let frames = (1..=6).map(|number| Frame::of([live.chat(viewer::ROSA, "hello")]).bytes(number));
    Recording::of_frames(frames).expect("the ids differ")
}
