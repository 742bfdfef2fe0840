"""What Ada's page says of her skills, and to whom."""

import pytest

from curriculum import declarations, enrollments
from curriculum.models import SkillLevel
from tests.factories import (
    add_clause,
    make_own_role,
    make_project,
    make_role,
    make_skill,
    make_unit,
)
from tests.portfolio.test_demonstrations import claim, endorse, look

WORKING = SkillLevel.WORKING


@pytest.fixture
def project(ada):
    ada.profile.is_public = True
    ada.profile.save()
    project = make_project(ada, slug="engine", title="Engine", visibility="public")
    project.repositories.update(has_proof_line=True, standing="readable")
    return project


@pytest.fixture
def skill(db):
    return make_skill("Careful testing")


def page(client, person=None):
    client.logout()
    if person:
        client.force_login(person)
    return client.get("/@ada-nwosu/").content.decode()


def skills(client, person=None):
    """The section of skills, as one line of text."""
    html = (
        page(client, person)
        .partition('aria-labelledby="skills-title"')[2]
        .partition("</section>")[0]
    )
    return " ".join(html.split())


def test_a_stranger_reads_each_skill_with_the_strongest_that_speaks_for_it(
    ada, grace, project, skill, client
):
    claim(project, skill)
    run = look(project)
    assert "Demonstrated" in skills(client)

    endorse(run, grace, skill)

    told = skills(client)
    assert "Careful testing" in told
    assert "Endorsed" in told
    assert "Demonstrated" not in told
    assert 'href="/@ada-nwosu/engine/"' in told


def test_an_aged_endorsement_says_so(ada, grace, project, skill, client):
    endorse(look(project), grace, skill)
    look(project, "b" * 40)

    assert "at an earlier commit" in skills(client)


def test_of_a_private_project_strangers_hear_nothing(ada, grace, eve, project, skill, client):
    claim(project, skill)
    endorse(look(project), grace, skill)
    project.visibility = "private"
    project.save()

    for who in (None, eve):
        assert "Careful testing" not in page(client, who)
    for who in (ada, grace):
        assert "Endorsed" in skills(client, who)


def test_who_shows_no_skills_shows_none_to_strangers_and_all_to_mentors(
    ada, grace, eve, project, skill, client
):
    declarations.declare(ada, skill, WORKING)
    ada.profile.shows_skills = False
    ada.profile.save()

    for who in (None, eve):
        assert "Careful testing" not in page(client, who)
    for who in (ada, grace):
        assert "Declared" in skills(client, who)


def test_what_a_project_is_said_to_show_is_hidden_with_the_skills(
    ada, grace, eve, project, skill, client
):
    claim(project, skill)
    ada.profile.shows_skills = False
    ada.profile.save()

    for address in ("/@ada-nwosu/", "/@ada-nwosu/engine/"):
        for who, is_told in ((None, False), (eve, False), (grace, True), (ada, True)):
            client.logout()
            if who:
                client.force_login(who)
            told = client.get(address).content.decode()
            assert ("Careful testing" in told) == is_told, (address, who)


def test_the_role_she_aims_for_stands_with_its_clauses(ada, project, skill, client):
    role = make_role("Junior engineer")
    add_clause(role, (skill, WORKING))
    enrollment = enrollments.enroll(ada, make_unit().module.stage.roadmap)
    enrollments.aim_for(enrollment, role)
    claim(project, skill)
    look(project)

    told = " ".join(page(client).partition("For Junior engineer")[2].split())

    assert "<div><dt>met</dt><dd>1</dd></div>" in told


def test_a_role_of_ones_own_is_nobodys_business(ada, grace, project, skill, client):
    role = make_own_role(ada, skill, title="That one advert")
    enrollments.aim_for(enrollments.enroll(ada, make_unit().module.stage.roadmap), role)

    for who in (None, grace):
        assert "That one advert" not in page(client, who)
    assert "That one advert" in page(client, ada)
