"""What Ada keeps beside the units in the demo: notes, links of her own, and study time."""

NOTES = {
    "broadcasting-vectorising": (
        118,
        "Shapes are compared **from the right**; a 1 stretches.\n\n"
        "```python\nhours = counts.reshape(-1, 24)      # days x hours\n"
        "hours - hours.mean(axis=1, keepdims=True)\n```\n\n"
        "Without `keepdims` it fails, or worse: it does not fail.",
    ),
    "bayes-and-conditioning": (
        61,
        "The van crew *is* a prior: last week's list. The forecast as it was at the time is the "
        "evidence.\n\n- Write the rule down with counts, not with P().\n- Do the meter example again.",
    ),
    "splits-and-generalisation": (
        24,
        "### Leaks I have made\n\n1. Weather as it turned out instead of as it was forecast.\n"
        "2. Scaling before the split.\n3. The same rider on both sides.\n\n"
        "| split | for |\n|---|---|\n| by time | forecasts |\n| by group | riders, patients, meters |",
    ),
    "logistic-regression": (
        9,
        "Odds, not probabilities, are multiplied by exp(w). `class_weight` moves the intercept "
        "most of all, see [the user guide](https://scikit-learn.org/stable/modules/linear_model.html).",
    ),
    "regularisation": (
        1,
        "Scale first, or the penalty only means *which unit did you measure in*.\n\n"
        "To do: plot the path of the lasso for the calendar features. Which one goes last?",
    ),
}

OWN_RESOURCES = [
    (
        "regularisation",
        "The lasso, by one of those who made it",
        "https://hastie.su.domains/StatLearnSparsity/",
        "Chapter 2 is free, and has the picture with the diamond.",
    ),
    (
        "splits-and-generalisation",
        "Forecasting: Principles and Practice, cross-validation for time series",
        "https://otexts.com/fpp3/tscv.html",
        "What rolling origin means, in one page.",
    ),
]

#: Days ago, unit, minutes. She studies in the evening.
STUDY_SESSIONS = [
    (0, "regularisation", 45), (1, "regularisation", 60), (3, "logistic-regression", 90),
    (5, "gradient-boosting", 50), (8, "logistic-regression", 75), (9, "logistic-regression", 30),
    (12, "random-forests", 120), (15, "decision-trees", 45), (16, "linear-regression", 90),
    (22, "splits-and-generalisation", 60), (24, "splits-and-generalisation", 105),
    (31, "framing-and-baselines", 40),
]  # fmt: skip

#: A unit that she had taken for done, and opened again: weeks ago, both.
REOPENED = ("bayes-and-conditioning", 25, 24)
