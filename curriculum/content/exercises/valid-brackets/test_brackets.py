import pytest
from brackets import is_balanced


@pytest.mark.parametrize("text", ["", "()", "([{}])", "()[]{}", "f(x)[0] + {1}"])
def test_balanced(text):
    assert is_balanced(text) is True


@pytest.mark.parametrize("text", ["(", ")", "(]", "([)]", "(()", "}{", "a)b("])
def test_not_balanced(text):
    assert is_balanced(text) is False


def test_a_deep_text_does_not_reach_the_recursion_limit():
    assert is_balanced("(" * 50_000 + ")" * 50_000) is True
