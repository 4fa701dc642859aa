//! A host that resets every TLS connection as soon as the client has said hello, as a filter on the way does.

use std::io::Read;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;

/// A running host. It ends when this is dropped.
pub struct ResettingHost {
    address: SocketAddr,
    hellos: Arc<AtomicUsize>,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl ResettingHost {
    /// Starts on a free loopback port.
    ///
    /// # Panics
    /// The machine has no free port or thread left: no test can go on then.
    pub fn start() -> ResettingHost {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free loopback port can be listened on");
        let address = listener.local_addr().expect("a listener has an address");
        let (hellos, is_over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (count, end) = (Arc::clone(&hellos), Arc::clone(&is_over));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if end.load(Ordering::Relaxed) {
                    return;
                }
                if is_hello(stream) {
                    count.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
        ResettingHost { address, hellos, is_over, thread: Some(thread) }
    }

    /// The base of its WebSockets.
    pub fn websocket_url(&self) -> String {
        format!("wss://{}", self.address)
    }

    /// The base of its HTTP routes.
    pub fn http_url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// How many clients said hello and were reset.
    pub fn hello_count(&self) -> usize {
        self.hellos.load(Ordering::Relaxed)
    }
}

impl Drop for ResettingHost {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        // Wakes the thread, which then sees that it is over.
        let woken = TcpStream::connect(self.address).and_then(|stream| stream.shutdown(Shutdown::Both));
        if woken.is_ok()
            && let Some(Err(panic)) = self.thread.take().map(JoinHandle::join)
            && !std::thread::panicking()
        {
            std::panic::resume_unwind(panic);
        }
    }
}

/// Whether a TLS handshake begins there (record type 22). The rest of it is never read, so that the system resets the
/// connection when it is dropped here.
fn is_hello(mut stream: TcpStream) -> bool {
    let mut record_type = [0];
    stream.read_exact(&mut record_type).is_ok() && record_type == [22]
}
