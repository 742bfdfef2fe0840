"""Python made to hurt whoever reads it. Run as a program, it prints what reading each source costs, as JSON."""

import json
import resource
import sys
import time
from pathlib import Path

from portfolio import checks
from tests.portfolio.trees import PROSE, tree

DEEP = 20_000
WIDE = 30_000
OPENERS = {
    "brackets": "[", "parentheses": "(", "braces": "{", "calls": "f(", "subscripts": "x[", "negations": "-",
    "nots": "not ", "inversions": "~", "lambdas": "lambda: ", "awaits": "await ", "stars": "*", "f-strings": "f'{",
    "dictionaries": "{1:", "conditions": "1 if 1 else ", "walruses": "(a:=", "generators": "(a for a in ",
}  # fmt: skip
CLOSERS = {"brackets": "]", "parentheses": ")", "braces": "}", "calls": ")", "subscripts": "]", "dictionaries": "}",
           "f-strings": "}'", "walruses": ")", "generators": ")"}  # fmt: skip
CHAINS = {
    "sums": "1+", "powers": "1**", "attributes": "a.", "comparisons": "1<", "ors": "a or ", "ands": "a and ",
    "calls in a row": "f()", "strings side by side": "'a' ", "shifts": "1<<", "commas": "1,", "assignments": "a=",
    "semicolons": "a;", "matrices": "a@",
}  # fmt: skip
BLOCKS = {
    "ifs": "if a:", "fors": "for a in b:", "whiles": "while a:", "withs": "with a:", "tries": "try:",
    "functions": "def f():", "classes": "class A:", "coroutines": "async def f():", "matches": "match a:",
}  # fmt: skip


def _nested(opener: str, closer: str, depth: int) -> str:
    return f"x = {opener * depth}1{closer * depth}\n"


def _indented(line: str, depth: int) -> str:
    return "\n".join(" " * level + line for level in range(depth)) + "\n" + " " * depth + "pass\n"


SOURCES: dict[str, str] = {
    **{f"unclosed {name}": "x = " + opener * DEEP for name, opener in OPENERS.items()},
    **{f"ninety {name}": _nested(opener, CLOSERS.get(name, ""), 90) for name, opener in OPENERS.items()},
    **{f"endless {name}": "x = " + link * WIDE + "1\n" for name, link in CHAINS.items()},
    **{f"{name} in each other": _indented(line, 95) for name, line in BLOCKS.items()},
    "elif without end": "if a:\n    pass\n" + "elif a:\n    pass\n" * 10_000,
    "decorators without end": "@a\n" * 10_000 + "def test_it():\n    pass\n",
    "functions without end": "".join(f"def f{n}():\n    pass\n" for n in range(10_000)),
    "imports without end": "import a\n" * 20_000,
    "a huge number": "x = " + "9" * 100_000 + "\n",
    "a huge hexadecimal number": "x = 0x" + "f" * 100_000 + "\n",
    "a huge power": "assert 9 ** 9 ** 9 ** 9\n",
    "a huge product": "x = 'a' * 10 ** 12\n",
    "one long line": "x = '" + "a" * 400_000 + "'\n",
    "only spaces": " " * 400_000,
    "only tabs and breaks": "\t\n" * 100_000,
    "only backslashes": "\\\n" * 50_000,
    "only quotes": '"' * 200_001,
    "only comments": "#" * 400_000,
    "an open string": "x = '''" + "a\n" * 100_000,
    "NUL": "def test_it():\n    x = '\0'\n",
    "a form feed in each line": "\f\n" * 100_000,
    "old line ends": "x = 1\r" * 50_000,
    "a byte order mark in the middle": "x = 1\n\ufeffy = 2\n",
    "a lone surrogate": "x = '\ud800'\n",
    "text that turns": "def test_it():\n    '''\u202e\u2066'''\n",
    "names in other scripts": "".join(f"名{n} = {n}\n" for n in range(5_000)),
    "names that fold into others": "ﬀ = 1\nﬁ = 2\n𝐚𝐬𝐬𝐞𝐫𝐭 = 3\n",
    "escapes without end": "x = '" + "\\N{BULLET}" * 20_000 + "'\n",
    "invalid escapes": "x = '" + "\\d" * 50_000 + "'\n",
    "a coding that lies": "# -*- coding: utf-7 -*-\nx = '+AGE-'\n",
    "a coding that does not exist": "# -*- coding: nothing -*-\nx = 1\n",
    "a doctest of nothing": "'''\n" + ">>> \n" * 20_000 + "'''\n",
    "doctests that never end": "'''\n" + ">>> (\n... (\n" * 10_000 + "'''\n",
    "mixed indentation": "if a:\n\tif b:\n        pass\n" * 5_000,
    "dedents to nowhere": "if a:\n    if b:\n  pass\n" * 5_000,
    "test of literals": "def test_it():\n    assert 1 == 1\n",
    "test that asserts nothing": "def test_it():\n    pass\n" * 2_000,
    "test in a string": "x = '''\ndef test_it():\n    assert f(1) == 2\n'''\n",
    "test in a comment": "# def test_it():\n#     assert f(1) == 2\n",
    "a class of a class of a class": "class A(A(A(A))):\n    pass\n" * 5_000,
    "annotations without end": "def f(" + ", ".join(f"a{n}: int" for n in range(250)) + "): pass\n",
    "type parameters": "type A[T] = A[A[T]]\n" * 1_000,
    "global everything": "def f():\n" + "".join(f"    global a{n}\n" for n in range(5_000)),
    "star imports": "from a import *\n" * 10_000,
    "nested comprehensions": "x = " + "[" * 60 + "a" + " for a in b]" * 60 + "\n",
    "format of format": "x = " + "f'{a:{b:{c}}}' " * 2_000 + "\n",
}  # fmt: skip


def cost(source: str) -> tuple[float, str]:
    """Processor seconds that all checks take on a repository with this source, and what they say of tests."""
    files = {
        "README.md": PROSE,
        "tests/test_it.py": source,
        "train.py": source,
        "pyproject.toml": "[project]\n",
    }
    started = time.process_time()
    _, results = checks.inspect(
        tree(files), lambda _, wanted: {path: files[path] for path in wanted}
    )
    taken = time.process_time() - started
    [outcome] = [result.outcome.value for result in results if result.check_name == "tests"]
    return taken, outcome


def main() -> None:
    sources = {
        name: cost(source.encode("utf-8", "replace").decode()) for name, source in SOURCES.items()
    }
    json.dump({"sources": sources, "peak_mb": peak_memory()}, sys.stdout)


def peak_memory() -> int:
    """The most memory of this process so far, in MB.

    Linux counts in `ru_maxrss` what the process was before it became this program: the whole of pytest.
    """
    status = Path("/proc/self/status")
    if status.exists():
        [line] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024 // 1024  # bytes elsewhere


if __name__ == "__main__":
    main()
