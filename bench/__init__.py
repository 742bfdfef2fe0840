"""What the checks and pages cost, and how often the checks are right."""
