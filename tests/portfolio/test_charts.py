"""Readiness drawn: bars of the counts, a radar of the areas; always with a sentence and a table."""

import re

import pytest

from curriculum.models import Skill, SkillCategory, SkillLevel
from portfolio import charts
from portfolio.evidence import Evidence, Kind, Reached
from portfolio.readiness import Alternative, Clause, Readiness, State

WORKING, PRACTITIONER = SkillLevel.WORKING, SkillLevel.PRACTITIONER


def make_clause(category, asked, shown=0, *, is_required=True):
    area = SkillCategory(pk=category, position=category, title=f"Area {category}")
    skill = Skill(pk=category * 100 + asked * 10 + shown, category=area)
    reached = {Kind.STUDIED: Reached(SkillLevel(shown))} if shown else {}
    evidence = Evidence(skill, reached) if shown else None
    return Clause(is_required, (Alternative(skill, SkillLevel(asked), evidence),))


def make_readiness(*clauses):
    return Readiness(role=None, clauses=clauses)


def test_bars_are_as_long_as_their_counts_and_a_word_stands_beside_each():
    drawn = charts.bars(
        make_readiness(make_clause(1, 2, 2), make_clause(2, 2, 2), make_clause(3, 2, 1))
    )

    [group] = drawn.groups
    widths = {bar.state: float(bar.width) for bar in group.bars}
    assert widths[State.MET] == charts.BAR_RIGHT - charts.BAR_LEFT
    assert widths[State.PARTLY] == pytest.approx(widths[State.MET] / 2, abs=0.1)
    assert widths[State.SELF] == widths[State.MISSING] == 0
    assert drawn.sentence == "Required: 2 met, 1 partly, 0 self-declared, 0 missing."


def test_preferred_clauses_are_a_group_of_their_own_on_the_same_scale():
    drawn = charts.bars(
        make_readiness(
            make_clause(1, 2, 2), make_clause(2, 2, 2), make_clause(3, 2, 2, is_required=False)
        )
    )

    required, preferred = drawn.groups
    assert float(preferred.bars[0].width) == pytest.approx(
        float(required.bars[0].width) / 2, abs=0.1
    )
    assert preferred.text_y > required.bars[-1].y
    assert drawn.height >= preferred.bars[-1].y + charts.BAR_HEIGHT
    assert "Preferred: 1 met" in drawn.sentence


def test_a_role_that_asks_nothing_has_bars_of_nothing():
    assert {bar.width for bar in charts.bars(make_readiness()).groups[0].bars} == {"0"}


def test_the_radar_shows_the_mean_of_each_area_and_hides_no_gap():
    drawn = charts.radar(
        make_readiness(
            make_clause(1, WORKING, 3),  # more than asked
            make_clause(1, PRACTITIONER, 1),
            make_clause(2, WORKING),
            make_clause(3, WORKING, 2),
        )
    )

    assert [(area.clauses, area.asked, area.shown) for area in drawn.areas] == [
        (2, 2.5, 1.5),
        (1, 2, 0),
        (1, 2, 2),
    ]
    assert drawn.sentence == (
        "3 areas of skills. You show what the role asks in 1 of them; the widest gap is in Area 2: "
        "0.0 of 2.0."
    )


def test_points_stand_on_their_axes():
    drawn = charts.radar(make_readiness(*(make_clause(area, 4, 2) for area in (1, 2, 3, 4))))

    x, y = charts.CENTRE
    r = charts.RADIUS
    ends = [(x, y - r), (x + r, y), (x, y + r), (x - r, y)]
    assert [tuple(map(float, spoke)) for spoke in drawn.spokes] == ends
    assert drawn.need == " ".join(f"{a:.1f},{b:.1f}" for a, b in ends)
    assert [tuple(map(float, dot)) for dot in drawn.dots] == [
        ((a + x) / 2, (b + y) / 2) for a, b in ends
    ]


def test_areas_come_in_the_order_of_the_categories():
    drawn = charts.radar(make_readiness(*(make_clause(area, 2) for area in (7, 2, 5))))

    assert [area.category.pk for area in drawn.areas] == [2, 5, 7]


@pytest.mark.parametrize("areas", [0, 1, 2])
def test_fewer_than_three_areas_make_no_radar(areas):
    assert (
        charts.radar(make_readiness(*(make_clause(area + 1, 2) for area in range(areas)))) is None
    )


def test_a_role_that_is_met_everywhere_is_told_so():
    drawn = charts.radar(make_readiness(*(make_clause(area, 2, 3) for area in (1, 2, 3))))

    assert drawn.sentence == "3 areas of skills. You show what the role asks in all of them."


@pytest.mark.parametrize("count", range(3, 13))
def test_labels_stay_in_the_drawing_and_do_not_touch(count):
    clauses = [make_clause(area, 2) for area in range(1, count + 1)]
    names = ["Software engineering", "Machine learning theory", "Specialisation", "A" * 40]
    for number, clause in enumerate(clauses):
        clause.deciding.skill.category.title = names[number % len(names)]

    drawn = charts.radar(make_readiness(*clauses))

    boxes = []
    for label in drawn.labels:
        for y, line in label.lines:
            assert len(line) <= charts.LABEL_LETTERS
            width = len(line) * 5.8
            left = {"end": -width, "mid": -width / 2}.get(label.anchor, 0) + float(label.x)
            assert left >= -10, line
            assert left + width <= charts.WIDTH + 10, line
            assert 8 <= float(y) <= charts.RADAR_HEIGHT - 2
            boxes.append((left, left + width, float(y) - 9, float(y)))
    for number, (left, right, top, bottom) in enumerate(boxes):
        for other in boxes[number + 1 :]:
            apart = right <= other[0] or other[1] <= left or bottom <= other[2] or other[3] <= top
            assert apart or count > 10


def test_numbers_of_the_drawing_are_plain():
    drawn = charts.radar(make_readiness(*(make_clause(area, 3, 1) for area in (1, 2, 3))))

    for points in (*drawn.rings, drawn.need, drawn.have):
        assert re.fullmatch(r"(-?\d+\.\d,-?\d+\.\d ?)+", points)
