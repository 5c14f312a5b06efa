"""Facts of Scala and Java: what trains, what it draws, what seeds it, what is held back, what can be set."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlscaffold import inventory, standard
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.jvm import chain, root
from mlscaffold.repo.training.jvm import given as arguments
from mlscaffold.repo.trees.memory import MemoryTree


def value(fact: str, files: dict[str, str]) -> object:
    return inventory.load()[fact].take(Repo(MemoryTree(files), standard.load())).value


SCALA = """package a
import org.apache.spark.ml.Pipeline
import org.apache.spark.ml.classification.RandomForestClassifier
import org.apache.spark.ml.feature.{StandardScaler, StringIndexer}

object Train extends App {
  val rows = spark.read.parquet(args(0))
  %s
}
"""
FOREST = (
    "val forest = new RandomForestClassifier()\n  val m = new Pipeline().setStages(Array(forest)).fit(part)"
)
LINE = "val model = new LogisticRegression().setMaxIter(9)\n    .fit(part)"
SPLIT = "val Array(part, rest) = rows.randomSplit(Array(0.8, 0.2)%s)\n  " + LINE
JAVA = """package a;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.DataSet;
import java.util.*;

public class Train {
  public static void main(String[] args) throws Exception {
    %s
  }
}
"""
NET = """MultiLayerConfiguration conf = new NeuralNetConfiguration.Builder()
        .updater(new Adam(1e-3))%s
        .list().layer(new DenseLayer.Builder().nIn(4).build()).build();
    MultiLayerNetwork net = new MultiLayerNetwork(conf);
    net.fit(rows);"""
SEEDED = NET % "\n        .seed(7)"
WEKA = """import weka.classifiers.Evaluation;
import weka.classifiers.trees.RandomForest;
import java.util.Random;
class A {
  static void main(String[] args) {
    Evaluation e = new Evaluation(data);
    e.crossValidateModel(new RandomForest(), data, 10, new Random(%s));
  }
}
"""
SMILE = """import smile.classification.RandomForest;
class A { public static void main(String[] args) { var m = RandomForest.fit(formula, %s); } }
"""


@pytest.mark.parametrize(
    ("expected", "files"),
    [
        ("none", {"Train.scala": SCALA % (SPLIT % "")}),
        ("all", {"Train.scala": SCALA % (SPLIT % ", 42L")}),
        ("all", {"Train.scala": SCALA % (SPLIT % ", seed = 42L")}),
        ("none", {"Train.scala": SCALA % (SPLIT % ", System.currentTimeMillis")}),
        ("none", {"Train.scala": SCALA % ("// rows.randomSplit(w, 42)\n  " + SPLIT % "")}),
        ("all", {"Train.scala": SCALA % FOREST}),
        ("partial", {"Train.scala": SCALA % (SPLIT % "" + "\n  " + FOREST)}),
        ("n/a", {"Train.scala": SCALA % LINE}),
        ("n/a", {"Train.scala": SCALA % "new StringIndexer().setInputCol(a).fit(rows)"}),
        ("none", {"Train.scala": SCALA % ("val part = rows.sample(false, 0.1)\n  " + LINE)}),
        ("all", {"Train.scala": SCALA % ("val part = rows.sample(false, 0.1, 7L)\n  " + LINE)}),
        ("none", {"Train.scala": SCALA % ("val part = rows.orderBy(rand())\n  " + LINE)}),
        ("none", {"Train.scala": SCALA % ("val order = Random.shuffle(ids)\n  " + LINE)}),
        ("all", {"Train.scala": SCALA % ("Random.setSeed(1)\n  val o = Random.shuffle(ids)\n  " + LINE)}),
        ("n/a", {"src/test/scala/Train.scala": SCALA % (SPLIT % "")}),
        ("n/a", {"core/TrainSuite.scala": SCALA % (SPLIT % "")}),
        ("n/a", {"Train.scala": (SCALA % (SPLIT % "")).replace(" extends App", "")}),
        ("none", {"src/main/scala/TrainAndTest.scala": SCALA % (SPLIT % "")}),
        ("n/a", {"weka/core/Instances.java": "class Instances {}\n", "weka/A.java": WEKA % ""}),
        ("n/a", {"Train.scala": SCALA % (SPLIT % ""), "build.sbt": "publishTo := Some(central)\n"}),
        ("none", {"Train.java": JAVA % (NET % "")}),
        ("all", {"Train.java": JAVA % SEEDED}),
        ("n/a", {"Train.java": JAVA % (NET % "").replace("Builder()\n", "Builder(old)\n")}),
        ("none", {"Train.java": JAVA % (NET % "\n        .seed(System.nanoTime())")}),
        ("partial", {"Train.java": JAVA % ("rows.shuffle();\n    " + SEEDED)}),
        ("all", {"Train.java": JAVA % ("rows.shuffle(9);\n    " + SEEDED)}),
        ("partial", {"Train.java": JAVA % ("Collections.shuffle(files);\n    " + SEEDED)}),
        ("all", {"Train.java": JAVA % ("Collections.shuffle(files, rng);\n    " + SEEDED)}),
        ("partial", {"Train.java": JAVA % ("Random r = new Random();\n    " + SEEDED)}),
        ("all", {"Train.java": JAVA % ("Random r = new Random(); r.setSeed(1);\n    " + SEEDED)}),
        ("all", {"A.java": WEKA % "1"}),
        ("partial", {"A.java": WEKA % ""}),
        ("unknown", {"A.java": SMILE % "data"}),
        (
            "n/a",
            {"A.java": "import java.util.Random;\nclass A { void main() { new Random().nextInt(); } }\n"},
        ),
    ],
)
def test_seeds(expected: str, files: dict[str, str]) -> None:
    assert value("seeds", files) == expected


def test_an_older_estimator_takes_the_clock_where_the_newer_has_a_fixed_seed() -> None:
    body = "val model = new ALS().setRank(5).run(rows)\n  val part = KMeans.train(rows, 3, 20)"
    older = (SCALA % body).replace("ml.Pipeline", "mllib.recommendation.ALS")
    assert value("seeds", {"Train.scala": older}) == "none"
    newer = (SCALA % "val model = new ALS().setRank(5).fit(rows)").replace(
        "ml.Pipeline", "ml.recommendation.ALS"
    )
    assert value("seeds", {"Train.scala": newer}) == "all"


@pytest.mark.parametrize(
    ("expected", "files"),
    [
        (["spark"], {"Train.scala": SCALA % (SPLIT % "")}),
        (["deeplearning4j"], {"Train.java": JAVA % SEEDED}),
        (["deeplearning4j", "java"], {"Train.java": JAVA % ("double x = Math.random();\n    " + SEEDED)}),
        (["java", "weka"], {"A.java": WEKA % "1"}),
        (
            ["scala", "spark"],
            {"T.scala": SCALA % ("import scala.util.Random\n  new Random(1)\n  " + SPLIT % "")},
        ),
    ],
)
def test_libraries(expected: list[str], files: dict[str, str]) -> None:
    assert value("rng_libs", files) == expected


@pytest.mark.parametrize(
    ("expected", "files"),
    [
        ("yes", {"Train.scala": SCALA % (SPLIT % "")}),
        ("no", {"Train.scala": SCALA % FOREST}),
        ("no", {"Train.scala": SCALA % ("// rows.randomSplit(w)\n  " + FOREST)}),
        ("yes", {"Train.scala": SCALA % ("val cv = new CrossValidator().setNumFolds(3)\n  " + FOREST)}),
        ("no", {"Train.scala": SCALA % ("val cv = CrossValidatorModel.load(a)\n  " + FOREST)}),
        ("yes", {"Train.scala": SCALA % ('val held = spark.read.csv("data/test.csv")\n  ' + FOREST)}),
        ("yes", {"Train.scala": SCALA % ("val testData = rows.where(year > 2020)\n  " + FOREST)}),
        ("unknown", {"Train.java": JAVA % SEEDED}),
        ("no", {"Train.java": JAVA % ("rows.load(new FileSplit(file));\n    " + SEEDED)}),
        (
            "yes",
            {"Train.java": JAVA % ("DataSet test = all.splitTestAndTrain(0.7).getTest();\n    " + SEEDED)},
        ),
        ("yes", {"Train.java": JAVA % ("var e = new MnistDataSetIterator(64, false, 1);\n    " + SEEDED)}),
        ("no", {"Train.java": JAVA % ("var e = new MnistDataSetIterator(64, true, 1);\n    " + SEEDED)}),
        ("yes", {"A.java": WEKA % "1"}),
    ],
)
def test_held_out_data(expected: str, files: dict[str, str]) -> None:
    assert value("data_split", files) == expected


@pytest.mark.parametrize(
    ("expected", "files"),
    [
        (False, {"Train.scala": SCALA % FOREST}),
        (True, {"Train.scala": SCALA % ("val numTrees = args(1).toInt\n  " + FOREST)}),
        (False, {"Train.scala": SCALA % ("val input = args(1)\n  " + FOREST)}),
        (True, {"Train.scala": SCALA % ('opt[Int]("max-depth").action(f)\n  ' + FOREST)}),
        (False, {"Train.scala": SCALA % ('opt[String]("input-path").action(f)\n  ' + FOREST)}),
        (True, {"Train.scala": SCALA % ('val n = config.getInt("training.epochs")\n  ' + FOREST)}),
        (False, {"Train.scala": SCALA % ('val n = row.getInt("epochs")\n  ' + FOREST)}),
        (False, {"Train.scala": SCALA % ('val n = config.getString("spark.ml.model.dir")\n  ' + FOREST)}),
        (True, {"Train.java": JAVA % ("int epochs = Integer.parseInt(args[0]);\n    " + SEEDED)}),
        (
            True,
            {"Train.java": JAVA % ('int n = Integer.parseInt(props.getProperty("batch.size"));\n' + SEEDED)},
        ),
        (True, {"Train.java": JAVA % ('options.addOption("e", "epochs", true, "rounds");\n    ' + SEEDED)}),
        (True, {"Train.java": JAVA % ('@Parameter(names = "--learning-rate") double r;\n    ' + SEEDED)}),
        (True, {"Train.scala": SCALA % ("forest.setMaxDepth(args(2).toInt)\n  " + FOREST)}),
        (
            False,
            {
                "Train.java": JAVA % ("new Properties().load(in);\n" + SEEDED),
                "a.conf": "BATCH_TIME_IN_SECONDS=1\n",
            },
        ),
        (False, {"Train.java": JAVA % SEEDED, "a.properties": "epochs = 3\n"}),
        (
            True,
            {"Train.java": JAVA % ("new Properties().load(in);\n" + SEEDED), "a.properties": "epochs = 3\n"},
        ),
        (True, {"A.java": WEKA % "props.load(new Properties())", "a.properties": "rf.options=-I 100\n"}),
    ],
)
def test_settings_from_outside(expected: object, files: dict[str, str]) -> None:
    assert value("hparams_externalised", files) == expected


LEAKS = """val scaler = new StandardScaler().setInputCol("a")
  val scaled = scaler.fit(rows).transform(rows)
  %s"""


@pytest.mark.parametrize(
    ("expected", "files"),
    [
        (
            ["T.scala:9"],
            {"T.scala": SCALA % (LEAKS % "val Array(a, b) = scaled.randomSplit(w, 1)\n  " + LINE)},
        ),
        (
            [],
            {
                "T.scala": SCALA
                % ("val Array(train, b) = rows.randomSplit(w, 1)\n  " + LEAKS.replace("rows", "train") % LINE)
            },
        ),
        ([], {"T.scala": SCALA % ("val index = new StringIndexer().fit(rows)\n  " + SPLIT % "")}),
        ([], {"T.scala": SCALA % (LEAKS % "val Array(a, b) = others.randomSplit(w, 1)\n  " + LINE)}),
        (
            ["T.java:10"],
            {
                "T.java": JAVA
                % (
                    "DataNormalization n = new NormalizerStandardize();\n    n.fit(rows);\n"
                    "    SplitTestAndTrain s = rows.splitTestAndTrain(0.7);\n    " + SEEDED
                )
            },
        ),
        (
            [],
            {
                "T.java": JAVA
                % (
                    "ImagePreProcessingScaler n = new ImagePreProcessingScaler(0, 1);\n    n.fit(rows);\n"
                    "    SplitTestAndTrain s = rows.splitTestAndTrain(0.7);\n    " + SEEDED
                )
            },
        ),
    ],
)
def test_fitted_before_the_split(expected: list[str], files: dict[str, str]) -> None:
    assert value("leakage_fit_before_split", files) == expected


def test_a_notebook_in_scala_is_told_by_cell_and_line() -> None:
    source = ["import org.apache.spark.ml.classification.LogisticRegression\n", SPLIT % ""]
    book = {
        "cells": [{"cell_type": "code", "source": source, "outputs": [], "metadata": {}}],
        "metadata": {"kernelspec": {"language": "scala", "name": "scala"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    files = {"a.ipynb": json.dumps(book, indent=1)}
    assert value("seeds", files) == "none"
    assert value("data_split", files) == "yes"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("model", ("model", False)),
        ("new Pipeline().setStages(Array(a, b))", ("Pipeline", True)),
        ("new Trainer<>(a[0])\n      .with(b)", ("Trainer", True)),
        ("this.net", ("this", False)),
        ("f(x) + y", ("y", False)),
        (")", ("", False)),
    ],
)
def test_what_a_chain_of_calls_begins_with(code: str, expected: tuple[str, bool]) -> None:
    assert root(code, len(code)) == expected


def test_arguments_and_the_calls_that_follow() -> None:
    code = "split(new double[]{0.8, 0.2}, f(1, 2)).seed(3)\n  .list { x } next"
    assert arguments(code, 6) == ["new double[]{0.8, 0.2}", "f(1, 2)"]
    assert chain(code, 6) == ".seed(3)\n  .list { x }"


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="abN1.()[]{}<>,;\"'/*\n =`newRandomfitseed", max_size=300))
def test_any_source_is_read(text: str) -> None:
    files = {"T.scala": SCALA % text, "T.java": JAVA % text}
    for fact in ("seeds", "data_split", "hparams_externalised", "leakage_fit_before_split"):
        value(fact, files)


def test_long_sources_are_read_in_time() -> None:
    files = {"T.java": JAVA % ("a.fit(" + "b(" * 60_000), "S.scala": SCALA % (".fit(x)" * 20_000)}
    begin = time.process_time()
    value("seeds", files)
    value("leakage_fit_before_split", files)
    assert time.process_time() - begin < 8


@pytest.mark.parametrize(
    "body",
    [
        "val model = new KMeans()\n    .setK(3)\n    .run(rows)",
        "val lr = new LogisticRegressionWithLBFGS()\n  val model = lr.run(part)",
    ],
)
def test_an_older_estimator_runs_where_a_newer_one_fits(body: str) -> None:
    older = (SCALA % body).replace("ml.Pipeline", "mllib.clustering.KMeans")
    assert value("hparams_externalised", {"Train.scala": older}) is False


def test_smile_in_scala_has_short_names() -> None:
    text = "import smile.classification._\nobject A extends App { val m = randomForest(formula, iris) }\n"
    assert value("seeds", {"A.scala": text}) == "unknown"


def test_a_path_in_the_comment_of_a_class_is_no_path_of_the_program() -> None:
    text = '/**\n * line 703 of file:/home/david/pmml.xsd\n */\nclass A { String a = "/home/david/a.csv"; }\n'
    known = value("hardcoded_paths", {"A.java": text})
    assert known == {"list": ["A.java:4"], "total": 1}
