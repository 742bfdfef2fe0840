"""What all content from files has in common: a stable slug, and a way to leave without loss."""

from django.db import models
from django.utils import timezone


class Edition(models.Model):
    """The content as it stood after a load that changed it; what is computed from it holds so long."""

    loaded_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"{self.loaded_at:%Y-%m-%d %H:%M}"


class FileEntry(models.Model):
    """An entry as the files of a roadmap held it when they were last loaded.

    An edit in the admin is what differs from it. Entries that several roadmaps hold have one for
    each; the texts of files that belong to no entry are kept here alone.
    """

    roadmap = models.ForeignKey("Roadmap", models.CASCADE, related_name="file_entries")
    kind = models.CharField(max_length=20)  # as curriculum.loader.entries names it
    slug = models.SlugField(max_length=50)
    position = models.PositiveSmallIntegerField()  # in the files, among its kind, from 1
    value = models.JSONField()
    read_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)  # since when the database differs

    class Meta:
        verbose_name_plural = "file entries"
        ordering = ["roadmap__position", "kind", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["roadmap", "kind", "slug"], name="file_entry_once_per_roadmap"
            ),
        ]
        indexes = [models.Index(fields=["kind", "slug"], name="file_entry_by_kind_and_slug")]

    def __str__(self):
        return f"{self.kind}/{self.slug}"


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
