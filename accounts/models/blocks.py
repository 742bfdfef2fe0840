"""Whom somebody does not want as a mentor or learner again."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class BlockQuerySet(models.QuerySet):
    def between(self, one, other):
        """Whichever of the two blocked the other."""
        return self.filter(
            Q(blocker=one, blocked=other) | Q(blocker=other, blocked=one),
        )


class Block(models.Model):
    """One person keeps another away; the other is never told."""

    blocker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="blocks_made"
    )
    blocked = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="blocks_suffered"
    )
    blocked_at = models.DateTimeField(default=timezone.now)

    objects = BlockQuerySet.as_manager()

    class Meta:
        ordering = ["-blocked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="block_once_per_pair"),
            models.CheckConstraint(condition=~Q(blocker=F("blocked")), name="block_not_oneself"),
        ]

    def __str__(self):
        return f"{self.blocker} blocks {self.blocked}"
