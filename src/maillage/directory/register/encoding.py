"""Bytes of the ministry's files made into clean text: UTF-8, or Windows-1252 announced as Latin-1."""

_CONTROLS = bytes(code for code in [*range(0x20), 0x7F] if code not in b"\t\n")
_UNDEFINED = b"\x81\x8d\x8f\x90\x9d"  # Windows-1252 has no sign for them; in Latin-1 they are control characters
_WINDOWS_SIGNS = {code: bytes([code]).decode("cp1252", errors="ignore") for code in range(0x80, 0xA0)}


def decode(raw):
    """The text of one line, without control characters.

    A line is read on its own, so that one bad byte doesn't spoil the accents of the others. U+0080 to U+009F, which
    UTF-8 made from Latin-1 holds, become the signs that Windows meant (U+0092 -> ’).
    """
    raw = raw.translate(None, _CONTROLS)
    if raw.isascii():
        return raw.decode("ascii")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.translate(None, _UNDEFINED).decode("cp1252")
    return text.translate(_WINDOWS_SIGNS) if b"\xc2" in raw else text
