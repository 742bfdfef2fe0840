"""E-mails that are to leave, each a row until long after it has left."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.leases import is_due
from accounts.models.notices import Notice

#: No pause between two attempts is longer (accounts.letters: four hours).
LONGEST_WAIT = timedelta(hours=5)


class Digest(models.Model):
    """One person's daily letter: the day of their own calendar, and the notices it tells."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digests")
    day = models.DateField()  # in the recipient's time zone
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "day"], name="digest_once_per_person_and_day"
            ),
        ]

    def __str__(self):
        return f"{self.day}"


class LetterQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(sent_at=None, given_up_at=None)

    def due(self, now):
        return self.waiting().filter(is_due("due_at", now, longest=LONGEST_WAIT))

    def given_up(self):
        return self.exclude(given_up_at=None)


class Letter(models.Model):
    """An e-mail to one address, written down together with the fact it tells and sent by a task.

    That of a notice or a digest is composed when it is sent. One that allauth composed may hold a
    code: it is kept sealed (accounts.sealing), and erased once it was sent or given up.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="letters"
    )
    notice = models.OneToOneField(Notice, models.CASCADE, null=True, blank=True)
    digest = models.OneToOneField(Digest, models.CASCADE, null=True, blank=True)
    address = models.EmailField(blank=True)  # of a composed one; the others go to the recipient's
    sealed = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)  # a worker that takes it moves this on
    useless_at = models.DateTimeField(null=True, blank=True)  # its code is good until then
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=100, blank=True)  # of the last attempt

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(sent_at=None, given_up_at=None),
                name="letter_waiting",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(given_up_at=None),
                name="letter_sent_or_given_up",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None, given_up_at=None) | Q(sealed=""),
                name="letter_keeps_no_secret_longer_than_needed",
            ),
            models.CheckConstraint(
                condition=Q(notice__isnull=False, digest=None, address="")
                | Q(notice=None, digest__isnull=False, address="")
                | Q(notice=None, digest=None) & ~Q(address=""),
                name="letter_tells_one_thing",
            ),
        ]

    def __str__(self):
        return f"{self.about} {self.pk}"

    @property
    def about(self) -> str:
        """What sort it is, without a word of what it says."""
        if self.notice_id:
            return "notice"
        return "digest" if self.digest_id else "account"
