package manage

import "github.com/weirnode/weir/store"

// Bypass reports whether the kill switch is on.
func (m *Manage) Bypass(a Actor) (bool, error) {
	if err := may(a, store.ReadOnly); err != nil {
		return false, err
	}
	return m.Switch.Bypass(), nil
}

// SetBypass switches the kill switch: while it is on nothing is inspected and
// nothing is blocked.
func (m *Manage) SetBypass(a Actor, on bool) error {
	if err := may(a, store.Administrator); err != nil {
		return err
	}
	m.Switch.SetBypass(on)
	verb := "switch off"
	if on {
		verb = "switch on"
	}
	m.changed(a, verb, "bypass", "", "")
	return nil
}
