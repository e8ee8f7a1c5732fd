package xss

import "github.com/weirnode/weir/detect/evidence"

// The signs. Numbers are stable: a new sign takes the next free one.
var (
	scriptTag    = evidence.Sign{Stamp: 2001, Name: "script-tag", Text: "a script element with a body or a source", Weight: 10}
	scriptOpen   = evidence.Sign{Stamp: 2002, Name: "script-mention", Text: "a script element without code", Weight: 6}
	handler      = evidence.Sign{Stamp: 2003, Name: "event-handler", Text: "an event handler attribute inside a tag", Weight: 8}
	handlerCode  = evidence.Sign{Stamp: 2004, Name: "handler-code", Text: "the handler's value is JavaScript", Weight: 2}
	attrHandler  = evidence.Sign{Stamp: 2005, Name: "attribute-breakout", Text: "an attribute is closed and an event handler follows", Weight: 9}
	scriptURL    = evidence.Sign{Stamp: 2006, Name: "script-url", Text: "an attribute holds a javascript:, vbscript: or data: URL", Weight: 10}
	bareURL      = evidence.Sign{Stamp: 2007, Name: "bare-script-url", Text: "the value is a javascript: or vbscript: URL with code", Weight: 9}
	activeTag    = evidence.Sign{Stamp: 2008, Name: "active-element", Text: "an element that loads or runs content: iframe, object, embed, base, meta refresh", Weight: 8}
	srcdoc       = evidence.Sign{Stamp: 2009, Name: "srcdoc", Text: "a frame's document is written in an attribute", Weight: 9}
	styleCode    = evidence.Sign{Stamp: 2010, Name: "style-code", Text: "a style that runs code: expression(), -moz-binding, behavior", Weight: 9}
	sinkCall     = evidence.Sign{Stamp: 2011, Name: "sink-call", Text: "a call of alert, eval, prompt or the like", Weight: 8}
	jsBreakout   = evidence.Sign{Stamp: 2012, Name: "string-breakout", Text: "a JavaScript string is closed and code follows", Weight: 2}
	domAccess    = evidence.Sign{Stamp: 2013, Name: "dom-access", Text: "code that reads cookies or changes the page", Weight: 6}
	computedCall = evidence.Sign{Stamp: 2014, Name: "computed-call", Text: "a global object's member is computed and called", Weight: 8}
	symbolsOnly  = evidence.Sign{Stamp: 2015, Name: "symbols-only", Text: "code written with brackets and signs only", Weight: 9}
	danglingURL  = evidence.Sign{Stamp: 2017, Name: "dangling-markup", Text: "a foreign URL in an attribute that stays open, so that the rest of the page is sent there", Weight: 8}
	utf7Tag      = evidence.Sign{Stamp: 2018, Name: "utf7-markup", Text: "markup written in UTF-7 or with the eighth bit set", Weight: 9}
	pageProbe    = evidence.Sign{Stamp: 2021, Name: "page-probe", Text: "both quotes and an angle bracket in a row, which scanners send to see what a page gives back", Weight: 8}
	styleLeak    = evidence.Sign{Stamp: 2022, Name: "style-leak", Text: "a style asks a foreign host by what the page holds", Weight: 8}
	tagRest      = evidence.Sign{Stamp: 2023, Name: "tag-rest", Text: "the value is the rest of a tag: code, the quote that ends it, and what follows", Weight: 9}
	domWrite     = evidence.Sign{Stamp: 2019, Name: "dom-write", Text: "code that writes into the page or sends data away", Weight: 8}
	sinkPassed   = evidence.Sign{Stamp: 2020, Name: "sink-passed", Text: "alert, eval or the like is handed over to be called", Weight: 8}
	hiddenMember = evidence.Sign{Stamp: 2024, Name: "hidden-member", Text: "a member of the page or the window whose name comments, escapes or brackets hide", Weight: 8}
	templateCall = evidence.Sign{Stamp: 2025, Name: "template-call", Text: "a template calls a function with what stands in its braces, without a parenthesis", Weight: 8}
	tailComment  = evidence.Sign{Stamp: 2016, Name: "tail-comment", Text: "a comment cuts off the rest of the script", Weight: 1}
)

// Signs are all signs of this detector.
var Signs = []evidence.Sign{
	scriptTag, scriptOpen, handler, handlerCode, attrHandler, scriptURL, bareURL, activeTag, srcdoc, styleCode, sinkCall, jsBreakout,
	domAccess, computedCall, symbolsOnly, danglingURL, utf7Tag, pageProbe, styleLeak, tagRest, domWrite, sinkPassed, tailComment, hiddenMember, templateCall,
}
