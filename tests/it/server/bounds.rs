//! What a page or program that means ill cannot do to the server, and how it begins and ends.

use super::*;

/// Sockets of one address at once, as `server/limits.rs` has it.
const SOCKETS_OF_ONE: usize = 64;

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let served = Served::begin(&[]);
    let body = format!(r#"{{"action":"{}"}}"#, "a".repeat(1024 * 1024));
    let answer = served.ask_as(&served.full, "POST /api/v1/actions", &body).await;
    assert_eq!((answer.status, answer.json()["code"].as_str()), (413, Some("too_large")), "{}", answer.head);
    let head = served.ask("GET /", &[("X-Long", &"a".repeat(64 * 1024))]).await;
    assert_eq!(head.status, 431, "a head too");
}

#[tokio::test]
async fn a_message_that_is_too_large_is_refused_and_a_huge_one_ends_the_conversation() {
    let served = Served::begin(&[]);
    let mut page = served.window(&served.full).await;
    let large = page.call(1, "skip_service", json!({ "service": "a".repeat(1024 * 1024) })).await;
    assert_eq!(large["error"]["code"], "too_large", "no command but an import is that long");
    let file = |bytes: usize| json!({ "text": "a".repeat(bytes) });
    let rules = page.call(2, "import_rules", file(2 * 1024 * 1024)).await;
    assert_eq!(rules["error"]["code"], "bad_input", "a rules file may be longer, so this one is read");
    let huge = json!({ "id": 3, "command": "import_rules", "input": file(9 * 1024 * 1024) });
    // The far side may hang up before all of it is sent.
    let _ = page.socket.send(Message::text(huge.to_string())).await;
    while let Heard::Said(said) = page.hear().await {
        assert_ne!(said["id"], 3, "it is not read: {said}");
    }
    assert_eq!(served.ask("GET /api/v1/openapi.json", &[]).await.status, 200, "others notice nothing");
}

#[tokio::test]
async fn sockets_beyond_the_bound_are_hung_up_on_and_free_places_are_given_again() {
    let served = Served::begin(&[]);
    let mut open = Vec::new();
    for _ in 0..SOCKETS_OF_ONE {
        open.push(served.knock().await);
    }
    let mut one_more = served.knock().await;
    let mut nothing = [0; 1];
    let read = tokio::time::timeout(Duration::from_secs(5), one_more.read(&mut nothing)).await.expect("at once");
    assert!(matches!(read, Ok(0) | Err(_)), "it is hung up on: {read:?}");
    drop(open);
    let freed = tokio::time::timeout(PATIENCE, async {
        loop {
            let mut socket = served.knock().await;
            let request = request("GET /api/v1/openapi.json", &served.host(), &[], "");
            let mut answer = String::new();
            if socket.write_all(request.as_bytes()).await.is_ok()
                && socket.read_to_string(&mut answer).await.is_ok()
                && answer.starts_with("HTTP/1.1 200")
            {
                return;
            }
        }
    });
    freed.await.expect("who left made room");
}

#[tokio::test]
async fn a_head_that_never_ends_is_cut_off() {
    let served = Served::begin(&[]);
    let mut slow = served.knock().await;
    slow.write_all(b"GET / HTTP/1.1\r\nHost: ").await.expect("it takes the beginning");
    let mut idle = served.knock().await;
    for socket in [&mut slow, &mut idle] {
        let mut rest = Vec::new();
        let read = tokio::time::timeout(PATIENCE, socket.read_to_end(&mut rest)).await;
        assert!(read.is_ok(), "its place is needed by others");
    }
}

#[tokio::test]
async fn a_flood_of_requests_is_told_to_wait() {
    let served = Served::begin(&[]);
    let one = format!("GET /nothing HTTP/1.1\r\nHost: {}\r\n\r\n", served.host());
    let last = request("GET /nothing", &served.host(), &[], "");
    let flood = format!("{}{last}", one.repeat(999));
    let mut socket = served.knock().await;
    let (mut reading, mut writing) = socket.split();
    let mut answers = String::new();
    let (sent, read) = tokio::join!(writing.write_all(flood.as_bytes()), reading.read_to_string(&mut answers));
    sent.and(read.map(drop)).expect("every request is answered");
    let count = |status: &str| answers.matches(&format!("HTTP/1.1 {status}")).count();
    assert!(count("404") >= 300, "{} are answered at once", count("404"));
    assert!(count("429") > 0, "the rest is told to wait");
    assert_eq!(count("404") + count("429"), 1000, "and nothing else happens");
    assert!(answers.to_lowercase().contains("retry-after: 1"), "for how long is told");
}

#[tokio::test]
async fn pages_of_one_role_beyond_the_bound_are_told_so() {
    let served = Served::begin(&[]);
    let mut open = Vec::new();
    loop {
        let mut page = served.window(&served.remote).await;
        page.say(&json!({ "id": 1, "command": "skip_service", "input": { "service": "overlays" } })).await;
        match page.hear().await {
            Heard::Said(said) if said.get("ok").is_some() => open.push(page),
            Heard::Said(said) if said.get("push").is_some() => open.push(page),
            refused => {
                assert_eq!(open.len(), 16, "so many for a team");
                let Heard::Said(said) = refused else { panic!("it ended without a word: {refused:?}") };
                assert_eq!(said["error"]["code"], "not_now", "{said}");
                break;
            }
        }
    }
    served.window(&served.full).await.call(1, "server_status", json!({})).await;
}

#[tokio::test]
async fn one_folder_has_one_server_and_two_folders_take_two_ports() {
    let (one, other) = (Workplace::new(), Workplace::new());
    let first = Served::begin_in(&one, &[]);
    let again = one.run(["serve"]).expect_status(6);
    assert!(again.stdout.is_empty(), "no link is shown that would lead elsewhere: {}", again.stdout);
    let port = first.port.to_string();
    let mut running = Running::start(other.cuelight(["serve", "--port", &port]));
    let link = running.next_with("full: http://127.0.0.1:");
    assert!(!link.contains(&format!(":{port}/")), "the port is taken, so the next free one is told: {link}");
}

#[tokio::test]
async fn an_interrupt_says_goodbye_and_ends_well() {
    let served = Served::begin(&[]);
    let mut page = served.window(&served.full).await;
    page.call(1, "server_status", json!({})).await;
    served.running.interrupt();
    loop {
        match page.hear().await {
            Heard::Said(_) => {}
            end => {
                assert_eq!(end, Heard::Closed(1001), "the page knows that it may come back");
                break;
            }
        }
    }
    let (status, _) = served.running.end();
    assert_eq!(status, Some(0), "that is how it is meant to end");
}

#[tokio::test]
async fn links_stay_over_a_restart() {
    let workplace = Workplace::new();
    let first = Served::begin_in(&workplace, &[]);
    let full = first.full.clone();
    first.running.interrupt();
    first.running.end();
    assert_eq!(Served::begin_in(&workplace, &[]).full, full, "a bookmark is made once");
}
