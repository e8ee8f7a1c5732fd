package ldapi

import "github.com/weirnode/weir/detect/evidence"

// The signs. Numbers are stable: a new sign takes the next free one.
var (
	breakout  = evidence.Sign{Stamp: 7001, Name: "filter-breakout", Text: "a parenthesis closes a condition that the value did not open, and another follows", Weight: 3}
	scoped    = evidence.Sign{Stamp: 7012, Name: "url-filter", Text: "the scope of an LDAP URL, and its filter behind it", Weight: 3}
	operator  = evidence.Sign{Stamp: 7002, Name: "filter-operator", Text: "a group of conditions joined by AND, OR or NOT", Weight: 3}
	attribute = evidence.Sign{Stamp: 7003, Name: "known-attribute", Text: "a comparison of an attribute that directories have", Weight: 5}
	unknown   = evidence.Sign{Stamp: 7004, Name: "other-attribute", Text: "a comparison of an attribute in parentheses", Weight: 2, Max: 2}
	presence  = evidence.Sign{Stamp: 7005, Name: "any-value", Text: "a comparison that any value satisfies", Weight: 2}
	absolute  = evidence.Sign{Stamp: 7006, Name: "absolute-filter", Text: "a condition that is always true or false: (&) or (|)", Weight: 4}
	matching  = evidence.Sign{Stamp: 7007, Name: "matching-rule", Text: "an extensible match that names a matching rule", Weight: 3}
	cutOff    = evidence.Sign{Stamp: 7008, Name: "nul-cut", Text: "a NUL byte behind a parenthesis cuts off the rest of the filter", Weight: 4}
	filter    = evidence.Sign{Stamp: 7009, Name: "whole-filter", Text: "the value is a complete filter", Weight: 1}
	dangling  = evidence.Sign{Stamp: 7010, Name: "open-operator", Text: "the value ends inside of a group of conditions", Weight: 2}
	probe     = evidence.Sign{Stamp: 7011, Name: "metacharacters", Text: "all characters that mean something in a filter, in the order of a probe", Weight: 8}
)

// Signs are all signs of this detector.
var Signs = []evidence.Sign{breakout, scoped, operator, attribute, unknown, presence, absolute, matching, cutOff, filter, dangling, probe}
