"""What a project changed, in numbers: written by Ada, looked for in the file, shown with what was seen."""

from types import SimpleNamespace

import pytest

from portfolio import charts, check_runs, measurements, tasks
from portfolio.github.errors import Unavailable
from portfolio.measurements import Seen
from portfolio.models import Measurement
from portfolio.models.measurements import Measurement as M
from tests.factories import make_project

SAID = {
    "metric": "Mean absolute error",
    "result": "38.7",
    "baseline": "61.2",
    "baseline_words": "the crew’s rule",
    "unit": "bikes per hour",
    "direction": "lower",
    "data_set": "twelve weeks, kept apart",
    "path": "reports/metrics.json",
}
FILES = {
    "README.md": "# Engine\n",
    "reports/metrics.json": '{\n  "naive": 61.2,\n  "boosting": 38.7\n}\n',
    "reports/plot.png": b"\x89PNG\0\0",
}


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def engine(ada, hub):
    hub.add("ada/engine", FILES)
    project = make_project(
        ada, slug="engine", title="Engine", repository="ada/engine", visibility="public"
    )
    check(project)
    return project


def check(project):
    run = check_runs.request(project.repositories.get())
    tasks.execute_check_run(run.pk)
    run.refresh_from_db()
    return run


def write(project, **said):
    repository = project.repositories.first()
    return measurements.write(project, SAID | {"repository": repository} | said)


def looked_at(project, **said):
    measurement = write(project, **said)
    tasks.look_at_measurement(measurement.pk)
    measurement.refresh_from_db()
    return measurement


def page_of(response):
    return " ".join(response.content.decode().split())


# What is seen of the file


@pytest.mark.parametrize(
    ("path", "result", "verdict", "line"),
    [
        ("reports/metrics.json", "38.7", "number", 3),
        ("reports/metrics.json", "36.9", "absent", 0),
        ("reports/plot.png", "38.7", "file", 0),
        ("reports/gone.json", "38.7", "missing", 0),
        ("reports", "38.7", "missing", 0),
    ],
)
def test_a_file_is_looked_at_when_it_is_named(engine, path, result, verdict, line):
    seen = looked_at(engine, path=path, result=result)

    assert (seen.verdict, seen.line) == (verdict, line)
    assert seen.head_sha == engine.repositories.get().check_runs.latest().head_sha
    assert seen.is_verified == (verdict == "number")
    assert seen.due_at is None


def test_saving_the_form_has_the_file_looked_at(ada, engine, as_user, on_commit):
    client = as_user(ada)
    repository = engine.repositories.get()

    with on_commit():
        response = client.post(
            "/projects/engine/outcomes/new/", SAID | {"repository": repository.pk}
        )

    assert response.url == "/projects/engine/outcomes/"
    page = page_of(client.get("/projects/engine/"))
    assert "Number found" in page
    assert f"/ada/engine/blob/{Measurement.objects.get().head_sha}/reports/metrics.json#L3" in page
    assert "37 % lower" in page


def test_each_check_looks_again_and_what_was_seen_once_stays_told(ada, engine, hub, as_user):
    looked_at(engine)
    first = Measurement.objects.get().head_sha
    hub.push("ada/engine", {"reports/metrics.json": '{"boosting": 40.1}'})

    run = check(engine)

    seen = Measurement.objects.get()
    assert (seen.verdict, seen.head_sha, seen.found_sha) == ("absent", run.head_sha, first)
    page = page_of(as_user(ada).get("/projects/engine/"))
    assert "Number not found" in page
    assert f"it stood there at {first[:7]}" in page


def test_what_is_named_before_the_first_check_is_looked_at_with_it(ada, hub):
    hub.add("ada/engine", FILES)
    project = make_project(ada, repository="ada/engine")
    measurement = write(project)
    assert measurement.due_at is None

    check(project)

    assert Measurement.objects.get().verdict == "number"


def test_an_outage_changes_no_verdict_and_is_tried_again(engine, hub):
    looked_at(engine)
    hub.fault("status", "blobs|object\\(oid", count=None, status=502)
    hub.push("ada/engine", {"reports/metrics.json": "{}"})
    latency = write(engine, metric="Latency")
    Measurement.objects.update(due_at=latency.due_at)

    for pk in measurements.due():
        tasks.look_at_measurement(pk)

    error, latency = Measurement.objects.all()
    assert (error.verdict, latency.verdict) == ("number", "")
    assert measurements.due() == []  # while the lease lasts
    assert min(error.due_at, latency.due_at) > latency.written_at


def test_a_check_that_gets_no_file_has_it_looked_at_later(engine):
    looked_at(engine)

    def away(*args):
        raise Unavailable(full_name="ada/engine")

    repository = engine.repositories.get()
    looks = measurements.look_with(repository, None, SimpleNamespace(read=away))
    measurements.record(looks, repository.check_runs.latest())

    assert Measurement.objects.get().verdict == "number"
    assert measurements.due() == [Measurement.objects.get().pk]


def test_a_look_that_could_not_tell_leaves_the_verdict_that_there_is(engine):
    looked_at(engine)
    run = engine.repositories.get().check_runs.latest()

    measurements.record([(Measurement.objects.get(), Seen("unknown"))], run)

    assert (Measurement.objects.get().verdict, Measurement.objects.get().line) == ("number", 3)


def test_of_a_tree_that_github_cuts_nothing_is_said_to_be_missing(engine, hub):
    hub.push("ada/engine", {f"node_modules/x{n}/one.txt": "1" for n in range(9)})
    check(engine)
    hub.truncate("ada/engine", 3)

    assert looked_at(engine, path="node_modules/x8/two.txt").verdict == "unknown"


def test_a_look_that_comes_late_writes_nothing_over_other_words(engine, hub):
    measurement = write(engine)
    claimed = measurements.claim(measurement.pk)
    write_again = {"repository": engine.repositories.get(), "result": "36.9"}
    measurements.write(engine, SAID | write_again, version=measurement.version, pk=measurement.pk)

    with tasks.connect() as github:
        measurements.look(claimed, github)

    now = Measurement.objects.get()
    assert (now.verdict, now.due_at is not None) == ("", True)


def test_a_task_that_comes_twice_looks_once(engine, hub):
    measurement = looked_at(engine)
    hub.requests.clear()

    tasks.look_at_measurement(measurement.pk)

    assert hub.requests == []


def test_one_whose_looks_never_end_is_left_to_the_checks(engine):
    measurement = write(engine)
    Measurement.objects.update(attempts=measurements.MOST_ATTEMPTS)

    assert measurements.claim(measurement.pk) is None

    now = Measurement.objects.get()
    assert (now.verdict, now.due_at) == ("unknown", None)


# Words


@pytest.mark.parametrize(
    ("before", "after", "unit", "direction", "words", "is_better"),
    [
        ("61.2", "38.7", "bikes", "lower", "37 % lower", True),
        ("0.50", "0.51", "", "higher", "2 % higher", True),
        ("80", "84.5", "%", "higher", "4.5 points higher", True),
        ("10", "12", "ms", "lower", "20 % higher", False),
        ("0", "3", "alarms", "lower", "3 alarms higher", False),
        ("-2", "-1", "", "higher", "1 higher", True),
        ("5", "5.0", "", "lower", "the same", False),
        ("0.001", "900", "s", "lower", "900 s higher", False),
        ("1000", "999.9999", "", "lower", "0.00001 % lower", True),
    ],
)
def test_a_change_is_told_in_words(before, after, unit, direction, words, is_better):
    change = measurements.change_of(
        M(metric="m", baseline=before, result=after, unit=unit, direction=direction)
    )

    assert (change.words.replace("\u00a0", " "), change.is_better) == (words, is_better)


def test_the_drawing_says_all_of_it_in_words_too():
    told = measurements.told(
        [
            M(metric="Error " * 9, baseline="61.2", result="38.7", direction="lower"),
            M(metric="Gain", baseline="-0.1", result="0.2", direction="higher"),
            M(metric="Alone", result="3", direction="lower"),
        ],
        is_insider=True,
    )

    chart = charts.before_after(told)

    assert len(chart.wide.leaps) == len(chart.narrow.leaps) == 2
    assert "Gain: -0.1 before, 0.2 after" in chart.sentence
    assert chart.wide.leaps[0].name.endswith("…")
    gain = chart.narrow.leaps[1]
    assert float(gain.before) < float(gain.zero) < float(gain.after) < float(gain.right)
    assert charts.before_after(told[2:]) is None


# The pages


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("result", "38,7", "with a point"),
        ("result", "", "required"),
        ("baseline", "", "Write its number"),
        ("direction", "", "Choose one"),
        ("path", "../secret.json", "without"),
        ("path", "https://example.org/x", "GitHub"),
        ("metric", "x\u202ey", "character"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_is_lost(ada, as_user, field, value, words):
    project = make_project(ada, slug="engine")
    data = SAID | {"repository": project.repositories.get().pk, field: value}

    response = as_user(ada).post("/projects/engine/outcomes/new/", data)

    assert response.status_code == 422
    assert words in " ".join(response.context["form"].errors[field])
    assert "twelve weeks, kept apart" in response.content.decode()


def test_the_address_of_a_file_s_page_is_as_good_as_its_path(ada, as_user, settings):
    project = make_project(ada, slug="engine")
    address = f"{settings.GITHUB_URL}/ada/engine/blob/main/reports/metrics.json#L3"

    as_user(ada).post(
        "/projects/engine/outcomes/new/",
        SAID | {"path": address, "repository": project.repositories.get().pk},
    )

    assert Measurement.objects.get().path == "reports/metrics.json"


def test_one_changed_in_another_tab_is_not_overwritten(ada, as_user):
    project = make_project(ada, slug="engine")
    measurement = write(project)
    version = measurement.version
    own = {"repository": project.repositories.get(), "metric": "From one tab"}
    measurements.write(project, SAID | own, version=version, pk=measurement.pk)
    data = SAID | {"repository": own["repository"].pk, "metric": "From the other"}

    response = as_user(ada).post(
        f"/projects/engine/outcomes/{measurement.pk}/", data | {"version": version}
    )

    assert response.status_code == 409
    assert "From one tab" in page_of(response)
    assert "From the other" in page_of(response)
    assert Measurement.objects.get().metric == "From one tab"


def test_words_that_change_nothing_about_the_number_keep_what_was_seen(engine):
    seen = looked_at(engine)
    again = {"repository": engine.repositories.get(), "baseline_words": "last week’s list"}

    measurements.write(engine, SAID | again, version=seen.version, pk=seen.pk)

    assert Measurement.objects.get().verdict == "number"


def test_ada_orders_and_deletes_them(ada, as_user):
    project = make_project(ada, slug="engine")
    error, latency, size = [write(project, metric=name) for name in ("Error", "Latency", "Size")]
    client = as_user(ada)

    client.post(f"/projects/engine/outcomes/{size.pk}/move/", {"to": "up"})
    client.post(f"/projects/engine/outcomes/{size.pk}/move/", {"to": "up"})
    client.post(f"/projects/engine/outcomes/{size.pk}/move/", {"to": "up"})
    client.post(f"/projects/engine/outcomes/{error.pk}/move/", {"to": "down"})
    client.post(f"/projects/engine/outcomes/{latency.pk}/delete/")

    assert [m.metric for m in project.measurements.all()] == ["Size", "Error"]


def test_a_project_tells_of_so_many_numbers_at_most(ada, as_user):
    project = make_project(ada, slug="engine")
    for number in range(measurements.MOST):
        write(project, metric=f"Error {number}")

    response = as_user(ada).post(
        "/projects/engine/outcomes/new/", SAID | {"repository": project.repositories.get().pk}
    )

    assert response.status_code == 422
    assert "at most" in page_of(response)
    assert project.measurements.count() == measurements.MOST


def test_somebody_else_s_repository_cannot_be_named(ada, eve, as_user):
    make_project(ada, slug="engine")
    hers = make_project(eve).repositories.get()

    response = as_user(ada).post("/projects/engine/outcomes/new/", SAID | {"repository": hers.pk})

    assert response.status_code == 422
    assert not Measurement.objects.exists()


def test_a_number_outlives_its_repository_as_a_word(ada, engine, as_user):
    looked_at(engine)

    engine.repositories.get().delete()

    assert not Measurement.objects.get().is_verified
    assert "no file is named" in page_of(as_user(ada).get("/projects/engine/"))


# Who reads what


def test_a_stranger_reads_the_number_on_both_public_pages(ada, engine, client):
    looked_at(engine)
    ada.profile.is_public = True
    ada.profile.save()

    for address in ("/@ada-nwosu/", "/@ada-nwosu/engine/"):
        page = page_of(client.get(address))
        assert "Mean absolute error" in page
        assert "37 % lower" in page
        assert "reports/metrics.json:3" in page
        assert "/outcomes/" not in page


def test_a_stranger_hears_of_a_private_repository_s_file_only_that_it_was_seen(
    ada, grace, engine, client, as_user
):
    looked_at(engine)
    engine.repositories.update(is_private=True)
    ada.profile.is_public = True
    ada.profile.save()

    for address in ("/@ada-nwosu/", "/@ada-nwosu/engine/"):
        page = page_of(client.get(address))
        assert "private repository" in page
        assert "Mean absolute error" in page
        assert "metrics.json" not in page
    assert "metrics.json" in page_of(as_user(grace).get("/@ada-nwosu/engine/"))
