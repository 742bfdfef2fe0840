"""What the pages that a learner opens every day cost the server.

    python bench/pages_cost.py [--times N] [--learners N]

Home, map, module, unit and role, for a learner half-way on the roadmap of the repository: alone on the
site, then beside 100,000 others, each with a place on the roadmap, something done, a note and an hour of
study. The pages are asked for in this process, on a database of its own (SQLite in memory;
TEST_DATABASE=postgres: PostgreSQL), and the time of the processor is counted, so that nobody else's work
is. The layout of the map is made once for a version of the curriculum and then kept; its time is told
apart. The goals: 60 ms for a page, which is marked where it is missed, and not one query more beside
others, which makes this fail.
"""

import argparse
import gzip
import io
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # run as a script
    sys.path.insert(0, str(ROOT))

os.environ.setdefault("TEST_DATABASE", "sqlite")
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

GOAL = 60.0  # milliseconds
BEHIND = 17  # modules complete
BATCH = 10_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what each page costs; 1 when one asks more of the database beside others."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--times", type=int, default=20, help="how often to ask for each page")
    parser.add_argument("--learners", type=int, default=100_000, help="how many others there are")
    options, _ = parser.parse_known_args(arguments)  # `make bench` passes the others' options too

    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_test_environment, teardown_test_environment

    setup_test_environment(debug=False)  # as it runs in production
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0)
    try:
        return 0 if _measure(options.times, options.learners) else 1
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
        teardown_test_environment()


def _measure(times: int, learners: int) -> bool:
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from curriculum import enrollments, progress
    from curriculum.models import Role, Unit, UnitCompletion
    from tests.factories import make_user

    call_command("load_curriculum", stdout=io.StringIO())
    ada = make_user("Ada")
    role = Role.objects.get(slug="junior-ml-engineer")
    enrollment = enrollments.enroll(ada, target_role=role)
    UnitCompletion.objects.bulk_create(
        UnitCompletion(enrollment=enrollment, unit=unit)
        for unit in Unit.objects.live().filter(module__number__lte=BEHIND)
    )
    _draw(enrollment, times)
    unit = progress.next_unit(enrollment)
    assert unit is not None
    addresses = {
        "home": "/", "map": "/roadmap/", "module": unit.module.get_absolute_url(),
        "unit": unit.get_absolute_url(), "role": role.get_absolute_url(),
    }  # fmt: skip
    visitor, learner = Client(), Client()
    learner.force_login(ada)
    print(
        f"\n{Unit.objects.live().count()} units; median (at most) of {times} times; {connection.vendor}"
    )
    print(f"{'page':<14}{'learners':>9}{'ms':>8}{'at most':>9}{'queries':>9}{'KB, gzip':>10}")
    _page("map, visitor", 0, visitor, "/roadmap/", times)
    alone = {name: _page(name, 1, learner, path, times) for name, path in addresses.items()}
    _add_learners(learners, enrollment, unit)
    beside = {name: _page(name, learners, learner, path, times) for name, path in addresses.items()}
    more = [name for name in addresses if beside[name] != alone[name]]
    print(f"More queries beside others: {', '.join(more) or 'none'}.")
    return not more


def _draw(enrollment: Any, times: int) -> None:
    """Print what the map alone costs."""
    from curriculum import atlas, maps, progress

    picture = progress.overview(enrollment)
    atlas.lay_out.cache_clear()
    layout = _milliseconds(lambda: maps.draw(picture, enrollment.target_role))
    drawings = [
        _milliseconds(lambda: maps.draw(picture, enrollment.target_role)) for _ in range(times)
    ]
    drawn = maps.draw(picture, enrollment.target_role)
    sizes = {
        sheet.shape.name: len(gzip.compress(sheet.drawing.encode())) / 1024
        for sheet in drawn.sheets
    }
    print(
        f"The map of {len(picture.modules)} modules: laid out once in {layout:.0f} ms, "
        f"drawn in {median(drawings):.1f} ms; "
        + ", ".join(f"{name} {size:.1f} KB" for name, size in sizes.items())
        + " compressed"
    )


def _add_learners(count: int, enrollment: Any, unit: Any) -> None:
    """So many others on the roadmap, who have all done this very unit, written of it and studied it."""
    from django.db import connection
    from django.utils import timezone

    from accounts.models import User
    from curriculum.models import Enrollment, Note, StudySession, UnitCompletion

    for start in range(0, count, BATCH):
        people = User.objects.bulk_create(
            User(email=f"learner-{n}@example.org") for n in range(start, min(start + BATCH, count))
        )
        rows = Enrollment.objects.bulk_create(
            Enrollment(
                learner=person, roadmap=enrollment.roadmap, target_role=enrollment.target_role
            )
            for person in people
        )
        UnitCompletion.objects.bulk_create(
            UnitCompletion(enrollment=row, unit=unit) for row in rows
        )
        Note.objects.bulk_create(Note(learner=person, unit=unit, text="Mine.") for person in people)
        StudySession.objects.bulk_create(
            StudySession(learner=person, unit=unit, day=timezone.localdate(), minutes=60)
            for person in people
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _page(name: str, learners: int, client: Any, address: str, times: int) -> int:
    """Print what a page costs; how many queries that is."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)  # the first of a process compiles its templates
    with CaptureQueriesContext(connection) as captured:
        page = client.get(address)
    queries = len(captured)  # the next request forgets them
    if page.status_code != 200:
        raise SystemExit(f"{address} answered {page.status_code}")
    pages = [_milliseconds(lambda: client.get(address)) for _ in range(times)]
    size = len(gzip.compress(page.content)) / 1024
    mark = "" if median(pages) <= GOAL else f"  over {GOAL:.0f} ms"
    print(
        f"{name:<14}{learners or '':>9}{median(pages):>8.1f}{max(pages):>9.1f}{queries:>9}{size:>10.1f}{mark}"
    )
    return queries


def _milliseconds(action: Callable[[], object]) -> float:
    started = time.process_time()
    action()
    return (time.process_time() - started) * 1000


if __name__ == "__main__":
    raise SystemExit(main())
