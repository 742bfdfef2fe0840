"""A résumé as somebody reads it: its words in order, each line with what speaks for it now.

Computed for its reader. To the owner it shows everything; to others only evidence that they may open,
and no skills where the profile shows none. What nothing speaks for is left out unless it is asked for.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.utils import dateformat, timezone
from django.utils.translation import gettext as _

from accounts.mentorships import is_mentor_of
from accounts.models import User
from curriculum.models import Role, Skill, SkillLevel
from portfolio import evidence, proofs
from portfolio.demonstrations import Demonstration, Work
from portfolio.evidence import KINDS, Evidence, Kind, Viewer
from portfolio.models import (
    Claim,
    EntryChoice,
    LineChoice,
    Resume,
    ResumeEntry,
    ResumeLine,
    Section,
)
from portfolio.proofs import Proof

#: Kinds of evidence that one can defend a skill with.
DEFENSIBLE = (Kind.DEMONSTRATED, Kind.ENDORSED)


#: Sections whose entries have a day and no length, and those that are listed in one paragraph.
OF_A_DAY = (Section.PUBLICATIONS, Section.CERTIFICATES, Section.AWARDS)
LISTED = (Section.SKILLS, Section.LANGUAGES, Section.INTERESTS)


def said_date(text: str) -> str:
    """2024-03 as a person says it: March 2024."""
    parts = [int(part) for part in text.split("-") if part]
    if not parts:
        return ""
    day = date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)
    return dateformat.format(day, ("Y", "F Y", "j F Y")[len(parts) - 1])


@dataclass(frozen=True, slots=True)
class SkillEntry:
    """A skill with the strongest that speaks for it."""

    skill: Skill
    kind: Kind
    level: SkillLevel
    demonstration: Demonstration | None = None
    claim: Claim | None = None

    @property
    def is_defensible(self) -> bool:
        return self.kind in DEFENSIBLE

    @property
    def words(self) -> str:
        """Its level, and what speaks for it."""
        level = self.level.label.lower()
        one = self.demonstration
        if one is None:
            said = _("studied") if self.kind == Kind.STUDIED else _("own word")
            return f"{level}, {said}"
        said = _("endorsed at") if self.kind == Kind.ENDORSED else _("checked at")
        return f"{level}, {said} {one.short_sha}"

    @property
    def url(self) -> str:
        one = self.demonstration
        return proofs.address_of_skill(one.project, self.claim) if one else ""


@dataclass(frozen=True, slots=True)
class Line:
    line: ResumeLine
    proof: Proof

    @property
    def words(self) -> str:
        return self.line.words


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry with the lines that the reader is shown, and the commit at which its project was seen."""

    entry: ResumeEntry
    lines: list[Line]

    @property
    def url(self) -> str:
        """The entry's own link, or its project's page where that is open to all."""
        own = self.entry.project
        return (proofs.address_of(own) if own else "") or self.entry.url

    @property
    def in_one_line(self) -> str:
        """Title, note and keywords, for a list: “English, native”."""
        entry = self.entry
        words = ", ".join(filter(None, (entry.title, entry.note)))
        return f"{words}: {', '.join(entry.keywords)}" if entry.keywords else words

    @property
    def facts(self) -> list[str]:
        """What stands beside the title: where, and what kind."""
        entry = self.entry
        if entry.section == Section.EXPERIENCE and entry.organisation and entry.about:
            found = [f"{entry.organisation} ({entry.about})"]
        else:
            found = [entry.about, entry.organisation]
        return [fact for fact in (*found, entry.place, entry.note) if fact]

    @property
    def when(self) -> str:
        """“March 2021 – June 2024”, “2021 – now”, or the one date of what has no length."""
        first, last = said_date(self.entry.starts_on), said_date(self.entry.ends_on)
        if self.entry.section in OF_A_DAY:
            return first
        if first and not last:
            last = _("now")
        return " – ".join(filter(None, (first, last)))


@dataclass(frozen=True, slots=True)
class Part:
    """A section with something in it."""

    section: Section
    entries: list[Entry] = field(default_factory=list)
    skills: list[SkillEntry] = field(default_factory=list)

    @property
    def is_listed(self) -> bool:
        """Whether it is one paragraph instead of a heading for each entry."""
        return self.section in LISTED


@dataclass(frozen=True, slots=True)
class Document:
    """All that stands on the page."""

    resume: Resume
    name: str
    url: str  # of the portfolio page, where strangers may open it
    email: str
    parts: list[Part]
    left_out: int  # chosen lines that are not shown: nothing speaks for them
    day: date
    is_own: bool  # made for its owner

    @property
    def notes(self) -> list[str]:
        """What a reader should know of the marks beside lines and skills."""
        lines = [line for part in self.parts for entry in part.entries for line in entry.lines]
        skills = [skill for part in self.parts for skill in part.skills]
        merged = any(line.proof.contribution for line in lines)
        notes = []
        if any(line.proof.is_supported for line in lines) or any(s.is_defensible for s in skills):
            notes.append(
                _(
                    "Checked and endorsed: %(site)s read the repository, or a mentor approved it, at the "
                    "commit named. The links lead to what was found."
                )
                % {"site": settings.SITE_URL.partition("://")[2]}
                + " "
                + (_("Merged: GitHub shows it so, by my account.") + " " if merged else "")
                + _("All else is my own account.")
            )
        return notes


def of(resume: Resume, *, viewer: Viewer | None = None) -> Document:
    """The résumé for its owner, or for somebody else who reads it now."""
    owner = resume.owner
    work = proofs.work_of(owner, viewer)
    shows_skills = _shows_skills(owner, viewer)
    skills = skills_of(resume, work, viewer) if shows_skills else []
    entries, left_out = _entries(resume, work, viewer, shows_skills)
    free = entries.pop(Section.SKILLS, [])
    if not resume.include_unsupported:
        left_out += len(free)
        free = []
    parts = [
        Part(section, entries.get(section, []))
        if section != Section.SKILLS
        else Part(section, free, skills)
        for section in resume.sections
    ]
    profile = owner.profile
    return Document(
        resume=resume,
        name=profile.name,
        url=settings.SITE_URL + profile.get_absolute_url() if _is_open(owner) else "",
        email=resume.email if viewer is None else "",
        parts=[part for part in parts if part.entries or part.skills],
        left_out=left_out,
        day=timezone.localdate(),
        is_own=viewer is None,
    )


def _is_open(owner: User) -> bool:
    return owner.is_active and owner.profile.is_public


def _shows_skills(owner: User, viewer: Viewer | None) -> bool:
    if viewer is None or owner.profile.shows_skills:
        return True
    return viewer == owner or is_mentor_of(viewer, owner)


def _entries(
    resume: Resume, work: Work, viewer: Viewer | None, names_skills: bool
) -> tuple[dict[Section, list[Entry]], int]:
    """The chosen entries by section with their lines as shown, and how many lines are not."""
    rests_on = [f"line__{name}" for name in proofs.RESTS_ON]
    lines = [choice.line for choice in resume.line_choices.select_related(*rests_on)]
    found = proofs.of_lines(resume.owner, lines, work, viewer=viewer, names_skills=names_skills)
    by_entry: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_entry[line.entry_id].append(Line(line, found[line.pk]))
    entries: dict[Section, list[Entry]] = defaultdict(list)
    left_out = 0
    chosen = resume.entry_choices.select_related("entry__project__owner__profile")
    for choice in chosen:
        every = by_entry[choice.entry_id]
        shown = [line for line in every if resume.include_unsupported or line.proof.is_supported]
        left_out += len(every) - len(shown)
        entries[Section(choice.entry.section)].append(Entry(choice.entry, shown))
    return entries, left_out


def lines_of(owner: User, resumes: Iterable[Resume]) -> dict[int, list[Line]]:
    """The lines that each of a person's résumés shows its owner, by its key and in its order.

    As many queries for one résumé as for many.
    """
    by_key = {resume.pk: resume for resume in resumes}
    if not by_key:
        return {}
    places = {
        (choice.resume_id, choice.entry_id): choice.position
        for choice in EntryChoice.objects.filter(resume__in=by_key)
    }
    rests_on = [f"line__{name}" for name in proofs.RESTS_ON]
    choices = list(
        LineChoice.objects.filter(resume__in=by_key).select_related("line__entry", *rests_on)
    )
    found = proofs.of_lines(owner, [choice.line for choice in choices], proofs.work_of(owner))
    shown: dict[int, list[tuple[tuple[int, ...], Line]]] = {pk: [] for pk in by_key}
    for choice in choices:
        resume, line = by_key[choice.resume_id], Line(choice.line, found[choice.line_id])
        place = places.get((choice.resume_id, choice.line.entry_id))
        if place is None or not (resume.include_unsupported or line.proof.is_supported):
            continue
        section = resume.sections.index(Section(choice.line.entry.section))
        shown[resume.pk].append(((section, place, choice.position, choice.pk), line))
    return {
        pk: [line for _place, line in sorted(rows, key=lambda row: row[0])]
        for pk, rows in shown.items()
    }


def skills_of(resume: Resume, work: Work, viewer: Viewer | None) -> list[SkillEntry]:
    """The skills it names: what its role asks first, then the strongest evidence."""
    said = dict(resume.skill_choices.values_list("skill", "is_shown"))
    every = every_skill(resume, work, viewer, only_defensible=not any(said.values()))
    return [entry for entry in every if names(entry, said)]


def names(entry: SkillEntry, said: Mapping[int, bool]) -> bool:
    """Whether a skill is named: as was said of its key, else where one can defend it."""
    return said.get(entry.skill.pk, entry.is_defensible)


def every_skill(
    resume: Resume, work: Work, viewer: Viewer | None, *, only_defensible: bool = False
) -> list[SkillEntry]:
    """Every skill that something speaks for, in the order of this résumé."""
    found = defensible(work)
    if not only_defensible:
        for skill, entry in evidence.of(resume.owner, seen_by=viewer).items():
            found.setdefault(skill.pk, _weaker(entry))
    asked = asked_by(resume.target_role)
    return sorted(found.values(), key=lambda entry: _rank(entry, asked))


def _weaker(entry: Evidence) -> SkillEntry:
    """What speaks for a skill that cannot be defended."""
    kinds = [kind for kind in entry.reached if kind not in DEFENSIBLE]
    kind = max(kinds, key=KINDS.index, default=Kind.DECLARED)
    level = entry.reached[kind].level if kinds else SkillLevel.AWARE
    return SkillEntry(entry.skill, kind, level)


def _rank(entry: SkillEntry, asked: dict[int, int]) -> tuple[int, int, int, str]:
    place = asked.get(entry.skill.pk, len(asked))
    return place, -KINDS.index(entry.kind), -entry.level, entry.skill.name


def defensible(work: Work) -> dict[int, SkillEntry]:
    """The skills that checks or mentors show, by key, each by the strongest that counts."""
    claims = {(claim.project_id, claim.skill_id): claim for claim in work.claims}
    found: dict[int, SkillEntry] = {}
    for kind, ones in ((Kind.DEMONSTRATED, work.shown), (Kind.ENDORSED, work.endorsed)):
        for one in sorted(_counting(ones), key=lambda one: one.level):
            claim = claims.get((one.project.pk, one.skill.pk))
            found[one.skill.pk] = SkillEntry(one.skill, kind, one.level, one, claim)
    return found


def _counting(ones: Iterable[Demonstration]) -> Iterable[Demonstration]:
    return (one for one in ones if one.counts)


def asked_by(role: Role | None) -> dict[int, int]:
    """The place of each skill among what a role asks, by its key; what is required comes first."""
    if role is None:
        return {}
    rows = role.requirements.order_by("-is_required", "position").values_list(
        "alternatives__skill", flat=True
    )
    return {skill: place for place, skill in enumerate(dict.fromkeys(rows)) if skill}
