"""“Defend this line”: questions about a learner's own work, made from what is known of it.

A learner chooses projects and résumés to be asked about. Their questions are computed
(portfolio.defence_questions) and the cards follow them: a changed fact makes a card due and says what
changed, and one whose line is gone is asked no more, with its answers kept.
"""

from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.models import User
from curriculum import practice
from curriculum.models import Card
from portfolio import checks, resume_document
from portfolio.checks import Outcome
from portfolio.defence_questions import KINDS, Question, about_lines, questions
from portfolio.models import CheckRun, Defence, Finding, Project, Resume


@dataclass(frozen=True, slots=True)
class Defended:
    """A project or a résumé with its questions, each with the learner's card of it, if they are asked."""

    work: Project | Resume
    is_asked: bool
    questions: tuple[tuple[Question, Card | None], ...]

    @property
    def changed(self) -> int:
        """Cards of which a fact changed since they were answered."""
        return sum(bool(card and card.last_on and card.news) for _question, card in self.questions)


def of(owner: User) -> tuple[list[Defended], list[Defended]]:
    """All projects and all résumés of a person, with what one could ask about each."""
    projects, resumes = _asked(owner)
    cards = {card.source: card for card in _cards(owner)}

    def defended(work: Project | Resume, is_asked: bool, found: list[Question]) -> Defended:
        return Defended(work, is_asked, tuple((one, cards.get(one.source)) for one in found))

    return (
        [defended(one, one.pk in projects, questions(one)) for one in _with_facts(owner)],
        [defended(one, one.pk in resumes, found) for one, found in _with_lines(owner)],
    )


@transaction.atomic
def begin(work: Project | Resume) -> None:
    """Ask its owner about a project or a résumé from now on; beginning twice is beginning once."""
    Defence.objects.get_or_create(**_which(work), owner=work.owner)
    refresh(work.owner)


@transaction.atomic
def end(work: Project | Resume) -> None:
    """Ask no more about it. Answers stay, and are there when it is begun again."""
    Defence.objects.filter(**_which(work)).delete()
    refresh(work.owner)


@transaction.atomic
def refresh(owner: User) -> None:
    """Have the cards of a person follow the facts of what they defend. Harmless at any time."""
    User.objects.select_for_update(of=("self",)).get(pk=owner.pk)
    projects, resumes = _asked(owner)
    there = set(_cards(owner).filter(retired_at=None).values_list("source", flat=True))
    if not projects and not resumes and not there:
        return
    wanted = {
        question.source: question.wording
        for found in (
            *(
                questions(one)
                for one in (_with_facts(owner) if projects else ())
                if one.pk in projects
            ),
            *(found for _resume, found in (_with_lines(owner, resumes) if resumes else ())),
        )
        for question in found
    }
    practice.retire(owner, there - wanted.keys())
    with timezone.override(owner.profile.zone):
        for source, wording in wanted.items():
            practice.keep(owner, source, wording)


def refresh_all() -> None:
    """The same for everybody who defends something."""
    for owner in User.objects.filter(defences__isnull=False, is_active=True).distinct():
        refresh(owner)


def _which(work: Project | Resume) -> dict[str, Any]:
    return {"project": work} if isinstance(work, Project) else {"resume": work}


def _asked(owner: User) -> tuple[set[int], set[int]]:
    """The keys of the projects and of the résumés that a person is asked about."""
    chosen = list(Defence.objects.filter(owner=owner).values_list("project", "resume"))
    return {project for project, _ in chosen if project}, {resume for _, resume in chosen if resume}


def _with_lines(owner: User, only: Set[int] | None = None) -> list[tuple[Resume, list[Question]]]:
    """A person's résumés, or those of these keys, with their questions."""
    resumes = Resume.objects.owned_by(owner)
    if only is not None:
        resumes = resumes.filter(pk__in=only)
    lines = resume_document.lines_of(owner, resumes)
    return [(resume, about_lines(resume, lines[resume.pk])) for resume in resumes]


def _with_facts(owner: User) -> list[Project]:
    """A person's projects with all that questions are made from: as many queries for one as for many."""
    latest = CheckRun.objects.conclusive().filter(repository__project=OuterRef("pk"))
    found = list(
        Project.objects.owned_by(owner)
        .annotate(latest_run=Subquery(latest.values("pk")[:1]))
        .prefetch_related(
            "measurements", "claims__skill", "reviews__endorsements", "reviews__reviewer__profile"
        )
    )
    failing: dict[int, list[str]] = defaultdict(list)
    for finding in Finding.objects.filter(
        check_run__in=[project.latest_run for project in found if project.latest_run],
        check_name__in=checks.REQUIRED,
        outcome=Outcome.FAILED,
    ):
        failing[finding.check_run_id].append(str(checks.title(finding.check_name)))
    for project in found:
        project.failing = failing[project.latest_run or 0]
    return found


def _cards(owner: User) -> QuerySet[Card]:
    """The cards that are made here, retired ones too."""
    of_these = Q()
    for kind in KINDS:
        of_these |= Q(source__startswith=kind)
    return Card.objects.filter(of_these, learner=owner)
