"""What many strangers open at once is made once for them, and never a moment longer than it is true."""

from threading import Event, Lock

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory

from accounts import profiles
from accounts.models import Profile
from accounts.views import strangers
from accounts.views.strangers import same_for_strangers
from tests.factories import make_project
from tests.together import at_once

PAGE, PROJECT = "/@ada-nwosu/", "/@ada-nwosu/engine/"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def only_where_the_database_names_its_state():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no number for its state: every page is made anew")
    strangers._places.clear()


@pytest.fixture
def clock(monkeypatch):
    """The seconds that the process counts, as told."""
    told = {"now": 1000.0}
    monkeypatch.setattr("accounts.views.strangers.time.monotonic", lambda: told["now"])
    return told


@pytest.fixture
def quiet(monkeypatch):
    """Nobody commits: a server names one state for all its databases, and other tests have theirs on it."""
    asked = strangers._state_of_the_database
    monkeypatch.setattr(strangers, "_state_of_the_database", lambda: asked() and "quiet")


@pytest.fixture
def project(ada):
    Profile.objects.filter(user=ada).update(is_public=True)
    return make_project(ada, slug="engine", title="Engine", visibility="public")


def page_of(path=PAGE, **options):
    """What somebody reads who comes for the first time."""
    return Client().get(path, **options)


def statements(django_assert_max_num_queries, path=PAGE):
    with django_assert_max_num_queries(1000) as asked:
        page_of(path)
    return len(asked)


@pytest.mark.parametrize("path", [PAGE, PROJECT])
def test_the_second_stranger_of_a_second_costs_one_look_at_the_state(
    project, clock, quiet, path, django_assert_max_num_queries
):
    first = page_of(path)

    with django_assert_max_num_queries(1):
        second = page_of(path)

    assert second.content == first.content
    assert second.headers == first.headers
    assert second.status_code == first.status_code == 200


def test_the_database_names_the_same_state_until_something_is_committed(
    project, clock, django_assert_max_num_queries
):
    """Somebody else may commit between two looks; not each time."""
    assert any(statements(django_assert_max_num_queries) == 1 for _ in range(200))


def test_what_is_hidden_is_hidden_from_the_next(project, ada, clock):
    assert page_of().status_code == page_of().status_code == 200

    Profile.objects.filter(user=ada).update(is_public=False)

    assert page_of().status_code == 404


def test_a_change_by_somebody_else_is_shown_to_the_next(project, clock):
    assert "Engine" in page_of().content.decode()

    def rename():
        type(project).objects.update(title="Turbine")

    at_once(rename)  # on a connection of its own

    assert "Turbine" in page_of().content.decode()


def test_what_follows_from_the_clock_is_a_second_late_at_most(
    project, clock, quiet, django_assert_max_num_queries
):
    whole = statements(django_assert_max_num_queries)
    clock["now"] += 0.9
    assert statements(django_assert_max_num_queries) == 1

    clock["now"] += 0.2

    assert statements(django_assert_max_num_queries) >= whole > 10


def test_each_address_has_an_answer_of_its_own(project, clock, quiet):
    assert page_of(PAGE).content != page_of(PROJECT).content
    assert page_of(PAGE).content != page_of(PROJECT).content


def test_who_is_known_has_a_page_of_their_own(project, ada, clock, quiet):
    stranger = page_of().content.decode()
    browser = Client()
    browser.force_login(ada)

    own = browser.get(PAGE).content.decode()

    assert "Sign out" in own
    assert "Sign out" not in stranger
    assert page_of().content.decode() == stranger


def test_a_change_while_the_page_is_made_is_not_missed(project, clock):
    """Half of it may be from before: the next reads the state that was left."""
    made = []

    @same_for_strangers
    def half_way(request):
        made.append(Profile.objects.get(user=project.owner).name)
        if len(made) == 1:
            at_once(lambda: Profile.objects.update(name="Ada Lovelace"))
        return HttpResponse(made[-1])

    before, after = half_way(_request()), half_way(_request())

    assert (before.content, after.content) == (b"Ada Nwosu", b"Ada Lovelace")


def test_a_change_that_the_page_makes_itself_is_no_state_to_keep(project, clock):
    seen = []

    @same_for_strangers
    def counting(request):
        Profile.objects.filter(user=project.owner).update(headline=f"{len(seen)} looks")
        seen.append(request)
        return HttpResponse("counted")

    counting(_request())
    counting(_request())

    assert len(seen) == 2


@pytest.mark.parametrize(
    "answer",
    [
        lambda request: HttpResponse("no", status=404),
        lambda request: HttpResponse(get_token(request)),
        lambda request: _with_cookie(HttpResponse("yours")),
        lambda request: request.session.update({"seen": 1}) or HttpResponse("yours"),
    ],
    ids=["not found", "a form's token", "a cookie", "a session"],
)
def test_what_is_of_one_reader_is_for_nobody_else(clock, quiet, answer):
    made = []

    @same_for_strangers
    def view(request):
        made.append(request)
        return answer(request)

    view(_request())
    view(_request())

    assert len(made) == 2


@pytest.mark.parametrize("how", [{"method": "POST"}, {"method": "HEAD"}, {"HTTP_COOKIE": "a=b"}])
def test_only_a_stranger_that_reads_is_given_what_was_kept(clock, quiet, how):
    made = []

    @same_for_strangers
    def view(request):
        made.append(request)
        return HttpResponse("for all")

    view(_request())
    view(_request(**how))

    assert len(made) == 2


def test_inside_a_transaction_every_page_is_made(project, clock, quiet):
    """Its own changes do not show in the state."""
    page_of()
    with transaction.atomic():
        Profile.objects.filter(user=project.owner).update(is_public=False)
        assert page_of().status_code == 404


class Queue:
    """A lock that tells when so many have come to it."""

    def __init__(self, expected):
        self.lock = Lock()
        self.coming = []
        self.expected = expected
        self.are_all_here = Event()

    def __enter__(self):
        self.coming.append(1)
        if len(self.coming) == self.expected:
            self.are_all_here.set()
        self.lock.acquire()

    def __exit__(self, *failure):
        self.lock.release()


def test_those_who_come_together_wait_for_one_page(project, clock, quiet):
    made, queue = [], Queue(8)
    strangers._places["/same/"] = strangers._Place(turn=queue)

    @same_for_strangers
    def view(request):
        made.append(profiles.of(project.owner).name)
        assert queue.are_all_here.wait(timeout=10), "they do not queue"
        return HttpResponse(made[-1])

    answers = at_once(*(lambda: view(_request()) for _ in range(8)))

    assert {answer.content for answer in answers} == {b"Ada Nwosu"}
    assert len(made) == 1


def test_a_page_that_breaks_holds_up_nobody(clock, quiet):
    broken = []

    @same_for_strangers
    def view(request):
        if not broken:
            broken.append(request)
            raise RuntimeError("once")
        return HttpResponse("whole")

    with pytest.raises(RuntimeError):
        view(_request())

    assert view(_request()).content == b"whole"


def test_a_process_remembers_a_hundred_addresses_at_most(clock, quiet):
    @same_for_strangers
    def view(request):
        return HttpResponse("for all")

    for number in range(3 * strangers.MOST):
        view(_request(f"/?page={number}"))

    assert len(strangers._places) <= strangers.MOST


def _request(path="/same/", method="GET", **headers):
    request = RequestFactory().generic(method, path, **headers)
    request.session = SessionStore()
    return request


def _with_cookie(response):
    response.set_cookie("seen", "1")
    return response
