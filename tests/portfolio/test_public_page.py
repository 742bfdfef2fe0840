"""What an employer sees of Ada in three minutes: the best first, by what, and how light it is."""

import gzip
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django.utils.text import slugify

from curriculum.models import Declaration, Skill, SkillLevel
from portfolio import showcase
from portfolio.models import Project
from tests.factories import (
    enroll,
    make_check_run,
    make_project,
    make_role,
    make_share_link,
    make_skill,
    make_unit,
)
from tests.together import at_once

STATIC = Path(__file__).resolve().parents[2] / "config" / "static"
PAGE = "/@ada-nwosu/"
PASSED = [("readme", "passed"), ("readme-content", "passed"), ("tests", "passed")]


@pytest.fixture
def public_ada(ada):
    ada.profile.is_public = True
    ada.profile.save()
    return ada


def project_of(ada, title, *, checked=False, **fields):
    project = make_project(ada, title=title, slug=slugify(title), visibility="public", **fields)
    if checked:
        make_check_run(project, *PASSED)
    return project


def approve(project, mentor, **fields):
    run = project.repositories.get().check_runs.first()
    return project.reviews.create(
        **{
            "status": "submitted", "verdict": "approved", "body": "Good.", "reviewer": mentor,
            "check_run": run, "head_sha": run.head_sha, "full_name": run.full_name,
            "submitted_at": timezone.now(),
        } | fields
    )  # fmt: skip


def order(page):
    return re.findall(r'<h3><a href="/@ada-nwosu/([\w-]+)/"', page)


def test_the_approved_comes_before_the_checked_and_that_before_the_newest(
    public_ada, grace, client
):
    approve(project_of(public_ada, "Approved", checked=True), grace)
    project_of(public_ada, "Checked", checked=True)
    project_of(public_ada, "Bare")
    project_of(public_ada, "Newest")

    page = client.get(PAGE).content.decode()

    assert order(page) == ["approved", "checked", "newest"]
    assert "approved by a mentor first, then with checks passed, then the newest" in page
    assert ">Bare<" in page.partition("More work")[2]
    assert "Of 4 projects, 2 pass their checks, 1 is approved by a mentor" in page


def test_what_ada_chose_comes_first_in_her_order(public_ada, grace, as_user, client):
    for title in ("One", "Two", "Three", "Four"):
        approve(project_of(public_ada, title, checked=True), grace)
    places = {"place_1": "Two", "place_2": "", "place_3": "One"}
    keys = {title: project.pk for title in ("One", "Two", "Three", "Four")
            for project in [Project.objects.get(title=title)]}  # fmt: skip
    form = {name: keys.get(title, "") for name, title in places.items()}

    assert as_user(public_ada).post("/settings/showcase/", form).status_code == 302

    client.logout()
    page = client.get(PAGE).content.decode()
    assert order(page)[:2] == ["two", "one"]
    assert "Ada Nwosu chose what comes first" in page
    as_user(public_ada).post("/settings/showcase/", {})
    assert not Project.objects.exclude(place=None).exists()


def test_a_choice_is_of_ones_own_and_each_once(public_ada, eve, as_user):
    own, hers = project_of(public_ada, "Own"), make_project(eve)

    for form in ({"place_1": hers.pk}, {"place_1": own.pk, "place_2": own.pk}, {"place_1": "x"}):
        assert as_user(public_ada).post("/settings/showcase/", form).status_code == 422

    assert not Project.objects.exclude(place=None).exists()


def test_a_chosen_project_that_is_private_gives_its_place_up(public_ada, client):
    hidden, shown = project_of(public_ada, "Hidden"), project_of(public_ada, "Shown")
    showcase.choose(public_ada, [hidden, shown])
    Project.objects.filter(pk=hidden.pk).update(visibility="private")

    page = client.get(PAGE).content.decode()

    assert order(page) == ["shown"]
    assert "Hidden" not in page


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_choose_at_once_leave_one_order(ada):
    projects = [make_project(ada) for _ in range(3)]

    at_once(lambda: showcase.choose(ada, projects), lambda: showcase.choose(ada, projects[::-1]))

    chosen = [p.place for p in Project.objects.order_by("pk")]
    assert chosen in ([1, 2, 3], [3, 2, 1])


def test_an_approval_says_when_at_which_commit_and_whether_that_is_the_newest(
    public_ada, grace, client
):
    project = project_of(public_ada, "Engine", checked=True)
    approve(project, grace, strength="The **split** is right.")
    assert "an earlier commit" not in client.get(PAGE).content.decode()
    later = timezone.now() + timedelta(seconds=1)
    make_check_run(project, *PASSED, head_sha="b2" * 20, requested_at=later)

    page = client.get(PAGE).content.decode()

    assert re.search(
        r"Approved by Grace Halloran, today [\d:]+, at a1a1a1a</a>, an earlier commit", page
    )
    assert "The split is right." in page
    assert "checked today" in page


def test_a_repository_that_cannot_be_read_says_since_when(public_ada, client):
    project = project_of(public_ada, "Engine", checked=True)
    project.repositories.update(
        standing="not_found", missing_since=timezone.now() - timedelta(days=1)
    )

    assert "not readable since yesterday" in client.get(PAGE).content.decode()


def test_the_page_says_what_she_aims_for_and_counts_skills_by_their_evidence(public_ada, client):
    skill = make_skill("Python")
    enroll(public_ada, make_unit(), target_role=make_role("Junior engineer"))
    public_ada.declarations.create(skill=skill, level=SkillLevel.WORKING)

    page = client.get(PAGE).content.decode()

    assert "Aims for" in page
    assert "Junior engineer" in page
    assert "1 declared" in page


@pytest.mark.parametrize("asked", [True, False])
def test_search_engines_are_kept_out_unless_she_asks_for_them(asked, public_ada, client):
    project_of(public_ada, "Engine")
    public_ada.profile.is_indexed = asked
    public_ada.profile.save()

    for path in (PAGE, "/@ada-nwosu/engine/"):
        assert ("noindex" in client.get(path).content.decode()) is not asked
    _, token = make_share_link(public_ada)
    client.get(f"/s/{token}/")
    assert "noindex" in client.get(PAGE).content.decode()


def test_a_page_with_a_hundred_projects_and_skills_weighs_less_than_100_kb(
    public_ada, grace, client
):
    """What travels: the page as it is, and what it loads as the server compresses it."""
    category = make_skill().category
    skills = Skill.objects.bulk_create(
        Skill(slug=f"s-{n}", name=f"A skill with a long name {n}", position=n, category=category)
        for n in range(100)
    )
    Declaration.objects.bulk_create(
        Declaration(learner=public_ada, skill=skill, level=SkillLevel.WORKING) for skill in skills
    )
    words = {"visibility": "public", "summary": "What it does, and for whom. " * 10}
    Project.objects.bulk_create(
        Project(owner=public_ada, slug=f"p-{n}", title=f"A project with a long title {n}", **words)
        for n in range(97)
    )
    for n in range(3):
        project = project_of(public_ada, f"Approved {n}", checked=True, summary=words["summary"])
        project.claims.create(skill=skills[n], level=2)
        approve(project, grace, strength="The split is right. " * 60)

    page = client.get(PAGE).content
    loaded = re.findall(rb'(?:src|href)="/static/([\w./-]+)"', page)
    weight = len(page) + sum(
        len(gzip.compress((STATIC / name.decode()).read_bytes())) for name in loaded
    )

    assert len(loaded) >= 3
    assert not any(b"htmx" in name for name in loaded)
    assert page.count(b"/@ada-nwosu/") >= 100
    assert weight < 100_000, weight
