"""A rubric as words that are kept with what was judged by it."""

from typing import Any

from curriculum.models import Format, Rubric

#: By which every format is judged where the content has no rubric for it.
ANY_FORMAT = "mock-interview"


def text_of(rubric: Rubric | None) -> dict[str, Any]:
    """A rubric as it stands now, whole: kept with a judgement, so that later wording changes no score."""
    if rubric is None:
        return {}
    return {
        "slug": rubric.slug,
        "title": rubric.title,
        "pass_rule": rubric.pass_rule,
        "guidance": rubric.guidance,
        "criteria": [
            {
                "slug": criterion.slug,
                "title": criterion.title,
                "weight": criterion.weight,
                "question": criterion.question,
                "ratings": [
                    {"value": rating.value, "text": rating.text}
                    for rating in criterion.ratings.all()
                ],
            }
            for criterion in rubric.criteria.filter(retired_at=None).prefetch_related("ratings")
        ],
    }


def of_formats(formats: list[Format]) -> dict[str, dict[str, Any]]:
    """The words of the rubric that a mock interview of each format is scored by."""
    slugs = {format: f"mock-{format.value}" for format in formats}
    found = Rubric.objects.live().filter(slug__in=[*slugs.values(), ANY_FORMAT])
    texts = {rubric.slug: text_of(rubric) for rubric in found}
    usual = texts.get(ANY_FORMAT, {})
    return {format.value: texts.get(slugs[format], usual) for format in formats}
