"""Ada starts on a roadmap, aims for a role, completes units and opens them again."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from curriculum import enrollments
from curriculum.models import Enrollment, Roadmap, UnitCompletion
from tests.factories import make_module, make_role, make_stage, make_unit


def retire(content):
    content.retired_at = timezone.now()
    content.save()


def test_enrolling_twice_is_one_enrollment_and_keeps_the_first_plan(ada):
    make_unit()

    first = enrollments.enroll(ada, weekly_hours=9)
    second = enrollments.enroll(ada)

    assert first == second
    assert second.weekly_hours == 9


def test_without_a_roadmap_nobody_enrolls(ada):
    with pytest.raises(enrollments.NoRoadmap):
        enrollments.enroll(ada)


def test_a_retired_roadmap_takes_nobody(ada):
    roadmap = make_stage().roadmap
    retire(roadmap)

    with pytest.raises(enrollments.Retired):
        enrollments.enroll(ada, roadmap)


@pytest.mark.parametrize("hours", [0, -1, 61])
def test_a_week_has_1_to_60_hours(ada, hours):
    make_unit()
    with pytest.raises(enrollments.HoursOutOfRange):
        enrollments.enroll(ada, weekly_hours=hours)
    enrollment = enrollments.enroll(ada)
    with pytest.raises(enrollments.HoursOutOfRange):
        enrollments.aim_for(enrollment, None, hours)

    assert Enrollment.objects.get().weekly_hours == 6


def test_the_enrollment_of_a_person_is_their_own(ada, eve):
    make_unit()
    enrollment = enrollments.enroll(ada)

    assert enrollments.of(ada) == enrollment
    assert enrollments.of(eve) is None


def test_a_learner_may_aim_for_another_role_and_for_none(ada):
    make_unit()
    enrollment = enrollments.enroll(ada, target_role=make_role("Guide"))
    other = make_role("Scout")

    enrollments.aim_for(enrollment, other, 10)
    assert enrollments.of(ada).target_role == other
    assert enrollments.of(ada).weekly_hours == 10

    enrollments.aim_for(enrollment, None)
    assert enrollments.of(ada).target_role is None
    assert enrollments.of(ada).weekly_hours == 10


def test_a_retired_role_is_kept_by_who_has_it_and_chosen_by_nobody(ada, eve):
    make_unit()
    role = make_role("Guide")
    mine = enrollments.enroll(ada, target_role=role)
    other = enrollments.enroll(eve)
    retire(role)

    enrollments.aim_for(mine, role, 8)
    with pytest.raises(enrollments.Retired):
        enrollments.aim_for(other, role)

    assert enrollments.of(ada).weekly_hours == 8


def test_completing_a_unit_twice_counts_once(ada):
    unit = make_unit()
    enrollment = enrollments.enroll(ada)

    first = enrollments.complete_unit(enrollment, unit)
    second = enrollments.complete_unit(enrollment, unit)

    assert first == second
    assert enrollment.completions.count() == 1


def test_the_database_refuses_a_second_standing_completion(ada):
    unit = make_unit()
    enrollment = enrollments.enroll(ada)
    enrollments.complete_unit(enrollment, unit)

    with pytest.raises(IntegrityError), transaction.atomic():
        UnitCompletion.objects.create(enrollment=enrollment, unit=unit)


def test_two_completions_at_once_are_one(ada, monkeypatch):
    unit = make_unit()
    enrollment = enrollments.enroll(ada)
    get, calls = UnitCompletion.objects.get_queryset().__class__.get, []

    def lose_the_race(self, *args, **kwargs):
        """The first look finds nothing; before the row is written somebody else writes theirs."""
        calls.append(kwargs)
        if len(calls) == 1:
            UnitCompletion.objects.create(enrollment=enrollment, unit=unit)
            raise UnitCompletion.DoesNotExist
        return get(self, *args, **kwargs)

    monkeypatch.setattr("django.db.models.query.QuerySet.get", lose_the_race)
    enrollments.complete_unit(enrollment, unit)

    assert len(calls) == 2
    assert enrollment.completions.count() == 1


def test_reopening_ends_the_completion_and_keeps_its_row(ada):
    unit = make_unit()
    enrollment = enrollments.enroll(ada)
    enrollments.complete_unit(enrollment, unit)

    enrollments.reopen_unit(enrollment, unit)
    enrollments.reopen_unit(enrollment, unit)

    assert not enrollment.completions.standing().exists()
    assert enrollment.completions.get().reopened_at

    enrollments.complete_unit(enrollment, unit)
    assert enrollment.completions.count() == 2


def test_a_clock_that_runs_behind_does_not_stop_a_reopening(ada):
    unit = make_unit()
    enrollment = enrollments.enroll(ada)
    completion = enrollments.complete_unit(enrollment, unit)
    UnitCompletion.objects.update(completed_at=timezone.now() + timedelta(minutes=5))

    enrollments.reopen_unit(enrollment, unit)

    completion.refresh_from_db()
    assert completion.reopened_at == completion.completed_at


def test_reopening_touches_nobody_else(ada, eve):
    unit = make_unit()
    mine, theirs = enrollments.enroll(ada), enrollments.enroll(eve)
    enrollments.complete_unit(mine, unit)
    enrollments.complete_unit(theirs, unit)

    enrollments.reopen_unit(mine, unit)

    assert theirs.completions.standing().count() == 1


@pytest.mark.parametrize("what", ["unit", "module", "stage"])
def test_what_has_left_the_curriculum_is_neither_completed_nor_reopened(ada, what):
    unit = make_unit()
    enrollment = enrollments.enroll(ada)
    enrollments.complete_unit(enrollment, unit)
    left = {"unit": unit, "module": unit.module, "stage": unit.module.stage}[what]
    retire(left)

    with pytest.raises(enrollments.Retired):
        enrollments.complete_unit(enrollment, unit)
    with pytest.raises(enrollments.Retired):
        enrollments.reopen_unit(enrollment, unit)

    assert enrollment.completions.standing().count() == 1


def test_a_unit_of_another_roadmap_is_refused(ada):
    make_unit()
    enrollment = enrollments.enroll(ada)
    other = Roadmap.objects.create(slug="other", title="Other", position=2)
    from_elsewhere = make_unit(module=make_module(stage=make_stage(roadmap=other)))

    with pytest.raises(enrollments.OnAnotherRoadmap):
        enrollments.complete_unit(enrollment, from_elsewhere)
