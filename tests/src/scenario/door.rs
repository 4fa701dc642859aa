//! Who is let in, and what stands before the live: pages, cookies, signatures, limits.

/// Whom the fake lets in. Everybody needs a `ttwid` cookie, a User-Agent, a room and the identity of a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Whoever brings that.
    Anybody,
    /// Browsers: the lookup, the pages and the upgrade answer HTTP 403 to whoever does not send what only they send.
    BrowsersOnly,
    /// Whoever brings that; but only browsers are given `ttwid`. Others read `X-TT-System-Error: 3`.
    BrowsersGetCookies,
    /// Whoever also has a signature in the address of the socket; others are told `DEVICE_BLOCKED`.
    SignedOnly,
    /// Anybody opens the first socket; from then on it is as with [`Admission::SignedOnly`].
    SignedOnlyLater,
    /// Who asks for the socket under this name of the machine; others are told `DEVICE_BLOCKED`.
    OnlyAt(&'static str),
}

/// What the page of a live does in a browser. Its content security policy forbids everything but its own script, its own
/// worker and sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LivePage {
    /// Opens the socket, enters the room, acknowledges, and opens another one where that closes.
    Socket,
    /// The same, but never opens another one.
    SocketOnce,
    /// The same as the first, but acknowledges nothing, so that it takes all that comes.
    SocketWithoutAcks,
    /// The same as the first, in a worker.
    SocketInWorker,
    /// The same as the first, beside a socket and a picture of another port and of another host, whose comments are nobody's business.
    SocketAndStrangers,
    /// No socket at all.
    NoSocket,
    /// Wants a captcha solved first: a click on `#solve`.
    Captcha,
    /// The same, but a script lays it over the page a second after that came.
    CaptchaLaidOver,
    /// Wants a login first: a click on `#log-in`, as on `/login`, which sets the cookies of a session.
    Login,
}

/// How an upgrade is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status in place of 101: TikTok uses 200 and 400.
    pub http_status: u16,
    /// Header `Handshake-Status`.
    pub handshake_status: u16,
    /// Header `Handshake-Msg`.
    pub handshake_msg: &'static str,
}

impl Refusal {
    /// The cookie, the User-Agent or the identity in the query is missing or worn out.
    pub const DEVICE_BLOCKED: Refusal =
        Refusal { http_status: 200, handshake_status: 415, handshake_msg: "DEVICE_BLOCKED" };
    /// A session cookie came with an address that was not signed for it.
    pub const ILLEGAL_SECRET_KEY: Refusal =
        Refusal { http_status: 200, handshake_status: 417, handshake_msg: "illegal secret key" };
    /// The same refusal under HTTP 400.
    pub const ILLEGAL_APP_ID: Refusal =
        Refusal { http_status: 400, handshake_status: 417, handshake_msg: "illegal app_id" };
}

/// What the sign server answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignAnswer {
    /// A signed fetch result that leads back to the fake.
    Good,
    /// The outage stub: a push server outside tiktok.com and no `is_first`.
    FallbackStub,
    /// A signed fetch result without the cookie that goes with it.
    GoodWithoutCookie,
    /// HTTP 429, which names the wait in this form.
    RateLimited(RateLimit),
    /// HTTP 401: the key, which the answer names, is unknown.
    UnknownKey,
    /// HTTP 403: the key may not do this.
    ForbiddenKey,
    /// HTTP 402: a paid feature.
    PaymentRequired,
    /// HTTP 200 whose body says code 403: a paid feature, too.
    PaymentRequiredWithin200,
    /// HTTP 500 with a JSON body.
    ServerError,
    /// HTTP 503: no signing agent is free.
    NoAgents,
    /// HTTP 200 with an empty body: TikTok refused the signer.
    Empty,
}

/// How HTTP 429 says for how long: always [`RateLimit::WAIT_S`] where it says a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateLimit {
    /// Every known header, and the label in the body.
    Everything,
    /// Not at all: only the code in the body.
    Unsaid,
    /// `Retry-After` in seconds.
    RetryAfterSeconds,
    /// `Retry-After` as a date.
    RetryAfterDate,
    /// `RateLimit-Remaining`, which counts the seconds to wait.
    Remaining,
    /// `RateLimit-Reset`, in seconds since 1970.
    Reset,
    /// `X-RateLimit-Reset`, in seconds since 1970.
    XReset,
    /// A label in the body, such as `rate_limit_account_minute`.
    Label(&'static str),
    /// A body that is cut in the middle.
    CutBody,
}

impl RateLimit {
    /// How long every limit lasts that says so, in seconds.
    pub const WAIT_S: i64 = 42;
}

/// What `/webcast/gift/list/` answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GiftListAnswer {
    /// Three gifts.
    Good,
    /// HTTP 403.
    Forbidden,
    /// The three gifts among 8 MB of others.
    Large,
    /// The request is taken and never answered.
    Unanswered,
}
