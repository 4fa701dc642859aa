-- What people edit: how it was before, what they threw away, earlier forms. Times are milliseconds since 1970 UTC.

-- The revision of the rules since which it is as it is; NULL: since before they were counted.
ALTER TABLE rule ADD COLUMN revised INTEGER;

-- Whoever changes a rule raises the revision afterwards, in the same transaction.
CREATE TRIGGER rule_inserted AFTER INSERT ON rule BEGIN
    UPDATE rule SET revised = (SELECT number + 1 FROM revision WHERE name = 'rules') WHERE id = new.id;
END;

CREATE TRIGGER rule_updated AFTER UPDATE OF enabled, body ON rule
WHEN new.enabled <> old.enabled OR new.body <> old.body BEGIN
    UPDATE rule SET revised = (SELECT number + 1 FROM revision WHERE name = 'rules') WHERE id = new.id;
END;

-- Rules that people threw away; nothing but the bin and undoing knows of them.
CREATE TABLE rule_binned (
    id        TEXT    PRIMARY KEY,
    enabled   INTEGER NOT NULL,
    body      TEXT    NOT NULL,                         -- JSON
    origin    TEXT    NOT NULL,
    seeded    TEXT,
    binned_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE rule_version (
    rule     TEXT    NOT NULL,
    version  INTEGER NOT NULL,                          -- 1, 2, 3 … of this rule
    saved_ms INTEGER NOT NULL,                          -- when a newer form took its place
    body     TEXT    NOT NULL,                          -- JSON
    PRIMARY KEY (rule, version)
) STRICT, WITHOUT ROWID;

-- What can be undone and done again, in the order in which it was done.
CREATE TABLE deed (
    id      INTEGER PRIMARY KEY,
    what    TEXT    NOT NULL,
    name    TEXT    NOT NULL,                           -- what it was about, as people called it then
    done_ms INTEGER NOT NULL,
    undone  INTEGER NOT NULL DEFAULT 0,                 -- 1: it was taken back and can be done again
    changes TEXT    NOT NULL                            -- JSON: every row that it changed, before and after
) STRICT;

-- How often rules fired is counted without what was run again.
CREATE INDEX run_again ON run (session, origin, again_of) WHERE again_of IS NOT NULL;
