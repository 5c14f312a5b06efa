"""What the configuration accepts, and what it says of the rest."""

import datetime

import pytest

from mlscaffold import standard
from mlscaffold.config import Config, Ignore, read_config, with_options
from mlscaffold.errors import Stop
from mlscaffold.globs import matches
from mlscaffold.repo.trees.memory import MemoryTree

CODES = ("VCS101", "VCS102", "ENV101", "TEAM101")


def read(text: str, name: str = "mlscaffold.toml", **more: str) -> Config:
    return read_config(MemoryTree({name: text, **more}), standard.load(), CODES)


def test_every_setting_is_read_from_either_file() -> None:
    text = """
    profile = "production"
    standard = "1.0"
    select = ["VCS", "ENV101"]
    exclude = ["third_party/"]
    thresholds = { large_file_bytes = 10 }
    ignore = [
        { code = "VCS101", reason = "for the paper", paths = ["a/*"], until = 2027-01-31, owner = "ada" },
    ]
    """
    ignore = Ignore("VCS101", "for the paper", ("a/*",), datetime.date(2027, 1, 31), "ada")
    expected = Config(
        profile="production",
        profile_source="mlscaffold.toml",
        standard="1.0",
        select=("VCS", "ENV101"),
        ignore=(ignore,),
        exclude=("third_party/",),
        thresholds={"large_file_bytes": 10},
        source="mlscaffold.toml",
    )
    assert read(text) == expected
    shared = read("[tool.mlscaffold]\n" + text, "pyproject.toml")
    assert shared.source == "pyproject.toml"
    assert shared.thresholds == expected.thresholds


def test_no_configuration_is_the_research_profile() -> None:
    assert read_config(MemoryTree({"pyproject.toml": "[tool.black]"}), standard.load(), CODES) == Config()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('profil = "team"', "mlscaffold.toml:1: profil is not a setting. Did you mean profile?"),
        ('profile = "huge"', "profile is 'huge'; it can be research, team, production."),
        ('select = ["VSC101"]', "no rule is called 'VSC101'. Did you mean VCS101?"),
        (
            'standard = "99.0"',
            "standard is 99.0, and this mlscaffold knows the standard up to 1.0: install a newer",
        ),
        (
            '[tool.mlscaffold]\nprofile = "team"',
            "needs no [tool.mlscaffold]: write its keys without that prefix",
        ),
        ('fleet = "team"', "fleet is not a setting. It can be profile, standard, select, ignore"),
        ('select = ["XYZ"]', "no rule is called 'XYZ'. `mlscaffold rules` lists them."),
        ('ignore = [{ reason = "x" }]', "ignore does not say what it accepts. Add code"),
        ('ignore = [{ code = "VCS", reason = "x", owner = 3 }]', "owner of VCS must be a text, not 3"),
        ('select = "VCS101"', "select must be a list"),
        ("select = [1]", "must be a list of strings; 1 is none"),
        ('ignore = ["VCS101"]', 'write { code = "…", reason = "…" } instead'),
        ('ignore = [{ code = "VCS101" }]', "VCS101 is ignored without a reason"),
        ('ignore = [{ code = "VCS101", reason = " " }]', "VCS101 is ignored without a reason"),
        ('ignore = [{ code = "VCS101", reason = "x", untill = 1 }]', "Did you mean until?"),
        ('ignore = [{ code = "VCS101", reason = "x", until = "2027" }]', "until of VCS101 must be a date"),
        ("thresholds = { large_file_byte = 1 }", "Did you mean large_file_bytes?"),
        ('thresholds = { large_file_bytes = "1" }', "must be a whole number, not '1'"),
        ("thresholds = { large_file_bytes = -1 }", "must be a whole number, not -1"),
        ('standard = "one"', "must be a version of the standard"),
        ("x = 1\nprofile = =", "mlscaffold.toml is not valid TOML: Invalid value (at line 2"),
    ],
)
def test_what_is_wrong_is_said_with_the_way_out(text: str, message: str) -> None:
    with pytest.raises(Stop) as stop:
        read(text)
    assert message in str(stop.value)


def test_the_line_is_the_one_in_our_table() -> None:
    text = '[tool.other]\nprofile = "x"\n\n[tool.mlscaffold]\nstandard = "1.0"\nprofile = "huge"\n'
    with pytest.raises(Stop, match=r"^pyproject.toml:6: tool.mlscaffold.profile is 'huge'"):
        read(text, "pyproject.toml")


def test_two_configurations_are_refused() -> None:
    with pytest.raises(Stop, match="Keep one of them"):
        read("", **{"pyproject.toml": "[tool.mlscaffold]\n"})


def test_a_broken_pyproject_is_left_to_the_audit() -> None:
    assert read("[tool.mlscaffold\n", "pyproject.toml") == Config()


def test_options_win_over_the_file() -> None:
    config = with_options(
        Config(profile="team", select=("VCS",)),
        profile="research",
        select=["ENV"],
        ignore=["ENV101"],
        codes=CODES,
    )
    assert (config.profile, config.select) == ("research", ("ENV",))
    assert config.ignore[0].covers("ENV101", "anything")
    with pytest.raises(Stop, match="--select: no rule is called 'EMV101'"):
        with_options(Config(), profile="", select=["EMV101"], ignore=[], codes=CODES)


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("data/", "data/raw/a.csv", True),
        ("data/", "src/data/a.csv", True),
        ("/data/", "src/data/a.csv", False),
        ("data", "database/a.csv", False),
        ("*.csv", "deep/a.csv", True),
        ("docs/*.ipynb", "docs/a.ipynb", True),
        ("docs/*.ipynb", "docs/deep/a.ipynb", False),
        ("docs/**/*.ipynb", "docs/deep/er/a.ipynb", True),
        ("docs/**/*.ipynb", "docs/a.ipynb", True),
        ("a?c", "abc", True),
        ("a.c", "abc", False),
    ],
)
def test_patterns_mean_what_people_expect(pattern: str, path: str, expected: bool) -> None:
    assert matches(pattern, path) is expected
