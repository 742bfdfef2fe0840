"""Small exercises that a learner solves on their own machine: nothing of theirs is ever run here.

The files of an exercise stand in content/exercises, in a folder with the slug of its question.
"""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from curriculum.models import ExerciseResult, ExerciseSolution, Question
from curriculum.solutions import FOLDER

#: The same bytes from the same files: no clock of this machine goes into the archive.
EPOCH = (1980, 1, 1, 0, 0, 0)
README = """# {title}

1. Write your solution in `{module}`.
2. `python -m pip install pytest`, once; then `python -m pytest`.
3. Say how it went on the page of the question.

About {minutes} minutes in an interview. Say your assumptions aloud before you write.
"""


@cache
def slugs() -> frozenset[str]:
    """The questions, by their slugs, that have an exercise."""
    return frozenset(entry.name for entry in FOLDER.iterdir() if entry.is_dir())


def starter(question: Question) -> bytes:
    """A ZIP with a module to fill in, its tests and how to run them. KeyError where there is none."""
    if question.slug not in slugs():
        raise KeyError(question.slug)
    folder = FOLDER / question.slug
    files = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}
    module = next(name for name in files if not name.startswith("test_"))
    files["README.md"] = README.format(
        title=question.prompt, module=module, minutes=question.minutes
    )
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{question.slug}/{name}", EPOCH)
            entry.external_attr = 0o644 << 16
            package.writestr(entry, text, zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def results(learner: User, question: Question) -> QuerySet[ExerciseResult]:
    """What a learner said of an exercise, the last first."""
    return ExerciseResult.objects.filter(learner=learner, question=question)


def declare(
    learner: User, question: Question, outcome: str, minutes: int | None = None
) -> ExerciseResult:
    """Keep what a learner says came out; it is their word and proves nothing."""
    return ExerciseResult.objects.create(
        learner=learner, question=question, outcome=outcome, minutes=minutes
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a solution was seen: a file of a repository at a commit, with its address."""

    full_name: str
    path: str
    url: str
    head_sha: str


def solutions(learner: User, question: Question) -> QuerySet[ExerciseSolution]:
    """Where a learner's solutions to an exercise were seen, the latest first."""
    return ExerciseSolution.objects.filter(learner=learner, question=question)


def seen_in(
    source: str, learner: User, places: Mapping[str, Place], *, is_whole: bool = True
) -> None:
    """Note which exercises are solved in a repository now, by slug.

    Where the whole of it was listed, of others nothing is there any more.
    """
    questions = {each.slug: each for each in Question.objects.filter(slug__in=places)}
    if is_whole:
        known = ExerciseSolution.objects.filter(source=source)
        known.exclude(question__in=questions.values(), learner=learner).delete()
    for slug, question in questions.items():
        place = places[slug]
        facts = {
            "learner": learner, "full_name": place.full_name, "path": place.path[:500],
            "url": place.url[:2000], "head_sha": place.head_sha, "seen_at": timezone.now(),
        }  # fmt: skip
        ExerciseSolution.objects.update_or_create(question=question, source=source, defaults=facts)


def forget(source: str) -> None:
    """A repository is linked no more: nothing is said of it."""
    ExerciseSolution.objects.filter(source=source).delete()
