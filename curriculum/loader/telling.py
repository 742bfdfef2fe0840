"""A plan in sentences, one line for each entry, and as plain data."""

from collections.abc import Iterator
from typing import Any

from curriculum.loader.entries import KINDS, PLACES, TEXTS, comparable
from curriculum.loader.planning import Action, Change, FieldChange, Plan

LISTED = 12  # additions of one kind that are named one by one
SHORT = 48  # characters of a text


def lines(plan: Plan, *, applied: bool = False, everything: bool = False) -> Iterator[str]:
    """What a plan does, grouped by what happens; many additions of a kind are only counted.

    `applied` says that it was done, `everything` that each addition is named.
    """
    for action in Action:
        changes = [change for change in plan.changes if change.action == action]
        if changes:
            yield f"{action.capitalize()}:"
        for kind in (*KINDS, TEXTS):
            of_kind = [change for change in changes if change.kind == kind]
            if action == Action.ADDED and len(of_kind) > LISTED and not everything:
                yield f"  {kind}: {len(of_kind)} added"
            else:
                yield from (f"  {line(change, applied=applied)}" for change in of_kind)
    if plan.kept:
        yield "Kept as edited here:"
        yield from (f"  {_name(change)}: {', '.join(change.overwrites)}" for change in plan.kept)
    if plan.settled:
        yield "Edited here and now in the files, too:"
        yield from (f"  {_path(*key)}" for key in plan.settled)
    if plan.made_here:
        yield "Made here and in no file (left alone; see export_curriculum):"
        yield from (f"  {_path(*key)}" for key in plan.made_here)
    differing = [shared for shared in plan.shared if shared.differs]
    if differing:
        yield "Shared with another roadmap, whose files decide:"
        yield from (
            f"  {_path(shared.kind, shared.slug)}: as in {shared.ruler}; "
            f"these files differ in {', '.join(shared.differs)}"
            for shared in differing
        )


def line(change: Change, *, applied: bool = False) -> str:
    """One change: what, from what to what, how many learners it touches, which edit it undoes."""
    parts = [_happening(change), *map(str, change.touches)]
    if change.overwrites:
        when = f" on {change.edited_at:%Y-%m-%d}" if change.edited_at else ""
        fate = "was overwritten" if applied else "would be overwritten"
        parts.append(f"edited here{when} ({', '.join(change.overwrites)}): {fate}")
    return f"{_name(change)}: {' · '.join(part for part in parts if part)}"


def data(plan: Plan) -> dict[str, Any]:
    """A plan as data for another program; moments in ISO 8601."""
    return {
        "roadmap": plan.roadmap,
        "differs": bool(plan),
        "changes": [
            {
                "kind": change.kind,
                "slug": change.slug,
                "title": change.title,
                "action": str(change.action),
                "fields": [
                    {"name": field.name, "old": field.old, "new": field.new}
                    for field in change.fields
                ],
                "learners": {touch.how: touch.learners for touch in change.touches},
                "overwrites": list(change.overwrites),
                "edited_at": change.edited_at.isoformat() if change.edited_at else None,
            }
            for change in plan.changes
        ],
        "settled": [_path(*key) for key in plan.settled],
        "made_here": [_path(*key) for key in plan.made_here],
        "shared": [
            {
                "kind": shared.kind,
                "slug": shared.slug,
                "ruler": shared.ruler,
                "differs": list(shared.differs),
            }
            for shared in plan.shared
        ],
    }


def _path(kind: str, slug: str) -> str:
    return f"{kind}/{slug}"


def _name(change: Change) -> str:
    return _path(change.kind, change.slug)


def _happening(change: Change) -> str:
    if change.action in (Action.ADDED, Action.RETIRED):
        return f"{change.action}" + (f" (“{_short(change.title)}”)" if change.title else "")
    told = [_field(change.kind, field) for field in change.fields]
    return ", ".join([str(change.action)] * (change.action == Action.RETURNED) + told)


def _field(kind: str, field: FieldChange) -> str:
    if field.name == PLACES.get(kind):
        return f"moved from {field.name} {field.old} to {field.name} {field.new}"
    if field.name == "order":
        return f"moved from place {field.old} to {field.new}"
    return "; ".join(_differences(field.name, field.old, field.new))


def _differences(name: str, old: Any, new: Any) -> Iterator[str]:
    """What differs between two values, down to the texts in them."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            if old.get(key) != new.get(key):
                yield from _differences(f"{name}.{key}", old.get(key), new.get(key))
    elif isinstance(old, list) and isinstance(new, list):
        yield from _differing_lists(name, old, new)
    else:
        yield f"{name} {_pair(old, new)}"


def _differing_lists(name: str, old: list[Any], new: list[Any]) -> Iterator[str]:
    old, new = comparable(old, name), comparable(new, name)
    gone = [item for item in old if item not in new]
    come = [item for item in new if item not in old]
    if len(old) == len(new) and len(gone) == len(come) == 1:
        position = old.index(gone[0])
        yield from _differences(f"{name}[{position + 1}]", gone[0], come[0])
    elif gone or come:
        signs = [f"+ {_shown(item)}" for item in come] + [f"− {_shown(item)}" for item in gone]
        yield (
            f"{name} {', '.join(signs)}"
            if len(signs) < 4
            else (f"{name}: {len(come)} more, {len(gone)} fewer")
        )
    else:
        yield f"{name} in another order"


def _pair(old: Any, new: Any) -> str:
    """Two values, long texts cut to where they differ."""
    if isinstance(old, str) and isinstance(new, str) and max(len(old), len(new)) > SHORT:
        same = next(
            (at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b),
            min(len(old), len(new)),
        )
        start = max(same - 16, 0)
        before = "…" if start else ""
        return f"“{before}{_short(old[start:])}” → “{before}{_short(new[start:])}”"
    return f"{_shown(old)} → {_shown(new)}"


def _shown(value: Any) -> str:
    match value:
        case None | "":
            return "nothing"
        case bool():
            return "true" if value else "false"
        case str():
            return f"“{_short(value)}”"
        case {"skill": skill, "level": level}:
            return f"{skill} ({level})"
        case {"any_of": choices}:
            return " or ".join(map(_shown, choices))
        case {"slug": slug}:
            return str(slug)
        case dict():
            return next((_shown(inner) for inner in value.values() if inner), "nothing")
        case list():
            return f"{len(value)} entries"
    return str(value)


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 1].rstrip()}…"
