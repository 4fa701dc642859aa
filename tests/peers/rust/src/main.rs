//! Keeps the unmodified piratetok-live-rs in a live, which connects again by itself, until the live is over.
//!
//! Usage: piratetok-peer BASE_URL USER      (BASE_URL such as http://127.0.0.1:4711)
//! Prints the text of each comment, one a line.

use std::process::ExitCode;

use piratetok_live_rs::TikTokLive;
use piratetok_live_rs::structs::TikTokLiveEvent;
use piratetok_live_rs::structs::config::Endpoints;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [base, user] = &arguments[..] else {
        eprintln!("usage: piratetok-peer BASE_URL USER");
        return ExitCode::FAILURE;
    };
    let endpoints = Endpoints {
        web: format!("{base}/"),
        webcast: format!("{base}/webcast/"),
        ws: Some(base.replacen("http", "ws", 1)),
    };
    let mut live = match TikTokLive::builder(user).endpoints(endpoints).connect().await {
        Ok(live) => live,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    // The end of its events is the end of all it does.
    while let Ok(event) = live.next_event().await {
        match event {
            TikTokLiveEvent::Chat(chat) => println!("{}", chat.comment),
            TikTokLiveEvent::LiveEnded(_) | TikTokLiveEvent::Disconnected => break,
            other => eprintln!("{other:?}"),
        }
    }
    ExitCode::SUCCESS
}
