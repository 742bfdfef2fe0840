"""How things look in a template: glyphs of one sprite, words for time, foreign text made safe."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import nh3
from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.utils import dateformat, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from markdown_it import MarkdownIt
from markdown_it.token import Token

from accounts import names

register = template.Library()

# Glyphs. The sprite is ours, so its drawings need no escaping; everything put around them does.

SPRITE = Path(__file__).resolve().parents[1] / "static" / "icons.svg"
SYMBOL = re.compile(r'<symbol id="([\w-]+)" viewBox="([\d ]+)"[^>]*>(.*)</symbol>')
GLYPHS = {
    name: (view_box, mark_safe(drawing))  # noqa: S308 - ours
    for name, view_box, drawing in SYMBOL.findall(SPRITE.read_text(encoding="utf-8"))
}

LEVELS = {
    "declared": gettext_lazy("Declared"),
    "studied": gettext_lazy("Studied"),
    "demonstrated": gettext_lazy("Demonstrated"),
    "endorsed": gettext_lazy("Endorsed"),
}
OUTCOMES = {
    "passed": ("passed", gettext_lazy("Passed")),
    "failed": ("failed", gettext_lazy("Failed")),
    "advice": ("advice", gettext_lazy("Advice")),  # failed, where nothing hangs on it
    "unknown": ("unknown", gettext_lazy("Not known")),
    "not_applicable": ("na", gettext_lazy("Not applicable")),
}


def _glyph(name: str, css_class: str, label: str = "") -> SafeString:
    """One drawing of the sprite as inline SVG; silent to a screen reader unless it has a label."""
    view_box, drawing = GLYPHS[name]
    voice = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true"')
    )
    return format_html(
        '<svg class="{}" viewBox="{}" {}>{}</svg>', css_class, view_box, voice, drawing
    )


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """An icon of the text's size ("lg": 20 px). One that stands without a word needs a label."""
    return _glyph(name, f"i i-{size}" if size else "i", label)


@register.simple_tag
def brand() -> SafeString:
    """The mile post that stands beside the site's name."""
    return _glyph("brand", "post")


@register.simple_tag
def post(level: str) -> SafeString:
    """The post of a level of evidence, without its word."""
    return _glyph(f"post-{level}", "post")


@register.simple_tag
def evidence(level: str, note: str = "") -> SafeString:
    """The level of a skill: post and word; the note says what aged it ("at an earlier commit")."""
    small = format_html(" <small>{}</small>", note) if note else ""
    aged = " aged" if note else ""
    return format_html(
        '<span class="ev {}{}">{}{}{}</span>', level, aged, post(level), LEVELS[level], small
    )


@register.simple_tag
def state(name: str, word: str = "") -> SafeString:
    """The state of a module, unit, clause or run; give the word unless it stands beside."""
    return _glyph(f"state-{name}", "st", word)


@register.simple_tag
def state_strokes(name: str) -> SafeString:
    """What a state's glyph is drawn with, 18 by 18, to stand in another drawing."""
    return GLYPHS[f"state-{name}"][1]


@register.simple_tag
def verdict(outcome: str, word: str = "") -> SafeString:
    """A finding's outcome as shape, word and colour; the word may be a better one than ours."""
    css_class, usual_word = OUTCOMES[outcome]
    return format_html(
        '<span class="v {}">{}{}</span>',
        css_class,
        icon("pencil" if css_class == "advice" else css_class),
        word or usual_word,
    )


#: The four ratings of a rubric, in the words of its scale.
RATINGS = {
    1: gettext_lazy("Missing or weak"),
    2: gettext_lazy("Developing"),
    3: gettext_lazy("Solid"),
    4: gettext_lazy("Exemplary"),
}


@register.simple_tag
def rating_word(value: int | str) -> str:
    """The word of a rating, 1 to 4."""
    return str(RATINGS.get(int(value), ""))


@register.simple_tag
def pips(value: int | None) -> SafeString:
    """A rating as four small posts, so many of them full, with its word for those who hear the page."""
    full = value or 0
    posts = format_html_join(
        "",
        '<path class="{}" d="M{} 11V5a3.5 3.5 0 0 1 7 0v6z"/>',
        (("on" if n < full else "off", 1 + 11 * n) for n in range(4)),
    )
    word = RATINGS.get(full, _("Not judged"))
    return format_html(
        '<span class="pips" role="img" aria-label="{}"><svg viewBox="0 0 44 12" aria-hidden="true">{}</svg></span>',
        word,
        posts,
    )


@register.simple_tag
def bigpost(number: int | str = "", glyph: str = "") -> SafeString:
    """The post of the one next step, with its module's number, or with an icon where it has none."""
    mark = format_html('<text x="32" y="64">{}</text>', number)
    if glyph:
        mark = format_html(
            '<g class="i" transform="translate(20 46) scale(1.5)">{}</g>', GLYPHS[glyph][1]
        )
    return format_html(
        '<svg class="bigpost" viewBox="0 0 64 84" aria-hidden="true">'
        '<path class="body" d="M10 80V30a22 22 0 0 1 44 0v50z"/>'
        '<path class="cap" d="M10 36v-6a22 22 0 0 1 44 0v6z"/>'
        '{}<path class="ground" d="M2 80.5h60"/></svg>',
        mark,
    )


@register.simple_tag
def avatar(profile: Any, kind: str = "") -> SafeString:
    """A person's initials in a circle ("mentor": in ochre); their name is to stand beside it."""
    css_class = "avatar m" if kind == "mentor" else "avatar"
    return format_html('<span class="{}" aria-hidden="true">{}</span>', css_class, profile.initials)


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """A field's control; a placeholder that only repeats the label goes: it reads as filled in."""
    placeholder = str(field.field.widget.attrs.get("placeholder", "")).lower()
    label = str(field.label).lower()
    repeats = bool(placeholder) and (placeholder in label or label in placeholder)
    return field.as_widget(attrs={"placeholder": False} if repeats else None)


@register.simple_block_tag
def captured(content: str) -> str:
    """What stands inside, without blanks around it: `{% captured as nav %}…{% endcaptured %}`."""
    return content.strip()


@register.filter
def elided(page: Page) -> Iterator[int | str]:
    """The numbers to show for a long list: the ends, this page and its neighbours, and … between."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


# Words for time


@register.filter
def hours(minutes: int) -> str:
    """Minutes as a person says them: 45 min, 1 h, 1 h 45."""
    full_hours, rest = divmod(int(minutes), 60)
    if not full_hours:
        return _("%(minutes)d min") % {"minutes": rest}
    if not rest:
        return _("%(hours)d h") % {"hours": full_hours}
    return _("%(hours)d h %(minutes)02d") % {"hours": full_hours, "minutes": rest}


@register.filter
def duration(length: timedelta | None) -> str:
    """A length of time in its largest unit, rounded: 40 minutes, 5 hours, 3 days, 2 weeks."""
    if length is None:
        return ""
    minutes = round(length.total_seconds() / 60)
    if minutes < 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if (hours := round(minutes / 60)) < 48:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    if (days := round(minutes / 60 / 24)) < 21:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    weeks = round(days / 7)
    return ngettext("%(n)d week", "%(n)d weeks", weeks) % {"n": weeks}


@register.filter
def when(moment: date | datetime | None) -> str:
    """A moment as a date to say: today 14:02, yesterday 9:15, 17 November, 17 November 2025."""
    if moment is None:
        return ""
    clock = ""
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment)
        clock = " " + dateformat.format(moment, "G:i")
    day = moment.date() if isinstance(moment, datetime) else moment
    today = timezone.localdate()
    if day == today:
        return _("today") + clock
    if day == today - timedelta(days=1):
        return _("yesterday") + clock
    if day == today + timedelta(days=1):
        return _("tomorrow") + clock
    return dateformat.format(day, "j F" if day.year == today.year else "j F Y")


@register.filter
def since(moment: date | datetime | None) -> str:
    """How long ago a moment is, in its largest unit: a moment, 40 min, 3 h, 2 days, 5 months."""
    if moment is None:
        return ""
    if isinstance(moment, datetime):
        minutes = max(0, int((timezone.now() - moment).total_seconds() // 60))
        if not minutes:
            return _("a moment")
        if minutes < 60:
            return _("%(minutes)d min") % {"minutes": minutes}
        if minutes < 24 * 60:
            return _("%(hours)d h") % {"hours": minutes // 60}
        days = minutes // (24 * 60)
    else:
        days = max(0, (timezone.localdate() - moment).days)
        if not days:
            return _("less than a day")
    if days < 60:
        return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
    if days < 730:
        return _("%(months)d months") % {"months": days // 30}
    return _("%(years)d years") % {"years": days // 365}


@register.simple_tag
def moment(at: date | datetime | None, words: str = "") -> SafeString | str:
    """A moment as a <time> element: words to read, the exact moment for machines and on hover."""
    if at is None:
        return ""
    local = timezone.localtime(at) if isinstance(at, datetime) else at
    title = dateformat.format(local, "j F Y, G:i T" if isinstance(at, datetime) else "j F Y")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', local.isoformat(), title, words or when(at)
    )


# Other people's text


@register.filter
def visible(text: Any) -> str:
    """A path or name from a repository; what cannot be seen in it, or turns it round, as a mark."""
    return names.visible(str(text))


@register.filter
def code_visible(text: Any) -> str:
    """A line of a file: as `visible`, but tabs stay tabs."""
    return "\t".join(visible(part) for part in str(text).split("\t"))


#: What a browser calls itself, most telling first: each also names those below it.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


@register.filter
def device(user_agent: str) -> str:
    """A browser's long name as a person says it: Firefox on Linux."""
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Another kind of browser")


MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
MARKDOWN_TAGS = {
    *("p", "br", "hr", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "code", "pre"),
    *("em", "strong", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
MARKDOWN_LINK = re.compile(r"(https?://|mailto:)", re.IGNORECASE)


@register.filter
def markdown(text: str, top: int = 3) -> SafeString:
    """A person's CommonMark as HTML that can do nothing but be read.

    Raw HTML shows as text, images go, links keep http, https and mailto and carry rel="nofollow
    noopener ugc". The levels of heading in use become h3, h4… (or from `top` on), so that a text
    never breaks the outline of the page around it. This is the one place where the words of
    people are declared safe.
    """
    tokens = MARKDOWN.parse(str(text or ""))
    _renumber_headings(tokens, int(top))
    html = MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})
    clean = nh3.clean(
        html,
        tags=MARKDOWN_TAGS,
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        attribute_filter=_keep_attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener ugc",
    )
    return mark_safe(clean)  # noqa: S308 - cleaned above


def _renumber_headings(tokens: list[Token], top: int) -> None:
    headings = [token for token in tokens if token.type in {"heading_open", "heading_close"}]
    levels = sorted({token.tag for token in headings})
    for token in headings:
        token.tag = f"h{min(6, top + levels.index(token.tag))}"


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    """Drops a link into our own site (or to a scheme-less host), which its writer never meant."""
    return None if name == "href" and not MARKDOWN_LINK.match(value) else value
