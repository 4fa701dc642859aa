//! A real Redis server on loopback, which can be killed and started again.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, ChildStdout, Command, Stdio};

use redis::Connection;
use tempfile::TempDir;

/// What a stream holds of one event: the entry's fields in their order.
pub(crate) type Fields = Vec<(String, String)>;

/// A server with a folder of its own, gone with the test.
pub(crate) struct RedisServer {
    folder: TempDir,
    pub(crate) port: u16,
    options: Vec<&'static str>,
    /// Held, since a server whose log nobody reads must not stand still: it says little.
    running: Option<(Child, BufReader<ChildStdout>)>,
}

impl RedisServer {
    pub(crate) fn start() -> Self {
        Self::start_with([])
    }

    pub(crate) fn start_with(options: impl IntoIterator<Item = &'static str>) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the server");
        let options = options.into_iter().collect();
        let mut server = Self { folder, port: free_port(), options, running: None };
        server.start_again();
        server
    }

    /// Starts the killed server with what it had written, on the same port.
    pub(crate) fn start_again(&mut self) {
        let mut child = Command::new("redis-server")
            .args(["--port", &self.port.to_string(), "--bind", "127.0.0.1", "--save", ""])
            // Written before it is answered, so that a kill takes nothing that was acknowledged.
            .args(["--appendonly", "yes", "--appendfsync", "always"])
            .args(&self.options)
            .arg("--dir")
            .arg(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("redis-server is there: scripts/setup installs it");
        let mut log = BufReader::new(child.stdout.take().expect("piped"));
        let mut said = String::new();
        while !said.contains("Ready to accept connections") {
            let read = log.read_line(&mut said).expect("the log is text");
            assert!(read > 0, "redis-server ended: {said}");
        }
        self.running = Some((child, log));
    }

    /// kill -9.
    pub(crate) fn kill(&mut self) {
        if let Some((mut child, _)) = self.running.take() {
            child.kill().expect("SIGKILL");
            child.wait().expect("it is gone");
        }
    }

    /// The address without a workspace.
    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub(crate) fn connection(&self) -> Connection {
        self.connection_to(&self.url())
    }

    pub(crate) fn connection_to(&self, url: &str) -> Connection {
        let client = redis::Client::open(url).expect("an address");
        client.get_connection().expect("the server answers")
    }

    /// Everything in a stream, in order.
    pub(crate) fn stream(&self, key: &str) -> Vec<Fields> {
        entries(&mut self.connection(), key)
    }

    /// Blocks until more than so many entries are in the stream.
    pub(crate) fn wait_for_more_than(&self, count: usize, key: &str) {
        let mut connection = self.connection();
        let mut position = "0-0".to_owned();
        let mut found = 0;
        while found <= count {
            let mut wait = redis::cmd("XREAD");
            wait.arg("BLOCK").arg(20_000).arg("STREAMS").arg(key).arg(&position);
            type Streams = Vec<(String, Vec<(String, Vec<String>)>)>;
            let news: Option<Streams> = wait.query(&mut connection).expect("the stream can be read");
            let news = news.unwrap_or_else(|| panic!("only {found} entries came to {key}, not {count}"));
            let (_, entries) = news.into_iter().next().expect("it was asked for one stream");
            found += entries.len();
            position = entries.into_iter().next_back().map(|(id, _)| id).expect("news are not empty");
        }
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Everything in a stream, in order.
pub(crate) fn entries(connection: &mut Connection, key: &str) -> Vec<Fields> {
    let mut read = redis::cmd("XRANGE");
    let entries: Vec<(String, Vec<String>)> = read.arg(key).arg("-").arg("+").query(connection).expect("a stream");
    let pairs = |flat: Vec<String>| flat.chunks(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect();
    entries.into_iter().map(|(_, fields)| pairs(fields)).collect()
}

/// A port on which nobody listens.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("loopback has a free port");
    listener.local_addr().expect("it is bound").port()
}
