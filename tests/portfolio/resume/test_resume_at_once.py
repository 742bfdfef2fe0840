"""Two tabs, or a button pressed twice, at the same moment."""

import pytest

from portfolio import resumes
from portfolio.models import EntryChoice, Resume, ResumeEntry, ResumeLine
from portfolio.resumes import TooMany, WrittenMeanwhile
from tests.factories import make_project, make_user
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)
SAID = dict.fromkeys(resumes.SAID_OF_ENTRY, "") | {"title": "Planner", "keywords": []}


def attempt(act, *errors):
    def run():
        try:
            return act()
        except errors:
            return None

    return run


def test_a_project_put_in_twice_at_once_stands_there_once():
    ada = make_user("Ada Nwosu")
    resume = resumes.create(ada, name="Junior", role=None)
    project = make_project(ada)

    at_once(*[lambda: resumes.take_project(resume, project)] * 3)

    assert ResumeEntry.objects.filter(project=project).count() == 1
    assert EntryChoice.objects.count() == 1


def test_buttons_pressed_at_once_lose_no_line_and_no_place():
    ada = make_user("Ada Nwosu")
    resume = resumes.create(ada, name="Junior", role=None)
    entry = resumes.write_entry(resume, SAID, section="experience")
    lines = [
        resumes.write_line(resume, entry, {"words": w, "claim": None, "measurement": None})
        for w in "abcd"
    ]

    at_once(*[(lambda line=line: resumes.move_line(resume, line, -1)) for line in lines])

    positions = list(resume.line_choices.values_list("position", flat=True))
    assert sorted(positions) == [1, 2, 3, 4]


def test_two_published_at_once_are_one():
    ada = make_user("Ada Nwosu")
    both = [resumes.create(ada, name=name, role=None) for name in ("One", "Two")]

    at_once(*[(lambda one=one: resumes.publish(one)) for one in both * 2])

    assert Resume.objects.filter(is_public=True).count() == 1


def test_of_two_tabs_that_write_one_line_one_is_told(monkeypatch):
    ada = make_user("Ada Nwosu")
    resume = resumes.create(ada, name="Junior", role=None)
    entry = resumes.write_entry(resume, SAID, section="experience")
    said = {"words": "a", "claim": None, "measurement": None}
    line = resumes.write_line(resume, entry, said)

    def write(words):
        changed = said | {"words": words}
        return resumes.write_line(resume, entry, changed, pk=line.pk, version=line.version)

    kept = at_once(
        attempt(lambda: write("b"), WrittenMeanwhile), attempt(lambda: write("c"), WrittenMeanwhile)
    )

    assert kept.count(None) == 1
    assert ResumeLine.objects.get().words in ("b", "c")


def test_nobody_gets_past_the_limit_by_being_quick(monkeypatch):
    monkeypatch.setattr(resumes, "MOST_RESUMES", 1)
    ada = make_user("Ada Nwosu")

    at_once(*[attempt(lambda: resumes.create(ada, name="x", role=None), TooMany)] * 3)

    assert Resume.objects.count() == 1
