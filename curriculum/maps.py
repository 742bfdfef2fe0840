"""The map: a roadmap as one picture, as one learner sees it. What it says in words is said here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.utils.safestring import SafeString, mark_safe
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from curriculum import atlas
from curriculum.atlas import Caption, Shape, Standing
from curriculum.models import Role
from curriculum.progress import ModulePicture, Picture, Progress, StagePicture


@dataclass(frozen=True, slots=True)
class Zoom:
    """How wide the map is shown, in per cent of the room there is, and the steps around."""

    percent: int = 100
    steps: ClassVar = (50, 75, 100, 150, 200, 300)

    @property
    def smaller(self) -> int:
        """One step down; the same at the end of the steps."""
        return max((step for step in self.steps if step < self.percent), default=self.percent)

    @property
    def larger(self) -> int:
        """One step up; the same at the end of the steps."""
        return min((step for step in self.steps if step > self.percent), default=self.percent)

    @property
    def is_close(self) -> bool:
        """Whether the map is larger than the room it has."""
        return self.percent > 100


@dataclass(frozen=True, slots=True)
class Sheet:
    """The map at one size; the drawing is what an svg element of that size holds."""

    shape: Shape
    width: int
    height: int
    drawing: SafeString


@dataclass(frozen=True, slots=True)
class Map:
    """The map at several sizes, of which the style sheet shows one, and the signs that are on it."""

    sheets: tuple[Sheet, ...]
    states: frozenset[str]
    has_needed: bool
    next_key: str  # the slug of the module that is next; empty if none is

    @property
    def glyphs(self) -> list[str]:
        """The states that a glyph stands for on the map."""
        return sorted(self.states - {"next", "none"})


def draw(
    picture: Picture, role: Role | None = None, states: Mapping[int, str] | None = None
) -> Map:
    """The map of a roadmap with at least one module, for a learner who aims for a role.

    The states of modules are those of the picture, unless another is given by a module's primary key:
    skipped, or due (something of it is to be practised again).
    """
    lanes = tuple(stage.stage.title for stage in picture.stages)
    modules = tuple(
        atlas.Module(
            key=entry.module.slug,
            title=entry.module.title,
            number=entry.module.number,
            lane=lane,
            prerequisites=tuple(before.slug for before in entry.prerequisites),
        )
        for lane, stage in enumerate(picture.stages)
        for entry in stage.modules
    )
    captions = [_caption(stage, picture) for stage in picture.stages]
    standings = {
        entry.module.slug: _standing(entry, (states or {}).get(entry.module.pk, entry.state), role)
        for entry in picture.modules
    }
    return Map(
        sheets=tuple(_sheet(lanes, modules, shape, captions, standings) for shape in atlas.SHAPES),
        states=frozenset(standing.state for standing in standings.values()),
        has_needed=any(standing.is_needed for standing in standings.values()),
        next_key=next((key for key, standing in standings.items() if standing.is_next), ""),
    )


def zoom_to(asked: str) -> Zoom:
    """The zoom that an address asks for; the whole width if it is none of the steps."""
    steps = {str(step): step for step in Zoom.steps}
    return Zoom(steps.get(asked, 100))


def _sheet(
    lanes: tuple[str, ...],
    modules: tuple[atlas.Module, ...],
    shape: Shape,
    captions: list[Caption],
    standings: Mapping[str, Standing],
) -> Sheet:
    layout = atlas.lay_out(lanes, modules, shape, _("after"))
    drawing = mark_safe(atlas.write(layout, captions, standings))  # noqa: S308 - escapes all words
    return Sheet(shape, layout.width, layout.height, drawing)


def _caption(stage: StagePicture, picture: Picture) -> Caption:
    if picture.is_personal:
        counts = {"done": stage.complete, "total": len(stage.modules)}
        words = _("%(done)d of %(total)d complete") % counts
    else:
        words = _("%(hours)d h") % {"hours": stage.progress.hours}
    place = {"position": stage.stage.position, "title": stage.stage.title, "words": words}
    sentence = _("Stage %(position)d, %(title)s: %(words)s") % place
    return Caption(stage.stage.position, words, sentence)


def _standing(entry: ModulePicture, state: str, role: Role | None) -> Standing:
    progress = entry.progress
    words, said = _words(state, progress)
    return Standing(
        state=state,
        words=words,
        name=_name(entry, said, role),
        url=entry.module.get_absolute_url(),
        share=progress.completed / progress.total if progress.total else 0,
        is_needed=entry.is_needed,
    )


def _words(state: str, progress: Progress) -> tuple[tuple[str, ...], str]:
    """What a box says of a state, the longest first, and what is read out instead."""
    if state in {"complete", "skipped", "due"}:
        word = {"complete": _("complete"), "skipped": _("skipped"), "due": _("due again")}[state]
        return (word,), word
    if state == "none":
        units = ngettext("%(n)d unit", "%(n)d units", progress.total) % {"n": progress.total}
        return (units,), _("not started, %(units)s") % {"units": units}
    of = _("%(done)d of %(total)d") % {"done": progress.completed, "total": progress.total}
    units = _("%(of)s units") % {"of": of}
    if state == "part":
        return (units, of), _("under way, %(units)s") % {"units": units}
    word = _("Next")
    return (f"{word} · {units}", f"{word} · {of}", word), _("next, %(units)s") % {"units": units}


def _name(entry: ModulePicture, said: str, role: Role | None) -> str:
    """A module as it is read out: number and title, then all that its box shows."""
    parts = [f"{entry.module.number} {entry.module.title}: {said}"]
    if entry.is_needed and role:
        parts.append(_("required for %(role)s") % {"role": role.title})
    if entry.prerequisites:
        numbers = [str(before.number) for before in entry.prerequisites]
        parts.append(_("builds on %(numbers)s") % {"numbers": get_text_list(numbers, _("and"))})
    return "; ".join(parts)
