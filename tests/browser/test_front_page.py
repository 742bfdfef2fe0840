"""What anybody sees first, in a real browser."""


def test_the_front_page_opens_for_a_stranger(page):
    answer = page.goto("/")

    assert answer.status == 200
    assert page.get_by_role("main").is_visible()


def test_the_front_page_opens_for_somebody_signed_in(signed_in, ada):
    page = signed_in(ada)

    page.goto("/")

    assert page.get_by_role("main").is_visible()
    assert page.get_by_role("link", name="Sign in").count() == 0
