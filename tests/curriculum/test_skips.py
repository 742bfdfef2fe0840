"""Ada leaves a unit or a module out, and takes that back. Skipped is not done."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from curriculum import enrollments, progress
from curriculum.models import Enrollment, Roadmap, SkillLevel, UnitCompletion, UnitSkip
from curriculum.progress import Progress, State
from tests.factories import make_module, make_skill, make_stage, make_unit

HTMX = {"HX-Request": "true"}


@pytest.fixture
def module(db):
    """Three units of an hour each: Standing, Walking and Running."""
    module = make_module(title="Moving")
    for position, title in enumerate(["Standing", "Walking", "Running"], start=1):
        make_unit(module=module, title=title, slug=title.lower(), position=position)
    return module


@pytest.fixture
def units(module):
    return list(module.units.order_by("position"))


@pytest.fixture
def enrollment(ada, module):
    return enrollments.enroll(ada)


def state_of(enrollment, module):
    return next(e.state for e in progress.overview(enrollment).modules if e.module == module)


# Facts


def test_a_skipped_unit_is_neither_done_nor_next(enrollment, units):
    enrollments.skip_unit(enrollment, units[0], "I can stand.")

    picture = progress.overview(enrollment)

    assert picture.next_unit == units[1]
    assert picture.progress == Progress(0, 3, 0, 180, skipped=1, minutes_skipped=60)
    assert picture.progress.percent == 0
    assert picture.progress.left == 2
    assert enrollment.skips.get().reason == "I can stand."


def test_what_is_skipped_keeps_the_whole_from_being_complete(enrollment, units):
    for unit in units[1:]:
        enrollments.complete_unit(enrollment, unit)
    enrollments.skip_unit(enrollment, units[0])

    picture = progress.overview(enrollment)

    assert picture.next_unit is None
    assert not picture.progress.is_complete
    assert picture.progress.percent == 66


def test_a_skip_is_taken_back_and_its_row_stays(enrollment, units):
    enrollments.skip_unit(enrollment, units[0])
    enrollments.unskip_unit(enrollment, units[0])
    enrollments.unskip_unit(enrollment, units[0])

    assert progress.next_unit(enrollment) == units[0]
    assert enrollment.skips.get().ended_at

    enrollments.skip_unit(enrollment, units[0])
    assert enrollment.skips.count() == 2
    assert enrollment.skips.standing().count() == 1


def test_completing_a_skipped_unit_ends_the_skip_for_good(enrollment, units):
    enrollments.skip_unit(enrollment, units[0])
    enrollments.complete_unit(enrollment, units[0])
    enrollments.reopen_unit(enrollment, units[0])

    assert not enrollment.skips.standing().exists()
    assert progress.next_unit(enrollment) == units[0]


def test_what_is_complete_or_skipped_already_is_not_skipped_again(enrollment, units):
    enrollments.complete_unit(enrollment, units[0])
    enrollments.skip_unit(enrollment, units[0])
    enrollments.skip_unit(enrollment, units[1], "First")
    enrollments.skip_unit(enrollment, units[1], "Second")

    assert [skip.reason for skip in UnitSkip.objects.all()] == ["First"]


def test_done_is_done_even_beside_a_skip(enrollment, units):
    """As a completion leaves it that was written by an older version of the program."""
    enrollments.skip_unit(enrollment, units[0])
    UnitCompletion.objects.create(enrollment=enrollment, unit=units[0])

    picture = progress.overview(enrollment)

    assert picture.progress == Progress(1, 3, 60, 180)
    assert picture.next_unit == units[1]


def test_the_database_refuses_a_second_standing_skip_and_one_that_ends_before_it_began(
    enrollment, units
):
    enrollments.skip_unit(enrollment, units[0])
    skip = enrollment.skips.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        UnitSkip.objects.create(enrollment=enrollment, unit=units[0])
    skip.ended_at = skip.skipped_at - timedelta(seconds=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        skip.save()


def test_a_clock_that_runs_behind_does_not_stop_a_skip_from_being_taken_back(enrollment, units):
    enrollments.skip_unit(enrollment, units[0])
    UnitSkip.objects.update(skipped_at=timezone.now() + timedelta(days=1))

    enrollments.unskip_unit(enrollment, units[0])

    assert enrollment.skips.get().ended_at == enrollment.skips.get().skipped_at


def test_skipping_touches_nobody_else(enrollment, eve, units):
    theirs = enrollments.enroll(eve)
    enrollments.skip_unit(theirs, units[0])
    enrollments.skip_unit(enrollment, units[0])

    enrollments.unskip_unit(enrollment, units[0])

    assert theirs.skips.standing().count() == 1
    assert progress.next_unit(enrollment) == units[0]


@pytest.mark.parametrize("what", ["unit", "module", "stage"])
def test_what_has_left_the_curriculum_is_not_skipped_and_a_skip_of_it_counts_for_nothing(
    enrollment, units, what
):
    unit = units[0]
    enrollments.skip_unit(enrollment, unit)
    left = {"unit": unit, "module": unit.module, "stage": unit.module.stage}[what]
    left.retired_at = timezone.now()
    left.save()
    unit.refresh_from_db()

    for act in (enrollments.skip_unit, enrollments.unskip_unit):
        with pytest.raises(enrollments.Retired):
            act(enrollment, unit)
    if what != "unit":
        with pytest.raises(enrollments.Retired):
            enrollments.skip_module(enrollment, unit.module)
    assert progress.overview(enrollment).progress.skipped == 0


def test_a_unit_or_module_of_another_roadmap_is_refused(enrollment):
    other = Roadmap.objects.create(slug="other", title="Other", position=2)
    elsewhere = make_unit(module=make_module(stage=make_stage(roadmap=other)))

    with pytest.raises(enrollments.OnAnotherRoadmap):
        enrollments.skip_unit(enrollment, elsewhere)
    with pytest.raises(enrollments.OnAnotherRoadmap):
        enrollments.skip_module(enrollment, elsewhere.module)


# Modules


def test_a_module_is_skipped_whole_but_for_what_is_done(enrollment, module, units):
    later = make_unit()
    enrollments.complete_unit(enrollment, units[0])

    enrollments.skip_module(enrollment, module, "Did this at school.")

    assert state_of(enrollment, module) == State.SKIPPED
    assert progress.next_unit(enrollment) == later
    assert enrollment.skips.standing().count() == 2
    assert enrollment.completions.standing().count() == 1

    enrollments.unskip_module(enrollment, module)
    assert state_of(enrollment, module) == State.NEXT
    assert not enrollment.skips.standing().exists()


def test_a_module_is_skipped_only_when_nothing_of_it_is_open(enrollment, module, units):
    make_unit(module=make_module(number=1))  # which is next
    assert state_of(enrollment, module) == State.NONE
    enrollments.skip_unit(enrollment, units[0])
    assert state_of(enrollment, module) == State.NONE
    enrollments.skip_unit(enrollment, units[1])
    enrollments.skip_unit(enrollment, units[2])
    assert state_of(enrollment, module) == State.SKIPPED
    assert progress.overview(enrollment).counts["skipped"] == 1
    enrollments.complete_unit(enrollment, units[0])
    assert state_of(enrollment, module) == State.SKIPPED
    for unit in units[1:]:
        enrollments.complete_unit(enrollment, unit)
    assert state_of(enrollment, module) == State.COMPLETE


def test_a_skipped_module_holds_up_nothing_and_is_told_in_advice(enrollment, module, units):
    after = make_unit(module=make_module(after=module))
    enrollments.skip_module(enrollment, module)

    [advice] = progress.advice(enrollment, after.module)

    assert progress.next_unit(enrollment) == after
    assert advice.sentence == "You skipped 3 of 3 units of Moving."
    assert advice.state == State.SKIPPED


def test_a_skipped_module_teaches_nothing(enrollment, module, units):
    skill = make_skill()
    module.taught.create(skill=skill, level=SkillLevel.WORKING)
    for unit in units[1:]:
        enrollments.complete_unit(enrollment, unit)

    enrollments.skip_unit(enrollment, units[0])
    assert progress.studied(enrollment) == {}

    enrollments.complete_unit(enrollment, units[0])
    assert progress.studied(enrollment) == {skill: SkillLevel.WORKING}


# Pages


def test_a_unit_is_skipped_on_its_page_and_taken_back(as_user, enrollment, ada, units):
    client = as_user(ada)

    page = client.post("/units/standing/skip/", {"reason": "I <can> stand."}, follow=True)
    text = page.content.decode()
    assert "“Standing” is skipped." in text
    assert "“I &lt;can&gt; stand.”" in text
    assert "Next: Walking" in text
    assert 'aria-label="skipped"' in text
    assert "1 skipped" in client.get("/roadmap/").content.decode()

    page = client.post("/units/standing/unskip/", follow=True)
    assert "“Standing” is open again." in page.content.decode()
    assert "I have done this" in page.content.decode()
    assert not UnitSkip.objects.standing().exists()


def test_with_htmx_only_what_changed_comes_back(as_user, enrollment, ada, units):
    answer = as_user(ada).post("/units/standing/skip/", headers=HTMX)

    page = answer.content.decode()
    assert "<html" not in page
    assert "Take it back" in page
    assert 'id="units" hx-swap-oob="true"' in page


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_reason_that_cannot_be_kept_comes_back_and_nothing_is_skipped(
    as_user, enrollment, ada, units, headers
):
    answer = as_user(ada).post("/units/standing/skip/", {"reason": "w" * 201}, headers=headers)

    assert answer.status_code == 422
    assert "w" * 201 in answer.content.decode()
    assert not UnitSkip.objects.exists()


def test_a_module_is_skipped_on_its_page_and_taken_back(as_user, ada, module, units):
    client = as_user(ada)

    page = client.post(f"/modules/{module.slug}/skip/", {"reason": "Enough."}, follow=True)
    assert "What was open of “Moving” is skipped." in page.content.decode()
    assert "Take 3 skipped units back" in page.content.decode()

    page = client.post(f"/modules/{module.slug}/unskip/", follow=True)
    assert "“Moving” is on your route again." in page.content.decode()
    assert not UnitSkip.objects.standing().exists()


def test_a_modules_reason_that_cannot_be_kept_comes_back(as_user, ada, module):
    answer = as_user(ada).post(f"/modules/{module.slug}/skip/", {"reason": "\u202e"})

    assert answer.status_code == 422
    assert "<details open>" in answer.content.decode()
    assert not UnitSkip.objects.exists()


def test_pages_of_another_roadmap_show_what_one_did_there(as_user, enrollment, ada, units):
    other = Roadmap.objects.create(slug="other", title="Other", position=2)
    elsewhere = make_unit(title="Chess", module=make_module(stage=make_stage(roadmap=other)))
    client = as_user(ada)

    page = client.post(f"/units/{elsewhere.slug}/complete/", follow=True).content.decode()
    assert "Open it again" in page
    client.post(f"/units/{elsewhere.slug}/reopen/")
    page = client.post(f"/modules/{elsewhere.module.slug}/skip/", follow=True).content.decode()
    assert "Take 1 skipped unit back" in page
    assert progress.next_unit(enrollment) == units[0]


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("kind", ["units/standing", "modules/moving"])
def test_who_is_not_signed_in_goes_to_sign_in_and_comes_back(client, units, kind, headers):
    units[0].module.slug = "moving"
    units[0].module.save()

    answer = client.post(f"/{kind}/skip/", headers=headers)

    assert f"{reverse('account_login')}?next=/{kind}/" in answer.get(
        "HX-Redirect", answer.get("Location")
    )
    assert not Enrollment.objects.exists()


def test_what_retired_meanwhile_is_gone(as_user, ada, module, units):
    module.retired_at = timezone.now()
    module.save()
    client = as_user(ada)

    assert client.post("/units/standing/skip/").status_code == 410
    assert client.post(f"/modules/{module.slug}/skip/").status_code == 410
    assert not UnitSkip.objects.exists()


def test_an_address_that_never_was_is_not_found(as_user, ada, module):
    client = as_user(ada)

    assert client.post("/units/nothing/skip/").status_code == 404
    assert client.post("/modules/nothing/unskip/").status_code == 404


def test_a_skipped_module_is_a_shape_and_a_word_on_home_map_and_list(
    as_user, enrollment, ada, module
):
    make_unit()
    enrollments.skip_module(enrollment, module)
    client = as_user(ada)

    home, page = (" ".join(client.get(at).content.decode().split()) for at in ("/", "/roadmap/"))

    assert 'class="p skipped"' in home
    assert "0 complete, 0 under way, 1 not started, 1 skipped" in home
    assert '<use href="#map-skipped"' in page
    assert f"{module.title}: skipped" in page
    assert '<span class="sr">, skipped </span>' in page
