"""Who guides whom, and the invitations that lead there."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class MentorshipQuerySet(models.QuerySet):
    def active(self):
        return self.filter(ended_at=None)

    def in_force(self):
        """Active ones in which both people may still sign in: what opens pages and gives rights."""
        return self.active().filter(mentor__is_active=True, learner__is_active=True)

    def between(self, *, mentor, learner):
        return self.filter(mentor=mentor, learner=learner)

    def of(self, user):
        return self.filter(Q(mentor=user) | Q(learner=user))


class Mentorship(models.Model):
    """One mentor guiding one learner, until either of them ends it."""

    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentorships_as_mentor"
    )
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentorships_as_learner"
    )
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = MentorshipQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mentor", "learner"],
                condition=Q(ended_at=None),
                name="mentorship_one_active_per_pair",
            ),
            models.CheckConstraint(
                condition=~Q(mentor=F("learner")), name="mentorship_not_with_oneself"
            ),
        ]

    def __str__(self):
        return f"{self.mentor} mentors {self.learner}"

    @property
    def is_active(self) -> bool:
        return self.ended_at is None


#: How often the letter of an invitation is tried.
MAX_ATTEMPTS = 5


class InvitationQuerySet(models.QuerySet):
    def open(self):
        """Not answered, not expired, and sent by somebody who is still here."""
        return self.filter(answered_at=None, expires_at__gt=timezone.now(), inviter__is_active=True)


class Invitation(models.Model):
    """One person asks another, by e-mail, to be their mentor or their learner.

    The secret of the link is rebuilt from the nonce and the site's key (see accounts.invitations)
    and found by its hash: whoever reads the table cannot use it.
    """

    class Seeks(models.TextChoices):
        LEARNER = "learner", "a learner to mentor"
        MENTOR = "mentor", "a mentor"

    class Answer(models.TextChoices):
        ACCEPTED = "accepted"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    inviter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="invitations_sent"
    )
    seeks = models.CharField(max_length=7, choices=Seeks)
    email = models.EmailField()
    message = models.CharField(max_length=500, blank=True)
    nonce = models.CharField(max_length=43, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_at = models.DateTimeField(default=timezone.now)
    send_at = models.DateTimeField(default=timezone.now, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    expires_at = models.DateTimeField()
    answer = models.CharField(max_length=9, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    mentorship = models.ForeignKey(
        Mentorship, models.SET_NULL, null=True, blank=True, related_name="invitations"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | ~Q(answer="") & Q(answered_at__isnull=False),
                name="invitation_answer_has_a_moment",
            ),
        ]

    def __str__(self):
        return f"{self.inviter} seeks {self.get_seeks_display()}"

    @property
    def is_open(self) -> bool:
        is_unanswered = self.answered_at is None and self.expires_at > timezone.now()
        return is_unanswered and self.inviter.is_active

    @property
    def was_given_up(self) -> bool:
        """Whether every attempt to send the letter failed."""
        return self.sent_at is None and self.attempts >= MAX_ATTEMPTS
