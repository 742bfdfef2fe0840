"""People come, go, show and hide at random; after each act somebody looks, and sees what the rules allow.

The rules are written down here once more, in plain sets: what is public; what a secret link opens and when it
ends; whom one mentors, by a mentorship or in a cohort; whom a block keeps apart; who is gone. What is done goes
by the pages and verbs of the site. Whoever looked at what was not public is in its owner's list, once.
"""

import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from accounts import blocks, cohorts, deletions, limits, mentorships, share_links
from accounts.models import Deletion, Invitation, Membership, Mentorship, ShareLink, Sighting, User
from portfolio import reviews
from portfolio.models import Project, Resume, Review
from tests.factories import make_check_run, make_cohort, make_project, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LEARNERS, MENTORS = ("Ada", "Ben"), ("Grace", "Alan")
PEOPLE = (*LEARNERS, *MENTORS, "Eve")
VIEWERS = (*PEOPLE, "nobody")
EXAMPLES, STEPS = (500, 40) if os.environ.get("SOAK") else (12, 14)

learner, mentor, person, viewer = map(st.sampled_from, (LEARNERS, MENTORS, PEOPLE, VIEWERS))
nth = st.integers(0, 3)
#: What brings people together and shows something; and what parts them and hides it again.
TOGETHER = [
    st.tuples(st.just("mentor"), mentor, learner),
    st.tuples(st.just("join"), mentor, learner),
    st.tuples(st.just("show"), learner, st.booleans()),
    st.tuples(st.just("open"), learner, st.sampled_from(Project.Visibility.values)),
    st.tuples(st.just("link"), learner, viewer),
    st.tuples(st.just("publish"), learner, st.booleans()),
    st.tuples(st.just("ask"), learner),
    st.tuples(st.just("claim"), mentor, learner),
    st.tuples(st.just("judge"), mentor, learner),
]
APART = [
    st.tuples(st.just("end"), nth, st.booleans()),
    st.tuples(st.just("leave"), nth),
    st.tuples(st.just("block"), person, person),
    st.tuples(st.just("unblock"), nth),
    st.tuples(st.just("revoke"), nth),
    st.tuples(st.just("expire"), nth),
    st.tuples(st.just("shut"), mentor, st.booleans()),
    st.tuples(st.just("go"), learner),
    st.tuples(st.just("stay"), learner),
]
ACTS = st.tuples(
    st.lists(st.one_of(TOGETHER), min_size=2, max_size=5),
    st.lists(st.one_of(TOGETHER + APART), min_size=2, max_size=STEPS - 5),
).map(lambda parts: parts[0] + parts[1])


#: As what a look at a page is noted. A verdict tells of its project.
KIND_OF = {
    "project": Sighting.Kind.PROJECT,
    "verdict": Sighting.Kind.PROJECT,
    "run": Sighting.Kind.CHECK_RUN,
    "review": Sighting.Kind.REVIEW,
    "learner": Sighting.Kind.LEARNER,
}


@dataclass
class Rules:
    """Who may see what, as the rules say it."""

    mentoring: set[tuple[str, str]] = field(default_factory=set)
    in_cohort: set[str] = field(default_factory=set)
    apart: set[tuple[str, str]] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    published: set[str] = field(default_factory=set)
    judged: set[str] = field(default_factory=set)
    visibility: dict[str, str] = field(default_factory=lambda: dict.fromkeys(LEARNERS, "private"))
    opened: set[tuple[str, str]] = field(default_factory=set)  # by whom, whose
    gone: set[str] = field(default_factory=set)

    def guides(self, one: str, other: str) -> bool:
        """Whether the one mentors the other now."""
        if {one, other} & self.gone or {(one, other), (other, one)} & self.apart:
            return False
        together = {one, other} <= self.in_cohort and one in MENTORS and other in LEARNERS
        return (one, other) in self.mentoring or together

    def is_open_to_all(self, whose: str) -> bool:
        return self.visibility[whose] == "public" and whose in self.shown and whose not in self.gone

    def sees_profile(self, who: str, whose: str) -> bool:
        is_there = whose not in self.gone
        by_link = is_there and (who, whose) in self.opened
        is_public = is_there and whose in self.shown
        is_own = who == whose and is_there
        between = self.guides(who, whose) or self.guides(whose, who)
        return is_public or by_link or is_own or between

    def sees_project(self, who: str, whose: str) -> bool:
        is_there = whose not in self.gone
        by_link = is_there and (who, whose) in self.opened and self.visibility[whose] != "private"
        is_own = who == whose and is_there
        return self.is_open_to_all(whose) or by_link or is_own or self.guides(who, whose)

    def status(self, page: str, who: str, whose: str) -> int:
        """What a page of somebody answers to somebody."""
        is_signed_in = who != "nobody" and who not in self.gone
        if page in ("learner", "review"):
            is_own = page == "review" and who == whose
            if not is_signed_in:
                return 302
            return 200 if is_own or self.guides(who, whose) else 404
        sees = self.sees_profile if page in ("profile", "resume") else self.sees_project
        is_there = {"resume": whose in self.published, "verdict": whose in self.judged}
        return 200 if is_there.get(page, True) and sees(who, whose) else 404

    def is_noted(self, page: str, who: str, whose: str) -> bool:
        """Whether the owner will read that it was looked at."""
        if who in ("nobody", whose) or who in self.gone:
            return False
        return page in ("learner", "review") or (
            page in ("project", "verdict", "run") and not self.is_open_to_all(whose)
        )


class Place:
    """The site, on which the same is done by the pages and verbs that people use."""

    def __init__(self):
        self.rules = Rules()
        self.people = {name: make_user(name) for name in PEOPLE}
        self.organiser = make_user("Katherine")
        self.cohort = make_cohort(organisers=[self.organiser])
        self.browsers = {name: Client() for name in VIEWERS}
        self.asked: set[tuple[str, str]] = set()
        self.noted: Counter[tuple[str, str, str, str]] = Counter()
        self.turn = 0
        self.projects, self.runs = {}, {}
        for name in PEOPLE:
            self.browsers[name].force_login(self.people[name])
        for name in LEARNERS:
            one = self.people[name]
            self.projects[name] = make_project(one, slug="work", title="Work", visibility="private")
            self.runs[name] = make_check_run(self.projects[name], ("readme", "passed"))
            Resume.objects.create(owner=one, name="For them")

    # What people do

    def mentor(self, mentor: str, learner: str) -> list:
        """Asked by the learner; with the mentor's answer, if there is a way to ask."""
        one, other, pair = self.people[mentor], self.people[learner], (mentor, learner)
        if {mentor, learner} & self.rules.gone:
            return []
        try:
            invitation, _ = mentorships.invite(other, one.email, Invitation.Seeks.MENTOR)
            mentorships.accept(invitation, one)
        except mentorships.MentorshipError:
            is_apart = {pair, pair[::-1]} & self.rules.apart
            known = pair in self.rules.mentoring | self.asked
            assert is_apart or known, "refused without a reason"
            self.asked.add(pair)  # what was asked once and not answered is not asked again
            return [pair]
        self.rules.mentoring.add(pair)
        return [pair]

    def end(self, n: int, is_by_mentor: bool) -> list:
        if not (there := sorted(self.rules.mentoring)):
            return []
        pair = mentor, learner = there[n % len(there)]
        [mentorship] = Mentorship.objects.active().filter(
            mentor=self.people[mentor], learner=self.people[learner]
        )
        mentorships.end(mentorship, self.people[mentor if is_by_mentor else learner])
        self.rules.mentoring.discard(pair)
        return [pair]

    def join(self, mentor: str, learner: str) -> list:
        """Both come into the cohort, each by the link for their part."""
        for name, part in ((mentor, "mentor"), (learner, "learner")):
            if name not in self.rules.in_cohort:
                invitation = cohorts.invite_by_link(
                    self.cohort,
                    by=self.organiser,
                    part=part,
                    lifetime=timedelta(days=1),
                    max_uses=1,
                )
                cohorts.join(invitation, self.people[name])
                self.rules.in_cohort.add(name)
        return [(mentor, learner)]

    def leave(self, n: int) -> list:
        if not (there := sorted(self.rules.in_cohort)):
            return []
        name = there[n % len(there)]
        [membership] = Membership.objects.active().filter(
            person=self.people[name], cohort=self.cohort
        )
        cohorts.leave(membership, by=self.people[name])
        self.rules.in_cohort.discard(name)
        return self.around(name)

    def around(self, name: str) -> list:
        """Those who may see more or less of each other when this one comes or goes."""
        others = LEARNERS if name in MENTORS else MENTORS
        beside = [other for other in others if other in self.rules.in_cohort] or others[:1]
        return [(name, other) if name in MENTORS else (other, name) for other in beside]

    def block(self, one: str, other: str) -> list:
        if one == other:
            return []
        blocks.block(self.people[one], self.people[other])
        self.rules.apart.add((one, other))
        self.rules.mentoring -= {(one, other), (other, one)}
        return [pair for pair in ((one, other), (other, one)) if pair[1] in LEARNERS]

    def unblock(self, n: int) -> list:
        if not (there := sorted(self.rules.apart)):
            return []
        one, other = there[n % len(there)]
        blocks.unblock(self.people[one], self.people[other])
        self.rules.apart.discard((one, other))
        return [pair for pair in ((one, other), (other, one)) if pair[1] in LEARNERS]

    def show(self, learner: str, is_public: bool) -> list:
        said = {"name": learner, "handle": learner.lower(), "time_zone": "UTC"}
        if self.send(
            learner, reverse("accounts:profile"), said | ({"is_public": "on"} if is_public else {})
        ):
            (self.rules.shown.add if is_public else self.rules.shown.discard)(learner)
        return [("nobody", learner)]

    def open(self, learner: str, visibility: str) -> list:
        there = reverse("portfolio:project_edit", args=["work"])
        if self.send(learner, there, {"title": "Work", "visibility": visibility}):
            self.rules.visibility[learner] = visibility
        return [("nobody", learner), ("Eve", learner)]

    def publish(self, learner: str, is_published: bool) -> list:
        [resume] = self.people[learner].resumes.all()
        there = reverse("portfolio:resume_publish", args=[resume.pk])
        if self.send(learner, there, {"publish": "yes" if is_published else "no"}):
            (self.rules.published.add if is_published else self.rules.published.discard)(learner)
        return [("nobody", learner)]

    def send(self, name: str, address: str, data: dict[str, str]) -> bool:
        """Whether it was taken; somebody who is gone is asked to sign in."""
        answer = self.browsers[name].post(address, data)
        is_gone = name in self.rules.gone
        assert (answer.status_code, "/login/" in answer.get("Location", "")) == (302, is_gone)
        return not is_gone

    def link(self, learner: str, viewer: str) -> list:
        if learner in self.rules.gone:
            return []
        _, token = share_links.make(self.people[learner], "For them", timedelta(days=7))
        self.browsers[viewer].get(f"/s/{token}/")
        self.rules.opened.add((viewer, learner))
        return [(viewer, learner)]

    def revoke(self, n: int) -> list:
        for link in ShareLink.objects.filter(owner=self.people[learner := self.linked(n)]):
            share_links.revoke(link)
        return self.closed(learner)

    def expire(self, n: int) -> list:
        """The seven days are over."""
        long_ago, now = timezone.now() - timedelta(days=7), timezone.now()
        links = ShareLink.objects.filter(owner=self.people[learner := self.linked(n)])
        links.update(made_at=long_ago, expires_at=now)
        return self.closed(learner)

    def linked(self, n: int) -> str:
        """A learner whose link was opened, if there is one."""
        there = sorted({whose for _, whose in self.rules.opened}) or LEARNERS
        return there[n % len(there)]

    def closed(self, learner: str) -> list:
        had = [pair for pair in sorted(self.rules.opened) if pair[1] == learner]
        self.rules.opened -= set(had)
        return had[:2]

    def shut(self, mentor: str, is_shut: bool) -> list:
        """By staff, who switch an account off."""
        User.objects.filter(pk=self.people[mentor].pk).update(is_active=not is_shut)
        (self.rules.gone.add if is_shut else self.rules.gone.discard)(mentor)
        return self.around(mentor)

    def go(self, learner: str) -> list:
        """They delete their account: it is off at once, and its browsers are signed out."""
        if learner not in self.rules.gone:
            deletions.ask(self.people[learner])
            self.rules.gone.add(learner)
            self.rules.opened = {pair for pair in self.rules.opened if pair[0] != learner}
        return [(learner, learner), ("nobody", learner), *self.around(learner)]

    def stay(self, learner: str) -> list:
        """They take that back and sign in."""
        if learner in self.rules.gone:
            deletions.keep(Deletion.objects.get(person=self.people[learner]))
            self.people[learner].refresh_from_db()
            self.browsers[learner].force_login(self.people[learner])
            self.rules.gone.discard(learner)
        return [(learner, learner), *self.around(learner)]

    def ask(self, learner: str) -> list:
        """For a review, of whoever could give one."""
        if learner in self.rules.gone:
            return []
        has_mentor = any(self.rules.guides(mentor, learner) for mentor in MENTORS)
        try:
            reviews.request(self.projects[learner])
        except reviews.NoMentor:
            assert not has_mentor
        return self.around(learner)

    def claim(self, mentor: str, learner: str) -> list:
        waiting = self.projects[learner].reviews.requested().first()
        if waiting is None or mentor in self.rules.gone:
            return []
        try:
            reviews.claim(waiting, self.people[mentor])
        except reviews.NotYourLearner:
            assert not self.rules.guides(mentor, learner)
        else:
            assert self.rules.guides(mentor, learner)
        return [(mentor, learner)]

    def judge(self, mentor: str, learner: str) -> list:
        if mentor in self.rules.gone:
            return []
        try:
            reviews.submit(
                self.projects[learner],
                reviewer=self.people[mentor],
                verdict="approved",
                check_run=self.runs[learner],
                body=f"Read on turn {self.turn}.",
            )
        except reviews.NotYourLearner:
            assert not self.rules.guides(mentor, learner)
        else:
            assert self.rules.guides(mentor, learner)
            self.rules.judged.add(learner)
        return [(mentor, learner), ("nobody", learner)]

    # What they see

    def look(self, who: str, whose: str, pages: int = 3) -> None:
        """Nobody sees more, and nobody sees less, than the rules allow: on the next pages in turn."""
        there = self.pages_of(whose)
        for _ in range(pages):
            page = list(there)[self.turn % len(there)]
            self.turn += 1
            allowed = self.rules.status(page, who, whose)
            assert self.browsers[who].get(there[page]).status_code == allowed, (
                page, who, whose, self.rules,
            )  # fmt: skip
            if allowed == 200 and self.rules.is_noted(page, who, whose):
                thing = there[page] if KIND_OF[page] == Sighting.Kind.REVIEW else ""
                self.noted[who, whose, KIND_OF[page], thing] += 1
        if who != "nobody" and who not in self.rules.gone and self.turn % 2:
            desk = self.browsers[who].get(reverse("portfolio:desk")).text
            assert (f"/mentoring/{whose.lower()}/" in desk) is self.rules.guides(who, whose)

    def pages_of(self, whose: str) -> dict[str, str]:
        project, handle = self.projects[whose], whose.lower()
        last = project.reviews.exclude(status=Review.Status.DRAFT).first()
        verdict = project.reviews.submitted().first()
        return {
            "profile": reverse("portfolio:profile", args=[handle]),
            "project": reverse("portfolio:public_project", args=[handle, "work"]),
            "run": reverse("portfolio:check_run", args=[self.runs[whose].pk]),
            "learner": reverse("portfolio:learner", args=[handle]),
            "resume": reverse("portfolio:public_resume", args=[handle]),
            **({"review": last.get_absolute_url()} if last else {}),
            **(
                {"verdict": reverse("portfolio:verify_review", args=[verdict.pk])}
                if verdict
                else {}
            ),
        }

    def what_was_noted(self) -> None:
        """Each look at what was not public is in its owner's list, once an hour."""
        rows = Sighting.objects.filter(kind__in=KIND_OF.values())
        names = {one.pk: name for name, one in self.people.items()}
        found = Counter(
            (
                names[row.viewer_id],
                names[row.owner_id],
                row.kind,
                row.path if row.kind == Sighting.Kind.REVIEW else "",
            )
            for row in rows
        )
        hours = rows.values("hour").distinct().count()
        assert found.keys() == self.noted.keys()
        assert all(found[key] <= min(hours, self.noted[key]) for key in found)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    report_multiple_bugs=False,
    phases=[Phase.explicit, Phase.generate],  # to make a history shorter would take minutes
)
@given(acts=ACTS)
@example(acts=[("join", "Grace", "Ada"), ("leave", 1), ("join", "Grace", "Ada"), ("leave", 0)])
@example(
    acts=[("mentor", "Grace", "Ada"), ("end", 0, True), ("join", "Alan", "Ben"), ("go", "Ben")]
)
@example(
    acts=[("show", "Ada", True), ("link", "Ada", "Eve"), ("show", "Ada", False), ("revoke", 0)]
)
@example(acts=[("link", "Ben", "nobody"), ("open", "Ben", "link"), ("expire", 0)])
def test_whatever_people_do_everybody_sees_what_the_rules_allow(acts, monkeypatch):
    monkeypatch.setattr(limits, "allows", lambda *who, **rate: True)  # a life within a minute
    with transaction.atomic():
        place = Place()
        for act, *what in acts:
            for who, whose in getattr(place, act)(*what):
                place.look(who, whose)
        for who in VIEWERS:
            place.look(who, LEARNERS[len(acts) % 2])
        place.what_was_noted()
        transaction.set_rollback(True)
