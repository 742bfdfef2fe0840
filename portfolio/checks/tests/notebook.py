"""Tests kept in notebooks: nothing collects them unless a runner is told to, so a mentor has to look."""

import re

from portfolio.checks.prose import cells
from portfolio.checks.tests import python
from portfolio.checks.tests.language import Case, Examination, Language, Project, pattern

#: What in a notebook's code shows that it runs tests rather than guarding its own steps.
RUNS = re.compile(
    r"\bipytest\.run|%%ipytest|%%run_pytest|\bunittest\.main\(|\bTextTestRunner\b|\bdoctest\.testmod\(|@testbook|\btestbook\("
)


def examine(path: str, text: str, project: Project) -> Examination:
    """Test cases of a notebook that runs them itself."""
    found: list[Case] = []
    runs = False
    for kind, source, number in cells(text):
        if kind != "code":
            continue
        runs = runs or bool(RUNS.search(source))
        if "def test" not in source or "assert" not in source:
            continue
        plain = "\n".join(
            row for row in source.splitlines() if not row.lstrip().startswith(("%", "!"))
        )
        for case in python.examine(f"test_cell_{number}.py", plain, project).cases:
            found.append(Case(0, f"{case.what}, in code cell {number}", case.quote))
    if runs:
        return Examination(tuple(found[:10]), is_own=False)
    why = "a notebook, which no test runner picks up"
    return Examination(why_none=why)


NOTEBOOK = Language(
    name="notebook",
    endings=frozenset({"ipynb"}),
    strong=pattern(r"(?!)"),  # no runner collects notebooks by itself
    weak=pattern(
        r"(?:^|/)(?:tests?[^/]{0,255}|[^/]{0,255}[_\- ]tests?(?:[_\- ][^/]{0,255})?)\.ipynb$"
        r"|(?:^|/)tests?/[^/]+\.ipynb$"
    ),
    examine=examine,
)
