# OneServe: build, run, test, measure. `make help` lists what there is.

CONFIGURATION ?= Release
PREFIX        ?= /usr/local
DESTDIR       ?=
BENCH         ?=
SOAK_SECONDS  ?= 600

EXECUTABLE := artifacts/oneserve
SOURCES    := $(shell find src -type f -not -path '*/bin/*' -not -path '*/obj/*') Directory.Build.props Directory.Packages.props

.DEFAULT_GOAL := help
.PHONY: help build run test browser bench soak install clean format

help: ## This list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

build: $(EXECUTABLE) ## The native executable, artifacts/oneserve (symbols in oneserve.dbg beside it)

$(EXECUTABLE): $(SOURCES) .ci/publish
	@CONFIGURATION=$(CONFIGURATION) .ci/publish

run: $(EXECUTABLE) ## Serve examples/django on port 8000; finds or installs Django
	@.ci/run-example $(EXECUTABLE)

test: $(EXECUTABLE) ## Every test: units, the Python side on each CPython found, the executable from outside
	@.ci/test

browser: $(EXECUTABLE) ## A Django site with hashed static files and a film in a real Chromium (which must be installed)
	@/usr/bin/env python3 -B tests/browser/check.py

bench: $(EXECUTABLE) ## Side by side with nginx, uWSGI, gunicorn, uvicorn → bench/RESULTS.md (BENCH="--quick" for a short one)
	@/usr/bin/env python3 bench/bench.py $(BENCH)
	@/usr/bin/env python3 bench/dispatch.py $(if $(findstring --quick,$(BENCH)),--quick)

soak: $(EXECUTABLE) ## Chaos, full load, mutated requests, for SOAK_SECONDS (600) each; fails on a lost request, a leak or a leftover
	@/usr/bin/env python3 bench/chaos.py --seconds $(SOAK_SECONDS)
	@/usr/bin/env python3 bench/soak.py --seconds $(SOAK_SECONDS)
	@/usr/bin/env python3 bench/fuzz.py --seconds $(SOAK_SECONDS)
	@/usr/bin/env python3 bench/fuzz.py --uwsgi --seconds $(SOAK_SECONDS)

install: $(EXECUTABLE) ## Copy the executable to $(PREFIX)/bin and the systemd unit to $(PREFIX)/lib/systemd/system
	install -D -m 0755 $(EXECUTABLE) $(DESTDIR)$(PREFIX)/bin/oneserve
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's|/usr/local/bin|$(PREFIX)/bin|' packaging/oneserve@.service > $(DESTDIR)$(PREFIX)/lib/systemd/system/oneserve@.service
	chmod 0644 $(DESTDIR)$(PREFIX)/lib/systemd/system/oneserve@.service

format: ## Bring the C# sources into the form that .editorconfig asks for
	dotnet format OneServe.sln

clean: ## Remove everything that was built
	rm -rf artifacts
	find src tests -type d \( -name bin -o -name obj -o -name TestResults -o -name __pycache__ \) -prune -exec rm -rf {} +
