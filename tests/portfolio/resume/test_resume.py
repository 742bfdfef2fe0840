"""A résumé: begun from facts, each line with what speaks for it now, arranged for a role."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.utils import timezone
from pypdf import PdfReader

from curriculum import declarations
from curriculum.models import Degree
from portfolio import proofs, resume_board, resume_document, resume_formats, resumes
from portfolio.models import (
    Contribution,
    EntryChoice,
    Project,
    Resume,
    ResumeEntry,
    ResumeLine,
)
from portfolio.resumes import WrittenMeanwhile
from tests.factories import add_clause, make_own_role, make_project, make_role, make_skill
from tests.portfolio.resume.conftest import page_of, write
from tests.portfolio.test_demonstrations import claim, endorse, look


def lines_of(resume):
    """What a reader of it reads, with what speaks for each line."""
    document = resume_document.of(resume)
    return [
        (line.words, line.proof.mark)
        for part in document.parts
        for entry in part.entries
        for line in entry.lines
    ]


# Begun from facts


def test_it_begins_with_what_the_facts_give(ada, engine, as_user):
    declarations.state_background(ada, {"data": 18}, Degree.BACHELOR, "Transport")

    response = as_user(ada).post("/resume/new/", {"name": ""})

    resume = Resume.objects.get()
    assert response.url == f"/resume/{resume.pk}/"
    [entry] = ada.resume_entries.filter(section="projects")
    assert (entry.title, entry.summary) == ("Engine", "It forecasts.")
    assert entry.lines.get().claim.skill.name == "Testing"
    page = page_of(as_user(ada).get(f"/resume/{resume.pk}/preview/"))
    assert "checked at aaaaaaa" in page
    assert "Data science, analysis or engineering" in page
    assert "1.5 years" in page
    assert "Transport" in page


def test_without_anything_it_is_empty_and_says_what_would_stand_there(ada, as_user):
    as_user(ada).post("/resume/new/", {"name": "Mine"})

    page = page_of(as_user(ada).get(f"/resume/{Resume.objects.get().pk}/"))

    assert "None that you can defend yet" in page
    assert "No summary: say in three lines" in page


def test_what_the_role_asks_comes_first(ada, engine, testing):
    sql = make_skill("SQL")
    other = make_project(ada, title="Wheels")
    other.repositories.update(has_proof_line=True, standing="readable")
    claim(other, sql)
    look(other)
    role = make_role()
    add_clause(role, (sql, 2))

    for_role = resume_document.of(resumes.create(ada, name="SQL", role=role))

    skills, projects = for_role.parts[:2]
    assert [entry.skill.name for entry in skills.skills] == ["SQL", "Testing"]
    assert [row.entry.title for row in projects.entries] == ["Wheels", "Engine"]


def test_a_copy_says_the_same_and_is_arranged_by_itself(resume):
    write(resume, "Cut the error by 12 %.")
    twin = resumes.copy(resume, name="Senior", role=None)
    line = ResumeLine.objects.get(words="Cut the error by 12 %.")
    resumes.leave_out(twin, line)

    resume.include_unsupported = twin.include_unsupported = True
    assert ("Cut the error by 12 %.", "own word") in lines_of(resume)
    assert ("Cut the error by 12 %.", "own word") not in lines_of(twin)
    assert ResumeLine.objects.filter(words=line.words).count() == 1


# What speaks for a line


def test_a_line_without_a_claim_is_left_out_unless_it_is_asked_for_and_marked(resume, as_user):
    write(resume, "I am the best.")
    address = f"/resume/{resume.pk}/preview/"

    page = page_of(as_user(resume.owner).get(address))
    assert "I am the best." not in page
    assert "1 line is left out" in page

    Resume.objects.update(include_unsupported=True)
    page = page_of(as_user(resume.owner).get(address))
    assert "I am the best. <span" in page
    assert ">own word</span>" in page


def test_a_mentors_word_is_stronger_than_checks(resume, engine, testing, grace):
    endorse(engine.repositories.get().check_runs.get(), grace, testing)

    [(_words, proof)] = lines_of(resume)

    assert proof == "endorsed at aaaaaaa"


def test_a_check_that_breaks_takes_the_proof_and_the_line_stays_on_the_desk(resume, engine):
    engine.repositories.get().check_runs.update(conclusion="failure")

    assert lines_of(resume) == []
    [line] = resume_board.of(resume).lines
    assert line.proof.words == "Engine claims it, and a required check does not pass."


def test_a_line_whose_proof_was_lost_says_so(resume, engine, as_user):
    long_ago = timezone.now() - timedelta(days=40)
    engine.repositories.update(standing="not_found", standing_since=long_ago)
    [line] = resume_board.of(resume).lines
    assert line.proof.standing == "lost"
    assert lines_of(resume) == []

    engine.delete()

    page = page_of(as_user(resume.owner).get(f"/resume/{resume.pk}/"))
    assert "Its proof is gone: Testing, working, Engine." in page
    assert resume.owner.resume_entries.filter(title="Engine", project=None).exists()


def test_a_link_leads_only_where_the_reader_may_go(resume, engine, as_user):
    [line] = resume_board.of(resume).lines
    assert line.proof.url == ""
    assert "readers cannot open it" in page_of(as_user(resume.owner).get(f"/resume/{resume.pk}/"))

    engine.visibility = "public"
    engine.save()
    resume.owner.profile.is_public = True
    resume.owner.profile.save()

    [line] = resume_board.of(Resume.objects.get()).lines
    assert line.proof.url.endswith(f"/verify/claims/{line.line.claim_id}/")


def test_a_claim_of_another_project_is_no_proof(resume, ada, testing, as_user):
    wheels = make_project(ada, title="Wheels")
    other = claim(wheels, testing)
    entry = ada.resume_entries.get(title="Engine")

    response = as_user(ada).post(
        f"/resume/{resume.pk}/entries/{entry.pk}/lines/new/", {"words": "Hm.", "claim": other.pk}
    )

    assert response.status_code == 422


# Numbers


@pytest.fixture
def number(engine):
    """Found in its file at the commit that was checked."""
    return engine.measurements.create(
        metric="Mean error", result="38.7", baseline="61.2", unit="bikes", direction="lower",
        baseline_words="the crew's rule", repository=engine.repositories.get(), path="results.csv",
        verdict="number", head_sha="b" * 40, looked_at=timezone.now(),
    )  # fmt: skip


def test_a_number_makes_a_line_and_stands_for_it_while_its_file_shows_it(ada, number):
    resume = resumes.create(ada, name="Junior", role=None)
    assert lines_of(resume)[0] == (
        "Cut mean error from 61.2 to 38.7 bikes, against the crew's rule",
        "number found at bbbbbbb",
    )

    number.verdict = "absent"
    number.save()

    assert len(lines_of(resume)) == 1
    [line, _] = resume_board.of(resume).lines
    assert line.proof.standing == "lost"
    assert "38.7 was not found at bbbbbbb" in line.proof.words


def test_a_number_that_is_not_there_is_not_made_up_for_by_a_claim(resume, engine, number):
    engine_claim = engine.claims.get()
    line = write(resume, "Cut the error to 38.7.", claim=engine_claim, number=number)
    board = {row.line: row.proof for row in resume_board.of(resume).lines}
    assert board[line].mark == "checked at aaaaaaa"
    assert board[line].words.endswith("; 38.7 found in the file named, at bbbbbbb")

    number.verdict = "missing"
    number.save()

    board = {row.line: row.proof for row in resume_board.of(resume).lines}
    assert board[line].standing == "lost"


def test_a_number_in_somebody_elses_repository_is_no_proof(resume, engine, number):
    line = write(resume, "Cut the error to 38.7.", number=number)
    engine.repositories.update(has_proof_line=False)

    board = {row.line: row.proof for row in resume_board.of(resume).lines}

    assert "Nothing shows yet that the repository with its number is yours" in board[line].words


def test_a_line_that_says_another_number_is_hinted_at(resume, number):
    line = write(resume, "Cut the error to 30.", number=number)

    [hint] = next(row.hints for row in resume_board.of(resume).lines if row.line == line)

    assert hint.kind == "another-number"


def test_a_proposal_is_put_in_once(resume, number, as_user):
    for _ in range(2):
        as_user(resume.owner).post(
            f"/resume/{resume.pk}/arrange/", {"do": f"in measurement {number.pk}"}
        )

    assert ResumeLine.objects.filter(measurement=number).count() == 1


# Pull requests


@pytest.fixture
def pull(ada, engine):
    """Merged into pandas, by the account that Ada has linked."""
    SocialAccount.objects.create(user=ada, provider="github", uid="77", extra_data={"login": "ada"})
    return engine.contributions.create(
        full_name="pandas-dev/pandas", number=12, title="Mend the mean", author="ada", author_id=77,
        owner_id=1, merged_at=timezone.now(), merge_sha="c" * 40, additions=40, deletions=3, files=2,
        looked_at=timezone.now(),
    )  # fmt: skip


def test_a_merged_pull_request_makes_a_line_and_stands_for_it(ada, pull):
    resume = resumes.create(ada, name="Junior", role=None)

    assert lines_of(resume)[0] == (
        "“Mend the mean”, merged into pandas-dev/pandas (2 files, +40 −3 lines)",
        "merged at ccccccc",
    )
    [line] = ResumeLine.objects.filter(contribution=pull)
    assert line.proof_words == "pandas-dev/pandas#12"


def test_every_file_of_a_resume_says_what_was_merged_where_and_where_to_look(ada, pull, as_user):
    Project.objects.update(visibility="public")
    ada.profile.is_public = True
    ada.profile.save()
    resume = resumes.create(ada, name="Junior", role=None)
    client = as_user(ada)
    document = resume_document.of(resume)
    [there] = [row.proof.url for part in document.parts for one in part.entries for row in one.lines
               if row.proof.contribution]  # fmt: skip

    assert there.endswith("/@ada-nwosu/engine/")
    pdf = PdfReader(io.BytesIO(client.get(f"/resume/{resume.pk}/resume.pdf").content)).pages[0]
    files = {
        "html": client.get(f"/resume/{resume.pk}/resume.html").content.decode(),
        "markdown": resume_formats.as_markdown(document),
        "text": resume_formats.as_text(document),
        "pdf": pdf.extract_text(),
        "json": json.dumps(resume_formats.as_json(document), ensure_ascii=False),
    }
    for kind, said in files.items():
        told = " ".join(said.replace("\\", "").split())
        assert "merged into pandas-dev/pandas" in told, kind
        assert ("pandas-dev/pandas#12" if kind == "json" else "merged at ccccccc") in told, kind
        if kind in ("html", "pdf"):
            assert "Merged: GitHub shows it so, by my account." in told


def test_the_pages_say_that_it_is_from_a_pull_request(ada, resume, pull, as_user):
    client = as_user(ada)
    page = page_of(client.get(f"/resume/{resume.pk}/"))

    assert "proposed from a pull request of yours that was merged" in page
    assert "measured outcome" not in page
    resumes.take(resume, pull)
    page = page_of(client.get(f"/resume/{resume.pk}/"))

    assert "<strong>Merged</strong>" in page
    assert "<strong>Measured</strong>" not in page


def test_a_pull_request_in_a_private_repository_is_not_proposed_and_has_no_public_proof(
    ada, resume, pull
):
    Project.objects.update(visibility="public")
    ada.profile.is_public = True
    ada.profile.save()
    resumes.take(resume, pull)
    line = ResumeLine.objects.select_related(*proofs.RESTS_ON).get(contribution=pull)
    assert proofs.of_lines(ada, [line], proofs.work_of(ada))[line.pk].url
    Contribution.objects.update(is_private=True)
    line = ResumeLine.objects.select_related(*proofs.RESTS_ON).get(contribution=pull)

    assert proofs.of_lines(ada, [line], proofs.work_of(ada))[line.pk].url == ""
    line.delete()
    assert resumes.proposals(ada) == []


def test_a_long_title_leaves_room_for_where_it_was_merged(ada, resume, pull):
    Contribution.objects.update(title="x" * 256)
    [(_project, [proposal])] = resumes.proposals(ada)

    assert "…”, merged into pandas-dev/pandas (2 files, +40 −3 lines)" in proposal.words


@pytest.mark.parametrize(
    ("said", "standing", "words"),
    [
        ({"author_id": 78}, "unsupported", "The pull request is by another account."),
        ({"owner_id": 77}, "unsupported", "It was merged into a repository of your own."),
        ({"merged_at": None, "merge_sha": "", "is_open": True}, "unsupported", "still open"),
        ({"missed_since": datetime(2020, 1, 1, tzinfo=UTC), "misses": 9}, "lost", "does not show"),
    ],
)
def test_a_pull_request_that_is_not_theirs_merged_and_there_speaks_for_nothing(
    ada, pull, said, standing, words
):
    resume = resumes.create(ada, name="Junior", role=None)
    Contribution.objects.update(**said)

    proof = next(row.proof for row in resume_board.of(resume).lines if row.line.contribution)

    assert proof.standing == standing
    assert words in proof.words


def test_a_pull_request_that_is_not_verified_is_not_proposed(ada, resume, pull):
    assert [one.contribution for _p, found in resumes.proposals(ada) for one in found] == [pull]
    SocialAccount.objects.all().delete()

    assert resumes.proposals(ada) == []


def test_a_pull_request_into_a_private_repository_is_the_owners_to_see(ada, eve, pull):
    resume = resumes.create(ada, name="Junior", role=None)
    Contribution.objects.update(is_private=True)
    Project.objects.update(visibility="public")
    line = ResumeLine.objects.select_related(*proofs.RESTS_ON).get(contribution=pull)

    own = proofs.of_lines(ada, [line], proofs.work_of(ada))
    others = proofs.of_lines(ada, [line], proofs.work_of(ada, eve), viewer=eve)

    assert own[line.pk].is_supported
    assert others[line.pk].words == "Its proof cannot be seen by the reader."
    assert resume


def test_a_pull_request_is_put_in_by_a_button_and_chosen_in_the_form(ada, resume, pull, as_user):
    client = as_user(ada)
    assert "merged into pandas-dev/pandas" in page_of(client.get(f"/resume/{resume.pk}/"))

    for _ in range(2):
        client.post(f"/resume/{resume.pk}/arrange/", {"do": f"in contribution {pull.pk}"})
    [line] = ResumeLine.objects.filter(contribution=pull)
    form = page_of(client.get(f"/resume/{resume.pk}/lines/{line.pk}/"))
    assert f'<option value="{pull.pk}" selected>pandas-dev/pandas#12: Mend the mean' in form
    client.post(
        f"/resume/{resume.pk}/lines/{line.pk}/", {"words": "Mended it.", "version": line.version}
    )

    line.refresh_from_db()
    assert (line.words, line.contribution) == ("Mended it.", None)


def test_another_persons_pull_request_is_no_proof(ada, eve, resume, pull, as_user):
    other = make_project(eve).contributions.create(
        full_name="a/b", number=1, merged_at=timezone.now(), merge_sha="d" * 40
    )
    entry = ada.resume_entries.get(title="Engine")
    address = f"/resume/{resume.pk}/entries/{entry.pk}/lines/new/"

    assert as_user(ada).post(address, {"words": "Hm.", "contribution": other.pk}).status_code == 422
    button = {"do": f"in contribution {other.pk}"}
    assert as_user(ada).post(f"/resume/{resume.pk}/arrange/", button).status_code == 404


# Skills


def test_only_skills_that_can_be_defended_are_named(ada, resume, testing, as_user):
    declarations.declare(ada, make_skill("SQL", slug="sql"), 3)
    assert [s.skill.name for s in resume_document.of(resume).parts[0].skills] == ["Testing"]

    as_user(ada).post(f"/resume/{resume.pk}/arrange/", {"do": "in skill sql"})
    as_user(ada).post(f"/resume/{resume.pk}/arrange/", {"do": f"out skill {testing.slug}"})

    [skill] = resume_document.of(resume).parts[0].skills
    assert (skill.skill.name, skill.words) == ("SQL", "practitioner, own word")


# Arranging and writing


def test_lines_entries_and_sections_go_up_and_down(resume, ada, as_user):
    client, address = as_user(ada), f"/resume/{resume.pk}/arrange/"
    Resume.objects.update(include_unsupported=True)
    resume.refresh_from_db()
    second = write(resume, "Second.")
    third = write(resume, "Third.")

    client.post(address, {"do": f"up line {third.pk}"})
    client.post(address, {"do": f"up line {third.pk}"})
    response = client.post(address, {"do": f"up line {third.pk}"})  # it is the first
    client.post(address, {"do": "up section projects"})
    client.post(address, {"do": f"out line {second.pk}"})

    assert response.url == f"/resume/{resume.pk}/#line-{third.pk}"
    resume.refresh_from_db()
    assert next(words for words, _ in lines_of(resume)) == "Third."
    assert "Second." not in dict(lines_of(resume))
    assert resume_document.of(resume).parts[0].section == "projects"


@pytest.mark.parametrize(
    "do",
    ["", "up", "up line", "up line x", "up line ٣", "in entry 9999999999999999999", "burn entry 1",
     "up section nowhere", "in skill no-such", "out claim 1"],
)  # fmt: skip
def test_a_button_that_we_did_not_draw_does_nothing(resume, as_user, do):
    assert (
        as_user(resume.owner).post(f"/resume/{resume.pk}/arrange/", {"do": do}).status_code == 404
    )
    assert EntryChoice.objects.count() == 1


def test_nobody_arranges_with_what_is_anothers(resume, ada, eve, as_user):
    hers = resumes.create(eve, name="Hers", role=None)
    line, entry = ResumeLine.objects.get(), ResumeEntry.objects.get()
    client = as_user(eve)

    for do in (f"in line {line.pk}", f"in entry {entry.pk}", f"in claim {line.claim_id}"):
        assert client.post(f"/resume/{hers.pk}/arrange/", {"do": do}).status_code == 404
    assert client.get(f"/resume/{hers.pk}/lines/{line.pk}/").status_code == 404
    assert client.post(f"/resume/{hers.pk}/entries/{entry.pk}/delete/").status_code == 404
    role = make_own_role(ada)
    assert client.post("/resume/new/", {"target_role": role.pk}).status_code == 422
    assert client.post("/resume/new/", {"based_on": resume.pk}).status_code == 422
    assert not eve.resume_entries.exists()


def test_an_entry_keeps_what_was_typed_and_says_what_is_wrong(resume, as_user):
    address = f"/resume/{resume.pk}/experience/new/"
    data = {"title": "Planner", "organisation": "Tram Co", "starts_on": "2021-13"}

    response = as_user(resume.owner).post(address, data)
    assert response.status_code == 422
    assert "Write a year or a month" in page_of(response)
    assert 'value="Tram Co"' in page_of(response)

    data |= {"starts_on": "2021-03", "ends_on": "2020"}
    assert "It ends before it begins." in page_of(as_user(resume.owner).post(address, data))
    as_user(resume.owner).post(address, data | {"ends_on": "2021"})

    page = page_of(as_user(resume.owner).get(f"/resume/{resume.pk}/preview/"))
    assert "March 2021 – 2021" in page


def test_what_another_tab_wrote_is_not_overwritten_and_nothing_typed_is_lost(resume, as_user):
    line = ResumeLine.objects.get()
    version = line.version
    resumes.write_line(
        resume,
        line.entry,
        {"words": "From one tab", "claim": None, "measurement": None},
        pk=line.pk,
        version=version,
    )

    response = as_user(resume.owner).post(
        f"/resume/{resume.pk}/lines/{line.pk}/", {"words": "From the other", "version": version}
    )

    assert response.status_code == 409
    assert "From the other" in page_of(response)
    assert "From one tab" in page_of(response)
    with pytest.raises(WrittenMeanwhile):
        resumes.write(resume.owner, resume.pk, {}, version="x")


def test_deleting_a_resume_keeps_its_lines_for_the_others(resume, as_user):
    as_user(resume.owner).post(f"/resume/{resume.pk}/delete/")

    assert not Resume.objects.exists()
    assert ResumeLine.objects.exists()


def test_words_of_any_kind_are_shown_as_words(resume, as_user):
    Resume.objects.update(include_unsupported=True)
    write(resume, "<script>alert(1)</script> & 漢字")

    for end in ("", "preview/"):
        page = page_of(as_user(resume.owner).get(f"/resume/{resume.pk}/{end}"))
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; 漢字" in page


def test_the_desk_costs_the_same_however_much_is_written(
    resume, ada, testing, as_user, django_assert_max_num_queries
):
    client, address = as_user(ada), f"/resume/{resume.pk}/"
    for number in range(8):
        project = make_project(ada, title=f"P{number}")
        claim(project, testing)
        look(project)
        resumes.take_project(resume, project)
        write(resume, f"Line {number}.", entry=ada.resume_entries.get(title="Engine"))
    with django_assert_max_num_queries(60):
        client.get(address)
