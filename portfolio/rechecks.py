"""Look again at repositories that nobody asked about: many with one question, and a check run only
for those that moved.

A repository is unchanged when its branch stands at the commit of the last run that read it, under the
rules of today. GitHub's object ids tell that; its ETags differ from token to token.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts import sealing
from portfolio import access, check_runs, checks, schedule
from portfolio.github.client import GitHub
from portfolio.github.errors import BadCredentials, GitHubError, RateLimited
from portfolio.github.heads import Head, Seen
from portfolio.models import CheckRun, Repository

log = structlog.get_logger(__name__)

#: How long a worker may hold repositories that it asks about; a lost one's are due again after it.
LEASE = timedelta(minutes=10)
#: Check runs that are under way at once for nobody, so that people who wait are served first.
MOST_ACTIVE = 20
#: Repositories in one go: four questions of twenty-five.
MOST_AT_ONCE = 100

#: Without a credential each costs a request of its own, and an hour has sixty.
MOST_ALONE = 20

Standing = Repository.Standing
#: A repository in one of these is where it was when GitHub still does not show it.
HIDDEN = frozenset(
    [
        Standing.NOT_FOUND,
        Standing.REF_NOT_FOUND,
        Standing.BLOCKED,
        Standing.REFUSED,
        Standing.TOKEN_REFUSED,
    ]
)


def at_once() -> int:
    """How many repositories one task asks about, with the credential in the settings or without."""
    has_credential = settings.GITHUB_TOKEN or settings.GITHUB_CLIENT_ID
    return MOST_AT_ONCE if has_credential else MOST_ALONE


def claim(*, limit: int = MOST_AT_ONCE) -> list[Repository]:
    """Repositories whose next look has come, held for the length of the lease, oldest first.

    Each with `known_sha`, `known_ruleset` and `known_conclusion` of the last run that read it.
    """
    now = timezone.now()
    with transaction.atomic():
        due = Repository.objects.due_for_a_look(now)
        ids = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
        Repository.objects.filter(pk__in=ids).update(next_look_at=now + LEASE)
    held = Repository.objects.filter(pk__in=ids).select_related("access")
    return list(_with_known(held).order_by("pk"))


def by_token(repositories: Iterable[Repository]) -> list[tuple[str, list[Repository]]]:
    """Repositories with the token to ask for them with: "" and those that the site's own will do for,
    then each that has a token of its own.

    One whose token cannot be opened is asked for with the site's, which finds nothing: a run follows, and
    tells its owner.
    """
    ours: list[Repository] = []
    own: list[tuple[str, list[Repository]]] = []
    for repository in repositories:
        token = ""
        with suppress(sealing.Broken):
            token = access.token_of(repository)
        if token:
            own.append((token, [repository]))
        else:
            ours.append(repository)
    return [("", ours), *own] if ours else own


def compare(repositories: list[Repository], github: GitHub) -> list[CheckRun]:
    """Ask where these stand, plan the next look of the unchanged, and request runs for the others.

    They must be claimed. Nothing that GitHub does raises here: what it did not tell is asked again
    later, and no verdict changes. Returns the requested runs, which the caller sends.
    """
    outdated = [repository for repository in repositories if _is_outdated(repository)]
    runs = _request(outdated)
    current = [repository for repository in repositories if not _is_outdated(repository)]
    asked, moved = 0, []
    try:
        heads = github.heads([repository.link for repository in current])
        for repository, head in zip(current, heads, strict=False):
            asked += 1
            if _is_unchanged(repository, head):
                _confirm(repository, head)
            elif head.seen != Seen.UNKNOWN:
                moved.append(repository)
    except RateLimited as error:
        _put_off(current[asked:], error.retry_at - timezone.now())
    except BadCredentials:
        own = [repository for repository in current if access.of(repository)]
        if not own:
            log.error("GitHub refuses our credentials")
        told = [repository for repository in own if repository.standing == Standing.TOKEN_REFUSED]
        _put_off(told, schedule.QUIET)
        moved = [
            repository for repository in own if repository not in told
        ]  # a run tells the owner
    except GitHubError as error:
        log.warning("GitHub is not available", error=str(error))
    return runs + _request(moved)


def _with_known(repositories: QuerySet[Repository]) -> QuerySet[Repository]:
    looked = CheckRun.objects.filter(repository=OuterRef("pk")).conclusive()
    return repositories.annotate(
        known_sha=Subquery(looked.values("head_sha")[:1]),
        known_ruleset=Subquery(looked.values("ruleset")[:1]),
        known_conclusion=Subquery(looked.values("conclusion")[:1]),
        known_truncated=Subquery(looked.values("is_truncated")[:1]),
    )


def _is_outdated(repository) -> bool:
    """Never read, read under other rules, or read with a file that GitHub did not give."""
    if repository.standing in HIDDEN or repository.standing == Standing.EMPTY:
        return False
    if repository.known_sha is None or repository.known_ruleset != checks.RULESET:
        return True
    is_open = repository.known_conclusion == CheckRun.Conclusion.NEUTRAL
    return is_open and not repository.known_truncated


def _is_unchanged(repository, head: Head) -> bool:
    if head.repository_id and repository.github_id not in (None, head.repository_id):
        return repository.standing == Standing.REPLACED
    if head.full_name and head.full_name.lower() != repository.full_name.lower():
        return False
    match head.seen:
        case Seen.MISSING:
            return repository.standing in HIDDEN
        case Seen.EMPTY:
            return repository.standing == Standing.EMPTY
        case Seen.THERE:
            is_readable = repository.standing == Standing.READABLE and not repository.missing_since
            return is_readable and repository.known_sha == head.head_sha
    return False


def _confirm(repository: Repository, head: Head) -> None:
    """As it was: plan the next look, unless somebody asked for one, or pushed, meanwhile."""
    now = timezone.now()
    facts = {
        "next_look_at": schedule.next_look(repository.pk, now=now, changed_at=repository.changed_at)
    }
    if head.seen == Seen.THERE:
        facts["confirmed_at"] = now
    _held([repository]).update(**facts)


def _request(repositories: Iterable[Repository]) -> list[CheckRun]:
    """Runs for as many of these as there is room; the others are due again when the lease ends."""
    room = max(0, MOST_ACTIVE - CheckRun.objects.active().count())
    return [
        check_runs.request(repository, is_scheduled=True)
        for repository in list(repositories)[:room]
    ]


def _put_off(repositories: Iterable[Repository], wait: timedelta) -> None:
    """Look at these when GitHub answers again."""
    due_at = timezone.now() + max(wait, timedelta(0))
    _held(repositories).update(next_look_at=due_at)


def _held(repositories: Iterable[Repository]) -> QuerySet[Repository]:
    """Their rows, as long as nobody else has planned a look of them."""
    by_lease = {repository.next_look_at for repository in repositories}
    ids = [repository.pk for repository in repositories]
    return Repository.objects.filter(pk__in=ids, next_look_at__in=by_lease)
