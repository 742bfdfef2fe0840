"""Ada writes a case study: with what it lacks beside it, and a first draft from her README."""

import pytest

from portfolio import access, case_studies, check_runs, tasks
from portfolio.models import Listing, Measurement, Project
from tests.factories import make_project
from tests.portfolio.test_excerpts import README

PAGE = "/projects/engine/case-study/"
TEXTS = dict.fromkeys(("summary", *Project.CASE_STUDY), "")
FULL = (
    "The mill changes forty bearings a year by the calendar and nine in ten of them are sound, which "
    "costs a shift each time; the crew wants to change the one that will break next."
)


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    monkeypatch.setattr("portfolio.tasks.fetch_listing.delay", lambda pk: None)


@pytest.fixture
def engine(ada, hub):
    hub.add("ada/engine", {"README.md": README, "docs/x.md": "x"})
    project = make_project(ada, slug="engine", title="Engine", repository="ada/engine")
    tasks.execute_check_run(check_runs.request(project.repositories.get()).pk)
    return project


def fetch():
    for listing in Listing.objects.filter(listed_at=None):
        tasks.fetch_listing(listing.pk)


def said(project, **texts):
    return TEXTS | texts | {"version": case_studies.version_of(project)}


def page_of(response):
    return " ".join(response.content.decode().split())


# To write


def test_ada_writes_under_the_five_headings(ada, as_user):
    project = make_project(ada, slug="engine")

    response = as_user(ada).post(PAGE, said(project, problem=FULL, summary="It tells which."))

    assert response.url == "/projects/engine/"
    project.refresh_from_db()
    assert (project.problem, project.summary) == (FULL, "It tells which.")


def test_texts_changed_in_another_tab_are_not_overwritten_and_nothing_typed_is_lost(ada, as_user):
    project = make_project(ada, slug="engine", problem="From the start.")
    stale = said(project, problem="From one tab.")
    case_studies.write(
        project, TEXTS | {"problem": "From the other."}, version=case_studies.version_of(project)
    )

    response = as_user(ada).post(PAGE, stale)

    assert response.status_code == 409
    assert "From one tab." in page_of(response)
    assert "From the other." in page_of(response)
    project.refresh_from_db()
    assert project.problem == "From the other."
    again = response.context["form"].data
    assert as_user(ada).post(PAGE, again).status_code == 302


def test_too_long_a_text_is_told_at_its_field_and_kept(ada, as_user):
    project = make_project(ada, slug="engine")

    response = as_user(ada).post(PAGE, said(project, data="x" * 10_001, results="Ten of eleven."))

    assert response.status_code == 422
    assert "10000" in " ".join(response.context["form"].errors["data"]).replace(",", "")
    assert "Ten of eleven." in page_of(response)


# The draft


def test_a_draft_fills_what_is_empty_and_keeps_nothing(ada, engine, as_user):
    client = as_user(ada)
    typed = said(engine, data="My own words.", draft="readme")

    waiting = client.post(PAGE, typed)
    assert "fetching the README" in page_of(waiting)
    assert "My own words." in page_of(waiting)
    fetch()
    response = client.post(PAGE, typed)

    form = response.context["form"]
    assert form["approaches"].value().startswith("A threshold first")
    assert form["problem"].value().startswith("Tells three mechanics")
    assert form["data"].value() == "My own words."
    sha = engine.repositories.get().check_runs.get().head_sha
    assert f"/ada/engine/blob/{sha}/README.md#L18" in page_of(response)
    engine.refresh_from_db()
    assert engine.approaches == ""

    kept = {name: form[name].value() for name in form.fields}
    assert client.post(PAGE, kept).status_code == 302
    engine.refresh_from_db()
    assert engine.approaches.startswith("A threshold first")


def test_asking_twice_asks_github_once(ada, engine, as_user, hub):
    as_user(ada).post(PAGE, said(engine, draft="readme"))
    fetch()
    hub.requests.clear()

    as_user(ada).post(PAGE, said(engine, draft="readme"))

    assert hub.requests == []
    assert Listing.objects.count() == 1


def test_links_of_the_readme_lead_to_the_commit_they_were_read_at(ada, engine, hub, settings):
    text = (
        "# Engine\n\n## Data\n\nSee [the notes](data/README.md#where) and [above](#top), [all](https://x.org/) "
        "and [out](../../x) for where the readings come from.\n"
    )
    hub.push("ada/engine", {"README.md": text})
    run = check_runs.request(engine.repositories.get())
    tasks.execute_check_run(run.pk)
    run.refresh_from_db()
    case_studies.draft(engine)
    fetch()

    found = case_studies.draft(engine).excerpts["data"].text

    assert f"]({settings.GITHUB_URL}/ada/engine/blob/{run.head_sha}/data/README.md#where)" in found
    assert "and above, [all](https://x.org/)" in found
    assert "and out for where" in found


def test_the_readme_of_the_linked_folder_comes_first(ada, hub):
    hub.add("ada/all", {"README.md": "# All\n", "wine/README.md": README, "wine/a.py": "x = 1\n"})
    project = make_project(ada, repository="ada/all")
    project.repositories.update(folder="wine")
    tasks.execute_check_run(check_runs.request(project.repositories.get()).pk)
    case_studies.draft(project)
    fetch()

    draft = case_studies.draft(project)

    assert draft.path == "wine/README.md"
    assert "approaches" in draft.excerpts


@pytest.mark.parametrize(
    ("files", "words"),
    [({"a.py": "x = 1\n"}, "had no README"), ({"README.md": "# Title\n"}, "no heading for any")],
)
def test_a_readme_without_anything_to_draft_says_so(ada, hub, as_user, files, words):
    hub.add("ada/engine", files)
    project = make_project(ada, slug="engine", repository="ada/engine")
    tasks.execute_check_run(check_runs.request(project.repositories.get()).pk)
    as_user(ada).post(PAGE, said(project, draft="readme"))
    fetch()

    assert words in page_of(as_user(ada).post(PAGE, said(project, draft="readme")))


def test_before_the_first_check_there_is_nothing_to_draft_from(ada, as_user):
    project = make_project(ada, slug="engine")

    page = page_of(as_user(ada).post(PAGE, said(project, problem="Mine.", draft="readme")))

    assert "No repository of this project was read yet" in page
    assert "Mine." in page


def test_what_github_did_not_give_is_asked_for_once_more(ada, engine, as_user):
    listing = case_studies.draft(engine).listing
    Listing.objects.filter(pk=listing.pk).update(listed_at=listing.wanted_at, trouble="notfound")

    page = page_of(as_user(ada).post(PAGE, said(engine, draft="readme")))

    assert "GitHub did not give us the README" in page
    assert "fetching" in page_of(as_user(ada).post(PAGE, said(engine, draft="readme")))
    fetch()
    assert case_studies.draft(engine).excerpts


def test_a_private_readme_is_fetched_with_the_token_of_its_owner(ada, engine, hub):
    hub.make_private("ada/engine")
    access.give(engine.repositories.get(), hub.fine_grained("ada", "ada/engine"))
    case_studies.draft(engine)
    fetch()

    assert case_studies.draft(engine).excerpts


# What it lacks


def part(project, name, *measurements):
    return case_studies.meter_of(project, measurements).by_name[name]


@pytest.mark.parametrize(
    ("name", "text", "fullness", "lacks"),
    [
        ("problem", "", "empty", "Say whose problem it is"),
        ("problem", "Bearings break.", "thin", "Say more: who has the problem"),
        ("problem", FULL, "there", ""),
        ("data", FULL.replace("forty", "many"), "there", "Say how much data there is"),
        ("data", FULL + " 1,200 files.", "there", "Link the source"),
        ("data", FULL + " 1,200 [files](https://x.org/)", "there", ""),
        ("data", FULL + " In 2024 it was so.", "there", "Say how much data there is"),
        ("evaluation", FULL, "there", "Name the file or test"),
        ("evaluation", FULL + " See `tests/test_split.py`.", "there", ""),
        ("results", "It works better.", "thin", "Say more"),
        ("results", "38.7 against 61.2.", "there", "Link the file or table"),
        ("results", "38.7 against 61.2, in `reports/backtest.md`", "there", ""),
        ("results", FULL, "there", "Words without a number"),
        (
            "problem",
            "三台机器的轴承经常在夜班中损坏，维修人员只能按照日历更换它们，因此大多数被换下的轴承其实还是完好无损的，这样既浪费时间也浪费钱。",
            "there",
            "",
        ),
    ],
)
def test_each_heading_says_what_it_lacks(name, text, fullness, lacks):
    found = part(Project(**{name: text}), name)

    assert found.fullness == fullness
    assert found.lacks.startswith(lacks)
    assert found.is_complete == (not lacks)


def number(**facts):
    return Measurement(**{"metric": "m", "result": "1", "path": "a.md", "repository_id": 1} | facts)


def test_the_numbers_need_a_baseline_and_a_file_that_shows_them():
    empty = Project()

    assert "one number" in part(empty, "outcomes").lacks
    assert "baseline" in part(empty, "outcomes", number()).lacks
    assert "No number was found" in part(empty, "outcomes", number(baseline="2")).lacks
    shown = number(baseline="2", verdict="number")
    assert part(empty, "outcomes", shown).is_complete
    assert part(Project(results=FULL), "results", shown).is_complete


def test_the_count_stands_with_the_list_on_both_of_the_owner_s_pages(ada, grace, as_user):
    make_project(ada, slug="engine", summary="It tells which.", problem=FULL, visibility="public")

    for address in (PAGE, "/projects/engine/"):
        page = page_of(as_user(ada).get(address))
        assert "2 of 7 things a reader needs" in page
        assert "Say where the data come from" in page
    assert "things a reader needs" not in page_of(as_user(grace).get("/@ada-nwosu/engine/"))
