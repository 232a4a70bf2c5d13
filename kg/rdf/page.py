def html() -> str:
    return ""
