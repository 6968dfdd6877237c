"""What a model wrote, as plain text: no markup, no links, no thoughts, nothing hidden.

The steps are such that what they make of the beginning of a reply is the beginning of what they make of the reply:
each takes out what surely is markup, and while more may come holds back what may turn out to be.
"""

from __future__ import annotations

import html
import unicodedata
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from collections.abc import Callable

    Match = regex.Match[str]

_FLAGS = regex.DOTALL | regex.IGNORECASE | regex.MULTILINE | regex.VERSION0


class _Step:
    """Puts something in place of every match of a pattern, of what may become one at the end of a text: nothing."""

    def __init__(
        self, pattern: str, put: str | Callable[[Match], str] = "", *, begun: str = "", unclosed: str = ""
    ) -> None:
        """`begun` matches the beginning of a match; what lacks its end, `unclosed`, is one where it cannot go on."""
        self._put = put
        self._whole = regex.compile("|".join(filter(None, (pattern, unclosed))), _FLAGS)
        growing = (pattern, f"(?P<begun>(?:{begun})\\Z)" if begun else "", unclosed)
        self._growing = regex.compile("|".join(filter(None, growing)), _FLAGS)

    def __call__(self, text: str, *, whole: bool) -> str:
        return (self._whole if whole else self._growing).sub(self._instead, text)

    def _instead(self, match: Match) -> str:
        if match.lastgroup == "begun":
            return ""
        return self._put if isinstance(self._put, str) else self._put(match)


_HIDDEN = regex.compile(
    # Joiners have a meaning between letters of some scripts and in emoji, a variation selector in emoji.
    r"""(?<![[\p{L}\p{M}]--[\p{Latin}\p{Han}\p{Greek}\p{Cyrillic}\p{Thai}\p{Lao}]]|[\p{Emoji}--\p{ASCII}]\ufe0f?)[\u200c\u200d]
      | (?<![\p{Emoji}--\p{ASCII}])\ufe0f
      | [[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]--[\n\t\u200c\u200d\ufe0f]]""",
    regex.VERSION1 | regex.VERBOSE,
)
_LINE_END = regex.compile(r"\r\n|[\r\u000b\u000c\u0085\u2028\u2029]")

_THINKING = r"(?:seed:)?(?:think|thinking|thought|reasoning)"
_THOUGHT = _Step(
    rf"<(?P<thinking>{_THINKING})[^\S\n]*>.*?(?:</(?P=thinking)\s*>|\Z)"
    r"|\[think\].*?(?:\[/think\]|\Z)|◁think▷.*?(?:◁/think▷|\Z)",
    begun=r"<[a-z:]{0,14}[^\S\n]*|\[[a-z]{0,5}|◁[a-z]{0,5}",
)
_THOUGHT_END = regex.compile(rf"</{_THINKING}\s*>|\[/think\]|◁/think▷", _FLAGS)

_INSIDE = r"(?:[^<>\n]|\n(?!\n))*+"
_COMMENT = _Step(r"<!--.*?(?:-->|\Z)", begun=r"<(?:!-?)?")
_BLOCK = _Step(
    r"<(?P<block>script|style|iframe|object|svg|math|template|noscript|textarea|title)(?=[\s/>]|\Z)"
    r".*?(?:</(?P=block)\b[^<>]*>|\Z)",
    begun=r"<[a-z]{0,8}",
)
_BREAKS = dict.fromkeys(("br", "/p", "/div", "/tr", "/ul", "/ol", "/h1", "/h2", "/h3", "/h4", "/h5", "/h6"), "\n") | {
    "li": "\n- "
}
_TAG = _Step(
    rf"<(?P<address>[a-z][a-z0-9+.-]{{1,20}}:[^<>\s]+|[^<>\s@/]+@[^<>\s]+)>"
    rf"|<(?P<name>/?[a-z][\w:.-]*+)(?:\s(?:[^<>\n=\"']|\n(?!\n))*+[=\"']{_INSIDE})?(?:[ \t]|\n(?!\n))*+/?>"
    rf"|<[!?/]{_INSIDE}>"
    r"|<[|｜][^|｜<>\n]{1,40}[|｜]>",
    lambda match: match["address"] or _BREAKS.get((match["name"] or "").lower(), ""),
    begun=rf"<(?:[!?/]{_INSIDE}|[a-z]{_INSIDE}|[^<>\s]*+|[|｜][^|｜<>\n]{{0,40}}[|｜]?)",
)
_ENTITY = _Step(
    r"&(?:\#\d{1,7}|\#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});",
    lambda match: html.unescape(match[0]),
    begun=r"&(?:\#x?[0-9a-f]{0,7}|[a-z0-9]{0,32})",
)
_ESCAPED = _Step(r"\\(?=[\[\]()*_#`~.>!|\\-])", begun=r"\\")

_TO_AN_ADDRESS = (
    r"(?=\)|[<\#/.?]|[a-z][a-z0-9+.-]{1,20}:|www\.|[\w-]++(?:\.[\w-]++)*?\.[a-z]{2,10}(?:[/?\#:)]|(?=\s)|\Z))"
)
_DEFINITION = _Step(
    r"^[ ]{0,3}\[[^\[\]\n]{1,100}\]:[ \t]*+<?(?:[a-z][a-z0-9+.-]{1,20}://|mailto:|javascript:|data:|www\.|\#|\.?/)[^\n]*+\n?",
    begun=r"^[ ]{0,3}\[[^\[\]\n]*+(?:\](?::[ \t]*+[!-~]{0,30}+)?)?",
)
_TEXT = r"(?:[^\[\]\n]++|\[[^\[\]\n]*+\])*+"
_DESTINATION = r"(?:<[^<>\n]*+>|(?:[^()\s]++|\([^()\s]*+\))*+)"
_LINKED = rf"\[(?P<text>{_TEXT})\]\([ \t]*+{_TO_AN_ADDRESS}{_DESTINATION}"
_TITLE = r"[ \t]++(?:\"[^\"\n]*+\"|'[^'\n]*+'|\([^()\n]*+\))"
_TITLE_BEGUN = r"[ \t]++(?:\"[^\"\n]*+\"?|'[^'\n]*+'?|\([^()\n]*+\)?)?[ \t]*+"
_LINKED_BEGUN = (
    rf"\[{_TEXT}(?:\[[^\[\]\n]*+|\](?:\[[^\[\]\n]*+|"
    rf"\([ \t]*+(?:<[^<>\n]*+>?|(?:[^()\s]++|\([^()\s]*+\))*+(?:\([^()\s]*+)?)(?:{_TITLE_BEGUN})?)?)?"
)
_IMAGE = _Step(rf"!{_LINKED}(?:{_TITLE})?[ \t]*+\)", begun=rf"!(?:{_LINKED_BEGUN})?", unclosed=rf"!{_LINKED}(?=\s|\Z)")
_LINK = _Step(
    rf"{_LINKED}(?:{_TITLE})?[ \t]*+\)|\[(?P<text>{_TEXT})\]\[(?:[a-z][\w-]{{0,30}})?\]",
    lambda match: _of_link(match["text"]),
    begun=_LINKED_BEGUN,
    unclosed=rf"{_LINKED}(?=\s|\Z)",
)
_A_NUMBER = regex.compile(r"\[?\^?\p{Nd}{1,3}\]?")

_LINE_BEGUN = regex.compile(
    r"^(?:[ \t>#*+•·‣▪●○◦–—−_=|:~`-]*+|[ \t]*+(?:`{3,}|~{3,})[ \t]*+[\w+-]*+[ \t]*+)\Z", regex.MULTILINE
)
_QUOTE = regex.compile(r"^[ \t]*+(?:>[ \t]?)++", regex.MULTILINE)
_FENCE = regex.compile(r"^[ \t]*+(?:`{3,}|~{3,})[ \t]*+([\w+-]*+)[ \t]*+(?:\n|\Z)", regex.MULTILINE)
_RULE = regex.compile(r"^[ \t]*+(?:[-*_=|:+][ \t]*+){3,}+(?:\n|\Z)", regex.MULTILINE)
_HEADING = regex.compile(r"^[ \t]*+#{1,6}[ \t]+", regex.MULTILINE)
_BULLET = regex.compile(r"^([ \t]*+)(?:[*+–—−][ \t]+|[•·‣▪●○◦][ \t]*)", regex.MULTILINE)


def _kept_emphasis(match: Match) -> str:
    """Asterisks and underscores that are no emphasis: 5 * 3, 2**3, a*b, snake_case."""
    before = match.string[match.start() - 1 : match.start()] or " "
    after = match.string[match.end() : match.end() + 1] or " "
    if before.isspace() and after.isspace():
        return match[0]
    inside = before.isalnum() and after.isalnum()
    if match[0][0] == "*":
        inside = inside and (before + after).isascii() and (len(match[0]) == 1 or (before + after).isdecimal())
    return match[0] if inside else ""


_EMPHASIS = _Step(r"\*++(?=.)|_++(?=.)", _kept_emphasis, begun=r"\*++|_++", unclosed=r"\*++\Z|_++\Z")

_TOP_LEVEL = "com|org|net|edu|gov|info|biz|io|xyz|top|site|online|club|app|dev|link|shop|asia|mobi"
_COUNTRY = "cn|vn|th|kh|la|mm|sg|my|ru|us|uk|eu|ly|me|cc|tk|gl|gg|to|tv|hk|tw|jp|kr"
_ADDRESS = regex.compile(
    rf"""(?<![A-Za-z0-9])
    (?: (?: [a-z][a-z0-9+.-]{{1,20}}:// | www\. | mailto: | javascript: | vbscript:
          | (?:tel|sms):(?=\+?\d) | data:(?=[a-z-]+/|[,;]) )
        (?: [!-~--[<>"'`]]++ | [^\s<>"'。，、；）】]{{1,100}} )
      | (?:[a-z0-9-]{{1,63}}\.){{1,4}}(?:(?:{_TOP_LEVEL})(?:\.[a-z]{{2}})?(?![a-z0-9-])|(?:{_COUNTRY})(?=/))
        (?: [:/?\#][!-~--[<>"'`]]*+ )?
      | [a-z0-9._%+-]{{1,64}}@[a-z0-9-]{{1,63}}(?:\.[a-z0-9-]{{1,63}}){{1,4}} )""",
    regex.IGNORECASE | regex.VERBOSE | regex.VERSION1,
)
_ENDS_AN_ADDRESS = dict.fromkeys(map(ord, "，。、；！？）】》”"), " ")

_MARKUP = regex.compile(
    r"</?[A-Za-z][^<>]{0,400}>|^[ \t]*(?:```|~~~)|\\(?:begin|end|[a-z]{3,20})(?=\{)", regex.MULTILINE
)
_DOCUMENT = regex.compile(r"\\documentclass\b|\\begin\{document\}|<!doctype\s+html|<html[\s>]", regex.IGNORECASE)
_LATEX = regex.compile(r"\\[a-z]{3,20}(?=\{)")
_MUCH_LATEX, _SHORT = 2, 200
_MUCH_MARKUP = 8
_TEXT_FENCES = frozenset({"", "text", "txt", "plain", "plaintext", "markdown", "md"})
_LETTER = regex.compile(r"[\p{L}\p{N}]")


def plain(reply: str, *, whole: bool) -> str:
    """The text of a reply; unless it is `whole`, without what may turn out to be markup when more has come.

    Of a reply that ends thoughts that it never began, only what follows is left: this alone changes what was before.
    """
    text = _THOUGHT(visible(reply), whole=whole)
    ends = [match.end() for match in _THOUGHT_END.finditer(text)]
    text = _without_tags(text[ends[-1] :] if ends else text, whole=whole)
    text = _without_tags(visible(_ENTITY(text, whole=whole)), whole=whole)
    for step in (_ESCAPED, _DEFINITION, _IMAGE, _LINK):
        text = step(text, whole=whole)
    if not whole:
        text = _LINE_BEGUN.sub("", text)
    text = _QUOTE.sub("", text)
    text = _BULLET.sub(r"\1- ", _HEADING.sub("", _RULE.sub("", _FENCE.sub("", text))))
    text = _EMPHASIS(text, whole=whole).replace("`", "")
    lines = (line.rstrip() for line in text.split("\n"))
    return regex.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def visible(text: str) -> str:
    """A text without characters that nobody sees, and with line feeds only."""
    return _HIDDEN.sub("", _LINE_END.sub("\n", text))


def addresses(text: str) -> list[str]:
    """Web and mail addresses in a text, in full-width letters too."""
    text = unicodedata.normalize("NFKC", text.translate(_ENDS_AN_ADDRESS))
    return [match[0].rstrip(".,;:!?)") for match in _ADDRESS.finditer(text)]


def is_markup(reply: str) -> bool:
    """Whether a reply is rather code than text: many tags, or most of it inside fences of a programming language."""
    text = _THOUGHT(reply, whole=True)
    if _DOCUMENT.search(text):
        return True
    found = len(_MARKUP.findall(text))
    if found == 0:
        return False
    letters = len(_LETTER.findall(plain(text, whole=True)))
    if len(_LATEX.findall(text)) >= _MUCH_LATEX and letters < _SHORT:
        return True
    return (found >= _MUCH_MARKUP and found * 12 > letters) or 2 * _letters_of_code(text) > letters


def _without_tags(text: str, *, whole: bool) -> str:
    for step in (_COMMENT, _BLOCK, _TAG):
        text = step(text, whole=whole)
    return text


def _of_link(text: str) -> str:
    """The text of a link; where that is a number, it is a citation with an address."""
    return f"[{text.strip('[]')}]" if _A_NUMBER.fullmatch(text) else text


def _letters_of_code(text: str) -> int:
    """Letters inside fences that say they hold code."""
    fences = list(_FENCE.finditer(text))
    letters = 0
    for opening, closing in zip(fences[::2], [*fences[1::2], None], strict=False):
        if opening[1].lower() not in _TEXT_FENCES:
            end = closing.start() if closing else len(text)
            letters += len(_LETTER.findall(text, opening.end(), end))
    return letters
