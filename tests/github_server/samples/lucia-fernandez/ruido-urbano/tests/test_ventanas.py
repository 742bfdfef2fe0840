import pytest

from ventanas import ventanas


def test_las_ventanas_se_solapan():
    assert ventanas([1, 2, 3, 4, 5], 3, 2) == [[1, 2, 3], [3, 4, 5]]


def test_una_ventana_sin_largo_no_vale():
    with pytest.raises(ValueError, match="positivos"):
        ventanas([1], 0, 1)
