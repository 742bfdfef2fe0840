"""The roadmap in one line."""

import pytest
from django.template.loader import render_to_string

from curriculum import enrollments, progress, strip
from tests.factories import make_module, make_stage, make_unit


def make_way(ada):
    """Three modules in two stages: one done, one under way that is next, one not begun."""
    first = make_stage(title="Basics", short_title="Base", position=1)
    second = make_stage(title="A stage whose name is longer than the room it has " * 2, position=2)
    done = make_unit(module=make_module(stage=first))
    begun = make_unit(module=make_module(stage=first))
    make_unit(module=begun.module)
    make_unit(module=make_module(stage=second))
    enrollment = enrollments.enroll(ada)
    enrollments.complete_unit(enrollment, done)
    enrollments.complete_unit(enrollment, begun)
    return enrollment


def test_each_module_is_a_post_and_the_next_one_wears_the_cap(ada):
    drawn = strip.draw(progress.overview(make_way(ada)))

    for drawing in drawn.drawings:
        assert [post.state for post in drawing.posts] == ["complete", "here", ""]
        assert [bool(post.cap) for post in drawing.posts] == [False, True, False]


def test_a_module_under_way_is_filled_as_far_as_it_is_done(ada):
    enrollment = make_way(ada)
    other = make_unit()
    make_unit(module=other.module)
    enrollments.complete_unit(enrollment, other)

    drawing = strip.draw(progress.overview(enrollment)).drawings[0]

    assert [post.state for post in drawing.posts] == ["complete", "here", "", "part"]
    _, y, width, height = map(float, drawing.posts[-1].fill)
    assert y + height == pytest.approx(float(drawing.ground), abs=1)
    assert height == pytest.approx((width * 1.55 + 4 - 2) / 2, abs=0.1)


def test_a_sentence_says_what_is_drawn(ada):
    enrollment = make_way(ada)
    module = progress.next_unit(enrollment).module

    sentence = strip.draw(progress.overview(enrollment)).sentence

    assert sentence == (
        "3 modules in 2 stages: 1 complete, 1 under way, 1 not started. "
        f"Next is module {module.number}, {module.title}, in stage 1, Basics."
    )


def test_a_stage_is_named_where_its_name_fits(ada):
    wide, narrow = strip.draw(progress.overview(make_way(ada))).drawings

    assert [label.text for label in wide.labels] == ["1 Base", "2"]
    assert [label.text for label in narrow.labels] == ["1", "2"]
    assert [label.is_here for label in wide.labels] == [True, False]


def test_labels_never_touch(db):
    for position in range(1, 60):
        make_unit(module=make_module(stage=make_stage(position=position)))
    roadmap = make_stage().roadmap

    for drawing in strip.draw(progress.outline(roadmap)).drawings:
        ends = [float(label.x) + len(label.text) * strip.CHARACTER for label in drawing.labels]
        starts = [float(label.x) for label in drawing.labels]
        assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
        assert drawing.posts


def test_an_empty_roadmap_draws_nothing(db):
    drawn = strip.draw(progress.outline(make_stage().roadmap))

    assert drawn.drawings == ()


def test_the_drawing_is_svg_without_styles_and_with_its_legend(ada):
    html = render_to_string("curriculum/_strip.html", {"picture": progress.overview(make_way(ada))})

    assert html.count("<svg class=") == 4  # two drawings, two glyphs of the legend
    assert "style" not in html
    assert "1 complete" in html
