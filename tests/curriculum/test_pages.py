"""The pages of the curriculum, as Ada, Eve and somebody who is not signed in see them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from curriculum import enrollments
from curriculum.models import (
    Brief,
    Module,
    Question,
    Requirement,
    Resource,
    Rung,
    Skill,
    SkillLevel,
    Unit,
)
from tests.factories import make_module, make_role, make_skill, make_stage, make_unit


def retire(content):
    content.retired_at = timezone.now()
    content.save()


def text(response):
    return " ".join(response.content.decode().split())


def make_project_unit(**fields):
    unit = make_unit(kind=Unit.Kind.PROJECT, **fields)
    Brief.objects.create(
        unit=unit,
        kind=Brief.Kind.PORTFOLIO,
        problem="Bikes are never where riders are.",
        data="Two years of hires.",
        approaches=["Yesterday again.", "Trees."],
        evaluation="Backtest twelve weeks.",
        deliverables=["A service."],
        acceptance=[{"criterion": "tests", "text": "Ten tests pass."}],
        stretch=["Forecast the weather."],
    )
    return unit


# Roadmap


def test_anybody_can_read_the_roadmap(client, db):
    unit = make_unit()

    page = text(client.get("/roadmap/"))

    assert unit.module.title in page
    assert "Sign up to keep your place" in page
    assert "complete" not in page.split("<main")[1]


def test_without_content_the_roadmap_says_how_it_comes(client, db):
    assert "manage.py load_curriculum" in text(client.get("/roadmap/"))


def test_a_signed_in_person_without_a_plan_is_asked_to_start(as_user, ada):
    make_unit()

    page = text(as_user(ada).get("/roadmap/"))

    assert "Start on this roadmap" in page
    assert "You are at" not in page


def test_a_learner_sees_where_they_are_and_goes_on_with_one_press(as_user, ada):
    done, following = make_unit(), make_unit()
    enrollment = enrollments.enroll(ada)
    enrollments.complete_unit(enrollment, done)

    page = text(as_user(ada).get("/roadmap/"))

    assert "1 of 2 units complete" in page
    assert f"Continue at {following.module.number}" in page
    assert f'href="{following.get_absolute_url()}"' in page
    assert page.count("btn primary") == 1


def test_who_has_done_everything_is_told_so(as_user, ada):
    unit = make_unit()
    enrollments.complete_unit(enrollments.enroll(ada), unit)

    page = text(as_user(ada).get("/roadmap/"))

    assert "You have done all of it." in page
    assert "btn primary" not in page


def test_modules_that_the_role_requires_carry_a_flag(as_user, ada):
    unit, role, skill = make_unit(), make_role("Guide"), make_skill()
    unit.module.taught.create(skill=skill, level=SkillLevel.WORKING)
    clause = Requirement.objects.create(role=role, is_required=True, position=1)
    clause.alternatives.create(skill=skill, level=SkillLevel.WORKING)
    enrollments.enroll(ada, target_role=role)

    page = text(as_user(ada).get("/roadmap/"))

    assert page.count("required for your role") == 1
    assert "required for Guide" in page


def test_eve_sees_nothing_of_adas_progress(as_user, ada, eve):
    unit = make_unit()
    enrollments.complete_unit(enrollments.enroll(ada), unit)
    enrollments.enroll(eve)
    client = as_user(eve)

    assert "0 of 1 units complete" in text(client.get("/roadmap/"))
    assert "I have done this" in text(client.get(unit.get_absolute_url()))
    assert "0 of 1 units complete" in text(client.get(unit.module.get_absolute_url()))


def make_content(units, learner):
    """Modules, skills, roles and rungs in proportion; the learner completes some of it."""
    stage, skill = make_stage(), make_skill()
    modules = [make_module(stage=stage) for _ in range(max(1, units // 6))]
    for n in range(units):
        make_unit(module=modules[n % len(modules)])
    for module in modules[:20]:
        module.prerequisites.add(*modules[: modules.index(module)])
        module.taught.create(skill=make_skill(), level=SkillLevel.WORKING)
        expectations = [{"skill": skill.slug, "level": "aware"}]
        role = make_role(rung=make_rung(position=module.number, expectations=expectations))
        role.requirements.create(is_required=True, position=1).alternatives.create(
            skill=skill, level=SkillLevel.WORKING
        )
    enrollment = enrollments.enroll(learner)
    for unit in modules[0].units.all():
        enrollments.complete_unit(enrollment, unit)
    return enrollments.aim_for(enrollment, role)


def test_list_pages_take_as_many_queries_for_300_units_as_for_one(as_user, ada):
    addresses = [
        "/roadmap/", "/skills/", "/ladder/", "/enrollment/", "/plan/", "/study/",
    ]  # fmt: skip
    make_content(1, ada)
    client = as_user(ada)

    def count():
        counts = {}
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts[address] = len(queries)
        return counts

    count()  # the first visit of a session writes it down
    few = count()
    make_content(300, ada)

    assert count() == few
    assert max(few.values()) <= 21, few


def test_a_module_and_a_unit_take_as_many_queries_in_large_modules_as_in_small(as_user, ada):
    small, large = make_unit(), make_unit()
    for unit in (small, large):
        make_unit(module=unit.module)
        unit.module.prerequisites.add(make_unit().module)
        unit.module.taught.create(skill=make_skill(), level=SkillLevel.WORKING)
    for _ in range(60):
        make_unit(module=large.module)
        large.module.prerequisites.add(make_unit().module)
        large.module.taught.create(skill=make_skill(), level=SkillLevel.WORKING)
    enrollments.enroll(ada)
    client = as_user(ada)

    def count(address):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    count("/roadmap/")
    for of in (lambda unit: unit, lambda unit: unit.module):
        assert count(of(small).get_absolute_url()) == count(of(large).get_absolute_url()) <= 26


def make_rung(**fields):
    defaults = {
        "slug": f"rung-{fields.get('position', 1)}",
        "title": "Walker",
        "track": Rung.Track.SHARED,
        "position": 1,
        "summary": "Walks.",
        "typical_years": "0–1",
    }
    return Rung.objects.create(**defaults | fields)


# Modules


def test_a_module_says_what_it_teaches_and_what_it_builds_on(client, db):
    before = make_module(title="Arithmetic")
    module = make_module(after=before, outcomes=["Multiply in your head."])
    unit = make_unit(module=module, title="Tables")
    module.taught.create(skill=make_skill("Counting"), level=SkillLevel.WORKING)
    after = make_module(after=module, title="Algebra")

    page = text(client.get(module.get_absolute_url()))

    for words in ["Multiply in your head.", unit.title, "Counting", "Arithmetic", after.title]:
        assert words in page


def test_a_learner_is_advised_of_what_a_module_builds_on(as_user, ada):
    before = make_unit().module
    module = make_module(after=before)
    enrollments.enroll(ada)

    page = text(as_user(ada).get(module.get_absolute_url()))

    assert f"You have not done {before.title} yet." in page
    assert "Advice, not a lock" in page


def test_a_retired_module_is_gone_for_all_but_those_who_completed_some_of_it(as_user, ada, eve):
    unit = make_unit(title="Punch cards")
    enrollments.complete_unit(enrollments.enroll(ada), unit)
    retire(unit.module)
    retire(unit)
    client = as_user(eve)

    gone = client.get(unit.module.get_absolute_url())
    assert gone.status_code == 410
    assert "has been retired" in text(gone)

    kept = as_user(ada).get(unit.module.get_absolute_url())
    assert kept.status_code == 200
    assert "Retired: this has left the curriculum." in text(kept)
    assert "Punch cards" in text(kept)


def test_addresses_that_never_were_are_not_found(client, db):
    for kind in ["modules", "units", "skills", "roles"]:
        assert client.get(f"/{kind}/nothing/").status_code == 404


# Units


def test_anybody_can_read_a_unit(client, db):
    unit = make_unit(summary="How to count.", outcome="Count the stairs on the way up.")
    unit.module.outcomes = ["Count to ten."]
    unit.module.save()
    resource = Resource.objects.create(
        slug="book", title="A book", url="https://example.org/book", kind="book", publisher="P"
    )
    unit.reading.create(resource=resource, position=1, part="The second chapter")

    page = text(client.get(unit.get_absolute_url()))

    assert "How to count." in page
    assert page.index("Count the stairs on the way up.") < page.index("Count to ten.")
    assert "The second chapter" in page
    assert 'href="https://example.org/book"' in page
    assert f'href="{reverse("account_login")}?next=/units/{unit.slug}/"' in page
    assert "<form" not in page.split("<main")[1]


def test_the_answers_of_a_checkpoint_are_closed_at_first(client, db):
    unit = make_unit(
        kind=Unit.Kind.CHECKPOINT, questions=[{"prompt": "Why?", "answer": "Because <b>."}]
    )

    page = text(client.get(unit.get_absolute_url()))

    assert "Ask yourself" in page
    assert '<details class="mt-2"><summary class="small">Answer</summary>' in page
    assert "Because &lt;b&gt;." in page


def test_a_lesson_may_hold_a_task_to_test_oneself_with(client, db):
    unit = make_unit(questions=[{"prompt": "Count the stairs.", "answer": "There are 39."}])

    page = text(client.get(unit.get_absolute_url()))

    assert "Test yourself" in page
    assert page.index("Count the stairs.") < page.index("There are 39.")


def test_a_project_unit_shows_its_brief_and_starts_a_project(client, db):
    unit = make_project_unit()

    page = text(client.get(unit.get_absolute_url()))

    for words in [
        "Bikes are never where riders are.",
        "Two years of hires.",
        "Yesterday again.",
        "Backtest twelve weeks.",
        "A service.",
        "Ten tests pass.",
        "Forecast the weather.",
    ]:
        assert words in page
    assert f'href="{reverse("portfolio:project_new")}?unit={unit.slug}"' in page


def test_units_lead_on_and_back_across_modules(client, db):
    first = make_unit()
    second = make_unit()
    third = make_unit()

    page = text(client.get(second.get_absolute_url()))

    assert f'href="{first.get_absolute_url()}" rel="prev"' in page
    assert f'href="{third.get_absolute_url()}" rel="next"' in page


def test_a_retired_unit_stays_readable_for_who_completed_it_and_marked(as_user, ada, eve):
    unit = make_unit()
    enrollments.complete_unit(enrollments.enroll(ada), unit)
    retire(unit)

    assert as_user(eve).get(unit.get_absolute_url()).status_code == 410
    kept = as_user(ada).get(unit.get_absolute_url())
    assert kept.status_code == 200
    assert "Retired: this has left the curriculum." in text(kept)
    assert "reopen" not in text(kept)


def test_a_retired_unit_is_gone_for_who_is_not_signed_in(client, db):
    unit = make_unit()
    retire(unit)

    assert client.get(unit.get_absolute_url()).status_code == 410


# Skills


def test_a_skill_shows_its_levels_where_it_is_taught_who_asks_and_what_is_asked(client, db):
    skill = make_skill(
        "Counting",
        behaviours={
            "aware": "Knows one.",
            "working": "Knows ten.",
            "practitioner": "Knows all.",
            "expert": "Finds more.",
        },
    )
    module, role = make_module(title="Arithmetic"), make_role("Clerk")
    module.taught.create(skill=skill, level=SkillLevel.WORKING)
    clause = role.requirements.create(is_required=True, position=1)
    clause.alternatives.create(skill=skill, level=SkillLevel.PRACTITIONER)
    question = Question.objects.create(
        slug="q", format="theory", difficulty="easy", position=1, prompt="How many are there?"
    )
    question.skills.add(skill)

    page = text(client.get(skill.get_absolute_url()))

    for words in [
        *skill.behaviours.values(),
        "Arithmetic",
        "Clerk",
        "Practitioner, required",
        "How many are there?",
    ]:
        assert words in page


def test_what_a_learner_studied_shows_among_the_skills(as_user, ada):
    skill, unit = make_skill("Counting"), make_unit()
    unit.module.taught.create(skill=skill, level=SkillLevel.WORKING)
    client = as_user(ada)
    enrollment = enrollments.enroll(ada)

    assert "You have studied 0 of 1." in text(client.get("/skills/"))
    enrollments.complete_unit(enrollment, unit)
    assert "You have studied 1 of 1." in text(client.get("/skills/"))
    assert text(client.get(skill.get_absolute_url())).count('aria-label="studied"') == 2


def test_retired_skills_and_roles_are_gone(client, db):
    skill, role = make_skill(), make_role()
    retire(skill)
    retire(role)

    assert client.get(skill.get_absolute_url()).status_code == 410
    assert client.get(role.get_absolute_url()).status_code == 410
    assert skill.name not in text(client.get("/skills/"))
    assert role.title not in text(client.get("/roles/"))


# Roles and the ladder


def test_a_role_shows_what_is_required_preferred_and_how_it_is_shown(client, db):
    role = make_role(
        "Clerk",
        responsibilities=["Count things."],
        required_qualifications=["Ten fingers."],
        evidence=["A ledger."],
        education_note="None asked.",
        min_years=1,
        max_years=3,
        rung=make_rung(),
    )
    abacus, ledger, speed = make_skill("Abacus"), make_skill("Ledger"), make_skill("Speed")
    required = role.requirements.create(is_required=True, position=1)
    required.alternatives.create(skill=abacus, level=SkillLevel.WORKING)
    required.alternatives.create(skill=ledger, level=SkillLevel.AWARE)
    preferred = role.requirements.create(is_required=False, position=1)
    preferred.alternatives.create(skill=speed, level=SkillLevel.AWARE)
    role.next_roles.add(make_role("Bookkeeper"))

    page = text(client.get(role.get_absolute_url()))

    for words in ["Any one of", "Abacus", "Ledger", "Speed", "Count things.", "Ten fingers."]:
        assert words in page
    for words in ["A ledger.", "None asked.", "1 to 3 years", "Bookkeeper", "Walker", "Declared"]:
        assert words in page
    assert "Sign in to aim for this role" in page


def test_aiming_for_a_role_enrolls_and_shows_on_its_page(as_user, ada):
    make_unit()
    role = make_role("Guide")
    client = as_user(ada)

    answer = client.post(f"/roles/{role.slug}/aim/", follow=True)

    assert "You aim for Guide." in text(answer)
    assert enrollments.of(ada).target_role == role
    page = text(client.get(role.get_absolute_url()))
    assert "your aim" in page
    assert "Aim for this role" not in page


def test_aiming_keeps_the_hours(as_user, ada):
    make_unit()
    enrollments.enroll(ada, weekly_hours=20)

    as_user(ada).post(f"/roles/{make_role().slug}/aim/")

    assert enrollments.of(ada).weekly_hours == 20


def test_a_retired_role_cannot_be_aimed_for(as_user, ada):
    make_unit()
    role = make_role()
    retire(role)

    assert as_user(ada).post(f"/roles/{role.slug}/aim/").status_code == 410
    assert enrollments.of(ada).target_role is None


def test_who_aims_for_a_retired_role_still_sees_it(as_user, ada):
    make_unit()
    role = make_role()
    enrollments.enroll(ada, target_role=role)
    retire(role)

    answer = as_user(ada).get(role.get_absolute_url())

    assert answer.status_code == 200
    assert "Retired: this role has left the curriculum." in text(answer)


def test_aiming_without_a_roadmap_says_so(as_user, ada):
    answer = as_user(ada).post(f"/roles/{make_role().slug}/aim/", follow=True)

    assert "There is no roadmap yet." in text(answer)


def test_the_ladder_shows_three_tracks_with_skills_and_roles(client, db):
    skill = make_skill("Counting")
    make_rung(position=1, expectations=[{"skill": skill.slug, "level": "working"}])
    make_rung(position=2, track=Rung.Track.TECHNICAL, title="Chief counter")
    make_role("Clerk", rung=Rung.objects.first())

    page = text(client.get("/ladder/"))

    for words in ["Shared path to senior", "Technical track", "Chief counter", "Counting", "Clerk"]:
        assert words in page
    assert "Management track" not in page


@pytest.mark.parametrize("address", ["/skills/", "/roles/", "/ladder/"])
def test_an_empty_list_says_what_would_stand_there(client, db, address):
    assert "when it is loaded" in text(client.get(address))


# The plan


def test_a_plan_needs_somebody_and_comes_back_after_sign_in(client, db):
    answer = client.get("/enrollment/")

    assert answer.status_code == 302
    assert answer.url == f"{reverse('account_login')}?next=/enrollment/"


def test_a_plan_is_kept(as_user, ada):
    make_unit()
    role = make_role("Guide")
    client = as_user(ada)

    answer = client.post("/enrollment/", {"target_role": role.pk, "weekly_hours": 12}, follow=True)

    assert "Your plan is kept." in text(answer)
    enrollment = enrollments.of(ada)
    assert (enrollment.target_role, enrollment.weekly_hours) == (role, 12)
    assert 'value="12"' in text(client.get("/enrollment/"))


@pytest.mark.parametrize("hours", ["0", "61", "many", ""])
def test_hours_that_no_week_has_are_refused_at_the_field_and_the_rest_is_kept(as_user, ada, hours):
    make_unit()
    role = make_role("Guide")

    answer = as_user(ada).post("/enrollment/", {"target_role": role.pk, "weekly_hours": hours})

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in text(answer)
    assert f'<option value="{role.pk}" selected>' in text(answer)
    assert enrollments.of(ada) is None


def test_a_plan_without_a_roadmap_is_not_lost_in_silence(as_user, ada):
    answer = as_user(ada).post("/enrollment/", {"weekly_hours": 6})

    assert answer.status_code == 422
    assert "There is no roadmap yet, so nothing was kept." in text(answer)


def test_a_retired_role_can_be_kept_in_the_plan_but_not_chosen(as_user, ada, eve):
    make_unit()
    role = make_role()
    enrollments.enroll(ada, target_role=role)
    retire(role)
    plan = {"target_role": role.pk, "weekly_hours": 7}

    assert as_user(ada).post("/enrollment/", plan).status_code == 302
    assert as_user(eve).post("/enrollment/", plan).status_code == 422


# The admin


@pytest.mark.parametrize("model", ["module", "unit", "skill", "role", "rubric", "question", "rung"])
def test_content_can_be_found_and_added_to_in_the_admin(as_user, katherine, model):
    unit = make_project_unit()
    make_role()
    unit.module.taught.create(skill=make_skill(), level=SkillLevel.AWARE)
    client = as_user(katherine)

    listing = client.get(f"/admin/curriculum/{model}/?q=unit")
    assert listing.status_code == 200
    assert client.get(f"/admin/curriculum/{model}/add/").status_code == 200


def test_an_enrollment_can_be_helped_with_in_the_admin(as_user, katherine, ada):
    unit = make_unit()
    enrollment = enrollments.enroll(ada)
    enrollments.complete_unit(enrollment, unit)

    page = text(as_user(katherine).get(f"/admin/curriculum/enrollment/{enrollment.pk}/change/"))

    assert 'name="weekly_hours"' in page
    assert 'name="learner"' not in page


def test_all_modules_and_units_have_an_address(db):
    unit = make_unit()

    assert Module.objects.get().get_absolute_url() == f"/modules/{unit.module.slug}/"
    assert unit.module.stage.get_absolute_url() == f"/roadmap/#{unit.module.stage.slug}"
    assert Skill.objects.count() == 0
