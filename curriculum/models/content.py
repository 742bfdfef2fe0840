"""What all content from files has in common: a stable slug, and a way to leave without loss."""

from django.db import models


class ContentQuerySet(models.QuerySet):
    def live(self):
        """What the files hold today. Retired content keeps its rows, for those who used it."""
        return self.filter(retired_at=None)


class Content(models.Model):
    """A row of the curriculum: found again by its slug, retired rather than deleted."""

    slug = models.SlugField(max_length=50, unique=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = ContentQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None
