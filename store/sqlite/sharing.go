package sqlite

import (
	"database/sql"
	"errors"
)

// While a node hands over to the one that takes its place both have the store open and
// write: SQLite lets in one transaction at a time, and the other waits (busy_timeout).
// What a Store remembers between transactions may then be out of date. Every
// transaction that relies on it begins with notice.

// notice looks whether another process has written since the last look, and forgets
// what it may have made untrue. Within a transaction that writes nobody else does, so
// what is found holds to its end. The mutex is held.
func (s *Store) notice(w *writer) error {
	var version int64
	if err := w.row(w.put.version).Scan(&version); err != nil || version == s.version {
		return err
	}
	s.version = version
	clear(s.groups)
	s.unsure = true
	var marked int64
	if err := w.row(w.put.mark, mark).Scan(&marked); err != nil && !errors.Is(err, sql.ErrNoRows) {
		s.version = 0
		return err
	}
	if marked != s.marked { // the other has folded chunks that are pending here, too
		clear(s.sessions)
		s.marked, s.folded = marked, marked
	}
	return nil
}
