"""A small roadmap as files: two stages, two modules, four units; each test breaks one thing in it."""

from pathlib import Path

import pytest

FILES = {
    "roadmap.yaml": """\
slug: way
title: The way
summary: From the first step to the second.
""",
    "stages.yaml": """\
stages:
  - slug: basics
    title: Basics
    short_title: First
    order: 1
    elective: false
    summary: Where everybody begins.
    goal: Begin.
    exit_evidence: [Something that runs.]
    modules: [first-steps]
  - slug: beyond
    title: Beyond
    order: 2
    elective: false
    summary: Where it goes on.
    goal: Go on.
    exit_evidence: [Something that lasts.]
    modules: [next-steps]
""",
    "skills.yaml": """\
levels:
  - {slug: aware, value: 1, title: Aware, meaning: Knows it.}
  - {slug: working, value: 2, title: Working, meaning: Uses it.}
  - {slug: practitioner, value: 3, title: Practitioner, meaning: Masters it.}
  - {slug: expert, value: 4, title: Expert, meaning: Leads it.}
categories:
  - {slug: craft, title: Craft}
skills:
  - slug: walking
    name: Walking
    category: craft
    description: One foot before the other.
    levels: {aware: Stands., working: Walks., practitioner: Runs., expert: Dances.}
""",
    "resources.yaml": """\
resources:
  - slug: map
    title: The map
    url: https://example.org/map
    kind: docs
    publisher: Example
""",
    "modules/01-first-steps.yaml": """\
slug: first-steps
title: First steps
stage: basics
order: 1
kind: core
minutes: 75
summary: How to begin.
outcomes: [Take a step.]
prerequisites: []
skills:
  - {skill: walking, level: working}
units:
  - slug: stand
    order: 1
    title: Standing
    kind: lesson
    minutes: 45
    summary: Get up.
    outcome: Stand on one leg for a minute.
    resources:
      - {slug: map, title: The map, url: https://example.org/map, kind: docs, publisher: Example}
  - slug: stand-check
    order: 2
    title: Are you standing?
    kind: checkpoint
    minutes: 30
    summary: Look down.
    outcome: Say where your feet are.
    resources: []
    checks:
      - {prompt: Where are your feet?, answer: Below.}
""",
    "modules/02-next-steps.yaml": """\
slug: next-steps
title: Next steps
stage: beyond
order: 1
kind: core
minutes: 180
summary: How to go on.
outcomes: [Take another step.]
prerequisites: [first-steps]
skills:
  - {skill: walking, level: practitioner}
units:
  - slug: turn
    order: 1
    title: Turning
    kind: lesson
    minutes: 60
    summary: Look round.
    outcome: Turn once on the spot.
    resources: []
  - slug: journey
    order: 2
    title: A journey
    kind: project
    project_type: practice
    minutes: 120
    summary: Go somewhere.
    outcome: Arrive where you meant to.
    resources: []
    brief:
      problem: You are here.
      data: A map.
      approaches: [Walk., Run.]
      evaluation: You are there.
      deliverables: [A diary.]
      acceptance:
        - {criterion: problem, text: It says where you were.}
        - {criterion: approaches, text: It says how you went.}
        - {criterion: results, text: It says where you are.}
        - {criterion: reproducibility, text: Another person gets there.}
      stretch: [Come back.]
""",
    "ladder.yaml": """\
note: One step at a time.
dimensions: {scope: How far., autonomy: How alone., influence: Who follows., complexity: How steep.}
tracks:
  - {slug: shared, title: Shared, summary: For all.}
  - {slug: technical, title: Technical, summary: For some.}
  - {slug: management, title: Management, summary: For others.}
rungs:
  - slug: walker
    title: Walker
    track: shared
    order: 1
    summary: Walks.
    scope: A street.
    autonomy: Alone by day.
    influence: The dog.
    complexity: Flat.
    typical_years: 0–1
    expectations:
      - {skill: walking, level: working}
    readiness_signs: [Has shoes.]
    growth_advice: Walk further.
    next: []
    roles: [guide]
""",
    "roles.yaml": """\
roles:
  - slug: guide
    title: Guide
    order: 1
    source: authored
    source_note: Made up.
    family: general
    seniority: junior
    ladder_rung: walker
    summary: Shows the way.
    responsibilities: [Know the way.]
    required_qualifications: [Two feet.]
    preferred_qualifications: []
    required_skills:
      - {skill: walking, level: practitioner}
    preferred_skills: []
    experience: {min_years: 0, max_years: null, note: None needed.}
    education_note: None asked.
    look_for: Patience.
    evidence: [A diary of a journey.]
    next_roles: []
""",
    "rubrics.yaml": """\
scale:
  - {value: 1, slug: missing, title: Missing, meaning: Not there.}
  - {value: 2, slug: developing, title: Developing, meaning: Half there.}
  - {value: 3, slug: solid, title: Solid, meaning: There.}
  - {value: 4, slug: exemplary, title: Exemplary, meaning: Beyond.}
rubrics:
  - slug: project-review
    title: Project review
    used_by: mentors
    pass_rule: All solid.
    guidance: Be kind.
    criteria:
"""
    + "".join(
        f"""\
      - slug: {slug}
        title: {slug.title()}
        weight: 1
        question: Is it good?
        levels:
          - {{value: 1, text: No.}}
          - {{value: 2, text: Nearly.}}
          - {{value: 3, text: Yes.}}
          - {{value: 4, text: Very.}}
"""
        for slug in ("problem", "approaches", "results", "reproducibility")
    ),
    "interview.yaml": """\
formats:
  - {slug: coding, title: Coding, minutes: 30, assesses: Code., prepare: Code.}
  - {slug: theory, title: Theory, minutes: 15, assesses: Thought., prepare: Think.}
  - {slug: system-design, title: Design, minutes: 45, assesses: Plans., prepare: Plan.}
  - {slug: behavioural, title: Behaviour, minutes: 10, assesses: Deeds., prepare: Do.}
questions:
  - slug: why-walk
    format: theory
    difficulty: easy
    skills: [walking]
    prompt: Why do you walk rather than run?
    outline: [It is quieter.]
    follow_ups: []
""",
}


class Folder:
    """A content folder that a test may change."""

    def __init__(self, path: Path):
        self.path = path
        for file, text in FILES.items():
            self.write(file, text)

    def write(self, file: str, text: str) -> None:
        (self.path / file).parent.mkdir(exist_ok=True)
        (self.path / file).write_text(text, encoding="utf-8")

    def read(self, file: str) -> str:
        return (self.path / file).read_text(encoding="utf-8")

    def change(self, file: str, old: str, new: str) -> None:
        """Replace a text that stands in the file exactly once."""
        text = self.read(file)
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {file}"
        self.write(file, text.replace(old, new))

    def line(self, file: str, text: str) -> int:
        """The line, from 1, on which a text stands."""
        return self.read(file)[: self.read(file).index(text)].count("\n") + 1

    def drop_unit(self, file: str, slug: str) -> str:
        """Take a unit out of a module file, number the others anew; returns its text."""
        head, *units = self.read(file).split("  - slug: ")
        gone = next(unit for unit in units if unit.startswith(f"{slug}\n"))
        units.remove(gone)
        minutes = sum(int(unit.split("minutes: ")[1].split("\n")[0]) for unit in units)
        lines = [
            f"minutes: {minutes}" if line.startswith("minutes: ") else line
            for line in head.splitlines()
        ]
        numbered = [
            "\n".join(
                f"    order: {number}" if line.startswith("    order: ") else line
                for line in unit.splitlines()
            )
            for number, unit in enumerate(units, start=1)
        ]
        self.write(file, "\n".join(lines) + "\n  - slug: " + "\n  - slug: ".join(numbered) + "\n")
        return gone


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)
