-- Trying rules, and what the gift picker knows.

ALTER TABLE run ADD COLUMN test INTEGER NOT NULL DEFAULT 0;  -- 1: made by Try: of no session, changes nothing, counts nowhere

-- So that sums leave tests out without looking at runs that are none.
CREATE INDEX run_test ON run (id) WHERE test = 1;

-- Every name that was seen of a gift, in any language; the newest stands in gift.
CREATE TABLE gift_name (
    gift INTEGER NOT NULL,
    name TEXT    NOT NULL,
    PRIMARY KEY (gift, name)
) STRICT, WITHOUT ROWID;

INSERT INTO gift_name (gift, name)
    SELECT id, name FROM gift WHERE name IS NOT NULL
    UNION
    SELECT data ->> '$.gift.id', data ->> '$.gift.name' FROM event
    WHERE event_type = 'gift' AND data ->> '$.gift.id' <> 0
        AND data ->> '$.gift.name' IS NOT NULL AND data ->> '$.gift.name' <> 'Unknown gift';

-- Units of each gift that were given in a session, history left out.
CREATE TABLE gift_received (
    session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    gift    INTEGER NOT NULL,
    units   INTEGER NOT NULL,
    PRIMARY KEY (session, gift)
) STRICT, WITHOUT ROWID;

INSERT INTO gift_received (session, gift, units)
    SELECT key >> 32, data ->> '$.gift.id', sum(data ->> '$.delta_count') FROM event
    WHERE event_type = 'gift' AND coalesce(data ->> '$.delta_count', 0) > 0
        AND (key >> 32) IN (SELECT id FROM session)
    GROUP BY 1, 2;
