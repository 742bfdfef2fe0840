"""The owner's leave to read one private repository."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

ENDS_SOON = timedelta(days=14)


class Access(models.Model):
    """A read-only token of GitHub's for one repository, sealed. Taking it back deletes the row."""

    repository = models.OneToOneField("Repository", models.CASCADE, related_name="access")
    sealed_token = models.TextField()  # see accounts.sealing
    given_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)  # as GitHub says; None: not told
    used_at = models.DateTimeField(null=True, blank=True)  # last look that GitHub answered to it
    refused_at = models.DateTimeField(null=True, blank=True)  # since GitHub takes it no longer

    class Meta:
        verbose_name_plural = "accesses"
        constraints = [
            models.CheckConstraint(condition=~Q(sealed_token=""), name="access_has_a_token"),
        ]

    def __str__(self):
        return f"access to {self.repository}"

    @property
    def ends_soon(self) -> bool:
        """Whether GitHub's token ends within two weeks, or has ended: time to give another."""
        return self.expires_at is not None and self.expires_at - timezone.now() < ENDS_SOON
