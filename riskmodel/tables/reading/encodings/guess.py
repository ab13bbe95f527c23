"""Guesses the likeliest non-Western encoding of some bytes.

East Asian encodings accept each other's bytes, but decode them to rare characters. Each has its common characters in
its own range (the first level of GB 2312, Big5 and JIS X 0208, the Hangul of KS X 1001, Kana), so the encoding is
chosen in which nearly all of the text consists of common characters. For single-byte encodings see `letters`.
"""

import math
import re
from collections.abc import Callable, Sequence

from riskmodel.tables.reading.encodings.alphabets import COMMON_CHARACTERS
from riskmodel.tables.reading.encodings.letters import MARGIN, guess_by_letters

SAMPLE_BYTES = 1 << 15
_MIN_BYTES = 32
"""Minimum number of bytes beyond ASCII for a guess."""
_LIKELY, _LIKELY_SHORT = 0.9, 0.8
_COMMON, _UNCOMMON = math.log(0.6 / 0.06), math.log(0.4 / 0.94)
"""Probability of a common character: 60% in names, 6% in other text."""
_HIGH = re.compile(rb"[\x80-\xff]+")


def guess_encoding(sample: bytes) -> str | None:
    """The likeliest of GB18030, Big5, Shift-JIS (cp932), EUC-KR (cp949), EUC-JP and those of `guess_by_letters`.

    Args:
        sample: Some lines of a text that is not UTF-8.

    Returns:
        The encoding's name; None where a Western one is likelier, or the sample is too small.

    Example:
        >>> guess_encoding("客戶,逾期\\n陳小明,否\\n林美麗,是\\n台北市大安區,否\\n高雄市,是".encode("big5"))
        'big5'
    """
    runs = _HIGH.findall(sample)
    if sum(map(len, runs)) < _MIN_BYTES:
        return None
    best, score = next(iter(rank_east_asian(sample).items()), ("", 0.0))
    return best if score >= MARGIN else guess_by_letters(sample)


def rank_east_asian(sample: bytes, is_short: bool = False) -> dict[str, float]:
    """East Asian encodings in which nearly all characters are common, likeliest first.

    The ranges of common characters overlap: Japanese names may be common Chinese, and both Hangul. The log-likelihood
    therefore counts the distinct characters that are common in names and statuses.

    Example:
        >>> list(rank_east_asian("東京,大阪,佐藤,鈴木,高橋,はい,いいえ".encode("euc_jp")))[0]
        'euc_jp'
    """
    least = _LIKELY_SHORT if is_short else _LIKELY
    scores = {name: score_common(sample, name) for name in _EVERYDAY if share_everyday(sample, name, is_short) >= least}
    return dict(sorted(scores.items(), key=lambda item: -item[1]))


def score_common(sample: bytes, encoding: str) -> float:
    """Log-likelihood ratio of an East Asian encoding against random characters."""
    punctuation = _EVERYDAY[encoding][1]
    is_kana = _KANA.get(encoding)
    score = 0.0
    for letter in {letter for letter in sample.decode(encoding, "replace") if letter > "\x7f"}:
        code = letter.encode(encoding, "replace")
        if code[0] not in punctuation:
            score += _COMMON if letter in COMMON_CHARACTERS[encoding] or (is_kana and is_kana(code)) else _UNCOMMON
    return score


def share_everyday(sample: bytes, encoding: str, is_short: bool = False) -> float:
    """Share of common characters beyond ASCII, without punctuation; 0 if the bytes are not valid in the encoding.

    Args:
        sample: Bytes of a text.
        encoding: One of `EAST_ASIAN`.
        is_short: True if Japanese may lack full-width Kana, as in a few names and in texts of half-width Kana.
    """
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    codes = [letter.encode(encoding) for letter in text if letter > "\x7f"]
    everyday, punctuation = _EVERYDAY[encoding]
    counted = [code for code in codes if code[0] not in punctuation]
    if not counted:
        return 0.0
    if is_short and encoding == "cp932":
        return sum(_shift_jis(code) or _half_width_kana(code) for code in counted) / len(counted)
    return sum(map(everyday, counted)) / len(counted)


def find_known_words(words: Sequence[bytes]) -> str | None:
    """The only East Asian encoding in which all words are known, such as those for sex and answers.

    Example:
        >>> find_known_words(["男".encode("gb18030"), "女".encode("gb18030")])
        'gb18030'
    """
    candidates = [name for name in _EVERYDAY if words and all(_decode(word, name) in _KNOWN_WORDS for word in words)]
    return candidates[0] if len(candidates) == 1 else None


def _decode(word: bytes, encoding: str) -> str:
    return word.decode(encoding, "replace")


def _in(first: int, last: int) -> Callable[[bytes], bool]:
    """True if a pair of bytes lies in the range and its second byte is beyond ASCII."""
    return lambda code: len(code) == 2 and first <= code[0] <= last and code[1] >= 0xA1


def _big5(code: bytes) -> bool:
    return len(code) == 2 and 0xA4 <= code[0] <= 0xC6


def _shift_jis_kana(code: bytes) -> bool:
    return len(code) == 2 and b"\x82\x9f" <= code <= b"\x83\x96"


def _shift_jis(code: bytes) -> bool:
    return _shift_jis_kana(code) or (len(code) == 2 and b"\x88\x9f" <= code <= b"\x98\x72")


def _half_width_kana(code: bytes) -> bool:
    return len(code) == 1 and b"\xa6" <= code <= b"\xdf"


def _euc_jp(code: bytes) -> bool:
    return _euc_jp_kana(code) or _in(0xB0, 0xCF)(code)


def _euc_jp_kana(code: bytes) -> bool:
    return _in(0xA4, 0xA5)(code) or code[0] == 0x8E


_KANA: dict[str, Callable[[bytes], bool]] = {"cp932": _shift_jis_kana, "euc_jp": _euc_jp_kana}
# The common characters of each, and the first bytes of its punctuation.
_EVERYDAY: dict[str, tuple[Callable[[bytes], bool], range]] = {
    "cp949": (_in(0xB0, 0xC8), range(0xA1, 0xA4)),
    "big5": (_big5, range(0xA1, 0xA4)),
    "cp932": (_shift_jis, range(0x81, 0x82)),
    "euc_jp": (_euc_jp, range(0xA1, 0xA4)),
    "gb18030": (_in(0xB0, 0xD7), range(0xA1, 0xA4)),
}
_KNOWN_WORDS = frozenset(
    "男女是否有无無对错好坏优良差高中低남여예"  # single-character words
) | {
    *(
        "男性",
        "女性",
        "先生",
        "女士",
        "已婚",
        "未婚",
        "离异",
        "丧偶",
        "離婚",
        "正常",
        "逾期",
        "违约",
        "違約",
        "本科",
        "大专",
    ),
    *("高中", "初中", "小学", "硕士", "博士", "はい", "いいえ", "既婚", "会社員", "自営業"),
    *("남자", "여자", "남성", "여성", "아니오", "아니요", "기혼", "미혼", "정상", "연체"),
}
EAST_ASIAN = tuple(_EVERYDAY)
"""Double-byte encodings."""
