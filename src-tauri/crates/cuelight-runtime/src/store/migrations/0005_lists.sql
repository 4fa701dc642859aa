-- What lists are read by: events by what people look for, runs by their event, jobs by their end, and how many ended when.

ALTER TABLE job ADD COLUMN held_by_hand INTEGER NOT NULL DEFAULT 0;  -- 1: somebody holds this job alone, it is no old one

CREATE INDEX event_paid ON event (key) WHERE event_type IN ('gift', 'subscribe', 'super_fan', 'envelope');
CREATE INDEX event_said ON event (key) WHERE event_type IN ('comment', 'question', 'emote');

CREATE INDEX run_event  ON run (session, event) WHERE event IS NOT NULL;
CREATE INDEX run_folded ON run (folded_into) WHERE folded_into IS NOT NULL;

CREATE INDEX run_held ON run (session) WHERE due_ms IS NOT NULL AND held_since_ms IS NOT NULL;
CREATE INDEX job_held  ON job (service, held_since_ms) WHERE state = 'pending' AND held_since_ms IS NOT NULL;
CREATE INDEX job_ended ON job (service, ended_ms) WHERE ended_ms IS NOT NULL;

-- How many jobs, tests left out, ended in each quarter of an hour: every time zone's midnight is the beginning of one.
CREATE TABLE job_tally (
    quarter INTEGER NOT NULL,                           -- quarters of an hour since 1970 UTC
    service TEXT    NOT NULL,
    state   TEXT    NOT NULL,                           -- completed | failed | discarded
    jobs    INTEGER NOT NULL,
    PRIMARY KEY (quarter, service, state)
) STRICT, WITHOUT ROWID;

INSERT INTO job_tally (quarter, service, state, jobs)
    SELECT ended_ms / 900000, service, state, count(*) FROM job WHERE ended_ms IS NOT NULL GROUP BY 1, 2, 3;

CREATE TRIGGER job_tally_insert AFTER INSERT ON job
WHEN NEW.ended_ms IS NOT NULL AND NOT EXISTS (SELECT 1 FROM run WHERE id = NEW.run AND test = 1) BEGIN
    INSERT INTO job_tally (quarter, service, state, jobs) VALUES (NEW.ended_ms / 900000, NEW.service, NEW.state, 1)
        ON CONFLICT (quarter, service, state) DO UPDATE SET jobs = jobs + 1;
END;

CREATE TRIGGER job_tally_end AFTER UPDATE OF state, ended_ms ON job
WHEN OLD.ended_ms IS NULL AND NEW.ended_ms IS NOT NULL AND NOT EXISTS (SELECT 1 FROM run WHERE id = NEW.run AND test = 1) BEGIN
    INSERT INTO job_tally (quarter, service, state, jobs) VALUES (NEW.ended_ms / 900000, NEW.service, NEW.state, 1)
        ON CONFLICT (quarter, service, state) DO UPDATE SET jobs = jobs + 1;
END;

-- An outcome that could not be applied is another one after all.
CREATE TRIGGER job_tally_change AFTER UPDATE OF state ON job
WHEN OLD.ended_ms IS NOT NULL AND NEW.ended_ms IS NOT NULL AND OLD.state <> NEW.state
    AND NOT EXISTS (SELECT 1 FROM run WHERE id = NEW.run AND test = 1) BEGIN
    UPDATE job_tally SET jobs = jobs - 1
        WHERE quarter = OLD.ended_ms / 900000 AND service = OLD.service AND state = OLD.state;
    INSERT INTO job_tally (quarter, service, state, jobs) VALUES (NEW.ended_ms / 900000, NEW.service, NEW.state, 1)
        ON CONFLICT (quarter, service, state) DO UPDATE SET jobs = jobs + 1;
END;

CREATE TRIGGER job_tally_delete AFTER DELETE ON job
WHEN OLD.ended_ms IS NOT NULL AND NOT EXISTS (SELECT 1 FROM run WHERE id = OLD.run AND test = 1) BEGIN
    UPDATE job_tally SET jobs = jobs - 1
        WHERE quarter = OLD.ended_ms / 900000 AND service = OLD.service AND state = OLD.state;
END;
