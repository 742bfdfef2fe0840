"""What a README says: enough or not, which topics, and on which line."""

import json

import pytest

from portfolio.checks import Outcome, prose
from portfolio.github.snapshot import Unread
from tests.portfolio.trees import PROSE, inspect

GUIDE = """\
# Bike demand

![build](https://img.shields.io/x.svg)

Which stations will run empty in the next hour? This project predicts bike demand per station.

## Data

Two years of trips, 1.2 million rows, from [the city](https://example.org/trips).

## Approaches

A seasonal baseline, then gradient boosting because the errors were largest in the rain.

## Evaluation

RMSE on the last eight weeks, which no model saw in training.

## Results

| model | RMSE |
| ----- | ---- |
| baseline | 5.21 |
| boosting | 3.47 |

## Install

```bash
pip install -r requirements.txt
python train.py
```
"""


def content(text, path="README.md"):
    return inspect({path: text})["readme-content"]


def sections(text, path="README.md"):
    return {name for name, line in content(text, path).details["sections"].items() if line}


def test_every_topic_of_the_guide_is_found_with_its_line():
    found = content(GUIDE)
    assert (found.outcome, found.state) == (Outcome.PASSED, "present")
    assert found.details["sections"] == {
        "problem": 5,
        "data": 7,
        "approach": 11,
        "evaluation": 15,
        "results": 19,
        "install_run": 26,
    }
    assert [item.line for item in found.evidence] == [5, 7, 11, 15, 19, 26]
    assert found.fix == ""


def test_a_missing_topic_is_asked_for():
    found = content(GUIDE.replace("## Data\n\nTwo years of trips, 1.2 million rows, from", "See"))
    assert found.details["sections"]["data"] is None
    assert "data set" in found.fix


@pytest.mark.parametrize(
    "text",
    [
        "# Iris\n",
        "# Lab 4\n\nHomework for course CS101.\n",
        "![logo](a.png)\n\n[![build](b.svg)](c)\n\n# Title\n",
        "# App\n\n## Install\n\n```\npip install app\napp run --port 80 --host all --verbose --and-much-more\n```\n",
        "# App\n\n## Setup\n\n1. Clone the repository to your own machine with git.\n"
        "2. Install the requirements with pip, in a virtual environment.\n"
        "3. Run the server and open the page in your browser to see it.\n",
        "# App\n\nAn application which keeps all the recipes of my grandmother and of her many sisters and shows them "
        "on the telephone of everybody who comes to dinner on a Sunday in the old house by the river in our village\n",
        "<p align='center'><img src='x.png' alt='a very long description of the picture we show'></p>\n",
        "# Links\n\nhttps://example.org/a/very/long/address https://example.org/another https://example.org\n",
    ],
)
def test_titles_pictures_addresses_and_commands_alone_are_a_stub(text):
    stub = content(text)
    assert (stub.outcome, stub.state) == (Outcome.FAILED, "stub")
    assert stub.fix


@pytest.mark.parametrize(
    ("text", "template"),
    [
        (
            "# Getting Started\n\nThis project was bootstrapped with [Create React App](https://x.y).\n",
            "React",
        ),
        ("project_name\n===\n\nA short description of the project.\n", "cookiecutter"),
        (
            "# Space\n\nCheck out the configuration reference at https://hf.co/docs\n",
            "Hugging Face",
        ),
        ("# {project name}\n\n<your description>\n\n<insert a picture>\n\nTODO\n", "a template"),
        ("# 과제\n\n* 내용을 넣어주세요.\n* 스크린샷을 올려주세요.\n", "a template"),
    ],
)
def test_an_unfilled_template_is_told_from_a_readme(text, template):
    found = content(text)
    assert (found.outcome, found.state) == (Outcome.FAILED, "template")
    assert template in found.summary
    assert not any(found.details["sections"].values())


def test_a_readme_that_grew_out_of_a_template_counts():
    assert content(PROSE * 5 + "\nTODO: a picture\n").outcome == Outcome.PASSED


def test_chinese_is_judged_by_its_characters():
    text = (
        "# 房价预测\n\n本项目使用公开的房屋交易数据，预测不同城市的房屋价格。我们比较了线性回归和梯度提升两种模型，"
        "并分析了误差最大的地区。结果表明，地理位置是最重要的特征，其次是房屋面积和建成年份。\n\n"
        "## 数据\n\n数据来自政府公开平台，共有三万条记录，每条记录是一次交易。\n"
    )
    found = content(text)
    assert found.outcome == Outcome.PASSED
    assert found.details["sections"]["data"] == 5


def test_a_language_without_known_words_is_judged_by_its_structure():
    text = (
        "# Ennuste\n\nTämä projekti ennustaa sähkön kulutusta kotitalouksissa tunneittain. Aineisto kattaa kolme "
        "vuotta ja kaksisataa taloutta. Malli ohjaa lämmityksen ajoitusta niin, että huippukuorma pienenee selvästi. "
        "Tuloksia verrataan edellisen viikon samaan tuntiin.\n"
    )
    assert content(text).outcome == Outcome.PASSED


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "README.rst",
            "Bikes\n=====\n\n.. image:: a.png\n   :target: b\n\n{prose}\n\nData\n----\n\n{data}\n",
        ),
        ("README.org", "#+TITLE: Bikes\n\n{prose}\n\n* Data\n\n{data}\n"),
        ("README.adoc", "= Bikes\n\n{prose}\n\n== Data\n\n{data}\n"),
        ("README.md", "<h1 align='center'>Bikes</h1>\n\n{prose}\n\n<h2>Data</h2>\n\n{data}\n"),
        ("README.md", "Bikes\n=====\n\n{prose}\n\n**Data**\n\n{data}\n"),
        ("README.txt", "Bikes\n\n{prose}\n\nData:\n{data}\n"),
    ],
)
def test_headings_are_known_in_every_markup(path, text):
    prose_text = PROSE.partition("\n\n")[2].strip()
    data = "Two years of trips with one row for each, as the city publishes them."
    written = text.format(prose=prose_text, data=data)
    expected = 1 + written[: written.index(data)].count("\n")
    found = content(written, path)
    assert found.outcome == Outcome.PASSED
    assert 0 < expected - found.details["sections"]["data"] <= 4


def test_a_notebook_readme_is_read_by_its_cells():
    cells = [
        {"cell_type": "markdown", "source": PROSE.splitlines(keepends=True)},
        {"cell_type": "code", "source": "!pip install pandas", "outputs": []},
    ]
    found = content(json.dumps({"cells": cells}), "README.ipynb")
    assert found.outcome == Outcome.PASSED
    assert found.details["sections"]["install_run"]


@pytest.mark.parametrize(
    "text", ["not json", "[]", '{"cells": 3}', '{"cells": [1, {"source": 5}]}', "{" * 5000]
)
def test_a_broken_notebook_readme_is_a_stub(text):
    assert content(text, "README.ipynb").state == "stub"


@pytest.mark.parametrize(
    "heading",
    [
        "Data structures",
        "Data flow diagram",
        "Introduction to data science",
        "Users in the demo data",
    ],
)
def test_a_heading_that_names_data_in_passing_is_not_about_the_data(heading):
    body = "Some words about how this part was organised by us last year."
    assert "data" not in sections(f"{PROSE}\n## {heading}\n\n{body}\n")


@pytest.mark.parametrize(
    "heading",
    [
        "Data",
        "The data",
        "3. Data sources",
        "📊 Dataset",
        "About the data",
        "Datos",
        "データ",
        "Данные",
    ],
)
def test_a_heading_about_data_is_known_however_it_is_dressed(heading):
    body = "One row is one trip, with its two stations and the minute it began."
    assert "data" in sections(f"{PROSE}\n## {heading}\n\n{body}\n")


def test_a_heading_with_nothing_under_it_is_no_section():
    assert "evaluation" not in sections(f"{PROSE}\n## Evaluation\n\n## Licence\n\nMIT\n")


@pytest.mark.parametrize(
    "sentence",
    [
        "The model reaches an accuracy of 91.5 % on new trips.",
        "We got 72% ROC-AUC in the end.",
        "F1: 0.83, better than before.",
    ],
)
def test_a_metric_with_its_number_is_a_result(sentence):
    assert "results" in sections(f"{PROSE}\n{sentence}\n")


def test_the_title_of_a_readme_is_no_section():
    said = "\nIt errs by 3.5 bikes at night.\n"
    text = PROSE.replace("# Bike demand", "# Performance analysis") + said
    assert "results" not in sections(text)
    assert "results" in sections(f"{PROSE}\n## Performance\n{said}")


def test_a_metric_without_a_number_is_no_result():
    assert "results" not in sections(f"{PROSE}\nAccuracy matters to us, and so does recall.\n")


@pytest.mark.parametrize(
    "line",
    [
        "```\npip install bikes\n```",
        "Call `python train.py` first.",
        "    $ make train",
        "Train: bash train.sh",
    ],
)
def test_a_command_shows_how_to_run_it(line):
    assert "install_run" in sections(f"{PROSE}\n{line}\n")


def test_a_language_named_in_prose_is_no_command():
    assert "install_run" not in sections(
        f"{PROSE}\nMy first Java program! I like Python very much.\n"
    )


def test_what_stands_in_a_comment_is_not_read():
    inline = "It rains. <!-- See kaggle.com/c/bikes --> It snows.\n"
    assert "data" not in sections(f"{PROSE}\n{inline}")
    hidden = "<!--\n## Data\n\nEverything about the data, in many words indeed.\n-->\n"
    assert "data" not in sections(PROSE + hidden)


@pytest.mark.parametrize(
    ("reason", "words"),
    [(Unread.TOO_LARGE, "larger"), (Unread.BINARY, "not text"), (Unread.FAILED, "did not send")],
)
def test_a_readme_that_could_not_be_read_is_unknown_and_says_why(reason, words):
    results = inspect({"README.md": reason})
    assert results["readme"].outcome == Outcome.PASSED
    assert results["readme-content"].outcome == Outcome.UNKNOWN
    assert words in results["readme-content"].summary


def test_without_a_readme_there_is_nothing_to_say():
    assert inspect({"main.py": ""})["readme-content"].state == "no_readme"
    assert inspect({"main.py": ""}, is_truncated=True)["readme-content"].outcome == Outcome.UNKNOWN


def test_a_quote_cannot_turn_the_page_around():
    found = content(
        f"# \u202egnp.exe\n\n{PROSE}\n## Data \u202e\u0000\n\nOne row is one trip of one bike.\n"
    )
    assert not any("\u202e" in item.quote or "\0" in item.quote for item in found.evidence)


def test_two_characters_of_chinese_weigh_as_one_word():
    assert prose.weight("bike demand") == prose.weight("单车需求") == 2


LONG = (
    PROSE
    + "\nIt runs every night on one small machine and writes its plan into a table for the vans.\n"
)


@pytest.mark.parametrize(
    "text",
    [
        "Trips flow like this: collect → clean → train → serve, one after the other.",
        "We compare FinBERT with a random forest on the same articles.",
        "It uses feature engineering, grid search and a model registry to keep what worked.",
        "## Arquitetura\n\n```\n┌─────┐\n│ API │──▶ model\n└─────┘\n```",
        "## 기술 스택\n\n우리는 파이썬과 에어플로우로 매일 밤 모델을 다시 학습하고 결과를 표에 저장합니다.",
    ],
)
def test_an_approach_is_known_by_its_steps_methods_or_drawing(text):
    assert "approach" in sections(f"{LONG}\n{text}\n")


@pytest.mark.parametrize(
    "text",
    [
        "This is a repo for deep learning and reinforcement learning.",  # two fields, no approach
        "## 프로젝트 구조\n\n폴더 구조는 아래와 같습니다. 필요한 파일은 모두 여기에 있습니다.",
        "## Share a new model\n\nOpen a pull request with your folder and we will look at it soon.",
    ],
)
def test_a_subject_a_folder_list_and_an_invitation_are_no_approach(text):
    assert "approach" not in sections(f"# Bikes\n\n{text}\n")


def test_a_link_to_where_data_is_kept_names_the_data_and_a_list_of_them_does_not():
    link = "[Trips](https://www.kaggle.com/datasets/ada/trips)"
    assert "data" in sections(f"{PROSE}\nTaken from {link}.\n")
    assert "data" not in sections(PROSE + "".join(f"- {link}\n" for _ in range(9)))


def test_the_validation_set_is_not_the_data_that_a_project_is_about():
    assert "data" not in sections(f"{PROSE}\nLoss is measured on the validation dataset.\n")


def test_a_digit_inside_a_metrics_name_is_no_result():
    assert "results" not in sections(
        f"{PROSE}\nIt prints metrics such as accuracy, F1-score and AUC.\n"
    )
    assert "results" in sections(f"{PROSE}\nIt reaches an accuracy of 0.91 on new weeks.\n")


def test_a_drawn_list_of_folders_is_no_command_to_run():
    drawn = "```\n├── notebooks   # Jupyter notebooks\n│   └── docker compose files\n```"
    assert "install_run" not in sections(f"{PROSE}\n{drawn}\n")


def test_prose_that_starts_like_a_command_is_none():
    for text in ("Make sure the lights are on.", "Docker is nice.", "Collection: Python schedule"):
        assert "install_run" not in sections(f"{PROSE}\n{text}\n")
    assert "install_run" in sections(f"{PROSE}\npython train.py --fast\n")


def test_what_a_project_is_stands_near_the_top():
    text = (
        "# P\n\n## VM\n\nSee it.\n\n## Net\n\nSee that.\n\n## Direct access\n\n"
        + "A proxy forwards calls to it. " * 9
    )
    assert "problem" not in sections(text)


def test_quoted_prose_is_read_without_its_marks():
    assert prose.lines("> A study of rivers.\n")[0].text == "A study of rivers."


# Structure rather than words


def test_what_explains_the_installation_does_not_explain_the_project():
    said = "It wants a folder of its own. The folder may be anywhere. Keep forty gigabytes free for it. "
    text = f"# App\n\n{{}}\n\n### Disk\n\n{said * 3}\n"
    assert content(text.format("## Installation")).state == "stub"
    assert content(text.format("## What it does")).state == "present"


@pytest.mark.parametrize(
    ("line", "topic"),
    [
        ("**Data set:** two years of trips, one row an hour, from the city", "data"),
        ("- Method: a seasonal baseline and gradient boosting", "approach"),
        ("| Results | RMSE 3.47 against 5.21 |", "results"),
    ],
)
def test_a_line_that_begins_with_a_topics_name_and_says_something_is_enough(line, topic):
    assert topic in sections(f"{PROSE}\n{line}\n")


def test_a_list_of_links_names_the_topics_of_others():
    links = "".join(
        f"- [Model evaluation {n}](https://example.org/{n}) data sets, RMSE 0.{n}\n"
        for n in range(10, 40)
    )
    found = sections(f"# Reading list\n\n## Evaluation\n\n{links}")
    assert found <= {"problem", "install_run"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Laravel is a web application framework with expressive, elegant syntax.",
        "This project was generated with [Angular CLI](https://github.com/angular/angular-cli) version 17.",
        "This project is a starting point for a Flutter application.",
        "This is your new Kedro project, which was generated using kedro.",
    ],
)
def test_what_a_generator_wrote_is_a_template(sentence):
    assert content(f"# App\n\n{sentence} It has a few more words after that.\n").state == "template"


def test_steps_with_arrows_between_them_are_an_approach():
    assert "approach" in sections(f"{PROSE}\nIngestion → cleaning → training → serving.\n")


def test_maths_between_dollars_is_no_prose():
    text = "$$\nE = m c^2 and many more letters that are no words at all\n$$\n" * 4
    assert content(f"# App\n\n{text}").state == "stub"
