"""The measurement of the checks over a labelled corpus, on a corpus of two repositories."""

import gzip
import json

import pytest

from bench import accuracy
from tests.portfolio.trees import PROSE

TEXTS = {
    "ada/good": {
        "README.md": PROSE,
        "tests/test_a.py": "def test_a():\n    assert f()\n",
        "data/big.csv": None,
    },
    "ben/bare": {"main.py": "print(1)\n", "test.csv": None},
}


def label(repository, has_readme, has_tests):
    known = dict.fromkeys(accuracy.VERDICTS, False)
    known |= {"has_readme": has_readme, "readme_substantial": has_readme, "has_tests": has_tests}
    return {
        **known,
        "repo": repository,
        "record": f"{repository.replace('/', '__')}.json.gz",
        "readme_path": "README.md" if has_readme else None,
        "readme_sections": dict.fromkeys(accuracy.SECTIONS, False),
    }


@pytest.fixture
def corpus(tmp_path):
    """Two repositories; of the second the label says, wrongly, that it has tests."""
    labels = [label("ada/good", True, True), label("ben/bare", False, True)]
    labels[1]["has_licence"] = None
    (tmp_path / "labels.jsonl").write_text("\n".join(json.dumps(row) for row in labels) + "\n")
    for row in labels:
        texts = TEXTS[row["repo"]]
        record = {
            "repo": row["repo"],
            "commit": "a" * 40,
            "tree": [
                {
                    "path": path,
                    "mode": "100644",
                    "type": "blob",
                    "sha": "b" * 40,
                    "size": len(text or "xx"),
                }
                for path, text in texts.items()
            ],
            "blobs": {path: text for path, text in texts.items() if text is not None},
        }
        with gzip.open(tmp_path / row["record"], "wt") as packed:
            json.dump(record, packed)
    return tmp_path


@pytest.mark.parametrize("way", [[], ["--direct"]])
def test_every_verdict_is_compared_with_its_label(corpus, capsys, way):
    assert accuracy.main(["--corpus", str(corpus), "--json", *way]) == 0
    measured = json.loads(capsys.readouterr().out)
    assert measured["repositories"] == 2
    assert measured["readme_path_accuracy"] == 1.0
    tests = measured["verdicts"]["has_tests"]
    assert (tests["tp"], tests["fn"], tests["recall"], tests["accuracy"]) == (1, 1, 0.5, 0.5)
    assert measured["verdicts"]["has_licence"]["tn"] == 1  # the label of null is left out
    assert measured["verdicts"]["section: problem"]["fp"] == 1
    assert bool(measured["requests"]) is not bool(way)


def test_disagreements_are_listed_with_what_the_check_said(corpus, capsys):
    accuracy.main(["--corpus", str(corpus), "--direct", "--verbose"])
    printed = capsys.readouterr().out
    assert "has_tests: fn       ben/bare: No tests found" in printed
    assert "readme path            2 of 2 right" in printed


def test_a_file_without_text_is_unknown_and_counts_as_wrong(corpus, capsys):
    path = corpus / "ada__good.json.gz"
    with gzip.open(path, "rt") as packed:
        record = json.load(packed)
    del record["blobs"]["tests/test_a.py"]
    with gzip.open(path, "wt") as packed:
        json.dump(record, packed)
    accuracy.main(["--corpus", str(corpus), "--json"])
    tests = json.loads(capsys.readouterr().out)["verdicts"]["has_tests"]
    assert (tests["unknown"], tests["accuracy"]) == (1, 0.0)


def test_without_a_corpus_there_is_nothing_to_measure(capsys):
    assert accuracy.main([]) == 0
    assert "--corpus" in capsys.readouterr().out
