"""Several learners at a glance, as their mentor's desk lists them."""

from curriculum import enrollments, learners
from tests.factories import enroll, make_module, make_unit, make_user


def test_a_glance_counts_what_is_complete_and_live(ada):
    module = make_module()
    first, second = make_unit(module=module), make_unit(module=module)
    make_unit(module=module, retired_at="2026-01-01T00:00:00Z")
    enrollment = enroll(ada, first)
    enrollments.complete_unit(enrollment, first)

    [glance] = learners.at_a_glance([ada])

    assert (glance.progress.completed, glance.progress.total) == (1, 2)
    assert glance.last_completed_at == enrollment.completions.get().completed_at
    assert second.completions.count() == 0


def test_a_reopened_unit_does_not_count(ada):
    unit = make_unit()
    enrollment = enroll(ada, unit)
    enrollments.complete_unit(enrollment, unit)
    enrollments.reopen_unit(enrollment, unit)

    [glance] = learners.at_a_glance([ada])

    assert glance.progress.completed == 0
    assert glance.last_completed_at is None


def test_somebody_who_is_not_on_the_roadmap_has_no_progress(ada, eve):
    enroll(ada, make_unit())

    assert [glance.progress is None for glance in learners.at_a_glance([eve, ada])] == [True, False]


def test_fifty_learners_cost_as_many_queries_as_one(db, django_assert_num_queries):
    unit = make_unit()
    people = [make_user() for _ in range(50)]
    for person in people:
        enrollments.complete_unit(enroll(person, unit), unit)

    with django_assert_num_queries(4):
        assert len(learners.at_a_glance(people)) == 50
