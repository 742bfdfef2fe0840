"""Whether the README tells a stranger what the project is, and which topics it addresses."""

import re
from collections.abc import Sequence

from portfolio.checks import completeness, files, prose, readme, sections
from portfolio.checks.check import Check, Group
from portfolio.checks.prose import Kind, Line
from portfolio.checks.results import Confidence, Evidence, Outcome, Result, quoted
from portfolio.checks.vocabulary import CREDIT
from portfolio.github.snapshot import Snapshot, Unread

#: A README below this says too little to know the project by: about three short sentences.
MIN_WORDS = 25
MIN_SENTENCES = 3

#: Sentences that only stand in a README nobody filled in, by the generator that leaves them.
TEMPLATES = (
    ("Create React App", re.compile(r"this project was bootstrapped with.{0,20}create react app", re.I)),
    ("the cookiecutter template", re.compile(r"^a short description of the project\.?$", re.I)),
    ("the Vite template", re.compile(r"this template provides a minimal setup to get react working", re.I)),
    ("GitHub Classroom", re.compile(r"review assignment due date|classroom\.github\.com/(?:open-in|assignment)", re.I)),
    ("the Hugging Face Space card", re.compile(r"check out the configuration reference at", re.I)),
    ("Papers with Code's template", re.compile(r"my paper title|optional: include a .{0,20}graphic explaining", re.I)),
    ("GitHub's profile template", re.compile(r"is a ✨ _?special_? ✨ repository", re.I)),
    ("GitLab's template", re.compile(r"already a pro\? just edit this readme|to get started with gitlab", re.I)),
    ("Best-README-Template", re.compile(r"here's a blank template to get started|here's why:.{0,3}$", re.I)),
    ("Next.js's template", re.compile(r"bootstrapped with .{0,5}create-next-app", re.I)),
    ("Laravel's template", re.compile(r"laravel is a web application framework with expressive", re.I)),
    ("Angular's template", re.compile(r"this project was generated (?:with|using) \[?angular cli", re.I)),
    ("Vue's template", re.compile(r"this template should help get you started developing with vue", re.I)),
    ("Svelte's template", re.compile(r"everything you need to build a svelte project", re.I)),
    ("Nuxt's template", re.compile(r"look at the .{0,60}nuxt.{0,60} documentation.{0,80} to learn more", re.I)),
    ("Astro's template", re.compile(r"npm create astro@latest", re.I)),
    ("Expo's template", re.compile(r"this is an .{0,30}expo.{0,40} project created with", re.I)),
    ("Flutter's template", re.compile(r"this project is a starting point for a flutter application", re.I)),
    ("Rails' template", re.compile(r"this readme would normally document whatever steps", re.I)),
    ("Kedro's template", re.compile(r"this is your new kedro project", re.I)),
    ("dbt's template", re.compile(r"welcome to your new dbt project", re.I)),
    ("Azure DevOps' template", re.compile(r"^todo: give a short introduction of your project", re.I)),
    ("Gitee's template", re.compile(r"以下是 ?gitee ?平台说明|使用 readme\\?_xxx\.md 来支持不同的语言", re.I)),
)  # fmt: skip

#: A template's sentence counts where the README explains less than this beside it: the longest template
#: (Laravel's) has about 250 words of its own.
MAX_TEMPLATE_WORDS = 300

#: What a template leaves where words of one's own should stand.
PLACEHOLDER = re.compile(
    r"\{\{[^{}]{1,60}\}\}|\{[a-z][a-z _-]{3,60}\}|<(?:your|project|insert|add|put)[ _-][^<>]{1,60}>|"
    r"\[(?:your|project|insert|add|name of)[ _-][^\]\[]{1,60}\](?!\()|\blorem ipsum\b|\bTODO\b|\bTBD\b|"
    r"\b(?:insert|write|put|add|describe) (?:your|a|the|here)\b.{0,40}\bhere\b|"
    r"넣어주세요|올려주세요|작성해\s?주세요|골라주세요|서술해주세요|在此处?填写|请填写|ここに.{0,20}(?:書|記入)",
    re.IGNORECASE,
)


def check_content(snapshot: Snapshot) -> Result:
    """The README says what the project is, in more than a title and commands."""
    found = readme.find(snapshot)
    if found is None or snapshot.is_empty:
        is_certain = completeness.is_certain(snapshot, readme.places(snapshot))
        return Result(
            "readme-content",
            Outcome.FAILED if is_certain else Outcome.UNKNOWN,
            "no_readme" if is_certain else "partial",
            "There is no README to read."
            if is_certain
            else "No README was seen that could be read.",
            fix="Add a README.md that says what the project does, for whom, and how to run it.",
        )
    if readme.is_empty(snapshot, found):
        return Result(
            "readme-content",
            Outcome.FAILED,
            "empty",
            f"{found.path} is empty.",
            fix=_ask(found.path, sections.BY_NAME["problem"]),
            evidence=(Evidence(found.path, what="a file of 0 bytes"),),
        )
    text = snapshot.files.get(found.content_path)
    if text is None or (found.entry.is_symlink and not found.target):
        return _unread(snapshot, found)
    return _judge(found, prose.lines(text, found.content_path))


def substance(seen: Sequence[Line]) -> tuple[float, int]:
    """How many words explain the project, and in how many sentences.

    Titles, commands, code, and sentences that only tell what to type or click are left out.
    """
    words, sentences = 0.0, 0
    for block in prose.paragraphs(list(seen)):
        if sections.is_about_setup(block.trail) or prose.is_command(block.text):
            continue
        if CREDIT.match(block.text):
            continue
        if block.text.endswith((":", "：")) and prose.weight(block.text) < 8:
            continue  # what it introduces is a picture, a list or code
        for sentence in prose.sentences(block.text):
            weight = prose.weight(sentence)
            if weight < 2 or prose.is_instruction(sentence):
                continue
            words += weight
            sentences += weight >= 4
    return words, sentences


def _judge(found: readme.Readme, seen: Sequence[Line]) -> Result:
    words, sentences = substance(seen)
    template = _template(seen, words)
    topics = sections.find([] if template else seen)
    details: dict[str, object] = {
        "path": found.content_path,
        "words": round(words),
        "sentences": sentences,
        "sections": {name: section.line if section else None for name, section in topics.items()},
    }
    is_notebook = files.is_notebook(found.content_path)
    evidence = tuple(
        Evidence(
            found.content_path,
            0 if is_notebook else section.line,  # a cell's line is none of the file
            what=f"{sections.BY_NAME[name].title}: {section.what}",
            quote=quoted(section.quote),
        )
        for name, section in topics.items()
        if section
    )
    missing = [topic for topic in sections.TOPICS if topics[topic.name] is None]
    advice = _ask(found.path, missing[0]) if missing else ""
    if template:
        line, name = template
        return Result(
            "readme-content",
            Outcome.FAILED,
            "template",
            f"{found.path} still holds the text of {name}, and little about your project.",
            fix=f"Take that text out. {_ask(found.path, sections.BY_NAME['problem'])}",
            evidence=(Evidence(found.content_path, line, what=f"text of {name}"),),
            details=details,
        )
    if words < MIN_WORDS or sentences < MIN_SENTENCES:
        return Result(
            "readme-content",
            Outcome.FAILED,
            "stub",
            f"{found.path} says little about the project: {_explained(words, sentences)}, not counting "
            "titles, commands and code.",
            fix=_ask(found.path, sections.BY_NAME["problem"]),
            evidence=evidence or (Evidence(found.content_path, 1, what="the whole text"),),
            details=details,
        )
    titles = ", ".join(
        sections.BY_NAME[name].title.lower() for name, section in topics.items() if section
    )
    summary = f"{found.path} explains the project"
    summary += f" and speaks of: {titles}." if titles else "."
    return Result(
        "readme-content",
        Outcome.PASSED,
        "present",
        summary,
        Confidence.HIGH if words >= 2 * MIN_WORDS else Confidence.MEDIUM,
        fix=advice,
        evidence=evidence or (Evidence(found.content_path, 1, what="the whole text"),),
        details=details,
    )


def _template(seen: Sequence[Line], words: float) -> tuple[int, str] | None:
    """The line and the name of a template that still fills most of the README."""
    for line in seen:
        for name, sentence in TEMPLATES:
            if sentence.search(line.raw) and words < MAX_TEMPLATE_WORDS:
                return line.number, name
    blanks = [line for line in seen if line.kind != Kind.CODE and PLACEHOLDER.search(line.raw)]
    said = [line for line in seen if line.kind in (Kind.PROSE, Kind.ITEM)]
    if len(blanks) >= 2 and len(blanks) * 4 >= len(said):
        return blanks[0].number, "a template"
    return None


def _unread(snapshot: Snapshot, found: readme.Readme) -> Result:
    path = found.content_path
    why = {
        Unread.TOO_LARGE: (
            "it is larger than 500 kB, of which GitHub itself shows only the beginning",
            f"Shorten {path}: move long tables and logs into files of their own and link to them.",
        ),
        Unread.BINARY: ("it is not text", f"Save {path} as plain text in UTF-8."),
        Unread.BUDGET: (
            "the files that we read before it were as much as we read of one repository",
            f"Shorten {path} to what a visitor needs.",
        ),
        Unread.FAILED: ("GitHub did not send it this time", "Start the check again later."),
    }
    reason = snapshot.unread.get(path, Unread.FAILED)
    said, advice = why[reason]
    return Result(
        "readme-content",
        Outcome.UNKNOWN,
        "unread",
        f"{found.path} could not be judged: {said}.",
        fix=advice,
        evidence=(Evidence(found.path, what="the README that GitHub shows"),),
        details={"path": found.content_path},
    )


def _ask(path: str, topic: sections.Topic) -> str:
    """What to write next about a topic, and into which file."""
    return f"In {path}, {topic.ask[0].lower()}{topic.ask[1:]}"


def _explained(words: float, sentences: int) -> str:
    """How much of a short README explains the project, beside what a reader needs."""
    if not round(words):
        return "no sentence explains it"
    few = "1 word" if round(words) == 1 else f"{round(words)} words"
    many = "1 sentence" if sentences == 1 else f"{sentences or 'no'} full sentences"
    return f"{few} in {many} explain it, where {MIN_SENTENCES} sentences make a start"


CHECKS = (
    Check(
        "readme-content",
        "What the README says",
        Group.REQUIRED,
        20,
        check_content,
        "A reader with three minutes needs the problem, the data, the approach, the evaluation and the results.",
    ),
)
