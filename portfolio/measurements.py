"""Keep what a project changed, in numbers, and look whether the file that is named shows them.

A look reads one file at the newest commit that was checked: when a measurement is written, and again
with every check of its repository. The row says that a look is wanted; a worker claims it, and writes
nothing when the words changed meanwhile. What could not be told changes no verdict.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from portfolio import figures
from portfolio.github.client import GitHub
from portfolio.github.errors import GitHubError, RateLimited
from portfolio.github.links import Link
from portfolio.github.snapshot import Snapshot, Unread
from portfolio.models import CheckRun, Measurement, Project, Repository

log = structlog.get_logger(__name__)

#: A project tells of so many numbers at most; who reads more than a handful reads none.
MOST = 12
#: How long a worker may take for one look, and after how many that never ended it is left to the checks.
LEASE, MOST_ATTEMPTS = timedelta(seconds=90), 5
#: Looks that are sent at once.
MOST_AT_ONCE = 50

Verdict = Measurement.Verdict

#: What the form says, and what of it a look rests on.
WORDS = (
    "metric", "result", "baseline", "baseline_words", "unit", "direction", "data_set", "repository",
    "path",
)  # fmt: skip
LOOKED_FOR = ("result", "baseline", "unit", "repository", "path")


class TooMany(Exception):
    """The project tells of as many numbers as it may."""


class WrittenMeanwhile(Exception):
    """It is not what the writer began with: `measurement` is what it is now, if anything."""

    def __init__(self, measurement: Measurement | None):
        super().__init__(measurement)
        self.measurement = measurement


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look at the file found; lines count from 1, 0 is none."""

    verdict: str
    line: int = 0
    baseline_line: int = 0
    is_refused: bool = False  # GitHub was away: it is worth another try


#: What a check saw of the measurements of its repository.
Looks = list[tuple[Measurement, Seen]]


# To write


@transaction.atomic
def write(
    project: Project, said: Mapping[str, Any], *, version: str = "", pk: int | None = None
) -> Measurement:
    """Keep a new measurement, or the one of this key as it is now; `said` holds WORDS. The very same
    number twice, as two presses send it, is kept once.

    A file that was not looked at is due at once, if its repository was ever read: else the first check
    looks. Raises TooMany, and WrittenMeanwhile when it was changed or deleted since that version.
    """
    Project.objects.select_for_update().get(pk=project.pk)  # one writer a project at a time
    own = Measurement.objects.filter(project=project)
    if pk is None:
        if already := own.filter(**{name: said[name] for name in WORDS}).first():
            return already
        if own.count() >= MOST:
            raise TooMany
        measurement = Measurement(project=project, position=own.count() + 1)
    else:
        held = own.filter(pk=pk).first()
        if held is None or held.version != version:
            raise WrittenMeanwhile(held)
        measurement = held
    before = [getattr(measurement, name) for name in LOOKED_FOR]
    for name in WORDS:
        setattr(measurement, name, said[name])
    if pk is None or before != [getattr(measurement, name) for name in LOOKED_FOR]:
        _forget(measurement)
    measurement.written_at = timezone.now()
    measurement.save()
    return measurement


@transaction.atomic
def move(measurement: Measurement, by: int) -> None:
    """Show it so many places later, or earlier; at the ends it stays."""
    Project.objects.select_for_update().get(pk=measurement.project_id)
    order = list(Measurement.objects.filter(project=measurement.project_id))
    if measurement not in order:
        return
    here = order.index(measurement)
    order.insert(max(0, min(here + by, len(order) - 1)), order.pop(here))
    for position, one in enumerate(order, 1):
        if one.position != position:
            Measurement.objects.filter(pk=one.pk).update(position=position)


def _forget(measurement: Measurement) -> None:
    """Nothing was seen yet of what it says now."""
    measurement.verdict = measurement.head_sha = measurement.found_sha = ""
    measurement.looked_at = measurement.found_at = None
    measurement.line = measurement.baseline_line = measurement.attempts = 0
    is_read = measurement.has_proof and bool(_looked(measurement.repository_id))
    measurement.due_at = timezone.now() if is_read else None


def _looked(repository_id: int | None) -> CheckRun | None:
    """The newest run that read the repository."""
    return CheckRun.objects.conclusive().filter(repository=repository_id).first()


# To look


def due() -> list[int]:
    """The ids of those whose file is to be looked at, longest wait first."""
    waiting = Measurement.objects.due(timezone.now()).order_by("due_at", "pk")
    return list(waiting.values_list("pk", flat=True)[:MOST_AT_ONCE])


def claim(measurement_id: int) -> Measurement | None:
    """Take one that is due, for the length of the lease. None when it is not there to be taken.

    One that no look ever ended of is left to the next check of its repository.
    """
    now = timezone.now()
    found = Measurement.objects.due(now).filter(pk=measurement_id)
    measurement = found.select_related("repository__access", "repository__project").first()
    if measurement is None:
        return None
    is_lost = measurement.attempts >= MOST_ATTEMPTS
    until = None if is_lost or not measurement.has_proof else now + LEASE
    claimed = Measurement.objects.filter(pk=measurement.pk, due_at=measurement.due_at).update(
        due_at=until, attempts=F("attempts") + 1
    )
    if is_lost and claimed:
        _keep(measurement, Seen(Verdict.UNKNOWN), "")
    measurement.due_at = until
    return measurement if claimed and until else None


def look(measurement: Measurement, github: GitHub) -> None:
    """Read the file of a claimed measurement at the newest commit that was checked. Never raises."""
    repository = measurement.repository
    run = _looked(repository.pk) if repository else None
    if repository is None or run is None:  # the first check will look
        Measurement.objects.filter(pk=measurement.pk, due_at=measurement.due_at).update(due_at=None)
        return
    owner, name = repository.full_name.split("/")
    try:
        snapshot = github.snapshot(Link(owner, name, ref=run.head_sha))
        if _is_another(repository, snapshot):
            seen = Seen(Verdict.UNKNOWN)
        else:
            contents = github.read(snapshot, [measurement.path])
            seen = _seen(measurement, snapshot.with_files(contents))
    except RateLimited as error:
        Measurement.objects.filter(pk=measurement.pk, due_at=measurement.due_at).update(
            due_at=error.retry_at, attempts=F("attempts") - 1
        )
        return
    except GitHubError as error:  # due again when the lease is over
        log.info("a measurement's file is not to be had", id=measurement.pk, error=str(error))
        return
    _keep(measurement, seen, run.head_sha, due_at=measurement.due_at)


def look_with(repository: Repository, snapshot: Snapshot, github: GitHub) -> Looks:
    """What a check's snapshot says of the repository's measurements; their files are read as well.

    Never raises: where GitHub does not give a file, the look is not known.
    """
    named = list(repository.measurements.exclude(path=""))
    if not named:
        return []
    try:
        contents = github.read(snapshot, [measurement.path for measurement in named])
    except GitHubError as error:
        log.info("files of measurements are not to be had", error=str(error))
        refused = Seen(Verdict.UNKNOWN, is_refused=True)
        return [(measurement, refused) for measurement in named]
    snapshot = snapshot.with_files(contents)
    return [(measurement, _seen(measurement, snapshot)) for measurement in named]


def record(looks: Looks, check_run: CheckRun) -> None:
    """Keep what was seen during a check, as long as the words are those that were looked for.

    Where GitHub was away, a look of its own is due.
    """
    for measurement, seen in looks:
        if seen.is_refused:
            Measurement.objects.filter(pk=measurement.pk).update(due_at=timezone.now())
        else:
            _keep(measurement, seen, check_run.head_sha)


def _is_another(repository: Repository, snapshot: Snapshot) -> bool:
    """Whether this is not the repository that was checked, or not ours to read any more."""
    is_replaced = snapshot.repository_id not in (None, repository.github_id)
    return is_replaced or (snapshot.is_private and not hasattr(repository, "access"))


def _seen(measurement: Measurement, snapshot: Snapshot) -> Seen:
    path = measurement.path
    entry = snapshot.entry(path)
    if entry and entry.is_symlink:
        return Seen(Verdict.FILE)
    if entry is None or not entry.is_file:
        folder = path.rpartition("/")[0]
        is_sure = entry is not None or snapshot.is_whole(folder)
        return Seen(Verdict.MISSING if is_sure else Verdict.UNKNOWN)
    text = snapshot.files.get(path)
    if text is None:
        is_failure = snapshot.unread.get(path) == Unread.FAILED
        return Seen(Verdict.UNKNOWN if is_failure else Verdict.FILE)
    line, before = (
        figures.line_of(text, figure, path=path, is_percent=measurement.is_percent) if figure else 0
        for figure in (measurement.result, measurement.baseline)
    )
    return Seen(Verdict.NUMBER if line else Verdict.ABSENT, line, before)


def _keep(measurement: Measurement, seen: Seen, head_sha: str, **claim: datetime | None) -> None:
    """Write down a look, unless the words or the claim changed meanwhile.

    One that could not tell ends, and leaves a verdict that there is.
    """
    now = timezone.now()
    facts: dict[str, Any] = {"due_at": None, "attempts": 0}
    if seen.verdict != Verdict.UNKNOWN or not measurement.verdict:
        facts |= {
            "verdict": seen.verdict,
            "head_sha": head_sha,
            "looked_at": now,
            "line": seen.line,
            "baseline_line": seen.baseline_line,
        }
    if seen.verdict == Verdict.NUMBER:
        facts |= {"found_sha": head_sha, "found_at": now}
    words = {name: getattr(measurement, name) for name in ("result", "baseline", "unit", "path")}
    same = Measurement.objects.filter(
        pk=measurement.pk, repository=measurement.repository_id, **words, **claim
    )
    is_kept = bool(same.update(**facts))
    log.info("measurement looked at", id=measurement.pk, verdict=str(seen.verdict), kept=is_kept)


# To tell


@dataclass(frozen=True, slots=True)
class Change:
    """From the baseline to the result, in words: "37 % lower", "4 points higher", "the same"."""

    words: str
    is_better: bool
    is_worse: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A measurement as one reader is shown it; without its file where the repository is not theirs."""

    measurement: Measurement
    change: Change | None
    is_withheld: bool = False

    @property
    def repository(self) -> Repository | None:
        """Where the file stands, for whoever may know."""
        return None if self.is_withheld else self.measurement.repository

    @property
    def is_at_an_earlier_commit(self) -> bool:
        """The number stood there once and was not found at the last look."""
        m = self.measurement
        return bool(m.found_sha) and m.has_proof and m.verdict != Verdict.NUMBER


def change_of(measurement: Measurement) -> Change | None:
    """What became of the baseline; None where there is none."""
    before, after = measurement.baseline_number, measurement.result_number
    if before is None:
        return None
    difference = after - before
    if not difference:
        return Change(_("the same"), False, False)
    is_higher = difference > 0
    is_better = is_higher == (measurement.direction == Measurement.Direction.HIGHER)
    size = _size(before, abs(difference), measurement)
    words = _("%(size)s higher") if is_higher else _("%(size)s lower")
    return Change(words % {"size": size}, is_better, not is_better)


def _size(before: Decimal, difference: Decimal, measurement: Measurement) -> str:
    """Of percentages the points, of a baseline above nought its share, else the difference itself."""
    if measurement.is_percent:
        return _("%(n)s points") % {"n": _short(difference)}
    if before > 0 and difference / before < 10:
        return f"{_short(100 * difference / before)}\u00a0%"
    return f"{_short(difference)} {measurement.unit}".strip()


def _short(number: Decimal) -> str:
    """A number that is easy to read: whole from ten on, else with one digit that says something."""
    step = Decimal(1) if number >= 10 else Decimal("0.1")
    rounded = number.quantize(step, ROUND_HALF_UP)
    if not rounded:
        rounded = Decimal(f"{number:.1g}")
    return f"{rounded.normalize():f}"


def told(measurements: Iterable[Measurement], *, is_insider: bool) -> list[Told]:
    """What a reader is shown; who is neither owner nor mentor hears nothing of a private repository.

    Wants each measurement's `repository` fetched with it.
    """
    return [
        Told(
            measurement,
            change_of(measurement),
            is_withheld=bool(
                not is_insider and measurement.repository and measurement.repository.is_private
            ),
        )
        for measurement in measurements
    ]
