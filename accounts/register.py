"""The register: what this site keeps of people, one line for every kind of row of every app.

A line says where the rows stand in a takeout, or why they do not; what becomes of them when an account is
deleted; and how long they are kept. Each app writes its lines in its module `holdings`, and
tests/test_takeout_register.py fails for a model without one. What a takeout holds and what a deletion
removes is worked out from these lines, so a new kind of row needs a line and nothing else.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models

# Why something is not in a takeout.
SECRET = "It is a secret, and would open something for whoever finds the file."
MACHINERY = "It says only how our own work on it went."
OTHERS = "It is somebody else's."
COMPUTED = "It is worked out anew from the rest."

# How long rows are kept.
WITH_THE_ACCOUNT = "as long as the account"
WITH_THE_CONTENT = "as long as the content"


@dataclass(frozen=True, slots=True)
class Back:
    """How entries of a takeout become rows here, where its person brings one.

    `values` are those that are taken from the file, all of them if there are none; `put` has those that a row
    gets here, whatever the file says; `shapes` says what may stand in each JSON value, as JSON Schema. Of entries
    for which `when` is false none comes. `made_anew` gives a value that means something here alone, from the
    one in the file. A row that is here already is left alone, unless `fills`: then it gets what it lacks.
    """

    values: tuple[str, ...] = ()
    put: Mapping[str, Any] = field(default_factory=dict)
    shapes: Mapping[str, Any] = field(default_factory=dict)
    when: Callable[[dict[str, Any]], bool] | None = None
    made_anew: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    fills: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """Where rows of one kind stand in a takeout.

    `name` is a file ("notes") or a list inside the entries of another kind ("projects.reviews"), whose
    rows the foreign key `via` names. All fields of the model stand there except those of `without`, each
    with its reason. `of` are the lookups from a row to its person; of none, those of the line. `only` takes
    the rows and the person, and gives those that the person may read. What another Milepost reads back has
    `back`; all else speaks for its person only where it was seen, or is about people who are not there.
    """

    name: str
    via: str = ""
    of: tuple[str, ...] = ()
    without: Mapping[str, str] = field(default_factory=dict)
    only: Callable[[models.QuerySet, Any], models.QuerySet] | None = None
    back: Back | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What is kept of people in the rows of one model, and what becomes of it.

    Rows go with every person whom the lookups `of` name. Those whom the foreign keys `loses` name leave
    them without a name, and `stays` says why the rows stay. `goes` says in words which rows go beside those,
    and `also` finds them. `remove` takes rows away that are more than rows, such as files. Rows that are in
    no takeout say why in `because`. What is kept for a time is removed by `forget`, which an hourly task
    calls: harmless when it is cut off, and when there is nothing to do.

    Where another row names one of these, a takeout says `named` of it, a lookup; without one the slug
    where there is one, else a number.
    """

    model: str  # "portfolio.Story"
    of: tuple[str, ...] = ()
    taken: tuple[Taken, ...] = ()
    because: str = ""
    loses: tuple[str, ...] = ()
    stays: str = ""
    goes: str = ""
    also: Callable[[Any], models.QuerySet] | None = None
    remove: Callable[[models.QuerySet], object] | None = None
    kept: str = WITH_THE_ACCOUNT
    forget: Callable[[], object] | None = None
    named: str = ""

    @property
    def is_personal(self) -> bool:
        """Whether its rows are somebody's, or name somebody."""
        return bool(self.of or self.loses or self.goes)

    @property
    def rows(self) -> type[models.Model]:
        """The model itself."""
        return apps.get_model(self.model)


#: Texts of a takeout for people to read: from a person to files, each its path and its Markdown.
Texts = Callable[[Any], Iterator[tuple[str, str]]]

#: Files of a person's own: from a person to each one's path and its bytes.
Files = Callable[[Any], Iterator[tuple[str, bytes]]]

#: The entries of a takeout by their file, and what reads a file of its folder `files`, None where it has none.
Entries = Mapping[str, list[dict[str, Any]]]
Content = Callable[[str], bytes | None]
#: From a person and a takeout to how many such files came, or would come.
OfTakeout = Callable[[Any, Entries, Content], int]


@dataclass(frozen=True, slots=True)
class FilesBack:
    """How such files come back: counted while nothing is written, brought once their rows are there."""

    count: OfTakeout
    bring: OfTakeout


LINES: dict[str, Line] = {}
TEXTS: dict[str, Texts] = {}
FILES: dict[str, Files] = {}
FILES_BACK: dict[str, FilesBack] = {}


def add(*lines: Line) -> None:
    """Write lines into the register; a model has one."""
    for line in lines:
        if line.model in LINES:
            raise ValueError(f"{line.model} has a line already")
        LINES[line.model] = line


def add_content(*names: str, named: str = "") -> None:
    """Lines of models that are of nobody: what there is to learn, and the tables of the machinery."""
    why = "It is about nobody."
    add(*(Line(name, because=why, kept=WITH_THE_CONTENT, named=named) for name in names))


def add_texts(name: str, texts: Texts) -> None:
    """Have a takeout hold texts for people to read, in its folder `text`."""
    TEXTS[name] = texts


def add_files(name: str, files: Files, back: FilesBack | None = None) -> None:
    """Have a takeout hold files, in its folder `files`; `back` is how they come into another Milepost."""
    FILES[name] = files
    if back:
        FILES_BACK[name] = back


def of_model(model: type[models.Model]) -> Line | None:
    """The line of a model; None while nobody wrote one."""
    return LINES.get(model._meta.label)
