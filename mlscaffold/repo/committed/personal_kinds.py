"""Which values of one column are personal: e-mail addresses, phone numbers, national ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple

EMAIL = regex(r"[\w.+%-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,12}")
NOBODY = regex(
    r"^(?:info|contact|support|sales|admin|office|help|hello|noreply|no-reply|webmaster|press|team|git"
    r"|root|user\d*|test\d*"
    r"|foo|bar|name|email|your\.?\w*|example|postmaster|abuse|security|mail)@"
    r"|@(?:[\w-]+\.)*(?:example|test|invalid|localhost|local|domain|email|company|acme|foo|bar|fake\w*"
    r"|dummy|mail)"
    r"\.[a-z.]+$|@(?:users\.noreply\.|example\b)|\.(?:test|invalid|example|local|png|jpe?g|gif|svg|svc)$"
    r"|@\d+x\.|@sha256",
    re.I,
)
"""Addresses of an office or of nobody, and what only looks like an address."""

PHONE = regex(r"(?:\+|00)?\(?\d[\d ().\-/]{7,20}\d(?: ?x\d{1,6})?")
CPF = regex(r"\d{3}\.\d{3}\.\d{3}-\d{2}")
CHINESE = regex(r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]", re.I)
ITALIAN = regex(r"[A-Z]{6}\d{2}[ABCDEHLMPRST]\d{2}[A-Z]\d{3}[A-Z]")
SSN = regex(r"(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}")
AADHAAR = regex(r"[2-9]\d{3}[ -]?\d{4}[ -]?\d{4}")
NINO = regex(r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]")

PHONE_HEAD = regex(
    r"(?:^|[^a-z])(?:tele)?phone(?:[^a-z]?(?:no|nr|num|number|\d))?s?$|^(?:tel|mobile"
    r"|msisdn)(?:[^a-z]?(?:no|nr|num|number|\d))?$"
    r"|(?:mobile|cell)[^a-z]?(?:phone|no|nr|num|number)$|^telefono?$|^telefon(?:nummer)?$",
    re.I,
)
SSN_HEAD = regex(r"(?:^|[^a-z])ssn$|social.?security", re.I)
AADHAAR_HEAD = regex(r"aadh?aa?r", re.I)
NINO_HEAD = regex(r"national.?insurance|(?:^|[^a-z])nino?$", re.I)
OFFICE_HEAD = regex(
    r"author|maintain|contact|commit|support|office|publisher|editor|hospital|agency|school|compan|store"
    r"|shop|venue|restaurant"
    r"|business|organi[sz]ation|institut|department|website|domain|provider|facility|station",
    re.I,
)
"""Columns about who published something, or about places that publish their number."""


class Kind(NamedTuple):
    """A kind of personal value: its name, and how the columns and values of that kind look."""

    name: str
    head: re.Pattern[str] | None
    value: Callable[[str], bool]


def kind_of(head: str, values: Iterable[str], least: int) -> tuple[str, int]:
    """The kind of a column and how many distinct personal values it shows; an empty name for none.

    At least `least` distinct values and three in five of them must be of the kind.
    """
    distinct = {value.strip().strip("\"'") for value in values} - {""}
    if len(distinct) < least or OFFICE_HEAD.search(head):
        return "", 0
    for kind in KINDS:
        if kind.head and not kind.head.search(head.strip()):
            continue
        personal = sum(len(value) < 100 and kind.value(value) for value in distinct)
        if personal >= least and 5 * personal >= 3 * len(distinct):
            return kind.name, personal
    return "", 0


def is_email(text: str) -> bool:
    """Whether the whole text is the address of a person."""
    return EMAIL.fullmatch(text) is not None and NOBODY.search(text) is None


def _is_phone(text: str) -> bool:
    digits = regex(r"\D").sub("", text)
    invented = regex(r"555[ .-]?01\d\d$").search(text) or len(set(digits)) < 4 or digits.startswith("1234")
    return PHONE.fullmatch(text) is not None and 9 <= len(digits) <= 15 and not invented


def _is_cpf(text: str) -> bool:
    digits = [int(d) for d in text if d.isdigit()] if CPF.fullmatch(text) else []
    return len(set(digits)) > 1 and all(
        (sum(d * (n + 1 - i) for i, d in enumerate(digits[:n])) * 10 % 11) % 10 == digits[n] for n in (9, 10)
    )


def _is_chinese(text: str) -> bool:
    if not CHINESE.fullmatch(text):
        return False
    total = sum(int(d) * pow(2, 17 - i, 11) for i, d in enumerate(text[:17]))
    return "10X98765432"[total % 11] == text[17].upper()


KINDS = (
    Kind("e-mail addresses", None, is_email),
    Kind("phone numbers", PHONE_HEAD, _is_phone),
    Kind("national ids (SSN)", SSN_HEAD, lambda text: SSN.fullmatch(text) is not None),
    Kind("national ids (CPF)", None, _is_cpf),
    Kind("national ids (Chinese resident identity numbers)", None, _is_chinese),
    Kind("national ids (codice fiscale)", None, lambda text: ITALIAN.fullmatch(text.upper()) is not None),
    Kind("national ids (Aadhaar)", AADHAAR_HEAD, lambda text: AADHAAR.fullmatch(text) is not None),
    Kind("national ids (NINO)", NINO_HEAD, lambda text: NINO.fullmatch(text.upper()) is not None),
)
QUICK_EMAIL = regex(rb"@[\w.-]+\.[a-z]", re.I)
QUICK_HEAD = regex(
    rb"phone|telefon|mobile|msisdn|\btel\b|\bssn\b|social.?security|aadh|\bnino\b|national.?insurance", re.I
)
"""What stands wherever a column can be of some kind, and the ids below."""

CHARACTERS = bytes(
    ord("0") if chr(code).isdigit() else ord("a") if chr(code).isalpha() else code for code in range(128)
) + bytes(range(128, 256))
QUICK_IDS = (
    (b"000.000.000-00", regex(rb"\d{3}\.\d{3}\.\d{3}-\d\d")),
    (b"0" * 17, regex(rb"[1-9]\d{5}(?:19|20)\d{9}[\dX]", re.I)),
    (b"aaaaaa00a00a000a", regex(rb"[A-Z]{6}\d\d[A-Z]\d\d[A-Z]\d{3}[A-Z]", re.I)),
)
"""Each as digits and letters alone, which are sooner looked for, and as it is."""


def may_hold(raw: bytes) -> bool:
    """Whether a column of some kind can stand in the bytes."""
    if (b"@" in raw and QUICK_EMAIL.search(raw)) or QUICK_HEAD.search(raw):
        return True
    kinds = raw.translate(CHARACTERS)
    return any(shape in kinds and exact.search(raw) for shape, exact in QUICK_IDS)
