"""Stories for behavioural interviews, and which ones are missing."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from portfolio.models import Story


class WrittenMeanwhile(Exception):
    """The story is not the one that the writer began with: `story` is what it is now, if anything."""

    def __init__(self, story: Story | None):
        super().__init__(story)
        self.story = story


def gaps(stories: Iterable[Story]) -> list[Story.Theme]:
    """What interviewers ask about and none of these stories answers. One without a result does not."""
    told = {theme for story in stories if story.result.strip() for theme in story.themes}
    return [theme for theme in Story.Theme if theme.value not in told]


def write(owner: User, said: dict[str, Any], *, version: str = "", pk: int | None = None) -> Story:
    """Keep a new story, or the one of this key as it is now; the same new one twice, as two presses
    send it, is kept once.

    `said` holds title, project, themes and the parts. Raises WrittenMeanwhile when the story was
    changed or deleted since that version.
    """
    fields = {name: said[name] for name in ("title", "project", "themes", *Story.PARTS)}
    fields["themes"] = [theme.value for theme in Story.Theme if theme.value in said["themes"]]
    if pk is None:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=owner.pk)
            already = Story.objects.owned_by(owner).filter(**fields).first()
            return already or Story.objects.create(owner=owner, **fields)
    with transaction.atomic():
        held = Story.objects.select_for_update(of=("self",)).owned_by(owner)
        story = held.filter(pk=pk).first()
        if story is None or story.version != version:
            raise WrittenMeanwhile(story)
        for name, value in fields.items():
            setattr(story, name, value)
        story.written_at = timezone.now()
        story.save()
        return story
