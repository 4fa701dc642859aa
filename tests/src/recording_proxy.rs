//! An HTTP proxy on loopback that notes every host it is asked for, and lets only one address through.

use std::collections::BTreeSet;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use crate::far_side::{FarSide, listening_on};

/// The largest head of a request that is read, in bytes.
const HEAD_BYTES: usize = 64 * 1024;

/// A running proxy. It ends, and every connection with it, when this is dropped.
pub struct RecordingProxy {
    address: SocketAddr,
    asked: Arc<Mutex<BTreeSet<String>>>,
    _serving: FarSide,
}

impl RecordingProxy {
    /// A proxy on a free loopback port that answers 403 for everything but this address.
    ///
    /// # Panics
    /// The machine has no free port or thread left: no test can go on then.
    pub fn letting_through(address: SocketAddr) -> RecordingProxy {
        RecordingProxy::letting_through_as(address, &[])
    }

    /// The same, where the address may also be asked for under these names of the machine.
    ///
    /// # Panics
    /// As [`RecordingProxy::letting_through`].
    pub fn letting_through_as(address: SocketAddr, names: &[&str]) -> RecordingProxy {
        let names = names.iter().map(|name| format!("{name}:{}", address.port()));
        let target = Target { address, places: names.chain([address.to_string()]).collect() };
        RecordingProxy::start(target).expect("a free loopback port can be listened on")
    }

    /// Its own address, as programs want it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The environment that leads a program through it, and no host around it.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let through = ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
        let around = ["no_proxy", "NO_PROXY"].map(|name| (name, String::new()));
        through.map(|name| (name, self.url())).into_iter().chain(around).collect()
    }

    /// Every host and port that was asked for so far, as in `www.tiktok.com:443`.
    pub fn asked(&self) -> BTreeSet<String> {
        lock(&self.asked).clone()
    }

    fn start(target: Target) -> io::Result<RecordingProxy> {
        let listener = listening_on(0)?;
        let address = listener.local_addr()?;
        let asked = Arc::default();
        let notes = Arc::clone(&asked);
        let serving = FarSide::start("recording-proxy", move || async move {
            let listener = TcpListener::from_std(listener).expect("it listens and does not block");
            accept(listener, Arc::new(target), notes).await;
        })?;
        Ok(RecordingProxy { address, asked, _serving: serving })
    }
}

/// The only place that is let through.
struct Target {
    address: SocketAddr,
    /// Host and port, as it may be asked for.
    places: Vec<String>,
}

async fn accept(listener: TcpListener, target: Arc<Target>, asked: Arc<Mutex<BTreeSet<String>>>) {
    loop {
        if let Ok((client, _)) = listener.accept().await {
            let (target, asked) = (Arc::clone(&target), Arc::clone(&asked));
            tokio::spawn(async move {
                // Whoever breaks off is noted all the same, if it asked for anything.
                let _ = pass(client, &target, &asked).await;
            });
        } else {
            tokio::task::yield_now().await;
        }
    }
}

/// Serves one connection of a client: a tunnel, or one request.
async fn pass(mut client: TcpStream, target: &Target, asked: &Mutex<BTreeSet<String>>) -> io::Result<()> {
    let (head, rest) = read_head(&mut client).await?;
    let Some(wish) = Wish::of(&head) else {
        return client.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await;
    };
    lock(asked).insert(wish.place.clone());
    if !target.places.contains(&wish.place) {
        return client.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await;
    }
    let mut server = TcpStream::connect(target.address).await?;
    match wish.head {
        Some(head) => server.write_all(head.as_bytes()).await?,
        None => client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?,
    }
    server.write_all(&rest).await?;
    copy_bidirectional(&mut client, &mut server).await.map(drop)
}

/// Reads up to the empty line; gives the head, and what came behind it.
async fn read_head(client: &mut TcpStream) -> io::Result<(String, Vec<u8>)> {
    let mut read = Vec::new();
    loop {
        if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            let rest = read.split_off(end + 4);
            return Ok((String::from_utf8_lossy(&read).into_owned(), rest));
        }
        if read.len() > HEAD_BYTES || client.read_buf(&mut read).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}

/// What a client asks the proxy for.
struct Wish {
    /// Host and port.
    place: String,
    /// The head as the server wants it; none for a tunnel.
    head: Option<String>,
}

impl Wish {
    fn of(head: &str) -> Option<Wish> {
        let (first, fields) = head.split_once("\r\n")?;
        let [method, target, version] = first.split(' ').collect::<Vec<_>>()[..] else { return None };
        if method == "CONNECT" {
            return Some(Wish { place: target.to_owned(), head: None });
        }
        let behind_scheme = target.strip_prefix("http://")?;
        let slash = behind_scheme.find('/').unwrap_or(behind_scheme.len());
        let (host, path) = behind_scheme.split_at(slash);
        let place = if host.contains(':') { host.to_owned() } else { format!("{host}:80") };
        let path = if path.is_empty() { "/" } else { path };
        // One request a connection, so that each is noted; an upgrade keeps the connection anyhow.
        let is_upgrade = fields.lines().any(|line| line.to_ascii_lowercase().starts_with("upgrade: websocket"));
        let fields: String = fields
            .split_inclusive("\r\n")
            .filter(|line| is_upgrade || !line.to_ascii_lowercase().starts_with("connection:"))
            .collect();
        let close = if is_upgrade { "" } else { "Connection: close\r\n" };
        Some(Wish { place, head: Some(format!("{method} {path} {version}\r\n{close}{fields}")) })
    }
}

fn lock(asked: &Mutex<BTreeSet<String>>) -> MutexGuard<'_, BTreeSet<String>> {
    asked.lock().expect("nobody panics while holding the list")
}
