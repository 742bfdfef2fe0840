"""The bytes of a file as text, or why they are none; and which files are worth asking for."""

import codecs
import re
from posixpath import basename

from portfolio.github.snapshot import TreeEntry, Unread

MAX_FILE_BYTES = 200_000
MAX_README_BYTES = 512_000  # GitHub itself shows no more of a README
MAX_TOTAL_BYTES = 1_500_000
EMPTY_BLOB = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"  # git's id of the empty file

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: What "echo … >> README.md" appends in Windows PowerShell: UTF-16 without a mark.
_APPENDED = re.compile(rb"(?:[\t\n\r -~]\0){4,}")
# fmt: off
_TEXT_SUFFIXES = (
    ".cfg", ".csv", ".go", ".ini", ".ipynb", ".java", ".jl", ".js", ".json", ".md", ".py", ".r",
    ".rs", ".rst", ".scala", ".toml", ".ts", ".txt", ".yaml", ".yml",
)
# fmt: on


def limit(path: str) -> int:
    """How many bytes of this file are read at most."""
    return MAX_README_BYTES if is_readme(path) else MAX_FILE_BYTES


def is_readme(path: str) -> bool:
    return basename(path).lower().startswith("readme")


def is_empty(entry: TreeEntry) -> bool:
    return entry.size == 0 or entry.sha == EMPTY_BLOB


def is_text_by_name(path: str) -> bool:
    """Whether a file of this name is text even where GitHub calls it binary, as it does UTF-16."""
    return is_readme(path) or path.lower().endswith(_TEXT_SUFFIXES)


def decode(data: bytes) -> "str | Unread":
    """Text in UTF-8 (odd bytes replaced), or in what its byte-order mark says; else Unread.BINARY.

    Windows editors save a README as UTF-16, so the mark is looked at before the NULs; and its shell
    appends UTF-16 to a text in UTF-8.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _clean(data[len(mark) :].decode(encoding, "replace"))
    data = _APPENDED.sub(lambda match: match[0][::2], data)
    return _clean(data.decode("utf-8", "replace"))


def _clean(text: str) -> "str | Unread":
    if "\0" in text or text.count("\ufffd") > max(8, len(text) // 4):
        return Unread.BINARY
    return text
