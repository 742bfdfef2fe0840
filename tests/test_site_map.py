"""Every address as every person, by every method. An address that nobody declared here fails.

Ada owns a private project, Grace mentors her, Alan did until a second ago, Eve has nothing to do
with them, Katherine is staff (who has the admin and the cohorts, and no other way in), and Linus has
no account. In their cohort Ada learns, Grace mentors and Alan did; Eve organises another one.
"""

from contextlib import contextmanager
from datetime import timedelta
from itertools import product
from urllib.parse import unquote, urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from accounts import invitations, kinds, mentorships, notices, unsubscribing
from accounts.models import Invitation, Mentorship
from curriculum import canvases, notes, own_resources, practice, study_sessions
from curriculum.models import ResourceLink, Role
from portfolio import disputes, images, resumes, reviews
from portfolio.models import CheckRun, Project, Repository, Review
from tests.factories import (
    enroll,
    make_check_run,
    make_cohort,
    make_cohort_invitation,
    make_mentorship,
    make_mock_interview,
    make_own_role,
    make_project,
    make_question,
    make_role,
    make_share_link,
    make_skill,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.once

#: A red dot of one pixel, as PNG.
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
PEOPLE = ["linus", "eve", "alan", "grace", "ada", "katherine"]
SIGN_IN = "sign in"  # sent to the sign-in page, and back afterwards
ABSENT = 404


def everybody(status=200):
    return dict.fromkeys(PEOPLE, status)


def members(status=200, **others):
    """Signed-in people get `status`; Linus is sent to sign in."""
    return everybody(status) | {"linus": SIGN_IN} | others


def only(*people, status=200, linus=SIGN_IN):
    """These people get `status`; for everybody else it does not exist."""
    return everybody(ABSENT) | {"linus": linus} | dict.fromkeys(people, status)


#: What GET answers, by route and person.
GET = {
    "favicon": everybody(302),
    "healthz": everybody(),
    "readyz": everybody(503),  # no broker here
    "accounts:profile": members(),
    "accounts:seen": members(),
    "accounts:sharing": members(),
    "accounts:revoke_share_link": members(405),
    "accounts:open_share_link": everybody(302),  # whoever holds the token; leads to Ada's page
    "accounts:takeout": members(),
    "accounts:takeout_file": members(302),  # asks once more who it is
    "accounts:bring_takeout": members(),
    "accounts:load_takeout": members(405),
    "accounts:drop_takeout": members(405),
    "accounts:delete_account": members(302),  # likewise
    "accounts:keep_account": everybody(ABSENT),  # for whoever holds a link that is still good
    "accounts:cohorts": members(),
    "accounts:cohort_new": only("katherine"),
    "accounts:cohort_invitation": everybody() | {"ada": 302, "grace": 302},  # they are in it
    "accounts:cohort_edit": only("katherine"),
    "accounts:cohort_end": only("katherine"),  # asks first
    "accounts:cohort_invite": only("katherine"),
    "accounts:withdraw_cohort_invitation": members(405),
    "accounts:remove_member": only("katherine"),  # asks first
    "accounts:leave_cohort": only("ada", "grace"),  # asks first
    "accounts:notices": members(),
    "accounts:notice": only("ada", status=302),  # leads to its page
    "accounts:mark_read": members(405),
    "accounts:mark_all_read": members(405),
    "accounts:notice_choices": members(),
    "accounts:unsubscribe": everybody(),  # whoever holds the link of a letter; asks first
    "accounts:mentorships": members(),
    "accounts:invite": members(405),
    "accounts:end_mentorship": only("ada", "grace"),  # asks first
    "accounts:block": only("grace", "alan"),  # those who have or had to do with Ada
    "accounts:unblock": members(405),
    "accounts:answer_invitation": only(),  # for whoever has the address that was invited
    "accounts:withdraw_invitation": members(405),
    "accounts:invitation": everybody(),  # whoever holds the secret of the link
    "curriculum:roadmap": everybody(),
    "curriculum:module": everybody(),
    "curriculum:unit": everybody(),
    "curriculum:complete_unit": everybody(405),
    "curriculum:reopen_unit": everybody(405),
    "curriculum:skip_unit": everybody(405),
    "curriculum:unskip_unit": everybody(405),
    "curriculum:skip_module": everybody(405),
    "curriculum:unskip_module": everybody(405),
    "curriculum:write_note": everybody(405),
    "curriculum:add_own_resource": everybody(405),
    "curriculum:record_study": everybody(405),
    "curriculum:start_study": everybody(405),
    "curriculum:notes": members(),
    "curriculum:own_resource": only("ada"),
    "curriculum:remove_own_resource": only("ada"),  # asks first
    "curriculum:study_session": only("ada"),
    "curriculum:stop_study": members(405),
    "curriculum:delete_study_session": only("ada"),  # asks first
    "curriculum:practice": members(),
    "curriculum:next_card": members(405),
    "curriculum:practice_settings": members(),
    "curriculum:pause_practice": members(405),
    "curriculum:resume_practice": members(405),
    "curriculum:card": only("ada"),
    "curriculum:reveal": members(405),
    "curriculum:grade": members(405),
    "curriculum:set_aside_card": members(405),
    "curriculum:take_up_card": members(405),
    "curriculum:undo_attempt": members(405),
    "curriculum:asked": members(),
    "curriculum:share_asked": members(405),
    "curriculum:asked_entry": only("ada"),
    "curriculum:delete_asked": only("ada"),  # asks first
    "curriculum:mock_interviews": members(),
    "curriculum:propose_mock_interview": members(),
    "curriculum:welcome_peers": members(405),
    "curriculum:mock_interview": only("ada", "grace"),
    "curriculum:agree_on_mock_interview": members(405),
    "curriculum:mock_interview_times": only("ada", "grace"),
    "curriculum:mock_interview_place": members(405),
    "curriculum:cancel_mock_interview": only("ada", "grace"),  # asks first
    "curriculum:mock_interview_file": only("ada", "grace"),
    "curriculum:mock_interview_plan": members(405),
    "curriculum:mock_interview_sheet": only("grace"),
    "curriculum:mock_interview_note": members(405),
    "curriculum:mock_follow_ups": members(405),
    "curriculum:questions": everybody(),
    "curriculum:question": everybody(),
    "curriculum:practise": everybody(405),
    "curriculum:canvas": members(),
    "curriculum:exercise": everybody(),
    "curriculum:declare_result": everybody(405),
    "curriculum:skills": everybody(),
    "curriculum:skill": everybody(),
    "curriculum:declare_skill": everybody(405),
    "curriculum:take_back_skill": everybody(405),
    "curriculum:background": members(),
    "curriculum:role_new": members(),
    "curriculum:role_confirm": everybody(405),
    "curriculum:role_edit": only("ada"),
    "curriculum:role_delete": only("ada"),  # asks first
    "curriculum:aim_for_role": everybody(405),
    "curriculum:ladder": everybody(),
    "curriculum:enrollment": members(),
    "curriculum:plan": members(),
    "curriculum:study": members(),
    "curriculum:resource_links": only("katherine"),
    "curriculum:look_again": everybody(405),
    "portfolio:home": everybody(),
    "portfolio:search": everybody(),
    "portfolio:history": members(),
    "portfolio:checks": everybody(),
    "portfolio:showcase": members(),
    "portfolio:breadth": members(),
    "portfolio:projects": members(),
    "portfolio:project_new": members(),
    "portfolio:project": only("ada"),
    "portfolio:project_edit": only("ada"),
    "portfolio:project_delete": only("ada"),
    "portfolio:case_study": only("ada"),
    "portfolio:repository_link": members(405),
    "portfolio:repository_unlink": members(405),
    "portfolio:repository_relink": members(405),
    "portfolio:switch_webhook": members(405),
    "portfolio:give_access": only("ada", status=302),  # asks who it is once more
    "portfolio:withdraw_access": members(405),
    "portfolio:webhook": everybody(405),
    "portfolio:request_check_run": members(405),
    "portfolio:request_review": only("ada", status=302),  # there is an open request: to it
    "portfolio:withdraw_review": members(405),
    "portfolio:project_claims": only("ada"),
    "portfolio:measurements": only("ada"),
    "portfolio:measurement_new": only("ada"),
    "portfolio:measurement": only("ada"),
    "portfolio:measurement_delete": only("ada"),  # asks first
    "portfolio:measurement_move": members(405),
    "portfolio:remove_claim": members(405),
    "portfolio:review": only("ada", "grace"),
    "portfolio:claim_review": members(405),
    "portfolio:save_draft": members(405),
    "portfolio:renew_claim": members(405),
    "portfolio:give_back_review": members(405),
    "portfolio:decline_review": only("grace"),
    "portfolio:second_opinion": members(405),
    "portfolio:rate_helpfulness": members(405),
    "portfolio:report_review": only("ada", "grace"),
    "portfolio:review_file": only(),  # no worker has listed the commit
    "portfolio:edit_comment": only("grace"),
    "portfolio:remove_comment": members(405),
    "portfolio:answer_comment": members(405),
    "portfolio:settle_comment": members(405),
    "portfolio:snippets": members(),
    "portfolio:edit_snippet": only("grace"),
    "portfolio:remove_snippet": members(405),
    "portfolio:kept_draft": only("grace"),
    "portfolio:save_note": members(405),
    "portfolio:repository_checks": only("ada", "grace", status=302, linus=ABSENT),
    "portfolio:check_run": only("ada", "grace", linus=ABSENT),
    "portfolio:dispute_finding": only("ada"),
    "portfolio:dispute": only("grace"),
    "portfolio:roles": everybody(),
    "portfolio:role": only("ada", "grace", linus=ABSENT),  # Ada's own, for which she aims
    "portfolio:role_compare": everybody(),
    "portfolio:evidence": members(),
    "portfolio:cohort": only("katherine"),
    "portfolio:cohort_export": only("katherine"),
    "portfolio:images": only("ada"),
    "portfolio:image": only("ada", "grace", linus=ABSENT),
    "portfolio:image_words": only("ada"),
    "portfolio:image_move": members(405),
    "portfolio:image_remove": only("ada"),  # asks first
    "portfolio:contributions": only("ada"),
    "portfolio:look_at_contribution": members(405),
    "portfolio:remove_contribution": members(405),
    "portfolio:defences": members(),
    "portfolio:defend": members(405),
    "portfolio:defend_resume": members(405),
    "portfolio:stories": members(),
    "portfolio:story_new": members(),
    "portfolio:story": only("ada"),
    "portfolio:story_delete": only("ada"),  # asks first
    "portfolio:resumes": members(),
    "portfolio:resume_new": members(),
    "portfolio:resume_import": members(),
    "portfolio:resume_import_confirm": members(405),
    **{
        f"portfolio:{name}": only("ada")
        for name in (
            "resume", "resume_edit", "resume_delete", "resume_preview", "resume_entry_new",
            "resume_entry", "resume_entry_delete", "resume_line_new", "resume_line",
            "resume_line_delete", "resume_file",
        )
    },
    "portfolio:resume_publish": members(405),
    "portfolio:public_resume": only("ada", "grace", linus=ABSENT),
    "portfolio:public_resume_file": only("ada", "grace", linus=ABSENT),
    "portfolio:resume_arrange": members(405),
    "portfolio:desk": members(),
    "portfolio:learner": only("grace"),
    "portfolio:profile": only("ada", "grace", linus=ABSENT),
    "portfolio:public_project": only("ada", "grace", linus=ABSENT),
    "portfolio:profile_card": everybody(ABSENT),  # of public pages only, for everybody alike
    "portfolio:profile_feed": everybody(ABSENT),
    "portfolio:project_card": everybody(ABSENT),
    "portfolio:badge": everybody(ABSENT),
    "portfolio:own_badge": only("ada"),
    "portfolio:verify_claim": only("ada", "grace", linus=ABSENT),
    "portfolio:verify_review": only(linus=ABSENT),  # only one that was sent
    "portfolio:verify_measurement": only("ada", "grace", linus=ABSENT),
    "portfolio:begin_review": only("grace"),
    "portfolio:write_review": only("grace"),
}  # fmt: skip

#: What an empty POST answers. Routes that are not here take none: 405, or the sign-in page first.
POST = {
    "accounts:profile": members(422),
    "accounts:sharing": members(422),
    "accounts:revoke_share_link": only("ada", status=302),
    "accounts:takeout": members(302),
    "accounts:bring_takeout": members(422),
    "accounts:load_takeout": members(302),
    "accounts:drop_takeout": members(302),
    "accounts:delete_account": members(302),
    "accounts:keep_account": everybody(ABSENT),
    "accounts:cohort_new": only("katherine", status=422),
    "accounts:cohort_invitation": everybody() | {"ada": 302, "grace": 302},
    "accounts:cohort_edit": only("katherine", status=422),
    "accounts:cohort_end": only("katherine", status=302),
    "accounts:cohort_invite": only("katherine", status=422),
    "accounts:withdraw_cohort_invitation": only("katherine", status=302),
    "accounts:remove_member": only("katherine", status=302),
    "accounts:leave_cohort": only("ada", "grace", status=302),
    "accounts:mark_read": only("ada", status=302),
    "accounts:mark_all_read": members(302),
    "accounts:notice_choices": members(422),
    "accounts:unsubscribe": everybody(),
    "accounts:invite": members(422),
    "accounts:end_mentorship": only("ada", "grace", status=302),
    "accounts:block": only("grace", "alan", status=302),
    "accounts:unblock": only(),
    "accounts:answer_invitation": only(),
    "accounts:withdraw_invitation": only("ada", status=302),
    "accounts:invitation": everybody(),  # without an answer it is the question again
    "curriculum:complete_unit": members(302),
    "curriculum:reopen_unit": members(302),
    "curriculum:skip_unit": members(302),
    "curriculum:unskip_unit": members(302),
    "curriculum:skip_module": members(302),
    "curriculum:unskip_module": members(302),
    "curriculum:declare_skill": members(422),
    "curriculum:take_back_skill": members(302),
    "curriculum:background": members(302),
    "curriculum:role_new": members(422),
    "curriculum:role_confirm": members(422),
    "curriculum:role_edit": only("ada", status=422),
    "curriculum:role_delete": only("ada", status=302),
    "curriculum:write_note": members(302, ada=409),  # her note is not the one this began with
    "curriculum:add_own_resource": members(422),
    "curriculum:record_study": members(422),
    "curriculum:start_study": members(302),
    "curriculum:own_resource": only("ada", status=422),
    "curriculum:remove_own_resource": only("ada", status=302),
    "curriculum:study_session": only("ada", status=422),
    "curriculum:stop_study": only("ada", status=302),
    "curriculum:delete_study_session": only("ada", status=302),
    "curriculum:next_card": members(302),
    "curriculum:practice_settings": members(422),
    "curriculum:pause_practice": members(302),
    "curriculum:resume_practice": members(302),
    "curriculum:reveal": only("ada", status=422),
    "curriculum:grade": only("ada", status=302),
    "curriculum:set_aside_card": only("ada", status=302),
    "curriculum:take_up_card": only("ada", status=302),
    "curriculum:undo_attempt": only("ada", status=302),
    "curriculum:asked": members(422),
    "curriculum:share_asked": members(302),
    "curriculum:asked_entry": only("ada", status=422),
    "curriculum:delete_asked": only("ada", status=302),
    "curriculum:propose_mock_interview": members(422),
    "curriculum:welcome_peers": members(302),
    "curriculum:agree_on_mock_interview": only("ada", "grace", status=302),
    "curriculum:mock_interview_times": only("ada", "grace", status=422),
    "curriculum:mock_interview_place": only("ada", "grace", status=422),
    "curriculum:cancel_mock_interview": only("ada", "grace", status=422),
    "curriculum:mock_interview_plan": only(),  # changes a question of the plan
    "curriculum:mock_interview_sheet": only("grace", status=422),
    "curriculum:mock_interview_note": only("grace", status=302),
    "curriculum:mock_follow_ups": only(),  # only of one that was held
    "curriculum:practise": members(302),
    "curriculum:canvas": members(302, ada=409),  # her design is not the one this began with
    "curriculum:declare_result": members(422),
    "portfolio:images": only("ada", status=422),
    "portfolio:image_words": only("ada", status=422),
    "portfolio:image_move": only("ada", status=302),
    "portfolio:image_remove": only("ada", status=302),
    "portfolio:contributions": only("ada", status=422),
    "portfolio:look_at_contribution": only("ada", status=302),
    "portfolio:remove_contribution": only("ada", status=302),
    "portfolio:defend": only("ada", status=302),
    "portfolio:defend_resume": only("ada", status=302),
    "portfolio:story_new": members(422),
    "portfolio:story": only("ada", status=422),
    "portfolio:story_delete": only("ada", status=302),
    "portfolio:resume_import": members(422),
    "portfolio:resume_import_confirm": members(422),
    "portfolio:resume_new": members(302),  # what its role and name are is optional
    "portfolio:resume_edit": only("ada", status=422),
    "portfolio:resume_delete": only("ada", status=302),
    "portfolio:resume_arrange": only(),  # a button says what
    "portfolio:resume_publish": only("ada", status=302),
    "portfolio:resume_entry_new": only("ada", status=422),
    "portfolio:resume_entry": only("ada", status=422),
    "portfolio:resume_entry_delete": only("ada", status=302),
    "portfolio:resume_line_new": only("ada", status=422),
    "portfolio:resume_line": only("ada", status=422),
    "portfolio:resume_line_delete": only("ada", status=302),
    "curriculum:aim_for_role": members(302),
    "curriculum:enrollment": members(422),
    "curriculum:look_again": only("katherine", status=302),
    "portfolio:showcase": members(302),  # no choice, which is one
    "portfolio:project_new": members(422),
    "portfolio:project_edit": only("ada", status=422),
    "portfolio:project_delete": only("ada", status=302),
    "portfolio:case_study": only("ada", status=409),  # not of the texts as they are now
    "portfolio:repository_link": only("ada", status=422),
    "portfolio:repository_unlink": only("ada", status=302),
    "portfolio:repository_relink": only(),  # only while another repository has the name
    "portfolio:switch_webhook": only("ada", status=302),
    "portfolio:give_access": only("ada", status=302),
    "portfolio:withdraw_access": only("ada", status=302),
    "portfolio:webhook": everybody(ABSENT),  # unsigned
    "portfolio:request_check_run": only("ada", status=302),
    "portfolio:request_review": only("ada", status=302),
    "portfolio:withdraw_review": only("ada", status=302),
    "portfolio:project_claims": only("ada", status=422),
    "portfolio:measurement_new": only("ada", status=422),
    "portfolio:measurement": only("ada", status=422),
    "portfolio:measurement_delete": only("ada", status=302),
    "portfolio:measurement_move": only("ada", status=302),
    "portfolio:remove_claim": only("ada", status=302),
    "portfolio:claim_review": only("grace", status=302) | {"ada": ABSENT},
    "portfolio:write_review": only("grace", status=422),
    "portfolio:report_review": only("ada", "grace", status=422),
    "portfolio:save_draft": only("grace", status=302),
    "portfolio:renew_claim": only("grace", status=302),
    "portfolio:give_back_review": only("grace", status=302),
    "portfolio:decline_review": only("grace", status=422),
    "portfolio:second_opinion": only("ada", "grace", status=302),
    "portfolio:rate_helpfulness": only(),  # only of a review that was sent
    "portfolio:review_file": only(),
    "portfolio:edit_comment": only("grace", status=422),
    "portfolio:remove_comment": only("grace", status=302),
    "portfolio:answer_comment": only("grace", status=302),
    "portfolio:settle_comment": only(),  # only one that went out
    "portfolio:begin_review": only("grace", status=302),
    "portfolio:snippets": members(422),
    "portfolio:edit_snippet": only("grace", status=422),
    "portfolio:remove_snippet": only("grace", status=302),
    "portfolio:kept_draft": only("grace", status=302),
    "portfolio:save_note": only("grace", status=302),
    "portfolio:dispute_finding": only("ada", status=422),
    "portfolio:dispute": only("grace", status=422),
}

#: Pages of allauth and of the admin have their own tests; here they must only not break or leak.
ELSEWHERE = ("account_", "mfa_", "socialaccount_", "usersessions_", "github_", "admin:", "?")


def routes(resolver=None, namespaces=()):
    """The name of every route of the site."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield ":".join([*namespaces, entry.name or "?"])
        else:
            yield from routes(entry, (*namespaces, *filter(None, [entry.namespace])))


OTHERS = ["put", "patch", "delete"]
OURS = sorted(name for name in set(routes()) if not name.startswith(ELSEWHERE))


@pytest.fixture
def place(ada, grace, eve, katherine, hub, settings, tmp_path):
    """One of everything, and the address of each route there."""
    settings.IMAGE_DIR = tmp_path / "media"
    hub.add("ada/engine", {"README.md": "# Engine\n"})
    alan = make_user("Alan Oyelaran")
    ended = timezone.now()
    make_mentorship(mentor=alan, learner=ada, started_at=ended, ended_at=ended)
    unit = make_unit(slug="loops")
    skill, role = make_skill(slug="python"), make_role(slug="junior")
    own = make_own_role(ada, skill)
    enroll(ada, unit, target_role=own)
    project = make_project(ada, slug="engine", title="Engine", repository="ada/engine")
    run = make_check_run(project, ("readme", "passed"), ("tests", "failed"), tree_sha="7e" * 20)
    finding = run.findings.get(check_name="tests")
    dispute = disputes.raise_dispute(finding, by=ada, sentence="They are there.")
    asked = reviews.request(project, question="Is it honest?")
    other = make_project(ada, slug="wheels", title="Wheels", repository="ada/wheels")
    make_check_run(other)
    held = reviews.begin(other, grace)
    comment = held.comments.create(
        author=grace, full_name="ada/wheels", head_sha="a1" * 20, path="a.py", line=1, body="Why?"
    )
    lost = held.drafts.model.objects.create(review=asked, mentor=grace, words={"body": "Lost."})
    snippet = grace.snippets.create(title="Run it", text="Say how to run it.")
    claim = project.claims.create(skill=skill, level=2)
    number = project.measurements.create(metric="Error", result="38.7", direction="lower")
    picture = images.add(project, DOT, alt="A red dot")
    pull = project.contributions.create(full_name="pandas-dev/pandas", number=12)
    notes.write(ada, unit, "Off by one.")
    link = own_resources.add(ada, unit, title="Loops", url="https://example.org/loops")
    session = study_sessions.record(ada, unit, minutes=45)
    coding = make_question(slug="two-sum-pairs", format="coding")
    design = make_question(slug="design-it", format="system-design")
    canvases.write(ada, design, {"framing": "Who decides?"}, [])
    card = practice.take(ada, coding)
    practice.reveal(card, version=0)
    attempt = practice.grade(card, 3, version=0)
    line = ada.asked.create(asked_on=timezone.localdate(), format="coding", words="Two sum?")
    story = ada.stories.create(title="The leak")
    mock = make_mock_interview(ada, grace, agreed=timezone.now() + timedelta(days=1))
    resume = resumes.create(ada, name="Junior", role=None)
    resumes.publish(resume)
    entry = ada.resume_entries.get(project=project)
    written = entry.lines.first()
    invitation, secret = mentorships.invite(ada, "linus@example.net", Invitation.Seeks.MENTOR)
    cohort = make_cohort(slug="spring", mentors=[grace, alan], learners=[ada])
    cohort.memberships.filter(person=alan).update(left_at=ended)
    make_cohort(slug="other", organisers=[eve])
    way = make_cohort_invitation(cohort, katherine)
    share_link, token = make_share_link(ada)
    dead = ResourceLink.objects.create(url="https://example.org/dead")
    notice = notices.tell(
        ada, kinds.REVIEW_ARRIVED, key="review 1", path="/projects/engine/", actor=grace
    )
    repository, mentorship = project.repositories.get(), grace.mentorships_as_mentor.get()
    arguments = {
        "curriculum:module": [unit.module.slug],
        "curriculum:skip_module": [unit.module.slug],
        "curriculum:unskip_module": [unit.module.slug],
        "curriculum:skill": [skill.slug],
        "curriculum:declare_skill": [skill.slug],
        "curriculum:take_back_skill": [skill.slug],
        "curriculum:role_edit": [own.slug],
        "curriculum:role_delete": [own.slug],
        "portfolio:role": [own.slug],
        "curriculum:own_resource": [link.pk],
        "curriculum:look_again": [dead.pk],
        "curriculum:remove_own_resource": [link.pk],
        "curriculum:study_session": [session.pk],
        "curriculum:stop_study": [session.pk],
        "curriculum:delete_study_session": [session.pk],
        "accounts:keep_account": ["1.1:a-link-of-somebody-else"],
        "accounts:notice": [notice.pk],
        "accounts:mark_read": [notice.pk],
        "accounts:unsubscribe": [unsubscribing.link(ada, "review_claimed").split("/")[-2]],
        **{
            f"curriculum:{name}": [card.pk]
            for name in ("card", "reveal", "grade", "set_aside_card", "take_up_card")
        },
        "curriculum:undo_attempt": [attempt.pk],
        "curriculum:asked_entry": [line.pk],
        "curriculum:delete_asked": [line.pk],
        **{
            f"curriculum:{name}": [coding.slug]
            for name in ("question", "practise", "exercise", "declare_result")
        },
        "curriculum:canvas": [design.slug],
        **{
            f"portfolio:{name}": [resume.pk]
            for name in (
                "resume",
                "resume_edit",
                "resume_delete",
                "resume_preview",
                "resume_arrange",
                "resume_publish",
                "defend_resume",
            )
        },
        "portfolio:resume_file": [resume.pk, "json"],
        "portfolio:public_resume": ["ada-nwosu"],
        "portfolio:public_resume_file": ["ada-nwosu", "txt"],
        "portfolio:resume_entry_new": [resume.pk, "education"],
        **{
            f"portfolio:{name}": [resume.pk, entry.pk]
            for name in ("resume_entry", "resume_entry_delete", "resume_line_new")
        },
        "portfolio:resume_line": [resume.pk, written.pk],
        "portfolio:resume_line_delete": [resume.pk, written.pk],
        "portfolio:story": [story.pk],
        "portfolio:story_delete": [story.pk],
        "accounts:revoke_share_link": [share_link.pk],
        "accounts:open_share_link": [token],
        "accounts:end_mentorship": [mentorship.pk],
        "accounts:cohort_invitation": [invitations.secret_of(way)],
        "accounts:withdraw_cohort_invitation": ["spring", way.pk],
        "accounts:remove_member": ["spring", cohort.memberships.get(person=ada).pk],
        "accounts:block": ["ada-nwosu"],
        "accounts:unblock": ["ada-nwosu"],
        "accounts:answer_invitation": [invitation.pk],
        "accounts:withdraw_invitation": [invitation.pk],
        "accounts:invitation": [secret],
        "portfolio:repository_unlink": ["engine", repository.pk],
        "portfolio:repository_relink": ["engine", repository.pk],
        "portfolio:switch_webhook": ["engine", repository.pk],
        "portfolio:give_access": ["engine", repository.pk],
        "portfolio:withdraw_access": ["engine", repository.pk],
        "portfolio:webhook": [repository.pk],
        "portfolio:repository_checks": [repository.pk],
        "portfolio:check_run": [run.pk],
        "portfolio:dispute_finding": [finding.pk],
        "portfolio:dispute": [dispute.pk],
        "portfolio:learner": ["ada-nwosu"],
        "portfolio:profile": ["ada-nwosu"],
        "portfolio:public_project": ["ada-nwosu", "engine"],
        "portfolio:profile_card": ["ada-nwosu"],
        "portfolio:profile_feed": ["ada-nwosu"],
        "portfolio:project_card": ["ada-nwosu", "engine"],
        "portfolio:badge": ["ada-nwosu", "engine"],
        "portfolio:own_badge": ["engine"],
        "portfolio:verify_claim": [claim.pk],
        "portfolio:verify_review": [asked.pk],
        "portfolio:verify_measurement": [number.pk],
        "portfolio:begin_review": ["ada-nwosu", "engine"],
        "portfolio:remove_claim": [claim.pk],
        "portfolio:image": [picture.key],
        **{
            f"portfolio:{name}": [picture.pk]
            for name in ("image_words", "image_move", "image_remove")
        },
        "portfolio:look_at_contribution": [pull.pk],
        "portfolio:remove_contribution": [pull.pk],
        **{
            f"portfolio:{name}": ["engine", number.pk]
            for name in ("measurement", "measurement_delete", "measurement_move")
        },
        "portfolio:edit_snippet": [snippet.pk],
        "portfolio:remove_snippet": [snippet.pk],
        "portfolio:kept_draft": [lost.pk],
        "portfolio:save_note": ["ada-nwosu"],
    }
    first_words = {"unit": [unit.slug], "role": [role.slug], "project": ["engine"]}
    first_words |= {
        name: [cohort.slug]
        for name in (
            "cohort", "cohort_export", "cohort_edit", "cohort_end", "cohort_invite", "leave_cohort",
        )
    }  # fmt: skip
    of_the_mock = [
        "mock_interview", "agree_on_mock_interview", "mock_interview_times", "mock_interview_place",
        "cancel_mock_interview", "mock_interview_file", "mock_interview_plan",
        "mock_interview_sheet", "mock_interview_note", "mock_follow_ups",
    ]  # fmt: skip
    arguments |= {f"curriculum:{name}": [mock.pk] for name in of_the_mock}
    of_the_held = [
        "write_review", "save_draft", "renew_claim", "give_back_review", "decline_review",
    ]  # fmt: skip
    arguments |= {f"portfolio:{name}": [held.pk] for name in of_the_held}
    of_the_asked = [
        "review", "claim_review", "second_opinion", "rate_helpfulness", "review_file",
        "report_review",
    ]  # fmt: skip
    arguments |= {f"portfolio:{name}": [asked.pk] for name in of_the_asked}
    about_lines = ["edit_comment", "remove_comment", "answer_comment", "settle_comment"]
    arguments |= {f"portfolio:{name}": [comment.pk] for name in about_lines}

    def address(route):
        if route in arguments:
            return reverse(route, args=arguments[route])
        name = route.partition(":")[2]
        takes_unit = (
            "complete_unit", "reopen_unit", "skip_unit", "unskip_unit", "write_note",
            "add_own_resource", "record_study", "start_study",
        )  # fmt: skip
        if name in takes_unit:
            return reverse(route, args=[unit.slug])
        if name == "aim_for_role":
            return reverse(route, args=[role.slug])
        outcomes = ("measurements", "measurement_new", "case_study")
        takes_project = (
            "project_edit",
            "project_delete",
            "repository_link",
            "request_check_run",
            "defend",
            "contributions",
            "images",
        )
        if name in (
            *takes_project,
            "request_review",
            "withdraw_review",
            "project_claims",
            *outcomes,
        ):
            return reverse(route, args=["engine"])
        return reverse(route, args=first_words.get(name, []))

    people = {"ada": ada, "grace": grace, "eve": eve, "katherine": katherine, "alan": alan}
    return people, address


def answer(response):
    """The status, or SIGN_IN for a redirect to the sign-in page that leads back."""
    if response.status_code == 302:
        target = urlsplit(response.url)
        if target.path == reverse(settings.LOGIN_URL) and "next=/" in unquote(target.query):
            return SIGN_IN
    return response.status_code


def test_every_address_is_declared_here():
    assert set(OURS) == set(GET)


#: One after the other in one place, in parts that run side by side.
PARTS = [OURS[part::4] for part in range(4)]


@contextmanager
def as_it_was():
    """What is done inside leaves the place as it was before."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    cache.clear()


@pytest.mark.parametrize("part", PARTS, ids=range(4))
def test_who_may_read(part, place, client):
    people, address = place
    for route in part:
        url = address(route)
        answers = {}
        with as_it_was():
            for person in PEOPLE:
                client.logout()
                if person in people:
                    client.force_login(people[person])
                answers[person] = answer(client.get(url))

        assert answers == GET[route], route


@pytest.mark.parametrize("part", PARTS, ids=range(4))
def test_who_may_not_change_anything(part, place, client):
    """Four people who have no part in it, one after the other; afterwards all is as it was."""
    people, address = place
    for route in part:
        url = address(route)
        with as_it_was():
            for person in ("linus", "eve", "alan", "katherine"):
                client.logout()
                if person in people:
                    client.force_login(people[person])
                assert_declared(route, person, answer(client.post(url)))

            assert _what_ada_has() == (1, 2, 2, 1, 1, 1, 1), route
            assert _what_ada_keeps(people["ada"]) == (1, 1, 1, 1, 1), route


@pytest.mark.parametrize("part", PARTS, ids=range(4))
def test_who_may_change(part, place, client):
    people, address = place
    for route, person in product(part, ["ada", "grace"]):
        with as_it_was():
            client.force_login(people[person])

            assert_declared(route, person, answer(client.post(address(route))))


def assert_declared(route, person, status):
    if route in POST:
        assert status == POST[route][person], (route, person)
    else:
        assert status in (405, SIGN_IN, ABSENT), (route, person)


def _what_ada_has():
    """One of each, still there and still open."""
    return (
        Project.objects.filter(title="Engine").count(),
        Repository.objects.count(),
        CheckRun.objects.count(),
        Review.objects.requested().count(),
        Mentorship.objects.active().filter(mentor__profile__name="Grace Halloran").count(),
        Invitation.objects.filter(inviter__profile__name="Ada Nwosu", answer="withdrawn").count()
        + Invitation.objects.open().count(),
        Role.objects.filter(title="Hers").count(),
    )


def _what_ada_keeps(ada):
    """Her unread notice, note, link, study time and résumé, as they were."""
    return (
        ada.notices.unread().count(),
        ada.notes.filter(text="Off by one.").count(),
        ada.own_resources.filter(title="Loops").count(),
        ada.study_sessions.filter(minutes=45).count(),
        ada.resumes.filter(name="Junior", entry_choices__entry__title="Engine").count(),
    )


def test_no_address_takes_another_method(place, client):
    people, address = place
    client.force_login(people["ada"])

    for route, method in product(OURS, OTHERS):
        status = getattr(client, method)(address(route)).status_code

        assert status in (404, 405), (route, method, status)


def test_the_admin_is_for_staff(place, client):
    people, _ = place
    for person in ("ada", "grace", "eve"):
        client.force_login(people[person])
        assert client.get("/admin/").status_code in (302, 403, 404)
    client.force_login(people["katherine"])
    assert client.get("/admin/").status_code == 200


def test_every_list_of_the_admin_opens(place, client, admin_pages):
    people, _ = place
    client.force_login(people["katherine"])

    assert {page: client.get(page).status_code for page in admin_pages} == dict.fromkeys(
        admin_pages, 200
    )


@pytest.fixture
def admin_pages():
    names = [name for name in set(routes()) if name.startswith("admin:")]
    return sorted(reverse(name) for name in names if name.endswith("_changelist"))


def test_allauths_pages_open_for_everybody_they_are_for(place, client):
    people, _ = place
    names = {name for name in routes() if name.startswith(ELSEWHERE[:-2])}
    for person in (None, "ada"):
        client.logout()
        if person:
            client.force_login(people[person])
        for name in names:
            try:
                url = reverse(name)
            except Exception:  # needs a key: its own test has one
                continue
            assert client.get(url).status_code < 500, url
