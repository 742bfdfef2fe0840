"""Secret links: what opens a portfolio to whoever has one, and what was opened by it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ShareLinkQuerySet(models.QuerySet):
    def in_force(self):
        """Neither revoked nor expired, of somebody who is still here: those that open something."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now(), owner__is_active=True)

    def opened_by(self, viewer):
        """Those in force that the browser of this viewer has opened.

        A browser that opened a link carries it in its session; accounts.middleware.OpenedLinks puts
        it on the person of the request, signed in or not. Anybody else has opened none.
        """
        return self.in_force().filter(pk__in=getattr(viewer, "opened_links", {}))


class ShareLink(models.Model):
    """A link that opens its owner's page, and what of it is open by link, until it ends.

    The token is in nobody's hands but of those who were given the link: here is its SHA-256.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="share_links")
    label = models.CharField(max_length=80)  # for the owner: to whom it was given
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(label=""), name="share_link_has_a_label"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="share_link_ends_after_it_begins"
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()


class Visit(models.Model):
    """One browser opened one thing by a link; once an hour for each thing.

    Nothing says who it was or from where. `visitor` is a random value that the browser's session keeps
    for this link alone: it tells two visits of one browser apart from one of each of two.
    """

    class What(models.TextChoices):
        PROFILE = "profile", _("your page")
        RESUME = "resume", _("your résumé")
        PROJECT = "project", _("a project")
        CHECK_RUN = "check_run", _("a check")
        CLAIM = "claim", _("a claim, looked into")

    link = models.ForeignKey(ShareLink, models.CASCADE, related_name="visits")
    visitor = models.CharField(max_length=22, editable=False)
    what = models.CharField(max_length=9, choices=What)
    thing = models.CharField(max_length=64)  # tells things of one kind apart: "12"
    words = models.CharField(max_length=120, blank=True)  # its name then
    visited_at = models.DateTimeField(default=timezone.now)
    hour = models.DateTimeField()  # the full hour in which it was opened first

    class Meta:
        ordering = ["-visited_at", "-pk"]
        indexes = [
            models.Index(fields=["link", "-visited_at"], name="visit_of_link"),
            models.Index(fields=["visited_at"], name="visit_by_age"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["link", "visitor", "what", "thing", "hour"], name="visit_once_an_hour"
            ),
        ]

    def __str__(self):
        return f"{self.what} {self.thing} by {self.link}"
