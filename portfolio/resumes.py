"""Résumés: made from facts, written, arranged, copied for another role, published and taken back.

Entries and lines belong to their owner and stand in as many résumés as choose them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Max, Model, QuerySet
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from curriculum import declarations
from curriculum.models import Role, Skill
from portfolio import contributions, measurements, proofs, resume_document, resume_formats
from portfolio.demonstrations import Work
from portfolio.evidence import Kind
from portfolio.models import (
    Claim,
    Contribution,
    EntryChoice,
    LineChoice,
    Measurement,
    Project,
    Resume,
    ResumeEntry,
    ResumeLine,
    Section,
)

#: What one person may keep. A page holds a twentieth of it.
MOST_RESUMES = 20
MOST_ENTRIES = 100
MOST_LINES = 30  # of one entry

#: What a new résumé chooses by itself, so that it begins near one page.
FIRST_PROJECTS = 4
FIRST_LINES = 3  # of a project

#: Sections that an empty résumé has too.
USUAL = (Section.SKILLS, Section.PROJECTS, Section.EXPERIENCE, Section.EDUCATION)

SAID_OF_RESUME = (
    "name", "target_role", "headline", "summary", "location", "email", "links", "pages",
    "include_unsupported",
)  # fmt: skip
SAID_OF_ENTRY = (
    "title", "organisation", "about", "place", "url", "starts_on", "ends_on", "summary", "note",
    "keywords",
)  # fmt: skip

#: What a line may rest on, as its fields and forms call it.
RESTS_ON = ("claim", "measurement", "contribution")

Kept = TypeVar("Kept", Resume, ResumeEntry, ResumeLine)


class TooMany(Exception):
    """One person keeps so many already; its message says how many."""


class WrittenMeanwhile(Exception):
    """It is not what the writer began with: `now` is what it has become, None when it is gone."""

    def __init__(self, now: Any):
        super().__init__(now)
        self.now = now


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line that a fact of a project makes possible, in words that are true of it."""

    words: str
    is_supported: bool
    claim: Claim | None = None
    measurement: Measurement | None = None
    contribution: Contribution | None = None

    @property
    def fact(self) -> Claim | Measurement | Contribution | None:
        return self.claim or self.measurement or self.contribution


# Making, copying, deleting


@transaction.atomic
def create(owner: User, *, name: str, role: Role | None) -> Resume:
    """A résumé that begins with what the facts give; what was written for others is chosen too.

    Projects that show what the role asks come first. Raises TooMany.
    """
    _hold(owner)
    last = owner.resumes.first()
    resume = _new(owner, name=name, target_role=role)
    if last:
        for field in ("location", "email", "links"):
            setattr(resume, field, getattr(last, field))
        resume.save()
    else:
        resume.headline = owner.profile.headline
        resume.save()
    _draw_on_background(owner)
    place = draw_on_projects(owner, role)
    _choose_at_first(resume, place)
    return resume


@transaction.atomic
def copy(resume: Resume, *, name: str, role: Role | None) -> Resume:
    """Another one that says the same, for another role. Raises TooMany."""
    _hold(resume.owner)
    said = {field: getattr(resume, field) for field in SAID_OF_RESUME}
    twin = _new(
        resume.owner,
        **said | {"name": name, "target_role": role, "section_order": resume.section_order},
    )
    for choice in resume.entry_choices.all():
        twin.entry_choices.create(entry_id=choice.entry_id, position=choice.position)
    for line in resume.line_choices.all():
        twin.line_choices.create(line_id=line.line_id, position=line.position)
    for skill in resume.skill_choices.all():
        twin.skill_choices.create(skill_id=skill.skill_id, is_shown=skill.is_shown)
    return twin


def _new(owner: User, **said: Any) -> Resume:
    if owner.resumes.count() >= MOST_RESUMES:
        raise TooMany(
            _("You have %(n)d résumés, which is as many as one person keeps.") % {"n": MOST_RESUMES}
        )
    return Resume.objects.create(owner=owner, **said)


def _hold(owner: User) -> None:
    """Two tabs one after the other."""
    User.objects.select_for_update().get(pk=owner.pk)


# What the facts give


def proposals(owner: User, work: Work | None = None) -> list[tuple[Project, list[Proposal]]]:
    """The lines that facts make possible and that are not written yet, by project.

    Numbers come first, then pull requests that were merged, then claims.

    `work` is what proofs.work_of answered, where that is known already.
    """
    work = work or proofs.work_of(owner)
    written = ResumeLine.objects.filter(entry__owner=owner)
    used = list(written.values_list("claim", "measurement", "contribution"))
    claims, numbers, pulls = (
        set(keys) for keys in (zip(*used, strict=True) if used else ((),) * 3)
    )
    by_project: dict[Project, list[Proposal]] = defaultdict(list)
    measured = Measurement.objects.filter(project__owner=owner).select_related("project")
    for number in measured.order_by("project", "position", "pk"):
        if number.pk not in numbers:
            found = Proposal(_words_of_number(number), number.is_verified, measurement=number)
            by_project[number.project].append(found)
    account = contributions.account_of(owner)
    pulled = Contribution.objects.filter(project__owner=owner, is_private=False)
    pulled = pulled.exclude(merged_at=None)  # what is private is nothing to publish unasked
    for pull in pulled.select_related("project"):
        is_verified = contributions.state_of(pull, account) == contributions.State.VERIFIED
        if is_verified and pull.pk not in pulls:
            found = Proposal(_words_of_contribution(pull), True, contribution=pull)
            by_project[pull.project].append(found)
    strongest = {
        (one.project.pk, one.skill.pk): kind
        for kind, ones in ((Kind.DEMONSTRATED, work.shown), (Kind.ENDORSED, work.endorsed))
        for one in ones
        if one.counts
    }
    for claim in work.claims:
        if claim.pk not in claims:
            kind = strongest.get((claim.project_id, claim.skill_id))
            found = Proposal(_words(claim, kind), kind is not None, claim=claim)
            by_project[claim.project].append(found)
    for rows in by_project.values():
        rows.sort(key=lambda proposal: not proposal.is_supported)
    return list(by_project.items())


def _words_of_number(number: Measurement) -> str:
    """“Cut mean absolute error from 61.2 to 38.7 bikes per hour, against the crew's rule”."""
    metric = number.metric
    if metric[1:2].islower():
        metric = metric[0].lower() + metric[1:]
    facts = {
        "metric": metric,
        "before": number.baseline,
        "after": f"{number.result} {number.unit}".strip().replace(" %", "\u00a0%"),
    }
    change = measurements.change_of(number)
    if change is None:
        words = _("Reached %(after)s of %(metric)s") % facts
    elif not change.is_better:
        words = _("Measured %(metric)s: %(after)s, %(before)s before") % facts
    elif number.direction == Measurement.Direction.LOWER:
        words = _("Cut %(metric)s from %(before)s to %(after)s") % facts
    else:
        words = _("Raised %(metric)s from %(before)s to %(after)s") % facts
    if number.baseline and number.baseline_words:
        words = _("%(words)s, against %(it)s") % {"words": words, "it": number.baseline_words}
    if number.data_set:
        words = _("%(words)s, on %(it)s") % {"words": words, "it": number.data_set}
    return words[:300]


def _words_of_contribution(pull: Contribution) -> str:
    """“Make rolling windows keep the index”, merged into pandas-dev/pandas (12 files, +340 −80 lines)."""
    facts = {
        "title": Truncator(pull.title or f"#{pull.number}").chars(120),
        "repository": pull.full_name,
        "plus": pull.additions,
        "minus": pull.deletions,
    }
    size = ngettext("%(n)d file", "%(n)d files", pull.files) % {"n": pull.files}
    words = _("“%(title)s”, merged into %(repository)s (%(size)s, +%(plus)d −%(minus)d lines)")
    return (words % (facts | {"size": size}))[:300]


def _words(claim: Claim, kind: Kind | None) -> str:
    """A sentence that the facts bear out, to be written better by whoever did it."""
    facts = {"skill": claim.skill.name}
    if kind == Kind.ENDORSED:
        words = _("%(skill)s, confirmed by a mentor who read the code") % facts
    elif kind == Kind.DEMONSTRATED:
        words = _("%(skill)s, in code with a README and tests that were checked") % facts
    else:
        words = facts["skill"]
    return (f"{words}: {claim.note}" if claim.note else words)[:300]


def draw_on_projects(owner: User, role: Role | None) -> dict[int, int]:
    """Write an entry for each project that has none, and the lines that its claims make possible.

    Answers the place of each project's entry, by its key: those that show most of what the role asks
    first. Projects that claim nothing get an entry without lines.
    """
    asked = resume_document.asked_by(role)
    possible = dict(proposals(owner))
    entries = {
        entry.project_id: entry for entry in owner.resume_entries.filter(project__isnull=False)
    }
    ranks: dict[int, tuple[int, int]] = {}
    room = MOST_ENTRIES - owner.resume_entries.count()
    for project in owner.projects.all():
        entry = entries.get(project.pk)
        if entry is None:
            if room <= 0:
                continue
            room -= 1
            entry = _entry_of(project)
        found = sorted(
            possible.get(project, []),
            key=lambda one: (not one.is_supported, _place(one, asked)),
        )
        for proposal in found[: MOST_LINES - entry.lines.count()]:
            _line_from(entry, proposal)
        claims = {claim.skill_id for claim in project.claims.all()}
        supported = sum(proposal.is_supported for proposal in found)
        ranks[entry.pk] = (len(claims & asked.keys()), supported)
    ordered = sorted(ranks, key=lambda pk: ranks[pk], reverse=True)
    return {pk: place for place, pk in enumerate(ordered)}


def _place(proposal: Proposal, asked: dict[int, int]) -> int:
    """Numbers and pull requests first, then what the role asks."""
    return asked.get(proposal.claim.skill_id, len(asked)) if proposal.claim else -1


def _line_from(entry: ResumeEntry, proposal: Proposal) -> ResumeLine:
    facts = (proposal.claim, proposal.measurement, proposal.contribution)
    return entry.lines.create(
        words=proposal.words,
        **dict(zip(RESTS_ON, facts, strict=True)),
        proof_words=proofs.words_of(*facts),
    )


def _draw_on_background(owner: User) -> None:
    """Write what the learner declared of years and degree, where nothing is written of either yet."""
    background = declarations.background_of(owner)
    sections = set(owner.resume_entries.values_list("section", flat=True))
    if Section.EXPERIENCE not in sections:
        for row in background.experience:
            ResumeEntry.objects.create(
                owner=owner,
                section=Section.EXPERIENCE,
                title=row.get_field_display(),
                note=_("%(years)s years") % {"years": row.years},
            )
    if Section.EDUCATION not in sections and background.education:
        ResumeEntry.objects.create(
            owner=owner,
            section=Section.EDUCATION,
            title=background.education.get_degree_display(),
            about=background.education.subject,
        )


def _choose_at_first(resume: Resume, place: dict[int, int]) -> None:
    """The best projects with their best lines, and all other entries with all lines."""
    entries = list(resume.owner.resume_entries.prefetch_related("lines"))
    entries.sort(key=lambda entry: place.get(entry.pk, -1))
    projects = 0
    for entry in entries:
        lines = list(entry.lines.all())
        if entry.section == Section.PROJECTS:
            projects += 1
            if projects > FIRST_PROJECTS:
                continue
            lines = lines[:FIRST_LINES]
        resume.entry_choices.create(entry=entry, position=resume.entry_choices.count() + 1)
        for position, line in enumerate(lines, start=1):
            resume.line_choices.create(line=line, position=position)


# From a file


@dataclass(frozen=True, slots=True)
class Imported:
    """An entry of a file: as it stands there without its lines, as it is kept, and its lines."""

    section: str
    item: dict[str, Any]
    said: dict[str, Any]
    lines: list[str]


@transaction.atomic
def bring_in(
    owner: User,
    name: str,
    said: dict[str, Any],
    entries: Iterable[Imported],
    section_order: list[str],
) -> Resume:
    """A résumé that says what a file says, all of it or nothing.

    What the owner has already is chosen and not written again; so it keeps what speaks for it. A skill
    that can be defended is named by its evidence; others are kept as the file has them. Raises TooMany.
    """
    _hold(owner)
    resume = _new(owner, name=name, include_unsupported=True, section_order=section_order, **said)
    known = {
        (entry.section, item): entry
        for entry in owner.resume_entries.select_related("project__owner__profile")
        for item in [resume_formats.item_of(entry)]
    }
    shown = resume_document.defensible(proofs.work_of(owner)).values()
    skills = {entry.skill.name: entry.skill for entry in shown}
    named: set[Skill] = set()
    position = 0
    for row in entries:
        skill = skills.get(row.said["title"]) if row.section == Section.SKILLS else None
        if skill:
            named.add(skill)
            continue
        entry = known.get((row.section, resume_formats.key_of(row.item)))
        if entry is None:
            if owner.resume_entries.count() >= MOST_ENTRIES:
                raise TooMany(_("You would have more than %(n)d entries.") % {"n": MOST_ENTRIES})
            entry = ResumeEntry.objects.create(owner=owner, section=row.section, **row.said)
        position += 1
        resume.entry_choices.create(entry=entry, position=position)
        _bring_in_lines(resume, entry, row.lines)
    for skill in skills.values():
        resume.skill_choices.create(skill=skill, is_shown=skill in named)
    return resume


def _bring_in_lines(resume: Resume, entry: ResumeEntry, lines: list[str]) -> None:
    known = {line.words: line for line in entry.lines.all()}
    for position, words in enumerate(lines, start=1):
        line = known.get(words)
        if line is None:
            if len(known) >= MOST_LINES:
                raise TooMany(_("“%(it)s” would have too many lines.") % {"it": entry.title})
            line = known[words] = entry.lines.create(words=words)
        resume.line_choices.get_or_create(line=line, defaults={"position": position})


# Writing


@transaction.atomic
def write(owner: User, pk: int, said: dict[str, Any], *, version: str) -> Resume:
    """Keep what a résumé says itself. Raises WrittenMeanwhile."""
    resume = _held(Resume.objects.owned_by(owner), pk, version)
    return _keep(resume, {name: said[name] for name in SAID_OF_RESUME})


@transaction.atomic
def write_entry(
    resume: Resume,
    said: dict[str, Any],
    *,
    section: str = "",
    pk: int | None = None,
    version: str = "",
) -> ResumeEntry:
    """Keep a new entry of this section, chosen by the résumé, or the one of this key.

    Raises TooMany and WrittenMeanwhile.
    """
    owner = resume.owner
    fields = {name: said[name] for name in SAID_OF_ENTRY}
    if pk is not None:
        return _keep(_held(owner.resume_entries.all(), pk, version), fields)
    _hold(owner)
    if owner.resume_entries.count() >= MOST_ENTRIES:
        raise TooMany(
            _("You have %(n)d entries, which is as many as one person keeps.") % {"n": MOST_ENTRIES}
        )
    entry = ResumeEntry.objects.create(owner=owner, section=section, **fields)
    _put_last(resume.entry_choices, entry=entry)
    return entry


@transaction.atomic
def write_line(
    resume: Resume,
    entry: ResumeEntry,
    said: dict[str, Any],
    *,
    pk: int | None = None,
    version: str = "",
) -> ResumeLine:
    """Keep a new line under an entry, chosen by the résumé, or the one of this key.

    `said` holds words and what they rest on, if anything. Raises TooMany and WrittenMeanwhile.
    """
    facts = {name: said.get(name) for name in RESTS_ON}
    fields = {"words": said["words"], **facts, "proof_words": proofs.words_of(*facts.values())}
    if pk is not None:
        return _keep(_held(entry.lines.all(), pk, version), fields)
    _hold(resume.owner)
    if entry.lines.count() >= MOST_LINES:
        raise TooMany(_("An entry has %(n)d lines at most: nobody reads more.") % {"n": MOST_LINES})
    line = entry.lines.create(**fields)
    _put_last(resume.line_choices, line=line)
    return line


def _held(rows: QuerySet[Kept], pk: int, version: str) -> Kept:
    row = rows.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None or row.version != version:
        raise WrittenMeanwhile(row)
    return row


def _keep(row: Kept, fields: dict[str, Any]) -> Kept:
    for name, value in fields.items():
        setattr(row, name, value)
    row.written_at = timezone.now()
    row.save()
    return row


# Choosing and ordering


@contextmanager
def _arranging(resume: Resume) -> Iterator[Resume]:
    """The résumé as it is now, which nobody else arranges until this ends."""
    with transaction.atomic():
        yield Resume.objects.select_for_update(of=("self",)).get(pk=resume.pk)


def put_in(resume: Resume, what: ResumeEntry | ResumeLine) -> None:
    """Choose an entry, or a line and with it its entry. What is chosen already stays where it is."""
    with _arranging(resume) as held:
        entry = what.entry if isinstance(what, ResumeLine) else what
        _put_last(held.entry_choices, entry=entry)
        if isinstance(what, ResumeLine):
            _put_last(held.line_choices, line=what)


def leave_out(resume: Resume, what: ResumeEntry | ResumeLine) -> None:
    """Choose it no longer; it is kept, and other résumés keep it too."""
    with _arranging(resume) as held:
        if isinstance(what, ResumeLine):
            held.line_choices.filter(line=what).delete()
        else:
            held.entry_choices.filter(entry=what).delete()


def take(resume: Resume, fact: Claim | Measurement | Contribution) -> None:
    """Write the line that a fact makes possible, and choose it; nothing where it is written already."""
    with _arranging(resume):
        for proposal in dict(proposals(resume.owner)).get(fact.project, []):
            if fact == proposal.fact:
                put_in(resume, _line_from(_entry_of(fact.project), proposal))


def take_project(resume: Resume, project: Project) -> None:
    """Choose the entry of a project, with the lines that its claims make possible."""
    with _arranging(resume):
        entry = _entry_of(project)
        put_in(resume, entry)
        for proposal in dict(proposals(resume.owner)).get(project, [])[:FIRST_LINES]:
            put_in(resume, _line_from(entry, proposal))


def _entry_of(project: Project) -> ResumeEntry:
    """The project's entry; written now where there is none."""
    entry, _is_new = ResumeEntry.objects.get_or_create(
        owner=project.owner,
        project=project,
        defaults={
            "section": Section.PROJECTS,
            "title": project.title,
            "summary": project.summary,
        },
    )
    return entry


def show_skill(resume: Resume, skill: Skill, is_shown: bool) -> None:
    """Name a skill, or leave it out, whatever its evidence."""
    with _arranging(resume) as held:
        held.skill_choices.update_or_create(skill=skill, defaults={"is_shown": is_shown})


def move_entry(resume: Resume, entry: ResumeEntry, by: int) -> None:
    """One place up (-1) or down (1) among the chosen ones of its section."""
    with _arranging(resume) as held:
        _move(
            list(held.entry_choices.filter(entry__section=entry.section)),
            lambda choice: choice.entry_id == entry.pk,
            by,
        )


def move_line(resume: Resume, line: ResumeLine, by: int) -> None:
    """One place up (-1) or down (1) among the chosen ones of its entry."""
    with _arranging(resume) as held:
        _move(
            list(held.line_choices.filter(line__entry=line.entry_id)),
            lambda choice: choice.line_id == line.pk,
            by,
        )


def move_section(resume: Resume, section: Section, by: int) -> None:
    """One place up (-1) or down (1) among the sections that its owner sees."""
    with _arranging(resume) as held:
        seen = seen_sections(held)
        if section not in seen:
            return
        _swap(seen, seen.index(section), by)
        rest = (name for name in held.sections if name not in seen)
        held.section_order = [name.value for name in (*seen, *rest)]
        held.save(update_fields=["section_order"])


def seen_sections(resume: Resume) -> list[Section]:
    """The usual sections and all for which the owner has written an entry, in its order."""
    written = set(resume.owner.resume_entries.values_list("section", flat=True))
    return [name for name in resume.sections if name in USUAL or name in written]


Choice = TypeVar("Choice", EntryChoice, LineChoice)


def _move(choices: list[Choice], is_meant: Callable[[Choice], bool], by: int) -> None:
    place = next((n for n, choice in enumerate(choices) if is_meant(choice)), None)
    if place is None:
        return
    _swap(choices, place, by)
    for position, choice in enumerate(choices, start=1):
        if choice.position != position:
            choice.position = position
            choice.save(update_fields=["position"])


def _swap(rows: list[Any], place: int, by: int) -> None:
    other = place + by
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]


def _put_last(choices: Any, **what: Model) -> None:
    last = choices.aggregate(last=Max("position"))["last"] or 0
    choices.get_or_create(**what, defaults={"position": last + 1})


# Showing it to others


@transaction.atomic
def publish(resume: Resume) -> None:
    """Show this one, and none other, to whoever may open the owner's portfolio page."""
    _hold(resume.owner)
    resume.owner.resumes.exclude(pk=resume.pk).update(is_public=False)
    resume.owner.resumes.filter(pk=resume.pk).update(is_public=True)


def withdraw(resume: Resume) -> None:
    """Show it to nobody any more."""
    resume.owner.resumes.filter(pk=resume.pk).update(is_public=False)
