"""What changed between two texts."""

import time

from hypothesis import given
from hypothesis import strategies as st

from portfolio.diffs import MOST_LINES, Kind, compare, line_now

LINES = st.lists(st.sampled_from(["a", "b", "c", "", "  x", "def f():"]), max_size=30)


def words(comparison):
    marks = {Kind.SAME: " ", Kind.ADDED: "+", Kind.REMOVED: "-"}
    return [[f"{marks[line.kind]}{line.text}" for line in hunk] for hunk in comparison.hunks]


def test_a_changed_line_stands_between_its_neighbours():
    before = "\n".join("abcdefghij")
    after = before.replace("e", "E")

    told = compare(before, after)

    assert words(told) == [[" b", " c", " d", "-e", "+E", " f", " g", " h"]]
    assert (told.added, told.removed) == (1, 1)
    [hunk] = told.hunks
    assert [(line.before, line.after) for line in hunk if line.text in "eE"] == [
        (5, None),
        (None, 5),
    ]


def test_two_places_far_apart_are_two_hunks():
    before = "\n".join(str(n) for n in range(40))
    assert len(compare(before, "x\n" + before + "\ny").hunks) == 2


def test_the_same_text_has_no_hunk():
    assert compare("a\nb", "a\nb").hunks == ()


def test_a_line_is_found_where_it_moved_to():
    before = "import x\n\ndef f():\n    return 1\n"
    after = "import x\nimport y\n\n\ndef f():\n    return 1\n"
    assert line_now(before, after, 4) == 6
    assert line_now(before, after.replace("return 1", "return 2"), 4) is None
    assert line_now(before, "", 1) is None


@given(LINES, LINES)
def test_removing_and_adding_what_it_says_leads_from_the_one_to_the_other(old, new):
    told = compare("\n".join(old), "\n".join(new))
    lines = [line for hunk in told.hunks for line in hunk]
    old_lines, new_lines = "\n".join(old).splitlines(), "\n".join(new).splitlines()
    for line in lines:
        if line.before:
            assert old_lines[line.before - 1] == line.text
        if line.after:
            assert new_lines[line.after - 1] == line.text
    assert len(new_lines) - len(old_lines) == told.added - told.removed


@given(LINES, LINES, st.integers(1, 30))
def test_where_a_line_is_now_it_says_the_same(old, new, number):
    before, after = "\n".join(old), "\n".join(new)
    now = line_now(before, after, number)
    if now is not None:
        assert after.splitlines()[now - 1] == before.splitlines()[number - 1]


def test_texts_of_a_hundred_thousand_lines_take_no_time():
    before = "\n".join(f"line {n % 7}" for n in range(100_000))
    after = "\n".join(f"line {n % 11}" for n in range(100_000))
    started = time.process_time()
    compare(before, after)
    line_now(before, after, MOST_LINES)
    assert time.process_time() - started < 2
