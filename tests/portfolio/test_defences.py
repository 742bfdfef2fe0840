"""Ada is asked about her own work: the questions follow the facts, and her answers outlive them."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from curriculum import practice
from curriculum.models import Card
from portfolio import defences, resumes, tasks
from portfolio.models import Defence, Measurement, Resume, ResumeLine, Review
from tests.factories import make_check_run, make_project, make_skill, make_user

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def make_measurement(project, **fields):
    defaults = {
        "metric": "Error", "result": "38.7", "baseline": "61.2", "unit": "bikes per hour",
        "direction": "lower", "baseline_words": "the crew’s rule",
    }  # fmt: skip
    return Measurement.objects.create(project=project, **defaults | fields)


@pytest.fixture
def engine(ada, clock):
    project = make_project(ada, slug="engine", title="Engine", problem="The list is wrong by ten.")
    project.claims.create(skill=make_skill("Time series"), level=2, note="forecast.py")
    make_measurement(project)
    return project


def card_of(learner, kind):
    return Card.objects.get(learner=learner, source__endswith=kind)


def answered(card):
    practice.reveal(card, "Because it is what the crew feels.", version=card.version)
    practice.grade(card, 3, version=card.version)
    card.refresh_from_db()
    return card


def prompts(learner):
    [defended], _resumes = defences.of(learner)
    return [question.wording.prompt for question, _card in defended.questions]


def test_every_question_is_made_from_what_is_known(ada, grace, engine):
    assert prompts(ada) == [
        "You say: Error 38.7 bikes per hour. Why this metric, and what does it hide?",
        "Your Error went from 61.2 bikes per hour to 38.7 bikes per hour. What was the baseline, and is it fair?",
        "What would you do differently in “Engine”, and what would it cost?",
        "What broke, or turned out wrong, on the way with “Engine”? How did you notice?",
        "You claim Time series (working) by “Engine”. Where in it do I see that?",
    ]
    [defended], _resumes = defences.of(ada)
    points = [point for question, _card in defended.questions for point in question.wording.outline]
    assert "The problem, in your words: “The list is wrong by ten.”" in points
    assert "The baseline: the crew’s rule." in points
    assert "No file shows it: say how somebody could see it." in points
    assert "You say where to look: “forecast.py”" in points


def test_a_number_without_a_baseline_is_asked_for_one(ada, engine):
    Measurement.objects.update(baseline="")

    assert "You say: Error 38.7 bikes per hour. Compared with what?" in prompts(ada)


def test_what_fails_now_and_what_a_review_said_is_in_the_answers(ada, grace, engine):
    run = make_check_run(engine, ("tests", "failed"), ("readme", "passed"))
    engine.reviews.create(
        reviewer=grace, status="submitted", verdict="approved", must_fix="Name the baseline.",
        head_sha=run.head_sha, submitted_at=NOW,
    ).endorsements.create(skill=engine.claims.get().skill, level=2)  # fmt: skip

    [defended], _resumes = defences.of(ada)
    points = [point for question, _card in defended.questions for point in question.wording.outline]

    assert "The checks say today: Tests." in points
    assert "Your last review said: “Name the baseline.”" in points
    assert "Grace Halloran confirmed it (working) at a1a1a1a." in points


def test_nothing_is_asked_that_was_not_chosen(ada, engine, as_user):
    assert not Card.objects.exists()
    client = as_user(ada)
    assert "none of them asked" in client.get("/defend/").text

    client.post("/projects/engine/defend/", {"do": "begin"})
    client.post("/projects/engine/defend/", {"do": "begin"})

    assert Card.objects.filter(learner=ada).count() == 5
    assert Defence.objects.count() == 1
    deck = practice.today(practice.deck(ada))
    assert [card.source.split("/")[0] for card in deck.new] == ["number", "number", "project"]
    page = client.get(card_of(ada, "metric").get_absolute_url()).text
    assert 'href="/projects/engine/">Defend: Engine</a>' in page


def test_a_changed_number_makes_its_cards_due_and_says_what_changed(ada, engine, clock, as_user):
    defences.begin(engine)
    card = answered(card_of(ada, "metric"))
    other = answered(card_of(ada, "otherwise"))
    was = card.due_on
    clock.shift(timedelta(days=1))
    Measurement.objects.update(result="41.5")

    defences.refresh(ada)

    card.refresh_from_db()
    assert was > date(2026, 11, 27) == card.due_on
    assert card.prompt.startswith("You say: Error 41.5")
    assert card.news == ["Result: 38.7 bikes per hour → 41.5 bikes per hour"]
    assert card.attempts.get().written == "Because it is what the crew feels."
    other.refresh_from_db()
    assert (other.due_on, other.news) == (other.due_on, [])
    page = as_user(ada).get(card.get_absolute_url()).text
    assert "Changed since you last answered:" in page
    assert "1 changed" in as_user(ada).get("/defend/").text
    answered(card)
    clock.shift(timedelta(days=1))
    card.refresh_from_db()
    assert card.own_changes[0]["asked"].startswith("You say: Error 38.7")
    practice.reveal(card, version=card.version)
    practice.grade(card, 3, version=card.version)
    card.refresh_from_db()
    assert card.news == []


def test_what_says_the_same_in_other_words_makes_nothing_due(ada, engine, clock):
    defences.begin(engine)
    card = answered(card_of(ada, "otherwise"))
    clock.shift(timedelta(days=1))
    engine.title = "Engine, again"
    engine.save()

    defences.refresh(ada)
    before = Card.objects.get(pk=card.pk)
    defences.refresh(ada)

    assert "Engine, again" in before.prompt
    assert (before.due_on, before.news) == (card.due_on, [])
    assert Card.objects.get(pk=card.pk).version == before.version


def test_the_first_look_at_a_file_is_no_change_and_a_lost_number_is(ada, engine):
    repository = engine.repositories.get()
    Measurement.objects.update(repository=repository, path="results.json")
    defences.begin(engine)
    Measurement.objects.update(verdict="number", head_sha="a1" * 20, looked_at=NOW, line=3)
    defences.refresh(ada)
    card = card_of(ada, "metric")
    assert card.news == []
    assert "It stands in results.json:3 at a1a1a1a." in card.outline

    Measurement.objects.update(verdict="absent")
    tasks.refresh_defences()

    assert card_of(ada, "metric").news == ["Number in the file: number found → number not found"]


def test_a_line_that_goes_is_asked_no_more_and_its_answers_stay(ada, engine):
    defences.begin(engine)
    card = answered(card_of(ada, "metric"))
    Measurement.objects.all().delete()

    defences.refresh(ada)

    card.refresh_from_db()
    assert card.retired_at
    assert card.attempts.count() == 1
    assert card not in practice.deck(ada).cards


def test_ending_and_beginning_again_finds_the_old_answers(ada, engine):
    defences.begin(engine)
    card = answered(card_of(ada, "metric"))
    defences.end(engine)
    assert not practice.deck(ada).cards

    defences.begin(engine)

    card.refresh_from_db()
    assert (card.retired_at, card.attempts.count()) == (None, 1)
    assert Card.objects.count() == 5


def test_a_deleted_project_takes_its_cards_off_the_deck(ada, engine, as_user):
    defences.begin(engine)
    answered(card_of(ada, "metric"))

    as_user(ada).post("/projects/engine/delete/")

    assert not practice.deck(ada).cards
    assert Card.objects.filter(attempts__isnull=False).count() == 1


def test_every_write_of_a_fact_is_followed_at_once(ada, engine, as_user):
    defences.begin(engine)
    client = as_user(ada)
    measurement = engine.measurements.get()

    client.post(f"/projects/engine/outcomes/{measurement.pk}/delete/")
    assert Card.objects.filter(retired_at=None).count() == 3
    client.post(f"/claims/{engine.claims.get().pk}/remove/")
    assert Card.objects.filter(retired_at=None).count() == 2


def test_another_persons_project_cannot_be_chosen_and_is_not_listed(
    ada, grace, eve, engine, as_user
):
    for person in (grace, eve):
        assert as_user(person).post("/projects/engine/defend/", {}).status_code == 404
        assert "Engine" not in as_user(person).get("/defend/").text
    assert not Defence.objects.exists()


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_costs_the_same_for_one_project_and_resume_as_for_many(
    ada, grace, engine, resume, as_user, django_assert_num_queries, many
):
    client = as_user(ada)
    client.get("/defend/")
    for n in range(many):
        project = make_project(ada, slug=f"other-{n}")
        make_check_run(project, ("tests", "failed"))
        make_measurement(project)
        Review.objects.create(
            project=project, reviewer=grace, status="submitted", verdict="approved", body="Good.",
            head_sha="a1" * 20, submitted_at=timezone.now(),
        )  # fmt: skip
        resumes.copy(resume, name=f"Another {n}", role=None)
    with django_assert_num_queries(25):
        assert client.get("/defend/").status_code == 200


def test_long_words_stay_within_what_a_card_holds(db, clock):
    ada = make_user("Ada " + "x" * 70)
    project = make_project(ada, title="T" * 120, problem="p " * 4000, approaches="a" * 9000)
    make_measurement(project, metric="m" * 60, unit="u" * 30, data_set="d" * 200, path="p" * 500)

    defences.begin(project)

    for card in Card.objects.filter(learner=ada):
        card.full_clean(exclude=["phase"])
        assert len(card.own_prompt) <= 300
        assert all(len(point) <= 300 for point in card.own_outline)


# Lines of a résumé


@pytest.fixture
def resume(ada, engine):
    """Two lines under Engine: the number that was found, and one in her own words."""
    make_check_run(engine, ("readme", "passed"), ("tests", "passed"), head_sha="a1" * 20)
    Measurement.objects.update(
        repository=engine.repositories.get(), path="results.json", verdict="number", line=3,
        head_sha="a1" * 20, looked_at=NOW,
    )  # fmt: skip
    resume = resumes.create(ada, name="Junior", role=None)
    Resume.objects.update(include_unsupported=True)
    engine.repositories.update(has_proof_line=True)
    entry = ada.resume_entries.get(project=engine)
    entry.lines.all().delete()
    number = {"words": "Cut the error by 37 %", "measurement": engine.measurements.get()}
    resumes.write_line(resume, entry, {"claim": None} | number)
    own = {"words": "Led the rebalancing", "claim": None, "measurement": None}
    resumes.write_line(resume, entry, own)
    return resume


def lines_asked(learner):
    _projects, [defended] = defences.of(learner)
    return [question.wording for question, _card in defended.questions]


def test_each_line_is_asked_about_by_what_it_rests_on(ada, resume):
    number, own = lines_asked(ada)

    assert number.prompt == (
        "You write: “Cut the error by 37 %”. Where is the number from, and compared with what?"
    )
    assert "The baseline: 61.2 bikes per hour, the crew’s rule." in number.outline
    assert "It stands in results.json:3 at a1a1a1a." in number.outline
    assert number.path.startswith(f"/resume/{resume.pk}/#line-")
    assert own.prompt == (
        "You write: “Led the rebalancing”. How could somebody who was not there see that it is true?"
    )
    assert own.facts == {"Line": "Led the rebalancing", "Proof": "your own word"}


def test_a_line_that_the_resume_does_not_show_is_not_asked_about(ada, resume):
    Resume.objects.update(include_unsupported=False)

    [only] = lines_asked(ada)

    assert "Cut the error" in only.prompt


def test_no_line_is_asked_about_before_its_resume_is_chosen(ada, resume, as_user):
    client = as_user(ada)
    assert "2 questions, none of them asked" in client.get("/defend/").text

    client.post(f"/resume/{resume.pk}/defend/", {"do": "begin"})
    client.post(f"/resume/{resume.pk}/defend/", {"do": "begin"})

    assert Defence.objects.count() == 1
    assert sorted(card.source.split("/")[0] for card in Card.objects.all()) == ["line", "line"]
    client.post(f"/resume/{resume.pk}/defend/", {"do": "end"})
    assert not practice.deck(ada).cards


def test_a_line_in_other_words_or_with_lost_proof_is_due_and_says_what_changed(
    ada, resume, clock, as_user
):
    defences.begin(resume)
    line = ResumeLine.objects.get(words__startswith="Cut")
    card = answered(Card.objects.get(source=f"line/{line.pk}/true"))
    clock.shift(timedelta(days=1))

    as_user(ada).post(
        f"/resume/{resume.pk}/lines/{line.pk}/",
        {"words": "Cut the error by a third", "measurement": line.measurement_id,
         "version": line.version},
    )  # fmt: skip
    card.refresh_from_db()
    assert card.due_on == date(2026, 11, 27)
    assert card.news == ["Line: Cut the error by 37 % → Cut the error by a third"]

    Measurement.objects.update(verdict="absent")
    tasks.refresh_defences()

    card.refresh_from_db()
    assert card.news[-1] == "Proof: number found in its file → lost"
    assert card.prompt.endswith("Its proof is gone. Does the line still stand?")


def test_a_newer_commit_that_shows_the_same_makes_no_line_due(ada, resume, clock):
    defences.begin(resume)
    line = ResumeLine.objects.get(words__startswith="Cut")
    card = answered(Card.objects.get(source=f"line/{line.pk}/true"))
    clock.shift(timedelta(days=1))
    Measurement.objects.update(head_sha="b2" * 20)

    defences.refresh(ada)

    now = Card.objects.get(pk=card.pk)
    assert "It stands in results.json:3 at b2b2b2b." in now.outline
    assert (now.due_on, now.news) == (card.due_on, [])


@pytest.mark.parametrize("way", ["out", "delete line", "delete entry", "delete resume"])
def test_a_line_that_leaves_is_asked_no_more(ada, resume, as_user, way):
    defences.begin(resume)
    line = ResumeLine.objects.get(words__startswith="Cut")
    card = answered(Card.objects.get(source=f"line/{line.pk}/true"))
    base = f"/resume/{resume.pk}/"
    address, data = {
        "out": ("arrange/", {"do": f"out line {line.pk}"}),
        "delete line": (f"lines/{line.pk}/delete/", {}),
        "delete entry": (f"entries/{line.entry_id}/delete/", {}),
        "delete resume": ("delete/", {}),
    }[way]

    assert as_user(ada).post(base + address, data).status_code == 302

    card.refresh_from_db()
    assert card.retired_at
    assert card.attempts.count() == 1


def test_another_persons_resume_cannot_be_chosen(ada, eve, resume, as_user):
    assert as_user(eve).post(f"/resume/{resume.pk}/defend/", {}).status_code == 404
    assert not Defence.objects.exists()
