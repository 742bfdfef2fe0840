"""What Ada's résumé says in the demo."""

from portfolio.models import Section

APPLICATION = {
    "headline": "Forecasting for operations; junior machine learning engineer",
    "summary": "Machine learning engineer at the start, after five years in bike-share operations. Builds "
    "forecasts that a crew acts on: split by time, measured against the rule they use today, and "
    "tested for leaks.",
    "location": "Leeds",
    "email": "ada@example.org",
    "links": ["https://github.com/ada-nwosu"],
    "include_unsupported": True,
}

#: What a line of the past rests on.
NO_PROOF = {"claim": None, "measurement": None, "contribution": None}

#: Section, entry and lines of what she did before and beside.
CAREER = [
    (
        Section.EXPERIENCE,
        {
            "title": "Operations planner",
            "organisation": "Wheelworks Leeds",
            "about": "bike sharing, 38 stations",
            "place": "Leeds",
            "starts_on": "2021-03",
        },
        [
            "Planned the rounds of two van crews; cut empty-station hours from 9 to 6 a day in one summer.",
            "Wrote the weekly report on demand that three depots still use.",
        ],
    ),
    (
        Section.EXPERIENCE,
        {
            "title": "Depot assistant",
            "organisation": "Wheelworks Leeds",
            "place": "Leeds",
            "starts_on": "2019-09",
            "ends_on": "2021-02",
        },
        ["Responsible for the depot's spreadsheet."],
    ),
    (
        Section.EDUCATION,
        {
            "title": "Bachelor's degree",
            "about": "Transport planning",
            "organisation": "University of Leeds",
            "starts_on": "2016",
            "ends_on": "2019",
        },
        [],
    ),
    (Section.LANGUAGES, {"title": "English", "note": "native"}, []),
    (Section.LANGUAGES, {"title": "Igbo", "note": "fluent"}, []),
]

#: Project, skill by its slug, and the line that she made of what was proposed.
LINES = [
    (
        "Bike-share demand, one hour ahead",
        "time-series",
        "Cut the error of next-hour demand from 61.2 to 38.7 bikes against the crew's own rule, over a "
        "rolling backtest of 12 weeks.",
    ),
    (
        "Bike-share demand, one hour ahead",
        "model-evaluation",
        "Found a leak that flattered the first version by 1.8 bikes an hour, and reported the honest figure.",
    ),
    (
        "Bike-share demand, one hour ahead",
        "automated-testing",
        "Wrote the test that fails on any look-ahead, in 3 files that CI runs on every push.",
    ),
]
