"""Where a waiting check stands among the others, and how long that may take."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from portfolio import check_runs, waiting
from tests.factories import make_check_run, make_project


def request(ada, minutes_ago, **options):
    run = check_runs.request(make_project(ada).repositories.get(), **options)
    run.requested_at = timezone.now() - timedelta(minutes=minutes_ago)
    run.save()
    return run


def test_those_who_asked_first_come_first(ada):
    request(ada, 3)
    own = request(ada, 2)
    request(ada, 1)

    assert waiting.of(own).ahead == 1


def test_people_come_before_scheduled_looks(ada):
    scheduled = request(ada, 9, is_scheduled=True)
    own = request(ada, 1)

    assert waiting.of(own).ahead == 0
    assert waiting.of(scheduled).ahead == 1


def test_an_hour_without_a_credential_holds_a_few_repositories(ada, settings):
    settings.GITHUB_TOKEN = settings.GITHUB_CLIENT_ID = ""
    make_check_run(make_project(ada), requests=6)

    place = waiting.of(request(ada, 1))

    assert place.per_hour == 10
    assert place.is_long


def test_with_a_credential_it_holds_many(ada, settings):
    settings.GITHUB_TOKEN = "token"
    make_check_run(make_project(ada), requests=5)

    place = waiting.of(request(ada, 1))

    assert place.per_hour == 1000
    assert not place.is_long


def test_the_page_says_so_while_it_waits_for_github(ada, as_user, settings):
    settings.GITHUB_TOKEN = settings.GITHUB_CLIENT_ID = ""
    for minutes in range(10, 40):
        request(ada, minutes)
    own = request(ada, 1)
    own.reason = "rate_limited"
    own.save()

    page = as_user(ada).get(reverse("portfolio:project", args=[own.repository.project.slug]))

    assert "30 others come first" in page.content.decode()
    assert "about 8 repositories an hour" in page.content.decode()
