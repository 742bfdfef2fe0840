"""What a name becomes, and which names, headlines and handles are refused."""

import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts import names
from accounts.validators import validate_handle, validate_line, validate_name, validate_text

GOOD_HANDLES = ["ada", "ad", "ada-nwosu", "a1", "1a", "007", "a-b-c", "x" * 39]
BAD_HANDLES = [
    "", "a", "-ada", "ada-", "ada--nwosu", "Ada", "ADA", "ada_nwosu", "ada.nwosu", "ada nwosu",
    "ada\n", "\nada", "ada\x00", "ada/nwosu", "../ada", "..", "@ada", "ada@x", "ada%2f", "x" * 40,
    "аda",  # a Cyrillic a
    "adа", "ɑda", "ada\u200b", "ada\u202e", "ａｄａ", "ada\u00ad", "adá", "αδα", "ада", "阿达",
    "ada\ufeff", "ad\u0131", "ﬁsh", "ⓐda", "𝐚𝐝𝐚", "ada²", "ада-nwosu", "ada’s", "ada?x=1", "ada#x",
    "<ada>", "ada;", "ada'", 'ada"', "ada\t", " ada", "ada ", "٣٤", "ada\u0301",
]  # fmt: skip
UNSEEN = [
    "Ada\u200bNwosu", "Ada\u200cNwosu", "Ada\u200dNwosu", "Ada\u2060Nwosu", "\ufeffAda",
    "Ada\u00adNwosu", "Ada\u202eusowN", "Ada\u202d", "Ada\u2066", "Ada\u2069", "Ada\u200e",
    "Ada\u200f", "Ada\u061c", "Ada\x00", "Ada\x07", "Ada\x1b[31m", "Ada\nNwosu", "Ada\r\nBcc: x",
    "Ada\u2028Nwosu", "Ada\u2029", "Ada\x7f", "Ada\x85", "Ada\u3164", "\u2800\u2800", "Ada\u115f",
    "Ada\ue000", "Ada\U000e0041", "Ada\ufff9", "Ada\u180e",
]  # fmt: skip
REAL_NAMES = [
    "Ada Nwosu", "José Ángel Núñez", "Nguyễn Thị Ánh", "李小龙", "محمد علي", "שרה לוי", "O’Neill",
    "Jean-Luc", "Łukasz", "Ω", "ภูมิพล", "สมชาย ใจดี", "Ada 🚀", "X Æ A-12", "Zoë", "Björk",
]  # fmt: skip


@pytest.mark.parametrize("handle", GOOD_HANDLES)
def test_a_well_formed_handle_is_accepted(handle):
    validate_handle(handle)


@pytest.mark.parametrize("handle", BAD_HANDLES)
def test_a_handle_is_small_ascii_letters_digits_and_single_hyphens(handle):
    with pytest.raises(ValidationError) as refusal:
        validate_handle(handle)

    assert refusal.value.code == "malformed"


@pytest.mark.parametrize("handle", sorted(names.RESERVED_HANDLES))
def test_a_handle_is_no_word_that_the_site_uses_itself(handle):
    with pytest.raises(ValidationError, match="kept for the site"):
        validate_handle(handle)


@pytest.mark.parametrize("name", REAL_NAMES)
def test_names_of_real_people_are_accepted_and_kept_as_they_are(name):
    validate_name(name)

    assert names.clean(name) == name


@pytest.mark.parametrize("name", UNSEEN)
def test_a_name_has_no_character_that_cannot_be_seen(name):
    with pytest.raises(ValidationError, match="cannot be seen: U\\+"):
        validate_name(name)


@pytest.mark.parametrize("name", UNSEEN)
def test_a_name_from_elsewhere_loses_what_cannot_be_seen(name):
    cleaned = names.clean(name)

    if cleaned:
        validate_name(cleaned)


@pytest.mark.parametrize("name", ["...", "— —", "🚀🚀", "<>", "' '"])
def test_a_name_has_something_to_read(name):
    with pytest.raises(ValidationError, match="letter or digit"):
        validate_name(name)


def test_marks_cannot_be_piled_over_the_lines_around_a_name():
    with pytest.raises(ValidationError, match="fewer marks"):
        validate_name("A\u0300\u0301\u0302\u0303\u0304\u0305\u0306da")


@pytest.mark.parametrize("text", ["Learner\u202e gnp.exe", "One\nTwo", "Bell\x07", "\u2067x"])
def test_a_headline_has_no_control_character_and_turns_no_direction(text):
    with pytest.raises(ValidationError, match="control how text runs"):
        validate_line(text)


@pytest.mark.parametrize(
    "text", ["Junior ML engineer in Leeds", "מהנדסת למידת מכונה", "👩‍💻 at work"]
)
def test_a_headline_may_be_in_any_script(text):
    validate_line(text)


def test_a_text_keeps_its_line_ends_and_tabs_and_nothing_else_that_controls():
    validate_text("One\r\n\tTwo\n")

    with pytest.raises(ValidationError, match=r"U\+001B"):
        validate_text("Red \x1b[31m")


@given(st.text())
def test_every_name_becomes_a_well_formed_handle_that_is_not_reserved(name):
    handle = names.handle_from(name)

    assert re.match(names.HANDLE_PATTERN, handle)
    assert handle not in names.RESERVED_HANDLES


@given(st.text())
def test_a_cleaned_name_is_empty_or_valid(name):
    cleaned = names.clean(name)

    if cleaned:
        validate_name(cleaned)
        assert len(cleaned) <= names.NAME_LENGTH


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Ada Nwosu", "AN"), ("Grace", "G"), ("jean luc marie picard", "JP"), ("🚀", "?"), ("", "?")],
)
def test_initials_are_those_of_the_first_and_the_last_word(name, expected):
    assert names.initials(name) == expected
