"""The languages whose tests are known, by the ending of their files."""

from portfolio.checks.tests.cpp import CPP
from portfolio.checks.tests.go import GO
from portfolio.checks.tests.javascript import JAVASCRIPT
from portfolio.checks.tests.julia import JULIA
from portfolio.checks.tests.jvm import JVM
from portfolio.checks.tests.language import Language
from portfolio.checks.tests.notebook import NOTEBOOK
from portfolio.checks.tests.others import OTHERS
from portfolio.checks.tests.python import PYTHON
from portfolio.checks.tests.r import R
from portfolio.checks.tests.rust import RUST
from portfolio.checks.tests.scala import SCALA
from portfolio.checks.tests.shell import SHELL

ALL: tuple[Language, ...] = (
    PYTHON, JAVASCRIPT, GO, RUST, JVM, SCALA, R, JULIA, CPP, SHELL, NOTEBOOK, *OTHERS,
)  # fmt: skip

#: Languages by file ending; an ending of two languages (.m) is tried with both.
LANGUAGES: dict[str, tuple[Language, ...]] = {
    ending: tuple(language for language in ALL if ending in language.endings)
    for ending in sorted({ending for language in ALL for ending in language.endings})
}
