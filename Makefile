# Every target first makes the environment that it needs (tools/bootstrap.py). `lab` needs only
# what a reader needs; the other targets add the packages for tests and tools. Once the
# environment is there, this costs no time, and `lab` never removes packages.
# Nothing is written outside this folder, except the caches of the package tools.

PYTHON ?= python3
NOTEBOOKS := 14
LAB_ARGS ?=
TEST_ARGS ?=
BENCH_ARGS ?=
LOCK_ARGS ?=
IMAGE_ARGS ?=
REHEARSE_ARGS ?=

CACHE := $(CURDIR)/.cache
export JUPYTER_CONFIG_DIR := $(CACHE)/jupyter/config
export JUPYTER_DATA_DIR := $(CACHE)/jupyter/data
export JUPYTER_RUNTIME_DIR := $(CACHE)/jupyter/runtime
export IPYTHONDIR := $(CACHE)/ipython
export MPLCONFIGDIR := $(CACHE)/matplotlib
export W2V_LESSON_CACHE := $(CACHE)/w2v_lesson
# Some software (ROS, for example) sets these. Python would then find foreign packages first.
unexport PYTHONPATH PYTHONHOME

# Kernels and subprocesses must find the same Python as the command itself.
# XDG_CACHE_HOME is set only here, so the package tools keep using their shared cache.
IN_VENV = PATH="$(CURDIR)/.venv/bin:$$PATH" XDG_CACHE_HOME="$(CACHE)"
# In most containers the user is root, and Jupyter refuses to run as root unless told otherwise.
ALLOW_ROOT = $(if $(filter 0,$(shell id -u)),--allow-root)

.PHONY: help lab lab-conda test test-rest test-all fuzz bench notebooks lock lint pictures binder \
  clean bootstrap dev check-fresh licences audit site slides handout nbgrader grading image \
  image-hub rehearse-images

help:
	@echo 'make lab        open the lesson in JupyterLab (LAB_ARGS="--no-browser --port 9999")'
	@echo 'make lab-conda  the same in a conda environment, for Macs with Apple silicon'
	@echo 'make test       lint, then run the tests and all notebooks (TEST_ARGS="-k setup")'
	@echo 'make test-all   run the slow tests as well, and print the coverage'
	@echo 'make test-rest  run only the slow tests, which make test leaves out'
	@echo 'make fuzz       try random inputs for a minute (FUZZ_SECONDS=3600: for an hour)'
	@echo 'make bench      measure our code beside that of the original chapter'
	@echo 'make notebooks  build the notebooks from notebooks/sources'
	@echo 'make site       make web pages to read without running anything: site/index.html'
	@echo 'make slides     make the slides of each route for teachers: slides/'
	@echo 'make handout    make a page for students and a plan of the board, as PDF: handout/'
	@echo 'make nbgrader   set up nbgrader in .cache/nbgrader (250 MB); make grading rehearses it'
	@echo 'make lock       write the lock files again (LOCK_ARGS=--upgrade: newer versions)'
	@echo 'make pictures   take the pictures of the README again (needs Chromium)'
	@echo 'make binder     rehearse what Binder does, step by step (a few minutes)'
	@echo 'make image      build the container image, with Docker, Podman or Buildah; make image-hub:'
	@echo '                the one for a JupyterHub (IMAGE_ARGS="--build-arg JUPYTERHUB=6.1.1")'
	@echo 'make rehearse-images  build and use both images without an engine (needs root)'
	@echo 'make lint       check the code'
	@echo 'make check-fresh  try the newest versions without the lock; make licences, make audit:'
	@echo '                the licences and the known vulnerabilities of what is installed'
	@echo 'make clean      remove the environment and all caches; your my_lesson/ stays'
	@echo 'Each sets up what it needs. PYTHON=/path/to/python3 names the Python to begin with.'

bootstrap dev:
	@command -v "$(PYTHON)" >/dev/null || { echo 'There is no $(PYTHON). Install Python 3,' \
	  'or say where yours is: make lab PYTHON=/path/to/python3' >&2; exit 1; }
	@"$(PYTHON)" tools/bootstrap.py $(if $(filter dev,$@),--dev)

# The reader works in my_lesson/, in copies of the chapters that no update overwrites.
# What JupyterLab is to do without is in tools/environment/etc/jupyter: questions about news, looks
# for updates and extensions on the network, and a search for language servers.
OPEN_LAB = python -m w2v_lesson update && \
  python -m jupyterlab --ServerApp.root_dir="$(CURDIR)" \
  --LabApp.default_url=/lab/tree/my_lesson/00_meet_word_vectors.ipynb $(ALLOW_ROOT) $(LAB_ARGS)
lab: bootstrap
	@export $(IN_VENV); $(OPEN_LAB)

# In a conda environment that environment.yml or environment-mac.yml describes.
lab-conda:
	@python -c 'import importlib.util as u; exit(not (u.find_spec("mxnet") and u.find_spec("d2l")))' \
	  || { echo 'The packages are not in this environment. Run one of these commands first:' \
	  'conda env create -f environment.yml, or, on a Mac with Apple silicon,' \
	  'conda env create -f environment-mac.yml' >&2; exit 1; }
	@python -m pip install --quiet --no-deps --no-build-isolation -e .
	@export XDG_CACHE_HOME="$(CACHE)"; python tools/warm_caches.py && $(OPEN_LAB)

# Two files run at a time, and tests/conftest.py puts the longest first. Exit code 5 means that
# no test was selected, which is fine if TEST_ARGS makes a selection.
RUN_TESTS = mkdir -p .cache && $(IN_VENV) $(if $(COVERAGE),coverage run,python) -m pytest \
  --numprocesses 2 --dist loadfile --no-loadscope-reorder --basetemp .cache/pytest
IF_ANY = $(if $(TEST_ARGS),|| [ $$? = 5 ])
test: lint
	@$(RUN_TESTS) tests notebooks/*.ipynb -m 'not slow' --expect-notebooks $(NOTEBOOKS) \
	  --nbval --nbval-sanitize-with tests/nbval_sanitize.cfg --nbval-cell-timeout 600 \
	  $(TEST_ARGS) $(IF_ANY)

# What `make test` leaves out, and the tests of the compiled passes once more, compiled so that
# they check each index. That code is kept in a folder of its own.
BOUNDS = NUMBA_BOUNDSCHECK=1 NUMBA_CACHE_DIR="$(CACHE)/numba-bounds"
PASSES = tests/engine/test_fused.py tests/test_sampling.py tests/test_minibatches.py
test-rest: dev nbgrader
	@$(RUN_TESTS) tests -m slow $(TEST_ARGS) $(IF_ANY)
	@export $(BOUNDS); $(RUN_TESTS)-bounds $(PASSES) -m 'not slow' $(TEST_ARGS) $(IF_ANY)

# Coverage counts what the tests in tests/ run, but not what notebooks and the browser run.
test-all: dev
	@rm -rf .cache/coverage
	@$(MAKE) --no-print-directory test COVERAGE=1; first=$$?; \
	$(MAKE) --no-print-directory test-rest COVERAGE=1; rest=$$?; \
	$(IN_VENV) coverage combine --quiet && $(IN_VENV) coverage report && \
	[ $$first = 0 ] && [ $$rest = 0 ]

fuzz: dev
	@$(IN_VENV) PYTHONPATH=. python tools/fuzz.py

bench: dev
	@$(IN_VENV) python -m benchmarks $(BENCH_ARGS)

notebooks: dev
	@$(IN_VENV) python tools/build_notebooks.py

site: dev
	@$(IN_VENV) python tools/build_site.py

slides: dev
	@$(IN_VENV) python tools/build_slides.py

handout: dev
	@$(IN_VENV) python tools/build_handout.py

# nbgrader has an environment of its own, so that it can't change the versions of the lesson.
# Its notebooks run in the lesson's Python. nbgrader itself needs Python 3.11.
NBGRADER := .cache/nbgrader
WITH_UV = PATH="$(CURDIR)/.tools/bin:$(CURDIR)/.tools/lib/bin:$$PATH"
nbgrader: $(NBGRADER)/.complete
$(NBGRADER)/.complete: tools/grading/requirements.lock | dev
	@echo 'Installing nbgrader in $(NBGRADER) (250 MB on disk)'
	@"$(PYTHON)" tools/bootstrap.py --uv-only
	@rm -rf $(NBGRADER)
	@$(WITH_UV) UV_PYTHON_INSTALL_DIR="$(CURDIR)/.tools/python" \
	  uv venv --quiet --python cpython3.11 $(NBGRADER)
	@$(WITH_UV) uv pip sync --quiet --python $(NBGRADER)/bin/python --require-hashes \
	  --only-binary :all: tools/grading/requirements.lock
	@$(IN_VENV) JUPYTER_PATH="$(CURDIR)/$(NBGRADER)/share/jupyter" \
	  python -m ipykernel install --prefix "$(CURDIR)/$(NBGRADER)" --name python3
	@touch $@

grading: nbgrader
	@rm -rf .cache/course
	@$(IN_VENV) python tools/grading/rehearse.py "$(CURDIR)/$(NBGRADER)" "$(CURDIR)/.cache/course"

# With --uv-only, you can replace a lock even if its packages can't be installed. The others have
# the versions of the first. On a Mac with Apple silicon, MXNet comes from conda.
COMPILE = PATH=".tools/bin:.tools/lib/bin:$$PATH" uv pip compile --quiet --universal \
  --generate-hashes --only-binary :all: --no-emit-index-url \
  --no-annotate --custom-compile-command 'make lock' $(LOCK_ARGS)
lock:
	@"$(PYTHON)" tools/bootstrap.py --uv-only
	@$(COMPILE) --python-version 3.10 pyproject.toml --output-file requirements.lock
	@$(COMPILE) --python-version 3.10 pyproject.toml --output-file requirements-dev.lock \
	  --extra dev --constraints requirements.lock
	@$(COMPILE) --python-version 3.10 pyproject.toml --output-file requirements-mac.lock \
	  --constraints requirements.lock --no-emit-package mxnet
	@$(COMPILE) --python-version 3.11 tools/grading/requirements.in \
	  --output-file tools/grading/requirements.lock

pictures: dev
	@$(IN_VENV) python tools/take_pictures.py

binder: dev
	@PATH="$(CURDIR)/.tools/bin:$(CURDIR)/.tools/lib/bin:$$PATH" \
	  .venv/bin/python tools/rehearse_binder.py

# IMAGE_ARGS go to the engine as they are. Nothing but Python and the engine is needed.
image:
	@"$(PYTHON)" tools/build_image.py w2v-lesson $(IMAGE_ARGS)

image-hub: image
	@"$(PYTHON)" tools/build_image.py w2v-lesson-hub $(IMAGE_ARGS)

rehearse-images: dev
	@$(IN_VENV) python tools/rehearse_images.py $(REHEARSE_ARGS)

lint: dev
	@$(IN_VENV) ruff check .
	@$(IN_VENV) ruff format --check .
	@$(IN_VENV) lint-imports --no-cache

check-fresh: dev
	@PATH="$(CURDIR)/.tools/bin:$(CURDIR)/.tools/lib/bin:$$PATH" \
	  .venv/bin/python tools/check_fresh.py $(TEST_ARGS)

licences: dev
	@$(IN_VENV) python tools/list_licences.py

# Without --strict, a package would pass if the service doesn't know it or can't be reached.
audit: dev
	@PATH="$(CURDIR)/.tools/bin:$(CURDIR)/.tools/lib/bin:$$PATH" uv tool run pip-audit==2.10.1 \
	  --strict --progress-spinner off --disable-pip --require-hashes -r requirements-dev.lock

clean:
	rm -rf .venv .tools .cache .pytest_cache .ruff_cache .hypothesis test-artifacts dist site \
	  slides handout
	find . -depth \( -name __pycache__ -o -name .ipynb_checkpoints \) \
	  ! -path './my_lesson/*' -exec rm -rf {} +
