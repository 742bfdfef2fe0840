"""A role of Ada's own, from the advert she pastes to its end; nobody else finds a trace of it."""

from html.parser import HTMLParser
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.mentorships import end
from curriculum import enrollments, loader, progress, roles
from curriculum.models import Enrollment, Requirement, Role, SkillLevel
from curriculum.roles import Asked, Description
from tests.factories import (
    enroll,
    make_mentorship,
    make_own_role,
    make_role,
    make_skill,
    make_unit,
    make_user,
)

ADVERT = """\
ML engineer at Acme

What you bring
- Strong Python skills
- Experience with PyTorch or TensorFlow
- 3+ years of experience and a Master's degree
Nice to have
- SQL
"""
CONFIRM = "/roles/new/confirm/"


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def skills(db):
    names = ["Python", "PyTorch", "TensorFlow", "SQL"]
    return {name: make_skill(name, slug=name.lower()) for name in names}


def posted(*rows, new=(), **fields):
    """What the form of proposals sends: rows that were there, then new ones."""
    data = {
        "title": "Mine",
        "asked-TOTAL_FORMS": len(rows) + len(new),
        "asked-INITIAL_FORMS": len(rows),
    }
    for index, row in enumerate([*rows, *new]):
        row = {"level": 2, "is_required": "yes", "choice": 0, "quote": ""} | row
        if index < len(rows):
            row = {"keep": "on"} | row
        data |= {f"asked-{index}-{name}": value for name, value in row.items() if value is not None}
    return data | fields


class FormReader(HTMLParser):
    """Reads the fields of a form with what a browser would send for them, untouched."""

    def __init__(self):
        super().__init__()
        self.data, self.select = {}, ""

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "input" and (attrs.get("type") != "checkbox" or "checked" in attrs):
            self.data[attrs["name"]] = attrs.get("value", "on")
        elif tag == "select":
            self.select = attrs["name"]
        elif tag == "option" and "selected" in attrs:
            self.data[self.select] = attrs["value"]


def clauses(role):
    return [
        (
            clause.is_required,
            clause.quote,
            [(entry.skill.name, entry.level) for entry in clause.alternatives.all()],
        )
        for clause in role.requirements.all()
    ]


# From the advert to the role


def test_an_advert_becomes_proposals_with_quotes_and_nothing_is_kept(as_user, ada, skills):
    answer = as_user(ada).post("/roles/new/", {"text": ADVERT})

    page = text(answer)
    assert answer.status_code == 200
    assert 'name="title" value="ML engineer at Acme"' in page
    assert "4 skills are named in the advert. Nothing is kept until you say so." in page
    for words in ["“Strong Python skills”", "“Experience with PyTorch or TensorFlow”", "“SQL”"]:
        assert words in page
    assert 'value="3 years' not in page
    assert page.count("choice A") > 0
    assert not Role.objects.exists()


def test_what_is_confirmed_is_kept_as_the_page_proposed_it(as_user, ada, skills):
    """The page's own fields, sent back as a browser does."""
    client = as_user(ada)
    page = client.post("/roles/new/", {"text": ADVERT}).content.decode()
    reader = FormReader()
    reader.feed(page[page.index(f'action="{CONFIRM}"') :].partition("</form>")[0])

    answer = client.post(CONFIRM, reader.data)

    role = Role.objects.get()
    assert answer.status_code == 302
    assert answer.url == role.get_absolute_url()
    assert (role.owner, role.title, role.source) == (ada, "ML engineer at Acme", "advert")
    assert (role.min_years, role.degree) == (3, 2)
    assert role.experience_note == "3+ years of experience and a Master's degree"
    assert clauses(role) == [
        (True, "Strong Python skills", [("Python", 3)]),
        (True, "Experience with PyTorch or TensorFlow", [("PyTorch", 2), ("TensorFlow", 2)]),
        (False, "SQL", [("SQL", 2)]),
    ]


def test_what_is_unticked_is_dropped_and_what_is_chosen_is_added(as_user, ada, skills):
    rows = [{"skill": "python"}, {"skill": "sql", "keep": None}]
    new = [{"skill": "pytorch", "level": 4, "is_required": "no"}, {"skill": ""}]

    as_user(ada).post(CONFIRM, posted(*rows, new=new))

    assert clauses(Role.objects.get()) == [
        (True, "", [("Python", 2)]),
        (False, "", [("PyTorch", 4)]),
    ]


def test_a_text_without_a_known_skill_still_leads_on(as_user, ada, skills):
    page = text(as_user(ada).post("/roles/new/", {"text": "Gardener\nRoses."}))

    assert "No skill of the roadmap is named in this text." in page
    assert "Another skill" in page


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (posted({"skill": "python", "keep": None}), "one skill at least"),
        (posted({"skill": "python"}, {"skill": "python"}), "Python is there twice."),
        (posted({"skill": "python"}, title=""), "This field is required."),
        (posted({"skill": "no-such"}), "Select a valid choice."),
        (posted({"skill": "python", "level": 5}), "Select a valid choice."),
        (posted({"skill": "python", "level": ""}), "This field is required."),
        (posted({"skill": "python", "choice": 10}), "Select a valid choice."),
        (posted({"skill": "python"}, title="a\u202eb"), "characters that control how text runs"),
        (posted({"skill": "python", "quote": "a\u202eb"}), "characters that control how text runs"),
        (posted({"skill": "python"}, title="a\x00b"), "Null characters are not allowed."),
        (posted({"skill": "python"}, title="x" * 121), "at most 120 characters"),
        (posted({"skill": "python", "quote": "x" * 301}), "at most 300 characters"),
        (posted({"skill": "python"}, min_years="21"), "Select a valid choice."),
        (posted({"skill": "python"}, degree="9"), "Select a valid choice."),
        ({"title": "Mine"}, "one skill at least"),
        (posted({"skill": "python"}, **{"asked-TOTAL_FORMS": "x"}), "one skill at least"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_is(as_user, ada, skills, data, words):
    answer = as_user(ada).post(CONFIRM, data)

    assert answer.status_code == 422
    assert words in text(answer)
    assert not Role.objects.exists()


def test_more_rows_than_a_role_can_have_are_refused(as_user, ada, db):
    rows = [{"skill": make_skill().slug} for _ in range(roles.MOST_SKILLS + 1)]

    answer = as_user(ada).post(CONFIRM, posted(*rows))

    assert answer.status_code == 422
    assert "60 skills at most" in text(answer)


def test_ten_thousand_rows_are_a_form_of_sixty_three(as_user, ada, skills):
    data = posted({"skill": "python"}, **{"asked-TOTAL_FORMS": "10000", "asked-INITIAL_FORMS": "1"})

    answer = as_user(ada).post(CONFIRM, data)

    assert answer.status_code in (302, 422)
    assert text(answer).count("asked-row") <= 63


@pytest.mark.parametrize(
    ("advert", "status"),
    [("", 422), ("x" * 20_001, 422), ("x" * 20_000, 200), ("a\x00b", 422), ("\u202e" * 9, 200)],
)
def test_an_advert_has_1_to_20_000_characters(as_user, ada, advert, status):
    assert as_user(ada).post("/roles/new/", {"text": advert}).status_code == status


def test_markup_and_turned_words_of_an_advert_are_read_and_not_run(as_user, ada, skills):
    advert = (
        'Python\n"><script>alert(1)</script>{{ 7*7 }} Python <img src=x onerror=alert(2)>\u202e'
    )
    client = as_user(ada)

    page = client.post("/roles/new/", {"text": advert}).content.decode()
    client.post(CONFIRM, posted({"skill": "python", "quote": advert[7:-1]}, title=advert[7:60]))
    shown = client.get(Role.objects.get().get_absolute_url()).content.decode()

    for html in (page, shown):
        assert "<script>alert" not in html
        assert "<img" not in html
        assert "\u202e" not in html
        assert ">49<" not in html


def test_fields_that_the_form_does_not_have_are_ignored(as_user, ada, eve, skills):
    data = posted({"skill": "python"}) | {
        "owner": ada.pk, "slug": "junior", "position": 9, "retired_at": "2026-01-01", "rung": 1, "source": "guide",
        "family": "general", "pk": 1,
    }  # fmt: skip

    as_user(eve).post(CONFIRM, data)

    role = Role.objects.get()
    assert (role.owner, role.source, role.position, role.family) == (eve, "advert", 0, "own")
    assert role.slug.startswith("own_")


def test_thirty_roles_are_the_most(as_user, ada, skills):
    for number in range(roles.MOST_ROLES):
        make_own_role(ada, skills["SQL"], title=f"Role {number}")

    answer = as_user(ada).post(CONFIRM, posted({"skill": "python"}))

    assert answer.status_code == 422
    assert "You have 30 roles of your own" in text(answer)
    assert ada.own_roles.count() == roles.MOST_ROLES


def test_the_same_role_kept_twice_is_one(as_user, ada, eve, skills):
    rows = [{"skill": "python", "choice": 3}, {"skill": "sql", "choice": 3}, {"skill": "pytorch"}]
    client = as_user(ada)

    first, second = (client.post(CONFIRM, posted(*rows)) for _ in range(2))
    assert first.url == second.url
    assert ada.own_roles.count() == 1

    for other in (rows[:2], [rows[0], rows[2]], [rows[2], *rows[:2], {"skill": "tensorflow"}]):
        client.post(CONFIRM, posted(*other))
    client.post(CONFIRM, posted(*rows, summary="Another town."))
    assert ada.own_roles.count() == 5
    as_user(eve).post(CONFIRM, posted(*rows))
    assert eve.own_roles.count() == 1


def test_a_role_that_asks_nothing_is_none(ada):
    with pytest.raises(roles.AsksNothing), transaction.atomic():
        roles.keep(ada, Description("Mine"), [])

    assert not Role.objects.exists()


# Change and delete


def test_an_edit_shows_what_is_there_and_puts_the_new_in_its_place(as_user, ada, skills):
    role = roles.keep(
        ada,
        Description("Mine", degree=1),
        [
            Asked(skills["PyTorch"], 2, True, "One of them.", 1),
            Asked(skills["TensorFlow"], 3, True, "One of them.", 1),
            Asked(skills["SQL"], 1, False),
        ],
    )
    client = as_user(ada)
    address = f"/roles/{role.slug}/edit/"

    form = client.get(address)
    rows = [row.initial for row in form.context["asked"].initial_forms]
    assert [(row["skill"], row["level"], row["choice"]) for row in rows] == [
        ("pytorch", 2, 1),
        ("tensorflow", 3, 1),
        ("sql", 1, 0),
    ]
    assert '<option value="1" selected>Bachelor’s degree' in text(form)

    client.post(address, posted({"skill": "python", "level": 4}, title="Renamed"))
    role.refresh_from_db()
    assert (role.title, role.degree, role.owner) == ("Renamed", None, ada)
    assert clauses(role) == [(True, "", [("Python", 4)])]
    assert Requirement.objects.count() == 1


def test_a_bad_edit_changes_nothing(as_user, ada, skills):
    role = make_own_role(ada, skills["SQL"])

    answer = as_user(ada).post(f"/roles/{role.slug}/edit/", posted({"skill": "x"}, title="Renamed"))

    role.refresh_from_db()
    assert answer.status_code == 422
    assert role.title == "Hers"
    assert clauses(role) == [(True, "", [("SQL", 2)])]


def test_deleting_asks_first_and_then_the_aim_falls_back_to_none(as_user, ada, skills):
    role = make_own_role(ada, skills["SQL"])
    enroll(ada, make_unit(), target_role=role)
    client = as_user(ada)

    assert "Delete “Hers”?" in text(client.get(f"/roles/{role.slug}/delete/"))
    page = text(client.post(f"/roles/{role.slug}/delete/", follow=True))

    assert "“Hers” is deleted." in page
    assert Enrollment.objects.get().target_role is None
    assert not Role.objects.exists()
    assert not Requirement.objects.exists()


def test_who_leaves_takes_their_roles_along(ada, eve, skills):
    make_own_role(ada, skills["SQL"])
    make_own_role(eve, skills["SQL"])

    ada.delete()

    assert Role.objects.get().owner == eve


# Aiming


def test_an_own_role_can_be_aimed_for_and_flags_its_modules(as_user, ada, skills):
    unit = make_unit()
    unit.module.taught.create(skill=skills["SQL"], level=SkillLevel.WORKING)
    role = make_own_role(ada, skills["SQL"])
    client = as_user(ada)

    client.post(f"/roles/{role.slug}/aim/")

    assert enrollments.of(ada).target_role == role
    assert progress.overview(enrollments.of(ada)).modules[0].is_needed
    assert "required for Hers" in text(client.get("/roadmap/"))
    assert "Hers (an advert)" in text(client.get("/enrollment/"))


def test_nobody_aims_for_somebody_elses_role_by_any_way(as_user, ada, grace, eve, skills):
    role = make_own_role(ada, skills["SQL"])
    enroll(ada, make_unit(), target_role=role)

    for person in (eve, grace):  # Grace may look at it, since Ada aims for it
        client = as_user(person)
        assert client.post(f"/roles/{role.slug}/aim/").status_code == 404
        plan = {"target_role": role.pk, "weekly_hours": 6}
        assert client.post("/enrollment/", plan).status_code == 422
        with pytest.raises(enrollments.NotTheirRole):
            enrollments.enroll(person, target_role=role)
        with pytest.raises(enrollments.NotTheirRole):
            enrollments.aim_for(enrollments.enroll(person), role)
        assert enrollments.of(person).target_role is None


# Who finds a trace of it


@pytest.mark.parametrize("aims", [True, False])
def test_an_own_role_is_its_owners_and_while_it_is_the_aim_their_mentors(
    aims, ada, grace, eve, katherine, skills
):
    role = make_own_role(ada, skills["SQL"])
    enroll(ada, make_unit(), target_role=role if aims else None)
    alan = make_user("Alan")
    now = timezone.now()
    make_mentorship(mentor=alan, learner=ada, started_at=now, ended_at=now)
    make_mentorship(mentor=make_user("Mary"), learner=eve)

    def sees(person):
        return Role.objects.visible_to(person).filter(pk=role.pk).exists()

    assert sees(ada)
    assert sees(grace) == aims
    assert not any(map(sees, [eve, katherine, alan]))


def test_a_mentor_loses_sight_when_the_aim_or_the_mentorship_ends(ada, grace, skills, client):
    role = make_own_role(ada, skills["SQL"])
    enrollment = enroll(ada, make_unit(), target_role=role)
    client.force_login(grace)
    assert client.get(role.get_absolute_url()).status_code == 200

    enrollments.aim_for(enrollment, None)
    assert client.get(role.get_absolute_url()).status_code == 404

    enrollments.aim_for(enrollment, role)
    end(grace.mentorships_as_mentor.get(), grace)
    assert client.get(role.get_absolute_url()).status_code == 404


def test_no_page_of_anybody_else_names_it(ada, grace, eve, katherine, skills):
    role = make_own_role(ada, skills["SQL"], title="Secret agent")
    make_role("Clerk")
    unit = make_unit()
    unit.module.taught.create(skill=skills["SQL"], level=2)
    enroll(ada, unit)
    pages = [
        "/",
        "/roles/",
        "/roles/compare/",
        "/ladder/",
        "/roadmap/",
        "/enrollment/",
        "/skills/",
        "/skills/sql/",
    ]

    for person in (None, eve, grace, katherine):
        client = Client()
        if person:
            client.force_login(person)
        for page in pages:
            answer = client.get(page, follow=True)
            assert "Secret agent" not in text(answer), (person, page)
            assert role.slug not in text(answer), (person, page)
    client = Client()
    client.force_login(ada)
    for page in ("/roles/", "/roles/compare/", "/enrollment/", "/skills/sql/"):
        assert "Secret agent" in text(client.get(page)), page


def test_a_welcome_counts_the_roles_of_the_content_alone(ada, client, skills):
    make_role()
    make_own_role(ada, skills["SQL"])

    assert client.get("/").context["roles"] == 1


def test_staff_read_of_it_in_the_admin_neither_title_nor_clause(as_user, katherine, ada, skills):
    role = make_own_role(ada, skills["SQL"], title="Secret agent")
    enrollment = enroll(ada, make_unit(), target_role=role)
    client = as_user(katherine)
    change = f"/admin/curriculum/enrollment/{enrollment.pk}/change/"

    for address in ("/admin/curriculum/role/", "/admin/curriculum/enrollment/", change):
        assert "Secret agent" not in text(client.get(address))
    assert "a role of their own" in text(client.get(change))
    gone = client.get(f"/admin/curriculum/role/{role.pk}/change/")
    assert gone.status_code == 302
    found = client.get(
        "/admin/autocomplete/?app_label=curriculum&model_name=enrollment&field_name=target_role"
    )
    assert found.json()["results"] == []

    saved = client.post(
        change,
        {
            "weekly_hours": 9,
            "completions-TOTAL_FORMS": 0,
            "skips-TOTAL_FORMS": 0,
            "skips-INITIAL_FORMS": 0,
            "completions-INITIAL_FORMS": 0,
        },
    )
    enrollment.refresh_from_db()
    assert saved.status_code == 302
    assert (enrollment.weekly_hours, enrollment.target_role) == (9, role)


# Loading the content


def test_a_load_neither_retires_nor_touches_nor_counts_it(folder, ada):
    loader.load(folder.path)
    skill = Role.objects.get().requirements.get().skills.get()
    role = make_own_role(ada, skill, title="Guide", level=4)
    before = [list(model.objects.order_by("pk").values()) for model in (Role, Requirement)]

    changes = loader.load(folder.path)

    assert not changes
    assert changes.of("roles").live == 1
    assert [list(model.objects.order_by("pk").values()) for model in (Role, Requirement)] == before
    folder.change("roles.yaml", "title: Guide", "title: Scout")
    assert loader.load(folder.path).of("roles").changed == {"guide"}
    role.refresh_from_db()
    assert (role.title, role.is_retired) == ("Guide", False)


def test_content_can_never_take_the_slug_of_an_own_role(ada, skills):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_role(slug="own_0123456789abcdef")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_role(owner=ada)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_role(owner=ada, slug="own_x", retired_at=timezone.now())


@pytest.mark.parametrize("slug", ["compare", "new"])
def test_a_role_of_the_content_cannot_hide_a_page(folder, slug):
    for file in ("roles.yaml", "ladder.yaml"):
        old = "slug: guide" if file == "roles.yaml" else "roles: [guide]"
        folder.change(file, old, old.replace("guide", slug))

    with pytest.raises(loader.ContentError, match=f"/roles/{slug}/ is a page of the site"):
        loader.check(folder.path)


def test_an_alias_leads_to_one_skill(folder):
    skill = "    description: One foot before the other.\n"
    other = """  - slug: running
    name: Running
    category: craft
    description: Faster.
    aliases: [walk-ing, '…']
    levels: {aware: A., working: B., practitioner: C., expert: D.}
"""
    folder.change("skills.yaml", skill, skill + "    aliases: [strolling, Runnings]\n")
    folder.write("skills.yaml", folder.read("skills.yaml") + other)

    with pytest.raises(loader.ContentError) as caught:
        loader.check(folder.path)

    messages = [problem.message for problem in caught.value.problems]
    assert "'Runnings' is a name of the skill 'running' already" in messages
    assert "'walk-ing' is a name of the skill 'walking' already" in messages
    assert "'…' holds no word" in messages


def test_aliases_and_degrees_are_loaded_and_may_be_left_out(folder, db):
    skill = "    description: One foot before the other.\n"
    folder.change("skills.yaml", skill, skill + "    aliases: [strolling]\n")
    folder.change(
        "roles.yaml", "    education_note: None", "    degree: master\n    education_note: None"
    )

    call_command("load_curriculum", dir=folder.path, stdout=StringIO())

    role = Role.objects.get()
    assert role.degree == 2
    assert role.requirements.get().skills.get().aliases == ["strolling"]
    folder.change("roles.yaml", "    degree: master\n", "")
    assert loader.load(folder.path).of("roles").changed == {"guide"}
    role.refresh_from_db()
    assert role.degree is None
