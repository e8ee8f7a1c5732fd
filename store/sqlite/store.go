// Package sqlite keeps events and state in one SQLite database, by a driver
// without C.
//
// Requests of all traffic are packed: one row holds a whole batch, which costs
// about a microsecond a request where a row of its own would cost thirty. Hits,
// attacks and state are ordinary rows. One connection writes, several read; the
// write-ahead log keeps a killed process from losing what was committed.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/zstd"
	_ "modernc.org/sqlite" // the driver

	"github.com/weirnode/weir/event"
)

//go:embed migration/*.sql
var migrations embed.FS

// Options say how the store works.
type Options struct {
	StampText func(number uint16) string // what a stamp means; default: nothing
	AsIs      bool                       // a database of an older schema is refused: another process writes to it
}

// Store is the database. It is safe for concurrent use.
type Store struct {
	options Options
	path    string
	write   *sql.DB // one connection
	read    *sql.DB
	packer  *zstd.Encoder
	opener  *zstd.Decoder
	put     statements
	damaged atomic.Int64 // chunks that could not be read, each time one was asked for

	mu       sync.Mutex                 // guards writing and the fields below
	sessions map[event.Session]*summary // requests not yet in session rows
	folded   int64                      // newest chunk whose requests are in sessions or rows
	marked   int64                      // newest chunk whose requests are in rows
	foldedAt time.Time                  // when sessions became rows
	unsure   bool                       // there may be chunks newer than folded
	version  int64                      // of the data, as the writing connection last saw it
	groups   map[subject]*group         // attacks that may go on
	packing  packing
	packed   []byte // scratch
}

const fileName = "weir.db"

// Open opens the database in a folder, which it makes if needed.
func Open(ctx context.Context, dir string, o Options) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, fileName)
	if f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600); err != nil { //nolint:gosec // the operator names the folder
		return nil, err
	} else if err := f.Close(); err != nil {
		return nil, err
	}
	if o.StampText == nil {
		o.StampText = func(uint16) string { return "" }
	}
	s := &Store{options: o, path: path, sessions: map[event.Session]*summary{}, groups: map[subject]*group{}}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) (err error) {
	if s.packer, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(packWindow)); err != nil {
		return err
	}
	if s.opener, err = zstd.NewReader(nil, zstd.WithDecoderMaxMemory(maxUnpacked), zstd.WithDecoderConcurrency(0)); err != nil {
		return err
	}
	const common = "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=foreign_keys(1)" +
		"&_pragma=cache_size(-16000)&_pragma=temp_store(MEMORY)&_pragma=journal_size_limit(67108864)"
	name := "file:" + pathEscaper.Replace(s.path)
	if s.write, err = sql.Open("sqlite", name+common+"&_txlock=immediate"); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	if err := s.check(ctx); err != nil {
		return explainDamage(s.path, err)
	}
	if err := s.migrate(ctx); err != nil {
		return explainDamage(s.path, err)
	}
	if err := s.prepare(ctx); err != nil {
		return explainDamage(s.path, err)
	}
	if s.read, err = sql.Open("sqlite", name+common+"&_pragma=query_only(1)"); err != nil {
		return err
	}
	s.read.SetMaxOpenConns(4)
	return explainDamage(s.path, s.resume(ctx))
}

var pathEscaper = strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23")

// explainDamage says what to do about a file that is no database or is broken.
func explainDamage(path string, err error) error {
	if err == nil {
		return nil
	}
	for _, sign := range []string{"malformed", "not a database", "corrupt"} {
		if strings.Contains(err.Error(), sign) {
			return fmt.Errorf("%w: %s is damaged; move it away to start with an empty store, or restore a copy", err, path)
		}
	}
	return err
}

// checkedSize is up to which size in bytes a file is read through when it is opened,
// about a second's work. Damage in larger ones is told when it is met.
const checkedSize = 128 << 20

// check looks for damage.
func (s *Store) check(ctx context.Context) error {
	info, err := os.Stat(s.path)
	if err != nil || info.Size() > checkedSize {
		return err
	}
	var found string
	if err := s.write.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&found); err != nil {
		return err
	}
	if found != "ok" {
		return fmt.Errorf("the store is malformed: %s", found)
	}
	return nil
}

// migrate brings the schema up to date, each step in its own transaction.
func (s *Store) migrate(ctx context.Context) error {
	entries, err := migrations.ReadDir("migration")
	if err != nil {
		return err
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, e.Name())
	}
	slices.Sort(names)
	var version int
	if err := s.write.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if version > len(names) {
		return fmt.Errorf("the store %s has schema %d and this weir knows %d: use a newer weir", s.path, version, len(names))
	}
	if s.options.AsIs && version > 0 && version < len(names) {
		return fmt.Errorf("the store %s has schema %d and this weir wants to bring it to %d, below the feet of the one that runs: stop that one, then start this one", s.path, version, len(names))
	}
	for i := version; i < len(names); i++ {
		script, err := migrations.ReadFile("migration/" + names[i])
		if err != nil {
			return err
		}
		if err := s.transact(ctx, func(tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, string(script)+fmt.Sprintf("\nPRAGMA user_version = %d;", i+1))
			return err
		}); err != nil {
			return fmt.Errorf("migrate store to schema %d: %w", i+1, err)
		}
	}
	return nil
}

// transact runs work in a transaction of the writing connection.
func (s *Store) transact(ctx context.Context, work func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := work(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// Close writes what is pending and closes the database.
func (s *Store) Close() error {
	var errs []error
	if s.write != nil && s.read != nil {
		errs = append(errs, s.fold(context.Background()))
	}
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.opener != nil {
		s.opener.Close()
	}
	return errors.Join(errs...)
}
