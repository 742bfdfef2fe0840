"""Two people, two workers or two impatient presses at the same moment."""

import pytest
from django.test import Client
from django.utils import timezone

from curriculum import declarations, enrollments, hosts, loader, resource_links, roles
from curriculum.models import (
    Declaration,
    Enrollment,
    ResourceLink,
    Role,
    SkillLevel,
    Unit,
    UnitCompletion,
    UnitSkip,
)
from tests.factories import make_resource, make_skill, make_unit, make_user
from tests.together import at_once

TOTALS = ("TOTAL", "INITIAL")  # what a formset of the admin counts

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


def test_a_load_at_the_time_of_an_edit_does_not_undo_it(folder):
    loader.load(folder.path)
    stand = Unit.objects.get(slug="stand")
    katherine = make_user("Katherine Obi", is_staff=True, is_superuser=True)
    folder.change("modules/01-first-steps.yaml", "title: Standing\n", "title: Up\n")

    def edit():
        client = Client()
        client.force_login(katherine)
        posted = {
            **{"module": stand.module_id, "title": "Standing up", "position": 1, "kind": "lesson"},
            **{
                "minutes": 45,
                "summary": stand.summary,
                "outcome": stand.outcome,
                "questions": "[]",
            },
            **{f"{below}-{key}_FORMS": 0 for below in ("reading", "brief") for key in TOTALS},
        }
        return client.post(f"/admin/curriculum/unit/{stand.pk}/change/", posted).status_code

    def load():
        try:
            return bool(loader.load(folder.path))
        except loader.EditsInTheWay:
            return "refused"

    codes = at_once(edit, load)

    assert 302 in codes
    assert Unit.objects.get(slug="stand").title == "Standing up"
    assert [change.overwrites for change in loader.plan(folder.path).changes] == [("title",)]


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


def test_four_workers_take_a_resource_s_address_once(settings, monkeypatch):
    settings.RESOURCE_LINKS_CHECKED = True
    monkeypatch.setattr(hosts, "may_ask", lambda host: True)  # the row alone has to decide
    make_resource()
    resource_links.watch()
    ResourceLink.objects.update(next_look_at=timezone.now())
    link = ResourceLink.objects.get()

    claims = at_once(*[lambda: resource_links.claim(link.pk)] * 4)

    assert len([claim for claim in claims if claim]) == 1
    assert ResourceLink.objects.get().attempts == 1


def test_workers_that_begin_to_watch_at_once_keep_one_row_for_each_address(settings):
    settings.RESOURCE_LINKS_CHECKED = True
    for _ in range(5):
        make_resource()
    ResourceLink.objects.create(url="https://gone.example.org/")

    at_once(*[resource_links.watch] * 4)

    assert ResourceLink.objects.count() == 5
