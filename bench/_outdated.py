"""Which locked packages are behind the newest patch of their series, asked of the package registry.

Fails where one that guards the site is behind, and where the registry does not answer: silence is no good
news. Run by `make outdated`; never by the tests, which reach no other machine.
"""

import json
import subprocess
import sys

from packaging.version import Version

#: Packages through which what people send goes first, or that keep secrets.
GUARDS = {
    "celery", "cryptography", "django", "django-allauth", "gunicorn", "httpx", "kombu", "markdown-it-py", "nh3",
    "pillow", "psycopg2-binary", "redis", "requests", "urllib3", "whitenoise",
}  # fmt: skip


def behind() -> list[tuple[str, Version, Version]]:
    """Name, version here and newest version of every installed package that is not the newest."""
    command = [sys.argv[1], "pip", "list", "--outdated", "--format", "json"]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    if told.returncode:
        raise SystemExit(f"The registry did not answer: {told.stderr.strip()[-500:]}")
    return [
        (row["name"], Version(row["version"]), Version(row["latest_version"]))
        for row in json.loads(told.stdout)
    ]


def main() -> None:
    found = behind()
    late = []
    for name, here, newest in found:
        is_patch = here.release[:2] == newest.release[:2]
        is_late = name.lower() in GUARDS and is_patch
        late += [name] if is_late else []
        print(f"{name:28} {here!s:14} {newest!s:14} {'LATE' if is_late else ''}")
    print(
        f"{len(found)} packages have a newer version; {len(late)} guards are behind in their series."
    )
    if late:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
