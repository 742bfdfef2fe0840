"""Ada makes a résumé by keyboard alone, takes the PDF with her, and prints the page."""

import io
import re

import pytest
from pypdf import PdfReader

from portfolio.models import Resume, ResumeLine
from tests.browser.test_practice import faults_of
from tests.factories import make_project, make_skill
from tests.portfolio.test_demonstrations import claim, look


@pytest.fixture
def engine(ada):
    project = make_project(ada, slug="engine", title="Engine", summary="It forecasts.")
    project.repositories.update(has_proof_line=True, standing="readable")
    claim(project, make_skill("Testing"))
    look(project)


def tab_to(page, role, name):
    """Press Tab until that control has the focus, as somebody without a mouse does."""
    pattern = re.compile(r"\s*".join(map(re.escape, name.split())).replace(":", r"\s*:\s*"))
    wanted = page.get_by_role(role, name=pattern).first
    for _ in range(120):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {name} by keyboard")


def press(page, role, name, until):
    tab_to(page, role, name)
    with page.expect_navigation(url=re.compile(until)):
        page.keyboard.press("Enter")


def test_a_variant_by_keyboard_alone(signed_in, ada, engine):
    page = signed_in(ada)
    page.goto("/resume/")
    troubles = faults_of(page)
    press(page, "link", "New résumé", "/resume/new/$")
    tab_to(page, "textbox", "What you call it")
    page.keyboard.type("Junior")
    troubles += faults_of(page)
    press(page, "button", "Begin", r"/resume/\d+/$")
    troubles += faults_of(page)

    press(page, "link", "Add a line: Engine", "/lines/new/$")
    tab_to(page, "textbox", "The line")
    page.keyboard.type("Cut the error by 12 %.")
    tab_to(page, "combobox", "Rests on")
    page.keyboard.press("ArrowDown")
    press(page, "button", "Keep it", r"#line-\d+$")
    line = ResumeLine.objects.get(words="Cut the error by 12 %.")
    assert line.claim.skill.name == "Testing"
    press(page, "button", "Up: Cut the error by 12 %.", r"#line-\d+$")
    press(page, "link", "Preview", "/preview/$")
    troubles += faults_of(page)

    items = page.locator(".cv li").all_inner_texts()
    assert items[-2].startswith("Cut the error by 12 %.")
    tab_to(page, "link", "Download as PDF")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "ada-nwosu-resume.pdf"
    reader = PdfReader(download.value.path())
    assert len(reader.pages) == 1
    assert "Cut the error by 12 %." in reader.pages[0].extract_text()
    assert troubles == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_prints_as_one_page_with_nothing_else_on_it(signed_in, ada, engine, scheme):
    page = signed_in(ada)
    page.emulate_media(color_scheme=scheme)
    page.goto("/resume/new/")
    page.get_by_role("button", name="Begin").click()
    resume = Resume.objects.get()
    page.goto(f"/resume/{resume.pk}/preview/")

    reader = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))

    text = reader.pages[0].extract_text()
    assert len(reader.pages) == 1
    assert [round(side) for side in reader.pages[0].mediabox[2:]] == [595, 842]  # A4
    assert text.startswith("Ada Nwosu")
    for word in ("Milepost", "Download", "Mentoring", "Skip"):
        assert word not in text
