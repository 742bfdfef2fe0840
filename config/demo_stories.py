"""What the demo's people have written: projects, questions and reviews."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FirstRound:
    """A review of the sample repository's tag `first-try`, in which Grace asked for changes."""

    question: str
    must_fix: str
    strength: str
    scores: dict[str, int]
    path: str  # of the file that she comments on,
    line: str  # the line, by a part of it
    comment: str
    days: int


@dataclass(frozen=True, slots=True)
class Number:
    """A measurement of a project."""

    metric: str
    baseline: str
    result: str
    unit: str
    direction: str = "lower"
    baseline_words: str = ""
    data_set: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A project of one of the demo's people, and the repository of the sample GitHub behind it."""

    owner: str  # the first part of the owner's address
    link: str
    title: str
    fields: dict[str, str] = field(default_factory=dict)
    brief: str = ""  # slug of the unit whose brief it answers
    question: str = ""  # an open request for review
    disputed: str = ""  # a check whose finding the owner disputes, and
    because: str = ""  # why
    days: int = 0  # how long ago it was asked or answered
    verdict: str = ""  # Grace's, with `review` as her words
    review: str = ""
    strength: str = ""
    idea: str = ""
    claims: dict[str, int] = field(default_factory=dict)  # skill and level, by slug
    endorsed: dict[str, int] = field(default_factory=dict)  # the same, as Grace saw it
    scores: dict[str, int] = field(default_factory=dict)  # by criterion
    first: FirstRound | None = None
    token: str = ""  # of the sample GitHub, for a private repository
    numbers: tuple[Number, ...] = ()


STORIES = [
    Story(
        "learner",
        "https://github.com/ada-nwosu/bike-demand",
        "Bike-share demand, one hour ahead",
        {
            "problem_kind": "forecasting",
            "summary": "Tells a van crew which stations will run empty in the next hour, and beats the "
            "rule they use now.",
            "problem": "A crew of two moves bikes between 38 stations. They leave the depot with a list made "
            "from last week. By ten in the morning it is wrong, and a station that runs empty loses "
            "about eleven trips before they get there.",
            "data": "Two years of hourly counts from the UCI bike sharing set, joined with the weather *as it "
            "was forecast at the time*, not as it turned out.",
            "approaches": "Seasonal naive first, because it is what the crew does. Ridge with calendar features "
            "took a third off the error. Gradient boosting took a little more, and loses at Riverside, "
            "where a bridge closed.",
            "evaluation": "A rolling-origin backtest over twelve weeks. The metric is the mean absolute error in "
            "bikes per hour: what the crew feels.",
            "results": "| model | error, bikes per hour |\n|---|---|\n| the crew’s rule | 61.2 |\n| ridge | 41.5 "
            "|\n| gradient boosting | **38.7** |\n\nThe first version scored 36.9. That was a leak.",
            "demo_url": "https://bike-demand.example.org/",
            "visibility": "public",
        },
        brief="demand-forecast",
        days=12,
        verdict="approved",
        strength="The split is right and the baseline is honest. `tests/test_features.py` fails on any "
        "look-ahead, which is the test I would have asked for.",
        idea="Say in the README what the crew does when the forecast and their own eyes disagree.",
        review="You found the cost of the fix and reported it.",
        question="Is the look-ahead gone now? The error rose from 36.9 to 38.7.",
        claims={"time-series": 2, "model-evaluation": 2, "automated-testing": 2},
        endorsed={"time-series": 2, "model-evaluation": 2},
        scores={
            "problem": 4,
            "data": 3,
            "approaches": 3,
            "evaluation": 3,
            "results": 3,
            "documentation": 3,
            "tests": 3,
            "reproducibility": 3,
            "deployment": 2,
            "communication": 3,
        },
        first=FirstRound(
            question="Does the evaluation hold?",
            strength="The crew’s own rule as the baseline: anybody on the depot can follow it.",
            must_fix="The level of a station knows its whole future. Use only what is known before the "
            "hour, and add a test that fails when somebody forgets.",
            scores={
                "problem": 4,
                "data": 3,
                "approaches": 3,
                "evaluation": 1,
                "results": 2,
                "documentation": 3,
                "tests": 1,
                "reproducibility": 3,
                "deployment": 2,
                "communication": 3,
            },
            path="bike_demand/features.py",
            line="level = sum(",
            comment="This mean is over all hours, the later ones too.",
            days=19,
        ),
        numbers=(
            Number(
                "Mean absolute error",
                "61.2",
                "38.7",
                "bikes per hour",
                baseline_words="the crew’s rule",
                data_set="twelve weeks, one after the other",
                path="reports/backtest.md",
            ),
            Number(
                "Error at the worst station",
                "104",
                "92",
                "bikes per hour",
                baseline_words="the crew’s rule",
                data_set="Riverside, the same weeks",
                path="reports/backtest.md",
            ),
            Number("Size of the image", "1900", "412", "MB", path="Dockerfile"),
        ),
    ),
    Story(
        "learner",
        "git@github.com:ada-nwosu/meter-check.git",
        "Find the meter that lies",
        {
            "problem_kind": "grouping",
            "summary": "Flags faulty water meters from hourly readings, so that a technician visits the "
            "right cellar.",
            "problem": "A town replaces 300 meters a year on suspicion. Four in five turn out to be sound.",
            "results": "41 of 50 known faults found with 3 false alarms a week; the rule in use finds 22.",
            "visibility": "public",
        },
        question="Is it fair to tune the threshold on the same fourteen months that I simulate from? And "
        "would you put the isolation forest in at all?",
        days=2,
        numbers=(
            Number(
                "Known faults found",
                "22",
                "41",
                "of 50",
                direction="higher",
                baseline_words="the rule in use",
                path="README.md",
            ),
            Number("False alarms", "1", "3", "a week", baseline_words="the rule in use"),
        ),
    ),
    Story(
        "learner",
        "github.com/ada-nwosu/churn",
        "Which subscribers leave, and when",
        {
            "problem_kind": "classification",
            "summary": "Ranks customers by how likely they are to cancel.",
        },
        days=5,
        verdict="changes_requested",
        review="The write-up is clear and the comparison with random ranking is what a manager needs.\n\n"
        "What must change: there is nothing that fails when the code is wrong. Start with one test of the "
        "feature table: the same customer in, the same row out.",
    ),
    Story("learner", "ada-nwosu/leaf-disease", "Leaf disease from phone photos"),
    Story(
        "learner",
        "https://github.com/priya-raman/xray-archive",
        "X-ray archive, with Priya Raman",
        {"problem_kind": "vision", "summary": "Does the model look at the lungs at all?"},
        disputed="tests",
        because="There are tests, in zz_tests/test_split.py: GitHub’s list of files ends before it gets there.",
    ),
    Story("learner", "https://github.com/ada-nwosu/thesis", "Thesis", {"visibility": "link"}),
    Story(
        "learner",
        "https://github.com/ada-nwosu/ward-beds",
        "Beds for tomorrow morning",
        {
            "problem_kind": "forecasting",
            "summary": "Tells a bed manager at six in the evening how many beds each ward needs at eight.",
            "problem": "Eleven wards, one whiteboard. Too few beds means ambulances that wait; too many means "
            "nurses called in for nothing.",
            "results": "2.6 beds off on average, against 3.9 for the mean of the same weekday.",
            "visibility": "public",
        },
        token="github_pat_SAMPLE0TOKEN0OF0THE0DEMO_for0ward0beds0alone",
        numbers=(
            Number(
                "Mean absolute error",
                "3.9",
                "2.6",
                "beds",
                baseline_words="mean of the weekday",
                path="README.md",
            ),
        ),
    ),
    Story("learner", "https://github.com/ada-nwosu/next-idea", "Next idea"),
    Story(
        "tomas",
        "https://github.com/tomas-silva/ml-portfolio/tree/main/projects/wine-quality",
        "Wine quality",
        {
            "problem_kind": "regression",
            "summary": "One folder of a larger repository.",
            "visibility": "public",
        },
        verdict="approved",
        review="Small, complete and tested. Ready to show.",
    ),
    Story(
        "tomas",
        "https://github.com/jonas-berg/flight-delays",
        "How late will this flight be?",
        {"problem_kind": "regression", "summary": "Linked by its old name; GitHub redirects."},
        question="The median is in, with tests. I also renamed the repository: does the review follow it?",
        days=6,
        claims={"model-evaluation": 2, "automated-testing": 1},
        first=FirstRound(
            question="Is the baseline strong enough?",
            strength="Split by time from the first day, and a loss that fits a missed connection.",
            must_fix="Take the median, and test baseline and loss.",
            scores={
                "problem": 3,
                "data": 3,
                "approaches": 3,
                "evaluation": 2,
                "results": 3,
                "documentation": 3,
                "tests": 1,
                "reproducibility": 2,
                "deployment": 1,
                "communication": 3,
            },
            path="delay.py",
            line="return {key: mean",
            comment="One flight that is four hours late moves this mean for the whole route.",
            days=16,
        ),
    ),
    Story("tomas", "https://github.com/dana-cohen/regression-assignment", "Regression assignment"),
    Story(
        "finisher",
        "https://github.com/oskar-lindqvist/kmeans-go",
        "k-means in Go",
        {"problem_kind": "grouping", "visibility": "public"},
    ),
    Story("finisher", "https://github.com/nadia-haddad/digit-canvas", "Digit canvas"),
    Story("finisher", "https://github.com/rex-holt/scraped-faces", "Scraped faces"),
    Story("finisher", "https://github.com/ben-adeyemi/first-model", "First model"),
    Story(
        "long",
        "https://github.com/lucia-fernandez/ruido-urbano",
        "Donauschifffahrtsgesellschaftskapitänsmützenabzeichenerkennung für den städtischen Lärm",
        question="¿Se entiende el README para quien no habla español?",
    ),
]

#: What Ada knows from her years in operations, by skill and level: her own word.
DECLARED = {
    "stakeholder-communication": 2,
    "collaboration": 3,
    "continuous-learning": 2,
    "data-visualisation": 2,
    "sql": 2,
    "cloud-fundamentals": 1,
    "ownership": 2,
}

#: Her secret links: for whom, for how many days, and what was opened by it how many days ago.
SHARED = [
    (
        "Northgate Grid, data team",
        30,
        [
            (2, "profile", ""),
            (2, "project", "Bike-share demand, one hour ahead"),
            (9, "profile", ""),
        ],
    ),
    ("Harbour Office, Ms Lindqvist", 90, []),
    ("A friend who reads along", 14, [(20, "profile", "")]),
]

#: The advert that she has pasted.
ADVERT = """\
Junior forecasting engineer

Northgate Grid balances the power of forty villages. We share knowledge every Thursday.

What you will do
- Build and maintain data pipelines and features for our load forecasts
- Train and evaluate models with senior colleagues, and write unit tests for what you touch
- Take part in code reviews

What you bring
- A bachelor's degree in a quantitative subject, or the same by experience
- 1+ years of experience with data in any job
- Strong Python skills (pandas, NumPy) and good knowledge of SQL
- First experience with a deep learning framework such as PyTorch or TensorFlow
- Familiarity with Git and Docker
- You communicate clearly with people in control rooms

Nice to have
- k8s, Terraform or another IaC tool
- Model monitoring in production is a big plus
- No Java needed; you do not need experience with Spark either

What we offer
- 30 days of leave, mentoring, and a portfolio of interesting projects
"""
