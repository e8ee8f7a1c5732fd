package xss

// condition takes if (this.value == 'x') in front of a statement, if it stands there.
func (r *ownReader) condition() bool {
	if !r.take("if") {
		return true
	}
	r.blanks()
	if !r.take("(") {
		return false
	}
	for range maxSteps {
		r.blanks()
		r.take("!")
		if !r.own() && !r.constant() {
			return false
		}
		r.blanks()
		if r.take(")") {
			r.blanks()
			return true
		}
		if !r.compares() {
			return false
		}
	}
	return false
}

// own takes a value of the element or of the event.
func (r *ownReader) own() bool {
	for _, v := range [...]string{"this.value", "this.checked", "this.href", "this.files.length", "event.key", "event.keyCode", "event.which", "event.charCode"} {
		if r.take(v) {
			return true
		}
	}
	return false
}

// compares takes an operator between two values.
func (r *ownReader) compares() bool {
	for _, o := range [...]string{"===", "!==", "==", "!=", ">=", "<=", "&&", "||", ">", "<"} {
		if r.take(o) {
			return true
		}
	}
	return false
}

// limits takes what a key is compared with, behind the event.
func (r *ownReader) limits() bool {
	if !r.take(".charCode") && !r.take(".keyCode") && !r.take(".which") && !r.take(".key") {
		return false
	}
	for range maxSteps {
		if r.blanks(); !r.compares() {
			return true
		}
		if r.blanks(); !r.own() && !r.constant() {
			return false
		}
	}
	return false
}
