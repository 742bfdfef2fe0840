"""What a person is told, and how they want to hear of it beside the site."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import kinds, names
from accounts.kinds import Kind, Timing


class NoticeQuerySet(models.QuerySet):
    def of(self, user):
        """A person's own notices, newest first, with whom they are about."""
        return self.filter(recipient=user).select_related("actor__profile")

    def unread(self):
        return self.filter(read_at=None)

    def awaiting_digest(self):
        """Those for the daily letter that nobody has read and no letter has told yet."""
        return self.unread().filter(timing=Timing.DAILY, digest=None)


class Notice(models.Model):
    """One fact, told to one person once. Its words are made when it is read.

    It names its page by path and what it is about by words: this app knows nothing of projects and
    reviews. When the person it is about leaves, it goes with them.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=40)  # a code of accounts.kinds
    key = models.CharField(max_length=100)  # names the fact among those of its kind
    facts = models.JSONField(default=dict, blank=True)  # words by name, for the kind's sentence
    path = models.CharField(max_length=300)  # of the page that it is about
    timing = models.CharField(max_length=7, choices=Timing)  # as it was chosen when it was told
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    digest = models.ForeignKey(
        "Digest", models.SET_NULL, null=True, blank=True, related_name="notices"
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notice_of_a_person"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(
                fields=["recipient", "created_at"],
                condition=Q(read_at=None, timing="daily", digest=None),
                name="notice_awaiting_digest",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "key"], name="notice_once_per_person_and_fact"
            ),
            models.CheckConstraint(
                condition=Q(path__startswith="/") & ~Q(path__startswith="//"),
                name="notice_leads_to_a_page_of_ours",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.key}"

    @property
    def who(self) -> str:
        """The name of the person it is about."""
        return self.actor.get_full_name() if self.actor else _("Somebody")

    @property
    def words(self) -> str:
        """One sentence without its full stop, on one line, in which nothing turns the text round."""
        return names.plain(kinds.sentence(self.kind, self.who, self.facts))

    @property
    def call(self) -> str:
        """What the button says that leads to its page."""
        kind: Kind | None = kinds.find(self.kind)
        return str(kind.call) if kind else _("See it")


class NoticeChoice(models.Model):
    """When a person wants one kind of notice by e-mail; without a row, as the kind says."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_choices"
    )
    kind = models.CharField(max_length=40)
    timing = models.CharField(max_length=7, choices=Timing)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"], name="notice_choice_once_per_person_and_kind"
            ),
        ]

    def __str__(self):
        return f"{self.kind}: {self.timing}"
