//! Promises of fetching, against a real server on loopback that does what servers do.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use tokio::sync::Notify;

use super::*;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

/// What a server was asked for, and when it answers.
#[derive(Default)]
struct Desk {
    /// How often the good picture was asked for.
    asked: AtomicUsize,
    /// How often the one that is gone was asked for.
    asked_for_gone: AtomicUsize,
    /// Somebody asks for the good one.
    arrived: Notify,
    /// It may be answered, once for each.
    answers: Notify,
}

/// A server with its address.
async fn server() -> (String, Arc<Desk>) {
    let desk = Arc::<Desk>::default();
    let good = |State(desk): State<Arc<Desk>>| async move {
        desk.asked.fetch_add(1, Ordering::SeqCst);
        desk.arrived.notify_one();
        desk.answers.notified().await;
        ([(header::CONTENT_TYPE, "text/html")], PNG)
    };
    let gone = |State(desk): State<Arc<Desk>>| async move {
        desk.asked_for_gone.fetch_add(1, Ordering::SeqCst);
        axum::http::StatusCode::NOT_FOUND
    };
    let routes = Router::new()
        .route("/good.png", get(good))
        .route("/page", get(|| async { ([(header::CONTENT_TYPE, "image/png")], "<html>").into_response() }))
        .route("/large", get(|| async { [PNG, &vec![0; PICTURE_BYTES]].concat() }))
        .route("/slow", get(std::future::pending::<()>))
        .route("/gone", get(gone))
        .route("/moved", get(|| async { Redirect::to("/good.png") }))
        .route("/circle", get(|| async { Redirect::to("/circle") }))
        .route("/elsewhere", get(|| async { Redirect::to("http://localhost:1/good.png") }))
        .with_state(Arc::clone(&desk));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("it is bound"));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (base, desk)
}

fn pictures(place: &tempfile::TempDir, base: &str) -> Pictures {
    let hosts = Hosts::Only { base: base.parse().expect("an address") };
    Pictures::within(place.path().join("pictures"), hosts, cache::MOST_BYTES, Duration::from_millis(500))
}

fn id_of(pictures: &Pictures, uri: &str) -> String {
    let url = pictures.url_for(uri).expect("an address of that host");
    url.strip_prefix("/pictures/").expect("a path of ours").to_owned()
}

#[tokio::test]
async fn a_picture_is_fetched_once_and_then_kept() {
    let (place, (base, desk)) = (tempfile::tempdir().expect("a temporary folder"), server().await);
    let first = pictures(&place, &base);
    let id = id_of(&first, &format!("{base}/good.png?signature=1"));
    let answer = async {
        desk.arrived.notified().await;
        desk.answers.notify_one();
    };
    let (one, two, ()) = tokio::join!(first.read(&id), first.read(&id), answer);
    let picture = one.expect("it is there");
    assert_eq!((picture.kind, &*picture.bytes), (Kind::Png, PNG), "by its bytes, whatever the server calls it");
    assert_eq!(two.as_ref(), Some(&picture), "who asks at the same time gets the same");
    let later = pictures(&place, &base);
    assert_eq!(later.read(&id).await, Some(picture), "also after a restart, before anybody named it");
    assert_eq!(id_of(&later, &format!("{base}/good.png?signature=2")), id, "and however its address is signed");
    assert_eq!(desk.asked.load(Ordering::SeqCst), 1, "the server was asked once");
}

#[tokio::test]
async fn what_is_no_whole_small_picture_of_that_host_is_refused() {
    let (place, (base, desk)) = (tempfile::tempdir().expect("a temporary folder"), server().await);
    let pictures = pictures(&place, &base);
    for path in ["page", "large", "slow", "gone", "circle", "elsewhere"] {
        let id = id_of(&pictures, &format!("{base}/{path}"));
        assert_eq!(pictures.read(&id).await, None, "/{path}");
        assert_eq!(pictures.read(&id).await, None, "/{path} is not asked for again at once");
    }
    assert_eq!(desk.asked.load(Ordering::SeqCst), 0, "nobody was led to the good one");
    desk.answers.notify_one();
    let moved = id_of(&pictures, &format!("{base}/moved"));
    assert!(pictures.read(&moved).await.is_some(), "a redirect within the host is fine");
}

#[tokio::test]
async fn what_is_gone_is_asked_for_once_however_its_address_is_signed() {
    let (place, (base, desk)) = (tempfile::tempdir().expect("a temporary folder"), server().await);
    let pictures = pictures(&place, &base);
    for signature in 0..5 {
        let id = id_of(&pictures, &format!("{base}/gone?signature={signature}"));
        assert_eq!(pictures.read(&id).await, None, "there is none");
    }
    assert_eq!(desk.asked_for_gone.load(Ordering::SeqCst), 1, "it will not be there in a minute either");
}

#[tokio::test]
async fn only_what_the_app_named_is_fetched() {
    let (place, (base, desk)) = (tempfile::tempdir().expect("a temporary folder"), server().await);
    let pictures = pictures(&place, &base);
    assert_eq!(pictures.url_for("https://example.org/good.png"), None, "another host");
    assert_eq!(pictures.url_for("no address"), None, "no address");
    let unnamed = PictureId::of(&format!("{base}/good.png").parse().expect("an address")).to_string();
    for id in [unnamed.as_str(), "../settings.copy.json", "", "0A"] {
        assert_eq!(pictures.read(id).await, None, "{id:?} was never named");
    }
    assert_eq!(desk.asked.load(Ordering::SeqCst), 0, "so nothing was asked for");
}
