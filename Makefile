# Needs only python3 (3.11 or newer) with its venv module, git and make.
# Everything else is installed into .venv from requirements-dev.txt, which is complete and hashed.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
# uv trusts what this machine trusts, as pip does: a company's certificate authority, for example
export UV_SYSTEM_CERTS ?= true

.PHONY: help demo test test-slow test-all lint docs transcripts bench audit wheel lock release-template clean

help:
	@echo "make demo         make a project, train it, audit it, and audit a bad one for contrast"
	@echo "make test         the default tests (no network after the first run)"
	@echo "make test-slow    the tests that start real tools, for a pairwise selection of answers"
	@echo "make test-all     every test, for the full array of answers"
	@echo "make lint         black, ruff, mypy, workflow checks"
	@echo "make docs         build the documentation site, strictly, into site/"
	@echo "make transcripts  write anew what the docs show of commands, and the published schemas"
	@echo "make bench        the benchmarks, as Markdown"
	@echo "make audit        this repository against its own standard"
	@echo "make wheel        build dist/"
	@echo "make lock         refresh requirements-dev.txt"
	@echo "make release-template VERSION=1.2.3  add a version to the template's history"
	@echo "make clean        remove .venv and everything that was built"

# Bytecode is kept here, whatever the shell says: without it each audit compiles the whole package first.
export PYTHONDONTWRITEBYTECODE :=

# uv itself comes by pip from its own lines of the lock. An audit keeps what it compiled and read of our own files.
$(READY): requirements-dev.txt pyproject.toml
	$(PYTHON) -m venv .venv
	sed -n '/^uv==/,/[^\\]$$/p' requirements-dev.txt > .venv/uv.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r .venv/uv.txt
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements-dev.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q mlscaffold hooks
	$(BIN)/mlscaffold audit --no-cache . > /dev/null || test $$? = 1
	touch $(READY)

demo: $(READY)
	@$(BIN)/python demo/demo.py

test: $(READY)
	$(BIN)/python -m pytest -n 2 -m "not slow"

test-slow: $(READY)
	$(BIN)/python -m pytest -n 2 --dist loadfile -m slow --durations 15

test-all: $(READY)
	$(BIN)/python -m pytest -n 2 -m "not slow"
	$(BIN)/python -m pytest -n 2 --dist loadfile -m slow --full-array --durations 15

lint: $(READY)
	$(BIN)/black --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/zizmor --offline --quiet .github/workflows
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml

docs: $(READY)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "site/index.html"

transcripts: $(READY)
	$(BIN)/python -m pytest tests/test_transcripts.py tests/test_facts.py --write-transcripts

bench: $(READY)
	@$(BIN)/python benchmarks/bench.py
	@$(BIN)/python benchmarks/hazards.py

audit: $(READY)
	$(BIN)/mlscaffold audit .

wheel: $(READY)
	$(BIN)/python -m hatchling build

lock: $(READY)
	$(BIN)/uv pip compile --quiet pyproject.toml --extra new --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	  --upgrade --output-file requirements-dev.txt

release-template: $(READY)
	@$(BIN)/python tests/release/release_template.py $(VERSION) $(if $(DATE),--date $(DATE))

clean:
	rm -rf .venv dist site build .hypothesis .mypy_cache .ruff_cache .pytest_cache
