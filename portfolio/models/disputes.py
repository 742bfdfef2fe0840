"""The owner says that a finding is wrong, and a mentor rules on it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portfolio.models.projects import Project


class DisputeQuerySet(models.QuerySet):
    def open(self):
        return self.filter(ruling="")

    def waiting_for(self, mentor):
        """Open disputes of the learners this mentor guides now, longest wait first."""
        return (
            self.open()
            .filter(repository__project__in=Project.objects.mentored_by(mentor))
            .order_by("disputed_at", "pk")
        )


class Dispute(models.Model):
    """One check's finding about one tree, said to be wrong. The ruling stands until the tree changes."""

    class Ruling(models.TextChoices):
        ACCEPTED = "accepted", _("The learner is right: it is there")
        REJECTED = "rejected", _("The finding is right")

    repository = models.ForeignKey("Repository", models.CASCADE, related_name="disputes")
    check_name = models.SlugField(max_length=50)
    tree_sha = models.CharField(max_length=40)  # git's id of the tree that the finding is about
    finding = models.ForeignKey(
        "Finding", models.SET_NULL, null=True, blank=True, related_name="disputes"
    )
    disputed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="disputes_raised"
    )
    sentence = models.CharField(max_length=500)
    disputed_at = models.DateTimeField(default=timezone.now)
    ruling = models.CharField(max_length=8, choices=Ruling, blank=True)
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="disputes_ruled",
    )
    reason = models.CharField(max_length=500, blank=True)
    ruled_at = models.DateTimeField(null=True, blank=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        ordering = ["-disputed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["repository", "check_name", "tree_sha"],
                name="dispute_once_per_check_and_tree",
            ),
            models.CheckConstraint(
                condition=Q(ruling="", ruled_at=None) | ~Q(ruling="") & Q(ruled_at__isnull=False),
                name="dispute_ruling_has_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(sentence="") & ~Q(tree_sha=""), name="dispute_says_why_and_of_what"
            ),
        ]

    def __str__(self):
        return f"{self.check_name} of {self.repository}"

    @property
    def is_open(self) -> bool:
        return not self.ruling

    @property
    def is_accepted(self) -> bool:
        return self.ruling == self.Ruling.ACCEPTED
