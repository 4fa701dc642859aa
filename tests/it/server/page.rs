//! What browsers get, and which pages may ask for it.

use super::*;

#[tokio::test]
async fn every_answer_forbids_what_a_foreign_page_would_need() {
    let served = Served::begin(&[]);
    for (what, status) in [
        ("GET /api/v1/openapi.json", 200),
        ("GET /nothing", 404),
        ("POST /", 405),
        ("POST /api/v1/pause", 401),
        ("GET /ui", 400),
    ] {
        let answer = served.ask(what, &[]).await;
        assert_eq!(answer.status, status, "{what}: {}", answer.head);
        let policy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        assert_eq!(answer.header("content-security-policy"), Some(policy), "{what}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{what}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{what}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{what}");
        assert!(!answer.head.contains("access-control"), "{what} is shared with nobody: {}", answer.head);
    }
}

#[tokio::test]
async fn the_window_is_served_or_told_how_to_be_built() {
    let served = Served::begin(&[]);
    let page = served.ask("GET /", &[]).await;
    assert_eq!(page.header("cache-control"), Some("no-store"), "the page names the newest files");
    if page.status == 503 {
        assert!(page.body.contains("npm --prefix ui run build"), "{}", page.body);
        return;
    }
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html")), "{}", page.head);
    let script = page.body.split('"').find(|it| it.starts_with("/assets/") && it.ends_with(".js")).expect("a script");
    let script = served.ask(&format!("GET {script}"), &[]).await;
    assert_eq!((script.status, script.header("content-type")), (200, Some("text/javascript")), "{}", script.head);
    let keep = Some("public, max-age=31536000, immutable");
    assert_eq!(script.header("cache-control"), keep, "its name changes with what is in it");
}

#[tokio::test]
async fn nothing_but_the_window_can_be_read_as_a_file() {
    let served = Served::begin(&[]);
    for path in [
        "/assets/../index.html",
        "/assets/..%2findex.html",
        "/assets/%2e%2e/index.html",
        "/assets/..%5c..%5cserver-tokens.json",
        "/assets//etc/passwd",
        "/assets/%2fetc%2fpasswd",
        "/../../../etc/passwd",
        "/server-tokens.json",
        "/assets/",
        "/assets/%00",
    ] {
        let answer = served.ask(&format!("GET {path}"), &[]).await;
        assert!(matches!(answer.status, 400 | 404), "{path} gave {}", answer.head);
    }
}

#[tokio::test]
async fn a_name_that_leads_here_by_a_trick_is_refused() {
    let served = Served::begin(&[]);
    let port = served.port;
    for (host, status) in [
        (format!("127.0.0.1:{port}"), 200),
        (format!("localhost:{port}"), 200),
        (format!("[::1]:{port}"), 200),
        (format!("evil.example:{port}"), 403),
        ("127.0.0.1".to_owned(), 403),
        (format!("127.0.0.1:{}", port ^ 1), 403),
        (format!("127.0.0.1.evil.example:{port}"), 403),
        (String::new(), 403),
    ] {
        let answer = served.send(request("GET /api/v1/openapi.json", &host, &[], "").as_bytes()).await;
        assert_eq!(answer.status, status, "{host:?}: {}", answer.body);
    }
    let twice = served.ask("GET /", &[("Host", "evil.example")]).await;
    assert!(matches!(twice.status, 400 | 403), "which of the two would count: {}", twice.head);
    let nameless = served.send(b"GET / HTTP/1.0\r\n\r\n").await;
    assert!(matches!(nameless.status, 400 | 403), "nobody says whom it is for: {}", nameless.head);
}

#[tokio::test]
async fn a_page_from_elsewhere_may_neither_ask_nor_open_a_socket() {
    let served = Served::begin(&[]);
    let own = format!("http://{}", served.host());
    let neighbour = format!("http://127.0.0.1:{}", served.port ^ 1);
    for (origin, may) in [
        (own.as_str(), true),
        ("http://evil.example", false),
        ("https://www.tiktok.com", false),
        ("null", false),
        (neighbour.as_str(), false),
    ] {
        let bearer = format!("Bearer {}", served.full);
        let headers = [("Origin", origin), ("Authorization", bearer.as_str())];
        let answer = served.ask("POST /api/v1/services/overlays/skip", &headers).await;
        assert_eq!(answer.status, if may { 200 } else { 403 }, "{origin} with the right token: {}", answer.body);
        for path in ["/ui", "/api/v1/events"] {
            let opened = served.open(path, &[("origin", origin)]).await;
            assert_eq!(opened.map(drop), if may { Ok(()) } else { Err(403) }, "{origin} at {path}");
        }
    }
}

#[tokio::test]
async fn a_page_without_a_good_token_is_told_so_and_closed() {
    let served = Served::begin(&[]);
    let stranger = "A".repeat(43);
    for first in [json!({ "token": stranger }), json!({ "token": "" }), json!({ "token": 1 }), json!([]), json!(null)] {
        let mut page = served.open("/ui", &[]).await.expect("it upgrades");
        page.say(&first).await;
        let refused = page.refused().await;
        assert_eq!(refused, ("token_refused".to_owned(), Heard::Closed(4401)), "{first}");
    }
    let mut silent = served.open("/ui", &[]).await.expect("it upgrades");
    let refused = silent.refused().await;
    assert_eq!(refused, ("token_refused".to_owned(), Heard::Closed(4401)), "one that says nothing keeps no place");
}

#[tokio::test]
async fn commands_are_answered_by_their_number_and_as_the_role_allows() {
    let served = Served::begin(&[]);
    let mut full = served.window(&served.full).await;
    let status = full.call(7, "server_status", json!({})).await;
    assert_eq!(status["ok"]["port"], served.port, "{status}");
    let connections = status["ok"]["connections"].as_array().expect("a list");
    assert_eq!((connections.len(), &connections[0]["role"]), (1, &json!("full")), "the page itself is listed");
    let unknown = full.call(8, "no_such_command", json!({})).await;
    assert_eq!(unknown["error"]["code"], "unknown_command", "{unknown}");
    let mut remote = served.window(&served.remote).await;
    for command in ["server_status", "renew_tokens", "overlay_token", "run_action"] {
        let refused = remote.call(9, command, json!({})).await;
        assert_eq!(refused["error"]["code"], "not_allowed", "a remote and {command}");
    }
    let skipped = remote.call(10, "skip_service", json!({ "service": "overlays" })).await;
    assert_eq!(skipped["ok"], json!({ "jobs": 0 }), "a remote may skip");
}

#[tokio::test]
async fn new_tokens_close_what_was_opened_with_the_old_ones() {
    let served = Served::begin(&[]);
    let mut remote = served.window(&served.remote).await;
    remote.call(1, "skip_service", json!({ "service": "overlays" })).await;
    let mut full = served.window(&served.full).await;
    full.say(&json!({ "id": 1, "command": "renew_tokens", "input": {} })).await;
    let refused = remote.refused().await;
    assert_eq!(refused, ("token_refused".to_owned(), Heard::Closed(4401)), "the old link is dead at once");
    let answer = served.ask_as(&served.full, "POST /api/v1/services/overlays/skip", "").await;
    assert_eq!(answer.status, 401, "for scripts too");
}
