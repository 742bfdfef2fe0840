"""Whether what a README names is in the repository."""

import pytest

from portfolio.checks import Outcome
from tests.portfolio.trees import PROSE, Link, inspect

FILES = {
    "images/plot.png": "x",
    "docs/guide.md": "x",
    "src/train.py": "x = 1\n",
    "requirements.txt": "numpy==1\n",
}


def judge(line, files=FILES, **facts):
    return inspect({"README.md": f"{PROSE}\n{line}\n", **files}, **facts)["readme-links"]


@pytest.mark.parametrize(
    "line",
    [
        "![The plot](images/plot.png)",
        '![The plot](./images/plot.png?raw=true "A title")',
        "[The guide](docs/guide.md#how-to)",
        "[The guide](/docs/guide.md)",
        "[The folder](docs) and [again](docs/)",
        '<img src="images/plot.png" width="300">',
        "<a href='docs/guide.md'>guide</a>",
        "[guide]: docs/guide.md",
        "[code](https://github.com/ada-nwosu/bikes/blob/main/src/train.py#L3)",
        "[raw](https://raw.githubusercontent.com/Ada-Nwosu/bikes/main/images/plot.png)",
        "```\npython src/train.py --epochs 3\n```",
        "```\ncd src && python train.py\n```",
        "```\npip install -r requirements.txt\n```",
        "[with%20blanks](docs/guide%2Emd)",
    ],
)
def test_what_is_there_is_found(line):
    result = judge(line)
    assert (result.outcome, result.state) == (Outcome.PASSED, "resolved"), result.summary
    assert result.evidence[0].path == "README.md"


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        ("![The plot](images/gone.png)", "images/gone.png"),
        ("[The guide](docs/gone.md)", "docs/gone.md"),
        ("<img src=images/gone.png>", "images/gone.png"),
        ("[guide]: gone.md", "gone.md"),
        ("[code](https://github.com/ada-nwosu/bikes/blob/main/gone.py)", "gone.py"),
        ("```\npython gone.py\n```", "gone.py"),
        ("```\npip install -r gone.txt\n```", "gone.txt"),
        ("```\nstreamlit run gone.py\n```", "gone.py"),
        ("```\nconda env create -f gone.yml\n```", "gone.yml"),
    ],
)
def test_what_is_not_there_is_named_with_its_line(line, missing):
    result = judge(line)
    assert (result.outcome, result.state) == (Outcome.FAILED, "broken")
    assert result.details["missing"] == [missing]
    assert f"line {result.evidence[0].line} of README.md" in result.fix
    rows = f"{PROSE}\n{line}\n".splitlines()
    assert missing.rpartition("/")[2] in rows[result.evidence[0].line - 1]


def test_another_spelling_of_the_name_is_shown():
    result = judge("![The plot](images/Plot.PNG)")
    assert result.outcome == Outcome.FAILED
    assert result.lookalikes[0].path == "images/plot.png"


@pytest.mark.parametrize(
    "line",
    [
        "[site](https://example.org/a.png) and [mail](mailto:a@example.org)",
        "[below](#usage)",
        "[other](https://github.com/someone/else/blob/main/gone.py)",
        "[branch](https://github.com/ada-nwosu/bikes/blob/dev/gone.py)",
        "[issues](../../issues) and [wiki](../../wiki)",
        "![badge](https://img.shields.io/a.svg)",
        "`[not](a-link.md)`",
        "```\n[not](a-link.md)\n```",
        "<!-- [not](a-link.md) -->",
        "```\npython path/to/script.py\npython <your_script>.py\npython /opt/a.py\n```",
        "```\npython -m bikes.train\npython --version\n```",
        "```\ngit clone https://github.com/someone/tool.git\ncd tool\npython setup_tool.py\n```",
        "[name](your-file.md)",
    ],
)
def test_what_leads_elsewhere_is_not_asked_for(line):
    assert judge(line).outcome == Outcome.NOT_APPLICABLE


def test_a_clone_of_this_very_repository_changes_nothing():
    line = "```\ngit clone https://github.com/ada-nwosu/bikes.git\npython gone.py\n```"
    assert judge(line).outcome == Outcome.FAILED


def test_what_may_be_in_a_part_that_was_not_listed_is_open():
    assert judge("![a](images/gone.png)", is_truncated=True).outcome == Outcome.UNKNOWN


def test_what_is_in_a_submodule_or_behind_a_link_cannot_be_told():
    assert judge("[a](data/trips/a.csv)", {"data/trips": Link("../trips")}).state == "resolved"


def test_a_readme_in_a_folder_names_files_from_there():
    files = {"docs/README.md": f"{PROSE}\n[g](guide.md) [t](../src/train.py)\n", **FILES}
    assert inspect(files)["readme-links"].state == "resolved"


def test_other_markup_has_links_too():
    rst = f"Bikes\n=====\n\n{PROSE}\n.. image:: images/gone.png\n"
    assert inspect({"README.rst": rst})["readme-links"].outcome == Outcome.FAILED


def test_without_a_readme_nothing_is_asked():
    assert inspect({"a.py": "x"})["readme-links"].outcome == Outcome.NOT_APPLICABLE
