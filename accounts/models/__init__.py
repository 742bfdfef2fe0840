from accounts.models.mentorships import Invitation, Mentorship
from accounts.models.people import Profile, User

__all__ = ["Invitation", "Mentorship", "Profile", "User"]
