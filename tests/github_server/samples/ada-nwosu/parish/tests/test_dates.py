import pytest

from parish.dates import Unreadable, read


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("14th Febry 1791", (1791, 2, 14)),
        ("ye 14 of ffebruary 1791/2", (1792, 2, 14)),
        ("3rd Septr 1803", (1803, 9, 3)),
    ],
)
def test_the_clerks_spellings_are_read(text, date):
    assert read(text) == date


def test_a_date_without_a_year_is_left_to_a_person():
    with pytest.raises(Unreadable):
        read("14 Feb")
