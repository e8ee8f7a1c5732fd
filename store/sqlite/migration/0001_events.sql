-- Requests of all traffic: one row for each batch, packed and compressed.
CREATE TABLE chunk (
  id       INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again: mark compares with it
  head     BLOB NOT NULL UNIQUE,    -- id of the first request: a batch given twice is known by it
  first    INTEGER NOT NULL,        -- earliest and latest time, Unix nanoseconds
  last     INTEGER NOT NULL,
  n        INTEGER NOT NULL,        -- requests
  sessions BLOB NOT NULL,           -- first four bytes of each session's id, sorted
  sums     BLOB NOT NULL,           -- counts for each ten seconds
  data     BLOB NOT NULL
);
CREATE INDEX chunk_time ON chunk (last, first);

CREATE TABLE session (
  id BLOB PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL,
  requests INTEGER NOT NULL, attacks INTEGER NOT NULL, blocked INTEGER NOT NULL, errors INTEGER NOT NULL, bytes INTEGER NOT NULL,
  application INTEGER NOT NULL, address TEXT NOT NULL, agent TEXT NOT NULL, host TEXT NOT NULL, path TEXT NOT NULL, types TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_time ON session (last, id);

-- The newest chunk whose requests are in session rows.
CREATE TABLE mark (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE attack (
  id INTEGER PRIMARY KEY, key INTEGER NOT NULL, type TEXT NOT NULL, application INTEGER NOT NULL, host TEXT NOT NULL, path TEXT NOT NULL,
  point TEXT NOT NULL, method TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, hits INTEGER NOT NULL, blocked INTEGER NOT NULL,
  kept INTEGER NOT NULL, score INTEGER NOT NULL, status INTEGER NOT NULL
);
CREATE INDEX attack_time ON attack (last, id);
CREATE INDEX attack_key ON attack (key, last);

CREATE TABLE attack_source (attack INTEGER NOT NULL, address TEXT NOT NULL, hits INTEGER NOT NULL, PRIMARY KEY (attack, address)) WITHOUT ROWID;
CREATE TABLE attack_payload (attack INTEGER NOT NULL, hash INTEGER NOT NULL, PRIMARY KEY (attack, hash)) WITHOUT ROWID;

CREATE TABLE hit (
  id BLOB PRIMARY KEY, attack INTEGER NOT NULL, request BLOB NOT NULL, session BLOB NOT NULL, time INTEGER NOT NULL,
  type TEXT NOT NULL, application INTEGER NOT NULL, host TEXT NOT NULL, path TEXT NOT NULL, point TEXT NOT NULL, method TEXT NOT NULL,
  address TEXT NOT NULL, status INTEGER NOT NULL, score INTEGER NOT NULL, blocked INTEGER NOT NULL, mode TEXT NOT NULL, reason TEXT NOT NULL,
  context TEXT NOT NULL, agent TEXT NOT NULL, payload BLOB NOT NULL, before INTEGER NOT NULL, length INTEGER NOT NULL, stamps BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX hit_time ON hit (time, id);
CREATE INDEX hit_attack ON hit (attack, time, id);
CREATE INDEX hit_request ON hit (request);
CREATE INDEX hit_session ON hit (session, time);

-- Hits that sampling has dropped, counted.
CREATE TABLE tally (id BLOB PRIMARY KEY, attack INTEGER NOT NULL, time INTEGER NOT NULL, hits INTEGER NOT NULL, blocked INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX tally_time ON tally (time);

CREATE TABLE raw (request BLOB PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;

CREATE TABLE change (
  id BLOB PRIMARY KEY, time INTEGER NOT NULL, actor TEXT NOT NULL, verb TEXT NOT NULL, noun TEXT NOT NULL,
  subject TEXT NOT NULL, detail TEXT NOT NULL, address TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX change_time ON change (time, id);
