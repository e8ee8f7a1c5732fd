package main

import (
	"strconv"

	coreruleset "github.com/corazawaf/coraza-coreruleset/v4"
	"github.com/corazawaf/coraza/v3"
	"github.com/corazawaf/coraza/v3/types"

	"github.com/weirnode/weir/eval"
	"github.com/weirnode/weir/parse"
)

// crs is the OWASP Core Rule Set at one paranoia level on Coraza, set up as both
// projects recommend, in blocking mode, without an audit log.
type crs struct {
	name string
	waf  coraza.WAF
}

// policy removes the rules that refuse methods, content types and other habits of
// clients, attack or not.
const policy = "\nSecRuleRemoveById 911000-911999 920000-920999"

func openCRS(name, level, without string) (eval.Engine, error) {
	waf, err := coraza.NewWAF(coraza.NewWAFConfig().WithRootFS(coreruleset.FS).WithDirectives(`
Include @coraza.conf-recommended
SecRuleEngine On
SecAuditEngine Off
Include @crs-setup.conf.example
SecAction "id:900000,phase:1,pass,t:none,nolog,setvar:tx.blocking_paranoia_level=` + level + `"
Include @owasp_crs/*.conf` + without))
	if err != nil {
		return nil, err
	}
	return &crs{name, waf}, nil
}

// Name implements eval.Engine.
func (e *crs) Name() string { return e.name }

// Load implements eval.Engine.
func (e *crs) Load(raw []byte) (eval.Request, error) {
	var parsed parse.Request
	if err := parse.ReadRequest(raw, &parsed); err != nil {
		return nil, err
	}
	r := &crsRequest{
		waf: e.waf, method: string(parsed.Method), target: string(parsed.Target), proto: string(parsed.Proto),
		host: string(parsed.Host), body: parsed.Body,
	}
	for _, f := range parsed.Fields {
		r.fields = append(r.fields, [2]string{string(f.Name), string(f.Value)})
	}
	return r, nil
}

type crsRequest struct {
	waf                         coraza.WAF
	method, target, proto, host string
	fields                      [][2]string
	body                        []byte
	matched                     []types.MatchedRule
}

// Inspect implements eval.Request.
func (r *crsRequest) Inspect() bool {
	tx := r.waf.NewTransaction()
	defer func() {
		r.matched = tx.MatchedRules()
		tx.ProcessLogging()
		_ = tx.Close() // removes a temporary file, if there was one
	}()
	tx.ProcessConnection("192.0.2.1", 50000, "192.0.2.2", 80)
	tx.ProcessURI(r.target, r.method, r.proto)
	for _, f := range r.fields {
		tx.AddRequestHeader(f[0], f[1])
	}
	tx.SetServerName(r.host)
	if tx.ProcessRequestHeaders() != nil {
		return true
	}
	if len(r.body) > 0 {
		if stopped, _, err := tx.WriteRequestBody(r.body); stopped != nil || err != nil {
			return stopped != nil
		}
	}
	stopped, err := tx.ProcessRequestBody()
	return err == nil && stopped != nil
}

// Explain implements eval.Request: the rules that matched, without those that only set
// up or add up.
func (r *crsRequest) Explain() (e eval.Evidence) {
	for _, m := range r.matched {
		id := m.Rule().ID()
		if id < 911000 || id >= 949000 || m.Message() == "" {
			continue
		}
		e.Types = append(e.Types, strconv.Itoa(id))
		e.Score += 5
		if e.Payload == "" {
			e.Payload = m.Data()
		}
	}
	return e
}
