//! A line to a Redis server that breaks when a batch was done and before its answer is home.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

/// Passes everything on, but breaks each of its first connections after the first transaction on it.
pub(super) struct LossyLine {
    pub(super) port: u16,
    answers_lost: Arc<AtomicU32>,
}

impl LossyLine {
    /// A line to the server on that port that loses so many answers.
    pub(super) fn to(server: u16, losses: u32) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("loopback has a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let answers_lost = Arc::new(AtomicU32::new(0));
        let counter = answers_lost.clone();
        // Ends with the test's process.
        thread::spawn(move || {
            for (number, client) in (0..).zip(listener.incoming()) {
                let client = client.expect("a connection");
                let server = TcpStream::connect(("127.0.0.1", server)).expect("the server is there");
                if number < losses {
                    lose_an_answer(client, server, &counter);
                } else {
                    pass_on(client, server);
                }
            }
        });
        Self { port, answers_lost }
    }

    /// How many answers were lost so far.
    pub(super) fn answers_lost(&self) -> u32 {
        self.answers_lost.load(Ordering::Relaxed)
    }
}

/// Carries both ways until a transaction was done, then breaks off. One thread is enough: Redis speaks when spoken to.
fn lose_an_answer(mut client: TcpStream, mut server: TcpStream, counter: &AtomicU32) {
    let back = (server.try_clone().expect("a second handle"), client.try_clone().expect("a second handle"));
    let (mut answers, mut asker) = back;
    let is_swallowing = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let swallows = is_swallowing.clone();
    let backward = thread::spawn(move || {
        let mut bytes = [0; 16 * 1024];
        while let Ok(read @ 1..) = answers.read(&mut bytes) {
            if !swallows.load(Ordering::SeqCst) {
                let _ = asker.write_all(&bytes[..read]);
            } else if bytes[..read].contains(&b'*') {
                // The answer to EXEC is the only array that comes now: the batch is in the stream.
                return true;
            }
        }
        false
    });
    let mut bytes = [0; 16 * 1024];
    while let Ok(read @ 1..) = client.read(&mut bytes) {
        is_swallowing.fetch_or(contains(&bytes[..read], b"MULTI"), Ordering::SeqCst);
        server.write_all(&bytes[..read]).expect("the server listens");
        if contains(&bytes[..read], b"EXEC") {
            break;
        }
    }
    if backward.join().expect("no panic") {
        counter.fetch_add(1, Ordering::Relaxed);
    }
    // Both may be gone already, which is what is wanted.
    let _ = (client.shutdown(Shutdown::Both), server.shutdown(Shutdown::Both));
}

fn pass_on(client: TcpStream, server: TcpStream) {
    let handles = [&client, &server].map(|it| it.try_clone().expect("a second handle"));
    let [client_again, server_again] = handles;
    for (mut from, mut to) in [(client, server), (server_again, client_again)] {
        thread::spawn(move || {
            // Whoever leaves first ends both ways.
            let _ = std::io::copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Both);
        });
    }
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}
