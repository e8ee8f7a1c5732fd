package proxy

import (
	"github.com/valyala/fasthttp"

	"github.com/weirnode/weir/parse"
)

func isWebSocket(*parse.Request) bool { return false }

func (p *Proxy) upgrade(ex *exchange, u *upstream)             {}
func (p *Proxy) hijack(ctx *fasthttp.RequestCtx, ex *exchange) {}
