def is_balanced(text: str) -> bool:
    """Whether every (, [ and { is closed by its own kind in the right order. Other letters are ignored."""
    raise NotImplementedError
