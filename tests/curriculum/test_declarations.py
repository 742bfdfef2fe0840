"""Ada says what she can and has done, and takes it back; her word is hers alone."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from curriculum import declarations
from curriculum.models import Declaration, Degree, Education, Experience, SkillLevel
from tests.factories import make_skill

FIELD = Experience.Field


def text(response):
    return " ".join(response.content.decode().split())


def test_a_skill_is_declared_once_and_keeps_its_day_while_the_level_stays(ada):
    skill = make_skill()
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False):
        first = declarations.declare(ada, skill, SkillLevel.WORKING)

    again = declarations.declare(ada, skill, SkillLevel.WORKING)
    assert again == first
    assert again.declared_at == datetime(2026, 3, 1, tzinfo=UTC)

    higher = declarations.declare(ada, skill, SkillLevel.PRACTITIONER)
    assert higher == first
    assert higher.declared_at > first.declared_at
    assert Declaration.objects.get().level == SkillLevel.PRACTITIONER


def test_what_is_taken_back_is_gone_and_nobody_elses_goes_with_it(ada, eve):
    skill = make_skill()
    declarations.declare(ada, skill, SkillLevel.WORKING)
    declarations.declare(eve, skill, SkillLevel.EXPERT)

    declarations.take_back(ada, skill)
    declarations.take_back(ada, skill)

    assert Declaration.objects.get().learner == eve


def test_a_retired_skill_is_not_declared(ada):
    skill = make_skill(retired_at=timezone.now())

    with pytest.raises(declarations.Retired):
        declarations.declare(ada, skill, SkillLevel.WORKING)


@pytest.mark.parametrize(
    "broken",
    [
        lambda ada: Declaration.objects.create(learner=ada, skill=make_skill(), level=5),
        lambda ada: Experience.objects.create(learner=ada, field=FIELD.DATA, months=0),
        lambda ada: Experience.objects.create(learner=ada, field=FIELD.DATA, months=721),
        lambda ada: Education.objects.create(learner=ada, degree=4),
    ],
)
def test_the_database_keeps_levels_months_and_degrees_in_their_range(broken, ada):
    with pytest.raises(IntegrityError), transaction.atomic():
        broken(ada)


def test_a_background_is_what_was_said_last(ada):
    declarations.state_background(ada, {FIELD.DATA: 18, FIELD.OTHER: 60}, Degree.BACHELOR, "Maths")
    background = declarations.background_of(ada)
    assert {row.field: row.months for row in background.experience} == {"data": 18, "other": 60}
    assert str(background.education) == "Bachelor’s degree, Maths"
    assert background.months == 18  # work in another field is no role's

    declarations.state_background(ada, {FIELD.RESEARCH: 6}, None)
    background = declarations.background_of(ada)
    assert [(row.field, row.months) for row in background.experience] == [("research", 6)]
    assert background.education is None


def test_saying_the_same_again_keeps_the_day(ada):
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False):
        declarations.state_background(ada, {FIELD.DATA: 18}, Degree.MASTER, "Maths")

    declarations.state_background(ada, {FIELD.DATA: 18}, Degree.MASTER, "Maths")

    days = {Experience.objects.get().declared_at, Education.objects.get().declared_at}
    assert days == {datetime(2026, 3, 1, tzinfo=UTC)}


# Pages


def test_a_skill_is_declared_and_taken_back_on_its_page(as_user, ada):
    skill = make_skill("Counting")
    client = as_user(ada)
    assert "You know it already?" in text(client.get(skill.get_absolute_url()))

    page = text(client.post(f"/skills/{skill.slug}/declare/", {"level": "3"}, follow=True))
    assert "You declare Counting to practitioner." in page
    assert "It is shown as your word, not as proof." in page
    assert "You declare it to practitioner, since" in page

    page = text(client.post(f"/skills/{skill.slug}/take-back/", follow=True))
    assert "You no longer declare Counting." in page
    assert not Declaration.objects.exists()


@pytest.mark.parametrize("level", ["", "0", "5", "working", "3.0"])
def test_a_level_that_is_none_is_refused_on_the_page(as_user, ada, level):
    skill = make_skill("Counting")

    answer = as_user(ada).post(f"/skills/{skill.slug}/declare/", {"level": level})

    assert answer.status_code == 422
    assert '<details class="mt-3" open>' in text(answer)
    assert not Declaration.objects.exists()


def test_a_retired_skill_is_gone_for_who_declares_it_and_can_be_taken_back(as_user, ada):
    skill = make_skill("Punch cards")
    declarations.declare(ada, skill, SkillLevel.WORKING)
    skill.retired_at = timezone.now()
    skill.save()
    client = as_user(ada)

    assert client.post(f"/skills/{skill.slug}/declare/", {"level": "4"}).status_code == 410
    assert client.post(f"/skills/{skill.slug}/take-back/", follow=True).status_code == 200
    assert not Declaration.objects.exists()


def test_who_is_signed_out_is_sent_to_sign_in_and_back_to_the_skill(client, db):
    skill = make_skill()

    answer = client.post(f"/skills/{skill.slug}/declare/", {"level": "3"})

    assert answer.status_code == 302
    assert answer.url.endswith(f"next=/skills/{skill.slug}/")


def test_eve_does_not_see_what_ada_says(as_user, ada, eve):
    skill = make_skill("Counting")
    declarations.declare(ada, skill, SkillLevel.EXPERT)
    declarations.state_background(ada, {FIELD.DATA: 18}, Degree.DOCTORATE, "Counting by heart")
    client = as_user(eve)

    assert "You know it already?" in text(client.get(skill.get_absolute_url()))
    for address in ("/evidence/", "/background/"):
        page = text(client.get(address))
        assert "Counting" not in page
        assert "18" not in page.split("<main")[1].split("</main")[0]


def test_years_and_a_degree_are_kept_and_shown_as_said(as_user, ada):
    client = as_user(ada)

    page = text(
        client.post(
            "/background/",
            {"data": "1.5", "other": "5", "degree": "1", "subject": "Transport  planning"},
            follow=True,
        )
    )

    assert "Your years and degree are kept, as your own word." in page
    for words in ["1.5 years", "5 years", "Bachelor’s degree, Transport planning"]:
        assert words in page
    form = text(client.get("/background/"))
    assert 'name="data" value="1.5"' in form
    assert '<option value="1" selected>' in form


@pytest.mark.parametrize("years", ["-1", "61", "many", "NaN", "1e9", "0.05"])
def test_years_that_nobody_has_are_refused_at_the_field(as_user, ada, years):
    answer = as_user(ada).post("/background/", {"data": years})

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in text(answer)
    assert not Experience.objects.exists()


def test_none_and_nought_take_back_what_was_said(as_user, ada):
    declarations.state_background(ada, {FIELD.DATA: 18}, Degree.MASTER, "Maths")

    as_user(ada).post("/background/", {"data": "0", "degree": ""})

    assert declarations.background_of(ada) == declarations.Background()


def test_nothing_of_a_person_is_changed_by_fields_that_are_not_theirs(as_user, ada, eve):
    skill = make_skill()

    as_user(eve).post(f"/skills/{skill.slug}/declare/", {"level": "2", "learner": ada.pk})
    as_user(eve).post("/background/", {"data": "2", "learner": ada.pk, "months": "600"})

    assert Declaration.objects.get().learner == eve
    assert Experience.objects.get().learner == eve
