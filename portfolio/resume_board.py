"""A résumé on its owner's desk: what it holds and what it leaves out, with proof and advice beside it."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count

from curriculum.models import Skill, Unit
from portfolio import proofs, resume_document, resume_hints, resumes
from portfolio.models import EntryChoice, Project, Resume, ResumeEntry, ResumeLine, Section
from portfolio.proofs import Proof
from portfolio.resume_document import SkillEntry
from portfolio.resume_hints import Hint
from portfolio.resumes import Proposal

#: Sections whose lines say what somebody did, which is what the advice is about.
ADVISED = (Section.PROJECTS, Section.EXPERIENCE, Section.VOLUNTEERING)


@dataclass(frozen=True, slots=True)
class LineOnBoard:
    line: ResumeLine
    proof: Proof
    hints: list[Hint]
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class EntryOnBoard:
    entry: ResumeEntry
    lines: list[LineOnBoard]
    left_out: list[LineOnBoard]
    proposals: list[Proposal]
    elsewhere: int  # other résumés that hold it

    @property
    def facts(self) -> list[str]:
        return resume_document.Entry(self.entry, []).facts

    @property
    def when(self) -> str:
        return resume_document.Entry(self.entry, []).when

    @property
    def left_out_count(self) -> int:
        """Lines that can be put in: written ones, and those that claims make possible."""
        return len(self.left_out) + len(self.proposals)


@dataclass(frozen=True, slots=True)
class PartOnBoard:
    section: Section
    entries: list[EntryOnBoard] = field(default_factory=list)
    left_out: list[EntryOnBoard] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Board:
    resume: Resume
    parts: list[PartOnBoard]
    skills: list[SkillEntry]
    skills_left_out: list[SkillEntry]
    summary_hints: list[Hint]
    new_projects: list[Project]  # of which nothing is written yet

    @property
    def lines(self) -> list[LineOnBoard]:
        return [line for part in self.parts for entry in part.entries for line in entry.lines]

    @property
    def supported(self) -> int:
        return sum(line.proof.is_supported for line in self.lines)

    @property
    def hints(self) -> int:
        return len(self.summary_hints) + sum(len(line.hints) for line in self.lines)


def of(resume: Resume) -> Board:
    """All of it, in a number of queries that does not grow with what is written."""
    owner = resume.owner
    work = proofs.work_of(owner)
    lines = list(
        ResumeLine.objects.filter(entry__owner=owner).select_related("entry", *proofs.RESTS_ON)
    )
    found = proofs.of_lines(owner, lines, work)
    every = resume_document.every_skill(resume, work, None)
    spellings = _spellings()
    shown = {entry.skill.name for entry in every if entry.is_defensible}
    chosen_lines = {c.line_id: c.position for c in resume.line_choices.all()}
    chosen_entries = {c.entry_id: c.position for c in resume.entry_choices.all()}
    by_entry: dict[int, list[LineOnBoard]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: chosen_lines.get(line.pk, 0)):
        unproved = resume_hints.named_in(line.words, spellings) - shown
        hints = []
        if line.entry.section in ADVISED:
            number = line.measurement.result if line.measurement else ""
            hints = resume_hints.of_line(line.words, sorted(unproved), number)
        by_entry[line.entry_id].append(
            LineOnBoard(line, found[line.pk], hints, line.pk in chosen_lines)
        )
    possible = {project.pk: (project, some) for project, some in resumes.proposals(owner, work)}
    others = EntryChoice.objects.filter(entry__owner=owner).exclude(resume=resume)
    elsewhere = dict(others.values_list("entry").annotate(Count("pk")).order_by())
    parts = {section: PartOnBoard(section) for section in resumes.seen_sections(resume)}
    entries = list(owner.resume_entries.select_related("project__owner__profile"))
    for entry in sorted(entries, key=lambda entry: chosen_entries.get(entry.pk, 0)):
        written = by_entry[entry.pk]
        row = EntryOnBoard(
            entry,
            [line for line in written if line.is_chosen],
            [line for line in written if not line.is_chosen],
            possible[entry.project_id][1] if entry.project_id in possible else [],
            elsewhere.get(entry.pk, 0),
        )
        part = parts[Section(entry.section)]
        (part.entries if entry.pk in chosen_entries else part.left_out).append(row)
    said = dict(resume.skill_choices.values_list("skill", "is_shown"))
    named = [entry for entry in every if resume_document.names(entry, said)]
    written_projects = {entry.project_id for entry in entries}
    return Board(
        resume=resume,
        parts=list(parts.values()),
        skills=named,
        skills_left_out=[entry for entry in every if entry not in named],
        summary_hints=resume_hints.of_summary(resume.summary),
        new_projects=[p for p in owner.projects.all() if p.pk not in written_projects],
    )


def units_of(board: Board) -> set[str]:
    """The slugs of the units that the advice is from and that there are today."""
    hints = [*board.summary_hints, *(hint for line in board.lines for hint in line.hints)]
    named = {hint.source.unit for hint in hints} - {""}
    return set(Unit.objects.live().filter(slug__in=named).values_list("slug", flat=True))


def _spellings() -> dict[str, str]:
    """How each skill of today may be spelt, in small letters, with its name."""
    found = {}
    for name, aliases in Skill.objects.live().values_list("name", "aliases"):
        for spelling in (name, *aliases):
            found[spelling.lower()] = name
    return found
