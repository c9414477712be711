# make demo   sets everything up and runs the main job on samples/
# make test   sets everything up and passes the tests
# make fuzz   tries made-up input on every reader, SECONDS each (atheris: Linux, Python up to 3.13)
# make docs   builds the documentation as a site
# make release  checks everything, builds wheel, sdist and documentation into dist/, and tags the version
# make check  format, lint, types, tests: what CI runs before a commit

PYTHON := $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
BIN := .venv/bin
# Four more than there are processors: many tests wait, for a server, for a clock, for a child.
TESTERS = $$($(BIN)/python -c 'import os; print((os.cpu_count() or 1) + 4)')
READY := .venv/.ready

# Bytecode is made where it is first needed and kept: it is a third of the installation for all that is installed, and
# for each of the tests' hundreds of processes, were it not kept, most of their time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check findings docs format lock samples bench fuzz release clean

# Exit code 1 is right here: one sample is broken on purpose. A traceback ends with 1 as well, so what an
# earlier run left goes first, and a run that got to its end is told by run.json, which is written last.
demo: $(READY)
	@rm -rf out/demo
	$(BIN)/gongkai run samples --to out/demo || test $$? -eq 1
	@test -s out/demo/facts.csv && test -s out/demo/run.json
	@echo
	@echo "datasets: out/demo    open out/demo/facts.csv; every column is explained in out/demo/codebook.md"
	@echo "one report: $(BIN)/gongkai show samples/2021_city.pdf      more: $(BIN)/gongkai --help"

# The tests are looked for once before, so that the testers find them and what they import compiled.
test: $(READY)
	$(BIN)/python -m pytest -q --collect-only >/dev/null
	$(BIN)/python -m pytest -q -n $(TESTERS) --dist worksteal

check: $(READY) .types/gongkai
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(MAKE) test

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

samples: $(READY)
	$(BIN)/python samples/make.py

bench: $(READY)
	$(BIN)/python bench/accuracy.py --readme
	$(BIN)/python bench/speed.py
	$(BIN)/python bench/diagnosis.py
	$(BIN)/python bench/check.py

# The pages in docs/ that are made from data: findings, formats, codebook, the picture of the stages.
findings: $(READY)
	$(BIN)/python docs/make.py

# docs/ as a site in out/site, in English and Chinese, which opens from disk; a broken link is an error.
docs: out/.docs/.ready findings
	NO_MKDOCS_2_WARNING=1 out/.docs/bin/mkdocs build --quiet
	@echo "the documentation: out/site/index.html"

out/.docs/.ready: docs/requirements.lock
	@test -n "$(PYTHON)" || { echo "gongkai needs Python 3.11 or newer; none was found"; exit 1; }
	$(PYTHON) -m venv out/.docs
	out/.docs/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r docs/requirements.lock
	@touch $@

# What forbids a release is said before the tests take their time.
release: $(READY)
	$(BIN)/python docs/release.py --try
	$(MAKE) check docs
	$(BIN)/python docs/release.py

SECONDS := 60
READERS := docx pdf html ofd xlsx odt text archive

# What is found stays in out/fuzz; it goes into samples/ or a test together with its cure.
fuzz: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r fuzz/requirements.lock
	$(BIN)/python fuzz/documents.py $(SECONDS)
	for reader in $(READERS); do $(BIN)/python fuzz/target.py $$reader -max_total_time=$(SECONDS) || exit 1; done

# Versions and hashes only; no address of an index may stand in the file.
lock:
	uv pip compile pyproject.toml --extra dev --extra ocr --extra crawl --extra cluster --extra stats --extra review --universal \
		--generate-hashes --no-annotate --no-header \
		--no-emit-index-url --no-emit-find-links --output-file requirements.lock
	echo pip | uv pip compile - --universal --generate-hashes --no-annotate --no-header --allow-unsafe \
		--no-emit-index-url --no-emit-find-links --output-file pip.lock
	uv pip compile fuzz/requirements.in --universal --python-version 3.11 --generate-hashes --no-annotate \
		--no-header --no-emit-index-url --no-emit-find-links --output-file fuzz/requirements.lock
	uv pip compile docs/requirements.in --universal --python-version 3.11 --generate-hashes --no-annotate \
		--no-header --no-emit-index-url --no-emit-find-links --output-file docs/requirements.lock

# A pip of today chooses among the files of 180 packages in a quarter of the time that the one of Python 3.11 takes.
$(READY): pip.lock requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "gongkai needs Python 3.11 or newer; none was found"; exit 1; }
	$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r pip.lock || \
		echo "the pip of this Python is taken, which needs some minutes more"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-compile -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

# The checkout under the name that it has when it is installed, for mypy.
.types/gongkai:
	@mkdir -p .types
	@ln -sfn .. .types/gongkai

clean:
	rm -rf .venv .types build gongkai.egg-info out .pytest_cache .mypy_cache .ruff_cache
