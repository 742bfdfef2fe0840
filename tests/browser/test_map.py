"""The map in a browser: larger, smaller and moved by keys and by a mouse; every module by Tab; on paper."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import watched_page
from tests.browser.test_whole_loop import sign_in

MODULES = 56  # of the curriculum that comes with the site
A4_ON_ITS_SIDE = (842, 595)  # points


@pytest.fixture
def map_page(demo_page: Page) -> Page:
    """Ada's map at 1280 pixels, the frame of it in view."""
    sign_in(demo_page, "learner")
    demo_page.goto("/roadmap/#map")
    return demo_page


def frame_of(page):
    return page.get_by_role("region", name="The map, to move and zoom")


def sheet_of(page):
    return page.locator("svg.sheet:visible")


def place(page) -> tuple[int, int]:
    """How far the frame is scrolled, to the right and down."""
    return tuple(
        frame_of(page).evaluate("({scrollLeft: x, scrollTop: y}) => [Math.round(x), Math.round(y)]")
    )


def test_keys_make_the_map_larger_and_smaller_and_move_it(map_page):
    frame = frame_of(map_page)
    frame.focus()

    steps = {"+": [150, 200, 300, 300], "-": [200, 150, 100, 75], "0": [100]}
    for key, percent in ((sign, percent) for sign in steps for percent in steps[sign]):
        map_page.keyboard.press(key)
        assert sheet_of(map_page).get_attribute("width") == f"{percent}%", key
        assert map_page.locator("output[data-percent]").text_content() == f"{percent}%"

    for _ in range(3):
        map_page.keyboard.press("+")
    before = place(map_page)
    map_page.keyboard.press("ArrowRight")
    expect(frame).not_to_have_js_property("scrollLeft", before[0])
    map_page.keyboard.press("ArrowDown")
    expect(frame).not_to_have_js_property("scrollTop", before[1])


def test_a_module_that_has_the_focus_stays_where_it_is_while_the_map_grows(map_page):
    node = sheet_of(map_page).get_by_role("link", name="18 Linear models").first
    node.focus()
    before = node.bounding_box()

    map_page.keyboard.press("+")

    after = node.bounding_box()
    assert after["width"] == pytest.approx(1.5 * before["width"], rel=0.02)
    for start, size in (("x", "width"), ("y", "height")):
        assert after[start] + after[size] / 2 == pytest.approx(before[start] + before[size] / 2, abs=3)  # fmt: skip
    assert node.evaluate("node => node === document.activeElement")


def test_a_mouse_drags_the_map_and_a_press_that_moved_nothing_follows_its_link(map_page):
    map_page.get_by_role("link", name="Zoom in").click()
    map_page.get_by_role("link", name="Zoom in").click()
    assert map_page.url.endswith("/roadmap/#map")
    box = frame_of(map_page).bounding_box()
    x, y = box["x"] + box["width"] / 2, max(box["y"], 0) + 200

    before = place(map_page)
    map_page.mouse.move(x, y)
    map_page.mouse.down()
    map_page.mouse.move(x - 150, y - 100, steps=5)
    map_page.mouse.up()
    assert place(map_page) == (before[0] + 150, before[1] + 100)
    assert map_page.url.endswith("/roadmap/#map")

    sheet_of(map_page).get_by_role("link", name="18 Linear models").first.click()
    assert map_page.url.endswith("/modules/linear-models/")


def test_the_wheel_with_ctrl_keeps_what_is_under_the_pointer(map_page):
    node = sheet_of(map_page).get_by_role("link", name="18 Linear models").first
    node.scroll_into_view_if_needed()
    box = node.bounding_box()
    x, y = box["x"] + 20, box["y"] + 20
    map_page.mouse.move(x, y)
    map_page.keyboard.down("Control")
    map_page.mouse.wheel(0, -200)
    map_page.keyboard.up("Control")

    expect(sheet_of(map_page)).to_have_attribute("width", re.compile(r"^19\d"))
    assert node.evaluate("(node, [x, y]) => document.elementFromPoint(x, y).closest('a') === node", [x, y])  # fmt: skip


@pytest.mark.parametrize("width", [390, 1280, 1600])
def test_every_module_is_reached_by_tab_and_has_a_name(width, map_page):
    map_page.set_viewport_size({"width": width, "height": 900})
    frame_of(map_page).focus()

    names = []
    for _ in range(MODULES):
        map_page.keyboard.press("Tab")
        focused = map_page.locator("svg.sheet :focus")
        names.append(focused.get_attribute("aria-label"))
    map_page.keyboard.press("Tab")

    assert map_page.locator("svg.sheet :focus").count() == 0
    assert sorted(int(name.split()[0]) for name in names) == list(range(1, MODULES + 1))
    assert all(re.fullmatch(r"\d+ .+: .+", name) for name in names), names
    told = re.findall(r'link "(\d+ [^"]+)"', frame_of(map_page).aria_snapshot())
    assert sorted(told) == sorted(names), "what a screen reader is told"
    [next_one] = [name for name in names if ": next" in name]
    assert next_one.startswith(
        "18 Linear models, margins and simple classifiers: next, 2 of 7 units"
    )
    assert "required for Junior machine learning engineer" in next_one
    assert "builds on 9, 11 and 17" in next_one


def test_without_scripts_links_zoom_and_the_frame_scrolls(browser, demo_site):
    with watched_page(browser, demo_site.url, java_script_enabled=False) as page:
        page.goto("/roadmap/")
        assert page.get_by_text("In the map, + and").is_hidden()

        page.get_by_role("link", name="Zoom in").click()

        assert page.url.endswith("/roadmap/?zoom=150#map")
        assert sheet_of(page).get_attribute("width") == "150%"
        box, frame = sheet_of(page).bounding_box(), frame_of(page).bounding_box()
        assert box["width"] > frame["width"] * 1.4


@pytest.mark.parametrize("person", ["", "learner"], ids=["nobody", "Ada"])
@pytest.mark.parametrize("window", ["/roadmap/ 1280", "/roadmap/?zoom=300 1280", "/roadmap/ 390"])
def test_the_map_prints_on_one_page_on_its_side(person, window, demo_page):
    path, width = window.split()
    if person:
        sign_in(demo_page, person)
    demo_page.set_viewport_size({"width": int(width), "height": 844})
    demo_page.goto(path)

    paper = demo_page.pdf(prefer_css_page_size=True, print_background=True)

    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    [size] = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", paper)
    assert tuple(round(float(side)) for side in size) == A4_ON_ITS_SIDE
    demo_page.emulate_media(media="print")
    expect(sheet_of(demo_page)).to_have_count(1)
    expect(demo_page.get_by_role("link", name="Continue at")).to_have_count(0)
