package sqlite

import (
	"context"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/store"
)

// limits of pages.
const (
	defaultLimit = 50
	maxLimit     = 500
)

func limitOf(q store.Query) int {
	if q.Limit <= 0 {
		return defaultLimit
	}
	return min(q.Limit, maxLimit)
}

// cursor is the place of a record in its order: its time and its id.
func cursor(at int64, id any) string {
	if b, ok := id.([]byte); ok {
		return fmt.Sprintf("%d.%s", at, hex.EncodeToString(b))
	}
	return fmt.Sprintf("%d.%d", at, id)
}

// parseCursor reads a cursor whose id is bytes or a number.
func parseCursor(text string, blob bool) (at int64, id any, err error) {
	left, right, _ := strings.Cut(text, ".")
	at, err = strconv.ParseInt(left, 10, 64)
	if err == nil && blob {
		var one event.ID
		one, err = event.ParseID(right)
		id = one[:]
	} else if err == nil {
		id, err = strconv.ParseInt(right, 10, 64)
	}
	if err != nil {
		return 0, nil, &store.ValueError{Value: text, Want: "the cursor of a page before"}
	}
	return at, id, nil
}

// after keeps records behind a cursor in the order newest first.
func (w *where) after(text, timeColumn, idColumn string, blob bool) {
	if text == "" || w.err != nil {
		return
	}
	at, id, err := parseCursor(text, blob)
	if err != nil {
		w.err = err
		return
	}
	w.term("("+timeColumn+", "+idColumn+") < (?, ?)", at, id)
}

// page asks for one page of records. The statement's last parameter is how many.
func page[T any](ctx context.Context, s *Store, w *where, limit int, text string,
	scan func(scanner) (record T, at int64, id any, err error),
) (out store.Page[T], err error) {
	if w.err != nil {
		return out, w.err
	}
	rows, err := s.read.QueryContext(ctx, text, append(w.args, limit+1)...)
	if err != nil {
		return out, err
	}
	defer rows.Close()
	last := ""
	for rows.Next() {
		record, at, id, err := scan(rows)
		if err != nil {
			return out, err
		}
		if len(out.Items) == limit {
			out.Next = last
			break
		}
		out.Items = append(out.Items, record)
		last = cursor(at, id)
	}
	return out, rows.Err()
}
