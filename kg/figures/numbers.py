"""Numerals as they are printed: Arabic with separators, Chinese, with about-words around them.

Widths are folded one character to one character, so offsets in the folded text are offsets in the text.
"""

from __future__ import annotations

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 1e4, "亿": 1e8}
SCALES = {"十": 1e1, "百": 1e2, "千": 1e3, "万": 1e4, "十万": 1e5, "百万": 1e6, "千万": 1e7}
SCALES |= {"亿": 1e8, "十亿": 1e9, "百亿": 1e10, "千亿": 1e11, "万亿": 1e12}

_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLD |= {ord("―"): ord("-"), ord("—"): ord("-"), ord("–"): ord("-"), ord("~"): ord("-"), 0xFF5E: ord("-")}


def fold(text: str) -> str:
    """Full-width digits, letters and signs as half-width ones, dashes and tildes as ``-``; the length stays."""
    return text.translate(_FOLD)


def chinese(numeral: str) -> float | None:
    """The value of a Chinese numeral (三千五百, 一二三, 二点五, 三万五千); None where it is not well formed."""
    whole, point, decimals = numeral.partition("点")
    if point and not all(character in _DIGITS for character in decimals):
        return None
    if not any(character in _TENS or character in _MYRIADS for character in whole):
        digits = "".join(str(_DIGITS[character]) for character in whole)
        value = float(digits) if digits else 0.0
    else:
        total = section = 0.0
        digit = None
        for character in whole:
            if character in _DIGITS:
                if digit:
                    return None
                digit = _DIGITS[character]
            elif character in _TENS:
                section += (1 if digit is None else digit or 1) * _TENS[character]
                digit = None
            else:
                section += digit or 0
                factor = _MYRIADS[character]
                total = (total + section or 1) * factor if factor > 1e4 else total + (section or 1) * factor
                section, digit = 0.0, None
        value = total + section + (digit or 0) * _last(whole)
    return value + float("0." + "".join(str(_DIGITS[character]) for character in decimals)) if point else value


def _last(whole: str) -> float:
    """What a last digit counts: 三千五 is 3500, but 三千零五 and 二十五 count ones."""
    before = whole[-2:-1]
    unit = _TENS.get(before) or _MYRIADS.get(before) or 1
    return unit / 10 if unit > 10 else 1


def number(numeral: str) -> float | None:
    """The value of a numeral, Arabic (12,500.5) or Chinese; None where it is not one number (三五)."""
    if numeral[0].isdigit() and numeral[0] not in _DIGITS:
        return float(numeral.replace(",", ""))
    if len(numeral) > 1 and all(character in _DIGITS for character in numeral) and "点" not in numeral:
        return None  # 三五个, 七八户: vague; 二〇二四: a year
    return chinese(numeral)
