"""Ada invites, Grace answers, either ends it; Eve sees nothing of it."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts import invitations, mentorships
from accounts.models import Invitation, Mentorship
from accounts.tasks import send_invitation
from tests.accounts.mailbox import code_for
from tests.factories import PASSWORD, make_invitation, make_mentorship, make_user

PAGE = "/mentorships/"
INVITE = "/mentorships/invite/"


def link_of(invitation):
    return f"/invitations/{invitations.secret_of(invitation)}/"


@pytest.fixture
def sent_by_task(monkeypatch):
    """The ids that the queue gets."""
    ids = []
    monkeypatch.setattr(send_invitation, "delay", ids.append)
    return ids


def test_ada_invites_a_mentor_and_the_queue_gets_the_id_alone(
    as_user, ada, sent_by_task, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        page = as_user(ada).post(
            INVITE,
            {"seeks": "mentor", "email": "grace@example.org", "message": "Please."},
            follow=True,
        )

    invitation = Invitation.objects.get()
    assert sent_by_task == [invitation.pk]
    assert (invitation.inviter, invitation.email) == (ada, "grace@example.org")
    assert "Invitation to grace@example.org is on its way." in page.text
    assert "the letter is on its way" in page.text
    assert invitations.secret_of(invitation) not in page.text


def test_the_letter_leaves_when_the_invitation_is_committed(
    as_user, ada, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as callbacks:
        as_user(ada).post(INVITE, {"seeks": "mentor", "email": "grace@example.org"})
    assert not mail.outbox

    for callback in callbacks:
        callback()

    assert [letter.to for letter in mail.outbox] == [["grace@example.org"]]


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_does_not_lose_the_invitation(as_user, ada, monkeypatch, caplog):
    def refuse(*args):
        raise OperationalError("no broker")

    monkeypatch.setattr(send_invitation, "delay", refuse)

    response = as_user(ada).post(INVITE, {"seeks": "mentor", "email": "grace@example.org"})

    assert response.status_code == 302
    assert list(invitations.unsent()) == [Invitation.objects.get().pk]
    assert "no broker" in caplog.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "not an address"}, "valid email address"),
        ({"email": ""}, "This field is required."),
        ({"email": "ada.nwosu@example.org"}, "This is your own address."),
        ({"email": "asked@example.org"}, "You have asked this address already"),
        ({"seeks": "friend"}, "not one of the available choices"),
        ({"message": "x" * 501}, "at most 500 characters"),
        ({"message": "Bell \x07"}, "U+0007"),
        ({"email": "a@example.org\r\nBcc: b@example.org"}, "valid email address"),
    ],
)
def test_an_invitation_that_cannot_be_sent_is_refused_at_its_field(
    as_user, ada, sent_by_task, fields, words
):
    make_invitation(ada, email="asked@example.org")

    page = as_user(ada).post(
        INVITE, {"seeks": "mentor", "email": "new@example.org", "message": "Kept."} | fields
    )

    assert page.status_code == 422
    assert words in page.text
    assert "message" in fields or "Kept." in page.text
    assert not sent_by_task
    assert Invitation.objects.count() == 1


def test_the_twenty_first_invitation_is_refused_with_what_to_do(as_user, ada, sent_by_task):
    for _ in range(20):
        make_invitation(ada)

    page = as_user(ada).post(INVITE, {"seeks": "mentor", "email": "new@example.org"})

    assert "Withdraw older ones" in page.text


def test_an_answer_to_an_invitation_does_not_tell_whether_the_address_has_an_account(
    as_user, ada, eve, sent_by_task
):
    pages = [
        as_user(ada).post(INVITE, {"seeks": "mentor", "email": email}, follow=True).text
        for email in ["eve.moreau@example.org", "not.moreau@example.org"]
    ]

    messages = [re.findall(r"Invitation to \S+ ([^<]+)", page)[0] for page in pages]
    assert messages[0] == messages[1]
    assert "Eve Moreau" not in pages[0]


def test_a_stranger_with_the_link_reads_who_asks_and_what_a_mentor_sees(client, ada):
    invitation = make_invitation(ada, seeks="learner", message="Hi <script>")

    page = client.get(link_of(invitation))

    assert "Ada Nwosu would like to mentor you" in page.text
    assert "All your projects, private ones too" in page.text
    assert "Hi &lt;script&gt;" in page.text
    assert f"/accounts/login/?next={link_of(invitation)}" in page.text
    assert invitation.email not in page.text
    assert ada.email not in page.text


def test_a_newcomer_signs_up_from_the_link_and_comes_back_to_accept(client, ada):
    invitation = make_invitation(ada, email="new@example.org")
    sign_up = re.search(r'href="(/accounts/signup/[^"]+)"', client.get(link_of(invitation)).text)

    client.post(
        sign_up[1], {"name": "New Mentor", "email": "new@example.org", "password1": PASSWORD}
    )
    response = client.post("/accounts/confirm-email/", {"code": code_for("new@example.org")})
    assert response.url == link_of(invitation)
    page = client.post(response.url, {"answer": "accept"}, follow=True)

    assert "You mentor Ada Nwosu now." in page.text
    assert [m.profile.name for m in mentorships.mentors_of(ada)] == ["New Mentor"]


def test_a_member_signs_in_from_the_link_and_comes_back(client, ada, eve):
    link = link_of(make_invitation(ada))

    response = client.post(
        f"/accounts/login/?next={link}", {"login": eve.email, "password": PASSWORD}
    )

    assert response.url == link


def test_a_post_of_somebody_signed_out_answers_nothing(client, ada):
    invitation = make_invitation(ada)

    client.post(link_of(invitation), {"answer": "accept"})

    assert not Mentorship.objects.exists()
    assert Invitation.objects.open().count() == 1


def test_eve_declines_by_the_link(as_user, ada, eve):
    invitation = make_invitation(ada)

    page = as_user(eve).post(link_of(invitation), {"answer": "decline"}, follow=True)

    assert "You declined the invitation of Ada Nwosu." in page.text
    assert not Mentorship.objects.exists()


def test_somebody_invited_by_their_verified_address_answers_without_the_letter(as_user, ada, eve):
    invitation = make_invitation(ada, email=eve.email)
    client = as_user(eve)

    assert "Ada Nwosu asks you to be their mentor" in client.get(PAGE).text
    page = client.post(f"/invitations/{invitation.pk}/answer/", {"answer": "accept"}, follow=True)

    assert "You mentor Ada Nwosu now." in page.text
    assert mentorships.is_mentor_of(eve, ada)


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_waits_for_others_is_not_there(as_user, ada, eve, method):
    for_grace = make_invitation(ada, email="grace@example.org")
    EmailAddress.objects.create(user=eve, email="grace@example.org", verified=False)

    response = getattr(as_user(eve), method)(
        f"/invitations/{for_grace.pk}/answer/", {"answer": "accept"}
    )

    assert response.status_code == 404
    assert not Mentorship.objects.exists()


@pytest.mark.parametrize("answer", ["", "yes", "withdrawn"])
def test_an_answer_that_is_neither_yes_nor_no_asks_again(as_user, ada, eve, answer):
    invitation = make_invitation(ada)

    page = as_user(eve).post(link_of(invitation), {"answer": answer})

    assert "Become their mentor" in page.text
    assert Invitation.objects.open().exists()


@pytest.mark.parametrize(
    "change",
    [
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"answer": "withdrawn", "answered_at": timezone.now()},
        {"answer": "declined", "answered_at": timezone.now()},
    ],
)
def test_a_closed_invitation_says_so_and_nothing_of_its_sender(client, as_user, ada, eve, change):
    link = link_of(make_invitation(ada, **change))

    for page in [client.get(link), as_user(eve).post(link, {"answer": "accept"})]:
        assert page.status_code == 410
        assert "This invitation is closed" in page.text
        assert "Ada Nwosu" not in page.text
    assert not Mentorship.objects.exists()


def test_accepting_twice_says_that_it_is_done(as_user, ada, eve):
    link = link_of(make_invitation(ada))
    as_user(eve).post(link, {"answer": "accept"})

    page = as_user(eve).post(link, {"answer": "accept"}, follow=True)

    assert "This invitation was accepted" in page.text
    assert Mentorship.objects.count() == 1


def test_ada_cannot_accept_her_own_invitation_and_can_withdraw_it_there(as_user, ada):
    invitation = make_invitation(ada)
    client = as_user(ada)

    assert "Withdraw the invitation" in client.get(link_of(invitation)).text
    page = client.post(link_of(invitation), {"answer": "accept"}, follow=True)

    assert "This invitation is your own" in page.text
    assert not Mentorship.objects.exists()


def test_somebody_who_mentors_ada_already_is_told_so(as_user, ada, grace):
    invitation = make_invitation(ada)

    page = as_user(grace).post(link_of(invitation), {"answer": "accept"}, follow=True)

    assert "mentor and learner already" in page.text


def test_ada_withdraws_and_the_link_closes(as_user, ada):
    invitation = make_invitation(ada)

    page = as_user(ada).post(f"/invitations/{invitation.pk}/withdraw/", follow=True)

    assert f"Invitation to {invitation.email} withdrawn." in page.text
    assert Client().get(link_of(invitation)).status_code == 410


def test_withdrawing_twice_changes_nothing_and_says_so(as_user, ada):
    invitation = make_invitation(ada, answer="accepted", answered_at=timezone.now())

    page = as_user(ada).post(f"/invitations/{invitation.pk}/withdraw/", follow=True)

    assert "closed already; nothing was changed" in page.text
    invitation.refresh_from_db()
    assert invitation.answer == "accepted"


def test_eve_can_neither_withdraw_nor_end_what_is_not_hers(as_user, ada, grace, eve):
    invitation = make_invitation(ada)
    mentorship = Mentorship.objects.get()
    client = as_user(eve)

    assert client.post(f"/invitations/{invitation.pk}/withdraw/").status_code == 404
    assert client.get(f"/mentorships/{mentorship.pk}/end/").status_code == 404
    assert client.post(f"/mentorships/{mentorship.pk}/end/").status_code == 404
    assert Invitation.objects.open().exists()
    assert mentorships.is_mentor_of(grace, ada)


def test_what_is_hidden_and_what_is_absent_look_the_same(as_user, ada, grace, eve):
    mentorship = Mentorship.objects.get()
    client = as_user(eve)

    hidden = client.post(f"/mentorships/{mentorship.pk}/end/")
    absent = client.post("/mentorships/987654/end/")

    def words(response):
        return re.sub(r'"X-CSRFToken": "\w+"|value="\w{64}"', "", response.text)

    assert (hidden.status_code, words(hidden)) == (absent.status_code, words(absent))


def test_ending_asks_first_and_then_ends_it_for_both(as_user, ada, grace):
    mentorship = Mentorship.objects.get()
    address = f"/mentorships/{mentorship.pk}/end/"
    client = as_user(ada)

    assert "End the mentorship with Grace Halloran?" in client.get(address).text
    assert mentorships.is_mentor_of(grace, ada)
    page = client.post(address, follow=True)

    assert "Your mentorship with Grace Halloran has ended." in page.text
    assert not mentorships.is_mentor_of(grace, ada)
    assert "had ended before" in client.post(address, follow=True).text


def test_the_page_lists_mentors_learners_and_what_became_of_invitations(as_user, ada, grace):
    make_mentorship(mentor=ada, learner=make_user("Ben"))
    make_invitation(ada, email="open@example.org")
    make_invitation(
        ada, email="yes@example.org", answer="accepted", answered_at=timezone.now(),
        mentorship=Mentorship.objects.get(mentor=grace),
    )  # fmt: skip
    make_invitation(ada, email="no@example.org", answer="declined", answered_at=timezone.now())
    make_invitation(ada, email="late@example.org", expires_at=timezone.now())
    make_invitation(ada, email="lost@example.org", sent_at=None, attempts=5)

    page = re.sub(r"\s+", " ", as_user(ada).get(PAGE).text)

    for words in [
        "Grace Halloran", "Ben", "open@example.org", "accepted by Grace Halloran",
        "declined,", "expired,", "the letter could not be sent",
    ]:  # fmt: skip
        assert words in page


def test_strangers_see_none_of_it(as_user, ada, grace, eve):
    make_invitation(ada, email="secret@example.org")

    page = as_user(eve).get(PAGE).text

    assert "secret@example.org" not in page
    assert "Grace" not in page
    assert "Ada Nwosu" not in page


@pytest.mark.parametrize("many", [1, 25])
def test_the_page_asks_the_database_as_often_for_many_as_for_one(
    as_user, ada, django_assert_num_queries, many
):
    for _ in range(many):
        make_mentorship(mentor=make_user(), learner=ada)
        make_mentorship(mentor=ada, learner=make_user())
        make_invitation(ada)
        make_invitation(make_user(), email=ada.email)
    client = as_user(ada)
    client.get(PAGE)

    with django_assert_num_queries(10):
        client.get(PAGE)


@pytest.mark.parametrize(
    "address",
    [PAGE, INVITE, "/mentorships/1/end/", "/invitations/1/answer/", "/invitations/1/withdraw/"],
)
def test_everything_but_the_link_of_the_letter_is_for_people_signed_in(client, db, address):
    response = client.post(address)

    assert response.url == f"/accounts/login/?next={address}"


@pytest.mark.parametrize("secret", ["x" * 43, "0", "…", "a" * 3000, "%00"])
def test_a_link_nobody_sent_leads_nowhere(client, db, secret):
    assert client.get(f"/invitations/{secret}/").status_code == 404


def test_the_link_of_a_mentorship_that_has_ended_promises_nothing(ada, grace, as_user):
    """Its page used to say that the two find each other below, where they no longer were."""
    mentorship = grace.mentorships_as_mentor.get()
    invitation = make_invitation(
        ada, answer="accepted", answered_at=timezone.now(), mentorship=mentorship
    )
    address = reverse("accounts:invitation", args=[invitations.secret_of(invitation)])
    client = as_user(grace)

    assert client.get(address).status_code == 302
    mentorship.ended_at = mentorship.started_at
    mentorship.save()

    response = client.get(address)

    assert response.status_code == 410
    assert "Ada Nwosu" not in response.content.decode()
