"""Two people, two workers or two impatient presses at the same moment."""

import pytest

from curriculum import declarations, enrollments, loader, roles
from curriculum.models import (
    Declaration,
    Enrollment,
    Role,
    SkillLevel,
    Unit,
    UnitCompletion,
    UnitSkip,
)
from tests.factories import make_skill, make_unit, make_user
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_presses_at_once_enroll_once_and_complete_once():
    ada, unit = make_user("Ada Nwosu"), make_unit()

    def press():
        return enrollments.complete_unit(enrollments.enroll(ada), Unit.objects.get(pk=unit.pk))

    completions = at_once(press, press, press, press)

    assert len(set(completions)) == 1
    assert Enrollment.objects.count() == 1
    assert UnitCompletion.objects.count() == 1


@pytest.mark.parametrize("turn", range(4))
def test_a_unit_completed_and_skipped_at_once_is_complete_in_the_end(turn):
    unit = make_unit()
    enrollment = enrollments.enroll(make_user("Ada Nwosu"))

    def press(act):
        return lambda: act(Enrollment.objects.get(pk=enrollment.pk), Unit.objects.get(pk=unit.pk))

    acts = [press(enrollments.complete_unit), press(enrollments.skip_unit)] * 2
    at_once(*acts[turn % 2 :], *acts[: turn % 2])

    assert enrollment.completions.standing().count() == 1
    assert enrollment.skips.standing().count() == 0


def test_skips_at_once_are_one():
    unit = make_unit()
    enrollment = enrollments.enroll(make_user("Ada Nwosu"))

    def skip_unit():
        enrollments.skip_unit(enrollment, Unit.objects.get(pk=unit.pk))

    def skip_module():
        enrollments.skip_module(enrollment, Unit.objects.get(pk=unit.pk).module)

    at_once(skip_unit, skip_module, skip_unit, skip_module)

    assert UnitSkip.objects.count() == 1


def test_loads_at_once_wait_for_each_other(folder):
    def load():
        return loader.load(folder.path)

    changes = at_once(load, load)

    assert sorted(map(bool, changes)) == [False, True]
    assert Unit.objects.count() == 4


def test_presses_at_once_keep_one_role_and_declare_once():
    ada, skill = make_user("Ada Nwosu"), make_skill()

    def keep():
        return roles.keep(ada, roles.Description("Mine"), [roles.Asked(skill, 2, True)])

    def declare():
        return declarations.declare(ada, skill, SkillLevel.WORKING)

    kept = at_once(keep, keep, keep)
    at_once(declare, declare, declare)

    assert len(set(kept)) == 1
    assert Role.objects.count() == 1
    assert Declaration.objects.count() == 1
