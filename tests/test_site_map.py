"""Every address as every person, by every method. An address that nobody declared here fails.

Ada owns a private project, Grace mentors her, Alan did until a second ago, Eve has nothing to do
with them, Katherine is staff (who has the admin, and no other way in), and Linus has no account.
"""

from itertools import product
from urllib.parse import unquote, urlsplit

import pytest
from django.conf import settings
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from accounts import mentorships
from accounts.models import Invitation, Mentorship
from curriculum.models import Role
from portfolio import disputes
from portfolio.models import CheckRun, Project, Repository, Review
from tests.factories import (
    enroll,
    make_check_run,
    make_mentorship,
    make_own_role,
    make_project,
    make_role,
    make_skill,
    make_unit,
    make_user,
)

PEOPLE = ["linus", "eve", "alan", "grace", "ada", "katherine"]
SIGN_IN = "sign in"  # sent to the sign-in page, and back afterwards
ABSENT = 404


def everybody(status=200):
    return dict.fromkeys(PEOPLE, status)


def members(status=200, **others):
    """Signed-in people get `status`; Linus is sent to sign in."""
    return everybody(status) | {"linus": SIGN_IN} | others


def only(*people, status=200, linus=SIGN_IN):
    """These people get `status`; for everybody else it does not exist."""
    return everybody(ABSENT) | {"linus": linus} | dict.fromkeys(people, status)


#: What GET answers, by route and person.
GET = {
    "favicon": everybody(302),
    "healthz": everybody(),
    "readyz": everybody(503),  # no broker here
    "accounts:profile": members(),
    "accounts:mentorships": members(),
    "accounts:invite": members(405),
    "accounts:end_mentorship": only("ada", "grace"),  # asks first
    "accounts:answer_invitation": only(),  # for whoever has the address that was invited
    "accounts:withdraw_invitation": members(405),
    "accounts:invitation": everybody(),  # whoever holds the secret of the link
    "curriculum:roadmap": everybody(),
    "curriculum:module": everybody(),
    "curriculum:unit": everybody(),
    "curriculum:complete_unit": everybody(405),
    "curriculum:reopen_unit": everybody(405),
    "curriculum:skip_unit": everybody(405),
    "curriculum:unskip_unit": everybody(405),
    "curriculum:skip_module": everybody(405),
    "curriculum:unskip_module": everybody(405),
    "curriculum:skills": everybody(),
    "curriculum:skill": everybody(),
    "curriculum:declare_skill": everybody(405),
    "curriculum:take_back_skill": everybody(405),
    "curriculum:background": members(),
    "curriculum:role_new": members(),
    "curriculum:role_confirm": everybody(405),
    "curriculum:role_edit": only("ada"),
    "curriculum:role_delete": only("ada"),  # asks first
    "curriculum:aim_for_role": everybody(405),
    "curriculum:ladder": everybody(),
    "curriculum:enrollment": members(),
    "curriculum:plan": members(),
    "curriculum:study": members(),
    "portfolio:home": everybody(),
    "portfolio:checks": everybody(),
    "portfolio:projects": members(),
    "portfolio:project_new": members(),
    "portfolio:project": only("ada"),
    "portfolio:project_edit": only("ada"),
    "portfolio:project_delete": only("ada"),
    "portfolio:repository_link": members(405),
    "portfolio:repository_unlink": members(405),
    "portfolio:repository_relink": members(405),
    "portfolio:switch_webhook": members(405),
    "portfolio:give_access": only("ada", status=302),  # asks who it is once more
    "portfolio:withdraw_access": members(405),
    "portfolio:webhook": everybody(405),
    "portfolio:request_check_run": members(405),
    "portfolio:request_review": members(405),
    "portfolio:withdraw_review": members(405),
    "portfolio:repository_checks": only("ada", "grace", status=302, linus=ABSENT),
    "portfolio:check_run": only("ada", "grace", linus=ABSENT),
    "portfolio:dispute_finding": only("ada"),
    "portfolio:dispute": only("grace"),
    "portfolio:roles": everybody(),
    "portfolio:role": only("ada", "grace", linus=ABSENT),  # Ada's own, for which she aims
    "portfolio:role_compare": everybody(),
    "portfolio:evidence": members(),
    "portfolio:desk": members(),
    "portfolio:learner": only("grace"),
    "portfolio:profile": only("ada", "grace", linus=ABSENT),
    "portfolio:public_project": only("ada", "grace", linus=ABSENT),
    "portfolio:write_review": only("grace"),
}

#: What an empty POST answers. Routes that are not here take none: 405, or the sign-in page first.
POST = {
    "accounts:profile": members(422),
    "accounts:invite": members(422),
    "accounts:end_mentorship": only("ada", "grace", status=302),
    "accounts:answer_invitation": only(),
    "accounts:withdraw_invitation": only("ada", status=302),
    "accounts:invitation": everybody(),  # without an answer it is the question again
    "curriculum:complete_unit": members(302),
    "curriculum:reopen_unit": members(302),
    "curriculum:skip_unit": members(302),
    "curriculum:unskip_unit": members(302),
    "curriculum:skip_module": members(302),
    "curriculum:unskip_module": members(302),
    "curriculum:declare_skill": members(422),
    "curriculum:take_back_skill": members(302),
    "curriculum:background": members(302),
    "curriculum:role_new": members(422),
    "curriculum:role_confirm": members(422),
    "curriculum:role_edit": only("ada", status=422),
    "curriculum:role_delete": only("ada", status=302),
    "curriculum:aim_for_role": members(302),
    "curriculum:enrollment": members(422),
    "portfolio:project_new": members(422),
    "portfolio:project_edit": only("ada", status=422),
    "portfolio:project_delete": only("ada", status=302),
    "portfolio:repository_link": only("ada", status=422),
    "portfolio:repository_unlink": only("ada", status=302),
    "portfolio:repository_relink": only(),  # only while another repository has the name
    "portfolio:switch_webhook": only("ada", status=302),
    "portfolio:give_access": only("ada", status=302),
    "portfolio:withdraw_access": only("ada", status=302),
    "portfolio:webhook": everybody(ABSENT),  # unsigned
    "portfolio:request_check_run": only("ada", status=302),
    "portfolio:request_review": only("ada", status=302),
    "portfolio:withdraw_review": only("ada", status=302),
    "portfolio:write_review": only("grace", status=422),
    "portfolio:dispute_finding": only("ada", status=422),
    "portfolio:dispute": only("grace", status=422),
}

#: Pages of allauth and of the admin have their own tests; here they must only not break or leak.
ELSEWHERE = ("account_", "mfa_", "socialaccount_", "usersessions_", "github_", "admin:", "?")


def routes(resolver=None, namespaces=()):
    """The name of every route of the site."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield ":".join([*namespaces, entry.name or "?"])
        else:
            yield from routes(entry, (*namespaces, *filter(None, [entry.namespace])))


OTHERS = ["put", "patch", "delete"]
OURS = sorted(name for name in set(routes()) if not name.startswith(ELSEWHERE))


@pytest.fixture
def place(ada, grace, eve, katherine, hub):
    """One of everything, and the address of each route there."""
    hub.add("ada/engine", {"README.md": "# Engine\n"})
    alan = make_user("Alan Oyelaran")
    ended = timezone.now()
    make_mentorship(mentor=alan, learner=ada, started_at=ended, ended_at=ended)
    unit = make_unit(slug="loops")
    skill, role = make_skill(slug="python"), make_role(slug="junior")
    own = make_own_role(ada, skill)
    enroll(ada, unit, target_role=own)
    project = make_project(ada, slug="engine", title="Engine", repository="ada/engine")
    run = make_check_run(project, ("readme", "passed"), ("tests", "failed"), tree_sha="7e" * 20)
    finding = run.findings.get(check_name="tests")
    dispute = disputes.raise_dispute(finding, by=ada, sentence="They are there.")
    project.reviews.create(question="Is it honest?")
    invitation, secret = mentorships.invite(ada, "linus@example.net", Invitation.Seeks.MENTOR)
    repository, mentorship = project.repositories.get(), grace.mentorships_as_mentor.get()
    arguments = {
        "curriculum:module": [unit.module.slug],
        "curriculum:skip_module": [unit.module.slug],
        "curriculum:unskip_module": [unit.module.slug],
        "curriculum:skill": [skill.slug],
        "curriculum:declare_skill": [skill.slug],
        "curriculum:take_back_skill": [skill.slug],
        "curriculum:role_edit": [own.slug],
        "curriculum:role_delete": [own.slug],
        "portfolio:role": [own.slug],
        "accounts:end_mentorship": [mentorship.pk],
        "accounts:answer_invitation": [invitation.pk],
        "accounts:withdraw_invitation": [invitation.pk],
        "accounts:invitation": [secret],
        "portfolio:repository_unlink": ["engine", repository.pk],
        "portfolio:repository_relink": ["engine", repository.pk],
        "portfolio:switch_webhook": ["engine", repository.pk],
        "portfolio:give_access": ["engine", repository.pk],
        "portfolio:withdraw_access": ["engine", repository.pk],
        "portfolio:webhook": [repository.pk],
        "portfolio:repository_checks": [repository.pk],
        "portfolio:check_run": [run.pk],
        "portfolio:dispute_finding": [finding.pk],
        "portfolio:dispute": [dispute.pk],
        "portfolio:learner": ["ada-nwosu"],
        "portfolio:profile": ["ada-nwosu"],
        "portfolio:public_project": ["ada-nwosu", "engine"],
        "portfolio:write_review": ["ada-nwosu", "engine"],
    }
    first_words = {"unit": [unit.slug], "project": ["engine"]}

    def address(route):
        if route in arguments:
            return reverse(route, args=arguments[route])
        name = route.partition(":")[2]
        if name in ("complete_unit", "reopen_unit", "skip_unit", "unskip_unit"):
            return reverse(route, args=[unit.slug])
        if name == "aim_for_role":
            return reverse(route, args=[role.slug])
        takes_project = ("project_edit", "project_delete", "repository_link", "request_check_run")
        if name in (*takes_project, "request_review", "withdraw_review"):
            return reverse(route, args=["engine"])
        return reverse(route, args=first_words.get(name, []))

    people = {"ada": ada, "grace": grace, "eve": eve, "katherine": katherine, "alan": alan}
    return people, address


def answer(response):
    """The status, or SIGN_IN for a redirect to the sign-in page that leads back."""
    if response.status_code == 302:
        target = urlsplit(response.url)
        if target.path == reverse(settings.LOGIN_URL) and "next=/" in unquote(target.query):
            return SIGN_IN
    return response.status_code


def test_every_address_is_declared_here():
    assert set(OURS) == set(GET)


@pytest.mark.parametrize("route", OURS)
def test_who_may_read(route, place, client):
    people, address = place
    url = address(route)
    answers = {}
    for person in PEOPLE:
        client.logout()
        if person in people:
            client.force_login(people[person])
        answers[person] = answer(client.get(url))

    assert answers == GET[route]


@pytest.mark.parametrize("route", OURS)
def test_who_may_not_change_anything(route, place, client):
    """Four people who have no part in it, one after the other; afterwards all is as it was."""
    people, address = place
    url = address(route)
    for person in ("linus", "eve", "alan", "katherine"):
        client.logout()
        if person in people:
            client.force_login(people[person])
        assert_declared(route, person, answer(client.post(url)))

    assert _what_ada_has() == (1, 1, 1, 1, 1, 1, 1)


@pytest.mark.parametrize(("route", "person"), list(product(OURS, ["ada", "grace"])))
def test_who_may_change(route, person, place, client):
    people, address = place
    client.force_login(people[person])

    assert_declared(route, person, answer(client.post(address(route))))


def assert_declared(route, person, status):
    if route in POST:
        assert status == POST[route][person], person
    else:
        assert status in (405, SIGN_IN, ABSENT), person


def _what_ada_has():
    """One of each, still there and still open."""
    return (
        Project.objects.filter(title="Engine").count(),
        Repository.objects.count(),
        CheckRun.objects.count(),
        Review.objects.requested().count(),
        Mentorship.objects.active().filter(mentor__profile__name="Grace Halloran").count(),
        Invitation.objects.filter(inviter__profile__name="Ada Nwosu", answer="withdrawn").count()
        + Invitation.objects.open().count(),
        Role.objects.filter(title="Hers").count(),
    )


@pytest.mark.parametrize("route", OURS)
def test_no_address_takes_another_method(route, place, client):
    people, address = place
    client.force_login(people["ada"])

    answers = {method: getattr(client, method)(address(route)).status_code for method in OTHERS}

    assert set(answers.values()) <= {404, 405}, answers


def test_the_admin_is_for_staff(place, client):
    people, _ = place
    for person in ("ada", "grace", "eve"):
        client.force_login(people[person])
        assert client.get("/admin/").status_code in (302, 403, 404)
    client.force_login(people["katherine"])
    assert client.get("/admin/").status_code == 200


def test_every_list_of_the_admin_opens(place, client, admin_pages):
    people, _ = place
    client.force_login(people["katherine"])

    assert {page: client.get(page).status_code for page in admin_pages} == dict.fromkeys(
        admin_pages, 200
    )


@pytest.fixture
def admin_pages():
    names = [name for name in set(routes()) if name.startswith("admin:")]
    return sorted(reverse(name) for name in names if name.endswith("_changelist"))


def test_allauths_pages_open_for_everybody_they_are_for(place, client):
    people, _ = place
    names = {name for name in routes() if name.startswith(ELSEWHERE[:-2])}
    for person in (None, "ada"):
        client.logout()
        if person:
            client.force_login(people[person])
        for name in names:
            try:
                url = reverse(name)
            except Exception:  # needs a key: its own test has one
                continue
            assert client.get(url).status_code < 500, url
