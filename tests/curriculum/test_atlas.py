"""The roadmap laid out as a picture: whatever the roadmap, nothing lies on top of anything else."""

from functools import cache
from itertools import combinations, pairwise
from pathlib import Path
from xml.dom import minidom

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from curriculum import atlas
from curriculum.atlas import letters
from curriculum.atlas.layout import EDGE, LANE, SMALL, TITLE
from curriculum.atlas.links import in_order, reduced

CONTENT = Path(__file__).parents[2] / "curriculum" / "content"
WORD = st.text(
    st.characters(categories=["L", "N", "P"], max_codepoint=0x24F), min_size=1, max_size=30
)
TITLE_TEXT = st.lists(WORD, min_size=1, max_size=6).map(" ".join)


def make_module(number, lane=0, before=(), title="", **fields):
    return atlas.Module(
        key=f"m{number}",
        title=title or f"Module {number}",
        number=number,
        lane=lane,
        prerequisites=tuple(f"m{one}" for one in before),
        **fields,
    )


@st.composite
def roadmaps(draw, most_lanes=4, most_modules=9, most_links=4):
    """Names of lanes, and modules that build on earlier ones."""
    sizes = draw(st.lists(st.integers(1, most_modules), min_size=1, max_size=most_lanes))
    modules = []
    for lane, size in enumerate(sizes):
        for _ in range(size):
            number = len(modules) + 1
            before = draw(st.sets(st.integers(1, number), max_size=most_links)) - {number}
            modules.append(make_module(number, lane, sorted(before), draw(TITLE_TEXT)))
    return tuple(draw(TITLE_TEXT) for _ in sizes), tuple(modules)


@cache
def our_roadmap():
    """The names of our stages, and our modules."""
    stages = content_of(CONTENT / "stages.yaml")["stages"]
    files = [content_of(path) for path in sorted((CONTENT / "modules").glob("*.yaml"))]
    lanes = {slug: lane for lane, stage in enumerate(stages) for slug in stage["modules"]}
    return tuple(stage["title"] for stage in stages), tuple(
        atlas.Module(
            file["slug"], file["title"], number, lanes[file["slug"]], tuple(file["prerequisites"])
        )
        for number, file in enumerate(files, start=1)
    )


def content_of(path):
    return yaml.load(path.read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def large_roadmap(modules=300, lanes=3):
    """So many modules, each of which builds on three of the twelve before it."""
    size = modules // lanes
    return tuple(f"Stage {lane}" for lane in range(lanes)), tuple(
        make_module(
            number,
            (number - 1) // size,
            {max(1, number - 1 - number * step % 12) for step in (1, 5, 7)} - {number},
        )
        for number in range(1, modules + 1)
    )


def follows(modules):
    """What each module builds on, directly or not, by key."""
    by_key = {module.key: module for module in modules}
    found = {}

    def all_before(key):
        if key not in found:
            found[key] = set()
            for before in by_key[key].prerequisites:
                found[key] |= {before} | all_before(before)
        return found[key]

    return {module.key: all_before(module.key) for module in modules}


def segments(edge):
    return [
        (min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y))
        for (x, y), (to_x, to_y) in pairwise(edge.points)
    ]


def everywhere(test):
    """Any roadmap on any sheet; among them our own, a large one, and one of a single module."""
    for shape in atlas.SHAPES:
        test = example(our_roadmap(), shape)(test)
    test = example(large_roadmap(), atlas.WIDE)(test)
    test = example((("One",), (make_module(1),)), atlas.BROAD)(test)
    test = given(roadmaps(), st.sampled_from(atlas.SHAPES))(test)
    return settings(max_examples=30, deadline=None)(test)


# Whatever the roadmap


@everywhere
def test_boxes_stand_apart_each_within_its_lane(roadmap, shape):
    layout = atlas.lay_out(*roadmap, shape)

    for one, other in combinations(layout.nodes, 2):
        assert (
            one.box.right < other.box.x or other.box.right < one.box.x
            or one.box.bottom < other.box.y or other.box.bottom < one.box.y
        ), (one.key, other.key)  # fmt: skip
    for node in layout.nodes:
        lane = layout.lanes[node.lane].box
        assert lane.x <= node.box.x
        assert node.box.right <= lane.right == layout.width
        assert lane.y < node.box.y
        assert node.box.bottom < lane.bottom


@everywhere
def test_lanes_stand_below_each_other_in_order_and_fill_the_picture(roadmap, shape):
    layout = atlas.lay_out(*roadmap, shape)

    assert [lane.box.y for lane in layout.lanes[1:]] == [
        lane.box.bottom for lane in layout.lanes[:-1]
    ]
    assert layout.lanes[0].box.y == 0
    assert layout.lanes[-1].box.bottom == layout.height
    assert len(layout.nodes) == len(roadmap[1])
    assert [node.lane for node in layout.nodes] == sorted(node.lane for node in layout.nodes)


@everywhere
def test_no_line_enters_a_box_or_leaves_the_picture(roadmap, shape):
    layout = atlas.lay_out(*roadmap, shape)

    for edge in layout.edges:
        for left, top, right, bottom in segments(edge):
            assert 0 <= left <= right <= layout.width
            assert 0 <= top <= bottom <= layout.height
            entered = [
                node.key for node in layout.nodes
                if left < node.box.right and right > node.box.x
                and top < node.box.bottom and bottom > node.box.y
            ]  # fmt: skip
            assert not entered, edge


@everywhere
def test_a_line_goes_along_and_down_from_the_one_module_to_the_other(roadmap, shape):
    layout = atlas.lay_out(*roadmap, shape)
    boxes = {node.key: node.box for node in layout.nodes}

    for edge in layout.edges:
        (x, y), (to_x, to_y) = edge.points[0], edge.points[-1]
        start, end = boxes[edge.before], boxes[edge.after]
        assert (x == start.middle and y == start.bottom) or (
            x == start.right and start.y < y < start.bottom
        )
        assert (end.x < to_x < end.right and to_y == end.y) or (
            to_x == end.x and end.y < to_y < end.bottom
        )
        for (x, y), (to_x, to_y) in pairwise(edge.points):
            assert x == to_x or y == to_y


@everywhere
def test_no_line_lies_on_a_line_of_another_module(roadmap, shape):
    layout = atlas.lay_out(*roadmap, shape)
    along, down = {}, {}  # by height, and by distance from the left
    for edge in layout.edges:
        if edge.is_drawn:
            for left, top, right, bottom in segments(edge):
                if top == bottom:
                    along.setdefault(round(top, 2), []).append((left, right, edge))
                else:
                    down.setdefault(round(left, 2), []).append((top, bottom, edge))

    for stretches in (*along.values(), *down.values()):
        for (start, stop, edge), (other_start, other_stop, other) in combinations(stretches, 2):
            if edge.before != other.before:
                assert min(stop, other_stop) <= max(start, other_start), (edge, other)


@everywhere
def test_every_prerequisite_is_drawn_or_follows_from_others_or_is_named(roadmap, shape):
    modules = roadmap[1]
    layout = atlas.lay_out(*roadmap, shape)
    drawn = {(edge.before, edge.after) for edge in layout.edges if edge.is_drawn}
    numbers = {module.key: f"{module.number:02d}" for module in modules}
    named = {
        node.key: " ".join(line.text for line in node.after).replace(",", "").split()[1:]
        for node in layout.nodes
    }
    before = follows(modules)

    for module in modules:
        for one in module.prerequisites:
            is_implied = any(one in before[other] for other in module.prerequisites if other != one)
            is_drawn = (one, module.key) in drawn
            assert is_implied + is_drawn + (numbers[one] in named[module.key]) == 1, (one, module)


@everywhere
def test_what_builds_on_another_of_its_lane_stands_further_right_or_down(roadmap, shape):
    layout = atlas.lay_out(*roadmap, shape)
    places = {node.key: (node.lane, node.box.y, node.box.x) for node in layout.nodes}

    for module in roadmap[1]:
        for before in module.prerequisites:
            assert places[before] < places[module.key] or places[before][0] != places[module.key][0]


@everywhere
def test_words_stay_within_their_box_and_none_is_lost(roadmap, shape):
    lanes, modules = roadmap
    layout = atlas.lay_out(*roadmap, shape)
    titles = {module.key: module.title for module in modules}

    for node in layout.nodes:
        for line in node.title:
            assert letters.width(line.text, TITLE) <= node.box.width - 2 * EDGE
        for line in node.after:
            assert letters.width(line.text, SMALL) <= node.box.width - 2 * EDGE
        for line in (*node.title, *node.after):
            assert node.box.y + 30 < line.y < node.box.bottom - 3
        assert letters_of(line.text for line in node.title) == letters_of([titles[node.key]])
    for lane, name in zip(layout.lanes, lanes, strict=True):
        for line in lane.title:
            room = (shape.label or layout.width) - line.x
            assert letters.width(line.text, LANE, bold=True) <= room
            assert lane.box.y < line.y < lane.box.bottom
        assert lane.title[-1].y < lane.below[1] < lane.box.bottom
        assert letters_of(line.text for line in lane.title) == letters_of([name])


def letters_of(texts):
    """All but blanks and hyphens, which a break of a line takes away and adds."""
    return "".join("".join(texts).replace("-", "").split())


@settings(max_examples=40, deadline=None)
@given(roadmaps(), st.sampled_from(atlas.SHAPES), st.randoms())
def test_the_same_roadmap_makes_the_same_picture(roadmap, shape, random):
    lanes, modules = roadmap
    first = atlas.lay_out(lanes, modules, shape)
    shuffled = list(modules)
    random.shuffle(shuffled)
    atlas.lay_out.cache_clear()

    assert atlas.lay_out(lanes, tuple(shuffled), shape) == first


# What builds on what


def test_a_line_that_follows_from_others_is_left_out():
    modules = in_order([make_module(1), make_module(2, before=[1]), make_module(3, before=[1, 2])])

    assert [(link.before, link.after) for link in reduced(modules)] == [(0, 1), (1, 2)]


def test_modules_stand_by_number_but_after_what_they_build_on():
    modules = [make_module(1, before=[3]), make_module(2), make_module(3), make_module(4, lane=1)]

    assert [module.number for module in in_order(reversed(modules))] == [2, 3, 1, 4]


@pytest.mark.parametrize("shape", atlas.SHAPES, ids=lambda shape: shape.name)
def test_a_circle_is_drawn_as_far_as_it_leads_on_and_named_where_it_leads_back(shape):
    layout = atlas.lay_out(
        ("One",), (make_module(1, before=[2]), make_module(2, before=[1])), shape
    )

    assert [(edge.before, edge.after) for edge in layout.edges] == [("m1", "m2")]
    assert [[line.text for line in node.after] for node in layout.nodes] == [["after 02"], []]


def test_what_is_not_on_the_roadmap_is_passed_over():
    layout = atlas.lay_out(("One",), (make_module(2, before=[1]),), atlas.WIDE)

    assert layout.edges == ()
    assert layout.nodes[0].after == ()


def test_a_prerequisite_in_a_later_lane_is_named():
    modules = (make_module(1, lane=0, before=[2]), make_module(2, lane=1))
    layout = atlas.lay_out(("One", "Two"), modules, atlas.WIDE)

    assert layout.edges == ()
    assert [line.text for line in layout.nodes[0].after] == ["after 02"]


def test_a_line_that_would_leave_its_neighbours_is_named_and_kept_for_who_points_at_it():
    lanes = ("One", "Two", "Three")
    modules = (make_module(1), make_module(2, 1, [1]), make_module(3, 2, [1]))

    wide = {
        (edge.before, edge.after): edge for edge in atlas.lay_out(lanes, modules, atlas.WIDE).edges
    }
    narrow = atlas.lay_out(lanes, modules, atlas.NARROW)

    assert wide["m1", "m2"].is_drawn
    assert not wide["m1", "m3"].is_drawn
    assert narrow.edges == ()  # names of lanes are in the way
    assert ["".join(line.text for line in node.after) for node in narrow.nodes] == [
        "",
        "after 01",
        "after 01",
    ]


def test_neighbours_are_joined_from_side_to_side():
    layout = atlas.lay_out(("One",), (make_module(1), make_module(2, before=[1])), atlas.WIDE)
    one, two = layout.nodes

    assert layout.edges[0].points == (
        (one.box.right, one.box.y + one.box.height / 2),
        (two.box.x, two.box.y + two.box.height / 2),
    )


def test_another_version_of_a_roadmap_is_another_picture_and_the_same_is_kept():
    first = atlas.lay_out(("One",), (make_module(1),), atlas.WIDE)

    assert atlas.lay_out(("One",), (make_module(1),), atlas.WIDE) is first
    assert atlas.lay_out(("One",), (make_module(1, title="Anew"),), atlas.WIDE) != first


# Letters


def test_words_are_measured_by_the_widest_face():
    assert letters.width("iii", 10) < letters.width("mmm", 10)
    assert letters.width("\u00e9", 10) == letters.width("e\u0301", 10) == letters.width("e", 10)
    assert letters.width("Next", 10, bold=True) > letters.width("Next", 10)
    assert letters.width("\u5730", 10) == letters.width("\u0416", 10) == 11


def test_lines_are_even_and_break_between_words():
    assert letters.wrap("Linear models, margins and simple classifiers", 13, 170) == (
        "Linear models, margins",
        "and simple classifiers",
    )
    assert letters.wrap("Python basics", 13, 170) == ("Python basics",)
    assert letters.wrap("", 13, 170) == ()


def test_a_word_wider_than_the_room_is_broken():
    lines = letters.wrap("A hippopotamus", 10, 40)

    assert len(lines) > 2
    assert all(letters.width(line, 10) <= 40 for line in lines)
    assert "".join(lines).replace("-", "") == "Ahippopotamus"


# A learner's states


def standing(state="none", words=("5 units",), **fields):
    return atlas.Standing(state, words, **{"name": "Module", "url": "/modules/m/"} | fields)


def written(layout, standings, captions=None):
    """The picture as a document."""
    captions = captions or [
        atlas.Caption(count, "0 of 1 complete", f"Stage {count}")
        for count, _ in enumerate(layout.lanes)
    ]
    return minidom.parseString(f"<svg>{atlas.write(layout, captions, standings)}</svg>")


def elements(document, tag, css_class=None):
    return [
        element for element in document.getElementsByTagName(tag)
        if css_class is None or css_class in element.getAttribute("class").split()
    ]  # fmt: skip


def words_of(element):
    return " ".join("".join(node.data for node in texts(element)).split())


def texts(element):
    for child in element.childNodes:
        if child.nodeType == child.TEXT_NODE:
            yield child
        else:
            yield from texts(child)


STATES = {
    "complete": ("complete",), "part": ("3 of 5 units", "3 of 5"), "none": ("5 units",),
    "next": ("Next · 2 of 7 units", "Next · 2 of 7", "Next"), "skipped": ("skipped",),
    "due": ("due again", "due"),
}  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(roadmaps(), st.sampled_from(atlas.SHAPES), st.data())
def test_every_module_is_a_link_with_a_name_whatever_it_is_called(roadmap, shape, data):
    layout = atlas.lay_out(*roadmap, shape)
    names = {node.key: data.draw(TITLE_TEXT) for node in layout.nodes}
    standings = {}
    for node in layout.nodes:
        state = data.draw(st.sampled_from(sorted(STATES)))
        standings[node.key] = standing(
            state, STATES[state], name=names[node.key], url=f"/modules/{node.key}/?a&b",
            share=data.draw(st.floats(0, 1)), is_needed=data.draw(st.booleans()),
        )  # fmt: skip

    document = written(layout, standings)

    links = elements(document, "a")
    assert [link.getAttribute("aria-label") for link in links] == [
        names[node.key] for node in layout.nodes
    ]
    assert [link.getAttribute("href") for link in links] == [
        f"/modules/{node.key}/?a&b" for node in layout.nodes
    ]
    ids = [element.getAttribute("id") for element in document.getElementsByTagName("*")]
    ids = [one for one in ids if one]
    assert len(ids) == len(set(ids))
    for use in elements(document, "use"):
        target = use.getAttribute("href").removeprefix("#")
        assert target in ids or target in {"map-complete", "map-part", "map-skipped", "map-due"}


@pytest.mark.parametrize("shape", atlas.SHAPES, ids=lambda shape: shape.name)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("is_needed", [False, True])
def test_each_state_has_a_shape_and_a_word_that_fits(state, is_needed, shape):
    layout = atlas.lay_out(("One",), (make_module(300),), shape)

    document = written(
        layout, {"m300": standing(state, STATES[state], share=0.5, is_needed=is_needed)}
    )

    [link] = elements(document, "a")
    assert link.getAttribute("class") == state
    assert bool(elements(link, "path", "capband")) == (state == "next")
    assert bool(elements(link, "path", "fillbar")) == (state in {"next", "part"})
    assert bool(elements(link, "path", "role")) == is_needed
    assert [use.getAttribute("href") for use in elements(link, "use")] == (
        [] if state in {"next", "none"} else [f"#map-{state}"]
    )
    head = elements(link, "text")[0]
    number, _, word = words_of(head).partition(" ")
    assert number == "300"
    assert word in STATES[state]
    end = int(head.getAttribute("x")) + letters.width(
        f"{number} {word}", SMALL, bold=state == "next"
    )
    assert end <= layout.nodes[0].box.right - EDGE - (12 if is_needed else 0)


def test_a_module_is_filled_as_far_as_its_units_are_done():
    layout = atlas.lay_out(("One",), (make_module(1),), atlas.WIDE)
    width = layout.nodes[0].box.width - 2

    for share, expected in ((0.25, width / 4), (1, width)):
        [path] = elements(written(layout, {"m1": standing("part", share=share)}), "path", "fillbar")
        assert float(path.getAttribute("d").split("h")[1].split("v")[0]) == pytest.approx(
            expected, abs=0.1
        )
    assert not elements(written(layout, {"m1": standing("part", share=0)}), "path", "fillbar")


def test_lines_tell_the_way_to_what_is_next_and_the_ground_that_is_covered():
    lanes = ("One", "Two", "Three")
    modules = (
        make_module(1), make_module(2, before=[1]), make_module(3, 1, before=[2]),
        make_module(4, 2, before=[3, 1]), make_module(5, 2, before=[2]), make_module(6, 2, before=[4]),
    )  # fmt: skip
    states = ["complete", "skipped", "due", "next", "none", "none"]
    standings = {f"m{count}": standing(state) for count, state in enumerate(states, start=1)}

    document = written(atlas.lay_out(lanes, modules, atlas.WIDE), standings)

    counts = {kind: len(elements(group, "path")) for kind in ("here", "done", "plain", "far")
              for group in elements(document, "defs" if kind == "far" else "g", kind)}  # fmt: skip
    assert counts == {"here": 1, "done": 2, "plain": 1, "far": 1}


def test_a_module_shows_its_lines_once_more_when_somebody_points_at_it():
    modules = (make_module(1), make_module(2, before=[1]), make_module(3))
    layout = atlas.lay_out(("One",), modules, atlas.WIDE)

    document = written(layout, {f"m{number}": standing() for number in (1, 2, 3)})

    reveals = elements(document, "g", "reveal")
    assert [[use.getAttribute("href") for use in elements(group, "use")] for group in reveals] == [
        ["#wide-way-0"],
        ["#wide-way-0"],
    ]


def test_lanes_are_groups_with_a_sentence():
    layout = atlas.lay_out(("A <b>", "B"), (make_module(1), make_module(2, 1)), atlas.WIDE)
    captions = [
        atlas.Caption(1, "0 of 1 complete", 'Stage 1, "A <b>"'),
        atlas.Caption(2, "5 h", "Stage 2, B: 5 h"),
    ]

    document = written(layout, {"m1": standing(), "m2": standing()}, captions)

    groups = [group for group in elements(document, "g") if group.getAttribute("role") == "group"]
    assert [group.getAttribute("aria-label") for group in groups] == [
        'Stage 1, "A <b>"',
        "Stage 2, B: 5 h",
    ]
    assert [len(elements(group, "a")) for group in groups] == [1, 1]
    assert words_of(elements(groups[0], "g")[0]).startswith("1")
