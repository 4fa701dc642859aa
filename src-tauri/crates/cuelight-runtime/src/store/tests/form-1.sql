-- The journal, what it adds up to, and what people set. Times are milliseconds since 1970 UTC.

CREATE TABLE session (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,  -- shown as #12, never given out twice
    name            TEXT,
    creator         TEXT    NOT NULL,                   -- the streamer's handle without @
    room_id         TEXT    NOT NULL,
    source          TEXT    NOT NULL,
    started_ms      INTEGER NOT NULL,                   -- by its events' clock, which for a recording is not ours
    taken_in_ms     INTEGER NOT NULL,                   -- by our clock; from here on its events grow old
    ended_ms        INTEGER,                            -- NULL while it goes on, or after a crash
    last_event_ms   INTEGER NOT NULL,
    last_number     INTEGER NOT NULL DEFAULT 0,         -- number of its newest event; pruning does not lower it
    viewers_through INTEGER NOT NULL DEFAULT 0,         -- viewer rows hold the events up to this number
    pruned_through  INTEGER NOT NULL DEFAULT 0,         -- minor events up to this number were pruned
    totals          TEXT    NOT NULL
) STRICT;

CREATE TABLE event (
    key         INTEGER PRIMARY KEY,                    -- session * 2^32 + number: order of arrival
    event_type  TEXT    NOT NULL,
    msg_id      INTEGER,                                -- the source's number of the message
    received_ms INTEGER NOT NULL,
    counted     INTEGER NOT NULL,                       -- 1: happened, once; 0: left out of files and sums
    data        TEXT    NOT NULL                        -- JSON, as events have it under "data"
) STRICT;

CREATE TABLE combo (
    session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    key     TEXT    NOT NULL,
    state   TEXT    NOT NULL,                           -- JSON
    PRIMARY KEY (session, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE gift (
    id            INTEGER PRIMARY KEY,
    name          TEXT,
    diamond_count INTEGER,
    gift_type     INTEGER,
    image_url     TEXT,
    seen_ms       INTEGER                               -- when a message last told of it; NULL: only the seed did
) STRICT;

-- Sums of all time = *_before + *_session; a flush replaces *_session, so repeating it changes nothing.
CREATE TABLE viewer (
    user_id               TEXT    PRIMARY KEY,
    unique_id             TEXT    NOT NULL,
    nickname              TEXT    NOT NULL,
    first_seen_ms         INTEGER NOT NULL,
    last_seen_ms          INTEGER NOT NULL,
    session               INTEGER NOT NULL,             -- the last session this viewer was seen in; 0: it was deleted
    session_first_seen_ms INTEGER NOT NULL,
    gift_units_before     INTEGER NOT NULL DEFAULT 0,
    diamonds_before       INTEGER NOT NULL DEFAULT 0,
    comments_before       INTEGER NOT NULL DEFAULT 0,
    likes_before          INTEGER NOT NULL DEFAULT 0,
    gift_units_session    INTEGER NOT NULL,
    diamonds_session      INTEGER NOT NULL,
    comments_session      INTEGER NOT NULL,
    likes_session         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE fault (
    id          INTEGER PRIMARY KEY,
    session     INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    received_ms INTEGER NOT NULL,
    reason      TEXT    NOT NULL,                       -- JSON
    raw         BLOB    NOT NULL
) STRICT;

CREATE TABLE shed (
    id      INTEGER PRIMARY KEY,
    session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    at_ms   INTEGER NOT NULL,
    reason  TEXT    NOT NULL                            -- JSON
) STRICT;

CREATE TABLE setting (
    area    TEXT    PRIMARY KEY,
    version INTEGER NOT NULL,
    value   TEXT    NOT NULL                            -- JSON
) STRICT, WITHOUT ROWID;

-- Which revision of what the app brings along was already put in.
CREATE TABLE seed (
    name     TEXT    PRIMARY KEY,
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 1;

INSERT INTO session (id, name, creator, room_id, source, started_ms, taken_in_ms, ended_ms, last_event_ms, last_number, totals) VALUES
    (7, 'first night', 'luna.plays', '7123456789012345678', 'tiktok:direct', 1768210200000, 1768210200000, 1768210900000, 1768210800000, 2,
     '{"by_type":{"comment":1,"gift":1},"journaled":2,"gift_units":3,"diamonds":3,"likes":40,"duplicates":0,"faults":0,"shed":0,"unknown_by_method":{}}');
INSERT INTO event (key, event_type, msg_id, received_ms, counted, data) VALUES
    (30064771073, 'comment', 7123456789012345001, 1768210700000, 1,
     '{"user":{"unique_id":"mira","nickname":"Mira","user_id":"6900000000000000001"},"comment":"Hola!","emotes":[],"language":"es","msg_id":"7123456789012345001","timestamp":"2026-01-12T09:38:20.000000"}'),
    (30064771074, 'gift', 7123456789012345002, 1768210800000, 1,
     '{"user":{"unique_id":"mira","nickname":"Mira","user_id":"6900000000000000001"},"gift":{"id":5655,"name":"Rose","diamond_count":1,"type":1},"repeat_count":3,"delta_count":3,"delta_diamonds":3,"timestamp":"2026-01-12T09:40:00.000000"}');
INSERT INTO gift (id, name, diamond_count, gift_type, image_url, seen_ms) VALUES (5655, 'Rosa', 1, 1, NULL, 1768210800000);
INSERT INTO viewer (user_id, unique_id, nickname, first_seen_ms, last_seen_ms, session, session_first_seen_ms,
                    gift_units_session, diamonds_session, comments_session, likes_session) VALUES
    ('6900000000000000001', 'mira', 'Mira', 1768210700000, 1768210800000, 7, 1768210700000, 3, 3, 1, 0);
INSERT INTO setting (area, version, value) VALUES ('general', 1, '{"tiktok_user":"luna.plays"}');
