"""The images of a case study."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from portfolio.models.projects import Project
from portfolio.pixels import Kind


class ImageQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of projects that this person may open."""
        return self.filter(project__in=Project.objects.visible_to(user))


class CaseImage(models.Model):
    """One image, as we wrote it. Its file lies under a random name where no address leads."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="images")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    position = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=4, choices=[(kind.value, kind.value) for kind in Kind])
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    size = models.PositiveIntegerField()  # bytes
    digest = models.CharField(max_length=64)  # SHA-256 of the file
    alt = models.CharField(max_length=300)  # for who does not see it
    caption = models.CharField(max_length=300, blank=True)
    added_at = models.DateTimeField(default=timezone.now)

    objects = ImageQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(alt=""), name="case_image_has_words"),
            models.CheckConstraint(
                condition=Q(kind__in=["webp", "png"]), name="case_image_is_of_a_kind_we_write"
            ),
            models.CheckConstraint(
                condition=Q(width__gte=1, height__gte=1), name="case_image_has_a_size"
            ),
        ]

    def __str__(self):
        return self.alt

    def get_absolute_url(self):
        return reverse("portfolio:image", args=[self.key])

    @property
    def file_name(self) -> str:
        """Where it lies, below the folder of images."""
        return f"{self.key.hex}.{self.kind}"
