"""The files that a review is about: listed and read by a worker, shown on a page, forgotten later."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portfolio import access, check_runs, comments, reviews, sources, tasks
from portfolio.models import Comment, Listing, Repository, Review, Source
from tests.factories import make_project

FILES = {
    "README.md": "# Engine\n\nPredicts how long a bearing lasts, so that it is changed in time.\n"
    "It is made for three mechanics of a small mill. They change bearings by the calendar now.\n",
    "engine.py": "import math\n\n\ndef wear(days):\n    return days * 2\n",
    "tests/test_engine.py": "from engine import wear\n\n\ndef test_it():\n    assert wear(2) == 4\n",
    "extra/run.xyz": "a,b\n" * 10,
    "node_modules/x/index.js": "x\n",
    "<b>odd</b> \u202ename.py": "x = 1\n",
}


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    monkeypatch.setattr("portfolio.tasks.fetch_listing.delay", lambda pk: None)


@pytest.fixture
def engine(ada, grace, hub):
    hub.add("ada/engine", FILES)
    project = make_project(ada, slug="engine", title="Engine", repository="ada/engine")
    look(project)
    return project


@pytest.fixture
def held(engine, grace):
    review = reviews.begin(engine, grace)
    fetch(review)
    return review


def look(project):
    run = check_runs.request(project.repositories.get())
    tasks.execute_check_run(run.pk)
    return run


def fetch(review):
    for listing in sources.want(review):
        tasks.fetch_listing(listing.pk)


def page_of(review, path, **query):
    return f"/reviews/{review.pk}/file/", {"path": path} | query


# Listing and reading


def test_a_commit_is_listed_once_and_its_likely_files_are_read(held):
    [listing] = Listing.objects.all()

    assert listing.listed_at
    assert {e.path for e in sources.entries_of(listing) if e.is_file} == set(FILES)
    read = {source.path: source.text for source in Source.objects.exclude(read_at=None)}
    assert read["engine.py"] == FILES["engine.py"]
    assert read["README.md"].startswith("# Engine")
    assert "node_modules/x/index.js" not in read
    assert "extra/run.xyz" not in read


def test_a_task_that_comes_twice_asks_once(held, hub):
    hub.requests.clear()
    tasks.fetch_listing(Listing.objects.get().pk)
    assert hub.requests == []


def test_no_page_asks_github(held, grace, as_user, hub):
    hub.requests.clear()
    client = as_user(grace)
    assert client.get(f"/reviews/{held.pk}/write/").status_code == 200
    assert client.get(*page_of(held, "engine.py")).status_code == 200
    assert client.get(*page_of(held, "extra/run.xyz")).status_code == 200
    assert hub.requests == []


def test_a_file_that_is_opened_is_fetched_next(held, grace, as_user):
    first = as_user(grace).get(*page_of(held, "extra/run.xyz")).content.decode()
    assert "A worker fetches this file" in first
    assert sources.due() == [Listing.objects.get().pk]

    tasks.send_due_listings()
    tasks.fetch_listing(Listing.objects.get().pk)

    assert "a,b" in as_user(grace).get(*page_of(held, "extra/run.xyz")).content.decode()


def test_while_github_is_away_it_is_tried_again_and_then_left(engine, grace, hub):
    review = reviews.begin(engine, grace)
    hub.fault("status", count=None, status=502)
    for _ in range(sources.MOST_ATTEMPTS + 2):
        Listing.objects.update(due_at=timezone.now())
        fetch(review)

    listing = Listing.objects.get()
    assert listing.attempts == sources.MOST_ATTEMPTS
    assert listing.trouble
    assert sources.due() == []


def test_a_limit_costs_no_try(engine, grace, hub):
    review = reviews.begin(engine, grace)
    hub.fault("secondary_limit", count=1, retry_after=90)
    fetch(review)

    listing = Listing.objects.get()
    assert listing.attempts == 0
    assert listing.due_at > timezone.now() + timedelta(seconds=60)


def test_a_private_repository_is_listed_with_its_owners_token(engine, ada, grace, hub):
    hub.make_private("ada/engine")
    access.give(engine.repositories.get(), hub.fine_grained("ada", "ada/engine"))
    review = reviews.begin(engine, grace)
    fetch(review)
    assert Listing.objects.get().trouble == ""
    assert Listing.objects.get().entries

    Listing.objects.all().delete()
    access.withdraw(engine.repositories.get())
    fetch(review)
    assert Listing.objects.get().entries == []


def test_files_are_forgotten_a_month_after_the_review(held, grace):
    old = timezone.now() - timedelta(days=31)
    Listing.objects.update(wanted_at=old)
    Source.objects.update(wanted_at=old)
    assert sources.forget() == 0

    reviews.submit(
        held.project, reviewer=grace, verdict="approved", body="Good.", check_run=held.check_run
    )
    assert sources.forget() == 0
    Review.objects.update(submitted_at=old)

    assert sources.forget() > 0
    assert not Source.objects.exists()
    assert Repository.objects.exists()


# What a page shows


def test_names_and_lines_are_shown_marked_and_escaped(held, grace, as_user):
    client = as_user(grace)
    page = client.get(f"/reviews/{held.pk}/write/").content.decode()
    assert "<b>odd</b>" not in page
    assert "\u202e" not in page
    assert "[U+202E]" in page
    assert client.get(*page_of(held, "<b>odd</b> \u202ename.py")).status_code == 200


@pytest.mark.parametrize("path", ["", "no-such.py", "../etc/passwd", "data", "\x00", "x" * 5000])
def test_a_path_that_is_no_file_is_not_there(held, grace, as_user, path):
    assert as_user(grace).get(*page_of(held, path)).status_code == 404


def test_the_owner_reads_files_and_comments_and_writes_none(held, ada, as_user):
    client = as_user(ada)
    assert "def wear" in client.get(*page_of(held, "engine.py")).content.decode()
    address, query = page_of(held, "engine.py")
    answer = client.post(address, query | {"line": 4, "body": "Hm.", "severity": "question"})
    assert answer.status_code == 404


# Comments


def comment(client, review, line=4, body="Why two?", severity="must_fix", path="engine.py"):
    return client.post(
        f"/reviews/{review.pk}/file/",
        {"path": path, "line": line, "body": body, "severity": severity},
    )


def test_a_comment_is_written_on_its_line_and_seen_once_the_review_is_sent(
    held, ada, grace, client
):
    client.force_login(grace)
    assert comment(client, held).status_code == 302
    said = Comment.objects.get()
    assert (said.path, said.line, said.quote) == ("engine.py", 4, "def wear(days):")
    assert "Why two?" in client.get(*page_of(held, "engine.py")).content.decode()
    client.force_login(ada)
    assert "Why two?" not in client.get(*page_of(held, "engine.py")).content.decode()
    assert "Why two?" not in client.get(held.get_absolute_url()).content.decode()

    reviews.submit(
        held.project,
        reviewer=grace,
        verdict="changes_requested",
        body="See the lines.",
        check_run=held.check_run,
    )

    assert "Why two?" in client.get(held.get_absolute_url()).content.decode()


@pytest.mark.parametrize("line", [99, 1_000_001, -1, "x", ""])
def test_a_line_that_is_not_there_is_refused(held, grace, as_user, line):
    answer = comment(as_user(grace), held, line=line)
    assert answer.status_code == 422
    assert not Comment.objects.exists()


def test_a_word_on_the_whole_file_has_line_0(held, grace, as_user):
    assert comment(as_user(grace), held, line=0).status_code == 302
    assert Comment.objects.get().quote == ""


def test_a_comment_is_edited_and_removed_until_it_goes_out(held, grace, as_user):
    client = as_user(grace)
    comment(client, held)
    said = Comment.objects.get()
    client.post(f"/comments/{said.pk}/edit/", {"body": "Why three?", "severity": "question"})
    said.refresh_from_db()
    assert (said.body, said.severity, said.line) == ("Why three?", "question", 4)
    Comment.objects.update(sent_at=timezone.now())
    assert (
        client.post(f"/comments/{said.pk}/edit/", {"body": "x", "severity": "praise"}).status_code
        == 404
    )
    assert client.post(f"/comments/{said.pk}/remove/").status_code == 404
    Comment.objects.update(sent_at=None)
    client.post(f"/comments/{said.pk}/remove/")
    assert not Comment.objects.exists()


def test_what_must_change_stands_in_the_way_of_approving(held, grace, as_user):
    client = as_user(grace)
    comment(client, held)
    words = {"body": "Good.", "check_run": held.check_run_id}

    refused = client.post(f"/reviews/{held.pk}/write/", words | {"verdict": "approved"})
    sent = client.post(f"/reviews/{held.pk}/write/", words | {"verdict": "changes_requested"})

    assert refused.status_code == 422
    assert "something must change" in refused.content.decode()
    assert sent.status_code == 302


def test_both_sides_answer_and_settle(held, ada, grace, eve, client):
    client.force_login(grace)
    comment(client, held)
    said = Comment.objects.get()
    reviews.submit(
        held.project,
        reviewer=grace,
        verdict="changes_requested",
        body="See.",
        check_run=held.check_run,
    )
    client.force_login(ada)
    client.post(f"/comments/{said.pk}/answer/", {"body": "Because it turns twice."})
    client.post(f"/comments/{said.pk}/settle/")
    said.refresh_from_db()
    assert said.resolved_by == ada
    assert said.replies.get().body == "Because it turns twice."
    client.post(f"/comments/{said.pk}/settle/", {"settled": "no"})
    said.refresh_from_db()
    assert said.resolved_at is None
    client.force_login(eve)
    assert client.post(f"/comments/{said.pk}/answer/", {"body": "Me too."}).status_code == 404
    with pytest.raises(comments.NotYours):
        comments.answer(said, eve, body="Me too.")


# The second round


def test_the_second_round_shows_only_what_changed_and_where_open_comments_are_now(
    held, ada, grace, hub, client
):
    client.force_login(grace)
    comment(client, held, line=4)
    comment(client, held, line=5, body="Never zero?", severity="question")
    reviews.submit(
        held.project,
        reviewer=grace,
        verdict="changes_requested",
        body="See.",
        check_run=held.check_run,
    )
    hub.push(
        "ada/engine",
        {
            "engine.py": "import math\nimport sys\n\n\ndef wear(days):\n    return days * 3\n",
            "new.py": "y = 2\n",
        },
        delete=["extra/run.xyz"],
    )
    look(held.project)
    asked = reviews.request(held.project, question="Better?")
    second = reviews.claim(asked, grace)
    fetch(second)

    page = client.get(f"/reviews/{second.pk}/write/").content.decode()
    told = page[page.index("Changed since") : page.index("Files</h2>")]

    for words in ("engine.py", "new.py", "extra/run.xyz", "removed"):
        assert words in told
    assert "README.md" not in told
    assert "engine.py:5" in told  # where line 4 is now
    assert "the line was changed since" in told
    changed = client.get(*page_of(second, "engine.py", view="changes")).content.decode()
    assert "days * 3" in changed
    assert "days * 2" in changed
    client.post(f"/comments/{Comment.objects.first().pk}/settle/", {"back": "write"})
    assert Comment.objects.filter(resolved_at=None).count() == 1
