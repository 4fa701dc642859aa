-- Rules, services, and the queues: what is to be done because of events. Times are milliseconds since 1970 UTC.

ALTER TABLE event ADD COLUMN decisions TEXT;            -- JSON: revision of the rules, decisions; NULL: no trigger matched
ALTER TABLE viewer ADD COLUMN roles_session TEXT;       -- JSON: what events of the last session said they are to the streamer

CREATE TABLE rule (
    id       TEXT    PRIMARY KEY,
    position INTEGER NOT NULL,                          -- the order in which people see them
    enabled  INTEGER NOT NULL,                          -- counts, whatever the body says
    body     TEXT    NOT NULL,                          -- JSON
    origin   TEXT    NOT NULL,                          -- starter | user
    seeded   TEXT                                       -- the body that the app brought along; equal: nobody edited it
) STRICT, WITHOUT ROWID;

CREATE TABLE rule_group (
    name     TEXT    PRIMARY KEY,
    position INTEGER NOT NULL,
    body     TEXT    NOT NULL                           -- JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE service (
    id       TEXT    PRIMARY KEY,
    position INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    active   INTEGER NOT NULL,
    paused   INTEGER NOT NULL DEFAULT 0,                -- 1: its worker starts no job
    body     TEXT    NOT NULL,                          -- JSON of the rest
    seeded   TEXT                                       -- the body that the app brought along
) STRICT, WITHOUT ROWID;

-- One firing of one rule or default action; the last line of the table is why nothing is ever done twice.
CREATE TABLE run (
    id            INTEGER PRIMARY KEY,
    session       INTEGER REFERENCES session (id) ON DELETE CASCADE,
    origin        TEXT    NOT NULL,                     -- rule id | default:SERVICE | asked:
    cause         INTEGER NOT NULL,                     -- number of the (first) event; 0: none; -job: that job caused it
    firing        INTEGER NOT NULL,
    event         INTEGER,                              -- number of the event with which it was decided
    event_type    TEXT,
    state         TEXT    NOT NULL,                     -- open | done | stopped | folded
    folded_into   INTEGER,                              -- the run that it was merged with
    again_of      INTEGER,                              -- the job that it runs again: one job, nothing follows
    led_from      INTEGER,                              -- the first of the runs that led to it by running rules
    foldable      INTEGER NOT NULL,                     -- others may be merged with it
    event_ms      INTEGER NOT NULL,                     -- when it was decided, by the clock of the session's events
    due_ms        INTEGER,                              -- when its next step begins, where it waits
    held_since_ms INTEGER,
    position      INTEGER NOT NULL,                     -- key of the event: order of arrival
    viewer        TEXT,
    msg_id        TEXT,
    created_ms    INTEGER NOT NULL,
    ended_ms      INTEGER,
    last_step     INTEGER,                              -- once this step has completed it is done; NULL: something follows
    body          TEXT    NOT NULL,                     -- JSON: its steps, facts and how far it is
    UNIQUE (session, origin, cause, firing)
) STRICT;

CREATE INDEX run_led  ON run (led_from) WHERE led_from IS NOT NULL;
CREATE INDEX run_due  ON run (due_ms) WHERE due_ms IS NOT NULL AND held_since_ms IS NULL;
CREATE INDEX run_fold ON run (session, origin, event_ms) WHERE state = 'open' AND foldable = 1;
-- In order of arrival, so that runs begin and end side by side in it.
CREATE INDEX run_open ON run (id, session, viewer, msg_id, ended_ms) WHERE ended_ms IS NULL;

-- One step of a run in the queue of its service, prepared and frozen.
CREATE TABLE job (
    id               INTEGER PRIMARY KEY,
    run              INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    step             INTEGER NOT NULL,                  -- 1, 2, 3 … in the order in which they were handed off
    session          INTEGER,
    service          TEXT    NOT NULL,
    kind             TEXT    NOT NULL,
    parameters       TEXT    NOT NULL,                  -- JSON, the kind's own form
    state            TEXT    NOT NULL,                  -- pending | processing | completed | failed | discarded
    priority         INTEGER NOT NULL,                  -- 10 goes first
    position         INTEGER NOT NULL,                  -- order of arrival; changed by "move up"
    mode             TEXT    NOT NULL,                  -- sync | async
    discardable      INTEGER NOT NULL,
    expires_after_ms INTEGER,
    time_limit_ms    INTEGER NOT NULL,
    replay           TEXT    NOT NULL,                  -- safe | at_most_once
    follows          INTEGER NOT NULL,                  -- no other job gets between it and the one before
    due_ms           INTEGER,                           -- when it is tried again
    held_since_ms    INTEGER,                           -- belongs to an earlier session and waits for an answer
    ready_ms         INTEGER NOT NULL,                  -- since when a worker could have taken it
    attempt          INTEGER NOT NULL DEFAULT 0,
    interrupted      INTEGER NOT NULL DEFAULT 0,        -- 1: a crash cut an attempt off
    reason           TEXT,                              -- JSON: why it failed, was discarded or is tried again
    outputs          TEXT,                              -- JSON: what later steps may use
    event_type       TEXT,
    created_ms       INTEGER NOT NULL,
    started_ms       INTEGER,
    ended_ms         INTEGER,
    UNIQUE (run, step)
) STRICT;

-- What is not due or held costs a claim nothing.
CREATE INDEX job_claim ON job (service, follows DESC, priority DESC, position, id)
    WHERE state = 'pending' AND due_ms IS NULL AND held_since_ms IS NULL;
-- How many wait, and which of them would go first: the lowest priority, of those the newest.
CREATE INDEX job_waiting ON job (service, discardable, priority, position DESC, id DESC) WHERE state = 'pending';
CREATE INDEX job_due     ON job (due_ms) WHERE state = 'pending' AND due_ms IS NOT NULL AND held_since_ms IS NULL;
CREATE INDEX job_running ON job (service) WHERE state = 'processing';

-- When workers of a service ran: only then does a ready job grow late.
CREATE TABLE work_period (
    id       INTEGER PRIMARY KEY,
    service  TEXT    NOT NULL,
    began_ms INTEGER NOT NULL,
    last_ms  INTEGER NOT NULL,                          -- the last thing that the worker did; after a crash, its end
    ended_ms INTEGER                                    -- NULL while it goes on, or after a crash
) STRICT;

CREATE INDEX work_period_service ON work_period (service, ended_ms);

-- What rules remember: cooldowns, combos, streaks.
CREATE TABLE rule_state (
    session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    key     TEXT    NOT NULL,
    state   TEXT    NOT NULL,                           -- JSON
    PRIMARY KEY (session, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE counter (
    name  TEXT    PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE variable (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What people decided about viewers.
CREATE TABLE viewer_mark (
    user_id TEXT    PRIMARY KEY,
    muted   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What jobs emitted and the lane has not answered yet: events that rules brought up, counters that changed.
CREATE TABLE emitted (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    session      INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    depth        INTEGER NOT NULL,                      -- how many rules led to it
    name         TEXT    NOT NULL,
    fields       TEXT,                                  -- JSON of the event; NULL: the counter of that name changed
    counter_from INTEGER,
    counter_to   INTEGER
) STRICT;

-- Raised in the transaction that changes what the name says, so that other processes notice.
CREATE TABLE revision (
    name   TEXT    PRIMARY KEY,
    number INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO revision (name, number) VALUES ('emitted', 0), ('queues', 0), ('rules', 0), ('services', 0), ('values', 0), ('viewers', 0);
