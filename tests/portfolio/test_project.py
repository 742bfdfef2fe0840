"""A project starts by pasting a link."""

import pytest

from portfolio import projects
from portfolio.github import links
from portfolio.models import Project
from portfolio.projects import AlreadyLinked
from tests.factories import make_project


def start(owner, link, **fields):
    return projects.start(owner, links.parse(link), **fields)


def test_a_link_is_enough(ada):
    project = start(ada, "https://github.com/ada/bike_demand")

    assert project.title == "Bike demand"
    assert project.slug == "bike-demand"
    assert project.visibility == Project.Visibility.PRIVATE
    assert project.repositories.get().full_name == "ada/bike_demand"


def test_a_folder_of_a_repository_is_a_project_of_its_own(ada):
    project = start(ada, "https://github.com/ada/course/tree/main/week-3/churn")

    repository = project.repositories.get()
    assert (repository.ref, repository.folder) == ("main", "week-3/churn")
    assert project.title == "Churn"


def test_the_same_link_in_another_form_leads_to_the_project_there_is(ada):
    project = start(ada, "https://github.com/Ada/Engine")

    with pytest.raises(AlreadyLinked) as caught:
        start(ada, "git@github.com:ada/engine.git")

    assert caught.value.project == project
    assert ada.projects.count() == 1


def test_the_old_name_of_a_renamed_repository_leads_to_its_project(ada):
    project = start(ada, "ada/engine")
    project.repositories.update(full_name="ada/bearings", former_name="ada/engine")

    with pytest.raises(AlreadyLinked):
        start(ada, "ada/engine")


def test_two_people_may_link_one_repository(ada, eve):
    start(ada, "ada/engine")
    start(eve, "ada/engine")

    assert Project.objects.count() == 2


def test_two_projects_of_one_title_get_two_addresses(ada):
    first = start(ada, "ada/one", title="Churn")
    second = start(ada, "ada/two", title="Churn")

    assert (first.slug, second.slug) == ("churn", "churn-2")


@pytest.mark.parametrize("title", ["new", "Новый проект", "!!!", "Review"])
def test_a_title_that_makes_no_address_or_a_reserved_one_still_works(ada, title):
    project = start(ada, "ada/engine", title=title)

    assert project.title == title
    assert project.slug not in projects.RESERVED_SLUGS


def test_a_project_may_have_several_repositories(ada):
    project = start(ada, "ada/engine")

    projects.link_repository(project, links.parse("ada/engine-data"))

    assert project.repositories.count() == 2


def test_a_repository_of_another_project_is_not_linked_again(ada):
    start(ada, "ada/engine")
    other = make_project(ada)

    with pytest.raises(AlreadyLinked):
        projects.link_repository(other, links.parse("ada/engine"))
