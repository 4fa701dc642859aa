//! One HTTP client for pages, JSON and the upgrade: bounded answers, no redirects, TLS by rustls with its own roots.

use std::borrow::Cow;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Client, Response, Url, redirect};

use super::bases::place_of;
use crate::source::SourceError;
use crate::source::pace::Pace;
use crate::tls;

/// The largest page or JSON that is read, in bytes; TikTok's pages have below 1 MiB.
const ANSWER_BYTES: usize = 4 * 1024 * 1024;

/// Asks TikTok over HTTP.
#[derive(Debug, Clone)]
pub(super) struct Http {
    client: Client,
    answer_timeout: Duration,
}

/// A whole answer.
#[derive(Debug)]
pub(super) struct Answer {
    /// The HTTP status.
    pub(super) status: u16,
    /// Its headers.
    pub(super) headers: HeaderMap,
    /// The body.
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// The body, with what is no text replaced.
    pub(super) fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }
}

impl Http {
    /// Prepares the client; nothing is sent.
    pub(super) fn new(pace: &Pace) -> Self {
        let client = Client::builder()
            .tls_backend_preconfigured(tls::client_config())
            // An answer from elsewhere is no answer, and cookies go to TikTok only.
            .redirect(redirect::Policy::none())
            .connect_timeout(pace.answer_timeout)
            .tcp_nodelay(true)
            // As browsers write them.
            .http1_title_case_headers()
            .build()
            .expect("this configuration needs nothing from the system");
        Self { client, answer_timeout: pace.answer_timeout }
    }

    /// Gets a whole answer, whatever its status.
    ///
    /// # Errors
    /// [`SourceError::Unreachable`] when none came in time, or one that is too large.
    pub(super) async fn get(&self, url: Url, headers: HeaderMap) -> Result<Answer, SourceError> {
        self.get_within(url, headers, ANSWER_BYTES).await
    }

    /// Gets a whole answer of at most so many bytes, whatever its status.
    ///
    /// # Errors
    /// As [`Http::get`].
    pub(super) async fn get_within(
        &self,
        url: Url,
        headers: HeaderMap,
        bound_bytes: usize,
    ) -> Result<Answer, SourceError> {
        let place = place_of(&url);
        let exchange = async {
            let mut response = self.client.get(url).headers(headers).send().await?;
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let mut body = Vec::new();
            while let Some(chunk) = response.chunk().await? {
                if body.len() + chunk.len() > bound_bytes {
                    return Ok(None);
                }
                body.extend_from_slice(&chunk);
            }
            Ok(Some(Answer { status, headers, body }))
        };
        match self.in_time(&place, exchange).await? {
            Some(answer) => Ok(answer),
            None => Err(SourceError::Unreachable { place, cause: format!("more than {bound_bytes} bytes came") }),
        }
    }

    /// Gets an answer without reading its body.
    ///
    /// # Errors
    /// [`SourceError::Unreachable`] when none came in time.
    pub(super) async fn get_head(&self, url: Url, headers: HeaderMap) -> Result<Response, SourceError> {
        let place = place_of(&url);
        self.in_time(&place, self.client.get(url).headers(headers).send()).await
    }

    async fn in_time<T>(
        &self,
        place: &str,
        exchange: impl Future<Output = Result<T, reqwest::Error>>,
    ) -> Result<T, SourceError> {
        let unreachable = |cause| SourceError::Unreachable { place: place.to_owned(), cause };
        match tokio::time::timeout(self.answer_timeout, exchange).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(unreachable(story_of(&error.without_url()))),
            Err(_) => Err(unreachable(format!("no answer within {:?}", self.answer_timeout))),
        }
    }
}

/// An error with everything behind it; the outermost alone says only "error sending request".
pub(super) fn story_of(error: &dyn std::error::Error) -> String {
    let mut story = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let text = error.to_string();
        if !story.ends_with(&text) {
            story = format!("{story}: {text}");
        }
        source = error.source();
    }
    story
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// What becomes of a question to a server that reads something and then sends these bytes over and over.
    async fn asked(scheme: &str, head: &[u8], body: &[u8]) -> SourceError {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let serving = async {
            let (mut stream, _) = listener.accept().await.expect("we connect");
            stream.read_exact(&mut [0; 16]).await.expect("we say something");
            stream.write_all(head).await.expect("we listen");
            while !body.is_empty() && stream.write_all(body).await.is_ok() {}
        };
        let http = Http::new(&Pace::default());
        let url = format!("{scheme}://127.0.0.1:{port}/").parse().expect("an address");
        let (_, outcome) = tokio::join!(serving, http.get(url, HeaderMap::new()));
        outcome.expect_err("that is no answer")
    }

    #[tokio::test]
    async fn an_endless_answer_is_cut() {
        let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        let chunk = [b"10000\r\n".as_slice(), &[b'x'; 0x10000], b"\r\n"].concat();
        let error = asked("http", head, &chunk).await.to_string();
        assert!(error.contains("more than 4194304 bytes"), "memory is bounded whatever comes: {error}");
    }

    #[tokio::test]
    async fn a_failed_tls_handshake_says_what_failed() {
        let error = asked("https", b"this is no TLS", b"").await.to_string();
        assert!(error.contains("corrupt message"), "the innermost cause is the one that helps: {error}");
    }
}
