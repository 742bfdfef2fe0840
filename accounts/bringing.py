"""Make rows here of the entries of a takeout: what would come, and then have it come.

What is here stays as it is: an entry that the database would refuse beside it, or that says the same, is "here
already". Names of content that is not known here leave their entry out, and are told.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, cast

import jsonschema
from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import entries, register
from accounts.archives import Refused
from accounts.entries import Entry, Shape, Value
from accounts.models import User
from accounts.register import Back

#: What may lie in the future, by the names of fields; everything else has happened.
AHEAD = {"due_on", "due_at", "ends_on", "starts_on"}
#: How far a clock elsewhere may be wrong, and how long ago the first entry may be.
SLACK, FIRST = timedelta(days=1), date(1970, 1, 1)


@dataclass
class Plan:
    """What a takeout would change here."""

    rows: dict[str, list[tuple[models.Model, str]]] = field(default_factory=dict)
    changed: list[models.Model] = field(default_factory=list)
    comes: Counter = field(default_factory=Counter)
    here: Counter = field(default_factory=Counter)
    unknown: Counter = field(default_factory=Counter)  # by "notes: unit regularisation"
    loose: Counter = field(default_factory=Counter)  # the same, of entries that come without it


def brought() -> list[str]:
    """The files that are read back."""
    return [name for name, shape in entries.shapes().items() if shape.taken.back]


def plan(person: User, files: dict[str, list[Entry]]) -> Plan:
    """What these files would change for a person. Raises Refused; changes nothing."""
    bringing = _Bringing(person)
    for shape in _in_order():
        bringing.take(shape, files.get(shape.taken.name, []), f"data/{shape.taken.name}.json")
    return bringing.plan


def carry_out(made: Plan) -> None:
    """Write what was planned, in the transaction that is open. Raises Refused, after which it must end."""
    for name, rows in made.rows.items():
        model = type(rows[0][0])
        try:
            with transaction.atomic():
                model._base_manager.bulk_create([row for row, _ in rows], batch_size=500)
        except DatabaseError:
            raise _found(name, rows) from None
    for row in made.changed:
        row.save()


def _found(name: str, rows: list[tuple[models.Model, str]]) -> Refused:
    """Which of these rows the database does not take."""
    for row, where in rows:
        try:
            with transaction.atomic():
                row.pk = None
                row.save(force_insert=True)
        except DatabaseError:
            return Refused(where, _("Its values do not go together."))
    return Refused(name, _("Its entries do not go together."))


@cache
def _in_order() -> list[Shape]:
    """The files that are read back, each after those whose rows its own name."""
    waiting = [shape for shape in entries.shapes().values() if shape.taken.back]
    ordered: list[Shape] = []
    while waiting:
        later = {one.line.model for shape in waiting for one in shape.walk() if one.taken.back}
        free = [
            shape
            for shape in waiting
            if not (_named_by(shape) & later - {one.line.model for one in shape.walk()})
        ]
        ordered += free or waiting
        waiting = [shape for shape in waiting if shape not in ordered]
    return ordered


def _named_by(shape: Shape) -> set[str]:
    return {
        value.of.related_model._meta.label
        for one in shape.walk()
        if one.taken.back
        for value in one.values
        if isinstance(value.of, models.ForeignKey)
    }


class _Bringing:
    """One person's entries on their way in."""

    def __init__(self, person: User):
        self.person = person
        self.plan = Plan()
        self.now = timezone.now()
        self.content: dict[tuple[Any, str], dict[Any, Any]] = {}
        self.own: dict[tuple[Any, Any], list[tuple[models.Model | None, models.Model]]] = {}

    def take(
        self, shape: Shape, found: list[Entry], where: str, outer: models.Model | None = None
    ) -> None:
        """Plan the entries of one list."""
        here = _Index(shape, self._here(shape, outer))
        new = _Index(shape, [])
        back = _back(shape)
        for number, entry in enumerate(found, 1):
            place = f"{where}, {shape.key} {number}" if outer else f"{where}, entry {number}"
            if not outer:
                _check(shape, entry, place)
            if back.when and not back.when(entry):
                continue
            values = self._values(shape, entry, place, outer)
            if values is None:
                continue
            row = shape.line.rows(**values | dict(back.put), **self._owner(shape, outer))
            if twin := new.find(row):
                raise Refused(place, _("It says the same as another entry: %s.") % twin)
            new.add(row, place)
            if existing := here.find(row):
                self.plan.here[shape.taken.name] += 1
                self._fill(shape, existing, values)
                row = existing
            else:
                _clean(row, place)
                self.plan.comes[shape.taken.name] += 1
                self.plan.rows.setdefault(shape.taken.name, []).append((row, place))
            self._know(shape, entry, row, outer)
            for inner in shape.inner:
                if inner.taken.back:
                    self.take(inner, entry.get(inner.key, []), place, row)

    def _owner(self, shape: Shape, outer: models.Model | None) -> dict[str, Any]:
        if outer is not None:
            return {shape.taken.via: outer}
        [name] = shape.taken.of or shape.line.of
        return {name: self.person}

    def _here(self, shape: Shape, outer: models.Model | None) -> list[models.Model]:
        rows = shape.line.rows._base_manager
        if outer is None:
            [name] = shape.taken.of or shape.line.of
            return list(rows.filter(**{name: self.person}))
        return list(rows.filter(**{shape.taken.via: outer})) if outer.pk else []

    def _values(
        self, shape: Shape, entry: Entry, place: str, outer: models.Model | None
    ) -> dict[str, Any] | None:
        """What the row gets from the file; None where it names content that is not known here."""
        back = _back(shape)
        values: dict[str, Any] = {}
        for value in shape.values:
            name = value.name
            is_left = name == "id" or name in back.put or name not in entry
            if is_left or (back.values and name not in back.values):
                continue
            said = entry[name]
            if name in back.made_anew:
                said = back.made_anew[name](said)
            if isinstance(value.of, models.ForeignKey) and said is not None:
                target = self._target(value, said, outer)
                if target is None:
                    told = self.plan.loose if value.of.null else self.plan.unknown
                    told[f"{shape.taken.name}: {name} {str(said)[:80]}"] += 1
                    if not value.of.null:
                        return None
                values[name] = target
            else:
                values[name] = self._value(value, said, f"{place}, “{name}”")
        return values

    def _value(self, value: Value, said: Any, place: str) -> Any:
        _check_text(said, place)
        if said is None or isinstance(value.of, models.JSONField):
            return said
        try:
            made = value.of.to_python(said)
        except (ValidationError, ValueError, OverflowError) as error:
            raise Refused(place, _("This is not a value that can stand here.")) from error
        if isinstance(made, datetime):
            if timezone.is_naive(made):
                raise Refused(place, _("This moment has no time zone."))
            try:
                made = made.astimezone(UTC)
            except OverflowError as error:
                raise Refused(place, _("This day is too far away.")) from error
        if isinstance(made, date):
            self._check_day(value, made, place)
        return made

    def _check_day(self, value: Value, made: date, place: str) -> None:
        day = made.date() if isinstance(made, datetime) else made
        if day < FIRST or day > (self.now + timedelta(days=36500)).date():
            raise Refused(place, _("This day is too far away."))
        if value.name not in AHEAD and day > (self.now + SLACK).date():
            raise Refused(place, _("This day is still to come."))

    def _target(self, value: Value, said: Any, outer: models.Model | None) -> models.Model | None:
        """The row that an entry names: one that comes with it or is the person's, or content."""
        model = cast("type[models.Model]", value.of.related_model)
        known = self.own.get((model, said), [])
        for its_outer, row in known:
            if its_outer is outer:
                return row
        if known:
            return known[0][1]
        line = register.of_model(model)
        if line is None or (line.of and not _may_be_content(line)):
            return None
        lookup = value.lookup.partition("__")[2]
        if not lookup:
            return None
        key = (model, lookup)
        if key not in self.content:
            rows = model._base_manager.all()
            if line.of:
                rows = rows.filter(**{line.of[0]: None})
            self.content[key] = {str(name): pk for name, pk in rows.values_list(lookup, "pk")}
        pk = self.content[key].get(str(said))
        return model(pk=pk) if pk is not None else None

    def _know(
        self, shape: Shape, entry: Entry, row: models.Model, outer: models.Model | None
    ) -> None:
        """Others may name this row as the file does: by its number, or by its name."""
        line = shape.line
        name = line.named or ("slug" if "slug" in entry else "id")
        if name in entry:
            self.own.setdefault((line.rows, entry[name]), []).append((outer, row))

    def _fill(self, shape: Shape, existing: models.Model, values: dict[str, Any]) -> None:
        if not _back(shape).fills:
            return
        lacks = {
            name: value
            for name, value in values.items()
            if getattr(existing, name) in ("", _field(existing, name).get_default())
            and value != getattr(existing, name)
        }
        if lacks:
            for name, value in lacks.items():
                setattr(existing, name, value)
            _clean(existing, f"data/{shape.taken.name}.json")
            self.plan.changed.append(existing)


class _Index:
    """Rows by what makes two of them one: the unique constraints of their model, or saying the same."""

    def __init__(self, shape: Shape, rows: list[models.Model]):
        self.shape = shape
        self.by_key: dict[tuple, Any] = {}
        for row in rows:
            self.add(row, row)

    def add(self, row: models.Model, what: Any) -> None:
        for key in self._keys(row):
            self.by_key.setdefault(key, what)

    def find(self, row: models.Model) -> Any:
        return next((self.by_key[key] for key in self._keys(row) if key in self.by_key), None)

    def _keys(self, row: models.Model) -> Iterator[tuple]:
        meta = row._meta
        for one in meta.concrete_fields:
            if one.unique and not one.primary_key:
                yield (one.name, _part(row, one))
        for constraint in meta.constraints:
            if not isinstance(constraint, models.UniqueConstraint) or not constraint.fields:
                continue
            if constraint.condition is None or _holds(constraint.condition, row):
                fields = [_field(row, name) for name in constraint.fields]
                yield (constraint.name, *(_part(row, one) for one in fields))
        back = _back(self.shape)
        said = [
            value.of
            for value in self.shape.values
            if value.name != "id"
            and value.name not in {*back.put, *back.made_anew}
            and (not back.values or value.name in back.values)
        ]
        via = self.shape.taken.via
        owner = [_field(row, via)] if via else []
        yield ("all", *(_part(row, one) for one in [*owner, *said]))


def _field(row: models.Model | type[models.Model], name: str) -> models.Field:
    return cast("models.Field", row._meta.get_field(name))


def _back(shape: Shape) -> Back:
    """How entries of this shape come back. Of one that none does, nothing asks."""
    return shape.taken.back or Back()


def _part(row: models.Model, one: models.Field) -> Any:
    """A value that can be compared; of a row that is not there yet its identity."""
    if isinstance(one, models.ForeignKey):
        key = getattr(row, one.attname)
        if key is None and one.is_cached(row) and one.get_cached_value(row) is not None:
            return id(one.get_cached_value(row))
        return key
    value = getattr(row, one.attname)
    return entries.dumps(value) if isinstance(one, models.JSONField) else value


def _holds(condition: models.Q, row: models.Model) -> bool:
    """Whether a row meets the condition of a constraint of ours."""
    results = []
    for child in condition.children:
        if isinstance(child, models.Q):
            results.append(_holds(child, row))
            continue
        way, wanted = cast("tuple[str, Any]", child)
        name, _dunder, lookup = way.partition("__")
        value = _part(row, _field(row, name))
        if lookup == "isnull":
            results.append((value is None) == wanted)
        elif lookup == "in":
            results.append(value in wanted)
        else:
            results.append(value == wanted)
    holds = any(results) if condition.connector == models.Q.OR else all(results)
    return holds != condition.negated


def _may_be_content(line: register.Line) -> bool:
    """Whether some of its rows are nobody's, and so everybody's."""
    name = line.of[0]
    return "__" not in name and name != "pk" and _field(line.rows, name).null


@cache
def _validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(_schema(entries.shapes()[name]))


def _schema(shape: Shape) -> dict[str, Any]:
    """What an entry must be to be read: as it is written, but it may lack what has a default."""
    back = _back(shape)
    properties = {}
    for value in shape.values:
        if back.values and value.name not in {*back.values, "id", "slug", shape.line.named}:
            continue
        found = value.schema
        if value.name in back.shapes:
            found = back.shapes[value.name]
            if value.of.null:
                found = {"anyOf": [found, {"type": "null"}]}
        properties[value.name] = found
    needed = [
        value.name
        for value in shape.values
        if value.name in properties and value.name not in back.put and not _has_default(value.of)
    ]
    for inner in shape.inner:
        if inner.taken.back:
            properties[inner.key] = {"type": "array", "items": _schema(inner)}
    return {"type": "object", "properties": properties, "required": needed}


def _has_default(one: models.Field) -> bool:
    return one.has_default() or one.has_db_default() or one.null or one.blank or one.primary_key


def _check(shape: Shape, entry: Any, place: str) -> None:
    """Raises Refused at the first value that the schema does not allow."""
    try:
        error = next(_validator(shape.taken.name).iter_errors(entry), None)
    except RecursionError:
        raise Refused(place, _("It is nested too deeply.")) from None
    if error is not None:
        way = "".join(
            f" {step + 1}" if isinstance(step, int) else f", “{step}”"
            for step in error.absolute_path
        )
        words = {
            "required": _("A value is missing."),
            "type": _("It is of the wrong kind."),
            "maxLength": _("It is too long."),
            "enum": _("It is none of the words that can stand here."),
        }
        raise Refused(place + way, words.get(error.validator, _("It cannot stand here.")))


def _check_text(said: Any, place: str) -> None:
    """No database of ours takes a NUL or half a character."""
    waiting = [said]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if "\0" in one or any("\ud800" <= character <= "\udfff" for character in one):
                raise Refused(place, _("It holds a character that cannot be kept."))
        elif isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, dict):
            waiting.extend([*one, *one.values()])


def _clean(row: models.Model, place: str) -> None:
    """What a form would say of the row's values. Which may be empty, the database says."""
    left = {
        one.name
        for one in row._meta.concrete_fields
        if one.is_relation or getattr(row, one.attname) in ("", [], {})
    }
    try:
        row.clean_fields(exclude=left)
    except ValidationError as error:
        name, [first, *_others] = next(iter(error.message_dict.items()))
        raise Refused(f"{place}, “{name}”", first) from error
