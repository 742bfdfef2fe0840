"""Write a case study, say what it still lacks, and draft it from the README.

A draft fills fields that are empty, on the page and nowhere else: it is kept when its owner saves it. The
README is read as it stood at the newest commit that was checked; where it is not at hand a worker is asked.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from posixpath import dirname, normpath

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portfolio import sources
from portfolio.checks import excerpts, prose, readme
from portfolio.checks.excerpts import Excerpt
from portfolio.github.permalinks import blob_url
from portfolio.github.snapshot import Snapshot
from portfolio.models import CheckRun, Listing, Measurement, Project, Repository, Source

#: The topic of a README that each heading is drafted from.
TOPICS = {
    "problem": "problem",
    "data": "data",
    "approaches": "approach",
    "evaluation": "evaluation",
    "results": "results",
}
#: Words below which a heading says too little to be asked about.
FEW_WORDS = 25


class WrittenMeanwhile(Exception):
    """The case study is not the one that the writer began with: `project` is what it is now."""

    def __init__(self, project: Project):
        super().__init__(project)
        self.project = project


def version_of(project: Project) -> str:
    """Tells the texts of today from earlier ones; a form sends back the version that it began with."""
    texts = "\0".join(getattr(project, name) for name in ("summary", *Project.CASE_STUDY))
    return hashlib.sha256(texts.encode()).hexdigest()[:16]


@transaction.atomic
def write(project: Project, said: Mapping[str, str], *, version: str) -> Project:
    """Keep the summary and the five headings. Raises WrittenMeanwhile when they changed since."""
    held = Project.objects.select_for_update().get(pk=project.pk)
    if version_of(held) != version:
        raise WrittenMeanwhile(held)
    names = ("summary", *Project.CASE_STUDY)
    for name in names:
        setattr(held, name, said[name])
    held.save(update_fields=[*names, "updated_at"])
    return held


# The draft


class State(StrEnum):
    """Whether there is a README to draft from."""

    READY = "ready"
    WAITING = "waiting"  # a worker fetches it
    UNREAD = "unread"  # no check has read a repository yet
    MISSING = "missing"  # there is none
    TROUBLE = "trouble"  # it could not be fetched


@dataclass(frozen=True, slots=True)
class Draft:
    """What the README says, by the names of the fields; `listing` is to be sent while it waits."""

    state: State
    excerpts: Mapping[str, Excerpt] = field(default_factory=dict)
    check_run: CheckRun | None = None
    path: str = ""
    listing: Listing | None = None

    def for_empty(self, texts: Mapping[str, str]) -> dict[str, Excerpt]:
        """The excerpts of those fields in which nothing is written."""
        return {
            name: excerpt
            for name, excerpt in self.excerpts.items()
            if not texts.get(name, "").strip()
        }


def draft(project: Project) -> Draft:
    """The README of the project's first repository that was read, by the headings of a case study.

    Asks for it where it is not at hand, once for each commit.
    """
    repositories = Repository.objects.filter(project=project)
    runs = (CheckRun.objects.conclusive().filter(repository=r).first() for r in repositories)
    run = next((run for run in runs if run), None)
    if run is None:
        return Draft(State.UNREAD)
    listing = sources.want_commit(run.repository, run.head_sha)
    if listing.listed_at is None:
        return Draft(State.WAITING, check_run=run, listing=listing)
    if listing.trouble:
        return Draft(State.TROUBLE, check_run=run, listing=sources.try_again(listing))
    path = _path_of_readme(listing, run)
    source = sources.want_file(listing, path) if path else None
    if source is None:
        return Draft(State.MISSING, check_run=run)
    if source.read_at is None:
        listing.refresh_from_db()
        return Draft(State.WAITING, check_run=run, listing=listing)
    return Draft(State.READY, _excerpts(source, path, run), run, path)


def _path_of_readme(listing: Listing, run: CheckRun) -> str:
    snapshot = Snapshot(
        full_name=run.full_name,
        head_sha=run.head_sha,
        entries=tuple(sources.entries_of(listing)),
        folder=run.repository.folder,
    )
    found = readme.find(snapshot)
    return found.content_path if found else ""


def _excerpts(source: Source, path: str, run: CheckRun) -> dict[str, Excerpt]:
    found = excerpts.of(source.text, path)
    return {
        name: Excerpt(
            found[topic].topic,
            found[topic].heading,
            found[topic].line,
            _with_whole_links(found[topic].text, path, run)[: excerpts.MOST],
        )
        for name, topic in TOPICS.items()
        if topic in found
    }


#: No part of it reaches over the beginning of another link, so that no text is read again and again.
_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\(([^)\s\[]{1,500})(?:\s[^)\n\[]{0,200})?\)")


def _with_whole_links(text: str, path: str, run: CheckRun) -> str:
    """A link to a file beside the README leads to that file at the commit; one within it is its words."""

    def whole(match: re.Match[str]) -> str:
        words, target = match[1], match[2]
        if target.startswith("#"):
            return words
        if "://" in target or target.startswith(("mailto:", "/")):
            return match[0]
        file, _mark, anchor = target.partition("#")
        place = normpath(f"{dirname(path)}/{file}".lstrip("/"))
        if place.startswith(".."):
            return words
        address = blob_url(settings.GITHUB_URL, run.full_name, run.head_sha, place)
        return f"[{words}]({address}{'#' + anchor if anchor else ''})"

    return _LINK.sub(whole, text)


# What it lacks


class Fullness(StrEnum):
    """How much stands under a heading."""

    EMPTY = "empty"
    THIN = "thin"
    THERE = "there"

    @property
    def word(self) -> str:
        return str({"empty": _("empty"), "thin": _("thin"), "there": _("there")}[self.value])


@dataclass(frozen=True, slots=True)
class Part:
    """One thing a reader needs: how full it is, and what would complete it in a sentence."""

    name: str
    title: str
    fullness: Fullness
    has_number: bool = False
    has_proof: bool = False
    lacks: str = ""  # "" for nothing

    @property
    def is_complete(self) -> bool:
        return not self.lacks


@dataclass(frozen=True, slots=True)
class Meter:
    """What a case study has and lacks. The count never goes without the list."""

    parts: tuple[Part, ...]

    @property
    def complete(self) -> list[Part]:
        return [part for part in self.parts if part.is_complete]

    @property
    def first_lack(self) -> Part | None:
        return next((part for part in self.parts if not part.is_complete), None)

    @property
    def by_name(self) -> dict[str, Part]:
        return {part.name: part for part in self.parts}


def meter_of(project: Project, measurements: Iterable[Measurement]) -> Meter:
    """The sentence, the five headings and the numbers, each with what it lacks."""
    measurements = list(measurements)
    parts = [_sentence(project.summary)]
    parts += [
        _part(name, heading, getattr(project, name), measurements)
        for name, heading in project.headings
    ]
    return Meter((*parts, _numbers(measurements)))


def _sentence(summary: str) -> Part:
    is_there = bool(summary.strip())
    lacks = "" if is_there else _("Say in one sentence what it does, for whom.")
    fullness = Fullness.THERE if is_there else Fullness.EMPTY
    return Part(
        "summary", _("In one sentence"), fullness, bool(_NUMBER.search(summary)), False, lacks
    )


def _part(name: str, title: str, text: str, measurements: list[Measurement]) -> Part:
    words = prose.weight(text)
    fullness = Fullness.THERE if words >= FEW_WORDS else Fullness.THIN if words else Fullness.EMPTY
    if not words and text.strip():  # a table of numbers, a link
        fullness = Fullness.THIN
    has_number = bool(_NUMBER.search(text))
    has_proof = bool(_PROOF.search(text))
    if name == "results":
        has_proof = has_proof or any(one.is_verified for one in measurements)
        has_number = has_number or (bool(text.strip()) and bool(measurements))
        if has_number and fullness == Fullness.THIN:
            fullness = Fullness.THERE  # a number says it in few words
    lacks = _lacks(name, fullness, has_number, has_proof)
    return Part(name, title, fullness, has_number, has_proof, lacks)


def _lacks(name: str, fullness: Fullness, has_number: bool, has_proof: bool) -> str:
    empty, thin, number, proof = ASKS[name]
    if fullness == Fullness.EMPTY:
        return str(empty)
    if fullness == Fullness.THIN:
        return str(thin)
    if number and not has_number:
        return str(number)
    return str(proof) if proof and not has_proof else ""


def _numbers(measurements: list[Measurement]) -> Part:
    compared = [one for one in measurements if one.baseline]
    verified = [one for one in compared if one.is_verified]
    if not measurements:
        fullness, lacks = Fullness.EMPTY, _("Give one number that got better, with its baseline.")
    elif not compared:
        fullness, lacks = (
            Fullness.THIN,
            _("No number has a baseline: what did the rule in use reach?"),
        )
    elif not verified:
        fullness = Fullness.THERE
        lacks = _("No number was found in a file of the repository: name the file that shows it.")
    else:
        fullness, lacks = Fullness.THERE, ""
    return Part(
        "outcomes", _("Measured outcomes"), fullness, bool(measurements), bool(verified), lacks
    )


#: A figure that says something: not the number of a list, not the year alone.
_NUMBER = re.compile(r"(?<![\w.])(?!(?:19|20)\d\d(?![\d.,]))\d[\d.,]*\s?%?(?![.)]\s)")
#: A link, or a file of the repository by its name between back-ticks.
_PROOF = re.compile(r"\]\([^)\s\]]+\)|https?://\S|`[\w./-]{1,200}\.\w{1,8}(?::\d+)?`")

#: By heading, what is said when it is empty, thin, without a number, and without a link to proof. None
#: where a reader does not need it.
ASKS = {
    "problem": (
        gettext_lazy("Say whose problem it is, and which decision gets better."),
        gettext_lazy("Say more: who has the problem, what do they do now, what does it cost them?"),
        None,
        None,
    ),
    "data": (
        gettext_lazy(
            "Say where the data come from, how much there is, and what is wrong with them."
        ),
        gettext_lazy("Say more: source, licence, what one row is, what you dropped."),
        gettext_lazy("Say how much data there is: rows, months, classes."),
        gettext_lazy("Link the source, or name the file that says where the data come from."),
    ),
    "approaches": (
        gettext_lazy("Say what you tried, the baseline first, and why you chose what you chose."),
        gettext_lazy("Say more: which alternatives did you leave, and what made you leave them?"),
        None,
        None,
    ),
    "evaluation": (
        gettext_lazy(
            "Say by which metric you judge, why that one, and how test data were kept apart."
        ),
        gettext_lazy("Say more: the split, the metric, and what it costs to be wrong."),
        None,
        gettext_lazy("Name the file or test that shows how it is evaluated."),
    ),
    "results": (
        gettext_lazy("Give the result against the baseline, and say where it fails."),
        gettext_lazy("Say more: what was the baseline, what did you reach, where does it fail?"),
        gettext_lazy("Words without a number: what was measured?"),
        gettext_lazy("Link the file or table that shows the numbers."),
    ),
}
