//! Other machines: let in only where that was asked for, and never with everything. `127.0.0.2` stands for one of them.

use super::*;

impl Served {
    async fn ask_from_afar(&self, host: &str, token: &str) -> Answer {
        let mut socket = TcpStream::connect(("127.0.0.2", self.port)).await.expect("the network is let in");
        let bearer = format!("Bearer {token}");
        let request = request("POST /api/v1/services/overlays/skip", host, &[("Authorization", &bearer)], "");
        socket.write_all(request.as_bytes()).await.expect("it takes the request");
        Answer::read(&mut socket).await
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn another_machine_may_be_a_remote_and_nothing_more() {
    let served = Served::begin(&["--lan"]);
    let host = format!("127.0.0.2:{}", served.port);
    assert_eq!(served.ask_from_afar(&host, &served.remote).await.status, 200, "that is what it is for");
    let full = served.ask_from_afar(&host, &served.full).await;
    assert_eq!(
        (full.status, full.json()["code"].as_str()),
        (401, Some("token_refused")),
        "not even with the full link"
    );
    for host in [served.host(), format!("localhost:{}", served.port), format!("evil.example:{}", served.port)] {
        assert_eq!(served.ask_from_afar(&host, &served.remote).await.status, 403, "{host} is not what was asked");
    }
    assert_eq!(served.ask_as(&served.full, "POST /api/v1/services/overlays/skip", "").await.status, 200, "here it is");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn without_being_asked_for_the_network_finds_no_open_port() {
    let served = Served::begin(&[]);
    assert!(TcpStream::connect(("127.0.0.2", served.port)).await.is_err(), "only this machine's own address is open");
}
