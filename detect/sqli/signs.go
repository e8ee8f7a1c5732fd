package sqli

import "github.com/weirnode/weir/detect/evidence"

// The signs. Numbers are stable: a new sign takes the next free one.
var (
	breakout       = evidence.Sign{Stamp: 1001, Name: "quote-breakout", Text: "a quote is closed and legal SQL follows", Weight: 3}
	parenBreakout  = evidence.Sign{Stamp: 1002, Name: "paren-breakout", Text: "a parenthesis is closed that the value did not open", Weight: 1, Max: 2}
	constCompare   = evidence.Sign{Stamp: 1003, Name: "constant-comparison", Text: "AND or OR with a comparison of two constants, or one that anything satisfies", Weight: 7}
	callCompare    = evidence.Sign{Stamp: 1004, Name: "call-comparison", Text: "AND or OR with a function or a subquery", Weight: 4, Max: 2}
	nameCompare    = evidence.Sign{Stamp: 1005, Name: "name-comparison", Text: "AND, OR or WHERE with a comparison of a name", Weight: 3, Max: 2}
	logicConstant  = evidence.Sign{Stamp: 1006, Name: "logic-constant", Text: "AND or OR with a bare constant at the end", Weight: 3}
	unionSelect    = evidence.Sign{Stamp: 1007, Name: "union-select", Text: "UNION SELECT with a column list", Weight: 7}
	selectList     = evidence.Sign{Stamp: 1008, Name: "select-list", Text: "constants, NULLs or a star as columns", Weight: 1, Max: 3}
	fromClause     = evidence.Sign{Stamp: 1009, Name: "from", Text: "FROM after a column list", Weight: 1}
	subselect      = evidence.Sign{Stamp: 1010, Name: "subselect", Text: "a subquery in parentheses", Weight: 5}
	stacked        = evidence.Sign{Stamp: 1011, Name: "stacked-statement", Text: "a second statement behind a semicolon", Weight: 3}
	statement      = evidence.Sign{Stamp: 1012, Name: "statement", Text: "a whole statement: SELECT FROM, INSERT INTO, UPDATE SET, DROP TABLE and the like", Weight: 6}
	statementGrave = evidence.Sign{Stamp: 1013, Name: "grave-statement", Text: "a statement that only attacks need: WAITFOR DELAY, EXEC xp_, DECLARE @", Weight: 8}
	timeFunction   = evidence.Sign{Stamp: 1014, Name: "time-function", Text: "a function that makes the database wait", Weight: 7}
	graveFunction  = evidence.Sign{Stamp: 1015, Name: "grave-function", Text: "a function that reads files, leaks by errors or runs commands", Weight: 5}
	infoFunction   = evidence.Sign{Stamp: 1016, Name: "info-function", Text: "a function or variable that tells about the database", Weight: 4, Max: 2}
	systemName     = evidence.Sign{Stamp: 1017, Name: "system-name", Text: "a table of the database's own catalogue", Weight: 4}
	orderByNumber  = evidence.Sign{Stamp: 1018, Name: "order-by-number", Text: "ORDER BY or GROUP BY a number, as column counting does", Weight: 5}
	having         = evidence.Sign{Stamp: 1019, Name: "having", Text: "HAVING behind a value", Weight: 2}
	intoFile       = evidence.Sign{Stamp: 1020, Name: "into-file", Text: "INTO OUTFILE or DUMPFILE", Weight: 8}
	procedure      = evidence.Sign{Stamp: 1021, Name: "procedure-analyse", Text: "PROCEDURE ANALYSE", Weight: 8}
	commentEnd     = evidence.Sign{Stamp: 1022, Name: "comment-end", Text: "a comment cuts off the rest of the query", Weight: 2}
	quoteComment   = evidence.Sign{Stamp: 1023, Name: "quote-comment", Text: "a comment right behind the closing quote", Weight: 5}
	reopened       = evidence.Sign{Stamp: 1024, Name: "reopened-quote", Text: "the quote is opened again at the end", Weight: 2}
	commentSpace   = evidence.Sign{Stamp: 1025, Name: "comment-space", Text: "comments instead of blanks", Weight: 2}
	versioned      = evidence.Sign{Stamp: 1026, Name: "versioned-comment", Text: "a comment that the database executes", Weight: 3}
	caseWhen       = evidence.Sign{Stamp: 1027, Name: "case-when", Text: "CASE WHEN inside an expression", Weight: 3}
	innerCompare   = evidence.Sign{Stamp: 1029, Name: "inner-comparison", Text: "a comparison of two constants inside a function or CASE", Weight: 5}
	divideByZero   = evidence.Sign{Stamp: 1030, Name: "division-by-zero", Text: "a division by zero, which answers by an error", Weight: 3}
	systemVariable = evidence.Sign{Stamp: 1031, Name: "system-variable", Text: "a variable of the database server: @@version", Weight: 5}
	limitClause    = evidence.Sign{Stamp: 1032, Name: "limit", Text: "LIMIT behind a closed quote", Weight: 3}
	plainFunction  = evidence.Sign{Stamp: 1033, Name: "function", Text: "a function of SQL inside a condition or a query", Weight: 2, Max: 2}
	intoVariable   = evidence.Sign{Stamp: 1034, Name: "into-variable", Text: "INTO @variable behind a value", Weight: 5}
	callStatement  = evidence.Sign{Stamp: 1035, Name: "call-statement", Text: "CALL or EXECUTE with arguments as a statement of its own", Weight: 5}
	quoteOnly      = evidence.Sign{Stamp: 1036, Name: "quote-operator", Text: "the value is an operator between quotes, as log-in bypasses are", Weight: 8}
	orderByCall    = evidence.Sign{Stamp: 1037, Name: "order-by-call", Text: "ORDER BY or GROUP BY a function or a condition", Weight: 3}
	syntaxProbe    = evidence.Sign{Stamp: 1038, Name: "syntax-probe", Text: "quotes, brackets, commas and dots in a row that only break a query, as sqlmap sends first", Weight: 8}
	rowBreakout    = evidence.Sign{Stamp: 1039, Name: "row-breakout", Text: "a row of values is closed, and another row or ON DUPLICATE KEY follows", Weight: 6}
	nodeTest       = evidence.Sign{Stamp: 1041, Name: "node-test", Text: "a condition about nodes of an XML document, as in XPath", Weight: 8}
	assignment     = evidence.Sign{Stamp: 1040, Name: "assignment", Text: "a quote is closed, and columns are set behind commas", Weight: 6}
	numberGlue     = evidence.Sign{Stamp: 1042, Name: "number-glue", Text: "numbers that MySQL reads as nothing part words from their parentheses: substring 1.e(", Weight: 8}
	castError      = evidence.Sign{Stamp: 1043, Name: "cast-error", Text: "what tells about the database is cast to a number, so that an error shows it", Weight: 6}
	splitComment   = evidence.Sign{Stamp: 1044, Name: "split-comment", Text: "a comment is opened where an operand must follow, for the next parameter to close", Weight: 5}
	queryEnd       = evidence.Sign{Stamp: 1045, Name: "query-end", Text: "a semicolon ends the query behind a condition that was joined to a closed string", Weight: 2}
	columnList     = evidence.Sign{Stamp: 1046, Name: "column-list", Text: "the rest of a list of columns, FROM and a table, and a comment that cuts off the rest of the query", Weight: 8}
	between        = evidence.Sign{Stamp: 1028, Name: "logic-between", Text: "AND or OR with BETWEEN, IN, IS NULL or LIKE", Weight: 3}
)

// Signs are all signs of this detector.
var Signs = []evidence.Sign{
	breakout, parenBreakout, constCompare, callCompare, nameCompare, logicConstant, unionSelect, selectList, fromClause, subselect, stacked,
	statement, statementGrave, timeFunction, graveFunction, infoFunction, systemName, orderByNumber, having, intoFile, procedure, commentEnd,
	quoteComment, reopened, commentSpace, versioned, caseWhen, between,
	innerCompare, divideByZero, systemVariable, limitClause, plainFunction, intoVariable, callStatement, quoteOnly,
	orderByCall, syntaxProbe, rowBreakout, assignment, nodeTest, numberGlue, castError, splitComment, queryEnd, columnList,
}
