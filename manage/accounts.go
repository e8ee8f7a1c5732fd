package manage

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/weirnode/weir/store"
)

// How long tokens hold.
const (
	browserHold = 12 * time.Hour
	linkHold    = 24 * time.Hour
	maxHold     = 400 * 24 * time.Hour
)

// WaitError says that too many tries to sign in failed.
type WaitError struct{ For time.Duration }

func (e *WaitError) Error() string {
	return fmt.Sprintf("too many failed tries: wait %s seconds", e.Seconds())
}

// Seconds returns the wait in whole seconds, rounded up.
func (e *WaitError) Seconds() string { return strconv.Itoa(int(e.For/time.Second) + 1) }

// errWrong does not tell which of the two is wrong.
var errWrong = &InvalidError{"name or password is wrong"}

// noHash is compared with when there is no account, so that it takes as long.
var noHash = noPassword()

// newSecret returns 256 random bits as text, and their hash.
func newSecret(prefix string) (text string, hash [32]byte) {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand
	text = prefix + base64.RawURLEncoding.EncodeToString(b[:])
	return text, sha256.Sum256([]byte(text))
}

// Authenticate returns the actor of a browser's or a program's token.
func (m *Manage) Authenticate(ctx context.Context, token string, address netip.Addr) (Actor, error) {
	t, err := m.State.Accounts().Token(ctx, sha256.Sum256([]byte(token)))
	if errors.Is(err, ErrNotFound) || err == nil && t.Kind == store.LinkToken {
		return Actor{}, ErrUnauthorized
	}
	if err != nil {
		return Actor{}, err
	}
	account, err := m.State.Accounts().Get(ctx, t.Account)
	if errors.Is(err, ErrNotFound) {
		return Actor{}, ErrUnauthorized
	}
	return Actor{Name: account.Name, Role: account.Role, Account: account.ID, Address: address, Token: t.ID}, err
}

// Login checks name and password and returns a browser's token. Failures slow down
// further tries for the account and for the address.
func (m *Manage) Login(ctx context.Context, name, password string, address netip.Addr, agent string) (token string, expires time.Time, err error) {
	now := time.Now()
	keys := []string{"name " + strings.ToLower(name), "address " + address.String()}
	if wait := m.logins.wait(now, keys...); wait > 0 {
		return "", now, &WaitError{wait}
	}
	account, err := m.State.Accounts().ByName(ctx, name)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return "", now, err
	}
	hash := account.Password
	if err != nil || hash == "" {
		hash = noHash
	}
	m.hashing <- struct{}{} // hashing takes memory: a few at once
	ok := checkPassword(hash, password) && account.Password != ""
	<-m.hashing
	if !ok {
		m.logins.failed(now, keys...)
		m.changed(Actor{Name: printableName(name), Address: address}, "login_failed", "account", printableName(name), "")
		return "", now, errWrong
	}
	m.logins.passed(keys...)
	return m.signIn(ctx, account, address, agent)
}

// printableName bounds what a stranger can put into the audit log.
func printableName(name string) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, name)
	return clean[:min(len(clean), 64)]
}

// signIn gives an account a browser's token.
func (m *Manage) signIn(ctx context.Context, account store.Account, address netip.Addr, agent string) (string, time.Time, error) {
	now := time.Now()
	text, hash := newSecret("weirb_")
	expires := now.Add(browserHold)
	if _, err := m.State.Accounts().PutToken(ctx, store.Token{
		Kind: store.BrowserToken, Hash: hash, Account: account.ID, Name: agent[:min(len(agent), 200)], Created: now, Expires: expires,
	}); err != nil {
		return "", now, err
	}
	account.LastLogin = now
	if _, err := m.State.Accounts().Put(ctx, account); err != nil {
		return "", now, err
	}
	m.changed(Actor{Name: account.Name, Address: address}, "login", "account", account.Name, "")
	return text, expires, nil
}

// Redeem trades a link's token, once, for a browser's token. choose reports that the
// account has no password yet.
func (m *Manage) Redeem(ctx context.Context, link string, address netip.Addr, agent string) (token string, expires time.Time, choose bool, err error) {
	t, err := m.State.Accounts().Token(ctx, sha256.Sum256([]byte(link)))
	if errors.Is(err, ErrNotFound) || err == nil && t.Kind != store.LinkToken {
		return "", expires, false, &InvalidError{"this link has been used or has ended; `weir serve` prints a new one while no password is set"}
	}
	if err != nil {
		return "", expires, false, err
	}
	account, err := m.State.Accounts().Get(ctx, t.Account)
	if err != nil {
		return "", expires, false, err
	}
	if err := m.State.Accounts().DeleteToken(ctx, t.ID, t.Account); err != nil {
		return "", expires, false, ErrUnauthorized // somebody else was faster
	}
	token, expires, err = m.signIn(ctx, account, address, agent)
	return token, expires, account.Password == "", err
}

// Logout ends the token that the actor came with.
func (m *Manage) Logout(ctx context.Context, a Actor) error {
	m.changed(a, "logout", "account", a.Name, "")
	return m.State.Accounts().DeleteToken(ctx, a.Token, a.Account)
}

// FirstRun returns a link's token for the account admin while nobody has a password,
// "" afterwards. It makes the account if it is not there.
func (m *Manage) FirstRun(ctx context.Context) (string, error) {
	all, err := m.State.Accounts().All(ctx)
	if err != nil {
		return "", err
	}
	var admin store.Account
	for _, a := range all {
		if a.Password != "" {
			return "", nil
		}
		admin = a
	}
	if admin.ID == 0 {
		if admin, err = m.State.Accounts().Put(ctx, store.Account{Name: "admin", Role: store.Administrator, Created: time.Now()}); err != nil {
			return "", err
		}
	}
	return m.link(ctx, admin)
}

// DemoLink returns a link's token for an administrator nobody knows the password of.
func (m *Manage) DemoLink(ctx context.Context) (string, error) {
	account, err := m.State.Accounts().ByName(ctx, "demo")
	if errors.Is(err, ErrNotFound) {
		secret, _ := newSecret("")
		account, err = m.State.Accounts().Put(ctx, store.Account{Name: "demo", Role: store.Administrator, Password: hashPassword(secret), Created: time.Now()})
	}
	if err != nil {
		return "", err
	}
	return m.link(ctx, account)
}

func (m *Manage) link(ctx context.Context, account store.Account) (string, error) {
	text, hash := newSecret("")
	_, err := m.State.Accounts().PutToken(ctx, store.Token{
		Kind: store.LinkToken, Hash: hash, Account: account.ID, Name: "link", Created: time.Now(), Expires: time.Now().Add(linkHold),
	})
	return text, err
}

// SetPassword changes the actor's own password and ends all other sessions of the
// account. The old one is asked for if there is one.
func (m *Manage) SetPassword(ctx context.Context, a Actor, old, password string) error {
	if err := may(a, store.ReadOnly); err != nil {
		return err
	}
	if text := passwordProblem(password); text != "" {
		return &InvalidError{text}
	}
	account, err := m.State.Accounts().Get(ctx, a.Account)
	if err != nil {
		return err
	}
	if account.Password != "" && !checkPassword(account.Password, old) {
		return &InvalidError{"the old password is wrong"}
	}
	account.Password = hashPassword(password)
	if _, err := m.State.Accounts().Put(ctx, account); err != nil {
		return err
	}
	m.changed(a, "put", "password", a.Name, "")
	return m.endOthers(ctx, a)
}

func (m *Manage) endOthers(ctx context.Context, a Actor) error {
	tokens, err := m.State.Accounts().Tokens(ctx, a.Account)
	for _, t := range tokens {
		if t.Kind == store.BrowserToken && t.ID != a.Token {
			err = errors.Join(err, m.State.Accounts().DeleteToken(ctx, t.ID, a.Account))
		}
	}
	return err
}

// HasPassword reports whether the actor's account has a password.
func (m *Manage) HasPassword(ctx context.Context, a Actor) (bool, error) {
	account, err := m.State.Accounts().Get(ctx, a.Account)
	return account.Password != "", err
}

// Accounts returns all accounts.
func (m *Manage) Accounts(ctx context.Context, a Actor) ([]store.Account, error) {
	if err := may(a, store.Administrator); err != nil {
		return nil, err
	}
	return m.State.Accounts().All(ctx)
}

// CreateAccount adds an account.
func (m *Manage) CreateAccount(ctx context.Context, a Actor, name string, role store.Role, password string) (store.Account, error) {
	if err := may(a, store.Administrator); err != nil {
		return store.Account{}, err
	}
	if name == "" || name != printableName(name) || strings.ContainsAny(name, " \t") {
		return store.Account{}, &InvalidError{"an account's name is at most 64 printable characters without blanks"}
	}
	if role == store.Nobody {
		return store.Account{}, &InvalidError{"name a role: administrator, analyst or read_only"}
	}
	if text := passwordProblem(password); text != "" {
		return store.Account{}, &InvalidError{text}
	}
	created, err := m.State.Accounts().Put(ctx, store.Account{Name: name, Role: role, Password: hashPassword(password), Created: time.Now()})
	if err != nil {
		return created, asInvalid(err)
	}
	m.changed(a, "put", "account", name, role.String())
	return created, nil
}

// DeleteAccount removes an account and all it is signed in with. Nobody removes
// their own.
func (m *Manage) DeleteAccount(ctx context.Context, a Actor, id int64) error {
	if err := may(a, store.Administrator); err != nil {
		return err
	}
	if id == a.Account {
		return &InvalidError{"nobody can remove their own account"}
	}
	if err := m.State.Accounts().Delete(ctx, id); err != nil {
		return err
	}
	m.changed(a, "delete", "account", fmt.Sprintf("account %d", id), "")
	return nil
}

// Tokens returns the API tokens of the actor's account.
func (m *Manage) Tokens(ctx context.Context, a Actor) ([]store.Token, error) {
	if err := may(a, store.ReadOnly); err != nil {
		return nil, err
	}
	all, err := m.State.Accounts().Tokens(ctx, a.Account)
	var kept []store.Token
	for _, t := range all {
		if t.Kind == store.APIToken {
			kept = append(kept, t)
		}
	}
	return kept, err
}

// CreateToken adds an API token with the actor's role. Its text is told only here.
func (m *Manage) CreateToken(ctx context.Context, a Actor, name string, hold time.Duration) (string, store.Token, error) {
	if err := may(a, store.ReadOnly); err != nil {
		return "", store.Token{}, err
	}
	if name == "" || name != printableName(name) {
		return "", store.Token{}, &InvalidError{"a token needs a name of at most 64 printable characters"}
	}
	if hold <= 0 || hold > maxHold {
		hold = maxHold
	}
	text, hash := newSecret("weir_")
	t, err := m.State.Accounts().PutToken(ctx, store.Token{
		Kind: store.APIToken, Hash: hash, Account: a.Account, Name: name, Created: time.Now(), Expires: time.Now().Add(hold),
	})
	if err != nil {
		return "", t, err
	}
	m.changed(a, "put", "token", name, "until "+t.Expires.UTC().Format(time.DateOnly))
	return text, t, nil
}

// DeleteToken ends one of the actor's tokens.
func (m *Manage) DeleteToken(ctx context.Context, a Actor, id int64) error {
	if err := may(a, store.ReadOnly); err != nil {
		return err
	}
	if err := m.State.Accounts().DeleteToken(ctx, id, a.Account); err != nil {
		return err
	}
	m.changed(a, "delete", "token", fmt.Sprintf("token %d", id), "")
	return nil
}
