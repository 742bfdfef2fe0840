"""Stories for behavioural questions: kept, linked to projects, with what is missing."""

import pytest

from portfolio import stories
from portfolio.models import Story
from tests.factories import make_project

PARTS = dict.fromkeys(Story.PARTS, "Words.")


def page_of(response):
    return " ".join(response.content.decode().split())


def tell(owner, *themes, **fields):
    return Story.objects.create(
        **{"owner": owner, "title": "The leak", "themes": list(themes), **PARTS} | fields
    )


def test_without_a_story_every_theme_is_a_gap(ada, as_user):
    page = page_of(as_user(ada).get("/stories/"))

    assert "Begin with a failure" in page
    assert "A conflict or disagreement" in page
    assert len(stories.gaps([])) == len(Story.Theme)


def test_a_story_closes_the_gaps_it_answers_once_it_has_a_result(ada):
    tell(ada, "failure")
    tell(ada, "conflict", result=" ")

    gaps = stories.gaps(Story.objects.owned_by(ada))

    assert Story.Theme.FAILURE not in gaps
    assert Story.Theme.CONFLICT in gaps


def test_a_story_is_written_changed_and_deleted(ada, as_user):
    project = make_project(ada, title="Engine", slug="engine")
    client = as_user(ada)
    data = {"title": "The leak", "project": project.pk, "themes": ["data", "failure"], **PARTS}
    assert client.post("/stories/new/", data).status_code == 302
    story = Story.objects.get()
    assert story.themes == ["failure", "data"]  # in the order of the themes
    page = page_of(client.get("/stories/"))
    assert "Engine" in page
    changed = data | {"title": "The flood", "version": story.version}
    assert client.post(story.get_absolute_url(), changed).status_code == 302
    assert "The flood" in page_of(client.get("/stories/"))

    client.post(f"{story.get_absolute_url()}delete/")

    assert not Story.objects.exists()


def test_a_gap_leads_to_a_story_with_its_theme_ticked(ada, as_user):
    page = page_of(as_user(ada).get("/stories/new/?theme=conflict"))

    assert 'value="conflict" id="id_themes_1" checked' in page


def test_a_story_changed_in_another_tab_is_not_overwritten_and_nothing_typed_is_lost(ada, as_user):
    story = tell(ada)
    version = story.version
    stories.write(ada, PARTS | {"title": "From one tab", "project": None, "themes": []},
                  version=version, pk=story.pk)  # fmt: skip

    response = as_user(ada).post(
        story.get_absolute_url(), PARTS | {"title": "From the other", "version": version}
    )

    assert response.status_code == 409
    page = page_of(response)
    assert "From the other" in page
    assert "From one tab" in page
    assert Story.objects.get().title == "From one tab"


def test_somebody_else_s_project_cannot_be_linked(ada, eve, as_user):
    project = make_project(eve, visibility="public")

    response = as_user(ada).post("/stories/new/", {"title": "Hers", "project": project.pk})

    assert response.status_code == 422
    assert not Story.objects.exists()


def test_a_story_outlives_its_project(ada):
    project = make_project(ada)
    story = tell(ada, project=project)

    project.delete()

    story.refresh_from_db()
    assert story.project is None


@pytest.mark.parametrize("person", ["grace", "eve", "katherine"])
def test_nobody_else_sees_a_story(person, ada, request, as_user):
    story = tell(ada, project=make_project(ada, visibility="public"))
    client = as_user(request.getfixturevalue(person))

    assert client.get(story.get_absolute_url()).status_code == 404
    assert "The leak" not in page_of(client.get("/stories/"))
