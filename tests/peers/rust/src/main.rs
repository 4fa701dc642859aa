//! Keeps the unmodified piratetok-live-rs in a live, which connects again by itself, until the live is over.
//!
//! Usage: piratetok-peer BASE_URL USER      (BASE_URL such as http://127.0.0.1:4711)
//! Prints one event a line: its kind, the id of its message, its viewer, and what happened.

use std::process::ExitCode;

use piratetok_live_rs::TikTokLive;
use piratetok_live_rs::structs::TikTokLiveEvent;
use piratetok_live_rs::structs::config::Endpoints;
use piratetok_live_rs::structs::proto::types::CommonMessageData;
use piratetok_live_rs::structs::proto::user::UserIdentity;

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
            TikTokLiveEvent::Chat(it) => print("comment", it.common, it.user, &format!(" {}", it.comment)),
            TikTokLiveEvent::Gift(it) => {
                let is_streaking = it.gift_details.is_some_and(|gift| gift.gift_type == 1) && it.repeat_end == 0;
                let streaking = u8::from(is_streaking);
                let what = format!(" {} {} {} {streaking}", it.gift_id, it.group_id, it.repeat_count);
                print("gift", it.common, it.user, &what);
            }
            TikTokLiveEvent::Like(it) => print("like", it.common, it.user, &format!(" {}", it.like_count)),
            TikTokLiveEvent::Join(it) => print("join", it.common, it.user, ""),
            TikTokLiveEvent::Follow(it) => print("follow", it.common, it.user, ""),
            TikTokLiveEvent::Share(it) => print("share", it.common, it.user, ""),
            // Each of these comes beside the event that it became.
            TikTokLiveEvent::Member(_) | TikTokLiveEvent::Social(_) => {}
            TikTokLiveEvent::LiveEnded(_) | TikTokLiveEvent::Disconnected => break,
            other => eprintln!("{other:?}"),
        }
    }
    ExitCode::SUCCESS
}

fn print(kind: &str, common: Option<CommonMessageData>, user: Option<UserIdentity>, what: &str) {
    let msg_id = common.map_or(0, |common| common.msg_id);
    println!("{kind} {msg_id} {}{what}", user.map_or(0, |user| user.user_id));
}
