"""Methods that nothing of ours uses are refused."""

import pytest
from django.conf import settings
from django.urls import NoReverseMatch, reverse

from tests.test_site_map import OURS, place, routes  # noqa: F401

UNUSED = ["OPTIONS", "TRACE", "CONNECT", "PROPFIND"]


@pytest.mark.parametrize("method", UNUSED)
def test_no_address_takes_a_method_that_nothing_uses(method, place, client):  # noqa: F811
    people, address = place
    client.force_login(people["ada"])

    for route in OURS:
        status = client.generic(method, address(route)).status_code

        assert status == 405, (route, method, status)


@pytest.mark.parametrize("method", [*UNUSED, "PUT", "PATCH", "DELETE"])
def test_nor_does_one_of_a_library(method, place, client):  # noqa: F811
    people, _ = place
    client.force_login(people["katherine"])
    asked = 0
    for route in sorted(set(routes()) - set(OURS)):
        try:
            there = reverse(route)
        except NoReverseMatch:  # it names a row
            continue
        answer = client.generic(method, there)
        asked += 1

        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST"), (route, method)

    assert asked > 60
    for there in (f"{settings.STATIC_URL}milepost.css", "/nothing-here/"):
        assert client.generic(method, there).status_code == 405, there
