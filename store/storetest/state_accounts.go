package storetest

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weirnode/weir/store"
)

func accounts(t *testing.T, s store.State) {
	t.Helper()
	kept := s.Accounts()
	bob := must(kept.Put(t.Context(), store.Account{Name: "Bob", Role: store.ReadOnly, Created: moment(0)}))(t)
	ann := must(kept.Put(t.Context(), store.Account{Name: "ann", Role: store.Administrator, Password: "p", Disabled: true}))(t)
	if all := must(kept.All(t.Context()))(t); len(all) != 2 || all[0].ID != ann.ID || all[1].ID != bob.ID {
		t.Errorf("all accounts: %+v", all)
	}
	if got := must(kept.ByName(t.Context(), "bOB"))(t); got.ID != bob.ID || got.Name != "Bob" || !got.Created.Equal(bob.Created) || got.Disabled {
		t.Errorf("by name: %+v", got)
	}
	if got := must(kept.Get(t.Context(), ann.ID))(t); got.Password != "p" || got.Role != store.Administrator || !got.Disabled {
		t.Errorf("by id: %+v", got)
	}

	changed := bob
	changed.Role, changed.Password, changed.Disabled, changed.LastLogin = store.Analyst, "q", true, moment(time.Minute)
	changed.Created = moment(time.Hour)
	got := must(kept.Put(t.Context(), changed))(t)
	if got.ID != bob.ID || got.Role != store.Analyst || got.Password != "q" || !got.Disabled || !got.LastLogin.Equal(changed.LastLogin) || !got.Created.Equal(bob.Created) {
		t.Errorf("changed: %+v", got)
	}
	for _, taken := range []store.Account{{Name: "BOB"}, {ID: ann.ID, Name: "bob"}} {
		if _, err := kept.Put(t.Context(), taken); !errors.Is(err, store.ErrTaken) {
			t.Errorf("put %+v: %v", taken, err)
		}
	}
	if err := kept.Delete(t.Context(), bob.ID); err != nil {
		t.Fatal(err)
	}
	_, get := kept.Get(t.Context(), bob.ID)
	_, byName := kept.ByName(t.Context(), "Bob")
	_, put := kept.Put(t.Context(), bob)
	for _, err := range []error{get, byName, put, kept.Delete(t.Context(), bob.ID)} {
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a deleted account: %v", err)
		}
	}
}

func token(account int64, secret string, hold time.Duration) store.Token {
	return store.Token{
		Kind: store.APIToken, Hash: sha256.Sum256([]byte(secret)), Account: account, Name: secret, Agent: "agent",
		Address: netip.MustParseAddr("2001:db8::1"), Created: moment(0), Expires: moment(hold),
	}
}

func tokens(t *testing.T, s store.State) {
	t.Helper()
	kept := s.Accounts()
	ann := must(kept.Put(t.Context(), store.Account{Name: "ann"}))(t)
	bob := must(kept.Put(t.Context(), store.Account{Name: "bob"}))(t)
	one := must(kept.PutToken(t.Context(), token(ann.ID, "one", time.Hour)))(t)
	two := must(kept.PutToken(t.Context(), token(ann.ID, "two", time.Hour)))(t)
	other := token(bob.ID, "bob's", time.Hour)
	other.Kind, other.Address = store.BrowserToken, netip.Addr{}
	other = must(kept.PutToken(t.Context(), other))(t)

	if all := must(kept.Tokens(t.Context(), ann.ID))(t); len(all) != 2 || all[0].ID != two.ID || all[1].ID != one.ID {
		t.Errorf("tokens %+v", all)
	}
	got := must(kept.Token(t.Context(), one.Hash))(t)
	if got.Account != ann.ID || got.Kind != store.APIToken || got.Name != "one" || got.Agent != "agent" || got.Address != one.Address ||
		!got.Expires.Equal(one.Expires) || !got.Created.Equal(one.Created) || !got.Used.IsZero() {
		t.Errorf("token %+v, want %+v", got, one)
	}
	if got := must(kept.Token(t.Context(), other.Hash))(t); got.Kind != store.BrowserToken || got.Address.IsValid() {
		t.Errorf("token %+v", got)
	}
	used := moment(time.Second)
	if err := kept.Touch(t.Context(), one.ID, used); err != nil {
		t.Fatal(err)
	}
	if got := must(kept.Token(t.Context(), one.Hash))(t); !got.Used.Equal(used) {
		t.Errorf("used %s, want %s", got.Used, used)
	}

	absent := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	absent("delete another's token", kept.DeleteToken(t.Context(), one.ID, bob.ID))
	if err := kept.DeleteToken(t.Context(), one.ID, ann.ID); err != nil {
		t.Fatal(err)
	}
	_, err := kept.Token(t.Context(), one.Hash)
	absent("a deleted token", err)
	absent("touch a deleted token", kept.Touch(t.Context(), one.ID, used))
	_, err = kept.PutToken(t.Context(), token(1<<40, "nobody's", time.Hour))
	absent("a token of nobody", err)
	if _, err := kept.PutToken(t.Context(), token(ann.ID, "late", -time.Second)); !errors.Is(err, store.ErrExpired) {
		t.Errorf("a token that has ended: %v", err)
	}
	if err := kept.DeleteTokens(t.Context(), ann.ID); err != nil {
		t.Fatal(err)
	}
	_, err = kept.Token(t.Context(), two.Hash)
	absent("all tokens are deleted", err)
	if err := kept.Delete(t.Context(), bob.ID); err != nil {
		t.Fatal(err)
	}
	_, err = kept.Token(t.Context(), other.Hash)
	absent("the account is deleted", err)
}

func linksServeOnce(t *testing.T, s store.State) {
	t.Helper()
	kept := s.Accounts()
	ann := must(kept.Put(t.Context(), store.Account{Name: "ann"}))(t)
	for round := range 5 {
		link := token(ann.ID, fmt.Sprint("link", round), time.Hour)
		link.Kind = store.LinkToken
		link = must(kept.PutToken(t.Context(), link))(t)
		var served atomic.Int32
		var hands sync.WaitGroup
		for range 6 {
			hands.Go(func() {
				switch err := kept.DeleteToken(t.Context(), link.ID, ann.ID); {
				case err == nil:
					served.Add(1)
				case !errors.Is(err, store.ErrNotFound):
					t.Error(err)
				}
			})
		}
		hands.Wait()
		if n := served.Load(); n != 1 {
			t.Errorf("the link served %d times", n)
		}
	}
}

func hostileAccounts(t *testing.T, s store.State) {
	t.Helper()
	kept := s.Accounts()
	for i, text := range hostile {
		a := must(kept.Put(t.Context(), store.Account{Name: text, Password: text}))(t)
		if got := must(kept.ByName(t.Context(), text))(t); got.ID != a.ID || got.Name != text || got.Password != text {
			t.Errorf("account %.40q came back as %.40q", text, got.Name)
		}
		tk := token(a.ID, strconv.Itoa(i), time.Hour)
		tk.Name, tk.Agent, tk.Kind = text, text, store.TokenKind(text)
		must(kept.PutToken(t.Context(), tk))(t)
		if got := must(kept.Token(t.Context(), tk.Hash))(t); got.Name != text || got.Agent != text || string(got.Kind) != text {
			t.Errorf("token %.40q came back as %.40q", text, got.Name)
		}
	}
	if all := must(kept.All(t.Context()))(t); len(all) != len(hostile) {
		t.Errorf("%d accounts, want %d", len(all), len(hostile))
	}
}
