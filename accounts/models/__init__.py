from accounts.models.arrivals import Arrival
from accounts.models.blocks import Block
from accounts.models.cohorts import Cohort, CohortInvitation, Membership, Part
from accounts.models.deletions import Deletion
from accounts.models.letters import Digest, Letter
from accounts.models.mentorships import Invitation, Mentorship
from accounts.models.notices import Notice, NoticeChoice
from accounts.models.people import Profile, User
from accounts.models.share_links import ShareLink, Visit
from accounts.models.sightings import Sighting
from accounts.models.takeouts import Takeout

__all__ = [
    "Arrival",
    "Block",
    "Cohort",
    "CohortInvitation",
    "Deletion",
    "Digest",
    "Invitation",
    "Letter",
    "Membership",
    "Mentorship",
    "Notice",
    "NoticeChoice",
    "Part",
    "Profile",
    "ShareLink",
    "Sighting",
    "Takeout",
    "User",
    "Visit",
]
