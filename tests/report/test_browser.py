"""The page in a real browser: it calls nobody, complains of nothing, and its switch, search and charts work.

Needs selenium, a Chromium and its driver (on Debian: chromium, chromium-driver); without them the tests are skipped.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from subsidy.report.data import ReportData
from subsidy.report.figures import signed
from subsidy.report.page import page
from tests.report.examples import example

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
pytestmark = [
    pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine: apt-get install chromium"),
    pytest.mark.skipif(DRIVER is None, reason="no driver of Chromium on this machine: apt-get install chromium-driver"),
]

WIDE, NARROW = 1280, 390


class Browser:
    """One page open in a headless Chromium."""

    def __init__(self, driver: Any, file: Path) -> None:
        self.driver = driver
        self.address = file.as_uri()

    def open(self, width: int = WIDE, *, script: bool = True) -> None:
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width == NARROW}
        self.cdp("Emulation.setDeviceMetricsOverride", **size)
        self.cdp("Emulation.setScriptExecutionDisabled", value=not script)
        self.driver.get(self.address)

    def cdp(self, command: str, **given: Any) -> Any:
        return self.driver.execute_cdp_cmd(command, given)

    def js(self, code: str) -> Any:
        return self.driver.execute_script(f"return {code}")

    def find(self, selector: str) -> Any:
        return self.driver.find_element("css selector", selector)

    def seen(self, selector: str) -> list[Any]:
        """The elements of a selector that are displayed."""
        return list(self.js(f"[...document.querySelectorAll('{selector}')].filter(one => one.checkVisibility())"))

    def search(self, text: str) -> None:
        field = self.find("#query")
        field.clear()
        field.send_keys(text)

    def choose(self, lang: str) -> None:
        self.find(f"label[for=lang-{lang}]").click()


@pytest.fixture(scope="module")
def data() -> ReportData:
    whole = example(1500)
    return replace(whole, sample=whole.sample[:150])


@pytest.fixture(scope="module")
def browser(data: ReportData, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(page(data), encoding="utf-8")
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        arguments = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", f"--user-data-dir={profile}"]
        for argument in arguments:
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        service = webdriver.ChromeService(DRIVER, log_output=os.devnull)
        with webdriver.Chrome(options=options, service=service) as driver:
            yield Browser(driver, file)


def test_it_complains_of_nothing_and_calls_nobody(browser: Browser) -> None:
    browser.driver.get_log("performance")
    browser.open()
    browser.choose("en")
    browser.search("7")
    browser.find("#largest-rows summary").click()
    assert browser.driver.get_log("browser") == []
    events = [json.loads(entry["message"])["message"] for entry in browser.driver.get_log("performance")]
    sent = [one["params"] for one in events if one["method"] == "Network.requestWillBeSent"]
    # The browser's own first page asks for its own parts; ours is the document of nothing but itself.
    ours = [one["request"]["url"] for one in sent if not one["documentURL"].startswith("chrome:")]
    assert ours == [browser.address]


def test_what_others_put_in_does_not_run(browser: Browser) -> None:
    """The security line holds: neither a script nor a picture that is added gets through."""
    browser.open()
    browser.js("document.body.insertAdjacentHTML('beforeend', '<img src=\"http://127.0.0.1:9/x.png\">')")
    added = "const it = document.createElement('script'); it.textContent = 'window.ran = 1'; document.body.append(it)"
    browser.driver.execute_script(added)
    assert browser.js("window.ran") is None
    complaints = " ".join(entry["message"] for entry in browser.driver.get_log("browser"))
    assert "Content Security Policy" in complaints


def test_the_switch_changes_every_text_and_the_language_of_the_page(browser: Browser, data: ReportData) -> None:
    browser.open()
    for lang, code, heading in (("en", "en", "Subsidy recalculation"), ("zh", "zh-CN", "补贴重算报告")):
        browser.choose(lang)
        assert browser.find("h1").text == heading
        assert browser.driver.title == heading
        assert browser.js("document.documentElement.lang") == code
        shown = browser.js("document.body.innerText")
        other = "The largest differences" if lang == "zh" else "差额最大的申领"
        assert other not in shown
        assert (data.by_occupation[0].name.zh in shown) is (lang == "zh")
        for chart in browser.seen("svg.chart"):
            closest = "arguments[0].closest('.zh, .en').className"
            assert browser.driver.execute_script(f"return {closest}", chart) == lang


def test_the_switch_works_without_script_and_every_row_is_there(browser: Browser) -> None:
    browser.open(script=False)
    try:
        assert browser.find("h1").text == "补贴重算报告"
        browser.choose("en")
        assert browser.find("h1").text == "Subsidy recalculation"
        assert len(browser.seen("svg.chart")) == 6
        assert browser.seen("#query") == []
        assert browser.find("#sample tbody tr:last-child").is_displayed()
        assert browser.find("#largest-rows tbody tr:last-child").is_displayed()
    finally:
        browser.cdp("Emulation.setScriptExecutionDisabled", value=False)


def test_the_search_finds_by_a_part_of_the_claim_id_and_says_so(browser: Browser, data: ReportData) -> None:
    browser.open()
    rows = "[...document.querySelectorAll('#sample tbody tr')].filter(row => row.checkVisibility())"
    shown = f"{rows}.map(row => row.cells[0].textContent)"
    said = "document.querySelector('#found .zh').textContent"
    ids = [row.claim_id for row in data.sample]
    assert browser.js(shown) == ids[:10]
    assert browser.js(said) == "显示前 10 行，共 150 行。"
    browser.search("ｓｚ2024-00012")
    assert browser.js(shown) == [one for one in ids if "00012" in one and one.startswith("SZ2024-00012")]
    assert browser.js(said) == "找到 10 行，共 150 行。"
    browser.search("nobody")
    assert browser.js(shown) == []
    assert browser.js(said) == "样本中没有这个编号。"
    browser.find("#query").send_keys("\ue00c")  # Escape
    assert browser.js(shown) == ids[:10]
    browser.find("#more").click()
    assert browser.js(shown) == ids
    assert browser.js("document.activeElement.cells[0].textContent") == ids[10]
    browser.choose("en")
    assert browser.find("#found").text == "All 150 rows."


def test_charts_carry_data_in_both_languages_and_widths(browser: Browser, data: ReportData) -> None:
    for width, form in ((WIDE, "wide"), (NARROW, "narrow")):
        browser.open(width)
        for lang in ("zh", "en"):
            browser.choose(lang)
            charts = browser.seen("svg.chart")
            assert [set(chart.get_attribute("class").split()) for chart in charts] == [{"chart", form}] * 6
            for chart in charts:
                assert chart.rect["width"] > width * 0.55
                assert chart.rect["height"] > 100
            measured = browser.js(
                "[...document.querySelectorAll('#causes svg.chart')].filter(one => one.getBoundingClientRect().width)"
                ".map(one => [[...one.querySelectorAll('path.top-up')].map(bar => bar.getBBox().width),"
                " [...one.querySelectorAll('text')].map(text => text.textContent),"
                " getComputedStyle(one.querySelector('.top-up')).fill,"
                " getComputedStyle(one.querySelector('.recovery')).fill])"
            )
            ((bars, texts, plain, hatched),) = measured
            ups = [line.totals.top_up_fen for line in data.by_cause if line.totals.top_up_fen]
            assert len(bars) == len(ups)
            for bar, fen in zip(bars, ups, strict=True):
                assert bar / bars[0] == pytest.approx(fen / ups[0], abs=0.02)
                assert signed(fen) in texts
            assert plain.startswith("rgb")
            assert "#hatch" in hatched
            assert browser.js("document.documentElement.scrollWidth") <= width


def test_texts_of_a_chart_stay_within_it_and_apart(browser: Browser) -> None:
    apart = """(() => {
        const found = [];
        for (const chart of document.querySelectorAll("svg.chart")) {
            const edge = chart.getBoundingClientRect();
            if (!edge.width) continue;
            const texts = [...chart.querySelectorAll("text")];
            const boxes = texts.map(text => [text.textContent, text.getBoundingClientRect()]);
            boxes.forEach(([name, box], place) => {
                if (box.left < edge.left - 1 || box.right > edge.right + 1) found.push(name);
                for (const [other, beside] of boxes.slice(place + 1)) {
                    const across = Math.min(box.right, beside.right) - Math.max(box.left, beside.left);
                    const down = Math.min(box.bottom, beside.bottom) - Math.max(box.top, beside.top);
                    if (across > 1 && down > 5) found.push(name + " / " + other);
                }
            });
        }
        return found;
    })()"""
    for width in (WIDE, NARROW):
        browser.open(width)
        for lang in ("zh", "en"):
            browser.choose(lang)
            assert browser.js(apart) == []


def test_whoever_uses_the_keyboard_or_a_screen_reader_gets_everywhere(browser: Browser) -> None:
    browser.open()
    browser.find("body").send_keys("\ue004")  # Tab
    assert browser.js("document.activeElement.className") == "skip"
    assert browser.js("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    browser.driver.switch_to.active_element.send_keys("\ue004")
    assert browser.js("document.activeElement.id") == "lang-zh"
    browser.driver.switch_to.active_element.send_keys("\ue014")  # Right
    assert browser.find("h1").text == "Subsidy recalculation"
    nodes = browser.cdp("Accessibility.getFullAXTree")["nodes"]
    heard = [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node.get("ignored") and "role" in node
    ]
    roles = {role for role, _ in heard}
    assert {"banner", "main", "navigation", "contentinfo", "search", "status", "table", "radiogroup"} & roles >= {
        "main",
        "navigation",
        "contentinfo",
        "search",
        "status",
        "table",
    }
    assert ("searchbox", "Claim id, or a part of it") in heard
    images = [name for role, name in heard if role in {"image", "img"}]
    assert len(images) == 6
    assert all(name.startswith("Most") for name in images)
    names = [name for role, name in heard if role in {"heading", "button", "radio", "table", "link"}]
    assert all(names)
    assert not any("\u4e00" <= one <= "\u9fff" for name in names for one in name if name != "中文")


def test_paper_is_white_whole_and_of_few_pages(browser: Browser) -> None:
    browser.open()
    printed = b64decode(browser.cdp("Page.printToPDF", preferCSSPageSize=True, printBackground=False)["data"])
    assert printed.startswith(b"%PDF")
    assert 5 <= printed.count(b"/Type /Page\n") <= 16
    browser.cdp(
        "Emulation.setEmulatedMedia", media="print", features=[{"name": "prefers-color-scheme", "value": "dark"}]
    )
    try:
        assert browser.js("getComputedStyle(document.body).backgroundColor") in {
            "rgb(255, 255, 255)",
            "rgba(0, 0, 0, 0)",
        }
        assert browser.js("getComputedStyle(document.querySelector('.drawing')).breakInside") == "avoid"
        assert browser.seen("#find") == []
        assert browser.seen(".switch") == []
        assert {chart.get_attribute("class") for chart in browser.seen("svg.chart")} == {"chart wide"}
    finally:
        browser.cdp("Emulation.setEmulatedMedia", media="", features=[])


def test_only_the_rows_found_are_printed(browser: Browser) -> None:
    browser.open()
    browser.search("SZ2024-000123")
    browser.cdp("Emulation.setEmulatedMedia", media="print")
    try:
        assert [row.text.split()[0] for row in browser.seen("#sample tbody tr")] == ["SZ2024-000123"]
    finally:
        browser.cdp("Emulation.setEmulatedMedia", media="")
