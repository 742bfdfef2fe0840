"""Rows as entries of a takeout: what the register says as plain values, and as a JSON Schema.

An entry is an object with one value for each field of its row, and one list for each kind of row that
stands inside it. What another row has is named as people name it: content and projects by their slug,
people by their name, and only what has no name of its own by a number.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from django.contrib.auth import get_user_model
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.models import Q

from accounts import register
from accounts.register import Line, Taken

#: Rows that are read at a time, each with what stands inside it.
BATCH = 20

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Value:
    """One value of an entry: the field it is of, and the lookup that reads it."""

    name: str
    lookup: str
    of: models.Field

    @property
    def schema(self) -> dict[str, Any]:
        """What the value may be, as JSON Schema."""
        found = _schema_of(self.of, self.lookup)
        return _or_null(found) if self.of.null else found


@dataclass(frozen=True, slots=True)
class Shape:
    """What entries of one name look like."""

    taken: Taken
    line: Line
    values: tuple[Value, ...]
    inner: tuple["Shape", ...] = field(default=())

    @property
    def key(self) -> str:
        """What an outer entry calls the list, and a takeout the file."""
        return self.taken.name.rpartition(".")[2]

    def schema(self) -> dict[str, Any]:
        """One entry, as JSON Schema."""
        properties = {value.name: value.schema for value in self.values}
        for shape in self.inner:
            properties[shape.key] = {"type": "array", "items": shape.schema()}
        return {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }

    def walk(self) -> Iterator["Shape"]:
        """This shape and all that stand inside it."""
        yield self
        for shape in self.inner:
            yield from shape.walk()


@cache
def shapes() -> dict[str, Shape]:
    """Every file of a takeout, by its name, in the order of the register."""
    taken = [(taken, line) for line in register.LINES.values() for taken in line.taken]
    return {one.name: _shape(one, line, taken) for one, line in taken if not one.via}


def of(person: Any, shape: Shape) -> Iterator[Entry]:
    """The entries of one file of a person's takeout, read some at a time, the oldest rows first."""
    mine = Q()
    for lookup in shape.taken.of or shape.line.of:
        mine |= Q(**{lookup: person.pk})
    rows = shape.line.rows._default_manager.filter(
        pk__in=shape.line.rows._default_manager.filter(mine).order_by().values("pk")
    )
    after = 0
    while found := list(_read(rows.filter(pk__gt=after), shape, person)[:BATCH]):
        after = found[-1][0]
        yield from _complete(found, shape, person)


def count(person: Any, shape: Shape) -> int:
    """How many entries a file of a person's takeout has."""
    return sum(1 for _ in of(person, shape))


def schema() -> dict[str, Any]:
    """All files of a takeout as one JSON Schema: each a list, under its name."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The data of a Milepost takeout, version 1: what each file data/NAME.json holds",
        "type": "object",
        "properties": {
            name: {"type": "array", "items": {"$ref": f"#/$defs/{name}"}} for name in shapes()
        },
        "$defs": {name: shape.schema() for name, shape in shapes().items()},
    }


def as_json(value: Any) -> Any:
    """A value of a row as JSON can hold it: moments in UTC, decimals as text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if value is None or isinstance(value, bool | int | float | list | dict):
        return value
    return str(value)


def dumps(value: Any) -> str:
    """JSON on one line, in letters as they are written."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _shape(taken: Taken, line: Line, all_taken: list[tuple[Taken, Line]]) -> Shape:
    owners = taken.of or line.of
    owner = set(owners) if len(owners) == 1 else set()  # of two people, an entry says who was which
    left = owner | {taken.via, *taken.without}
    values = []
    for one in line.rows._meta.concrete_fields:
        if one.name in left or (one.primary_key and not _is_referred_to(line.model)):
            continue
        name = "id" if one.primary_key else one.name
        values.append(Value(name, _lookup(one), one))
    inner = [
        _shape(one, its_line, all_taken)
        for one, its_line in all_taken
        if one.name.rpartition(".")[0] == taken.name
    ]
    return Shape(taken, line, tuple(values), tuple(inner))


def _lookup(one: models.Field) -> str:
    if not isinstance(one, models.ForeignKey):
        return one.attname
    target = one.related_model
    if issubclass(target, get_user_model()):
        return f"{one.name}__profile__name"
    if name := _name_of(target):
        return f"{one.name}__{name}"
    return one.attname


def _name_of(model: type[models.Model]) -> str:
    """The lookup that names a row of a model; "" for one that only a number tells from others."""
    line = register.of_model(model)
    if line and line.named:
        return line.named
    return "slug" if any(one.name == "slug" for one in model._meta.concrete_fields) else ""


@cache
def _is_referred_to(model: str) -> bool:
    """Whether an entry elsewhere names one of this kind by its number."""
    rows = register.LINES[model].rows
    if _name_of(rows) or issubclass(rows, get_user_model()):
        return False
    return any(
        isinstance(one, models.ForeignKey)
        and one.related_model is rows
        and one.name not in taken.without
        and one.name != taken.via
        for other in register.LINES.values()
        for taken in other.taken
        for one in other.rows._meta.concrete_fields
    )


def _read(rows: models.QuerySet, shape: Shape, person: Any, *first: str) -> models.QuerySet:
    if shape.taken.only:
        rows = shape.taken.only(rows, person)
    return rows.order_by("pk").values_list("pk", *first, *[value.lookup for value in shape.values])


def _complete(found: list[tuple], shape: Shape, person: Any) -> Iterator[Entry]:
    """Entries of rows that were read, with what stands inside them: one query for each kind of it."""
    keys = [row[0] for row in found]
    inside = {inner.key: _inside(keys, inner, person) for inner in shape.inner}
    for pk, *read in found:
        entry = {value.name: as_json(raw) for value, raw in zip(shape.values, read, strict=True)}
        yield entry | {key: by_outer.get(pk, []) for key, by_outer in inside.items()}


def _inside(outer: Iterable[Any], shape: Shape, person: Any) -> dict[Any, list[Entry]]:
    via = f"{shape.taken.via}_id"
    rows = shape.line.rows._default_manager.filter(**{f"{via}__in": list(outer)})
    found = list(_read(rows, shape, person, via))
    by_outer: dict[Any, list[Entry]] = {}
    entries = _complete([(pk, *read) for pk, _, *read in found], shape, person)
    for (_, outer_key, *_), entry in zip(found, entries, strict=True):
        by_outer.setdefault(outer_key, []).append(entry)
    return by_outer


def _or_null(found: dict[str, Any]) -> dict[str, Any]:
    if not found:
        return found
    nullable = found | {"type": [found["type"], "null"]}
    if "enum" in found:
        nullable["enum"] = [*found["enum"], None]
    return nullable


def _schema_of(one: models.Field, lookup: str) -> dict[str, Any]:
    """What a value of a field may be."""
    if isinstance(one, models.ForeignKey):
        return {"type": "integer" if lookup == one.attname else "string"}
    if isinstance(one, models.JSONField):
        return {}
    found: dict[str, Any] = {"type": "string"}
    if isinstance(one, models.BooleanField):
        found = {"type": "boolean"}
    elif isinstance(one, models.IntegerField):
        found = {"type": "integer", **_bounds(one)}
    elif isinstance(one, models.FloatField | models.DurationField):
        found = {"type": "number"}
    elif isinstance(one, models.DateTimeField):
        found["format"] = "date-time"
    elif isinstance(one, models.DateField):
        found["format"] = "date"
    elif isinstance(one, models.TimeField):
        found["format"] = "time"
    elif isinstance(one, models.UUIDField):
        found["format"] = "uuid"
    elif not isinstance(one, models.DecimalField) and one.max_length:
        found["maxLength"] = one.max_length
    if one.choices:
        found["enum"] = [value for value, _ in one.flatchoices]
        if one.blank and found["type"] == "string" and "" not in found["enum"]:
            found["enum"] = ["", *found["enum"]]
    return found


def _bounds(one: models.Field) -> dict[str, int]:
    """What its column holds in every database of ours, and what its own validators allow."""
    lowest, highest = BaseDatabaseOperations.integer_field_ranges[one.get_internal_type()]
    own = one._validators  # type: ignore[attr-defined]  # those of the column are not among them
    limits = [v.limit_value for v in own if isinstance(v, MinValueValidator)]
    most = [v.limit_value for v in own if isinstance(v, MaxValueValidator)]
    return {"minimum": max([lowest, *limits]), "maximum": min([highest, *most])}
