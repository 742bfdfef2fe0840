"""Words as they are looked for: without case and accents, and one letter off where they are long.

Plain Python.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from markdown_it import MarkdownIt

from accounts import names

#: Letters and digits, with the marks that a letter may carry; "_" and all else stand between words.
WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")
MARKS = re.compile(r"[\u0300-\u036f]+")

#: Letters that no decomposition leads back to those that people type for them.
PLAIN = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
UNUSUAL = re.compile("[" + "".join(PLAIN) + "]")

MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")

MOST_LETTERS = 100  # of a query
MOST_WORDS = 10
MOST_TYPED = 1000  # letters that are looked at
#: Words of this length and more are also found with one letter wrong, missing, added or swapped.
FORGIVING = 5


class Meant(Protocol):
    """Knows which words of a text somebody looked for."""

    def matches(self, word: str) -> bool:
        """Whether a folded word is one of them."""


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody looks for: what is to be seen of it, and its words, folded, each once."""

    text: str
    words: tuple[str, ...]
    is_cut: bool = False  # it was longer than what is looked for

    def __bool__(self) -> bool:
        return bool(self.words)

    def is_in(self, text: str) -> bool:
        """Whether a text holds every word, whole or inside another, so that code is found too."""
        folded = fold(text)
        return all(
            word in folded and (len(word) > 1 or _stands_in(folded, word)) for word in self.words
        )

    def matches(self, word: str) -> bool:
        """Whether a folded word holds one of the query's; a single letter matches only itself."""
        return any(word == own or (len(own) > 1 and own in word) for own in self.words)


def query(text: str) -> Query:
    """A query from whatever was typed: of ten kilobytes only the beginning is looked for."""
    typed = text[:MOST_TYPED]
    hidden = names.unseen(typed) - set("\t\r\n")
    line = " ".join("".join(letter for letter in typed if letter not in hidden).split())
    start = line if len(line) <= MOST_LETTERS else line[: MOST_LETTERS + 1].rpartition(" ")[0]
    start = start or line[:MOST_LETTERS]
    words = tuple(dict.fromkeys(split(start)))
    is_cut = len(text) > MOST_TYPED or start != line or len(words) > MOST_WORDS
    return Query(start, words[:MOST_WORDS], is_cut)


def fold(text: str) -> str:
    """A text as it is compared: small letters without accents (Résumé, RESUME: resume)."""
    if text.isascii():
        return text.lower()
    bare = MARKS.sub("", unicodedata.normalize("NFKD", text))
    return UNUSUAL.sub(lambda found: PLAIN[found[0]], bare.casefold())


def split(text: str) -> list[str]:
    """The words of a text, folded, in order."""
    return WORD.findall(fold(text))


def is_one_letter_off(typed: str, word: str) -> bool:
    """Whether one letter wrong, missing or added, or two neighbours swapped, make one word the other."""
    if len(typed) > len(word):
        typed, word = word, typed
    if len(word) - len(typed) > 1 or typed == word:
        return False
    start = next((n for n, letter in enumerate(typed) if letter != word[n]), len(typed))
    if len(typed) < len(word):
        return typed[start:] == word[start + 1 :]
    if typed[start + 1 :] == word[start + 1 :]:
        return True
    return typed[start : start + 2] == word[start : start + 2][::-1] and (
        typed[start + 2 :] == word[start + 2 :]
    )


def pieces(text: str, meant: Meant) -> Iterator[tuple[str, bool]]:
    """A text in pieces, each with whether it is a word that was meant."""
    text = unicodedata.normalize("NFC", text)
    at = 0
    for found in WORD.finditer(text):
        if meant.matches(fold(found[0])):
            if found.start() > at:
                yield text[at : found.start()], False
            yield found[0], True
            at = found.end()
    if at < len(text):
        yield text[at:], False


def excerpt(text: str, meant: Meant, *, length: int = 180) -> str:
    """Some words of a text around the first that was meant, on one line; else its beginning."""
    line = " ".join(text.split())
    hits = (found.start() for found in WORD.finditer(line) if meant.matches(fold(found[0])))
    first = max(0, next(hits, 0) - length // 3)
    start = line.rfind(" ", 0, first) + 1 if first else 0
    end = len(line) if len(line) - start <= length else line.rfind(" ", start, start + length)
    if end <= start:
        end = start + length
    return ("… " if start else "") + line[start:end] + (" …" if end < len(line) else "")


def plain(text: str) -> str:
    """The words of a text in CommonMark, a line for each paragraph, cell or listing."""
    lines = []
    for token in MARKDOWN.parse(text):
        parts = token.children or [token]
        if line := "".join(part.content or " " * (part.type == "softbreak") for part in parts):
            lines.append(line)
    return "\n".join(lines)


def _stands_in(folded: str, letter: str) -> bool:
    """Whether a letter is a word by itself."""
    return re.search(rf"(?<![^\W_]){re.escape(letter)}(?![^\W_])", folded) is not None
