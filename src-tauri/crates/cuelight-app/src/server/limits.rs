//! Every bound of the local server, with its reason, in one place.

use std::time::Duration;

use super::rates::Rate;

/// Ports that are tried, beginning with the one that is set: several data folders may be open at once, but hardly twenty.
pub(super) const PORTS: u16 = 20;

/// Sockets that are open at once: some browsers keep six for a page, so this is a dozen pages with room for scripts.
pub(super) const SOCKETS: usize = 128;

/// Of these, sockets of one address, so that one machine of the network cannot shut the others out.
pub(super) const SOCKETS_OF_ONE: usize = 64;

/// Conversations of the role `full` at once: the streamer's own pages and programs.
pub(super) const FULL_CONVERSATIONS: usize = 16;

/// Conversations of the role `remote` at once: phones and tablets of a small team.
pub(super) const REMOTE_CONVERSATIONS: usize = 16;

/// Conversations of all overlays at once: each is a page in a scene of OBS, and OBS keeps them all open.
pub(super) const OVERLAY_CONVERSATIONS: usize = 32;

/// Overlays with a token of their own; more is a program gone wild.
pub(super) const OVERLAYS: usize = 64;

/// Addresses whose requests are counted; those that have been quiet go first.
pub(super) const PEERS: usize = 1_024;

/// Requests of one address: a page with all its pictures at once, then what a busy script may need.
pub(super) const REQUESTS: Rate = Rate { burst: 300, per_second: 100 };

/// Messages of one conversation: a screen that asks for everything at once, then quick fingers.
pub(super) const MESSAGES: Rate = Rate { burst: 100, per_second: 50 };

/// Bytes of a request's head; browsers send about one thousand.
pub(super) const HEAD_BYTES: usize = 16 * 1024;

/// Header lines of a request; browsers send about twenty.
pub(super) const HEADERS: usize = 64;

/// How long a request's head may take, and how long a socket may be kept open without a request.
pub(super) const HEAD_TIME: Duration = Duration::from_secs(10);

/// How long a request may take from its head to its answer; a slow disk takes seconds.
pub(super) const REQUEST_TIME: Duration = Duration::from_secs(30);

/// How long the far side may take nothing of what is sent to it before it is cut off.
pub(super) const WRITE_TIME: Duration = Duration::from_secs(10);

/// Bytes of a request's body, and of a message that brings no rules; the largest rule has some kilobytes.
pub(super) const BODY_BYTES: usize = 1024 * 1024;

/// Bytes of a message that brings a rules file: ten times the largest that was seen.
pub(super) const IMPORT_BYTES: usize = 8 * 1024 * 1024;

/// Bytes of a message from another machine, which brings no rules.
pub(super) const REMOTE_MESSAGE_BYTES: usize = 64 * 1024;

/// How long the token may take that a conversation begins with.
pub(super) const TOKEN_TIME: Duration = Duration::from_secs(5);

/// How often the far side of a conversation is asked whether it is still there.
pub(super) const PING_TIME: Duration = Duration::from_secs(30);

/// Silence after which a conversation is over: two questions without an answer, and some grace.
pub(super) const SILENCE_TIME: Duration = Duration::from_secs(75);

/// Commands of one conversation that are carried out at once; more are read when one is done.
pub(super) const IN_FLIGHT: usize = 16;

/// Bytes that wait for a slow reader of a conversation: one answer with everything, and one more.
pub(super) const UNSENT_BYTES: usize = 32 * 1024 * 1024;

/// Events of the journal that are read at once for a follower.
pub(super) const FEED_EVENTS: u32 = 256;

/// How often a follower looks into the journal: soon enough for an alert, and a look that finds nothing costs microseconds.
pub(super) const FEED_LOOK: Duration = Duration::from_millis(100);

/// How long the end of the server waits for what is still being said.
pub(super) const END_TIME: Duration = Duration::from_secs(2);

/// Pause after the system refused another socket: it ran out of files, and asking at once would only burn power.
pub(super) const ACCEPT_PAUSE: Duration = Duration::from_millis(200);
