"""What an absence proves where GitHub gave only a part of a repository's list of files."""

from collections.abc import Iterable

from portfolio.checks import files
from portfolio.github.snapshot import Snapshot

#: Why GitHub cuts a list, in words for the learner.
TOO_LONG = "This repository holds more files than GitHub lists at once"
#: What the learner can do about it.
FIX = (
    "Take data, pictures and generated files out of the repository (list them in .gitignore and say "
    "in README.md where to download them), so that its list of files can be read whole."
)


def is_certain(snapshot: Snapshot, folders: Iterable[str]) -> bool:
    """Whether a file that was not found directly in any of these folders is not there."""
    return all(snapshot.is_whole(folder) for folder in folders)


def unseen(snapshot: Snapshot) -> list[str]:
    """Folders of what the link named that GitHub listed only in part; [] when all is known.

    Other people's code and what tools write is left out: no verdict hangs on it.
    """
    environments = files.environments(snapshot)
    return [
        folder
        for folder in snapshot.unseen(snapshot.folder)
        if not files.why_not_own(f"{folder}/", environments)
    ]


def where_unseen(folders: list[str]) -> str:
    """These folders for the end of a sentence: " in images/ and 3 more"; "" for the root alone."""
    named = [f"{folder}/" for folder in folders if folder]
    if not named:
        return ""
    shown = ", ".join(named[:2])
    more = f" and {len(named) - 2} more" if len(named) > 2 else ""
    return f" in {shown}{more}"
