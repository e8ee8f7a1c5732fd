package sqlite

import (
	"testing"

	"github.com/weirnode/weir/store"
	"github.com/weirnode/weir/store/storetest"
)

func openEvents(t *testing.T, dir string) store.Events {
	t.Helper()
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEvents(t *testing.T) { storetest.Events(t, openEvents) }
