-- The story of connections: every attempt to get into a live and to stay there.

CREATE TABLE attempt (
    id       INTEGER PRIMARY KEY,
    at_ms    INTEGER NOT NULL,                          -- when it began
    took_ms  INTEGER NOT NULL,
    creator  TEXT    NOT NULL,                          -- the streamer's handle without @
    way      TEXT,                                      -- NULL: the question whether the streamer is live
    step     TEXT    NOT NULL,
    place    TEXT    NOT NULL,                          -- the host that was asked; empty: this machine
    answer   TEXT    NOT NULL,
    until_ms INTEGER,                                   -- of blocked and rate_limited: when asking again may help
    family   TEXT,                                      -- of family_missing: the type of event that never comes
    detail   TEXT    NOT NULL
) STRICT;

-- By which way a creator's room was reached last.
CREATE INDEX attempt_in ON attempt (creator COLLATE NOCASE, id) WHERE answer = 'in_room';
