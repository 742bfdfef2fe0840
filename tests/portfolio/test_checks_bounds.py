"""What hostile repositories can cost: every pattern, a tree of 100,000 entries, links in a circle."""

import pkgutil
import re
import time
from importlib import import_module

import pytest

import portfolio.checks
import portfolio.github
from portfolio import checks
from portfolio.checks import Outcome, prose
from portfolio.github.snapshot import Snapshot, TreeEntry, Unread
from tests.portfolio.trees import Link, inspect

UNITS = [
    "a", " ", "-", "_", ".", "/", "(", "[", "<", "`", "*", "#", "\t", "0", "1,", "=", "{", "|", "~", "\n", "'a", '"a',
    "a/", "a.b", "a\n", "a -> ", "中", "test ", "test_", "the ", "the data ", "accuracy ", "0.9 ", "if you have ",
    "<!--",    "![", "[a](", "uses: ", "make -j ", "npm run ", "x = ", "::", "http://", "$ ", "> ", "- ",
]  # fmt: skip
SIZE = 100_000
#: Patterns that the engine gives a whole text; all others see a row of it.
OF_WHOLE_TEXTS = [
    "ci.TRAVIS_DEFAULT", "ci.DELEGATES", "tests._DOCTEST_RUNNER", "tests.python._DJANGO_STUB", "tests.python._PYTHON_2",
    "tests.python.SUPPLIED", "tests.notebook.RUNS", "prose.UNSPACED", "prose.WORD", "prose._SENTENCE_END",
]  # fmt: skip


def modules():
    for package in (portfolio.checks, portfolio.github):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield import_module(found.name)


def patterns(value, seen):
    """Every compiled pattern in a value: in tables, in rows, and in functions made from them."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from patterns(list(value.values()), seen)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from patterns(item, seen)
    elif hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
        yield from patterns([getattr(value, name) for name in value.__dataclass_fields__], seen)
    elif callable(value) and getattr(value, "__closure__", None):
        yield from patterns([cell.cell_contents for cell in value.__closure__], seen)


def named_patterns():
    """Name and pattern, each pattern once, under the module that comes first."""
    known = {}
    for module in modules():
        for name, value in vars(module).items():
            for number, pattern in enumerate(patterns(value, set())):
                place = f"{module.__name__}.{name}".removeprefix("portfolio.")
                known.setdefault(pattern, f"{place}:{number}")
    return [(name, pattern) for pattern, name in known.items()]


def seconds(pattern, text):
    """The quickest of five searches, so that another process does not count."""
    if isinstance(pattern.pattern, bytes):
        text = text.encode()
    taken = []
    for _ in range(5):
        started = time.process_time()
        pattern.search(text)
        taken.append(time.process_time() - started)
        if taken[-1] < 0.02:
            break
    return min(taken)


def hostile(size):
    for unit in UNITS:
        text = (unit * (size // len(unit) + 1))[:size]
        yield text
        yield f"{text[: size // 2]}!{text[: size // 2]}"


ALL = named_patterns()


def test_the_patterns_of_every_module_are_found():
    found = {name.split(":")[0] for name, _ in ALL}
    assert len(ALL) > 200
    assert {"checks.ci.RUNNERS", "github.links._MARKDOWN", "checks.sections.DATA_HOME"} <= found
    assert any("testset" in pattern.pattern for _, pattern in ALL)  # in a function's closure
    assert any("deftest" in pattern.pattern for _, pattern in ALL)  # in a row of a table


@pytest.mark.parametrize(("name", "pattern"), ALL, ids=[name for name, _ in ALL])
def test_every_pattern_stays_quick_on_hostile_text(name, pattern):
    """A row takes less than 50 ms, and a hundred rows at once are no worse than a hundred rows."""
    taken = {text[:20]: (seconds(pattern, text), text) for text in hostile(prose.MAX_LINE)}
    slowest, text = max(taken.values())
    assert slowest < 0.05, text[:20]
    assert seconds(pattern, (text * 100)[:SIZE]) < 3, text[:20]


@pytest.mark.parametrize("name", OF_WHOLE_TEXTS)
def test_every_pattern_of_whole_texts_is_quick_on_100_kb(name):
    module, _, attribute = name.rpartition(".")
    value = getattr(import_module(f"portfolio.checks.{module}"), attribute)
    for pattern in patterns(value, set()):
        for text in hostile(SIZE):
            assert seconds(pattern, text) < 0.05, text[:20]


TREES = {
    "pictures": "data/images/{}/{}.png",
    "tests": "tests/p{}/test_m{}.py",
    "workflows": ".github/workflows/w{}-{}.yml",
}


@pytest.mark.parametrize("shape", TREES)
def test_a_tree_of_100_000_entries_is_checked_in_bounded_time(shape):
    entries = tuple(
        TreeEntry(TREES[shape].format(number % 500, number), sha=str(number), size=9)
        for number in range(100_000)
    )
    asked = []

    def read(snapshot, paths):
        asked.extend(paths)
        return dict.fromkeys(paths, "import x\n")

    started = time.process_time()
    checks.inspect(Snapshot("a/b", "c" * 40, entries), read)

    assert time.process_time() - started < 30  # 3 to 8 s on a slow core
    assert len(asked) <= checks.MAX_ROUNDS * (checks.MAX_FILES + 2)


def test_thousands_of_virtual_environments_do_not_multiply():
    entries = [TreeEntry(f"e{n}/pyvenv.cfg", sha="1", size=9) for n in range(5_000)]
    entries += [TreeEntry(f"x{n}/requirements.txt", sha="1", size=9) for n in range(5_000)]
    started = time.process_time()
    checks.run(Snapshot("a/b", "c" * 40, tuple(entries)))
    assert time.process_time() - started < 5


def test_a_path_is_looked_up_in_an_index():
    entries = tuple(TreeEntry(f"{n}.txt") for n in range(50_000))
    snapshot = Snapshot("a/b", "c" * 40, entries)
    started = time.process_time()
    assert all(snapshot.entry(f"{n}.txt") for n in range(50_000))
    assert time.process_time() - started < 2
    read = snapshot.with_files({"1.txt": "x", "2.txt": Unread.FAILED})
    assert read.entry("1.txt") is snapshot.entry("1.txt")
    assert read.entry("nothing") is None


@pytest.mark.parametrize(
    "links",
    [
        {"README.md": "README.md"},
        {"README.md": "docs/a.md", "docs/a.md": "../README.md"},
        {"README.md": "a", "a": "b", "b": "README.md"},
        {"README.md": "../../etc/passwd"},
    ],
    ids=["itself", "two", "three", "outside"],
)
def test_links_in_a_circle_end_and_count_as_broken(links):
    files = {path: Link(target) for path, target in links.items()}
    result = inspect(files)["readme"]
    assert (result.outcome, result.state) == (Outcome.FAILED, "broken_symlink")


def test_folders_without_end_are_no_trouble():
    deep = "/".join(["a"] * 5_000)
    snapshot = Snapshot("a/b", "c" * 40, (TreeEntry(f"{deep}/x.py"),), is_truncated=True)
    assert not snapshot.is_whole(deep)
    checks.run(snapshot)
