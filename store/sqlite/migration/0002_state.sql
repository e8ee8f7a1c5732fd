-- One number that grows with every change of state.
CREATE TABLE revision (id INTEGER PRIMARY KEY CHECK (id = 1), value INTEGER NOT NULL);
INSERT INTO revision VALUES (1, 0);

CREATE TABLE list_entry (
  id INTEGER PRIMARY KEY AUTOINCREMENT, revision INTEGER NOT NULL, kind INTEGER NOT NULL, prefix TEXT NOT NULL, application INTEGER NOT NULL,
  reason TEXT NOT NULL, author TEXT NOT NULL, added INTEGER NOT NULL, until INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX list_entry_subject ON list_entry (kind, prefix, application) WHERE deleted = 0;
CREATE INDEX list_entry_revision ON list_entry (revision);
CREATE INDEX list_entry_until ON list_entry (until);

CREATE TABLE rule (
  id INTEGER PRIMARY KEY AUTOINCREMENT, revision INTEGER NOT NULL, kind TEXT NOT NULL, application INTEGER NOT NULL, host TEXT NOT NULL,
  path TEXT NOT NULL, methods TEXT NOT NULL, mode TEXT NOT NULL, comment TEXT NOT NULL, author TEXT NOT NULL, created INTEGER NOT NULL,
  disabled INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX rule_revision ON rule (revision);

CREATE TABLE blocked_session (
  id BLOB PRIMARY KEY, revision INTEGER NOT NULL, why TEXT NOT NULL, author TEXT NOT NULL, added INTEGER NOT NULL, until INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX blocked_session_revision ON blocked_session (revision);
CREATE INDEX blocked_session_until ON blocked_session (until);

CREATE TABLE account (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE COLLATE NOCASE, role INTEGER NOT NULL, password TEXT NOT NULL,
  disabled INTEGER NOT NULL, created INTEGER NOT NULL, last_login INTEGER NOT NULL
);
CREATE TABLE token (
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, hash BLOB NOT NULL UNIQUE, account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  name TEXT NOT NULL, address TEXT NOT NULL, agent TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL, used INTEGER NOT NULL
);
CREATE INDEX token_account ON token (account);
CREATE INDEX token_expires ON token (expires);

CREATE TABLE secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
