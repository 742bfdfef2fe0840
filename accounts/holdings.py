"""What accounts keeps of people, and the apps below it: allauth, sessions, the administration's log."""

from accounts import (
    arrivals,
    deletions,
    digests,
    letters,
    notices,
    retention,
    share_links,
    sightings,
    takeouts,
)
from accounts.models import CohortInvitation, Invitation, Letter
from accounts.register import MACHINERY, OTHERS, SECRET, Back, Line, Taken, add, add_content

TRIES = dict.fromkeys(("send_at", "attempts"), MACHINERY)
LINK = {"nonce": SECRET, "token_hash": SECRET}

add(
    Line(
        "accounts.User",
        of=("pk",),
        taken=(Taken("account", without={"password": SECRET}),),
        kept="until its owner deletes it; 14 days of grace after that",
    ),
    Line(
        "accounts.Profile",
        of=("user",),
        taken=(
            Taken(
                "profile",
                back=Back(
                    values=("headline", "about", "time_zone", "shows_skills", "digest_hour"),
                    fills=True,
                ),
            ),
        ),
    ),
    Line(
        "accounts.Block",
        of=("blocker", "blocked"),
        taken=(Taken("blocks", of=("blocker",)),),  # whom one blocked; never by whom one is blocked
    ),
    Line(
        "accounts.Mentorship",
        of=("mentor", "learner"),
        taken=(Taken("mentorships"),),
        loses=("ended_by",),
        stays="Somebody who leaves may have ended a mentorship of two others.",
    ),
    Line(
        "accounts.Invitation",
        of=("inviter",),
        taken=(Taken("invitations", without=LINK | TRIES),),
        goes="Invitations to an address of the person go, too.",
        also=lambda person: Invitation.objects.filter(deletions.addressed_to(person, "email")),
        kept="90 days after it could be answered",
        forget=retention.forget_invitations,
    ),
    Line(
        "accounts.Cohort",
        because="It is of all its members. What one was in it stands under memberships.",
        loses=("ended_by",),
        stays="It is of all its members.",
        kept="until staff delete it",
    ),
    Line(
        "accounts.Membership",
        of=("person",),
        taken=(Taken("memberships"),),
        loses=("ended_by",),
        stays="An organiser who leaves has ended memberships of others.",
    ),
    Line(
        "accounts.CohortInvitation",
        of=("made_by",),
        taken=(Taken("cohort-invitations", without=LINK | TRIES),),
        goes="Letters to an address of the person go, too.",
        also=lambda person: CohortInvitation.objects.filter(
            deletions.addressed_to(person, "email")
        ),
        kept="90 days after it could be answered",
        forget=retention.forget_invitations,
    ),
    Line(
        "accounts.Notice",
        of=("recipient", "actor"),
        goes="Notices to others that lead to a page of the person go, too.",
        also=deletions.notices_that_lead_to,
        taken=(Taken("notices", of=("recipient",), without={"digest": MACHINERY}),),
        kept="90 days after it was read; a year if nobody reads it",
        forget=notices.remove_old,
    ),
    Line("accounts.NoticeChoice", of=("user",), taken=(Taken("notice-choices", back=Back()),)),
    Line(
        "accounts.Digest",
        of=("recipient",),
        because="It says only that a daily letter was made; its notices are there.",
        kept="90 days, and as long as a notice of it is there",
        forget=digests.remove_old,
    ),
    Line(
        "accounts.Letter",
        of=("recipient",),
        because="It is a notice, which is there, or holds a code: a secret.",
        goes="Letters to an address of the person go, too.",
        also=lambda person: Letter.objects.filter(deletions.addressed_to(person, "address")),
        kept="30 days after it was sent; 90 days after it was given up",
        forget=letters.remove_old,
    ),
    Line(
        "accounts.Sighting",
        of=("owner",),
        taken=(Taken("who-looked", without={"thing": MACHINERY, "hour": MACHINERY}),),
        loses=("viewer",),
        stays="Its owner may know that somebody looked.",
        kept="12 months",
        forget=sightings.forget_old,
    ),
    Line(
        "accounts.Takeout",
        of=("person",),
        because=MACHINERY,
        goes="Its file goes with it.",
        remove=takeouts.remove,
        kept="7 days after it was made",
        forget=takeouts.remove_old,
    ),
    Line(
        "accounts.ShareLink",
        of=("owner",),
        taken=(Taken("share-links", without={"token_hash": SECRET}),),
        kept="12 months after it has ended",
        forget=share_links.forget_old,
    ),
    Line(
        "accounts.Visit",
        of=("link__owner",),
        taken=(
            Taken(
                "share-links.visits",
                via="link",
                without={"visitor": MACHINERY, "thing": MACHINERY, "hour": MACHINERY},
            ),
        ),
        kept="12 months",
        forget=share_links.forget_old,
    ),
    Line(
        "accounts.Arrival",
        of=("person",),
        because=MACHINERY,
        goes="Its file goes with it.",
        remove=arrivals.remove,
        kept="7 days; its file only until it was read in",
        forget=arrivals.remove_old,
    ),
    Line(
        "accounts.Deletion",
        because=MACHINERY,
        loses=("person",),
        stays="It says that an account was deleted, and when; not whose.",
        kept="30 days after it was finished",
        forget=deletions.forget_old,
    ),
    # Apps below ours
    Line("account.EmailAddress", of=("user",), taken=(Taken("email-addresses"),)),
    Line(
        "account.EmailConfirmation",
        of=("email_address__user",),
        because=SECRET,
        kept="7 days",
        forget=retention.forget_confirmations,
    ),
    Line(
        "mfa.Authenticator",
        of=("user",),
        taken=(Taken("sign-in-methods", without={"data": SECRET}),),
    ),
    Line("socialaccount.SocialAccount", of=("user",), taken=(Taken("connected-accounts"),)),
    Line("socialaccount.SocialToken", of=("account__user",), because=SECRET),
    Line(
        "usersessions.UserSession",
        of=("user",),
        taken=(Taken("devices", without={"session_key": SECRET, "data": MACHINERY}),),
        kept="until signed out, or 14 days after the last visit",
        forget=retention.forget_sessions,
    ),
    Line(
        "sessions.Session",
        because=SECRET,
        goes="All sessions end when deletion is asked for.",
        also=deletions.sessions_of,
        kept="14 days after the last visit",
        forget=retention.forget_sessions,
    ),
    Line(
        "admin.LogEntry",
        of=("user",),
        because=OTHERS,
        goes="Entries about rows of the person lose their words.",
        kept="two years",
        forget=retention.forget_log_entries,
    ),
)
add_content(
    "auth.Group",
    "auth.Permission",
    "contenttypes.ContentType",
    "socialaccount.SocialApp",
)
