"""Every regular expression that is ours, on text made for it: none takes long, however it is asked.

They are found, not listed: compiled ones in the modules, and those that stand as words in a call of re.
The text is made from the pattern: what it repeats, again and again, and then something that it does not want.
"""

import ast
import importlib.util
import pkgutil
import re
import time
from importlib import import_module
from re import _constants as kinds
from re import _parser as parser

import pytest

from config import views
from config.templatetags import look
from portfolio.checks import prose
from tests.portfolio.test_checks_bounds import patterns

PACKAGES = ["accounts", "config", "curriculum", "portfolio"]
SIZE = 100_000


def _slowness():
    """How much longer this machine needs now than a usual one, for work of the same kind; at least 1."""
    began = time.process_time()
    for _ in range(5):
        re.search(r"(?:a|b)+c", "ab" * 1_500)
    return max(1, (time.process_time() - began) / 5 / 0.012)


SECONDS = 0.05 * _slowness()
#: Lengths that are tried first: some patterns need no more than the shortest, and would never end with the last.
STEPS = (16, 20, 24, 30, 36, 48, 300, 3_000, 20_000)
#: Modules whose patterns are given a row, and never more than this of it.
ROWS = {"portfolio.checks": prose.MAX_LINE, "curriculum.adverts": prose.MAX_LINE}
#: Modules whose patterns are given what was cut before, in characters.
SHORT = {"portfolio.github": 4_000}
#: Read from files of ours, when the site starts.
OF_OUR_FILES = {look.SYMBOL.pattern, views.TOKEN.pattern}
REPEATS = {kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT}


def modules():
    for package in map(import_module, PACKAGES):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not {"migrations", "content", "management"} & set(found.name.split(".")):
                yield found.name


WAYS = {"match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}
FROM_THE_START = {"match", "fullmatch"}


def source_of(name):
    return ast.parse(importlib.util.find_spec(name).loader.get_source(name))


def literals(tree):
    """Patterns that stand as words in a call of re, with the way they are asked: re.sub(r"…", …)."""
    for call, owner, way in _asked(tree):
        if owner == "re" and isinstance(call.args[0], ast.Constant):
            yield re.compile(call.args[0].value), way


def _asked(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            owner = node.func.value
            if node.func.attr in WAYS and isinstance(owner, ast.Name | ast.Attribute):
                yield node, owner.id if isinstance(owner, ast.Name) else owner.attr, node.func.attr


def all_patterns():
    """Each pattern with its module, and the way to ask it that costs most of those in use.

    A pattern that has no name of its own, in a table say, is asked from everywhere.
    """
    trees = {name: source_of(name) for name in modules()}
    ways = {}
    for tree in trees.values():
        for _, owner, way in _asked(tree):
            ways.setdefault(owner, set()).add(way)
    known = {}
    for name, tree in trees.items():
        for variable, value in vars(import_module(name)).items():
            if isinstance(value, re.Pattern) and ways.get(variable, {""}) <= FROM_THE_START:
                known.setdefault(value, (name, max(ways[variable])))
        for pattern in patterns(list(vars(import_module(name)).values()), set()):
            known.setdefault(pattern, (name, "search"))
        for pattern, way in literals(tree):
            known.setdefault(pattern, (name, way if way in FROM_THE_START else "search"))
    return {
        pattern: where for pattern, where in known.items() if pattern.pattern not in OF_OUR_FILES
    }


def sample(tree):
    """Some text that a parsed pattern takes."""
    return "".join(_sample(kind, value) for kind, value in tree)


def _sample(kind, value):
    if kind is kinds.LITERAL:
        return chr(value)
    if kind in REPEATS:
        least, most, inner = value
        return sample(inner) * max(least, 1 if most else 0)
    if kind is kinds.SUBPATTERN:
        return sample(value[-1])
    if kind is kinds.ATOMIC_GROUP:
        return sample(value)
    if kind is kinds.BRANCH:
        return sample(value[1][0])
    if kind is kinds.IN:
        return _one_of(value)
    return {kinds.ANY: "a", kinds.NOT_LITERAL: "b"}.get(kind, "")


CLASSES = {
    kinds.CATEGORY_DIGIT: "1", kinds.CATEGORY_SPACE: " ", kinds.CATEGORY_WORD: "a",
    kinds.CATEGORY_NOT_DIGIT: "a", kinds.CATEGORY_NOT_SPACE: "a", kinds.CATEGORY_NOT_WORD: "-",
}  # fmt: skip


def _one_of(choices):
    if choices[0][0] is kinds.NEGATE:
        unwanted = re.compile(f"[{''.join(_written(choice) for choice in choices[1:])}]")
        return next((letter for letter in 'a-1 ."é中\0' if not unwanted.match(letter)), "")
    kind, value = choices[0]
    if kind is kinds.RANGE:
        return chr(value[0])
    return chr(value) if kind is kinds.LITERAL else CLASSES[value]


def _written(choice):
    kind, value = choice
    if kind is kinds.RANGE:
        return "-".join(re.escape(chr(end)) for end in value)
    if kind is kinds.LITERAL:
        return re.escape(chr(value))
    return {
        kinds.CATEGORY_DIGIT: r"\d",
        kinds.CATEGORY_SPACE: r"\s",
        kinds.CATEGORY_WORD: r"\w",
    }.get(value, r"\D")


def repeated(tree, before=""):
    """Each thing that a pattern repeats without a small limit, and what comes before it there."""
    for kind, value in tree:
        if kind in REPEATS:
            _, most, inner = value
            if most > 20:
                yield before, sample(inner)
            yield from repeated(inner, before)
        elif kind is kinds.SUBPATTERN:
            yield from repeated(value[-1], before)
        elif kind is kinds.BRANCH:
            for branch in value[1]:
                yield from repeated(branch, before)
        before += _sample(kind, value)


def hostile(pattern, size):
    """Texts made for this pattern."""
    words = pattern.pattern
    tree = parser.parse(
        words.decode("latin-1") if isinstance(words, bytes) else words, pattern.flags & ~re.DEBUG
    )
    begins = {sample(tree) or "a"}
    for before, unit in repeated(tree):
        if unit:
            yield (before + unit * size)[:size] + "\0"
            begins |= {before or unit, before + unit}
    for begin in begins:
        yield (begin * size)[:size]
        yield (f"{begin}\n" * size)[:size]


def seconds(pattern, text, way="search"):
    """The quickest of three, of the processor alone, so that another process does not count."""
    given = text.encode() if isinstance(pattern.pattern, bytes) else text
    taken = []
    for _ in range(3):
        began = time.process_time()
        getattr(pattern, way)(given)
        taken.append(time.process_time() - began)
        if not SECONDS / 2 < taken[-1] < SECONDS * 4:
            break
    return min(taken)


def size_for(module):
    bounds = {**ROWS, **SHORT}
    return next((most for name, most in bounds.items() if module.startswith(name)), SIZE)


def slowest(pattern, size, way="search"):
    """Seconds and the text that took them, or the first that takes too long: shorter texts come first."""
    found = (0.0, "")
    for length in (*(step for step in STEPS if step < size), size):
        for text in set(hostile(pattern, length)):
            found = max(found, (seconds(pattern, text, way), text))
            if found[0] > SECONDS:
                return found
    return found


def test_no_pattern_of_ours_takes_long_on_what_was_made_for_it():
    found = all_patterns()
    slow = []
    for pattern, (module, way) in found.items():
        taken, text = slowest(pattern, size_for(module), way)
        if taken > SECONDS:
            slow.append((module, pattern.pattern, text[:30], len(text), f"{taken:.2f} s"))

    assert len(found) > 280
    assert slow == []


@pytest.mark.parametrize("words", [r"(a+)+$", r"(a|aa)+b", r"\s+$"])
def test_the_text_that_is_made_finds_a_slow_pattern(words):
    assert slowest(re.compile(words), SIZE)[0] > SECONDS


def test_and_calls_no_quick_one_slow():
    for words in (r"[a-z]{1,9}x", r"\Aa+\Z", r"https?://[\w.-]{1,99}/"):
        assert slowest(re.compile(words), SIZE)[0] < SECONDS
