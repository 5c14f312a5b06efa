"""Tests in other languages than Python: which files a runner collects, and what they touch."""

import pytest

from mlscaffold import inventory, standard
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.teamwork import tests as readers
from mlscaffold.repo.trees.memory import MemoryTree

JUNIT = "class RowsTest {\n  @Test\n  void reads() {\n    %s\n  }\n}\n"
SCALATEST = 'class RowsSuite extends AnyFunSuite {\n  test("reads rows") {\n    %s\n  }\n}\n'
FLAT = (
    'class RowsSpec extends AnyFlatSpec {\n  "Rows" should "be read" in {\n    rows.size shouldBe 3\n  }\n}\n'
)


def found(files: dict[str, str]) -> list[tuple[str, str, int]]:
    return [tuple(test) for test in readers.tests(Repo(MemoryTree(files), standard.load()))]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("src/test/java/RowsTest.java", JUNIT % "assertEquals(3, rows.size());", ("JUnit", 1)),
        ("src/test/java/Rows.java", JUNIT % "assertThat(rows).hasSize(3);", ("JUnit", 1)),
        ("src/test/java/RowsTest.java", JUNIT % "System.out.println(rows);", None),
        ("src/test/java/RowsTest.java", JUNIT % "// assertEquals(3, rows.size());", None),
        ("src/test/java/RowsTest.java", (JUNIT % "assertTrue(a);").replace("@Test", "// @Test"), None),
        ("src/main/java/Rows.java", JUNIT % "assertTrue(a);", None),
        ("core/src/RowsTest.java", "  public void testRead() {\n    assertTrue(a);\n  }\n", ("JUnit", 1)),
        ("src/test/scala/RowsSuite.scala", SCALATEST % "assert(rows.size == 3)", ("ScalaTest", 1)),
        ("src/test/scala/RowsSuite.scala", SCALATEST % "rows.size should be (3)", ("ScalaTest", 1)),
        ("src/test/scala/RowsSuite.scala", SCALATEST % "rows.show()", None),
        ("src/test/scala/RowsSpec.scala", FLAT, ("ScalaTest", 1)),
        ("src/test/scala/RowsTest.scala", JUNIT % "assertEquals(3, rows.size)", ("JUnit", 1)),
        ("src/main/scala/TrainTestSplit.scala", SCALATEST % "assert(rows.size == 3)", None),
        ("src/test/kotlin/RowsTest.kt", JUNIT % "assertEquals(3, rows.size)", ("JUnit", 1)),
        (
            "test/runtests.jl",
            '@testset "a" begin\n  @test f(1) == 2\n  @test_throws Error f(0)\nend\n',
            ("julia", 2),
        ),
        ("test/nets/layers.jl", "@test size(x) == (3,)\n", ("julia", 1)),
        ("test/runtests.jl", '@testset "a" begin\n  println(1)\nend\n', None),
        ("src/rows.jl", '@testitem "rows" begin\n  @test rows() == 3\nend\n', ("TestItems", 1)),
        ("src/rows.jl", "@test rows() == 3\n", None),
        ("tests/testthat/test-rows.R", 'test_that("a", {\n  rows |> expect_length(3)\n})\n', ("testthat", 1)),
        ("tests/testthat/test-rows.R", 'test_that("a", {\n  # expect_length(rows, 3)\n})\n', None),
        ("inst/tinytest/test_rows.R", "expect_equal(rows(), 3)\n", ("tinytest", 1)),
        ("inst/unitTests/test_rows.R", "test_rows <- function() checkEquals(rows(), 3)\n", ("RUnit", 1)),
        ("tests/rows.R", "library(a)\nstopifnot(rows() == 3)\n", ("R CMD check", 1)),
        ("R/rows.R", "rows <- function(n) stopifnot(n > 0)\n", None),
    ],
)
def test_what_a_runner_collects(path: str, text: str, expected: tuple[str, int] | None) -> None:
    assert found({path: text}) == ([(path, *expected)] if expected else [])


@pytest.mark.parametrize(
    ("expected", "line"),
    [(True, "var m = pipeline.fit(rows); assertNotNull(m);"), (False, "assertEquals(3, sum(1, 2));")],
)
def test_what_they_touch(expected: bool, line: str) -> None:
    files = {"src/test/java/RowsTest.java": JUNIT % line}
    known = inventory.load()["tests_cover_data_or_model"].take(Repo(MemoryTree(files), standard.load()))
    assert known.value is expected


SUITE = {"src/test/java/RowsTest.java": JUNIT % "assertEquals(3, rows.size());"}


@pytest.mark.parametrize(
    ("expected", "command", "files"),
    [
        (True, "mvn -B package --file pom.xml", SUITE),
        (False, "mvn -B package --file pom.xml", {}),
        (False, "mvn -B package -DskipTests", SUITE),
        (True, "./gradlew build", SUITE),
        (False, "./gradlew build -x test", SUITE),
        (True, "sbt clean coverage test", SUITE),
        (False, "sbt compile", SUITE),
    ],
)
def test_a_build_that_runs_the_tests_on_its_way(expected: bool, command: str, files: dict[str, str]) -> None:
    workflow = f"jobs:\n  a:\n    steps:\n      - run: {command}\n"
    repo = Repo(MemoryTree({**files, ".github/workflows/a.yml": workflow}), standard.load())
    assert inventory.load()["ci_runs_tests"].take(repo).value is expected


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (True, "language: scala\nscala: 2.13.1\n"),
        (False, "language: scala\nscript: sbt compile\n"),
        (False, "language: python\ninstall: pip install .\n"),
    ],
)
def test_what_travis_runs_by_itself(expected: bool, text: str) -> None:
    repo = Repo(MemoryTree({**SUITE, ".travis.yml": text}), standard.load())
    assert inventory.load()["ci_runs_tests"].take(repo).value is expected


@pytest.mark.parametrize(
    ("fact", "expected", "files"),
    [
        ("formatter", ["scalafmt"], {".scalafmt.conf": "version = 3.8.3\n"}),
        ("formatter", ["juliaformatter"], {".JuliaFormatter.toml": 'style = "blue"\n'}),
        (
            "formatter",
            ["spotless"],
            {"build.gradle": "plugins {\n  id 'com.diffplug.spotless' version '6.25.0'\n}\n"},
        ),
        ("formatter", ["air"], {"air.toml": "[format]\nline-width = 100\n"}),
        (
            "linters",
            ["checkstyle"],
            {"pom.xml": "<plugin><artifactId>maven-checkstyle-plugin</artifactId></plugin>\n"},
        ),
        ("linters", ["checkstyle"], {"build.gradle": "plugins {\n    id 'checkstyle'\n}\n"}),
        ("linters", [], {"build.gradle": "// checkstyle comes later\n"}),
        (
            "linters",
            ["scalafix"],
            {"project/plugins.sbt": 'addSbtPlugin("ch.epfl.scala" % "sbt-scalafix" % "0.12")\n'},
        ),
    ],
)
def test_formatters_and_linters(fact: str, expected: list[str], files: dict[str, str]) -> None:
    assert inventory.load()[fact].take(Repo(MemoryTree(files), standard.load())).value == expected
