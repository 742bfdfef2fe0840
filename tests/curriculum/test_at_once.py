"""Two people, two workers or two impatient presses at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from curriculum import enrollments, loader
from curriculum.models import Enrollment, Unit, UnitCompletion
from tests.factories import make_unit, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*actions):
    """Run the actions in threads that start together; their results, in order."""
    barrier = Barrier(len(actions))

    def run(action):
        barrier.wait(timeout=10)
        try:
            return action()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def test_presses_at_once_enroll_once_and_complete_once():
    ada, unit = make_user("Ada Nwosu"), make_unit()

    def press():
        return enrollments.complete_unit(enrollments.enroll(ada), Unit.objects.get(pk=unit.pk))

    completions = at_once(press, press, press, press)

    assert len(set(completions)) == 1
    assert Enrollment.objects.count() == 1
    assert UnitCompletion.objects.count() == 1


def test_loads_at_once_wait_for_each_other(folder):
    def load():
        return loader.load(folder.path)

    changes = at_once(load, load)

    assert sorted(map(bool, changes)) == [False, True]
    assert Unit.objects.count() == 4
