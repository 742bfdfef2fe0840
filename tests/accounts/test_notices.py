"""What Ada and Grace are told, once; what they choose to hear by e-mail; and what they have read."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import invitations, kinds, mentorships, notices, tasks
from accounts.kinds import Timing
from accounts.models import Letter, Notice, NoticeChoice, Profile
from tests.accounts.mailbox import delivered
from tests.factories import make_invitation, make_notice, make_user
from tests.together import at_once


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def told(user):
    return [notice.words for notice in Notice.objects.of(user)]


# Telling


def test_the_same_fact_is_told_once(ada):
    first = make_notice(ada, key="check run 1")
    again = make_notice(ada, key="check run 1")

    assert first.recipient == ada
    assert again is None
    assert Notice.objects.count() == 1


def test_one_fact_may_be_told_to_two_people_and_be_of_two_kinds(ada, grace):
    make_notice(ada, key="review 1")
    make_notice(grace, key="review 1")
    make_notice(ada, kinds.REVIEW_EXPIRED, key="review 1")

    assert Notice.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_fact_told_four_times_at_once_is_told_once():
    ada = make_user("Ada Nwosu")

    at_once(*[lambda: make_notice(ada, kinds.REVIEW_ARRIVED, key="review 1")] * 4)

    assert Notice.objects.count() == Letter.objects.count() == 1


def test_nobody_is_told_what_they_did_themselves(ada):
    assert make_notice(ada, kinds.MENTORSHIP_ENDED, actor=ada) is None


def test_nobody_is_told_anything_once_their_account_is_closed(ada):
    ada.is_active = False

    assert make_notice(ada) is None


def test_a_notice_and_its_letter_go_with_the_change_that_failed(ada):
    def change_that_fails():
        make_notice(ada, kinds.REVIEW_ARRIVED)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        change_that_fails()

    assert not Notice.objects.exists()
    assert not Letter.objects.exists()


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example/", "projects/"])
def test_a_notice_leads_nowhere_else(ada, path):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_notice(ada, path=path)


def test_a_name_is_the_one_of_today_and_what_is_missing_breaks_no_sentence(ada, grace):
    notice = make_notice(ada, kinds.REVIEW_CLAIMED, actor=grace, facts={})
    Profile.objects.filter(user=grace).update(name="Grace H. 100% Halloran")

    assert told(ada) == ["Grace H. 100% Halloran is reviewing “…”"]
    Notice.objects.update(kind="of_another_version", facts={"project": "Engine"})
    assert told(ada) == ["Grace H. 100% Halloran, Engine"]
    assert notice.words


def test_what_was_told_of_a_person_goes_with_them(ada, grace):
    make_notice(ada, kinds.REVIEW_ARRIVED, actor=grace)
    grace.delete()

    assert not Notice.objects.exists()
    assert not Letter.objects.exists()


@pytest.mark.parametrize("kind", kinds.KINDS, ids=lambda kind: kind.code)
def test_every_kind_has_a_sentence_for_every_fact_it_is_told_with(ada, grace, kind):
    facts = dict.fromkeys(
        ["project", "verdict", "ruling", "checks", "trouble", "wait", "part", "cohort", "formats",
         "when", "what"], "x"
    )  # fmt: skip
    notice = make_notice(ada, kind, actor=grace, facts=facts)

    assert "…" not in notice.words
    assert not notice.words.endswith(".")
    assert len(kind.code) <= 40
    assert kinds.find(kind.code) is kind


def test_codes_of_kinds_stand_for_one_kind_each():
    assert len({kind.code for kind in kinds.KINDS}) == len(kinds.KINDS)
    assert sum(map(len, kinds.by_group().values())) == len(kinds.KINDS)


# Letters at once, daily, never


def test_what_one_waits_for_is_mailed_at_once_and_the_rest_waits(ada, grace):
    make_notice(ada, kinds.REVIEW_ARRIVED, actor=grace)
    make_notice(ada, kinds.CHECK_LOST)

    assert [letter.notice.kind for letter in Letter.objects.all()] == ["review_arrived"]


def test_a_choice_wins_over_what_is_usual(ada, grace):
    notices.choose(ada, kinds.REVIEW_ARRIVED, Timing.NEVER)
    notices.choose(ada, kinds.CHECK_LOST, Timing.AT_ONCE)
    make_notice(ada, kinds.REVIEW_ARRIVED, actor=grace)
    make_notice(ada, kinds.CHECK_LOST)

    assert [letter.notice.kind for letter in Letter.objects.all()] == ["check_lost"]
    assert Notice.objects.count() == 2, "on the site they stand all the same"


def test_nobody_gets_letters_to_an_address_they_have_not_verified(ada, grace):
    ada.emailaddress_set.update(verified=False)
    make_notice(ada, kinds.REVIEW_ARRIVED, actor=grace)

    assert not Letter.objects.exists()


def test_ada_chooses_on_a_page_and_only_what_she_changed_is_kept(as_user, ada):
    client = as_user(ada)
    form = client.get("/settings/notices/").context["form"]
    fields = {field.name: field.value() for field in form if field.value() is not None}

    response = client.post(
        "/settings/notices/", fields | {"check_lost": "never", "digest_hour": "19"}
    )

    assert response.url == "/settings/notices/"
    assert list(NoticeChoice.objects.values_list("kind", "timing")) == [("check_lost", "never")]
    assert Profile.objects.get(user=ada).digest_hour == 19
    assert notices.choices_of(ada)["check_lost"] == Timing.NEVER


def test_a_choice_that_is_none_is_refused_and_the_others_are_kept_on_the_page(as_user, ada):
    fields = dict.fromkeys([kind.code for kind in kinds.KINDS], "never")

    page = as_user(ada).post(
        "/settings/notices/", fields | {"check_lost": "hourly", "digest_hour": "24"}
    )

    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"check_lost", "digest_hour"}
    assert page.text.count('value="never" selected') == len(kinds.KINDS) - 1
    assert not NoticeChoice.objects.exists()


def test_without_a_verified_address_the_page_says_so(as_user, ada):
    ada.emailaddress_set.update(verified=False)

    assert "no letters are sent" in as_user(ada).get("/settings/notices/").text


# Reading


def test_opening_a_notice_leads_to_its_page_and_marks_it_read(as_user, ada):
    notice = make_notice(ada, path="/projects/engine/")

    response = as_user(ada).get(f"/notices/{notice.pk}/")

    assert response.url == "/projects/engine/"
    assert not Notice.objects.unread().exists()


def test_what_a_browser_fetches_in_advance_or_asks_by_head_is_not_read(as_user, ada):
    notice = make_notice(ada)
    client = as_user(ada)

    client.head(f"/notices/{notice.pk}/")
    client.get(f"/notices/{notice.pk}/", headers={"Sec-Purpose": "prefetch;prerender"})

    assert Notice.objects.unread().count() == 1


def test_a_notice_is_read_at_its_first_reading(as_user, ada, clock):
    notice = make_notice(ada)
    client = as_user(ada)
    client.get(f"/notices/{notice.pk}/")
    before = Notice.objects.get().read_at
    clock.shift(timedelta(hours=1))
    client.get(f"/notices/{notice.pk}/")

    assert Notice.objects.get().read_at == before


def test_eve_opens_and_marks_nothing_of_adas(as_user, ada, eve):
    notice = make_notice(ada)
    client = as_user(eve)

    assert client.get(f"/notices/{notice.pk}/").status_code == 404
    assert client.post(f"/notices/{notice.pk}/read/").status_code == 404
    client.post("/notices/read/", {"until": notice.pk})
    assert Notice.objects.unread().count() == 1


def test_all_are_marked_up_to_the_newest_that_was_shown(as_user, ada):
    seen = [make_notice(ada) for _ in range(3)]
    client = as_user(ada)
    page = client.get("/notices/")
    later = make_notice(ada)

    client.post("/notices/read/", {"until": page.context["newest"]})

    assert list(Notice.objects.unread()) == [later]
    assert page.context["newest"] == seen[-1].pk


@pytest.mark.parametrize("until", ["", "x", "-1", "9" * 30, "0"])
def test_nonsense_marks_nothing(as_user, ada, until):
    make_notice(ada)

    assert as_user(ada).post("/notices/read/", {"until": until}).status_code == 302
    assert Notice.objects.unread().count() == 1


def test_the_masthead_counts_what_is_unread(as_user, ada, grace):
    client = as_user(ada)
    assert "unread notice" not in client.get("/projects/").text
    make_notice(ada)
    assert "1 unread notice<" in client.get("/projects/").text
    for _ in range(120):
        make_notice(ada)
    assert "99+" in client.get("/projects/").text
    make_notice(grace)
    assert notices.unread_count(grace) == 1


def test_the_list_shows_newest_first_a_page_at_a_time_and_escapes_what_people_typed(as_user, ada):
    for n in range(31):
        make_notice(ada, facts={"project": f"<i>{n}</i>", "checks": "Tests"})

    page = as_user(ada).get("/notices/")

    assert "&lt;i&gt;30&lt;/i&gt;" in page.text
    assert "&lt;i&gt;0&lt;/i&gt;" not in page.text
    assert "?page=2" in page.text
    assert "&lt;i&gt;0&lt;/i&gt;" in as_user(ada).get("/notices/?page=2").text


def test_an_empty_list_says_what_will_stand_there(as_user, ada):
    assert "You are told here when a review is there" in as_user(ada).get("/notices/").text


def test_read_notices_are_removed_after_ninety_days_and_unread_ones_after_a_year(ada, clock):
    read, unread = make_notice(ada), make_notice(ada)
    notices.mark_read(ada, [read.pk])

    clock.shift(timedelta(days=89))
    tasks.forget_old()
    assert Notice.objects.count() == 2
    clock.shift(timedelta(days=2))
    tasks.forget_old()
    assert list(Notice.objects.all()) == [unread]
    clock.shift(timedelta(days=280))
    tasks.forget_old()
    assert not Notice.objects.exists()


# Mentorships


def test_a_member_who_is_invited_is_told_on_the_site_and_gets_one_letter(ada, eve):
    invitation, _ = mentorships.invite(ada, eve.email, "mentor")
    assert not Notice.objects.exists(), "the inviter's page takes as long for a stranger"

    tasks.send_invitation(invitation.pk)
    tasks.send_invitation(invitation.pk)

    [notice] = Notice.objects.of(eve)
    assert notice.words == "Ada Nwosu invites you to be their mentor"
    assert notice.path == reverse("accounts:answer_invitation", args=[invitation.pk])
    [letter] = delivered()
    assert "List-Unsubscribe" in letter.message()
    assert "No more letters of this kind" in letter.body


def test_a_member_who_wants_no_letters_of_invitations_gets_none_and_the_inviter_cannot_tell(
    ada, eve
):
    notices.choose(eve, kinds.MENTORSHIP_INVITED, Timing.NEVER)
    invitation, _ = mentorships.invite(ada, eve.email, "mentor")

    tasks.send_invitation(invitation.pk)
    tasks.send_unsent_invitations()

    assert delivered() == []
    assert len(told(eve)) == 1
    invitation.refresh_from_db()
    assert invitation.sent_at


def test_an_invitation_to_an_address_that_is_not_verified_is_a_letter_alone(ada, eve):
    eve.emailaddress_set.update(verified=False)
    invitation, _ = mentorships.invite(ada, eve.email, "mentor")

    tasks.send_invitation(invitation.pk)

    assert told(eve) == []
    [letter] = delivered()
    assert "List-Unsubscribe" not in letter.message()


def test_an_invitation_that_was_answered_need_not_be_read_any_more(ada, eve):
    invitation, _ = mentorships.invite(ada, eve.email, "mentor")
    tasks.send_invitation(invitation.pk)

    mentorships.decline(invitation, eve)

    assert notices.unread_count(eve) == 0


def test_who_invited_is_told_that_it_was_accepted(ada, eve):
    mentorships.accept(make_invitation(ada, email=eve.email), eve)
    mentorships.accept(make_invitation(eve, seeks="learner"), make_user("Ben Roe"))

    assert told(ada) == ["Eve Moreau accepted your invitation and is your mentor now"]
    assert told(eve) == ["Ben Roe accepted your invitation and is your learner now"]


def test_the_other_is_told_once_that_a_mentorship_ended(ada, grace):
    mentorship = grace.mentorships_as_mentor.get()
    mentorships.end(mentorship, ada)
    mentorships.end(mentorship, grace)

    assert told(grace) == ["Ada Nwosu ended the mentorship with you"]
    assert told(ada) == []


def test_with_the_end_a_mentor_hears_nothing_more_of_the_learner(ada, grace):
    make_notice(grace, kinds.LEASE_ENDS, actor=ada, facts={"project": "Secret"})

    mentorships.end(grace.mentorships_as_mentor.get(), grace)

    assert told(grace) == []
    assert delivered() == []


def test_a_letter_of_an_invitation_is_dressed_as_the_others(ada):
    html = invitations.letter(make_invitation(ada, message="Hello <b>")).alternatives[0].content

    assert "prefers-color-scheme: dark" in html
    assert "<title>Ada Nwosu asks you to be their mentor</title>" in html
    assert "<b>" not in html
