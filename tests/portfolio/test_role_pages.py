"""The pages of roles: am I ready, what then, and two of them side by side."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from curriculum import declarations, enrollments
from curriculum.models import Brief, SkillCategory, SkillLevel, Unit
from tests.factories import (
    add_clause,
    enroll,
    make_module,
    make_own_role,
    make_project,
    make_role,
    make_skill,
    make_unit,
)

WORKING, PRACTITIONER = SkillLevel.WORKING, SkillLevel.PRACTITIONER


def text(response):
    return " ".join(response.content.decode().split())


def main(response):
    return text(response).split("<main")[1].split("</main")[0]


def words(html):
    """What is read of a piece of HTML."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@pytest.fixture
def role(ada):
    """Ada has studied one skill, declares another, and knows nothing of the third."""
    role = make_role("Clerk", min_years=2)
    abacus, ledger, speed = make_skill("Abacus"), make_skill("Ledger"), make_skill("Speed")
    unit = make_unit(module=make_module(title="Beads"))
    unit.module.taught.create(skill=abacus, level=WORKING)
    enrollments.complete_unit(enrollments.enroll(ada), unit)
    declarations.declare(ada, ledger, WORKING)
    before = make_unit(module=make_module(title="Running"), minutes=30).module
    fast = make_unit(module=make_module(title="Sprinting", after=before), minutes=90).module
    fast.taught.create(skill=speed, level=PRACTITIONER)
    project = make_unit(module=fast, kind=Unit.Kind.PROJECT, title="A race", minutes=60)
    Brief.objects.create(unit=project, kind=Brief.Kind.PORTFOLIO)
    add_clause(role, (abacus, WORKING))
    add_clause(role, (ledger, WORKING))
    add_clause(role, (speed, WORKING))
    add_clause(role, (abacus, PRACTITIONER), is_required=False)
    return role


def test_the_page_says_how_each_clause_stands_and_by_what(as_user, ada, role):
    page = main(as_user(ada).get(role.get_absolute_url()))

    counts = re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", page)
    assert counts == [("met", "1"), ("partly", "0"), ("self-declared", "1"), ("missing", "1")]
    read = words(page)
    today = timezone.localdate().strftime("%-d %B %Y")
    assert "Preferred: 0 met, 1 partly, 0 self-declared, 0 missing." in read
    assert f"Abacus working Met : studied to working in Beads , since {today}" in read
    assert f"Ledger working Self-declared : you say working, since {today}" in read
    assert "Speed working Missing Shortest way:" in read
    assert "2 years of experience Missing" in read


def test_each_state_has_a_shape_with_a_word_beside_it(as_user, ada, role):
    page = main(as_user(ada).get(role.get_absolute_url()))

    for word in ("met", "partly", "self-declared", "missing"):
        assert f'role="img" aria-label="{word}"' in page


def test_gaps_come_first(as_user, ada, role):
    page = words(main(as_user(ada).get(role.get_absolute_url())))

    required = page.split("Required 3 clauses")[1]
    assert required.index("Speed") < required.index("Ledger") < required.index("Abacus")


def test_a_gap_shows_units_brief_and_review(as_user, ada, role):
    page = words(main(as_user(ada).get(role.get_absolute_url())))

    assert "Shortest way: 3 units, 3 h, up to Sprinting" in page
    assert "Running 1 of 1 unit open; comes first" in page
    assert "Sprinting 2 of 2 units open; takes Speed to working" in page
    assert "Build it: A race 1 h Ask for a review: your projects" in page


def test_what_was_built_from_the_brief_is_what_to_have_reviewed(as_user, ada, role):
    project = make_project(ada, title="My race", brief=Brief.objects.get())

    page = main(as_user(ada).get(role.get_absolute_url()))

    assert "You have built it:" in page
    assert page.count(f'href="/projects/{project.slug}/"') == 2


def test_somebody_on_no_roadmap_sees_the_way_from_the_beginning(as_user, eve, role):
    page = words(main(as_user(eve).get(role.get_absolute_url())))

    assert "Shortest way: 1 unit, 1 h, in Beads" in page


def test_without_a_roadmap_the_clauses_stand_without_a_way(as_user, ada):
    role = make_role()
    add_clause(role, (make_skill("Speed"), WORKING))

    page = words(main(as_user(ada).get(role.get_absolute_url())))

    assert "Speed working Missing" in page
    assert "Shortest way" not in page


def test_a_stranger_reads_the_role_without_a_comparison(client, role):
    page = main(client.get(role.get_absolute_url()))

    assert "Sign in to aim for this role" in page
    for word in (
        "Am I ready?",
        "Missing",
        "Shortest way",
        "Met",
        '<svg class="chart',
        "Your skills",
    ):
        assert word not in page
    read = words(page)
    assert read.index("Abacus") < read.index("Ledger") < read.index("Speed")


def test_eve_is_compared_with_herself(as_user, eve, role):
    page = main(as_user(eve).get(role.get_absolute_url()))

    assert re.findall(r"<dd>(\d+)</dd>", page) == ["0", "0", "0", "3"]


def test_drawings_have_a_sentence_and_a_table_and_no_style(as_user, ada, role):
    for number in range(3):
        category = SkillCategory.objects.create(
            slug=f"c{number}", title=f"C{number}", position=number
        )
        add_clause(role, (make_skill(category=category), WORKING))

    page = main(as_user(ada).get(role.get_absolute_url()))

    assert page.count('<svg class="chart') == 2
    assert (
        'aria-label="Required: 1 met, 0 partly, 1 self-declared, 4 missing. Preferred: 0 met'
        in page
    )
    assert "4 areas of skills." in page
    assert page.count("The same as a table") == 2
    assert "style=" not in page


def test_only_one_button_of_a_role_is_the_primary_one(as_user, ada, role):
    page = main(as_user(ada).get(role.get_absolute_url()))

    assert page.count("btn primary") == 1


def test_a_role_of_ones_own_says_so_with_its_quotes(as_user, ada, grace):
    skill = make_skill("Abacus")
    role = make_own_role(ada, skill)
    role.requirements.update(quote="You count by heart.")
    client = as_user(ada)

    page = words(main(client.get(role.get_absolute_url())))
    assert "“You count by heart.”" in page
    assert "only you Edit Delete" in page

    enroll(ada, make_unit(), target_role=role)
    page = words(main(client.get(role.get_absolute_url())))
    assert "only you and your mentors" in page

    page = words(main(as_user(grace).get(role.get_absolute_url())))
    assert "the aim of Ada Nwosu" in page
    for word in ("Edit", "Delete", "Aim for this role"):
        assert word not in page


# The list


def test_the_list_shows_the_four_counts_of_each_role_and_ones_own_first(as_user, ada, role):
    make_own_role(ada, make_skill("Abacus"), title="Mine")

    page = words(main(as_user(ada).get("/roles/")))

    assert page.index("Mine") < page.index("Clerk")
    assert "1 met 0 partly 1 self-declared 1 missing" in page
    assert "0 met 0 partly 0 self-declared 1 missing" in page


def test_a_stranger_sees_the_list_without_counts(client, role):
    page = words(main(client.get("/roles/")))

    assert "3 required clauses" in page
    assert " met " not in page
    assert "Paste a job advert" not in page


# Two side by side


@pytest.fixture
def pair(role):
    other = make_role("Bookkeeper")
    ledger = role.requirements.all()[1].alternatives.get().skill
    add_clause(other, (ledger, PRACTITIONER), (make_skill("Pen"), WORKING))
    add_clause(other, (make_skill("Ink"), WORKING), is_required=False)
    return role, other


def test_two_roles_are_compared_skill_by_skill_with_you(as_user, ada, pair):
    first, second = pair

    answer = as_user(ada).get(f"/roles/compare/?a={first.slug}&b={second.slug}")

    page = words(main(answer))
    both, rest = page.split("Both ask")[1].split("Only Clerk")
    only_first, only_second = rest.split("Only Bookkeeper")
    assert "Ledger Working , required Practitioner , required, one of several" in both
    assert "self-declared declared working" in both
    assert "Abacus Working , required" in only_first
    assert "met studied working" in only_first
    assert "Ink Working , preferred missing" in only_second
    assert "Pen Working , required, one of several missing" in only_second
    assert "Clerk 1 0 1 1" in page


def test_a_skill_asked_twice_stands_as_it_is_asked_most(as_user, ada, pair):
    page = words(
        main(as_user(ada).get("/roles/compare/?a={}&b={}".format(*(r.slug for r in pair))))
    )

    assert page.count("Abacus") == 1
    assert "Abacus Working , required" in page  # preferred at practitioner too


def test_a_stranger_compares_roles_without_themselves(client, pair):
    page = words(main(client.get("/roles/compare/?a={}&b={}".format(*(r.slug for r in pair)))))

    assert "Ledger Working , required Practitioner" in page
    assert "You" not in page
    assert "missing" not in page


@pytest.mark.parametrize("query", ["", "?a=", "?a=&b=", "?a=clerk", "?b=clerk"])
def test_with_fewer_than_two_it_asks_which(client, db, query):
    make_role("Clerk", slug="clerk")

    answer = client.get(f"/roles/compare/{query}")

    assert answer.status_code == 200
    assert '<select name="a"' in text(answer)
    assert ('<option value="clerk" selected>' in text(answer)) == ("clerk" in query)
    assert "Both ask" not in text(answer)


def test_the_same_role_twice_is_told_so(client, db):
    make_role("Clerk", slug="clerk")

    assert "the same role twice" in text(client.get("/roles/compare/?a=clerk&b=clerk"))


@pytest.mark.parametrize(
    "slug", ["no-such", "own_0000000000000000", "%00", "%FF", "a/b", "x" * 5000, "%E2%80%AE"]
)
def test_what_is_no_role_of_yours_is_not_compared(client, db, slug):
    make_role("Clerk", slug="clerk")

    assert client.get(f"/roles/compare/?a=clerk&b={slug}").status_code == 404


def test_somebody_elses_role_is_not_there_to_compare(as_user, ada, eve, grace):
    make_role("Clerk", slug="clerk")
    role = make_own_role(ada)
    address = f"/roles/compare/?a=clerk&b={role.slug}"

    assert as_user(ada).get(address).status_code == 200
    assert as_user(eve).get(address).status_code == 404
    assert as_user(grace).get(address).status_code == 404
    enroll(ada, make_unit(), target_role=role)
    assert as_user(grace).get(address).status_code == 200
    assert as_user(eve).get(address).status_code == 404


# What pages cost


def grow(learner, size):
    """Units, skills, clauses and roles in proportion; half of it studied."""
    for number in range(size):
        skill, unit = make_skill(), make_unit()
        unit.module.taught.create(skill=skill, level=WORKING)
        project = make_unit(module=unit.module, kind=Unit.Kind.PROJECT)
        brief = Brief.objects.create(unit=project, kind=Brief.Kind.PORTFOLIO)
        make_project(learner, brief=brief)
        declarations.declare(learner, skill, WORKING)
        for role in (make_role(), make_own_role(learner, skill) if number < 9 else None):
            if role:
                add_clause(role, (skill, PRACTITIONER), (make_skill(), WORKING), is_required=False)
        if number % 2:
            for done in (unit, project):
                enrollments.complete_unit(enrollments.enroll(learner), done)


def test_pages_cost_the_same_for_few_and_many_roles_skills_and_units(as_user, ada, role):
    other = make_role("Bookkeeper")
    add_clause(other, (make_skill(), WORKING))
    addresses = {
        "list": "/roles/",
        "role": role.get_absolute_url(),
        "compare": f"/roles/compare/?a={role.slug}&b={other.slug}",
        "evidence": "/evidence/",
    }
    grow(ada, 2)
    client = as_user(ada)

    def count():
        counts = {}
        for name, address in addresses.items():
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts[name] = len(queries)
        return counts

    count()  # the first visit of a session writes it down
    few = count()
    grow(ada, 40)
    for picture in (role, other):
        for _ in range(30):
            add_clause(picture, (make_skill(), WORKING), (make_skill(), WORKING))

    assert count() == few
    assert max(few.values()) <= 34, few
