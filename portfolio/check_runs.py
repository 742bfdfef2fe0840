"""Request a check run, claim it, carry it out, and give up on one that cannot be done.

The row is the truth and the queue a hint. A run may be taken from `due_at` on; claiming it adds one
to `attempts` and moves `due_at` to the end of the lease; only the claim with the latest number may
complete it. So a task that is lost is found again, and one that comes twice is done once.
"""

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from curriculum import exercises, solutions
from portfolio import access, checks, measurements, ownership, schedule, telling
from portfolio.checks import Outcome, Result
from portfolio.github.client import GitHub
from portfolio.github.errors import (
    BadCredentials,
    Blocked,
    GitHubError,
    NotFound,
    RateLimited,
    RefNotFound,
    Refused,
)
from portfolio.github.permalinks import blob_url
from portfolio.github.snapshot import Author, Snapshot
from portfolio.measurements import Looks
from portfolio.models import CheckRun, Finding, Repository

log = structlog.get_logger(__name__)

#: How long a worker may hold a run: twice the hard time limit of a task (30 s).
LEASE = timedelta(seconds=60)
#: A task that was put on the queue this long ago and not taken is put there again.
RESEND_AFTER = timedelta(seconds=60)
#: Claims of one run that never reported back, before it is parked: it may be what kills the worker.
MAX_LOST_ATTEMPTS = 3
#: After this long a run that GitHub never let us finish ends, with every verdict as it was.
GIVE_UP_AFTER = timedelta(hours=24)
#: Waits after an outage double from here up to the cap (seconds), spread by a fifth either way.
FIRST_WAIT, LONGEST_WAIT = 15, 15 * 60
#: When our own credentials are refused, staff have to act: look again this much later.
CREDENTIALS_WAIT = timedelta(minutes=10)

#: What claiming a run writes.
CLAIMED = ["status", "attempts", "lost_attempts", "started_at", "due_at", "reason"]

#: Requests that a check takes without a credential, mostly (`make bench` prints them), and what to leave
#: for one that ran into the limit half-way.
LIKELY_REQUESTS, MANY_REQUESTS = 15, 40

#: What a run is fetched with.
WITH = ("repository__project__owner", "repository__access")

Reason = CheckRun.Reason
Standing = Repository.Standing


def request(repository: Repository, *, is_scheduled: bool = False) -> CheckRun:
    """The run that will check this repository: the active one, or a new one.

    When somebody asks for what was only scheduled, it no longer waits for quiet hours.
    """
    active = repository.check_runs.active().first()
    if active is None:
        try:
            with transaction.atomic():
                return repository.check_runs.create(is_scheduled=is_scheduled)
        except IntegrityError:  # somebody else asked in the same moment
            active = repository.check_runs.active().first()
            if active is None:  # and theirs is done by now
                return repository.check_runs.latest()
    if active.is_scheduled and not is_scheduled:
        waiting = CheckRun.objects.filter(pk=active.pk, status=CheckRun.Status.QUEUED)
        waiting.update(is_scheduled=False, due_at=timezone.now())
        active.refresh_from_db()
    return active


def claim(check_run_id: int) -> CheckRun | None:
    """Take a run that is due, for the length of the lease. None when it is not there to be taken."""
    now = timezone.now()
    check_run = CheckRun.objects.due(now).filter(pk=check_run_id).select_related(*WITH).first()
    if check_run is None:
        return None
    as_it_was = CheckRun.objects.filter(
        pk=check_run.pk, attempts=check_run.attempts, due_at=check_run.due_at
    )
    check_run.lost_attempts += check_run.status == CheckRun.Status.IN_PROGRESS
    check_run.attempts += 1
    check_run.status = CheckRun.Status.IN_PROGRESS
    check_run.started_at, check_run.due_at = now, now + LEASE
    check_run.reason = ""
    if not as_it_was.update(**{name: getattr(check_run, name) for name in CLAIMED}):
        return None
    if check_run.lost_attempts >= MAX_LOST_ATTEMPTS:
        _give_up(check_run, Reason.WORKER_LOST)
        return None
    return check_run


def execute(check_run: CheckRun, github: GitHub) -> CheckRun:
    """Look at the repository and record what the checks find.

    The run must be claimed. Nothing that GitHub does raises here: what its owner can mend completes
    the run as action_required, and what passes by itself puts the run back for later.
    """
    repository = check_run.repository
    before = github.requests
    try:
        github.begin(MANY_REQUESTS if check_run.requests else LIKELY_REQUESTS)
        author = ownership.author_of(repository.project.owner_id)
        snapshot = github.snapshot(repository.link, author=author)
        if snapshot.is_private and not access.of(repository):
            return _cannot_read(
                check_run, Reason.NOT_FOUND
            )  # the site may see it; nobody gave leave
        if _is_replaced(repository, snapshot):
            return _cannot_read(check_run, Reason.REPLACED)
        if snapshot.is_empty:
            return _cannot_read(check_run, Reason.EMPTY)
        snapshot, results = checks.inspect(snapshot, github.read)
        looks = measurements.look_with(repository, snapshot, github)
    except NotFound:
        return _cannot_read(check_run, Reason.NOT_FOUND)
    except RefNotFound:
        return _cannot_read(check_run, Reason.REF_NOT_FOUND)
    except Blocked:
        return _cannot_read(check_run, Reason.BLOCKED)
    except Refused:
        return _cannot_read(check_run, Reason.REFUSED)
    except RateLimited as error:
        check_run.requests = github.requests - before
        return _postpone(check_run, Reason.RATE_LIMITED, _after_limit(check_run, error))
    except BadCredentials:
        if access.of(repository):
            return refuse_token(check_run)
        log.error("GitHub refuses our credentials", check_run=check_run.pk)
        return _postpone(check_run, Reason.BAD_CREDENTIALS, timezone.now() + CREDENTIALS_WAIT)
    except GitHubError as error:
        log.warning("GitHub is not available", check_run=check_run.pk, error=str(error))
        return postpone(check_run)
    check_run.requests = github.requests - before
    if access.of(repository):
        access.note_use(repository, github.token_expires_at)
    return _record(check_run, snapshot, results, looks, author)


def refuse_token(check_run: CheckRun) -> CheckRun:
    """End a run whose repository's own token is of no use any more: its owner can give another."""
    access.note_refusal(check_run.repository)
    return _cannot_read(check_run, Reason.TOKEN_REFUSED)


def postpone(check_run: CheckRun) -> CheckRun:
    """Put back a run that took longer than a task may; it counts as GitHub's slowness."""
    return _postpone(check_run, Reason.UNAVAILABLE, timezone.now() + _wait(check_run))


def send_due(send: Callable[[int], object], *, limit: int = 200) -> int:
    """Call `send` with the id of every run that is due and was not sent lately; how many there were.

    This finds what a killed worker, a flushed broker or a lost message left behind.
    """
    now = timezone.now()
    stale = Q(sent_at=None) | Q(sent_at__lte=now - RESEND_AFTER) | Q(sent_at__lt=F("due_at"))
    stale |= Q(sent_at__gt=now + RESEND_AFTER)  # before the clock was put back
    due = list(
        CheckRun.objects.due(now)
        .filter(stale)
        .order_by("is_scheduled", "requested_at", "pk")
        .values_list("pk", flat=True)[:limit]
    )
    CheckRun.objects.filter(pk__in=due).update(sent_at=now)
    for pk in due:
        send(pk)
    return len(due)


def _is_replaced(repository: Repository, snapshot: Snapshot) -> bool:
    return (
        repository.github_id is not None
        and snapshot.repository_id is not None
        and repository.github_id != snapshot.repository_id
    )


def _wait(check_run: CheckRun) -> timedelta:
    seconds = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (min(check_run.attempts, 10) - 1))
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311 - no secret


def _after_limit(check_run: CheckRun, error: RateLimited) -> datetime:
    """As GitHub asks; where it refuses again and again without a time, later each time."""
    if error.kind == "primary":
        return error.retry_at
    return max(error.retry_at, timezone.now() + _wait(check_run))


def _conclusion(results: Sequence[Result]) -> str:
    """Of the required checks: failure when one failed, neutral when one is not known."""
    outcomes = {result.outcome for result in results if result.check_name in checks.REQUIRED}
    if Outcome.FAILED in outcomes:
        return CheckRun.Conclusion.FAILURE
    if Outcome.UNKNOWN in outcomes:
        return CheckRun.Conclusion.NEUTRAL
    return CheckRun.Conclusion.SUCCESS


def _record(
    check_run: CheckRun,
    snapshot: Snapshot,
    results: Sequence[Result],
    looks: Looks,
    author: Author | None,
) -> CheckRun:
    check_run.full_name = snapshot.full_name
    check_run.ref = snapshot.ref or snapshot.default_branch
    check_run.head_sha = snapshot.head_sha
    check_run.tree_sha = snapshot.tree_sha
    check_run.ruleset = checks.RULESET
    check_run.is_truncated = snapshot.is_truncated
    check_run.files_total = sum(entry.type == "blob" for entry in snapshot.entries)
    check_run.files_read = len(snapshot.files)
    with transaction.atomic():
        if not _complete(check_run, _conclusion(results)):
            return check_run
        findings = Finding.objects.bulk_create(
            _finding(check_run, position, result) for position, result in enumerate(results)
        )
        _learn(check_run, snapshot, author)
        measurements.record(looks, check_run)
        _note_solutions(check_run, snapshot)
        telling.run_completed(check_run, findings)
    return check_run


def _note_solutions(check_run: CheckRun, snapshot: Snapshot) -> None:
    """Tell the curriculum which of its exercises are solved in this repository."""
    files = [(entry.path, entry.sha) for entry in snapshot.entries if entry.is_file]
    places = {
        slug: exercises.Place(
            snapshot.full_name,
            path,
            blob_url(settings.GITHUB_URL, snapshot.full_name, snapshot.head_sha, path),
            snapshot.head_sha,
        )
        for slug, path in solutions.among(files).items()
    }
    owner = check_run.repository.project.owner
    source = source_of(check_run.repository)
    exercises.seen_in(source, owner, places, is_whole=not snapshot.is_truncated)


def source_of(repository: Repository) -> str:
    """What tells a repository from others outside of portfolio."""
    return f"repository/{repository.pk}"


def _finding(check_run: CheckRun, position: int, result: Result) -> Finding:
    return Finding(
        check_run=check_run,
        check_name=result.check_name,
        position=position,
        outcome=result.outcome,
        state=result.state,
        confidence=result.confidence,
        summary=result.summary,
        fix=result.fix,
        evidence=[_as_json(item) for item in result.evidence],
        lookalikes=[_as_json(item) for item in result.lookalikes],
        details=dict(result.details),
    )


def _as_json(evidence: checks.Evidence) -> dict[str, object]:
    return {
        "path": evidence.path,
        "line": evidence.line,
        "end_line": evidence.end_line,
        "what": evidence.what,
        "quote": evidence.quote,
    }


def _learn(check_run: CheckRun, snapshot: Snapshot, author: Author | None) -> None:
    """Keep what GitHub says of the repository itself: its number, its name of today, its branch."""
    repository = check_run.repository
    _learn_place(repository, snapshot)
    repository.github_id = snapshot.repository_id
    seen = repository.check_runs.conclusive().filter(head_sha=snapshot.head_sha)
    if not seen.exclude(pk=check_run.pk).exists():
        repository.changed_at = check_run.completed_at
    repository.default_branch = snapshot.default_branch
    repository.description = snapshot.description[:350]
    repository.is_private = snapshot.is_private
    repository.is_fork = snapshot.is_fork
    repository.is_archived = snapshot.is_archived
    repository.parent_name = snapshot.parent if snapshot.is_fork else ""
    repository.confirmed_at = check_run.completed_at
    ownership.learn(repository, snapshot, author)
    _stand(check_run, Standing.READABLE)


#: What a run may write of its repository; all else is its owner's, and may change meanwhile.
LEARNT = [
    "full_name", "former_name", "github_id", "ref", "folder", "default_branch", "description",
    "is_private", "is_fork", "is_archived", "changed_at", "standing", "standing_since", "next_look_at",
    "missing_since", "missing_looks", "confirmed_at", "parent_name", *ownership.LEARNT,
]  # fmt: skip


def _learn_place(repository: Repository, snapshot: Snapshot) -> None:
    """Take over name, branch and folder, unless the project has another link to that very place."""
    place = {"full_name__iexact": snapshot.full_name, "ref": repository.ref}
    place["folder"] = repository.folder
    if repository.ref and snapshot.ref:  # the link left open where the branch's name ends
        place |= {"ref": snapshot.ref, "folder": snapshot.folder}
    here = repository.full_name, repository.ref, repository.folder
    if here == (snapshot.full_name, place["ref"], place["folder"]):
        return
    others = Repository.objects.filter(project=repository.project_id).exclude(pk=repository.pk)
    if others.filter(**place).exists():
        return
    if repository.full_name.lower() != snapshot.full_name.lower():
        repository.former_name = repository.full_name
    repository.full_name = snapshot.full_name
    repository.ref, repository.folder = place["ref"], place["folder"]


def _stand(check_run: CheckRun, standing: str) -> None:
    repository = check_run.repository
    repository.missing_since, repository.missing_looks = None, 0
    before = repository.standing
    if before != standing:
        repository.standing = standing
        repository.standing_since = timezone.now()
    if before == Standing.READABLE != standing:
        telling.repository_lost(repository)
    repository.next_look_at = _next_look(check_run)
    repository.save(update_fields=LEARNT)


def _next_look(check_run: CheckRun) -> datetime:
    """As planned; or at once when GitHub told us of a push after this run had begun to read."""
    repository = check_run.repository
    pushed_at = Repository.objects.values_list("pushed_at", flat=True).get(pk=repository.pk)
    now = timezone.now()
    if pushed_at and check_run.started_at and pushed_at > check_run.started_at:
        return now
    return schedule.next_look(repository.pk, now=now, changed_at=repository.changed_at)


def _give_up(check_run: CheckRun, reason: str) -> CheckRun:
    """End a run that nobody could finish; what is known of the repository stays as it is."""
    with transaction.atomic():
        if _complete(check_run, CheckRun.Conclusion.TIMED_OUT, reason=reason):
            check_run.repository.next_look_at = _next_look(check_run)
            check_run.repository.save(update_fields=["next_look_at"])
    return check_run


def _cannot_read(check_run: CheckRun, reason: str) -> CheckRun:
    """Its owner can do something: say so. No verdict of an earlier run changes."""
    with transaction.atomic():
        if _complete(check_run, CheckRun.Conclusion.ACTION_REQUIRED, reason=reason):
            if reason == Reason.NOT_FOUND and check_run.repository.github_id is not None:
                _miss(check_run)
            else:
                _stand(check_run, Standing(reason))
    return check_run


def _miss(check_run: CheckRun) -> None:
    """Count a look that did not find what was there before; only after some it counts as gone."""
    repository, now = check_run.repository, timezone.now()
    since = repository.missing_since or now
    looks = min(repository.missing_looks + 1, 1000)
    if schedule.is_gone(since=since, looks=looks, now=now):
        _stand(check_run, Standing.NOT_FOUND)
    else:
        repository.next_look_at = schedule.look_for_missing(repository.pk, now=now)
    repository.missing_since, repository.missing_looks = since, looks
    repository.save(update_fields=LEARNT)


def _postpone(check_run: CheckRun, reason: str, until: datetime) -> CheckRun:
    """Try again from `until` on, unless the run has waited long enough."""
    if until > check_run.requested_at + GIVE_UP_AFTER:
        return _give_up(check_run, reason)
    _held(check_run).update(
        status=CheckRun.Status.QUEUED, reason=reason, due_at=until, requests=check_run.requests
    )
    log.info("check run waits", **_named(check_run), reason=str(reason), until=until.isoformat())
    _read_again(check_run)
    return check_run


def _held(check_run: CheckRun):
    """The row, as long as this claim is the latest."""
    return CheckRun.objects.active().filter(pk=check_run.pk, attempts=check_run.attempts)


def _read_again(check_run: CheckRun) -> None:
    """The row as it is now. One whose project was deleted meanwhile is nobody's business any more."""
    with suppress(CheckRun.DoesNotExist):
        check_run.refresh_from_db(from_queryset=CheckRun.objects.select_related("repository"))


def _complete(check_run: CheckRun, conclusion: str, *, reason: str = "") -> bool:
    """Complete the run if this claim still holds it; False when another took it over."""
    check_run.status = CheckRun.Status.COMPLETED
    check_run.conclusion = conclusion
    check_run.reason = reason
    check_run.completed_at = timezone.now()
    written = [
        "status", "conclusion", "reason", "completed_at", "full_name", "ref", "head_sha", "tree_sha",
        "ruleset", "is_truncated", "files_total", "files_read", "requests",
    ]  # fmt: skip
    is_ours = bool(_held(check_run).update(**{name: getattr(check_run, name) for name in written}))
    if is_ours:
        outcome = {"reason": str(reason)} if reason else {}
        log.info("check run done", **_named(check_run), conclusion=str(conclusion), **outcome)
    else:
        log.info("another worker has this run", **_named(check_run))
        _read_again(check_run)
    return is_ours


def _named(check_run: CheckRun) -> dict[str, object]:
    """How a line of the log names a run."""
    return {"check_run": check_run.pk, "repository": check_run.repository.full_name}
