"""Words about one line of a file at one commit."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portfolio.models.reviews import Review


class CommentQuerySet(models.QuerySet):
    def sent(self):
        """Those that went out with a review; before, only their author sees them."""
        return self.exclude(sent_at=None)

    def told_to(self, user):
        return self.filter(Q(sent_at__isnull=False) | Q(author=user)) if user.pk else self.sent()

    def unresolved(self):
        return self.filter(resolved_at=None)

    def threads(self):
        """Those that begin one; answers hang below them."""
        return self.filter(answers=None)


class Comment(models.Model):
    """A comment anchored to commit, path and line, or an answer to one."""

    class Severity(models.TextChoices):
        MUST_FIX = "must_fix", _("Must change")
        SUGGESTION = "suggestion", _("Suggestion")
        QUESTION = "question", _("Question")
        PRAISE = "praise", _("Well done")

    review = models.ForeignKey(Review, models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    answers = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="replies"
    )
    full_name = models.CharField(max_length=140)
    head_sha = models.CharField(max_length=40)
    path = models.CharField(max_length=1000)
    line = models.PositiveIntegerField()  # from 1; 0 is the whole file
    quote = models.CharField(max_length=300, blank=True)  # the line itself, cut
    severity = models.CharField(max_length=10, choices=Severity, default=Severity.SUGGESTION)
    body = models.TextField(max_length=4000)
    written_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["path", "line", "written_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(body=""), name="comment_says_something"),
            models.CheckConstraint(
                condition=Q(answers=None) | ~Q(answers=F("id")), name="comment_answers_another"
            ),
        ]

    def __str__(self):
        return f"{self.path}:{self.line}"

    @property
    def is_must_fix(self) -> bool:
        return self.severity == self.Severity.MUST_FIX
