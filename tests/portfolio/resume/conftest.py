"""Ada's résumé: of one project that shows one skill."""

import pytest

from portfolio import resumes
from portfolio.models import Resume
from tests.factories import make_project, make_skill
from tests.portfolio.test_demonstrations import claim, look


def page_of(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def testing(db):
    return make_skill("Testing", aliases=["pytest"])


@pytest.fixture
def engine(ada, testing):
    """Hers, claimed to show Testing, and its checks passed at aaaaaaa."""
    project = make_project(ada, slug="engine", title="Engine", summary="It forecasts.")
    project.repositories.update(has_proof_line=True, standing="readable")
    claim(project, testing)
    look(project)
    return project


@pytest.fixture
def resume(ada, engine):
    return resumes.create(ada, name="Junior", role=None)


def write(resume, words, *, entry=None, claim=None, number=None):
    entry = entry or resume.owner.resume_entries.get(section="projects")
    return resumes.write_line(
        resume, entry, {"words": words, "claim": claim, "measurement": number}
    )


def say(resume, **fields):
    Resume.objects.filter(pk=resume.pk).update(**fields)
    resume.refresh_from_db()
    return resume


def entry(resume, section, **fields):
    said = dict.fromkeys(resumes.SAID_OF_ENTRY, "") | {"keywords": []} | fields
    return resumes.write_entry(resume, said, section=section)


@pytest.fixture
def full(resume):
    """With something in every section."""
    say(
        resume, headline="Forecasts & tests", summary="One line.\nTwo lines.", location="Leeds",
        email="ada@example.net", links=["https://github.com/ada"], include_unsupported=True,
    )  # fmt: skip
    job = entry(
        resume, "experience", title="Planner", organisation="Tram Co", about="trams",
        place="Leeds", url="https://tram.example.org/", starts_on="2021-03", summary="Rounds.",
    )  # fmt: skip
    write(resume, "Cut 9 hours to 6.", entry=job)
    school = entry(
        resume, "education", title="Bachelor", about="Transport", organisation="Leeds",
        starts_on="2016", ends_on="2019", note="2:1",
    )  # fmt: skip
    write(resume, "Statistics", entry=school)
    entry(resume, "volunteering", title="Coach", organisation="Code club", starts_on="2020-01-31")
    entry(resume, "publications", title="On trams", organisation="Journal", starts_on="2022")
    entry(resume, "certificates", title="First aid", organisation="Red Cross", starts_on="2023")
    entry(resume, "awards", title="Best report", organisation="Tram Co", summary="For clarity.")
    entry(resume, "languages", title="Igbo", note="fluent")
    entry(resume, "interests", title="Cycling", keywords=["touring", "repair"])
    entry(resume, "skills", title="Tram driving", note="Expert", keywords=["depots"])
    return resume
