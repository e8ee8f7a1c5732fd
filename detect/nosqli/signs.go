package nosqli

import "github.com/weirnode/weir/detect/evidence"

// The signs. Numbers are stable: a new sign takes the next free one.
var (
	codeOperator   = evidence.Sign{Stamp: 5001, Name: "code-operator", Text: "a query operator that runs code: $where, $function, $accumulator", Weight: 9}
	compareKey     = evidence.Sign{Stamp: 5002, Name: "operator-name", Text: "a query operator as the name of a field", Weight: 6}
	credential     = evidence.Sign{Stamp: 5003, Name: "operator-on-credential", Text: "the operator stands on a field of a login or a token", Weight: 2}
	operatorValue  = evidence.Sign{Stamp: 5004, Name: "operator-object", Text: "the value is a query operator with its operand", Weight: 8}
	operatorInject = evidence.Sign{Stamp: 5005, Name: "operator-injected", Text: "a string or value is closed and a query operator follows", Weight: 8}
	scriptLogic    = evidence.Sign{Stamp: 5006, Name: "script-logic", Text: "|| or && with a JavaScript comparison that is always true, behind a break-out", Weight: 8}
	scriptReturn   = evidence.Sign{Stamp: 5007, Name: "script-return", Text: "the query's script is made to return a constant", Weight: 8}
	scriptThis     = evidence.Sign{Stamp: 5008, Name: "script-this", Text: "the query's script reads a field of this document", Weight: 8}
	busyLoop       = evidence.Sign{Stamp: 5009, Name: "busy-loop", Text: "a script waits in a loop or sleeps, so that time tells the answer", Weight: 8}
	shellCall      = evidence.Sign{Stamp: 5010, Name: "database-call", Text: "a call of the database shell: db.collection.insert(", Weight: 8}
	wireCommand    = evidence.Sign{Stamp: 5011, Name: "wire-command", Text: "a line end and a command of Redis or Memcached", Weight: 8}
	foreignStage   = evidence.Sign{Stamp: 5013, Name: "foreign-collection", Text: "a stage of an aggregation that reads another collection or the server's own records: $lookup, $unionWith, $currentOp", Weight: 8}
	documentBreak  = evidence.Sign{Stamp: 5014, Name: "document-breakout", Text: "a string of a JSON document is closed and another member follows", Weight: 8}
	searchAll      = evidence.Sign{Stamp: 5015, Name: "search-clause", Text: "a clause by which a search or a column store gives all rows: OR *:*, ALLOW FILTERING, {!join", Weight: 6}
	conditionCall  = evidence.Sign{Stamp: 5016, Name: "condition-call", Text: "a group is closed, and OR with a test of a field follows: attribute_exists(, _exists_:", Weight: 8}
	endedString    = evidence.Sign{Stamp: 5017, Name: "ended-string", Text: "a word, a quote and a NUL that ends the query", Weight: 8}
	emptyCondition = evidence.Sign{Stamp: 5018, Name: "empty-condition", Text: "OR with an empty condition, which every document meets", Weight: 4}
	rootExpression = evidence.Sign{Stamp: 5019, Name: "root-expression", Text: "an expression or a schema for whole documents, beside the fields that the application expects", Weight: 2}
	graphPattern   = evidence.Sign{Stamp: 5020, Name: "graph-pattern", Text: "a string, an IRI or a number is ended and patterns or updates of SPARQL follow", Weight: 8}
	graphQuery     = evidence.Sign{Stamp: 5012, Name: "graph-query", Text: "a string is closed and a graph query follows: MATCH, RETURN, LOAD CSV, FOR", Weight: 8}
)

// Signs are all signs of this detector.
var Signs = []evidence.Sign{
	codeOperator, compareKey, credential, operatorValue, operatorInject, scriptLogic, scriptReturn, scriptThis, busyLoop, shellCall, wireCommand, graphQuery, foreignStage, documentBreak, searchAll, conditionCall, endedString, emptyCondition, rootExpression, graphPattern,
}
