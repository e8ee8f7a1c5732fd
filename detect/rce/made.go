package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// connecting are how names of classes of Java end that look a name up, connect or transform when a document sets
// their fields, as Jackson refuses to make.
var connecting = []string{
	"datasource", "cpds", "connectionpool", "connectionfactory", "rowset", "managerlookup", "jndiselector", "jndirealmfactory", "transactionconfig", "managedruntime", "rmiprovider", "jndiconfiguration", "xsltransformer", "propertyeditor", "documenteditor", "xpathparser", "connectionsource", "templatesimpl", "workmanagerexecutor", "handlerresolverimpl", "miniadmin", "objectfactory", "jndimanager", "lookupfactory", "scriptenginemanager", "configurationfactory", "contextfactory",
}

// madeClass reports whether JSON has a class of Java made by its name: it is the first of an array with its
// value behind, the name of a member in front of one, or what @class and @type say.
func madeClass(v *point.Value, tree *point.Tree) bool {
	if v.Classes&point.Dot == 0 || v.Classes&^(point.Alpha|point.Digit|point.Dot|point.Dollar) != 0 || !lex.ClassName(v.Data) {
		return false
	}
	if !lex.OneOf(v.Data, runners[:]...) && !connectsByName(v.Data) {
		return false
	}
	if v.Kind == point.JSONKey {
		return tree.Holds(v.Ref)
	}
	return lex.OneOf(tree.Name(v.Ref), "@class", "@type") || tree.Leads(v.Ref)
}

// connectsByName reports whether a class has such a name, and a package.
func connectsByName(name []byte) bool {
	if bytes.Count(name, []byte(".")) < 2 {
		return false
	}
	if lex.Contains(name[bytes.LastIndexByte(name, '.'):], "jndi") {
		return true
	}
	for _, end := range connecting {
		if lex.HasSuffix(name, end) {
			return true
		}
	}
	return false
}
