"""What we call ourselves to other people's machines."""

VERSION = "0.1.0"


def user_agent(site_url: str = "") -> str:
    """Our name, and where the owner of a host can read who asks."""
    return f"Milepost/{VERSION}" + (f" (+{site_url})" if site_url else "")
