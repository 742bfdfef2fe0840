"""What we say of a repository now. Computed from its check runs and rulings, never stored.

What a check tells the owner alone is left out unless the picture is made for the owner. Of a private
repository a stranger hears the verdicts with commit and date, and nothing that stands in it.

The verdicts are those of the newest run that read the repository. A later run that could not read it
is shown beside them and changes none; a verdict that is not known keeps the last known one beside it.
A mentor's ruling on a disputed finding stands for as long as the tree it is about.
"""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from django.db.models import OuterRef, Subquery

from accounts.mentorships import is_mentor_of
from portfolio import checks, ownership, waiting
from portfolio.checks import Group, Outcome
from portfolio.models import CheckRun, Dispute, Finding, Project, Repository
from portfolio.ownership import Ownership
from portfolio.waiting import Place


class Reader(Enum):
    """For whom a picture is made."""

    OWNER = auto()
    MENTOR = auto()  # of the owner, now
    STRANGER = auto()


def reader_of(project: Project, user) -> Reader:
    """Who this person is to the owner of the project."""
    if project.owner == user:
        return Reader.OWNER
    return Reader.MENTOR if is_mentor_of(user, project.owner) else Reader.STRANGER


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check's finding, what it was when it was last known, and what was said against it."""

    finding: Finding
    last_known: Finding | None = None
    dispute: Dispute | None = None

    @property
    def title(self) -> str:
        return checks.title(self.finding.check_name)

    @property
    def outcome(self) -> str:
        """The finding's, unless a mentor ruled that it is wrong."""
        is_overruled = self.dispute is not None and self.dispute.is_accepted
        return Outcome.PASSED if is_overruled else self.finding.outcome

    @property
    def group(self) -> Group:
        """Where a page shows it; a check of another ruleset stands among the practices."""
        check = checks.find(self.finding.check_name)
        return check.group if check else Group.PRACTICE

    @property
    def why(self) -> str:
        """What the check is good for; "" for one of another ruleset."""
        check = checks.find(self.finding.check_name)
        return check.why if check else ""

    @property
    def word(self) -> str:
        """The outcome, or "advice" for a failed one on which nothing hangs."""
        return checks.word(self.finding.check_name, self.outcome)

    @property
    def is_disputable(self) -> bool:
        """Said in public and against the learner; what only the owner sees needs no ruling."""
        is_against = self.finding.outcome in (Outcome.FAILED, Outcome.UNKNOWN)
        return self.dispute is None and is_against and self.group != Group.HYGIENE


@dataclass(frozen=True, slots=True)
class Section:
    """The verdicts of one group, as a page lists them."""

    group: Group
    verdicts: list[Verdict]

    @property
    def passed(self) -> int:
        return sum(verdict.outcome == Outcome.PASSED for verdict in self.verdicts)

    @property
    def applicable(self) -> list[Verdict]:
        """Those that apply to this repository."""
        return [verdict for verdict in self.verdicts if verdict.outcome != Outcome.NOT_APPLICABLE]

    @property
    def not_applicable(self) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if verdict.outcome == Outcome.NOT_APPLICABLE]

    @property
    def troubles(self) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if verdict.outcome == Outcome.FAILED]


def sections(verdicts: Iterable[Verdict]) -> list[Section]:
    """Verdicts by group, in the order of the groups; a group without verdicts is left out."""
    found: dict[Group, list[Verdict]] = {group: [] for group in Group}
    for verdict in verdicts:
        found[verdict.group].append(verdict)
    return [
        Section(group, group_verdicts) for group, group_verdicts in found.items() if group_verdicts
    ]


@dataclass(frozen=True, slots=True)
class Picture:
    """A repository as its page shows it."""

    repository: Repository
    latest: CheckRun | None = None  # the newest run of all
    looked: CheckRun | None = None  # the newest that read the repository
    verdicts: list[Verdict] = field(default_factory=list)
    ownership: Ownership | None = None  # in detail only
    place: Place | None = None  # of the active run, in detail only
    is_withheld: bool = False  # a private repository, as strangers hear of it

    @property
    def sections(self) -> list[Section]:
        return sections(self.verdicts)

    @property
    def active(self) -> CheckRun | None:
        """The run that waits or works."""
        return self.latest if self.latest and self.latest.is_active else None

    @property
    def trouble(self) -> CheckRun | None:
        """The newest run, when it ended without reading the repository."""
        ended = self.latest and not self.latest.is_active and not self.latest.looked
        return self.latest if ended else None

    @property
    def readme(self) -> Verdict | None:
        """The README in one verdict: what it says, once there is one."""
        return self._worst("readme", "readme-content")

    @property
    def tests(self) -> Verdict | None:
        return self._worst("tests")

    @property
    def is_success(self) -> bool:
        """Every required check passed at the newest commit that was read, or was ruled to."""
        passed, required = self.passed_of_required
        return 0 < required == passed

    @property
    def passed_of_required(self) -> tuple[int, int]:
        """How many required checks passed, or were ruled to, and how many there were."""
        required = [v for v in self.verdicts if v.finding.check_name in checks.REQUIRED]
        return sum(v.outcome == Outcome.PASSED for v in required), len(required)

    def _worst(self, *names: str) -> Verdict | None:
        """The first of these checks that did not pass, or the last one."""
        found = [v for v in self.verdicts if v.finding.check_name in names]
        not_passed = (v for v in found if v.outcome != Outcome.PASSED)
        return next(not_passed, found[-1] if found else None)


def of(repository: Repository, *, reader: Reader = Reader.STRANGER) -> Picture:
    """The picture of one repository."""
    return of_many([repository], reader=reader)[repository.pk]


def of_many(
    repositories: Iterable[Repository], *, reader: Reader = Reader.STRANGER
) -> dict[int, Picture]:
    """Pictures by the repositories' ids, in at most five queries however many there are.

    Made for the owner they hold what is told to the owner alone.
    """
    repositories = list(repositories)
    runs = CheckRun.objects.filter(repository=OuterRef("pk"))
    newest = Repository.objects.filter(pk__in=[r.pk for r in repositories]).annotate(
        latest_id=Subquery(runs.values("pk")[:1]),
        looked_id=Subquery(runs.conclusive().values("pk")[:1]),
    )
    ids = {
        pk: (latest, looked)
        for pk, latest, looked in newest.values_list("pk", "latest_id", "looked_id")
    }
    by_id = CheckRun.objects.in_bulk({pk for pair in ids.values() for pk in pair if pk})
    looked_ids = [looked for _, looked in ids.values() if looked]
    findings: dict[int, list[Finding]] = {}
    told = Finding.objects.filter(check_run__in=looked_ids).told_to(is_owner=reader == Reader.OWNER)
    for finding in told.order_by("position"):
        findings.setdefault(finding.check_run_id, []).append(finding)
    known = _last_known([f for group in findings.values() for f in group], by_id)
    disputes = _disputes(by_id[pk] for pk in looked_ids)
    pictures = {}
    for repository in repositories:
        latest, looked = (by_id.get(pk) for pk in ids[repository.pk])
        for run in filter(None, (latest, looked)):
            run.repository = repository
        verdicts = []
        if looked:
            verdicts = [
                Verdict(
                    finding,
                    known.get((repository.pk, finding.check_name)),
                    disputes.get((repository.pk, finding.check_name, looked.tree_sha)),
                )
                for finding in findings.get(looked.pk, [])
            ]
        picture = Picture(repository, latest, looked, verdicts)
        is_withheld = repository.is_private and reader == Reader.STRANGER
        pictures[repository.pk] = _withheld(picture) if is_withheld else picture
    return pictures


def in_detail(pictures: Iterable[Picture], project: Project) -> list[Picture]:
    """The same, of one project's repositories, with what only its own page says.

    In one query more, and two for each run that is under way.
    """
    author = ownership.author_of(project.owner_id)
    account_id = author.id if author else None
    return [
        replace(
            picture,
            ownership=Ownership(picture.repository, project.owner_id, account_id),
            place=waiting.of(picture.active) if picture.active else None,
        )
        for picture in pictures
    ]


def of_run(check_run: CheckRun, *, reader: Reader = Reader.STRANGER) -> list[Verdict]:
    """The verdicts of one run as it was, with what was said against them.

    Whoever may not see a private repository's runs is never given one (CheckRun.visible_to).
    """
    disputes = _disputes([check_run])
    about = (check_run.repository_id, check_run.tree_sha)
    return [
        Verdict(finding, dispute=disputes.get((about[0], finding.check_name, about[1])))
        for finding in check_run.findings.told_to(is_owner=reader == Reader.OWNER)
    ]


def _withheld(picture: Picture) -> Picture:
    """The picture without anything that stands in the repository, its name and branch included."""
    hidden = copy(picture.repository)
    for name in ("full_name", "former_name", "ref", "folder", "description", "parent_name"):
        setattr(hidden, name, "")
    runs = {}
    for run in filter(None, (picture.latest, picture.looked)):
        runs[run.pk] = copy(run)
        runs[run.pk].full_name = runs[run.pk].ref = ""
        runs[run.pk].repository = hidden
    return replace(
        picture,
        repository=hidden,
        latest=runs[picture.latest.pk] if picture.latest else None,
        looked=runs[picture.looked.pk] if picture.looked else None,
        verdicts=[_without_words(verdict) for verdict in picture.verdicts],
        is_withheld=True,
    )


def _without_words(verdict: Verdict) -> Verdict:
    """The verdict as a bare outcome; a ruling counts, what was said in the dispute is left out."""
    finding = copy(verdict.finding)
    finding.outcome = verdict.outcome
    finding.summary = finding.fix = ""
    finding.evidence, finding.lookalikes, finding.details = [], [], {}
    return Verdict(finding)


def _disputes(runs: Iterable[CheckRun]) -> dict[tuple[int, str, str], Dispute]:
    """By repository, check and tree: the disputes about the trees of these runs."""
    trees = {run.tree_sha for run in runs if run.tree_sha}
    if not trees:
        return {}
    found = Dispute.objects.filter(tree_sha__in=trees).select_related("ruled_by__profile")
    return {(d.repository_id, d.check_name, d.tree_sha): d for d in found}


def _last_known(
    findings: list[Finding], runs: dict[int, CheckRun]
) -> dict[tuple[int, str], Finding]:
    """For each finding that is not known, the newest one of the same check that was."""
    unknown = {
        (runs[f.check_run_id].repository_id, f.check_name)
        for f in findings
        if f.outcome == Outcome.UNKNOWN
    }
    if not unknown:
        return {}
    earlier = (
        Finding.objects.filter(
            check_run__repository__in={repository for repository, _ in unknown},
            check_name__in={name for _, name in unknown},
        )
        .exclude(outcome=Outcome.UNKNOWN)
        .select_related("check_run")
        .order_by("check_run__requested_at")
    )
    return {
        key: finding
        for finding in earlier
        if (key := (finding.check_run.repository_id, finding.check_name)) in unknown
    }
