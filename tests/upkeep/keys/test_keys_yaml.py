import pytest
from cases import expect, merge_texts, raw

from mlscaffold.upkeep.keys import NotByKeys

HOOKS = """
    # See https://pre-commit.com

    repos:
      - repo: https://github.com/pre-commit/pre-commit-hooks
        rev: v4.6.0
        hooks:
          - id: trailing-whitespace
          - id: check-added-large-files
            args: [--maxkb=500]
      # style
      - repo: https://github.com/astral-sh/ruff-pre-commit
        rev: v0.6.0  # kept by the bot
        hooks:
          - id: ruff
            args: [--fix]
            types_or: [python, pyi]
          # - id: ruff-format
"""


def test_hooks_of_both_sides() -> None:
    ours = HOOKS.replace(
        "          - id: check-added", "          - id: end-of-file-fixer\n          - id: check-added"
    ).replace("v0.6.0", "'v0.9.9'")
    theirs = (
        HOOKS.replace("maxkb=500", "maxkb=1024")
        .replace("[--fix]", "[--fix, --unsafe-fixes]")
        .replace(
            "      # style\n",
            "      # secrets\n      - repo: https://github.com/gitleaks/gitleaks\n        rev: v8.0.0\n"
            "        hooks:\n          - id: gitleaks\n\n      # style\n",
        )
        .replace("v0.6.0", "v0.7.0")
    )
    merged = """
    # See https://pre-commit.com

    repos:
      - repo: https://github.com/pre-commit/pre-commit-hooks
        rev: v4.6.0
        hooks:
          - id: trailing-whitespace
          - id: end-of-file-fixer
          - id: check-added-large-files
            args: [--maxkb=1024]
      # secrets
      - repo: https://github.com/gitleaks/gitleaks
        rev: v8.0.0
        hooks:
          - id: gitleaks
      # style
      - repo: https://github.com/astral-sh/ruff-pre-commit
        rev: 'v0.9.9'  # kept by the bot
        hooks:
          - id: ruff
            args: [--fix, --unsafe-fixes]
            types_or: [python, pyi]
          # - id: ruff-format
"""
    large = "repos[https://github.com/pre-commit/pre-commit-hooks].hooks[check-added-large-files].args"
    taken = [
        f"{large}[--maxkb]",
        "repos[https://github.com/astral-sh/ruff-pre-commit].hooks[ruff].args[--unsafe-fixes]",
        "repos[https://github.com/gitleaks/gitleaks]",
    ]
    owned = ("repos[*].rev",)
    expect(merge_texts(".pre-commit-config.yaml", HOOKS, ours, theirs, owned), merged, taken=taken)
    conflicts = ["repos[https://github.com/astral-sh/ruff-pre-commit].rev"]
    expect(merge_texts("x.yaml", HOOKS, ours, theirs), merged, taken=taken, conflicts=conflicts)


WORKFLOW = """
    name: ci
    on:
      push:
        branches: [main]
      pull_request:
    permissions: {}
    jobs:
      test:
        runs-on: ubuntu-24.04
        strategy:
          matrix:
            python: ["3.11", "3.12"]
        steps:
        - uses: actions/checkout@1111111 # v4.1.0
          with:
            persist-credentials: false
        - name: Set up
          run: |
            make setup

            make data
        - run: make test
"""


def test_a_workflow_whose_pins_a_bot_keeps() -> None:
    ours = WORKFLOW.replace("1111111 # v4.1.0", "2222222 # v4.2.0").replace(
        "        - run: make test", "        - run: make lint   # first\n        - run: make test"
    )
    theirs = (
        WORKFLOW.replace("1111111 # v4.1.0", "3333333 # v4.3.0")
        .replace('"3.12"]', '"3.12", "3.13"]')
        .replace("make data\n", "make data\n            make check\n")
        .replace("      pull_request:\n", "      pull_request:\n      workflow_dispatch:\n")
        .replace("permissions: {}", "permissions:\n      contents: read")
    )
    merged = theirs.replace("3333333 # v4.3.0", "2222222 # v4.2.0").replace(
        "        - run: make test", "        - run: make lint   # first\n        - run: make test"
    )
    owned = ("jobs.*.steps[*].uses",)
    text, conflicts, taken = merge_texts(".github/workflows/ci.yml", WORKFLOW, ours, theirs, owned)
    expect(
        (text, conflicts, taken),
        merged,
        taken=[
            "on.workflow_dispatch",
            "permissions",
            "jobs.test.strategy.matrix.python[3.13]",
            "jobs.test.steps[Set up].run",
        ],
    )


@pytest.mark.parametrize(
    ("ours", "merged"),
    [
        ("a: 1\nb:\n    - x\n    - mine\n", "a: 1\nb:\n    - x\n    - y  # new\n    - mine\n"),
        ("a: 1\nb: [x, mine]\n", "a: 1\nb: [x, y, mine]\n"),
        ("a: 1\nb: [\n  x,\n  mine\n]\n", "a: 1\nb: [\n  x,\n  y,  # new\n  mine\n]\n"),
        ("a: 1\nb:\n- x\n- mine", "a: 1\nb:\n- x\n- y  # new\n- mine"),
    ],
)
def test_an_item_is_written_as_mine_are(ours: str, merged: str) -> None:
    base, theirs = "a: 1\nb:\n  - x\n", "a: 1\nb:\n  - x\n  - y  # new\n"
    expect(merge_texts("a.yml", base, ours, theirs), merged, taken=["b[y]"])


def test_a_block_is_indented_as_mine_are() -> None:
    base = "jobs:\n  one:\n    x: 1\n"
    ours = "jobs:\n    one:\n        x: 1\n        y: 2\n"
    theirs = "jobs:\n  one:\n    x: 1\n  # second\n  two:\n    run: |\n      a\n\n      b\n"
    merged = ours + "    # second\n    two:\n      run: |\n        a\n\n        b\n"
    expect(merge_texts("a.yml", base, ours, theirs), merged, taken=["jobs.two"])


def test_blank_lines_stay_between_jobs() -> None:
    base = "on: push\n"
    ours = "on: push\njobs:\n  mine:\n    x: 1\n"
    theirs = "on: push\njobs:\n  one:\n    y: 1\n\n  two:\n    y: 2\n"
    merged = ours + "\n  one:\n    y: 1\n\n  two:\n    y: 2\n"
    expect(merge_texts("a.yml", base, ours, theirs), merged, taken=["jobs.one", "jobs.two"])


def test_an_adoption_adds_hooks_and_no_people() -> None:
    ours = HOOKS.split("      # style", maxsplit=1)[0] + "    authors:\n      - name: me\n"
    theirs = HOOKS + "    authors:\n      - name: you\n"
    text, conflicts, taken = merge_texts("a.yml", None, ours, theirs)
    expect(
        (text, conflicts, taken),
        theirs.replace("you", "me"),
        taken=["repos[https://github.com/astral-sh/ruff-pre-commit]"],
    )


@pytest.mark.parametrize(
    ("base", "theirs", "merged"),
    [
        ("a:\nb: 1\n", "a: 5\nb: 1\n", "a: 5\nb: 2\n"),
        ("a: 5\nb: 1\n", "a:\nb: 1\n", "a:\nb: 2\n"),
        ("a: 5\nb: 1\n", "a:\n  c: 5\nb: 1\n", "a:\n  c: 5\nb: 2\n"),
        ("a:\n  c: 5\nb: 1\n", "a: 5\nb: 1\n", "a: 5\nb: 2\n"),
        ("a:\n  - c\nb: 1\n", "a: []\nb: 1\n", "a: []\nb: 2\n"),
        ("a:\n  - c\nb: 1\n", "a:\n  c: 1\nb: 1\n", "a:\n  c: 1\nb: 2\n"),
        ("a: >\n  long\n  text\n\nb: 1\n", "a: short\n\nb: 1\n", "a: short\n\nb: 2\n"),
        ("a: short\nb: 1\n", "a: |\n  long\nb: 1\n", "a: |\n  long\nb: 2\n"),
        ("a: 'one\n  two'\nb: 1\n", "a: 'one\n  three'\nb: 1\n", "a: 'one\n  three'\nb: 2\n"),
        ("l:\n- a: 1\n- c: 1\nb: 1\n", "l:\n- c: 1\nb: 1\n", "l:\n- c: 1\nb: 2\n"),
        ("l:\n- c: 1\nb: 1\n", "l:\n- a: 1\n- c: 1\nb: 1\n", "l:\n- a: 1\n- c: 1\nb: 2\n"),
        ("l:\n- id: 1\n  x: 1\nb: 1\n", "l:\n- x: 1\n  y: 1\nb: 1\n", "l:\n- x: 1\n  y: 1\nb: 2\n"),
        ("# a\nb: 1\n", "# new\nb: 1\n", "# new\nb: 2\n"),
        ("# top\n\nb: 1 # x\n# end\n", "# tip\n\nb: 1 # y\n# fin\n", "# tip\n\nb: 2 # y\n# fin\n"),
    ],
)
def test_theirs_changes_the_shape(base: str, theirs: str, merged: str) -> None:
    ours = base.replace("b: 1", "b: 2")
    text, conflicts, _ = merge_texts("a.yml", base, ours, theirs)
    assert (text, conflicts) == (merged, [])


def test_keys_change_at_the_beginning_of_an_item() -> None:
    base = "steps:\n  - name: a\n    run: x\n    env: 1\n"
    ours = base.replace("env: 1", "env: 2")
    theirs = "steps:\n  - if: always()\n    # why\n    name: a\n    env: 1\n"
    merged = "steps:\n  - if: always()\n    # why\n    name: a\n    env: 2\n"
    expect(
        merge_texts("a.yml", base, ours, theirs),
        merged.replace("    # why\n", ""),
        taken=["steps[a].run", "steps[a].if"],
    )


@pytest.mark.parametrize(
    "foreign",
    [
        "a: !own\n  b: 1\n",
        "!own a: 1\n",
        "!own\na: 1\n",
        "a: &x 1\nb: *x\n",
        "base: {a: 1}\nb:\n  <<: {c: 1}\n",
        "a: 1\n---\nb: 1\n",
        "a: 1\n...\n",
        "%YAML 1.1\n---\na: 1\n",
        "a: 1\na: 2\n",
        "? [x, y]\n: 1\n",
        "a: [1\n",
        "a:\n\tb: 1\n",
        "just text\n",
        "- 1\n- 2\n",
        "a: |+\n  x\n\n",
        "a: " + "[" * 10000,
        "a:" + " -" * 10000,
    ],
)
def test_what_keys_cannot_tell(foreign: str) -> None:
    for ours, theirs in ((foreign, "a: 3\n"), ("a: 3\n", foreign)):
        with pytest.raises(NotByKeys):
            merge_texts("mkdocs.yml", "a: 1\n", ours, theirs)


def test_a_step_without_a_name_that_both_wrote_anew() -> None:
    ours, theirs = WORKFLOW.replace("make test", "make mine"), WORKFLOW.replace("make test", "make check")
    text, conflicts, taken = merge_texts("ci.yml", WORKFLOW, ours, theirs)
    expect((text, conflicts, taken), ours, conflicts=["jobs.test.steps[make test]"])
    expect(
        merge_texts("ci.yml", WORKFLOW, WORKFLOW, theirs),
        theirs,
        taken=["jobs.test.steps[make test]", "jobs.test.steps[make check]"],
    )


def test_an_update_bot_of_two_ecosystems() -> None:
    base = """
        version: 2
        updates:
          - package-ecosystem: pip
            directory: /
            schedule: {interval: weekly}
          - package-ecosystem: github-actions
            directory: /
            schedule: {interval: weekly}
    """
    ours = base.replace("weekly", "daily", 1)
    theirs = base.replace(
        "directory: /\n            schedule: {interval: weekly}\n    ", "directory: /\n    "
    )
    theirs = base.rstrip() + "\n            cooldown:\n              default-days: 7\n    "
    merged = ours.rstrip() + "\n            cooldown:\n              default-days: 7\n    "
    text, conflicts, taken = merge_texts(".github/dependabot.yml", base, ours, theirs)
    assert (conflicts, taken) == ([], ["updates[github-actions /].cooldown"])
    assert text == merge_texts("a.yml", None, merged, merged)[0]


def test_requirements_of_conda_with_a_list_for_pip() -> None:
    base = "name: x\ndependencies:\n  - python=3.11\n  - numpy=1.26\n  - pip:\n    - dvc>=3\n"
    ours = base.replace("numpy=1.26", "numpy=2.0").replace("dvc>=3\n", "dvc>=3\n    - mine\n")
    theirs = base.replace("3.11", "3.12").replace("dvc>=3", "dvc>=3.50\n    - mlflow")
    merged = ours.replace("3.11", "3.12").replace("dvc>=3", "dvc>=3.50\n    - mlflow")
    text, conflicts, _ = merge_texts("environment.yml", base, ours, theirs)
    assert (text, conflicts) == (merged, [])


def test_items_of_one_name_are_told_apart_by_what_they_hold() -> None:
    base = "repos:\n- repo: local\n  hooks: [{id: a, x: 1}]\n"
    ours = "repos:\n- repo: local\n  hooks: [{id: mine}]\n- repo: local\n  hooks: [{id: a, x: 1}]\n"
    theirs = base.replace("x: 1", "x: 2")
    merged = ours.replace("x: 1", "x: 2")
    text, conflicts, _ = merge_texts("a.yml", base, ours, theirs)
    assert (text, conflicts) == (merged, [])


COMPOSE = """
    services:
      app:
        ports:
          - "8080:80"
        environment:
          - MODE=test
          - LEVEL=1
        volumes: [./data:/data, "cache:/cache:ro"]
        args: [--ignore=a, --ignore=b]
        lint: [E, F]
"""


@pytest.mark.parametrize(
    ("mine", "yours", "merged", "conflicts"),
    [
        (("8080", "9090"), ("MODE=test", "MODE=real"), ("9090:80", "MODE=real"), []),
        (("8080", "9090"), ("8080", "7070"), ("9090:80",), ["services.app.ports[80]"]),
        (("LEVEL=1", "LEVEL=2"), ("LEVEL=1", "LEVEL=3"), ("LEVEL=2",), ["services.app.environment[LEVEL]"]),
        (("./data:", "./raw:"), ("./data:", "./big:"), ("./raw:/data",), ["services.app.volumes[/data]"]),
        (("=b]", "=b, --ignore=c]"), ("=b]", "=b, --ignore=d]"), ("--ignore=c", "--ignore=d"), []),
        (("E, F", "E, B"), ("E, F", "E, I"), ("[E, B]",), ["services.app.lint[F]"]),
        (("E, F", "E, B"), ("E, F", "D, F"), ("[B, D]",), []),
        (("E, F", "E, F, B"), ("E, F", "E, F, I"), ("[E, F, I, B]",), []),
    ],
)
def test_words_of_a_list(
    mine: tuple[str, str], yours: tuple[str, str], merged: tuple[str, ...], conflicts: list[str]
) -> None:
    text, clashes, _ = merge_texts("compose.yaml", COMPOSE, COMPOSE.replace(*mine), COMPOSE.replace(*yours))
    assert clashes == conflicts
    assert not [word for word in merged if word not in text], text
    if conflicts:
        assert text == raw(COMPOSE.replace(*mine)).decode()


SITE = """
    site_name: Churn
    plugins: [search]
    markdown_extensions:
      - attr_list
      - pymdownx.emoji:
          emoji_index: !!python/name:material.extensions.emoji.twemoji
          emoji_generator: !!python/name:material.extensions.emoji.to_svg  # drawn
      - pymdownx.superfences:
          custom_fences:
            - name: mermaid
              class: mermaid
              format: !!python/name:pymdownx.superfences.fence_code_format
    extra:
      token: !ENV [TOKEN, "none"]
      note: !text |
        two
        lines
"""


def test_tags_stay_what_they_are() -> None:
    ours = SITE.replace("site_name: Churn", "site_name: Ours").replace('"none"', '"ours"')
    theirs = SITE.replace("to_svg", "to_png").replace("- attr_list", "- attr_list\n      - admonition")
    merged = ours.replace("to_svg", "to_png").replace("- attr_list", "- attr_list\n      - admonition")
    emoji = "markdown_extensions[pymdownx.emoji].pymdownx.emoji.emoji_generator"
    taken = [emoji, "markdown_extensions[admonition]"]
    expect(merge_texts("mkdocs.yml", SITE, ours, theirs), merged, taken=taken)


def test_another_tag_is_another_value() -> None:
    mine, yours = "a: !one 1\nb: 1\n", "a: !two 1\nb: 1\n"
    expect(merge_texts("a.yml", "a: 1\nb: 1\n", mine, yours), mine, conflicts=["a"])
    expect(merge_texts("a.yml", "a: 1\nb: 1\n", "a: 1\nb: 2\n", yours), "a: !two 1\nb: 2\n", taken=["a"])


def test_nothing_that_a_tag_names_is_made() -> None:
    text = "a: !!python/object/apply:os.abort []\nb: 1\n"
    expect(
        merge_texts("a.yml", text, text, text.replace("b: 1", "b: 2")),
        text.replace("b: 1", "b: 2"),
        taken=["b"],
    )
