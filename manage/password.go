package manage

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Cost of a password hash: RFC 9106, second recommended option, with less memory
// because a node shares its machine (19 MiB and two passes are OWASP's minimum).
const (
	hashTime    = 2
	hashMemory  = 19 << 10 // KiB
	hashThreads = 1
	hashBytes   = 32
	saltBytes   = 16
)

// minPassword is the shortest password in bytes, as NIST SP 800-63B asks for.
const (
	minPassword = 8
	maxPassword = 256
)

// hashPassword returns the argon2id hash of a password in PHC string format.
func hashPassword(password string) string {
	salt := random(saltBytes)
	return formatHash(salt, argon2.IDKey([]byte(password), salt, hashTime, hashMemory, hashThreads, hashBytes))
}

// noPassword returns a hash of the same cost that no password is known to have. Nothing is
// hashed for it.
func noPassword() string { return formatHash(random(saltBytes), random(hashBytes)) }

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand
	return b
}

func formatHash(salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashTime, hashThreads,
		b64.EncodeToString(salt), b64.EncodeToString(key))
}

// checkPassword compares a password with its hash in constant time. A hash that
// cannot be read matches nothing.
func checkPassword(hash, password string) bool {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	var version int
	var memory, time uint32
	var threads uint8
	if _, err := fmt.Sscanf(parts[2]+"$"+parts[3], "v=%d$m=%d,t=%d,p=%d", &version, &memory, &time, &threads); err != nil ||
		version != argon2.Version || memory > 1<<20 || time > 16 || threads == 0 {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(want) == 0 {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, time, memory, threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}

// passwordProblem says why a password is refused, "" if it is not.
func passwordProblem(password string) string {
	switch {
	case len(password) < minPassword:
		return fmt.Sprintf("a password needs at least %d characters", minPassword)
	case len(password) > maxPassword:
		return fmt.Sprintf("a password has at most %d bytes", maxPassword)
	default:
		return ""
	}
}
