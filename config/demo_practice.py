"""Ada's interview practice in the demo: what she answered when, designed, told and was asked."""

#: Questions with her answers, oldest first: days ago, confidence (1 again to 4 easy), her words.
ANSWERS = {
    "bias-variance": [
        (33, 3, ""),
        (31, 3, "Bias: too simple. Variance: too close to the sample. Train against validation."),
        (20, 3, ""),
    ],
    "overfitting-remedies": [
        (33, 2, ""),
        (32, 3, "More data, simpler model, regularise, stop early."),
        (28, 3, ""),
        (12, 3, ""),
    ],
    "regularisation-l1-l2": [
        (12, 2, ""),
        (
            12,
            3,
            "L1 gives sparse weights, L2 shrinks them. Elastic net when features are correlated.",
        ),
        (10, 2, ""),
    ],
    "p-value-meaning": [
        (30, 1, "The chance that the null is true?"),
        (30, 2, ""),
        (29, 3, ""),
        (25, 3, ""),
        (7, 3, "How often chance alone gives at least this, if the null holds."),
    ],
    "bayes-rule-medical": [
        (28, 4, "About 16 %: most positives are false when it is rare."),
        (19, 3, ""),
    ],
    "two-sum-pairs": [(26, 4, ""), (16, 4, "")],
    "binary-search-boundary": [
        (25, 3, ""),
        (23, 3, "Keep: all left of low is too small. Halve until they meet."),
        (11, 3, ""),
    ],
    "bootstrap-interval": [
        (19, 3, "Resample rows with replacement, 2,000 times, take the quantiles."),
        (17, 3, ""),
    ],
    "pandas-missing-report": [(15, 3, ""), (13, 4, "")],
    "sql-second-highest": [
        (9, 1, ""),
        (9, 3, "dense_rank() over (partition by department order by salary desc)"),
        (8, 3, ""),
    ],
    "failed-experiment": [(6, 3, "The shuffled split. See my story."), (4, 3, "")],
    "merge-or-rebase": [(5, 4, "")],
    "first-look-at-data": [(4, 4, "")],
}

DESIGN = (
    "design-churn-system",
    {
        "framing": "Who calls whom, and what does a call cost? Target: cancels within 30 days.\n"
        "Success is churn among those called against a held-out group, not AUC.",
        "data": "Contracts, tickets, usage by day. Labels are 30 days late. Leave out what the call causes.",
        "evaluation": "Split by time. Precision in the top 500, which is what the team can call in a week.",
    },
    2,  # points of the outline that she ticked, from the first
)

#: Title, project (its title, or none), themes, and the five parts.
TOLD = [
    (
        "The shuffled split",
        "Bike-share demand, one hour ahead",
        ["failure", "data"],
        "My first demand model was twice as good as the rule the crew used, in the notebook.",
        "I had promised it for the spring, and it was wrong by ten every morning.",
        "I went back to the data, saw that I had shuffled hours of the same day into both sides, and "
        "wrote the split by time and a test that fails when they overlap.",
        "The honest gain was a fifth, not a half; it held for eight weeks.",
        "I write the split before the model, and I look for the reason when it is too good.",
    ),
    (
        "Why not a neural network",
        "",
        ["explaining"],
        "Our operations lead had read about deep learning and asked why we did not use it.",
        "He decides what the crew works with, and he does not want to hear about gradients.",
        "I drew both errors on one page, with the minutes each needs on his laptop.",
        "",
        "",
    ),
]

#: Days ago, format, skill, what was asked, where, a note.
ASKED = [
    (8, "theory", "statistical-inference", "What does a p-value of 0.03 tell your boss?",
     "Northgate Grid, first call", "I said it the wrong way round. On the cards now."),
    (8, "behavioural", "", "Something you built that was wrong, and how you noticed",
     "Northgate Grid, first call", ""),
    (40, "coding", "pandas", "Sessions from events, live, thirty minutes", "A study group", "Forgot the first row."),
]  # fmt: skip
