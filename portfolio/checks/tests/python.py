"""Python tests: pytest functions, unittest classes and doctests, read as a syntax tree, never run."""

import ast
import builtins
import re
import threading
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from portfolio.checks.results import quoted
from portfolio.checks.tests.language import (
    MAX_CASES,
    MAX_TEXT,
    Case,
    Examination,
    Language,
    Project,
    pattern,
)

#: Brackets nested deeper than this are no program that a person wrote; CPython gives up at 200.
MAX_NESTING = 90

#: What course tools and graders leave in the files they supply.
SUPPLIED = (
    ("otter-grader", re.compile(r"^OK_FORMAT\s*=\s*True", re.MULTILINE)),
    ("nbgrader", re.compile(r"^#{2,3} ?(?:BEGIN|END) HIDDEN TESTS", re.MULTILINE)),
    ("Gradescope", re.compile(r"^[ \t]*(?:from|import) gradescope_utils\b", re.MULTILINE)),
    ("a course's grader", re.compile(r"^[ \t]*(?:from|import) (?:dlai_\w+|grader_support|okpy)\b", re.MULTILINE)),
)  # fmt: skip
SUPPLIED_NAME = re.compile(
    r"(?:^|/)(?:public_tests|hidden_tests|private_tests|autograder?|autograding|grader)(?:\.py$|/)",
    re.I,
)

_DJANGO_STUB = re.compile(r"#\s*Create your tests here", re.IGNORECASE)
_PYTHON_2 = re.compile(
    r"^[ \t]*print[ \t]+[\"'\w]|^[ \t]*except[ \t]+[\w.]+[ \t]*,[ \t]*\w+[ \t]*:|"
    r"^[ \t]*raise[ \t]+\w+[ \t]*,",
    re.MULTILINE,
)
_UNCALLED_BASES = re.compile(r"(?:TestCase|TestBase|TestMixin|Tests?|Spec)$")
_ASSERTING = re.compile(
    r"^(?:assert(?:_|[A-Z]|$)|fail(?:If|Unless)|assert$)|^check_grads$|^gradcheck$"
)
#: What a mock asserts is about its calls, so its arguments may all be constant.
_OF_A_MOCK = re.compile(
    r"assert_(?:called|not_called|any_call|has_calls|awaited|not_awaited|any_await)"
)
_PYTEST = frozenset({"raises", "warns", "deprecated_call"})
#: Modules that reach nothing outside the test: what only they and literals say is known beforehand.
_PURE = frozenset(
    [
        "collections",
        "copy",
        "datetime",
        "decimal",
        "fractions",
        "functools",
        "itertools",
        "math",
        "operator",
        "pytest",
        "random",
        "re",
        "statistics",
        "string",
        "time",
        "typing",
        "unittest",
    ]
)
#: Builtins that reach files, the screen or other modules.
_REACHING = frozenset({"open", "exec", "eval", "__import__", "globals", "compile"})
#: What `self` has from the runner rather than from the test's set-up.
_OF_A_RUNNER = re.compile(r"assert|fail|skipTest|subTest|maxDiff|id$")
_KNOWN = frozenset(dir(builtins)) - _REACHING | {"self", "cls"}
_CONSTANT = (
    ast.Constant, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.Tuple, ast.List, ast.Set, ast.Dict,
    ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.expr_context, ast.JoinedStr, ast.IfExp,
)  # fmt: skip

_parsing = threading.Lock()


def examine(path: str, text: str, project: Project) -> Examination:
    """What a Python file holds of tests. A file that is no Python 3 is judged by its lines."""
    if supplied_by := _supplied_by(path, text):
        return Examination(why_none="tests that came with a course", supplied_by=supplied_by)
    tree = parse(text)
    if tree is None:
        if len(text) <= MAX_TEXT and "\0" not in text and _PYTHON_2.search(text):
            return _by_lines(text, project)
        return Examination(why_none="it is not valid Python", is_unreadable=True)
    return _Module(path, text, tree, project).examine()


def parse(text: str) -> ast.Module | None:
    """The syntax tree; None for text that is no Python, too long or too deeply nested."""
    if len(text) > MAX_TEXT or _nesting(text) > MAX_NESTING:
        return None
    with _parsing, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd escapes in somebody else's file
        try:
            return ast.parse(text.removeprefix("\ufeff"))
        except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
            return None


def _nesting(text: str) -> int:
    """How deep brackets nest, those in strings counted too."""
    deepest = level = 0
    for mark in re.findall(r"[\[\](){}]", text):
        if mark in "([{":
            level += 1
            deepest = max(deepest, level)
        elif level:
            level -= 1
    return deepest


def _supplied_by(path: str, text: str) -> str:
    if SUPPLIED_NAME.search(path):
        return "a course's grader"
    return next((name for name, mark in SUPPLIED if mark.search(text[:MAX_TEXT])), "")


@dataclass
class _Module:
    """One parsed file, and what was worked out about it."""

    path: str
    text: str
    tree: ast.Module
    project: Project
    asserting: set[str] = field(default_factory=set)  # own functions that assert
    test_classes: set[str] = field(default_factory=set)
    called_with: set[str] = field(default_factory=set)  # own functions called with arguments
    called: set[str] = field(default_factory=set)
    nodes: list[ast.AST] = field(default_factory=list)
    pure: set[str] = field(default_factory=set)  # names imported from modules that reach nothing

    def __post_init__(self) -> None:
        self.nodes = list(ast.walk(self.tree))
        self.pure = {name for node in self.nodes for name in _imported_pure(node)}

    def examine(self) -> Examination:
        self._learn_functions()
        cases: list[Case] = []
        stubs: list[Case] = []
        is_skipped = self._skips_module()
        for function, what in self._units():
            case = Case(function.lineno, what, quoted(f"def {function.name}"))
            if is_skipped or _is_skipped(function):
                stubs.append(Case(function.lineno, f"{what}, always skipped", case.quote))
            elif function.name == "test" and "test" in self.called and not self._asserts(function):
                continue  # an evaluation script's own function
            elif self._asserts(function):
                if self._depends(function):
                    cases.append(Case(function.lineno, f"{what} with an assertion", case.quote))
                else:
                    stubs.append(Case(function.lineno, f"{what} about literals alone", case.quote))
            else:
                stubs.append(Case(function.lineno, f"{what} without an assertion", case.quote))
        if not cases and RUNNER_NAME.search(self.path):
            cases.extend(self._loose_assertions())
        if not cases:
            cases.extend(self._doctests())
        is_self_reported = not cases and bool(stubs) and self._reports_by_exit()
        if is_self_reported:
            cases, stubs = stubs, []
        return Examination(
            tuple(cases[:MAX_CASES]),
            tuple(stubs[:MAX_CASES]),
            self._why_none(),
            is_own=self._uses_project(),
            is_self_reported=is_self_reported,
            is_boilerplate=not cases and not stubs and bool(_DJANGO_STUB.search(self.text)),
        )

    def _learn_functions(self) -> None:
        """Which functions of the file assert, by themselves or through others of the file."""
        calls: dict[str, set[str]] = {}
        for node in self.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                inside = list(_own(node))
                if any(_is_assertion(part) for part in inside):
                    self.asserting.add(node.name)
                calls.setdefault(node.name, set()).update(_called_names(inside))
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                self.called.add(node.func.id)
                if node.args or node.keywords:
                    self.called_with.add(node.func.id)
        for _ in range(3):  # through a helper of a helper
            more = {name for name, names in calls.items() if names & self.asserting}
            if more <= self.asserting:
                break
            self.asserting |= more

    def _units(self) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, str]]:
        """Test functions and methods that a runner would collect."""
        for node in _top_level(self.tree.body):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                if self._is_test_function(node):
                    yield node, "pytest function"
            elif isinstance(node, ast.ClassDef):
                yield from self._methods(node)

    def _methods(
        self, node: ast.ClassDef
    ) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, str]]:
        is_unittest = any(
            _UNCALLED_BASES.search(base) or base in self.test_classes
            for base in map(_last_name, node.bases)
        )
        methods = [
            part
            for part in _top_level(node.body)
            if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        has_init = any(part.name == "__init__" for part in methods)
        if not is_unittest and (not node.name.startswith("Test") or has_init):
            return
        self.test_classes.add(node.name)
        if _is_skipped(node):
            return
        for part in methods:
            if part.name.startswith("test") and not _is_fixture(part):
                yield part, "unittest method" if is_unittest else "pytest method"

    def _is_test_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        """A function that pytest would collect, and not one that a script calls by itself.

        Evaluation scripts have a `test(model, loader)` too; they call it with arguments, where a
        runner passes fixtures. Outside files that pytest collects, a test takes no arguments.
        """
        if not node.name.startswith("test") or _is_fixture(node):
            return False
        parameters = _required(node.args)
        if RUNNER_NAME.search(self.path):
            return not (parameters and node.name in self.called_with)
        if WEAK_NAME.search(self.path):
            return not parameters
        is_run = node.name in self.called or self.project.runs_tests
        return not parameters and node.name.startswith("test_") and is_run

    def _asserts(self, function: ast.AST) -> bool:
        inside = list(ast.walk(function))
        return any(_is_assertion(part) for part in inside) or bool(
            _called_names(inside) & self.asserting
        )

    def _depends(self, scope: ast.FunctionDef | ast.AsyncFunctionDef | ast.Module) -> bool:
        """Whether a test uses anything whose value is not written in the test itself.

        Names that the scope binds are made of the others; literals, builtins and the pure modules of
        the standard library are the same whatever the project does.
        """
        nodes = list(ast.walk(scope))
        if not isinstance(scope, ast.Module) and _required(scope.args) > ("self" in _names(scope)):
            return True
        bound = {
            node.id
            for node in nodes
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        loaded = {
            node.id
            for node in nodes
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        }
        own = {
            node.attr
            for node in nodes
            if isinstance(node, ast.Attribute)
            and _last_name(node.value) in ("self", "cls")
            and not _OF_A_RUNNER.match(node.attr)
        }
        return bool(own or loaded - bound - _KNOWN - self.pure)

    def _loose_assertions(self) -> Iterator[Case]:
        """Assertions at the top of a file that the runner imports: they run when it is collected."""
        if not self._depends(self.tree):
            return
        for node in _top_level(self.tree.body):
            if isinstance(node, ast.Assert) and _is_assertion(node) and not _is_about_input(node):
                yield Case(node.lineno, "assertion at the top of a test file", "assert")

    def _doctests(self) -> Iterator[Case]:
        """Examples in docstrings, when something runs them."""
        if not (self.project.runs_doctests or self._runs_own_doctests()):
            return
        for node in self.nodes:
            if not isinstance(
                node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
            ):
                continue
            if not (node.body and isinstance(node.body[0], ast.Expr)):
                continue
            said = node.body[0].value
            if isinstance(said, ast.Constant) and isinstance(said.value, str):
                line = _example(said.value)
                if line is not None:
                    yield Case(said.lineno + line, "doctest with an expected value", ">>>")

    def _runs_own_doctests(self) -> bool:
        return any(
            isinstance(node, ast.Attribute) and node.attr in ("testmod", "run_docstring_examples")
            for node in self.nodes
        )

    def _reports_by_exit(self) -> bool:
        """Whether its tests return true or false, and the script ends with a status made of that."""
        verdicts = {
            node.value.value
            for node in self.nodes
            if isinstance(node, ast.Return)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, bool)
        }
        exits = [
            node
            for node in self.nodes
            if isinstance(node, ast.Call)
            and _last_name(node.func) in ("exit", "_exit", "SystemExit")
        ]
        return verdicts == {True, False} and any(
            node.args and not (isinstance(node.args[0], ast.Constant) and not node.args[0].value)
            for node in exits
        )

    def _skips_module(self) -> bool:
        for node in self.tree.body:
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                names = {keyword.arg for keyword in node.value.keywords}
                if _last_name(node.value.func) == "skip" and "allow_module_level" in names:
                    return True
            if isinstance(node, ast.Assign) and any(
                isinstance(target, ast.Name) and target.id == "pytestmark"
                for target in node.targets
            ):
                marks = node.value.elts if isinstance(node.value, ast.List) else [node.value]
                if any(_is_skip(mark) for mark in marks):
                    return True
        return False

    def _uses_project(self) -> bool:
        """Whether it imports a module of this repository, or stands inside one."""
        for node in self.nodes:
            if isinstance(node, ast.ImportFrom):
                if node.level or (node.module or "").split(".")[0] in self.project.modules:
                    return True
            elif isinstance(node, ast.Import) and any(
                name.name.split(".")[0] in self.project.modules for name in node.names
            ):
                return True
        return not RUNNER_NAME.search(self.path) and not WEAK_NAME.search(self.path)

    def _why_none(self) -> str:
        defined = [
            node
            for node in self.nodes
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        ]
        if not self.tree.body:
            return "an empty file"
        if any(
            isinstance(node, ast.FunctionDef) and node.name in self.called_with for node in defined
        ):
            return "a script with functions of its own, no test case"
        return "a script without a test case" if not defined else "no test case in it"


def _top_level(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements of a module or class in their order, those under `if`, `try` and `with` included."""
    waiting = list(reversed(list(body)))
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.If | ast.Try | ast.With | ast.For):
            inner: list[ast.stmt] = list(node.body)
            for handler in getattr(node, "handlers", []):
                inner.extend(handler.body)
            for name in ("orelse", "finalbody"):
                inner.extend(getattr(node, name, []))
            waiting.extend(reversed(inner))


def _own(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function, without those of functions defined inside it."""
    waiting = list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting.extend(ast.iter_child_nodes(node))


def _last_name(node: ast.AST) -> str:
    """The last part of a dotted name: TestCase of unittest.TestCase, of a call or a subscript too."""
    while isinstance(node, ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_assertion(node: ast.AST) -> bool:
    """Whether a node checks something that could be false."""
    if isinstance(node, ast.Assert):
        return not _is_constant(node.test)
    if isinstance(node, ast.Raise) and node.exc is not None:
        return _last_name(node.exc) in ("AssertionError", "FailTest")
    if not isinstance(node, ast.Call):
        return False
    name = _last_name(node.func)
    if name in _PYTEST:
        return isinstance(node.func, ast.Attribute | ast.Name)
    if name == "fail" and isinstance(node.func, ast.Attribute):
        return _last_name(node.func.value) in ("self", "pytest")
    if not _ASSERTING.search(name):
        return False
    if _OF_A_MOCK.match(name):
        return True
    values = [*node.args, *(keyword.value for keyword in node.keywords)]
    return not values or not all(_is_constant(value) for value in values)


def _is_constant(node: ast.expr) -> bool:
    """Whether a value is the same in every run: True, 1 == 1, x == x."""
    if isinstance(node, ast.Compare) and isinstance(node.left, ast.Name):
        others = [part.id for part in node.comparators if isinstance(part, ast.Name)]
        if others == [node.left.id]:
            return True
    return all(isinstance(part, _CONSTANT) for part in ast.walk(node))


def _is_about_input(node: ast.Assert) -> bool:
    """Whether an assertion guards a script's arguments or files rather than its results."""
    names = {
        part.attr if isinstance(part, ast.Attribute) else part.id
        for part in ast.walk(node.test)
        if isinstance(part, ast.Attribute | ast.Name)
    }
    return bool(
        names & {"args", "opt", "argv", "exists", "isfile", "isdir", "is_available", "version_info"}
    )


def _called_names(nodes: Iterable[ast.AST]) -> set[str]:
    """Names of functions that are called plainly or on self."""
    names = set()
    for node in nodes:
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                names.add(node.func.id)
            elif isinstance(node.func, ast.Attribute) and _last_name(node.func.value) in (
                "self",
                "cls",
            ):
                names.add(node.func.attr)
    return names


def _imported_pure(node: ast.AST) -> Iterator[str]:
    """The names by which an import brings in what is the same whatever the project does."""
    if isinstance(node, ast.Import):
        for name in node.names:
            if _is_pure(name.name):
                yield name.asname or name.name.split(".")[0]
    elif isinstance(node, ast.ImportFrom) and not node.level and _is_pure(node.module or ""):
        yield from (name.asname or name.name for name in node.names)


def _is_pure(module: str) -> bool:
    return module.split(".")[0] in _PURE and "mock" not in module


def _names(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """The names of a function's arguments."""
    return {argument.arg for argument in [*function.args.posonlyargs, *function.args.args]}


def _required(arguments: ast.arguments) -> int:
    """How many arguments a caller has to give."""
    positional = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults)
    named = sum(default is None for default in arguments.kw_defaults)
    return positional + named


def _is_fixture(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(
        _last_name(mark) in ("fixture", "yield_fixture", "step", "task", "route")
        for mark in node.decorator_list
    )


def _is_skipped(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    return any(_is_skip(mark) for mark in node.decorator_list)


def _is_skip(mark: ast.expr) -> bool:
    return _last_name(mark) == "skip"


def _example(docstring: str) -> int | None:
    """The line (from 0) of the first example in a docstring that says what it gives; None without."""
    rows = docstring.splitlines()
    for number, row in enumerate(rows):
        if not row.strip().startswith(">>> "):
            continue
        for following in rows[number + 1 :]:
            following = following.strip()
            if following.startswith("..."):
                continue
            if following and not following.startswith(">>>"):
                return number
            break
    return None


def _by_lines(text: str, project: Project) -> Examination:
    """Python 2, which today's parser refuses, read by its lines."""
    cases: list[Case] = []
    stubs: list[Case] = []
    current: Case | None = None
    for number, row in enumerate(text.splitlines(), 1):
        row = row[:500]
        if re.match(r"\s*def test\w*\(", row):
            if current:
                stubs.append(current)
            current = Case(number, "test function", quoted(row))
        elif current and re.match(r"\s+(?:self\.assert\w+|assert\s|(?:\w+\.){0,3}assert_\w+)", row):
            cases.append(Case(current.line, "test function with an assertion", current.quote))
            current = None
    if current:
        stubs.append(current)
    imports = re.findall(r"^[ \t]*(?:from|import)\s+(\.|\w+)", text, re.MULTILINE)
    is_own = any(name == "." or name in project.modules for name in imports)
    return Examination(tuple(cases[:MAX_CASES]), tuple(stubs[:MAX_CASES]), is_own=is_own)


#: pytest's own default (python_files), and Django's tests.py.
RUNNER_NAME = pattern(r"(?:^|/)(?:test_[^/]*|[^/]*_test|tests)\.py$")
#: unittest's test*.py, a name with "test" as a word, or any module of a test folder.
WEAK_NAME = pattern(
    r"(?:^|/)(?:test[^/]{0,255}|[^/]{0,255}[_.\- ]tests?(?:[_.\- ][^/]{0,255})?|unittests?|__test__[^/]{0,255})\.py$"
    r"|(?:^|/)(?:tests?|testing|unit_?tests?|specs?)/(?:[^/]+/){0,6}[^/]+\.py$"
)

PYTHON = Language(
    name="Python",
    endings=frozenset({"py"}),
    strong=RUNNER_NAME,
    weak=WEAK_NAME,
    ordinary=pattern(r"\.py$"),
    never=pattern(
        r"(?:^|/)(?:conftest|__init__|setup|manage|settings)\.py$|(?:^|/)(?:settings|migrations|fixtures)/[^/]+\.py$"
    ),
    examine=examine,
    command="pytest",
)
