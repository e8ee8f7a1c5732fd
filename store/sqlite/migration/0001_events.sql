-- Requests of all traffic: one row for each batch. What queries look at first is apart
-- from the packed requests, so that a week's sums are few pages.
CREATE TABLE chunk (
  id    INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again: mark compares with it
  first INTEGER NOT NULL,                  -- earliest and latest time, Unix nanoseconds
  last  INTEGER NOT NULL,
  n     INTEGER NOT NULL,                  -- requests
  sums  BLOB NOT NULL                      -- counts for each ten seconds
);
CREATE INDEX chunk_time ON chunk (last, first);
CREATE TABLE chunk_data (
  id       INTEGER PRIMARY KEY,
  sessions BLOB NOT NULL,                  -- first four bytes of each session's id, sorted
  data     BLOB NOT NULL                   -- packed and compressed
);

-- Batches that were kept, by their first record: one given again is known.
CREATE TABLE seen (id BLOB PRIMARY KEY, time INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX seen_time ON seen (time);

CREATE TABLE session (
  id BLOB PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL,
  requests INTEGER NOT NULL, attacks INTEGER NOT NULL, blocked INTEGER NOT NULL, errors INTEGER NOT NULL, bytes INTEGER NOT NULL,
  application INTEGER NOT NULL, address BLOB NOT NULL, agent TEXT NOT NULL, host TEXT NOT NULL, path TEXT NOT NULL, types TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_time ON session (last, id);

-- The newest chunk whose requests are in session rows.
CREATE TABLE mark (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;

-- Counters are exact; kept, payloads and sources are about hits that are rows.
CREATE TABLE attack (
  id INTEGER PRIMARY KEY AUTOINCREMENT, key INTEGER NOT NULL, type TEXT NOT NULL, application INTEGER NOT NULL, host TEXT NOT NULL, path TEXT NOT NULL,
  point TEXT NOT NULL, method TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, hits INTEGER NOT NULL, blocked INTEGER NOT NULL,
  kept INTEGER NOT NULL, score INTEGER NOT NULL, status INTEGER NOT NULL,
  payloads INTEGER NOT NULL, sources INTEGER NOT NULL, top_source BLOB NOT NULL, top_hits INTEGER NOT NULL
);
CREATE INDEX attack_time ON attack (last, id);
CREATE INDEX attack_key ON attack (key, last);

CREATE TABLE attack_source (attack INTEGER NOT NULL, address BLOB NOT NULL, hits INTEGER NOT NULL, PRIMARY KEY (attack, address)) WITHOUT ROWID;
CREATE INDEX attack_source_address ON attack_source (address);
CREATE TABLE attack_payload (attack INTEGER NOT NULL, hash INTEGER NOT NULL, PRIMARY KEY (attack, hash)) WITHOUT ROWID;

-- A hit has the type, application, host, path and point of its attack.
CREATE TABLE hit (
  id INTEGER PRIMARY KEY, uid BLOB NOT NULL, time INTEGER NOT NULL, attack INTEGER NOT NULL, address BLOB NOT NULL, session BLOB NOT NULL, request BLOB NOT NULL,
  status INTEGER NOT NULL, score INTEGER NOT NULL, blocked INTEGER NOT NULL, method TEXT NOT NULL,
  payload BLOB NOT NULL, before INTEGER NOT NULL, length INTEGER NOT NULL, stamps BLOB NOT NULL,
  mode TEXT NOT NULL, reason TEXT NOT NULL, context TEXT NOT NULL, agent TEXT NOT NULL
);
CREATE UNIQUE INDEX hit_uid ON hit (uid);
CREATE INDEX hit_time ON hit (time);
CREATE INDEX hit_attack ON hit (attack, time);
CREATE INDEX hit_address ON hit (address, time);
CREATE INDEX hit_session ON hit (session, time);
CREATE INDEX hit_request ON hit (request);

-- The raw request of the hit that brought it.
CREATE TABLE raw (hit INTEGER PRIMARY KEY, data BLOB NOT NULL);

-- Hits that sampling has dropped, counted for each ten seconds.
CREATE TABLE tally (
  attack INTEGER NOT NULL, slot INTEGER NOT NULL, -- time divided by ten seconds
  hits INTEGER NOT NULL, blocked INTEGER NOT NULL, PRIMARY KEY (attack, slot)
) WITHOUT ROWID;
CREATE INDEX tally_slot ON tally (slot, hits);

CREATE TABLE change (
  id BLOB PRIMARY KEY, time INTEGER NOT NULL, actor TEXT NOT NULL, verb TEXT NOT NULL, noun TEXT NOT NULL,
  subject TEXT NOT NULL, detail TEXT NOT NULL, address BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX change_time ON change (time, id);
