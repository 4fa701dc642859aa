//! What everything is measured against: libdeflate into one reused buffer, and a scan that copies nothing.
//!
//! It reads the fields that our events carry, for the messages that make up a live, and does nothing else: no text is
//! checked, nothing odd is tolerated, nothing is owned. No product could do with less.

use std::hint::black_box;

use libdeflater::Decompressor;

/// Reads one frame after the other.
pub(crate) struct Reference {
    decompressor: Decompressor,
    body: Vec<u8>,
}

/// What one message says, as slices of the frame.
#[derive(Debug, Default)]
pub(crate) struct ScannedEvent<'a> {
    method: &'a [u8],
    msg_id: u64,
    is_history: bool,
    room_id: u64,
    sent_at: u64,
    display_key: &'a [u8],
    user: ScannedUser<'a>,
    text: &'a [u8],
    language: &'a [u8],
    /// Hearts, units of a gift, viewers, or what a member did.
    count: u64,
    total: u64,
    combo: u64,
    is_end: bool,
    gift: ScannedGift<'a>,
    /// How the viewer stands to the streamer: one bit a flag.
    identity: u64,
}

#[derive(Debug, Default)]
struct ScannedUser<'a> {
    id: u64,
    nickname: &'a [u8],
    handle: &'a [u8],
    picture: &'a [u8],
    bio: &'a [u8],
    follow_status: u64,
    is_admin: bool,
    is_moderator: bool,
    gifter_level: u64,
    team_level: u64,
}

#[derive(Debug, Default)]
struct ScannedGift<'a> {
    id: u64,
    name: &'a [u8],
    sentence: &'a [u8],
    picture: &'a [u8],
    diamonds: u64,
    kind: u64,
    combo: bool,
}

impl Reference {
    pub(crate) fn new() -> Self {
        Self { decompressor: Decompressor::new(), body: Vec::new() }
    }

    /// Reads all messages of a frame and gives their number.
    ///
    /// # Panics
    /// The payload is no gzip: a corpus holds whole frames only.
    pub(crate) fn read(&mut self, frame: &[u8]) -> u64 {
        let payload = Walk(frame).find_map(|field| field.bytes_of(8)).expect("a corpus holds push frames");
        // Trusts the size that gzip states at its end.
        let size = payload.last_chunk().map_or(0, |size| u32::from_le_bytes(*size) as usize);
        if self.body.len() < size {
            self.body.resize(size, 0);
        }
        let written = self.decompressor.gzip_decompress(payload, &mut self.body).expect("a corpus holds whole frames");
        let mut messages = 0;
        for envelope in Walk(&self.body[..written]).filter_map(|field| field.bytes_of(1)) {
            black_box(scan_envelope(envelope));
            messages += 1;
        }
        messages
    }
}

fn scan_envelope(envelope: &[u8]) -> ScannedEvent<'_> {
    let mut event = ScannedEvent::default();
    let mut payload: &[u8] = &[];
    for field in Walk(envelope) {
        match field {
            Field::Bytes(1, method) => event.method = method,
            Field::Bytes(2, bytes) => payload = bytes,
            Field::Number(3, msg_id) => event.msg_id = msg_id,
            Field::Number(6, flag) => event.is_history = flag != 0,
            Field::Bytes(..) | Field::Number(..) => {}
        }
    }
    match event.method {
        b"WebcastChatMessage" => scan_chat(payload, &mut event),
        b"WebcastLikeMessage" => scan_like(payload, &mut event),
        b"WebcastMemberMessage" => scan_member(payload, &mut event),
        b"WebcastSocialMessage" => scan_social(payload, &mut event),
        b"WebcastGiftMessage" => scan_gift_message(payload, &mut event),
        b"WebcastRoomUserSeqMessage" => scan_viewer_count(payload, &mut event),
        _ => scan_any(payload, &mut event),
    }
    event
}

fn scan_any<'a>(payload: &'a [u8], event: &mut ScannedEvent<'a>) {
    if let Some(common) = Walk(payload).find_map(|field| field.bytes_of(1)) {
        scan_common(common, event);
    }
}

fn scan_chat<'a>(payload: &'a [u8], event: &mut ScannedEvent<'a>) {
    for field in Walk(payload) {
        match field {
            Field::Bytes(1, common) => scan_common(common, event),
            Field::Bytes(2, user) => event.user = scan_user(user),
            Field::Bytes(3, text) => event.text = text,
            Field::Bytes(14, language) => event.language = language,
            Field::Bytes(18, identity) => event.identity = scan_identity(identity),
            Field::Bytes(..) | Field::Number(..) => {}
        }
    }
}

fn scan_like<'a>(payload: &'a [u8], event: &mut ScannedEvent<'a>) {
    for field in Walk(payload) {
        match field {
            Field::Bytes(1, common) => scan_common(common, event),
            Field::Number(2, hearts) => event.count = hearts,
            Field::Number(3, total) => event.total = total,
            Field::Bytes(5, user) => event.user = scan_user(user),
            Field::Bytes(..) | Field::Number(..) => {}
        }
    }
}

fn scan_member<'a>(payload: &'a [u8], event: &mut ScannedEvent<'a>) {
    for field in Walk(payload) {
        match field {
            Field::Bytes(1, common) => scan_common(common, event),
            Field::Bytes(2, user) => event.user = scan_user(user),
            Field::Number(10, action) => event.count = action,
            Field::Bytes(..) | Field::Number(..) => {}
        }
    }
}

fn scan_social<'a>(payload: &'a [u8], event: &mut ScannedEvent<'a>) {
    for field in Walk(payload) {
        match field {
            Field::Bytes(1, common) => scan_common(common, event),
            Field::Bytes(2, user) => event.user = scan_user(user),
            Field::Number(4, action) => event.count = action,
            Field::Bytes(..) | Field::Number(..) => {}
        }
    }
}

fn scan_gift_message<'a>(payload: &'a [u8], event: &mut ScannedEvent<'a>) {
    for field in Walk(payload) {
        match field {
            Field::Bytes(1, common) => scan_common(common, event),
            Field::Number(5, units) => event.count = units,
            Field::Bytes(7, user) => event.user = scan_user(user),
            Field::Number(9, flag) => event.is_end = flag != 0,
            Field::Number(11, combo) => event.combo = combo,
            Field::Bytes(15, gift) => event.gift = scan_gift(gift),
            Field::Bytes(32, identity) => event.identity = scan_identity(identity),
            Field::Bytes(..) | Field::Number(..) => {}
        }
    }
}

fn scan_viewer_count<'a>(payload: &'a [u8], event: &mut ScannedEvent<'a>) {
    for field in Walk(payload) {
        match field {
            Field::Bytes(1, common) => scan_common(common, event),
            Field::Bytes(2, rank) => {
                for field in Walk(rank) {
                    match field {
                        Field::Number(1, diamonds) => drop(black_box(diamonds)),
                        Field::Bytes(2, user) => drop(black_box(scan_user(user))),
                        Field::Bytes(..) | Field::Number(..) => {}
                    }
                }
            }
            Field::Number(3, viewers) => event.count = viewers,
            Field::Number(7, total) => event.total = total,
            Field::Bytes(..) | Field::Number(..) => {}
        }
    }
}

fn scan_common<'a>(common: &'a [u8], event: &mut ScannedEvent<'a>) {
    for field in Walk(common) {
        match field {
            Field::Number(3, room_id) => event.room_id = room_id,
            Field::Number(4, sent_at) => event.sent_at = sent_at,
            Field::Bytes(8, text) => {
                event.display_key = Walk(text).find_map(|field| field.bytes_of(1)).unwrap_or_default();
            }
            Field::Bytes(..) | Field::Number(..) => {}
        }
    }
}

fn scan_user(user: &[u8]) -> ScannedUser<'_> {
    let mut seen = ScannedUser::default();
    for field in Walk(user) {
        match field {
            Field::Number(1, id) => seen.id = id,
            Field::Bytes(3, nickname) => seen.nickname = nickname,
            Field::Bytes(5, bio) => seen.bio = bio,
            Field::Bytes(9, image) => seen.picture = scan_image(image),
            Field::Bytes(22, follow) => seen.follow_status = number_in(follow, 3),
            Field::Bytes(32, rights) => seen.is_admin = number_in(rights, 2) != 0,
            Field::Bytes(38, handle) => seen.handle = handle,
            Field::Bytes(64, badge) => scan_badge(badge, &mut seen),
            Field::Bytes(..) | Field::Number(..) => {}
        }
    }
    seen
}

fn scan_badge(badge: &[u8], user: &mut ScannedUser<'_>) {
    let (mut scene, mut level) = (0, 0);
    for field in Walk(badge) {
        match field {
            Field::Number(3, kind) => scene = kind,
            Field::Bytes(12, extra) => {
                let digits = Walk(extra).find_map(|field| field.bytes_of(5)).unwrap_or_default();
                level = digits.iter().fold(0, |level, digit| level * 10 + u64::from(digit & 15));
            }
            Field::Bytes(..) | Field::Number(..) => {}
        }
    }
    match scene {
        1 => user.is_moderator = true,
        8 => user.gifter_level = level,
        10 => user.team_level = level,
        _ => {}
    }
}

fn scan_gift(gift: &[u8]) -> ScannedGift<'_> {
    let mut seen = ScannedGift::default();
    for field in Walk(gift) {
        match field {
            Field::Bytes(1, image) => seen.picture = scan_image(image),
            Field::Bytes(2, sentence) => seen.sentence = sentence,
            Field::Number(5, id) => seen.id = id,
            Field::Number(10, flag) => seen.combo = flag != 0,
            Field::Number(11, kind) => seen.kind = kind,
            Field::Number(12, diamonds) => seen.diamonds = diamonds,
            Field::Bytes(16, name) => seen.name = name,
            Field::Bytes(..) | Field::Number(..) => {}
        }
    }
    seen
}

fn scan_image(image: &[u8]) -> &[u8] {
    Walk(image).find_map(|field| field.bytes_of(1)).unwrap_or_default()
}

fn scan_identity(identity: &[u8]) -> u64 {
    Walk(identity).fold(0, |flags, field| match field {
        Field::Number(number @ 1..=6, 1) => flags | 1 << number,
        Field::Bytes(..) | Field::Number(..) => flags,
    })
}

fn number_in(message: &[u8], wanted: u64) -> u64 {
    let found = Walk(message).find_map(|field| match field {
        Field::Number(number, value) if number == wanted => Some(value),
        Field::Bytes(..) | Field::Number(..) => None,
    });
    found.unwrap_or_default()
}

/// The fields of a message, up to its end or the first thing that makes no sense.
struct Walk<'a>(&'a [u8]);

enum Field<'a> {
    Number(u64, u64),
    Bytes(u64, &'a [u8]),
}

impl<'a> Field<'a> {
    fn bytes_of(self, wanted: u64) -> Option<&'a [u8]> {
        match self {
            Self::Bytes(number, bytes) if number == wanted => Some(bytes),
            Self::Bytes(..) | Self::Number(..) => None,
        }
    }
}

impl<'a> Iterator for Walk<'a> {
    type Item = Field<'a>;

    #[inline(always)]
    fn next(&mut self) -> Option<Field<'a>> {
        loop {
            let key = self.varint()?;
            match key & 7 {
                0 => return Some(Field::Number(key >> 3, self.varint()?)),
                1 => self.take(8)?,
                2 => {
                    let length = usize::try_from(self.varint()?).ok()?;
                    return Some(Field::Bytes(key >> 3, self.take(length)?));
                }
                5 => self.take(4)?,
                _ => return None,
            };
        }
    }
}

impl<'a> Walk<'a> {
    #[inline(always)]
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    #[inline(always)]
    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for (index, &byte) in self.0.iter().enumerate().take(10) {
            value |= u64::from(byte & 0x7f) << (7 * index);
            if byte < 0x80 {
                self.0 = &self.0[index + 1..];
                return Some(value);
            }
        }
        None
    }
}
