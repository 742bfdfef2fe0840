"""Tests in other languages than Python: what counts, and what only looks like it."""

import json

import pytest

from portfolio import checks
from portfolio.checks import Outcome
from portfolio.checks.tests.language import Project, Rank
from portfolio.checks.tests.languages import ALL, LANGUAGES
from portfolio.github.snapshot import Snapshot, TreeEntry, Unread
from tests.portfolio.trees import inspect, tree

REAL = {
    "src/sum.test.js": "import { sum } from './sum'\n\ntest('adds', () => {\n  expect(sum(1, 2)).toBe(3)\n})\n",
    "src/__tests__/sum.tsx": "it('adds', async () => {\n  assert.equal(await sum(1, 2), 3)\n})\n",
    "test/sum.js": (
        "const assert = require('assert')\ndescribe('sum', () => {\n"
        "  it('adds', () => sum(1).should.equal(1))\n})\n"
    ),
    "test.js": "const assert = require('node:assert')\nassert.strictEqual(sum(1, 2), 3)\n",
    "regression_test.go": 'package r\n\nfunc TestRun(t *testing.T) {\n\tif Run() != 1 {\n\t\tt.Errorf("no")\n\t}\n}\n',
    "pkg/x_test.go": "func ExampleRun() {\n\tfmt.Println(Run())\n\t// Output: 1\n}\n",
    "tests/run.rs": "#[test]\nfn runs() {\n    assert_eq!(run(), 1);\n}\n",
    "src/lib.rs": (
        "pub fn run() -> i32 { 1 }\n\n#[cfg(test)]\nmod tests {\n    #[test]\n"
        "    fn runs() {\n        assert!(super::run() == 1);\n    }\n}\n"
    ),
    "src/test/java/RunTest.java": (
        "import org.junit.Test;\npublic class RunTest {\n  @Test\n"
        "  public void runs() {\n    assertEquals(1, Run.run());\n  }\n}\n"
    ),
    "src/test/kotlin/RunTest.kt": "class RunTest {\n  @Test fun runs() {\n    assertEquals(1, run())\n  }\n}\n",
    "src/test/scala/RunSuite.scala": (
        'class RunSuite extends munit.FunSuite {\n  test("runs") {\n'
        "    assertEquals(run(), 1)\n  }\n}\n"
    ),
    "core/src/test/scala/RunSpec.scala": (
        'class RunSpec extends AnyFlatSpec {\n  "run" should "be one" in {\n'
        "    run() shouldBe 1\n  }\n}\n"
    ),
    "tests/testthat/test-run.R": 'test_that("it runs", {\n  expect_equal(run(), 1)\n})\n',
    "test/runtests.jl": 'using Test\n@testset "run" begin\n    @test run() == 1\nend\n',
    "tests/run_test.cc": "TEST(Run, One) {\n  EXPECT_EQ(run(), 1);\n}\n",
    "test/test_run.h": 'TEST_CASE("run") {\n  REQUIRE(run() == 1);\n}\n',
    "tests/test_run.c": "int main(void) {\n  assert(run() == 1);\n  return 0;\n}\n",
    "tests.bats": '@test "runs" {\n  run ./run.sh\n  [ "$status" -eq 0 ]\n}\n',
    "spec/run_spec.rb": "describe Run do\n  it 'runs' do\n    expect(run).to eq(1)\n  end\nend\n",
    "tests/RunTest.php": (
        "class RunTest extends TestCase {\n  public function testRun() {\n"
        "    $this->assertSame(1, run());\n  }\n}\n"
    ),
    "Run.Tests/RunTests.cs": (
        "public class RunTests {\n  [Fact]\n  public void Runs() {\n"
        "    Assert.Equal(1, Run());\n  }\n}\n"
    ),
    "Tests/RunTests/RunTests.swift": (
        "final class RunTests: XCTestCase {\n  func testRun() {\n"
        "    XCTAssertEqual(run(), 1)\n  }\n}\n"
    ),
    "test/run_test.dart": "void main() {\n  test('runs', () {\n    expect(run(), 1);\n  });\n}\n",
    "test/run_test.exs": 'defmodule RunTest do\n  test "runs" do\n    assert run() == 1\n  end\nend\n',
    "test/Spec.hs": 'main = hspec $ do\n  it "runs" $\n    run `shouldBe` 1\n',
    "test/test_run.ml": 'let test_run () =\n  Alcotest.(check int) "one" 1 (run ())\n',
    "test/run_test.clj": "(deftest runs\n  (is (= 1 (run))))\n",
    "test/run.janet": "(assert (= 1 (run)))\n",
    "spec/run_spec.lua": "it('runs', function()\n  assert.are.equal(1, run())\nend)\n",
    "t/run.t": "use Test::More;\nis(run(), 1, 'runs');\n",
    "tests/testRun.m": "function testRun(testCase)\n  verifyEqual(testCase, run(), 1)\nend\n",
}


@pytest.mark.parametrize("path", REAL)
def test_a_real_case_is_found_in(path):
    verified = inspect({path: REAL[path]})["tests"]
    assert (verified.outcome, verified.state) == (Outcome.PASSED, "verified")
    item = verified.evidence[0]
    assert item.path == path
    assert item.line > 0
    assert verified.details["stubs"] == 0
    assert item.what


HOLLOW = {
    "src/sum.test.js": "test('adds', () => {\n  sum(1, 2)\n})\n",
    "x_test.go": "func TestRun(t *testing.T) {\n\tRun()\n}\n",
    "tests/run.rs": "#[test]\nfn runs() {\n    run();\n}\n",
    "src/test/java/RunTest.java": "public class RunTest {\n  @Test\n  public void runs() {\n    Run.run();\n  }\n}\n",
    "tests/testthat/test-run.R": 'test_that("it runs", {\n  run()\n})\n',
    "test/runtests.jl": 'using Test\n@testset "run" begin\n    # Write your own tests here.\nend\n',
    "tests/run_test.cc": "TEST(Run, One) {\n  run();\n}\n",
    "tests.bats": '@test "runs" {\n  ./run.sh\n}\n',
}


@pytest.mark.parametrize("path", HOLLOW)
def test_a_case_without_an_assertion_is_a_stub_in(path):
    stub = inspect({path: HOLLOW[path]})["tests"]
    assert (stub.outcome, stub.state) == (Outcome.FAILED, "stub")


def test_a_javascript_case_with_two_assertions_is_one_test():
    text = "test('adds', () => {\n  expect(f(1)).toBe(1)\n  expect(f(2)).toBe(2)\n})\n"
    assert inspect({"sum.test.js": text})["tests"].details["cases"] == 1


def test_a_test_file_above_the_size_limit_is_named_as_too_large():
    result = inspect({"tests/test_big.py": "x = 1\n" * 40_000})["tests"]
    assert (result.outcome, result.state) == (Outcome.UNKNOWN, "unverified")
    assert result.lookalikes[0].what == "it is larger than 200 kB"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("test.c", 'int main() {\n  for (int i = 0; i < 9; i++) printf("%d", i);\n}\n'),
        (
            "server/test-db-performance.ts",
            "const start = Date.now()\nawait query()\nconsole.log(Date.now() - start)\n",
        ),
        ("test/commented.js", "// it('adds', () => {\n//   expect(1).toBe(1)\n// })\n"),
        ("tests/block.rs", "/*\n#[test]\nfn runs() { assert!(true_thing()); }\n*/\n"),
        ("tests/plot.R", "plot(read.csv('test.csv'))\n"),
        ("tests/run.sh", "python train.py\necho done\n"),
    ],
)
def test_what_asserts_nothing_is_no_test(path, text):
    none = inspect({path: text})["tests"]
    assert none.outcome == Outcome.FAILED
    assert none.lookalikes[0].path == path


def test_rust_keeps_tests_inside_its_sources_and_the_longest_are_read():
    filler = "pub fn f() {}\n"
    files = {f"src/m{number}.rs": filler for number in range(30)}
    files["src/deep/tree.rs"] = (
        filler * 50 + "#[cfg(test)]\nmod tests {\n#[test]\nfn t() { assert!(f()); }\n}\n"
    )
    assert inspect(files)["tests"].evidence[0].path == "src/deep/tree.rs"


def test_of_very_many_test_files_some_stay_unread_and_that_is_said():
    files = {f"tests/test_{number:02}.py": "def helper():\n    pass\n" for number in range(60)}
    files["tests/test_59.py"] = "def test_a():\n    assert f()\n"
    result = inspect(files)["tests"]
    assert (result.outcome, result.state) == (Outcome.UNKNOWN, "unverified")
    assert {item.what for item in result.lookalikes} == {
        "we had read as many files as we read of one repository"
    }


def notebook(*sources):
    return json.dumps({"cells": [{"cell_type": "code", "source": source} for source in sources]})


def test_checks_inside_a_notebook_are_left_to_a_mentor():
    text = notebook("%%ipytest\ndef test_a():\n    assert predict(1) == 1\n", "ipytest.run()")
    result = inspect({"test_model.ipynb": text})["tests"]
    assert (result.outcome, result.state) == (Outcome.UNKNOWN, "notebook_checks")
    assert "code cell 1" not in result.summary
    assert result.evidence[0].path == "test_model.ipynb"


@pytest.mark.parametrize(
    "text", [notebook("assert len(df) > 0"), notebook("model.predict(test)"), "not json", "[1, 2]"]
)
def test_a_notebook_called_test_is_a_look_alike(text):
    result = inspect({"test.ipynb": text})["tests"]
    assert (result.outcome, result.state) == (Outcome.FAILED, "none_lookalike")
    assert "notebook" in result.lookalikes[0].what


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("data/test.csv", "data"),
        ("test/images/cat.jpg", "data"),
        ("notebooks/test_run.ipynb", "notebook"),
        ("tests/.gitkeep", "placeholder"),
        ("venv/lib/python3.11/site-packages/numpy/tests/test_a.py", "virtual environment"),
        ("node_modules/jest/test.js", "installed packages"),
        ("third_party/gtest/test_x.cc", "vendored"),
        ("build/lib/tests/test_a.py", "build output"),
    ],
)
def test_what_has_test_in_its_name_is_named_with_the_reason(path, why):
    result = inspect({path: "def test_a():\n    assert f()\n", "main.py": "x = 1\n"})["tests"]
    assert (result.outcome, result.state) == (Outcome.FAILED, "none_lookalike")
    assert result.lookalikes[0].path == path
    assert why in result.lookalikes[0].what


@pytest.mark.parametrize(
    "path", ["latest/contest.csv", "testimonials.html", "attest.txt", "src/protest.js"]
)
def test_a_word_that_only_contains_test_is_not_even_a_look_alike(path):
    result = inspect({path: "x", "main.py": "x = 1\n"})["tests"]
    assert (result.state, result.lookalikes) == ("none", ())


def test_a_committed_environment_under_any_name_is_not_the_learners():
    files = {
        "my-stuff/pyvenv.cfg": "home = /usr/bin",
        "my-stuff/Lib/test_a.py": "def test_a():\n    assert f()\n",
    }
    assert inspect(files)["tests"].outcome == Outcome.FAILED


def test_a_submodule_is_not_the_learners():
    entry = TreeEntry("tests/test_sub.py", mode="160000", type="commit")
    assert checks.wanted(Snapshot("a/b", "f" * 40, (entry,))) == []


def test_a_cut_file_list_makes_absent_tests_unknown():
    result = inspect({"data/1.jpg": "x"}, is_truncated=True)["tests"]
    assert (result.outcome, result.state) == (Outcome.UNKNOWN, "partial")


def test_a_cut_file_list_leaves_a_test_that_was_seen():
    files = {"test/runtests.jl": REAL["test/runtests.jl"]}
    assert inspect(files, is_truncated=True)["tests"].outcome == Outcome.PASSED


CHURN = "from churn import fit\n\ndef test_fit():\n    assert fit()\n"
BIKES = "from bikes import fit\n\ndef test_fit():\n    assert fit()\n"


@pytest.mark.parametrize(
    ("files", "outcome"),
    [
        ({"churn/tests/test_fit.py": CHURN}, Outcome.PASSED),
        ({"tests/test_churn.py": BIKES}, Outcome.PASSED),
        ({"tests/churn/test_fit.py": BIKES}, Outcome.PASSED),
        ({"tests/test_fit.py": CHURN}, Outcome.PASSED),
        ({"tests/test_fit.py": BIKES}, Outcome.FAILED),
        ({"bikes/tests/test_fit.py": BIKES}, Outcome.FAILED),
        ({"churning/tests/test_fit.py": CHURN}, Outcome.FAILED),
    ],
)
def test_of_a_linked_folder_only_its_own_tests_count(files, outcome):
    result = inspect({"churn/model.py": "def fit(): ...\n", **files}, folder="churn")["tests"]
    assert result.outcome == outcome


def test_a_test_at_the_root_that_was_not_read_may_be_about_the_linked_folder():
    files = {"churn/model.py": "def fit(): ...\n", "tests/test_fit.py": Unread.FAILED}
    assert inspect(files, folder="churn")["tests"].state == "unverified"


def test_the_linked_folders_own_tests_are_read_before_those_at_the_root():
    files = {"tests/test_a.py": CHURN, "churn/deep/er/tests/test_b.py": CHURN}
    wanted = checks.wanted(tree(files, folder="churn"))
    assert wanted == ["churn/deep/er/tests/test_b.py", "tests/test_a.py"]


def test_a_linked_folder_called_build_is_not_taken_for_build_output():
    files = {"build/tests/test_a.py": CHURN}
    assert inspect(files, folder="build")["tests"].outcome == Outcome.PASSED


@pytest.mark.parametrize("language", ALL, ids=lambda language: language.name)
def test_every_language_ranks_its_own_runners_names_first(language):
    paths = [
        path for path in REAL if language in LANGUAGES.get(path.rpartition(".")[2].lower(), ())
    ]
    ranks = [language.rank(path) for path in paths]
    if language.name not in ("Python", "notebook", "C or C++"):
        assert Rank.STRONG in ranks


@pytest.mark.parametrize("language", ALL, ids=lambda language: language.name)
@pytest.mark.parametrize("text", ["", "\0", "\n" * 9, "/*", '"""', "\u2028", "{" * 999, "é" * 99])
def test_no_language_raises_on_odd_text(language, text):
    assert language.examine("tests/test_x", text, Project()).cases == ()


LITERALS = {
    "tests/testthat/test-a.R": 'test_that("it works", {\n  expect_equal(2 * 2, 4)\n})\n',
    "test/runtests.jl": 'using Test\n@testset "a" begin\n    @test 1 == 1\nend\n',
    "src/test/scala/HelloSpec.scala": (
        'class HelloSpec extends AnyFunSuite {\n  test("hello") {\n    assert(1 + 1 == 2)\n  }\n}\n'
    ),
    "sum.test.js": "test('works', () => {\n  const x = 2\n  expect(x).toBe(2)\n})\n",
}


@pytest.mark.parametrize("path", LITERALS)
def test_an_assertion_that_compares_literals_alone_is_none(path):
    """The test that a package's generator writes; it passes whatever the project does."""
    result = inspect({path: LITERALS[path]})["tests"]
    assert result.outcome == Outcome.FAILED, result.summary
