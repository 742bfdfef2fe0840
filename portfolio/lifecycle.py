"""How far a project goes from data to monitoring, as the checks of its repositories saw it. Computed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from curriculum.models import Module
from portfolio.checks.lifecycle import NAME, NEXT, STAGES
from portfolio.models import CheckRun
from portfolio.verdicts import Picture

WORDS = {
    "data": gettext_lazy("Data"),
    "features": gettext_lazy("Features"),
    "training": gettext_lazy("Training"),
    "evaluation": gettext_lazy("Evaluation"),
    "packaging": gettext_lazy("Packaging"),
    "serving": gettext_lazy("Serving"),
    "automation": gettext_lazy("Automation"),
    "monitoring": gettext_lazy("Monitoring"),
}
#: The module of the roadmap that teaches a stage, by its slug.
TAUGHT_IN = {
    "data": "data-engineering",
    "features": "feature-engineering",
    "training": "ml-fundamentals",
    "evaluation": "model-evaluation",
    "packaging": "containers",
    "serving": "model-serving",
    "automation": "ml-ci-cd",
    "monitoring": "monitoring-drift",
}
WIDTH, STEP = 320, 43  # of the drawing; from one post to the next


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage, the place that shows it, and where it stands in the drawing."""

    name: str
    x: int
    is_shown: bool
    place: dict[str, Any] | None = None  # of a finding's evidence; None where none is known
    check_run: CheckRun | None = None  # whose commit the place is at

    @property
    def word(self) -> str:
        return str(WORDS[self.name])


@dataclass(frozen=True, slots=True)
class Coverage:
    """The stages in order; `nearest` is the one to show next, None where all are shown."""

    stages: tuple[Stage, ...]
    is_partial: bool = False  # not every file could be seen: there may be more

    @property
    def shown(self) -> list[Stage]:
        return [stage for stage in self.stages if stage.is_shown]

    @property
    def nearest(self) -> Stage | None:
        """The first that is missing after the last one shown, else the first of all."""
        missing = [stage for stage in self.stages if not stage.is_shown]
        last = max((stage.x for stage in self.shown), default=0)
        return next((s for s in missing if s.x > last), missing[0] if missing else None)

    @property
    def advice(self) -> str:
        """What shows the nearest missing stage; "" where there is none."""
        return NEXT[self.nearest.name] if self.nearest else ""

    def advice_for(self, names: Iterable[str]) -> str:
        """What shows the first of these stages that is missing; of all of them, the nearest."""
        wanted = [stage.name for stage in self.stages if stage.name in set(names)]
        missing = [stage.name for stage in self.stages if not stage.is_shown]
        return next((NEXT[name] for name in wanted if name in missing), self.advice)

    @property
    def view_box(self) -> str:
        return f"0 0 {WIDTH} 28"

    @property
    def sentence(self) -> str:
        n = len(self.shown)
        words = ngettext(
            "%(n)d of %(all)d stage from data to monitoring is shown: %(names)s.",
            "%(n)d of %(all)d stages from data to monitoring are shown: %(names)s.",
            n,
        )
        if not n:
            return _("No stage from data to monitoring is shown yet.")
        names = ", ".join(stage.word.lower() for stage in self.shown)
        return words % {"n": n, "all": len(self.stages), "names": names}


def of(pictures: Iterable[Picture]) -> Coverage | None:
    """What the newest looks at a project's repositories saw, together.

    None where nothing is known: no check read a repository, none of them is machine learning, or what
    stands in them is not for this reader.
    """
    found: dict[str, tuple[dict[str, Any] | None, CheckRun | None]] = {}
    is_known = is_partial = False
    for picture in pictures:
        for verdict in picture.verdicts:
            stages = verdict.finding.details.get("stages")
            if verdict.finding.check_name != NAME or not isinstance(stages, dict):
                continue
            if verdict.finding.outcome == "not_applicable":
                continue
            is_known = True
            is_partial = is_partial or verdict.finding.outcome == "unknown"
            shown = [name for name in STAGES if stages.get(name)]
            places = verdict.finding.evidence  # one for each stage shown, in their order
            for number, name in enumerate(shown):
                place = places[number] if len(places) == len(shown) else None
                found.setdefault(name, (place, picture.looked))
    if not is_known:
        return None
    return Coverage(
        tuple(
            Stage(name, 10 + STEP * n, name in found, *found.get(name, (None, None)))
            for n, name in enumerate(STAGES)
        ),
        is_partial,
    )


def module_for(coverage: Coverage | None) -> Module | None:
    """Where the nearest missing stage is taught, if the roadmap has it."""
    if coverage is None or coverage.nearest is None:
        return None
    return Module.objects.live().filter(slug=TAUGHT_IN[coverage.nearest.name]).first()
