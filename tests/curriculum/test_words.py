"""Words without case and accents, one letter off, marked, and harmless whatever is typed."""

import time
import unicodedata

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from curriculum import words

#: Letters as people write them, with marks and digits, and what stands between words.
LETTERS = st.characters(categories=["Ll", "Lu", "Nd"], max_codepoint=0x24F)
TEXT = st.text(st.one_of(LETTERS, st.sampled_from(" -_'’,.()[]*\n\t<>&\"\u0301")), max_size=80)
HOSTILE = [
    "<script>alert(1)</script>", "'; DROP TABLE curriculum_unit; --", "%' OR 1=1", "a\x00b", "\x00",
    ".*", "(a+)+$", "[", "\\", "(?P<x>", "{{ 7*7 }}", "{% load x %}", "\u202eabc\u202c", "\u200b",
    "\ud7ff", "\U0010ffff", "🙂", "a" * 10_000, "a " * 5_000, "<" * 10_000, "é" * 10_000,
    "\u0301" * 10_000, "ﷺ" * 2_000, "%00%0d%0a", "\r\nSet-Cookie: a=b", "&amp;&lt;", "/../../etc/passwd",
]  # fmt: skip


def marked(text, meant):
    source = "{% load curriculum %}{{ text|marked:meant }}"
    return Template(source).render(Context({"text": text, "meant": meant}))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Résumé", "resume"), ("RE\u0301SUME\u0301", "resume"), ("Straße", "strasse"), ("ŁÓDŹ", "lodz"),
        ("Tromsø", "tromso"), ("Ærø", "aero"), ("İstanbul", "istanbul"), ("ﬁt", "fit"), ("Ⅳ", "iv"),
    ],
)  # fmt: skip
def test_a_word_is_compared_without_case_and_accents(text, folded):
    assert words.fold(text) == folded


@given(TEXT)
def test_case_and_accents_of_letters_do_not_matter(text):
    decomposed = unicodedata.normalize("NFD", text)

    assert words.split(decomposed) == words.split(text)
    assert words.split(words.fold(text)) == words.split(text)
    assert words.split(text.swapcase()) == words.split(text) or "ß" in text.lower()


def test_words_are_divided_as_names_in_code_are():
    assert words.split("train_test_split(X, y); naïve-bayes’s 2nd") == [
        "train", "test", "split", "x", "y", "naive", "bayes", "s", "2nd",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("regularization", "regularisation"), ("gradent", "gradient"), ("gradiennt", "gradient"),
        ("gardient", "gradient"), ("gradiant", "gradient"), ("ridges", "ridge"), ("xridge", "ridge"),
    ],
)  # fmt: skip
def test_one_letter_wrong_missing_added_or_swapped_is_one_letter_off(typed, word):
    assert words.is_one_letter_off(typed, word)
    assert words.is_one_letter_off(word, typed)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("ridge", "ridge"),
        ("gradeint!", "gradient"),
        ("lasso", "class"),
        ("abcde", "edcba"),
        ("", "ab"),
    ],
)
def test_the_same_and_more_than_one_letter_are_not_one_letter_off(typed, word):
    assert not words.is_one_letter_off(typed, word)


@given(st.text("abcdef", min_size=1, max_size=12), st.data())
def test_any_one_change_of_a_word_is_one_letter_off(word, data):
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("xyz"))
    changed = {
        "wrong": word[:at] + letter + word[at + 1 :],
        "missing": word[:at] + word[at + 1 :],
        "added": word[:at] + letter + word[at:],
    }

    for typed in changed.values():
        assert words.is_one_letter_off(typed, word)


# Queries


def test_a_long_query_is_cut_and_says_so():
    for text in ("regularisation " * 700, "regularisation " * 7):
        query = words.query(text)

        assert query.is_cut
        assert query.text == " ".join(["regularisation"] * 6)
        assert query.words == ("regularisation",)
    assert len(words.query("x" * 10_000).text) == words.MOST_LETTERS
    assert not words.query("regularisation " * 6).is_cut


def test_a_single_letter_is_looked_for_as_a_word():
    assert words.query("r").is_in("R, and others")
    assert not words.query("r").is_in("Trees are here")
    assert words.query("é").is_in("e")


def test_a_query_of_many_words_keeps_the_first_ten():
    query = words.query("a b c d e f g h i j k l")

    assert query.words == tuple("abcdefghij")
    assert query.is_cut


def test_what_cannot_be_seen_is_no_part_of_a_query():
    assert words.query("gra\u200bdi\u202eent\x00 \x07 boosting").text == "gradient boosting"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_a_query_like_any_other(text):
    took = []
    for _ in range(3):  # the quickest tells: a busy machine slows any of them down
        started = time.process_time()
        query = words.query(text)
        query.is_in(text)
        html = marked(text, query) + marked(words.excerpt(text, query), query)
        took.append(time.process_time() - started)

    assert min(took) < 0.5
    assert len(query.words) <= words.MOST_WORDS
    assert "<" not in html.replace("<mark>", "").replace("</mark>", "")


@given(TEXT, TEXT)
def test_marks_change_nothing_but_the_look(text, typed):
    pieces = list(words.pieces(text, words.query(typed)))

    assert "".join(piece for piece, _ in pieces) == unicodedata.normalize("NFC", text)


@given(st.text(max_size=300), st.text(max_size=30))
def test_whatever_is_marked_is_escaped(text, typed):
    html = marked(text, words.query(typed))

    assert "<" not in html.replace("<mark>", "").replace("</mark>", "")
    assert html.count("<mark>") == html.count("</mark>")


def test_the_words_that_were_meant_are_marked_as_they_are_written():
    assert marked("Naïve <b> Bayes", words.query("NAIVE")) == "<mark>Naïve</mark> &lt;b&gt; Bayes"
    assert marked("RandomForest", words.query("forest")) == "<mark>RandomForest</mark>"
    assert marked("R and a car", words.query("r")) == "<mark>R</mark> and a car"


# Excerpts


def test_the_signs_of_markdown_are_no_words():
    text = """# Odds

Not *probabilities*: `class_weight` moves the **most**,
see [the guide](https://example.org/guide).

- one
- two

| split | for |
|---|---|
| by time | forecasts |

```python
hours = counts.reshape(-1, 24)
```
"""

    assert words.plain(text).split("\n") == [
        "Odds",
        "Not probabilities: class_weight moves the most, see the guide.",
        "one",
        "two",
        "split",
        "for",
        "by time",
        "forecasts",
        "hours = counts.reshape(-1, 24)",
        "",
    ]


@given(st.text(max_size=300))
def test_any_text_has_plain_words(text):
    assert "\0" not in words.plain(text)


def test_an_excerpt_shows_the_words_around_the_first_that_is_meant():
    text = "filler " * 100 + "then the\nnaïve part " + "filler " * 100

    excerpt = words.excerpt(text, words.query("naive"))

    assert "naïve" in excerpt
    assert excerpt.startswith("… filler")
    assert excerpt.endswith("filler …")
    assert len(excerpt) < 200


@given(st.text(max_size=600), st.text(max_size=30))
def test_an_excerpt_is_a_short_part_of_the_text(text, typed):
    excerpt = words.excerpt(text, words.query(typed), length=100)

    part = excerpt.removeprefix("… ").removesuffix(" …")
    assert part in " ".join(text.split()) or part in text
    assert len(excerpt) <= 104
