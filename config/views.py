"""The living style guide, and the pages that say what went wrong."""

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from config.templatetags.look import GLYPHS

# When something goes wrong. 400 and 500 must stand without context, sessions and the database.

LAST_RESORT = """<!doctype html>
<html lang="en-GB">
<head><meta charset="utf-8"><title>Something broke</title></head>
<body><h1>Something broke on our side</h1>
<p>Nothing you did before this was lost. Go back and try again in a minute.</p></body>
</html>
"""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _stand_alone("400.html", 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _stand_alone("500.html", 500)


def _stand_alone(template_name: str, status: int) -> HttpResponse:
    try:
        page = loader.get_template(template_name).render()
    except Exception:  # whatever is broken may be broken here too; people still get a page
        page = LAST_RESORT
    return HttpResponse(page, status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answers a form that came without a valid token; the reason is for the log, not for people."""
    return render(request, "403_csrf.html", status=403)


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look for an icon on pages that name none, such as the admin's."""
    return redirect(static("favicon.svg"))


# The style guide: the real tags and components in every state

TOKENS = Path(__file__).resolve().parent / "static" / "tokens.css"
TOKEN = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")

#: Pairs in use. Text needs 4.5, shapes and borders with a meaning 3 (WCAG 2.2, 1.4.3 and 1.4.11).
TEXT_PAIRS = """
    ink/paper ink/well ink/green-tint ink/ochre-tint ink/red-tint ink/slate-tint ink/blue-tint
    ink/node-fill ink/add ink/del ink-2/paper ink-2/sheet ink-2/well ink-2/slate-tint
    ink-2/node-fill ink-2/green-tint ink-2/ochre-tint ink-3/paper ink-3/sheet ink-3/well
    ink-3/add ink-3/del blue/paper blue/sheet blue/well blue/blue-tint blue/slate-tint
    blue/ochre-tint blue/red-tint blue/green-tint on-blue/blue-solid on-blue/blue-solid-hover
    green/paper green/well green/green-tint ochre/paper ochre/ochre-tint on-cap/cap red/paper
    red/sheet red/red-tint on-red/red-solid slate/paper slate/well slate/slate-tint paper/ink
"""
SHAPE_PAIRS = """
    line-strong/paper line-strong/sheet line-strong/well focus/paper focus/sheet focus/well
    green-fill/paper green-fill/well cap-edge/paper cap-edge/ochre-tint red/red-tint edge/paper
    edge/well slate/slate-tint heat-4/paper
"""


@dataclass(frozen=True)
class Pair:
    """One colour on another: its contrast (1 to 21) in both schemes and the least it may be."""

    front: str
    back: str
    light: float
    dark: float
    needed: float

    @property
    def is_enough(self) -> bool:
        return min(self.light, self.dark) >= self.needed


def palette() -> dict[str, tuple[str, str]]:
    """Every colour role of tokens.css: its name, and its light and dark values as #rrggbb."""
    found = TOKEN.findall(TOKENS.read_text(encoding="utf-8"))
    return {name: (light, dark) for name, light, dark in found}


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two #rrggbb colours, by the formula of WCAG 2.2."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def pairs() -> list[Pair]:
    """All pairs in use, text first, with their contrast on light and on dark paper."""
    colors = palette()
    needs = [(pair, 4.5) for pair in TEXT_PAIRS.split()] + [
        (pair, 3.0) for pair in SHAPE_PAIRS.split()
    ]
    found = []
    for pair, needed in needs:
        front, back = pair.split("/")
        light, dark = map(contrast, colors[front], colors[back])
        found.append(Pair(front, back, light, dark, needed))
    return found


class SampleForm(forms.Form):
    """Every kind of field we use."""

    repository = forms.CharField(
        label=_("Repository"), help_text=_("Paste any GitHub link to it."), max_length=60
    )
    title = forms.CharField(label=_("Title"), required=False)
    target = forms.ChoiceField(
        label=_("Target role"),
        choices=[("junior", _("Junior machine learning engineer")), ("mlops", _("MLOps engineer"))],
    )
    visibility = forms.ChoiceField(
        label=_("Who may see it"),
        widget=forms.RadioSelect,
        help_text=_("You can change this at any time."),
        choices=[("private", _("Only you")), ("public", _("Everyone"))],
    )
    notes = forms.CharField(label=_("Notes"), widget=forms.Textarea, required=False)
    is_weekly = forms.BooleanField(
        label=_("Weekly digest"), help_text=_("One e-mail on Mondays."), required=False
    )


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Shows every tag and component in every state; in development and the demonstration only."""
    if not (settings.DEBUG or settings.IS_DEMO):
        raise Http404
    now = timezone.now()
    faulty = SampleForm({"repository": "x" * 61, "target": "junior", "title": "Bike-share demand"})
    context = {
        "roles": [(name, *values) for name, values in palette().items()],
        "pairs": pairs(),
        "icons": [name for name in GLYPHS if not name.startswith(("post-", "state-", "brand"))],
        "levels": ["declared", "studied", "demonstrated", "endorsed"],
        "faulty": faulty,
        "person": SimpleNamespace(initials="AN"),
        "mentor": SimpleNamespace(initials="GH"),
        "moments": [
            now - timedelta(minutes=40),
            now - timedelta(days=1),
            now - timedelta(days=400),
        ],
        "minutes": [45, 60, 105],
        "page": Paginator(range(900), 50).page(7),
        "path": "notebooks/\u202egpj.exe",
        "text": SAMPLE_TEXT,
    }
    return render(request, "styleguide.html", context)


SAMPLE_TEXT = """\
# Problem

A crew of two moves bikes between 38 stations. By ten in the morning it is *guessing*.

## Approaches and why

1. Seasonal naive, because it is what the crew does
2. **Ridge** with calendar features: see [the report](https://example.org/report)

> Thursdays after rain are the hard ones.

| model | error |
| --- | --- |
| naive | 61.2 |
| ridge | 38.7 |

```
python -m demand.train --weeks 12
```
"""
