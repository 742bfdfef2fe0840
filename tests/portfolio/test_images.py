"""Images of Ada's case study: kept as we wrote them, shown to whoever may see the project, gone with it."""

import os
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Sighting
from portfolio import images, pixels, tasks
from portfolio.images import TooMany
from portfolio.models import CaseImage
from tests.factories import make_project, make_user
from tests.portfolio.test_pixels import JPEG, PNG, SCRIPT
from tests.together import at_once


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.IMAGE_DIR = tmp_path / "media"


@pytest.fixture
def engine(ada):
    return make_project(ada, slug="engine", title="Engine")


def files():
    return sorted(os.listdir(images.folder())) if images.folder().exists() else []


def send(client, data=PNG, name="chart.png", **said):
    file = SimpleUploadedFile(name, data, content_type="image/png")
    return client.post("/projects/engine/images/", {"file": file, "alt": "Error by hour"} | said)


def test_an_image_is_sent_kept_anew_and_shown_on_the_project(ada, engine, as_user):
    client = as_user(ada)
    assert send(client, PNG + SCRIPT, caption="Hour by hour").status_code == 302

    image = engine.images.get()
    assert files() == [image.file_name]
    stored = (images.folder() / image.file_name).read_bytes()
    assert SCRIPT not in stored
    assert (image.size, image.width, image.height) == (len(stored), 64, 48)
    page = client.get("/projects/engine/").text
    assert f'src="{image.get_absolute_url()}" alt="Error by hour" width="64" height="48"' in page
    assert "Hour by hour" in page
    assert (images.folder() / image.file_name).stat().st_mode & 0o077 == 0


def test_it_is_served_as_what_it_is_and_may_do_nothing(ada, engine, client, as_user):
    ada.profile.is_public = True
    ada.profile.save()
    type(engine).objects.update(visibility="public")
    image = images.add(engine, JPEG, alt="Error")

    response = client.get(image.get_absolute_url())

    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert (
        response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    )
    assert response["Content-Disposition"] == 'inline; filename="image.webp"'
    assert response["Cache-Control"] == "public, no-cache"
    assert len(response.content) == image.size
    again = client.get(image.get_absolute_url(), headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"/media/{image.file_name}").status_code == 404
    assert client.get(f"/static/{image.file_name}").status_code == 404


def test_who_may_not_see_the_project_sees_no_image_of_it(ada, grace, eve, engine, client, as_user):
    image = images.add(engine, PNG, alt="Error")
    address = image.get_absolute_url()

    assert client.get(address).status_code == 404
    assert as_user(eve).get(address).status_code == 404
    response = as_user(grace).get(address)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store, private"
    assert Sighting.objects.get().viewer == grace
    for path in ("words", "move", "remove"):
        assert as_user(grace).post(f"/images/{image.pk}/{path}/", {}).status_code == 404
    assert as_user(grace).get("/projects/engine/images/").status_code == 404
    as_user(ada).logout()
    type(engine).objects.update(visibility="public")
    assert client.get(address).status_code == 404  # her portfolio is not public


def test_what_is_not_taken_is_said_and_the_words_are_kept(ada, engine, as_user):
    client = as_user(ada)
    for data, words in (
        (b"<svg onload=alert(1)>", "SVG and other drawings"),
        (b"Hello.", "This is no PNG, JPEG, WebP or GIF"),
        (b"", "This file is empty"),
        (PNG[:200], "cannot be read to its end"),
        (PNG + b"\0" * pixels.MOST_BYTES, "larger than 4 MB"),
    ):
        page = send(client, data, caption="Kept <b>words</b>")
        assert page.status_code == 422
        assert words in page.text, words
        assert "Kept &lt;b&gt;words&lt;/b&gt;" in page.text
    page = send(client, alt="")
    assert (page.status_code, "required" in page.text) == (422, True)
    assert client.post("/projects/engine/images/", {"alt": "x"}).status_code == 422
    assert files() == []


def test_a_file_that_is_far_too_large_is_dropped_while_it_is_read(
    ada, engine, as_user, monkeypatch
):
    kept = []
    monkeypatch.setattr(
        "django.core.files.uploadhandler.TemporaryFileUploadHandler.receive_data_chunk",
        lambda self, data, start: kept.append(len(data)),
    )

    page = send(as_user(ada), b"\0" * 3 * pixels.MOST_BYTES)

    assert "larger than 4 MB" in page.text
    assert sum(kept) <= pixels.MOST_BYTES


def test_neither_name_nor_type_of_the_file_decides_anything(ada, engine, as_user):
    client = as_user(ada)
    for name in ("../../etc/passwd", "x.php", "a\0b.png", "x" * 300, "chart.svg", ".htaccess"):
        assert send(client, PNG, name=name).status_code == 302

    assert len(files()) == 6
    assert all(images.NAME.fullmatch(name) for name in files())


def test_eight_are_enough(ada, engine, as_user):
    for _ in range(images.MOST):
        images.add(engine, PNG, alt="Error")

    with pytest.raises(TooMany):
        images.add(engine, PNG, alt="Error")
    assert "8 images at most" in send(as_user(ada)).text
    assert len(files()) == images.MOST


@pytest.mark.django_db(transaction=True)
def test_of_two_sent_at_once_as_the_last_one_is_kept():
    engine = make_project(make_user("Ada Nwosu"), slug="engine")
    for _ in range(images.MOST - 1):
        images.add(engine, PNG, alt="Error")

    def add():
        try:
            return images.add(engine, PNG, alt="Error")
        except TooMany:
            return None

    assert sum(bool(made) for made in at_once(add, add)) == 1
    assert len(files()) == CaseImage.objects.count() == images.MOST


def test_words_and_order_are_changed_by_the_owner(ada, engine, as_user):
    first, second = (images.add(engine, PNG, alt=alt) for alt in ("One", "Two"))
    client = as_user(ada)

    client.post(f"/images/{second.pk}/move/", {"to": "up"})
    client.post(f"/images/{first.pk}/words/", {"alt": "First", "caption": "A <i>chart</i>"})

    assert [image.alt for image in engine.images.all()] == ["Two", "First"]
    assert "A &lt;i&gt;chart&lt;/i&gt;" in client.get("/projects/engine/").text
    assert client.post(f"/images/{first.pk}/words/", {"alt": " "}).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_the_file_goes_with_the_image_and_with_the_project(client):
    ada = make_user("Ada Nwosu")
    engine = make_project(ada, slug="engine")
    client.force_login(ada)
    first, _second = (images.add(engine, PNG, alt="Error") for _ in range(2))

    assert "Remove this image?" in client.get(f"/images/{first.pk}/remove/").text
    client.post(f"/images/{first.pk}/remove/")
    assert len(files()) == 1
    client.post("/projects/engine/delete/")

    assert files() == []


def test_files_that_nothing_names_are_swept_once_they_are_old(ada, engine):
    kept = images.add(engine, PNG, alt="Error")
    gone = images.add(engine, JPEG, alt="Error")
    CaseImage.objects.filter(pk=gone.pk).delete()  # as an account that is deleted takes it along
    (images.folder() / "new-unfinished").write_bytes(b"x")
    (images.folder() / "young.webp").write_bytes(b"x")
    old = (timezone.now() - timedelta(hours=2)).timestamp()
    for name in files():
        if name != "young.webp":
            os.utime(images.folder() / name, (old, old))

    tasks.sweep_images()

    assert files() == sorted([kept.file_name, "young.webp"])


def test_a_file_that_is_lost_is_a_page_that_is_not_there(ada, engine, as_user):
    image = images.add(engine, PNG, alt="Error")
    (images.folder() / image.file_name).unlink()

    assert as_user(ada).get(image.get_absolute_url()).status_code == 404
    assert as_user(ada).get("/projects/engine/").status_code == 200


def test_what_cannot_be_written_leaves_neither_row_nor_file(ada, engine, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        images.add(engine, PNG, alt="Error")

    assert not CaseImage.objects.exists()
    assert files() == []
