"""Names of files as they may be printed."""


def shown(path: str) -> str:
    """The path with control characters and broken UTF-8 escaped, so that neither is ever sent raw."""
    safe = path.encode("utf-8", "backslashreplace").decode()
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in safe)
