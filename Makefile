# Targets are described by the text behind ##. CI runs `make check` and `make conformance SUITES=differ`.
GO      ?= go
BIN     := bin
LINT    := v2.15.0
CHECK   := v0.8.2
FUZZ    ?= 20s
ROUNDS  ?= 15
W       ?= W1,W2,W3,W4,W5,W6,W7
CORPUS  ?=
SAMPLE  ?= 2000
SUITES  ?= grpc,h2spec,h1,differ
SEED    ?= 1
INPUTS  ?= 20000

.PHONY: help build demo test plain lint fuzz bench bench-paired compare conformance tools golden e2e check reliability clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build bin/weir
	CGO_ENABLED=0 $(GO) build -trimpath -o $(BIN)/weir ./cmd/weir

demo: build ## run a sample shop, the node in front of it, and mixed traffic
	$(BIN)/weir demo

test: ## run the whole Go test suite with the race detector
	$(GO) test -race -shuffle=on ./...

plain: ## run the tests that the race detector leaves out: allocation gates
	$(GO) test ./...

lint: ## vet, staticcheck, golangci-lint
	$(GO) vet ./...
	$(GO) run honnef.co/go/tools/cmd/staticcheck@$(CHECK) ./...
	$(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT) run

fuzz: ## run every fuzz target for FUZZ (20s)
	@for dir in $$(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u); do \
		for f in $$(grep -h '^func Fuzz' $$dir/*_test.go | sed 's/func \(Fuzz[A-Za-z0-9]*\).*/\1/'); do \
			echo "$$dir $$f"; $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZ) -fuzzminimizetime 10x $$dir || exit 1; done; done

bench: ## run the benchmarks
	$(GO) test -run '^$$' -bench . -benchmem ./...

bench-paired: build ## CPU and latency of the node against a plain proxy (ROUNDS, W)
	$(GO) build -C tools/loadpair -o ../../$(BIN)/loadpair .
	$(BIN)/loadpair -weir $(BIN)/weir -rounds $(ROUNDS) -w $(W)

compare: build ## weir beside the Core Rule Set and libinjection (CORPUS, SAMPLE)
	@test -n "$(CORPUS)" || { echo "compare: say what to compare on: make compare CORPUS=DIR" >&2; exit 1; }
	$(GO) build -C tools/compare -o ../../$(BIN)/compare .
	$(BIN)/compare -sample $(SAMPLE) -out $(BIN)/peers.jsonl $(CORPUS)
	$(BIN)/weir eval --sample $(SAMPLE) --by file --compare-with $(BIN)/peers.jsonl $(CORPUS)

conformance: build ## hold the wire against gRPC interop, h2spec, HTTP/1 tables, net/http and nginx (SUITES, SEED, INPUTS)
	$(GO) build -C tools/conformance -o ../../$(BIN)/conformance .
	$(BIN)/conformance -weir $(BIN)/weir -suites $(SUITES) -seed $(SEED) -inputs $(INPUTS)

tools: ## vet and test the modules below tools/
	@for dir in $(dir $(wildcard tools/*/go.mod)); do echo "$$dir"; (cd $$dir && $(GO) vet . && $(GO) test .) || exit 1; done

golden: ## rewrite golden files from what the code does now
	$(GO) test ./config ./detect ./filter ./parse -update

e2e: build ## browser tests (needs Chromium and Node.js)
	@command -v chromium >/dev/null || { echo "e2e: Chromium is not installed; apt-get install chromium, or run .ci/run" >&2; exit 1; }
	@command -v node >/dev/null || { echo "e2e: Node.js is not installed" >&2; exit 1; }
	cd e2e && npm ci --no-audit --no-fund --loglevel=error && node console.mjs

check: build lint test ## everything that CI checks, but for the differences to nginx
	$(MAKE) conformance SUITES=grpc,h2spec,h1
	$(MAKE) plain e2e
	$(BIN)/weir demo --check

reliability: build ## the long tests, about 15 minutes: kills, reloads, upgrades, faults, overload, soak (WEIR_SOAK=1h)
	WEIR_ROUNDS=50 $(GO) test -count=1 -v -run TestKill ./cmd/weir
	WEIR_ROUNDS=100 $(GO) test -count=1 -v -run TestReloads ./node
	WEIR_ROUNDS=20 $(GO) test -count=1 -v -run TestUpgrades ./cmd/weir
	WEIR_PROGRAM=$(CURDIR)/$(BIN)/weir $(GO) test -count=1 -v -timeout 3h ./internal/reliability

clean: ## remove what was built
	rm -rf $(BIN) e2e/node_modules e2e/shots
