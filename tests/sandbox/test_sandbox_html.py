"""Telegram's HTML: the same tags, the same sentences, offsets in UTF-16 units; and safe HTML for the page."""

from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.bot_api import html_parser, text_entities
from sandbox.control import page_render


def parsed(source: str) -> tuple[str, list[dict[str, object]]]:
    return text_entities.finish(*html_parser.parse(source))


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("b", "bold"),
        ("strong", "bold"),
        ("i", "italic"),
        ("em", "italic"),
        ("u", "underline"),
        ("ins", "underline"),
        ("s", "strikethrough"),
        ("strike", "strikethrough"),
        ("del", "strikethrough"),
        ("code", "code"),
        ("pre", "pre"),
        ("blockquote", "blockquote"),
        ("tg-spoiler", "spoiler"),
        ("B", "bold"),
    ],
)
def test_every_plain_tag_is_known(tag: str, kind: str) -> None:
    assert parsed(f"до <{tag}>внутри</{tag}>") == ("до внутри", [{"type": kind, "offset": 3, "length": 6}])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<a href="https://a.ru/?x=1&amp;y=2">я</a>', {"type": "text_link", "url": "https://a.ru/?x=1&y=2"}),
        ('<span class="tg-spoiler">я</span>', {"type": "spoiler"}),
        ("<blockquote expandable>я</blockquote>", {"type": "expandable_blockquote"}),
        ('<tg-emoji emoji-id="5368324170671202286">я</tg-emoji>', {"custom_emoji_id": "5368324170671202286"}),
        ('<tg-time unix="1795327200" format="wDT">я</tg-time>', {"type": "date_time", "unix_time": 1795327200}),
        ('<tg-time unix="1795327200" format="r">я</tg-time>', {"date_time_format": "r"}),
        ('<pre><code class="language-python">я</code></pre>', {"type": "pre", "language": "python"}),
        ('<a href="tg://user?id=77">я</a>', {"type": "text_mention", "user": {"id": 77}}),
    ],
)
def test_tags_with_attributes_carry_them_over(source: str, expected: dict[str, object]) -> None:
    text, found = parsed(source)
    assert text == "я"
    assert len(found) == 1
    assert found[0] == {**found[0], **expected, "offset": 0, "length": 1}


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
        ("Кухня < 3 м", 'Unsupported start tag "" at byte offset 11'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a href=x/>y</a>", "Unexpected end of name token at byte offset 8"),
        ('<a ="x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ('<tg-emoji emoji-id="x">y</tg-emoji>', "Invalid custom emoji identifier specified"),
        ('<tg-time unix="завтра">y</tg-time>', "Invalid unix time specified"),
        ('<tg-time unix="1" format="дата">y</tg-time>', "Invalid date-time format specified"),
    ],
)
def test_broken_markup_is_refused_in_telegrams_words(source: str, sentence: str) -> None:
    with pytest.raises(html_parser.MarkupError) as caught:
        html_parser.parse(source)
    assert str(caught.value) == sentence


def test_offsets_count_utf16_units() -> None:
    text, found = parsed("😀😀 <b>𝔸б</b>")
    assert text == "😀😀 𝔸б"
    assert found == [{"type": "bold", "offset": 5, "length": 3}]


def test_references_are_decoded_and_others_left_alone() -> None:
    assert parsed("&lt;b&gt; &amp; &quot;x&quot; &#1078;&#x416; &nbsp; & &#0;")[0] == '<b> & "x" жЖ &nbsp; & &#0;'


def test_the_text_is_trimmed_and_its_entities_with_it() -> None:
    assert parsed("  \n<b> ж </b> \n") == ("ж", [{"type": "bold", "offset": 0, "length": 1}])


def test_carriage_returns_vanish_and_move_what_follows() -> None:
    assert parsed("a\r\n<b>ж</b>") == ("a\nж", [{"type": "bold", "offset": 2, "length": 1}])


def test_nothing_nests_in_code_and_no_quote_in_a_quote() -> None:
    assert [e["type"] for e in parsed("<code>a<b>c</b></code>")[1]] == ["code"]
    quotes = parsed("<blockquote>a<blockquote>c</blockquote></blockquote>")[1]
    assert [e["type"] for e in quotes] == ["blockquote"]


def test_outer_entities_come_before_inner_ones() -> None:
    assert [e["type"] for e in parsed("<b>a<i>c</i></b>")[1]] == ["bold", "italic"]
    assert [e["length"] for e in parsed("<b><i>a</i>c</b>")[1]] == [2, 1]


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        ("жми /start сейчас", "bot_command", "/start"),
        ("см. https://a.ru/x?y=1.", "url", "https://a.ru/x?y=1"),
        ("пишите @verstak_bot", "mention", "@verstak_bot"),
        ("тег #кухня", "hashtag", "#кухня"),
        ("почта a.b@c.ru", "email", "a.b@c.ru"),
        ("тел. +7 912 345-67-89", "phone_number", "+7 912 345-67-89"),
    ],
)
def test_telegram_finds_things_in_a_text_by_itself(text: str, kind: str, part: str) -> None:
    assert text_entities.finish(text, [])[1] == [{"type": kind, "offset": text.index(part), "length": len(part)}]


@pytest.mark.parametrize("text", ["75/25", "и/или", "14.03", "№ 2026-0042", "150 000 ₽", "#1"])
def test_and_does_not_find_what_is_not_there(text: str) -> None:
    assert text_entities.finish(text, [])[1] == []


class Tags(HTMLParser):
    """Collects tags and attributes, and complains of tags that do not nest."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(shown: str) -> Tags:
    tags = Tags()
    tags.feed(shown)
    tags.close()
    assert tags.open == []
    return tags


def test_the_page_gets_no_script_from_a_text_or_a_link() -> None:
    shown = page_render.to_html(
        "<script>x</script>",
        [{"type": "text_link", "offset": 0, "length": 8, "url": "javascript:alert(1)"}],
    )
    assert [tag for tag, _ in read(shown).seen] == ["span"]
    quoted = page_render.to_html("x", [{"type": "text_link", "offset": 0, "length": 1, "url": 'https://a"onclick="x'}])
    assert read(quoted).seen[0][1]["href"] == 'https://a"onclick="x'


def test_overlapping_entities_become_nested_tags() -> None:
    marks = [{"type": "bold", "offset": 0, "length": 2}, {"type": "italic", "offset": 1, "length": 2}]
    assert page_render.to_html("abc", marks) == "<b>a<i>b</i></b><i>c</i>"


words = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)


@given(words, st.sampled_from(sorted(html_parser.TYPES)), words)
def test_whatever_is_escaped_comes_out_as_it_was(outside: str, tag: str, inside: str) -> None:
    attributes = {"a": ' href="https://a.ru"', "span": ' class="tg-spoiler"', "tg-time": ' unix="1"'}
    attributes["tg-emoji"] = ' emoji-id="1"'
    source = f"{escape(outside)}<{tag}{attributes.get(tag, '')}>{escape(inside)}</{tag}>"
    text, found = html_parser.parse(source.replace("&#x27;", "'"))
    assert text == outside + inside
    assert [e["length"] for e in found] == ([text_entities.units(inside)] if inside else [])


@given(st.text(alphabet="<>/b=\"' &lt;аa-#1😀", max_size=40))
def test_no_text_breaks_the_parser_or_the_page(source: str) -> None:
    try:
        text, found = parsed(source)
    except html_parser.MarkupError:
        return
    assert all(e["offset"] >= 0 and e["offset"] + e["length"] <= text_entities.units(text) for e in found)  # type: ignore[operator]
    assert read(page_render.to_html(text, found)).text == text
