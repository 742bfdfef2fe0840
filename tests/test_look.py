"""The look: glyphs, words, other people's text, forms, the frame of a page, allauth's pages."""

import re
import time
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django import forms
from django.conf import settings
from django.contrib.messages import ERROR, SUCCESS
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from config import views
from config.templatetags import look
from tests.accounts.mailbox import delivered
from tests.factories import PASSWORD, make_user

TEMPLATES = settings.BASE_DIR / "templates"
OURS = [
    path
    for path in sorted(TEMPLATES.rglob("*.html"))
    if path.relative_to(TEMPLATES).parts[0] not in {"accounts", "curriculum", "portfolio"}
]


def render(source: str, **context) -> str:
    return Template(source).render(Context(context))


# Glyphs


def test_an_icon_beside_a_word_is_silent_and_one_alone_has_a_name():
    assert 'aria-hidden="true"' in render('{% icon "lock" %}')
    alone = render('{% icon "search" label=words %}', words='Find "it"')
    assert 'role="img" aria-label="Find &quot;it&quot;"' in alone
    assert "aria-hidden" not in alone


def test_a_glyph_that_does_not_exist_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        render('{% icon "unicorn" %}')


@pytest.mark.parametrize("level", ["declared", "studied", "demonstrated", "endorsed"])
def test_evidence_is_a_post_and_a_word(level):
    html = render("{% evidence level %}", level=level)
    assert f'class="ev {level}"' in html
    assert level.capitalize() in html
    assert html.count("<svg") == 1


def test_evidence_that_has_aged_says_what_aged_it_and_escapes_it():
    html = render('{% evidence "endorsed" note %}', note="at <b>")
    assert 'class="ev endorsed aged"' in html
    assert "<small>at &lt;b&gt;</small>" in html


@pytest.mark.parametrize(
    "name",
    ["complete", "part", "partly", "none", "next", "skipped", "due", "met", "self", "missing"],
)
def test_every_state_is_drawn_and_can_say_its_word(name):
    assert 'aria-label="so far"' in render("{% state name 'so far' %}", name=name)
    assert 'aria-hidden="true"' in render("{% state name %}", name=name)


@pytest.mark.parametrize(
    ("outcome", "css_class", "word"),
    [
        ("passed", "passed", "Passed"),
        ("failed", "failed", "Failed"),
        ("unknown", "unknown", "Not known"),
        ("not_applicable", "na", "Not applicable"),
    ],
)
def test_a_verdict_is_a_shape_a_word_and_a_colour(outcome, css_class, word):
    html = render("{% verdict outcome %}", outcome=outcome)
    assert f'class="v {css_class}"' in html
    assert "<svg" in html
    assert word in html


def test_a_verdict_may_have_a_better_word_which_is_escaped():
    assert "7 of 8 &lt;i&gt;" in render('{% verdict "passed" word %}', word="7 of 8 <i>")


def test_the_big_post_carries_its_number():
    assert ">18</text>" in render("{% bigpost 18 %}")


@pytest.mark.django_db
def test_an_avatar_shows_initials_and_leaves_the_name_to_the_words_beside_it():
    profile = make_user("Ada Nwosu").profile
    assert 'class="avatar" aria-hidden="true">AN<' in render("{% avatar who %}", who=profile)
    assert 'class="avatar m"' in render('{% avatar who "mentor" %}', who=profile)


# Words for time


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 min"), (45, "45 min"), (60, "1 h"), (65, "1 h 05"), (105, "1 h 45"), (6000, "100 h")],
)
def test_minutes_are_said_as_hours(minutes, words):
    assert look.hours(minutes) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 17, 14, 2, tzinfo=UTC), "today 14:02"),
        (datetime(2026, 11, 16, 9, 15, tzinfo=UTC), "yesterday 9:15"),
        (datetime(2026, 11, 18, 9, 15, tzinfo=UTC), "tomorrow 9:15"),
        (datetime(2026, 11, 3, 9, 15, tzinfo=UTC), "3 November"),
        (datetime(2025, 11, 17, 9, 15, tzinfo=UTC), "17 November 2025"),
        (date(2026, 11, 17), "today"),
        (date(2026, 3, 1), "1 March"),
        (None, ""),
    ],
)
def test_a_moment_is_said_as_people_say_it(moment, words):
    with time_machine.travel(datetime(2026, 11, 17, 20, tzinfo=UTC), tick=False):
        assert look.when(moment) == words


def test_today_is_the_readers_today():
    late = datetime(2026, 11, 17, 23, 30, tzinfo=UTC)
    with time_machine.travel(late, tick=False), timezone.override("Asia/Tokyo"):
        assert look.when(late) == "today 8:30"
        assert look.when(date(2026, 11, 17)) == "yesterday"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 17, 19, 59, 30, tzinfo=UTC), "a moment"),
        (datetime(2026, 11, 17, 20, 30, tzinfo=UTC), "a moment"),
        (datetime(2026, 11, 17, 19, 20, tzinfo=UTC), "40 min"),
        (datetime(2026, 11, 17, 17, 0, tzinfo=UTC), "3 h"),
        (datetime(2026, 11, 16, 19, 0, tzinfo=UTC), "1 day"),
        (datetime(2026, 11, 15, 19, 0, tzinfo=UTC), "2 days"),
        (datetime(2026, 6, 1, tzinfo=UTC), "5 months"),
        (datetime(2023, 6, 1, tzinfo=UTC), "3 years"),
        (date(2026, 11, 17), "less than a day"),
        (date(2026, 11, 15), "2 days"),
        (None, ""),
    ],
)
def test_how_long_ago_is_said_in_one_unit(moment, words):
    with time_machine.travel(datetime(2026, 11, 17, 20, tzinfo=UTC), tick=False):
        assert look.since(moment) == words


def test_a_moment_on_a_page_is_exact_for_machines():
    at = datetime(2026, 11, 17, 14, 2, tzinfo=UTC)
    with time_machine.travel(at, tick=False):
        html = render("{% moment at %}", at=at)
    assert 'datetime="2026-11-17T14:02:00+00:00"' in html
    assert ">today 14:02</time>" in html
    assert render("{% moment at %}", at=None) == ""


# Other people's text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("src/app.py", "src/app.py"),
        ("ünïcode/日本.md", "ünïcode/日本.md"),
        ("a\x00b", "a␀b"),
        ("a\nb", "a␊b"),
        ("a\x7fb", "a␡b"),
        ("a\x9bb", "a[U+009B]b"),
        ("invoice\u202egpj.exe", "invoice[U+202E]gpj.exe"),
        ("a\u2066b\u2069", "a[U+2066]b[U+2069]"),
        ("a\u200bb", "a[U+200B]b"),
        ("a\u3164b", "a[U+3164]b"),
        ("a\U000e0041b", "a[U+E0041]b"),
        ("a\ud800b", "a[U+D800]b"),
    ],
)
def test_hidden_characters_of_a_path_become_visible(text, shown):
    assert look.visible(text) == shown


def test_a_visible_path_is_still_escaped():
    assert render("{{ path|visible }}", path="<script>") == "&lt;script&gt;"


class Reader(HTMLParser):
    """Reads HTML as a browser does: which tags, attributes and addresses it really has."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.addresses = set(), set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.update(name for name, _value in attrs)
        self.addresses += [value for name, value in attrs if name in {"href", "src"}]


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\nscript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "<javascript:alert(1)>",
        '[x](https://example.org "\\" onmouseover=\\"alert(1)")',
        "![x](https://example.org/tracker.gif)",
        '<a href="javascript:alert(1)">x</a>',
        "[x][y]\n\n[y]: javascript:alert(1)",
        "<style>body{display:none}</style>",
        "<iframe src=https://example.org></iframe>",
        '```"><script>alert(1)</script>\ncode\n```',
        "<!--<script>-->",
        '| a |\n| --- |\n| <form action="https://evil.example"> |',
    ],
)
def test_nothing_in_markdown_can_act(attack):
    reader = Reader()
    reader.feed(look.markdown(attack))
    assert reader.tags <= look.MARKDOWN_TAGS
    assert reader.attributes <= {"href", "title", "rel", "start"}
    assert all(re.match(r"https?:|mailto:", address) for address in reader.addresses)


def test_markdown_keeps_what_is_there_to_be_read():
    html = look.markdown(
        "**bold** *soft* `code`\n\n- one\n- two\n\n3. three\n\n> said\n\n"
        "| a | b |\n| --- | --- |\n| 1 | 2 |\n\n```\nblock\n```\n\n---"
    )
    for piece in [
        "<strong>bold</strong>",
        "<em>soft</em>",
        "<code>code</code>",
        "<li>two</li>",
        '<ol start="3">',
        "<blockquote>",
        "<td>2</td>",
        "<pre><code>block",
        "<hr>",
    ]:
        assert piece in html


def test_links_of_people_are_marked_as_theirs():
    html = look.markdown("[report](https://example.org/r) and <mailto:ada@example.org>")
    assert '<a href="https://example.org/r" rel="nofollow noopener ugc">report</a>' in html
    assert 'href="mailto:ada@example.org"' in html


@pytest.mark.parametrize("address", ["/accounts/logout/", "//evil.example/", "#top", "page.html"])
def test_links_of_people_do_not_lead_into_our_own_site(address):
    assert "href" not in look.markdown(f"[x]({address})")


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("# a\n\n## b", ["h3", "h4"]),
        ("## a\n\n## b", ["h3", "h3"]),
        ("# a\n\n##### b", ["h3", "h4"]),
        ("# a\n\n## b\n\n### c\n\n#### d\n\n##### e", ["h3", "h4", "h5", "h6", "h6"]),
        ("Title\n=====", ["h3"]),
    ],
)
def test_headings_of_people_stay_below_those_of_the_page(text, headings):
    assert re.findall(r"<(h\d)>", look.markdown(text)) == headings


def test_headings_can_start_lower_and_carry_no_ids():
    assert look.markdown("# a", 4) == "<h4>a</h4>\n"


def test_deep_nesting_ends_in_a_page_not_in_an_error():
    assert look.markdown(">" * 5000 + "a")
    assert look.markdown("*" * 20000)
    assert look.markdown("[" * 5000)


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Linux",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14) Version/18 Safari/605", "Safari on macOS"),
        ("curl/8.5.0", "Another kind of browser"),
        ("", "Another kind of browser"),
    ],
)
def test_a_browser_is_named_as_a_person_would(user_agent, words):
    assert look.device(user_agent) == words


# Forms


class PasteForm(forms.Form):
    link = forms.CharField(
        label="Repository",
        help_text="Paste a link.",
        max_length=5,
        widget=forms.TextInput(attrs={"placeholder": "Repository"}),
    )
    title = forms.CharField(label="Title", required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A")], widget=forms.RadioSelect)


def test_a_field_ties_label_hint_and_error_together():
    html = str(PasteForm({"link": "<script>"}))
    assert '<label for="id_link">Repository</label>' in html
    assert 'id="id_link_helptext"' in html
    assert 'id="id_link_error"' in html
    assert 'aria-describedby="id_link_helptext id_link_error"' in html
    assert 'aria-invalid="true"' in html


def test_the_summary_above_a_form_leads_to_each_field_that_needs_somebody():
    html = str(PasteForm({"link": "too long", "title": "kept"}))
    assert 'href="#id_link"' in html
    assert 'href="#id_kind_0"' in html
    assert 'href="#id_title"' not in html
    assert "Everything you typed is kept." in html
    assert 'value="kept"' in html


def test_a_form_without_errors_has_no_summary():
    assert 'role="alert"' not in str(PasteForm())


def test_an_optional_field_says_so_and_a_placeholder_does_not_repeat_its_label():
    html = str(PasteForm())
    assert html.count("optional") == html.count('class="optional">optional') * 2 == 2
    assert "placeholder" not in html


def test_a_password_is_not_promised_to_be_kept():
    class SecretForm(forms.Form):
        secret = forms.CharField(widget=forms.PasswordInput)

    assert "Everything you typed is kept." not in str(SecretForm({}))


def test_pages_of_a_list_show_which_one_this_is():
    page = Paginator(range(900), 50).page(7)
    html = render_to_string("components/_pagination.html", {"page": page})
    assert re.search(r'href="\?page=7"[^>]*aria-current="page"', html)
    assert "…" in html
    alone = Paginator(range(3), 50).page(1)
    assert "<nav" not in render_to_string("components/_pagination.html", {"page": alone})


# Colours


def test_every_pair_of_colours_can_be_told_apart_in_light_and_dark():
    too_little = [pair for pair in views.pairs() if not pair.is_enough]
    assert too_little == []
    assert len(views.pairs()) > 50


def test_contrast_is_that_of_wcag():
    assert views.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert views.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_every_colour_used_in_the_styles_is_a_role():
    sheet = Path(settings.BASE_DIR / "config/static/site.css").read_text()
    tokens = Path(settings.BASE_DIR / "config/static/tokens.css").read_text()
    for name in re.findall(r"var\((--[\w-]+)\)", sheet):
        assert f"{name}:" in tokens, f"{name} is not declared in tokens.css"


# What the content policy asks of every template


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_is_sound_and_has_no_inline_style_or_script(path):
    source = path.read_text(encoding="utf-8")
    get_template(str(path.relative_to(TEMPLATES)))
    assert not re.search(r"\son\w+=|javascript:|hx-on|https?://(?!github)", source)
    if (
        "email" not in path.relative_to(TEMPLATES).parts
    ):  # no policy holds there, and no style sheet
        assert not re.search(r"\sstyle=|<style", source)
    for script in re.findall(r"<script[^>]*>", source):
        assert "src=" in script or 'type="application/json"' in script


# The frame


@pytest.mark.django_db
def test_a_stranger_is_offered_to_sign_in_and_sees_nothing_of_others(client):
    html = client.get(reverse("account_login")).content.decode()
    assert reverse("account_signup") in html
    assert reverse("portfolio:desk") not in html
    assert "hx-headers" not in html
    assert '<meta name="robots" content="noindex">' in html


def test_a_person_finds_everything_of_their_own_in_the_menu(client, ada):
    client.force_login(ada)
    html = client.get(reverse("usersessions_list")).content.decode()
    for name in ["accounts:profile", "accounts:mentorships", "account_email", "mfa_index"]:
        assert f'href="{reverse(name)}"' in html
    assert f'action="{reverse("account_logout")}"' in html
    assert 'hx-headers:inherited=\'{"X-CSRFToken": "' in html
    assert reverse("admin:index") not in html


def test_staff_find_the_administration(client, katherine):
    client.force_login(katherine)
    html = client.get(reverse("usersessions_list")).content.decode()
    assert f'href="{reverse("admin:index")}"' in html


def test_a_person_made_on_the_command_line_gets_pages_too(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("root@example.org", PASSWORD))
    assert client.get(reverse("usersessions_list")).status_code == 200


def test_the_place_in_the_navigation_is_marked(rf, ada):
    request = rf.get(reverse("curriculum:roadmap"))
    request.user = ada
    source = (
        '{% extends "base.html" %}{% block nav_current %}\n roadmap {% endblock %}'
        "{% block title %}Map{% endblock %}"
    )
    html = Template(source).render(Context({"request": request, "user": ada, "site_name": "M"}))
    assert f'href="{reverse("curriculum:roadmap")}" aria-current="page"' in html
    assert html.count("aria-current") == 1
    assert "<title>Map · M</title>" in html


def test_messages_are_said_and_escaped():
    said = [Message(SUCCESS, "Saved <b>."), Message(ERROR, "Not saved.")]
    html = render_to_string("components/_messages.html", {"messages": said})
    assert 'role="status"' in html
    assert html.index('class="toast"') < html.index("Saved &lt;b&gt;.")
    assert html.index('class="notice bad"') < html.index("Not saved.")


@pytest.mark.parametrize(
    ("github_url", "words"),
    [("http://127.0.0.1:9", "nothing leaves this machine"), ("https://github.com", "real one")],
)
def test_the_demonstration_says_what_it_is(github_url, words):
    context = {"github_url": github_url, "user": None}
    html = render_to_string("components/_demo_banner.html", context)
    assert words in html
    assert "learner@example.org" in html


# When something goes wrong


@pytest.mark.django_db
def test_a_missing_page_does_not_say_whether_it_is_hidden(client):
    response = client.get("/@nobody-at-all/")
    assert response.status_code == 404
    assert "keeps it private" in response.content.decode()


def test_an_error_page_needs_neither_context_nor_database():
    response = views.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "Something broke on our side" in response.content.decode()
    assert views.bad_request(RequestFactory().get("/"), ValueError()).status_code == 400


def test_even_a_broken_error_page_is_a_page(settings):
    settings.TEMPLATES = []
    response = views.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "Something broke on our side" in response.content.decode()


def test_a_stale_form_is_refused_in_words(ada):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    response = client.post(reverse("account_logout"))
    assert response.status_code == 403
    assert "Please send that again" in response.content.decode()


@pytest.mark.parametrize("is_demo", [True, False])
@pytest.mark.django_db
def test_the_style_guide_is_shown_in_the_demonstration_only(rf, settings, is_demo):
    settings.IS_DEMO, settings.DEBUG = is_demo, False
    request = rf.get("/styleguide/")
    request.user = None
    if is_demo:
        html = views.styleguide(request).content.decode()
        assert 'class="v failed"' in html
        assert "[U+202E]" in html
    else:
        with pytest.raises(views.Http404):
            views.styleguide(request)


# allauth's pages and letters

OPEN_PAGES = [
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_inactive",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
]
OWN_PAGES = [
    "account_email",
    "account_change_password",
    "account_logout",
    "account_reauthenticate",
    "mfa_index",
    "mfa_list_webauthn",
    "socialaccount_connections",
    "usersessions_list",
]


@pytest.mark.parametrize("name", OPEN_PAGES)
@pytest.mark.django_db
def test_pages_for_everybody_wear_our_clothes(client, name):
    html = client.get(reverse(name)).content.decode()
    assert html.count("<h1") == 1
    assert 'class="entrance"' in html


@pytest.mark.parametrize("name", OWN_PAGES)
def test_pages_of_ones_account_wear_our_clothes(client, ada, name):
    client.post(reverse("account_login"), {"login": ada.email, "password": PASSWORD})
    html = client.get(reverse(name)).content.decode()
    assert html.count("<h1") == 1
    assert 'class="settings"' in html or 'class="entrance"' in html


def test_a_second_step_can_be_set_up_and_its_codes_read(client, ada):
    client.post(reverse("account_login"), {"login": ada.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    html = client.get(reverse("mfa_activate_totp")).content.decode()
    assert 'src="data:image/svg+xml;base64,' in html
    secret = client.session["mfa.totp.secret"]
    counter = int(time.time()) // 30
    code = format_hotp_value(hotp_value(secret, counter))
    response = client.post(reverse("mfa_activate_totp"), {"code": code}, follow=True)
    html = response.content.decode()
    assert html.count("<li><code>") == 10
    downloaded = client.get(reverse("mfa_download_recovery_codes"))
    assert len(downloaded.content.decode().strip().splitlines()) == 11
    assert "Switch off" in client.get(reverse("mfa_index")).content.decode()


@pytest.mark.django_db
def test_github_is_offered_only_where_it_is_set_up(client, settings):
    assert "GitHub" not in client.get(reverse("account_login")).content.decode()
    settings.GITHUB_CLIENT_ID = "id"
    settings.SOCIALACCOUNT_PROVIDERS = {
        "github": {"APPS": [{"client_id": "id", "secret": "secret"}]}
    }
    html = client.get(reverse("account_login")).content.decode()
    assert re.search(r'<form method="post" action="/accounts/github/login/', html)


def test_a_letter_is_plain_british_and_signed_by_the_place(client, ada):
    client.post(reverse("account_reset_password"), {"email": ada.email})
    letter = delivered()[0]
    assert "Set a new password" in letter.subject
    assert re.search(r"http://\S+/accounts/password/reset/key/\S+", letter.body)
    assert "Regards from Milepost" in letter.body
    assert "&" not in letter.body
    assert letter.body.startswith("Hello,\n")


def test_a_letter_about_a_change_says_where_it_came_from(client, ada):
    client.post(reverse("account_login"), {"login": ada.email, "password": PASSWORD})
    client.post(
        reverse("account_change_password"),
        {
            "oldpassword": PASSWORD,
            "password1": "another-good-phrase",
            "password2": "another-good-phrase",
        },
    )
    letter = delivered()[-1]
    assert "password of your account was changed" in letter.body
    assert "127.0.0.1" in letter.body
