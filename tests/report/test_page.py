"""The page: what it says, that nothing breaks out of it, that it calls nobody, and that everybody can read it."""

from __future__ import annotations

import base64
import hashlib
import re
import sys
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from subsidy.model.errors import InputError
from subsidy.report.data import Change, ReportData, Row, Slice, Text, Totals
from subsidy.report.figures import signed, yuan
from subsidy.report.page import page
from subsidy.report.svg import MissingLibraryError, drawn
from tests.report.examples import example
from tests.report.html import Element, read

HAN = re.compile("[\u4e00-\u9fff]")
REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "for")


@pytest.fixture(scope="module")
def html() -> str:
    return page(example())


@pytest.fixture(scope="module")
def tree(html: str) -> Element:
    return read(html)


def empty() -> ReportData:
    return ReportData(
        run_id="r", policy_fingerprint="p", known_on=None, made_on=date(2024, 6, 3), totals=Totals(claims=3)
    )


def small(**changed: object) -> ReportData:
    """One claim, shown everywhere."""
    total = Totals(claims=1, paid_fen=180000, due_fen=234000, top_ups=1, top_up_fen=54000)
    line = (Slice("uplift_gained", Text("名", "name"), total),)
    row = Row(
        claim_id="C1",
        person_id="320***********1234",
        occupation_code="4-04-05-05",
        occupation=Text("名", "name"),
        level="3",
        paid_fen=180000,
        due_fen=234000,
        cause="uplift_gained",
        explanation=Text("因为", "because"),
    )
    made = ReportData(
        run_id="r",
        policy_fingerprint="p",
        known_on=date(2024, 6, 3),
        made_on=date(2024, 6, 3),
        totals=total,
        by_cause=line,
        by_occupation=line,
        by_category=line,
        by_level=line,
        by_month=(replace(line[0], key="2024-02"),),
        differences=(0, 0, 1, *[0] * 17),
        largest=(row,),
        sample=(row,),
        changes=(Change("added", "e1", Text("目录", "catalogue"), Text("列入", "listed")),),
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def test_the_headline_says_what_is_owed_what_to_recover_and_the_net(tree: Element) -> None:
    totals = example().totals
    figures = [one.text for one in tree.with_class("sum")]
    assert figures == [signed(totals.top_up_fen), signed(-totals.recovery_fen), signed(totals.adjustment_fen)]
    (check,) = tree.with_class("check")
    assert yuan(totals.due_fen) in check.text
    assert yuan(totals.paid_fen) in check.text


def test_the_page_names_its_run_its_policy_and_its_days(tree: Element) -> None:
    data = example()
    (meta,) = tree.with_class("meta")
    for shown in (data.run_id, data.policy_fingerprint, "2024年6月3日", "2024-06-03"):
        assert shown in meta.text


def test_every_line_of_every_table_is_there_with_its_exact_amounts(tree: Element) -> None:
    data = example()
    tables = {
        "causes": data.by_cause,
        "occupations": data.by_occupation,
        "categories": data.by_category,
        "levels": data.by_level,
        "months": data.by_month,
    }
    for name, lines in tables.items():
        table = tree.one("section", id=name).one("table")
        rows = list(table.one("tbody").all("tr"))
        assert len(rows) == len(lines)
        for row, line in zip(rows, lines, strict=True):
            cells = [cell.text for cell in row.all("td")]
            assert line.name.en in row.one("th").text
            assert cells[1:3] == [yuan(line.totals.paid_fen), yuan(line.totals.due_fen)]
            assert cells[5] == signed(line.totals.adjustment_fen)
        assert signed(data.totals.adjustment_fen) in table.one("tfoot").text


def test_charts_carry_the_amounts_of_their_tables_as_text(tree: Element) -> None:
    data = example()
    for name, lines in (("causes", data.by_cause), ("occupations", data.by_occupation), ("levels", data.by_level)):
        charts = [one for one in tree.one("section", id=name).all("svg") if "chart" in one.classes]
        assert len(charts) == 4  # two languages, two widths
        for chart in charts:
            texts = [text.text for text in chart.all("text")]
            for line in lines:
                if line.totals.top_ups:
                    assert signed(line.totals.top_up_fen) in texts
                if line.totals.recoveries:
                    assert signed(-line.totals.recovery_fen) in texts


def test_amounts_are_exact_beyond_the_reach_of_floats() -> None:
    fen = 9007199254740993
    total = Totals(claims=1, due_fen=fen, top_ups=1, top_up_fen=fen)
    line = (Slice("A", Text("A", "A"), total),)
    data = small(totals=total, by_category=line, by_cause=(), by_occupation=(), by_level=(), by_month=())
    assert page(data).count("+90,071,992,547,409.93") >= 6  # headline, check, table, and the chart in each form


def test_the_same_data_makes_the_same_page(html: str) -> None:
    assert page(example()) == html


def test_it_opens_in_the_language_asked_for() -> None:
    for lang, code, title in (("zh", "zh-CN", "补贴重算报告"), ("en", "en", "Subsidy recalculation")):
        tree = read(page(small(), lang))
        assert tree.one("html").attributes["lang"] == code
        assert tree.one("html").attributes["data-lang"] == lang
        assert tree.one("title").text == title
        checked = [one.attributes["value"] for one in tree.all("input", type="radio") if "checked" in one.attributes]
        assert checked == [lang]
    with pytest.raises(InputError):
        page(small(), "fr")


def test_every_text_is_there_in_both_languages(tree: Element) -> None:
    """Chinese stands beside its English, English beside its Chinese; the rest is figures and names."""
    for element in tree.with_class("zh") + tree.with_class("en"):
        assert element.parent is not None
        beside = [child.classes & {"zh", "en"} for child in element.parent.children if isinstance(child, Element)]
        assert beside.count({"zh"}) == beside.count({"en"})
        assert element.text.strip() or element.attributes.get("data-all") is not None or element.tag == "span"
    for text, around in tree.texts():
        tags = {element.tag for element in around}
        languages = {"zh", "en"} & set().union(*(element.classes for element in around))
        if tags & {"style", "script", "title", "legend"} or (
            any("lang" in one.attributes for one in around[:1]) and not languages
        ):
            continue
        if HAN.search(text):
            assert languages == {"zh"}, text
        if languages == {"en"}:
            assert not HAN.search(text), text
        if not languages:
            # Nothing in letters but ids, codes and fingerprints.
            assert re.fullmatch(r"[\s\d.,:()+\-−–=*/~A-Za-z_]*", text), text
            assert not re.search(r"[A-Za-z]{3,} [A-Za-z]{3,}", text), text


def test_the_page_stands_on_its_own(html: str, tree: Element) -> None:
    assert "http:" not in html
    assert "https:" not in html
    assert "url(#hatch)" in html
    assert "@import" not in html
    assert re.findall(r"url\((?!#)", html) == []
    for element in tree.all():
        assert element.tag not in {"link", "img", "iframe", "object", "embed", "base", "form", "use", "image"}
        for name, value in element.attributes.items():
            assert name != "style"
            assert not name.startswith("on")
            assert name not in {"src", "srcset", "xlink:href", "action"}
            assert name != "href" or value.startswith("#")


def test_only_our_own_style_and_script_may_run(tree: Element) -> None:
    rule = next(one for one in tree.all("meta") if one.attributes.get("http-equiv") == "Content-Security-Policy")
    policy = dict(part.strip().split(" ", 1) for part in rule.attributes["content"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["base-uri"] == policy["form-action"] == "'none'"
    for tag in ("style", "script"):
        digest = hashlib.sha256(tree.one(tag).text.encode()).digest()
        assert policy[f"{tag}-src"] == f"'sha256-{base64.b64encode(digest).decode()}'"
    assert "unsafe" not in rule.attributes["content"]


HOSTILE = (
    "</script><script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" x=\'',
    "<svg/onload=alert(1)>",
    "]]><!--",
    "=HYPERLINK(1)&amp;{{ 7 * 7 }}{% raw %}",
    "'}) + alert(1) + ({'",
    "\x00\x1b[31m\u202egnp.exe\ud800\ufffe",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_breaks_out_of_its_place(text: str) -> None:
    """Hostile texts in every place give the same elements and attributes as harmless ones."""

    def shape(html: str) -> list[tuple[str, tuple[str, ...]]]:
        return [(one.tag, tuple(one.attributes)) for one in read(html).all()]

    def with_text(zh: str, en: str, key: str) -> ReportData:
        both = Text(zh, en)
        base = small()
        line = (Slice(key, both, base.totals),)
        row = replace(
            base.largest[0],
            claim_id=en,
            person_id=en,
            occupation_code=en,
            occupation=both,
            level=key,
            cause=key,
            explanation=both,
        )
        return replace(
            base,
            run_id=en,
            policy_fingerprint=en,
            by_cause=line,
            by_occupation=line,
            by_category=line,
            by_level=line,
            by_month=(replace(line[0], key=f"2{key}"),),
            largest=(row,),
            sample=(row,),
            changes=(Change("changed", en, both, both),),
        )

    made = page(with_text(text, f"{text}.", text))
    assert shape(made) == shape(page(with_text("k" * len(text), "k" * len(text) + ".", "k" * len(text))))
    made.encode()
    assert "\x00" not in made
    assert "\u202e" not in made
    tree = read(made)
    assert len(list(tree.all("script"))) == 1
    if "\x00" not in text:
        assert any(text in shown for shown, _ in tree.one("section", id="find").texts())


def test_a_whole_person_id_is_never_shown() -> None:
    number = "11010519491231002X"
    row = replace(
        small().largest[0], claim_id=f"A-{number}", person_id=number, explanation=Text(f"证件 {number}。", number)
    )
    both = Text(number, f"{number} ")
    made = page(small(largest=(row,), sample=(row,), changes=(Change("added", number, both, both),), run_id=number))
    assert number not in made
    assert "110***********002X" in made


def test_a_claim_id_of_eighteen_digits_is_shown_whole() -> None:
    row = replace(small().largest[0], claim_id="202402010000000001")
    assert "202402010000000001" in page(small(sample=(row,)))


@pytest.mark.parametrize("text", ['"' * 5000, "汉" * 5000, "<&>" * 2000])
def test_the_page_stays_under_two_megabytes_whatever_comes(text: str) -> None:
    both = Text(text, text + ".")
    base = example(1200)
    rows = tuple(
        replace(row, claim_id=text, person_id=text, occupation=both, occupation_code=text, explanation=both)
        for row in base.sample
    )
    lines = tuple(replace(line, name=both) for line in base.by_occupation)
    change = Change("added", text, both, both)
    data = replace(
        base,
        run_id=text,
        largest=rows[:50],
        sample=rows,
        by_occupation=lines,
        changes=(change,) * 200,
        changes_left_out=7,
    )
    made = page(data)
    assert len(made.encode()) < 2_000_000
    tree = read(made)
    shown = len(list(tree.one("table", id="sample").one("tbody").all("tr")))
    assert 0 < shown <= 500
    assert f"A sample of {shown} of all 1,200 rows" in made
    listed = sum(len(list(one.all("li"))) for one in tree.with_class("changes")[0].all("ul"))
    assert f"{207 - listed} more not shown." in made


def test_the_size_does_not_depend_on_the_number_of_claims(html: str) -> None:
    assert len(html.encode()) < 1_500_000
    more = len(page(example(8000)).encode())
    assert abs(more - len(html.encode())) < 50_000


def test_a_recalculation_without_any_difference_says_so() -> None:
    tree = read(page(empty()))
    assert [one.text for one in tree.with_class("sum")] == ["0.00", "0.00", "0.00"]
    assert [one for one in tree.all("svg") if "chart" in one.classes] == []
    assert len(tree.with_class("nothing")) == 9
    assert "收支相抵" in tree.with_class("net")[0].text


def test_whoever_hears_the_page_finds_the_way(tree: Element) -> None:
    ids = [one.attributes["id"] for one in tree.all() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    for element in tree.all():
        for name in REFERENCES:
            for target in element.attributes.get(name, "").split():
                assert target in ids, (element.tag, name, target)
        if element.attributes.get("href", "#main") != "#":
            assert element.attributes.get("href", "#main")[1:] in ids
    levels = [int(one.tag[1]) for one in tree.all() if re.fullmatch("h[1-6]", one.tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for landmark in ("header", "main", "nav", "footer", "search"):
        assert len(list(tree.all(landmark))) == 1
    links = [one.attributes["href"] for one in tree.all("a")]
    assert links[0] == "#main"
    for section in tree.one("main").all("section"):
        assert "aria-labelledby" in section.attributes
    assert tree.one("p", role="status").attributes["aria-live"] == "polite"


def test_every_table_has_a_caption_and_every_heading_its_scope(tree: Element) -> None:
    tables = list(tree.all("table"))
    assert len(tables) == 8
    for table in tables:
        assert table.one("caption").text.strip()
        for heading in table.all("th"):
            assert heading.attributes["scope"] in {"col", "row"}
    for row in tree.one("table", id="sample").one("tbody").all("tr"):
        assert [one.attributes["role"] for one in row.children if isinstance(one, Element)] == ["rowheader"] + [
            "cell"
        ] * 7


def test_every_chart_is_a_named_picture_with_its_table(tree: Element) -> None:
    figures = list(tree.all("figure"))
    assert len(figures) == 6
    for figure in figures:
        picture = figure.one("div", role="img")
        assert picture.attributes["aria-labelledby"] == figure.one("figcaption").attributes["id"]
        assert all(svg.attributes["aria-hidden"] == "true" for svg in picture.all("svg"))
        assert list(figure.one("details").all("table"))


def test_direction_is_told_without_colour(tree: Element) -> None:
    """By sign, by word, by side, and by a pattern in the drawing."""
    rows = list(tree.one("table", id="largest-rows").one("tbody").all("tr"))
    assert len(rows) == 50
    for row in rows:
        (difference,) = [cell for cell in row.all("td") if "difference" in cell.classes]
        word = "补发" if difference.one("b").text.startswith("+") else "追回"
        assert difference.one("b").text[0] in "+−"
        assert word in difference.text
    assert list(tree.all("pattern", id="hatch"))


def test_a_drawing_holds_shapes_and_text_only() -> None:
    mark = {"type": "bar", "fill": "#010103", "href": "x", "tooltip": "y", "cornerRadius": 2}
    svg = drawn({"data": {"values": [{"x": 1}]}, "mark": mark, "encoding": {"x": {"field": "x"}}}, "wide")
    tree = read(svg)
    assert {one.tag for one in tree.all()} <= {"svg", "g", "path", "line", "text", "rect"}
    names = {name for one in tree.all() for name in one.attributes}
    assert not names & {"href", "xlink:href", "style", "id", "fill", "stroke", "role", "aria-label"}


@pytest.mark.parametrize("library", ["jinja2", "vl_convert"])
def test_a_missing_library_is_named_with_the_way_to_get_it(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from subsidy.report import page as module
    from subsidy.report import svg

    module._environment.cache_clear()
    svg._vega.cache_clear()
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingLibraryError, match=r"pip install 'subsidy\[report\]'"):
        page(small())
    monkeypatch.undo()
    module._environment.cache_clear()
    assert page(small())
