"""What a mentor has typed and not sent yet, kept on the server as often as the page says so."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from portfolio.models import Draft, Review

#: Of all words of one draft, in characters; the fields of the form have limits of their own.
MOST_CHARACTERS = 60_000


class Elsewhere(Exception):
    """Another tab or device saved newer words; `draft` holds them."""

    def __init__(self, draft: Draft):
        super().__init__(draft)
        self.draft = draft


class TooLong(Exception):
    """The words are more than a draft may hold."""


def of(review: Review, mentor: User) -> Draft | None:
    """This mentor's draft for a review, whatever became of it."""
    return Draft.objects.filter(review=review, mentor=mentor).first()


def save(review: Review, mentor: User, words: dict[str, Any], *, version: int) -> Draft:
    """Keep these words; `version` is that of the draft which the page was opened with, 0 for none.

    Raises Elsewhere where another tab has saved since, so that neither overwrites the other, and TooLong.
    Saving what is there already changes nothing.
    """
    if sum(len(str(value)) for value in words.values()) > MOST_CHARACTERS:
        raise TooLong
    with transaction.atomic():
        User.objects.select_for_update().get(pk=mentor.pk)  # two first saves at once make one draft
        draft = Draft.objects.filter(review=review, mentor=mentor).select_for_update().first()
        if draft is None:
            return Draft.objects.create(review=review, mentor=mentor, words=words)
        if draft.words == words:
            return draft
        if draft.version != version:
            raise Elsewhere(draft)
        draft.words, draft.version, draft.saved_at = words, draft.version + 1, timezone.now()
        draft.save(update_fields=["words", "version", "saved_at"])
    return draft


def kept_by(mentor: User):
    """Drafts of reviews that the mentor no longer holds: withdrawn, lapsed, answered by another."""
    return (
        Draft.objects.filter(mentor=mentor)
        .exclude(review__in=Review.objects.claimed_by(mentor).values("pk"))
        .select_related("review__project__owner__profile")
    )
