"""The register as documentation: the table of docs/takeout.md, and the schema beside it."""

import json
from typing import Any

from accounts import entries, register
from accounts.register import Line

MOST_IN_A_LINE = 110
BEGIN, END = "<!-- the register begins -->", "<!-- the register ends -->"


def schema() -> str:
    """The file docs/takeout.schema.json."""
    return _laid_out(entries.schema()) + "\n"


def into(page: str) -> str:
    """A page with its table written anew, between the two marks."""
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    return "\n".join([before + BEGIN, *_table(), END + after])


def _laid_out(value: Any, depth: int = 0) -> str:
    """JSON in which what fits on a line stands on one, so that a change is a line of a diff."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict) or len(line) + depth <= MOST_IN_A_LINE:
        return line
    rows = [
        f"{' ' * (depth + 1)}{json.dumps(key)}: {_laid_out(inner, depth + 1)}"
        for key, inner in value.items()
    ]
    return "{\n" + ",\n".join(rows) + "\n" + " " * depth + "}"


def _table() -> list[str]:
    rows = [line for line in register.LINES.values() if line.is_personal]
    return [
        "| kind of row | in a takeout | when the account is deleted | kept |",
        "| --- | --- | --- | --- |",
        *(f"| {line.model} | {_taken(line)} | {_fate(line)} | {line.kept} |" for line in rows),
    ]


def _taken(line: Line) -> str:
    if line.because:
        return f"no. {line.because}"
    places = [f"`{taken.name}`" for taken in line.taken]
    left = sorted({name for taken in line.taken for name in taken.without})
    return ", ".join(places) + (f", without {', '.join(left)}" if left else "")


def _fate(line: Line) -> str:
    words = ["goes" if line.of else "", line.goes]
    if line.loses:
        names = ", ".join(f"`{name}`" for name in line.loses)
        words.append(f"{'others lose' if line.of else 'loses'} the name in {names}: {line.stays}")
    return ". ".join(text.rstrip(".") for text in words if text) + "."
