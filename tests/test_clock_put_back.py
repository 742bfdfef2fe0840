"""A clock that was wrong for a while: what it made wait is taken all the same, once it is right again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import arrivals, deletions, letters, takeouts
from accounts.models import Arrival, Deletion, Letter, Takeout
from curriculum import resource_links
from curriculum.models import ResourceLink
from portfolio import contributions, demo_links, measurements, sources
from portfolio.models import DemoLink, Listing, Repository
from tests.factories import make_project, make_resource, make_user

YEAR = timedelta(days=365)


def letter(ada, project):
    return Letter.objects.create(address="x@example.org", sealed="x"), "due_at", letters.due


def takeout(ada, project):
    return takeouts.ask(ada), "due_at", takeouts.due


def arrival(ada, project):
    return Arrival.objects.create(person=ada, file="a" * 43, size=1), "due_at", arrivals.due


def begun_deletion(ada, project):
    deletion = deletions.ask(ada)
    Deletion.objects.filter(pk=deletion.pk).update(begun_at=timezone.now())
    return deletion, "due_at", deletions.due


def listing(ada, project):
    row = Listing.objects.create(repository=project.repositories.get(), head_sha="a" * 40)
    return row, "due_at", sources.due


def measurement(ada, project):
    facts = {"metric": "Error", "result": "1", "direction": "lower", "position": 1}
    return project.measurements.create(**facts), "due_at", measurements.due


def contribution(ada, project):
    row = project.contributions.create(full_name="pandas-dev/pandas", number=1)
    return row, "next_look_at", contributions.due


def demo_link(ada, project):
    project.demo_url = "https://demo.example.org/"
    project.save()
    row = DemoLink.objects.create(project=project, url=project.demo_url)
    return row, "next_look_at", demo_links.due


def resource_link(ada, project):
    resource = make_resource(url="https://docs.example.org/")
    row = ResourceLink.objects.create(url=resource.url, next_look_at=timezone.now())
    return row, "next_look_at", resource_links.due


def repository(ada, project):
    def due():
        return Repository.objects.due_for_a_look(timezone.now()).values_list("pk", flat=True)

    return project.repositories.get(), "next_look_at", due


KINDS = [
    letter, takeout, arrival, begun_deletion, listing, measurement, contribution, demo_link, resource_link, repository,
]  # fmt: skip


@pytest.fixture
def project(ada):
    return make_project(ada, slug="engine", repository="ada/engine")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_row_that_would_wait_for_a_year_is_taken_at_once(kind, ada, project, settings, tmp_path):
    settings.TAKEOUT_DIR = tmp_path
    settings.DEMO_LINKS_CHECKED = settings.RESOURCE_LINKS_CHECKED = True
    row, field, due = kind(ada, project)
    rows = type(row).objects.filter(pk=row.pk)

    rows.update(**{field: timezone.now() + YEAR})
    assert row.pk in list(due())
    rows.update(**{field: timezone.now() + timedelta(minutes=4)})
    assert row.pk not in list(due()), "what another has in hand, or waits for its turn"
    rows.update(**{field: timezone.now()})
    assert row.pk in list(due())


def test_taking_it_writes_a_moment_of_todays_clock(ada, settings, tmp_path):
    settings.TAKEOUT_DIR = tmp_path
    taken = takeouts.ask(ada)
    Takeout.objects.filter(pk=taken.pk).update(due_at=timezone.now() + YEAR)

    assert takeouts.claim(taken.pk)
    assert takeouts.claim(taken.pk) is None
    assert Takeout.objects.get().due_at < timezone.now() + timedelta(minutes=2)


def test_no_wrong_clock_makes_the_two_weeks_before_a_deletion_shorter(ada):
    for person, ahead in ((ada, timedelta(days=14)), (make_user("Ben"), YEAR)):
        deletion = deletions.ask(person)
        Deletion.objects.filter(pk=deletion.pk).update(
            due_at=timezone.now() + ahead, grace_until=timezone.now() + ahead
        )

    assert deletions.due() == []
