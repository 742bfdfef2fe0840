"""The strip: a roadmap in one line, each module a post. Plain Python; a template writes it down."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from curriculum.progress import Picture, StagePicture, State

TOP = 24  # room above the posts, of which the next one takes 6
LABELS = 20  # room below the ground for numbers and names
CHARACTER = 6.0  # a letter of 11 px in a face about as wide as Inter


@dataclass(frozen=True, slots=True)
class Post:
    """One module: the outline of its post, the part that is filled, the cap if it is next."""

    state: str  # the class that the style sheet knows: complete, part, skipped, here or nothing
    outline: str
    fill: tuple[str, str, str, str] | None = None  # x, y, width, height
    cap: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """The number of a stage, with its short name where that fits."""

    x: str
    text: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """The strip at one width, in units of its own view box."""

    css_class: str
    width: int
    height: int
    ground: str  # y of the line the posts stand on
    label_y: str
    posts: tuple[Post, ...]
    labels: tuple[Label, ...]

    @property
    def view_box(self) -> str:
        return f"0 6 {self.width} {self.height}"


@dataclass(frozen=True, slots=True)
class Strip:
    """Two drawings, of which the style sheet shows one, and what they show in a sentence."""

    drawings: tuple[Drawing, ...]
    sentence: str
    complete: int
    under_way: int
    skipped: int
    to_go: int


def draw(picture: Picture) -> Strip:
    """The strip of a roadmap; without posts when the roadmap holds no module."""
    counts = picture.counts
    return Strip(
        drawings=(
            _drawing(picture.stages, "wide", width=1200, gap=14),
            _drawing(picture.stages, "narrow", width=358, gap=5),
        )
        if picture.stages
        else (),
        sentence=_sentence(picture),
        complete=counts["complete"],
        under_way=counts["part"],
        skipped=counts["skipped"],
        to_go=counts["none"],
    )


def _drawing(stages: Sequence[StagePicture], css_class: str, *, width: int, gap: float) -> Drawing:
    modules = sum(len(stage.modules) for stage in stages)
    gap = min(gap, width / (4 * len(stages)))
    step = (width - gap * (len(stages) - 1)) / modules
    post_width = min(9.5, step * 0.62)
    height = post_width * 1.55 + 4
    ground = TOP + height
    posts: list[Post] = []
    labels: list[Label] = []
    x = 0.0
    for stage in stages:
        start = x
        for module in stage.modules:
            left = x + (step - post_width) / 2
            share = (
                module.progress.completed / module.progress.total if module.progress.total else 0
            )
            posts.append(_post(module.state, share, left, ground, post_width, height))
            x += step
        left = start + (step - post_width) / 2
        labels.append(_label(stage, left, room=x + gap - left, with_name=css_class == "wide"))
        x += gap
    return Drawing(
        css_class=css_class,
        width=width,
        height=round(ground + LABELS - 6),
        ground=f"{ground + 0.5:.1f}",
        label_y=f"{ground + 16:.1f}",
        posts=tuple(posts),
        labels=tuple(_thinned(labels)),
    )


def _post(
    state: State, share: float, left: float, ground: float, width: float, height: float
) -> Post:
    """A post is a box with a round head; the next one stands higher and wears the cap."""
    radius = width / 2
    if state == State.NEXT:
        height += 6
    shoulder = ground - height + radius
    head = f"a{radius:.2f} {radius:.2f} 0 0 1 {width:.2f} 0"
    outline = f"M{left:.1f} {ground:.1f}V{shoulder:.1f}{head}V{ground:.1f}z"
    if state == State.NEXT:
        return Post("here", outline, cap=f"M{left:.1f} {shoulder + 3:.1f}v-3{head}v3z")
    filled = (height - 2) * share
    box = (f"{left:.1f}", f"{ground - filled:.1f}", f"{width:.2f}", f"{filled:.1f}")
    if state == State.SKIPPED:
        return Post("skipped", outline, fill=box if share else None)
    if state == State.PART:
        return Post("part", outline, fill=box)
    return Post("complete" if state == State.COMPLETE else "", outline)


def _label(stage: StagePicture, x: float, *, room: float, with_name: bool) -> Label:
    number = str(stage.stage.position)
    name = f"{number} {stage.stage.short_title or stage.stage.title}"
    fits = with_name and len(name) * CHARACTER <= room
    return Label(f"{x:.1f}", name if fits else number, stage.is_here)


def _thinned(labels: Sequence[Label]) -> list[Label]:
    """Only labels that do not touch the one before; where the learner is always has one."""
    kept: list[Label] = []
    for label in labels:
        end = float(kept[-1].x) + len(kept[-1].text) * CHARACTER + 3 if kept else -1
        if float(label.x) >= end:
            kept.append(label)
        elif label.is_here:
            kept[-1] = label
    return kept


def _sentence(picture: Picture) -> str:
    """What the drawing shows, for those who do not see it."""
    whole = _("%(modules)s in %(stages)s") % {
        "modules": ngettext("%(n)d module", "%(n)d modules", len(picture.modules))
        % {"n": len(picture.modules)},
        "stages": ngettext("%(n)d stage", "%(n)d stages", len(picture.stages))
        % {"n": len(picture.stages)},
    }
    if not picture.is_personal:
        return f"{whole}."
    counts = picture.counts
    shares = _("%(complete)d complete, %(part)d under way, %(none)d not started") % counts
    if counts["skipped"]:
        shares += _(", %(skipped)d skipped") % counts
    here = next((stage for stage in picture.stages if stage.is_here), None)
    module = picture.next_module
    if here is None or module is None:
        return f"{whole}: {shares}."
    place = _("Next is module %(number)d, %(module)s, in stage %(position)d, %(stage)s.") % {
        "number": module.module.number,
        "module": module.module.title,
        "position": here.stage.position,
        "stage": here.stage.title,
    }
    return f"{whole}: {shares}. {place}"
