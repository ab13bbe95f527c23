"""The live figures of a run, called as Streamlit calls it, with made-up responses of the server."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import ROOT

pytestmark = pytest.mark.browser

FOLDER = ROOT / "pages" / "components" / "run"
URL = "http://studio.test/"
WAIT = 200  # ms between two requests
LOST_WAIT = 2000
CALL = """async (data) => {
  window.place ??= document.querySelector("main");
  window.reported ??= [];
  const { default: follow } = await import("/live.js");
  const setTriggerValue = (name, value) => reported.push([name, value]);
  window.cleanUp = follow({ data, parentElement: place, setTriggerValue });
}"""


@dataclass
class Server:
    """Responds to requests for a live run.

    Attributes:
        answer: What it returns: parts by name, or a status of the response.
        requests: Queries received, and the CSRF token of each.
    """

    answer: dict[str, Any] | int = 500
    requests: list[tuple[dict[str, list[str]], str]] = field(default_factory=list)

    def respond(self, route: Route) -> None:
        url = urlparse(route.request.url)
        if url.path in ("/live.js", "/progress_bar.js"):
            script = (FOLDER / url.path.removeprefix("/")).read_text(encoding="utf-8")
            route.fulfill(body=script, content_type="text/javascript")
        elif url.path == "/":
            status = "".join((FOLDER / name).read_text(encoding="utf-8") for name in ("live.html", "progress_bar.html"))
            chart = '<div id="chart" data-live-part="loss" data-live-tag="loss-1"></div>'
            route.fulfill(body=f"<main>{status}</main>{chart}", content_type="text/html")
        else:
            self.requests.append((parse_qs(url.query), route.request.headers.get("x-csrf-token", "")))
            if isinstance(self.answer, int):
                route.fulfill(status=self.answer, body="")
            else:
                route.fulfill(json=self.answer)


def figures_part(tag: str, epoch: int) -> dict[str, str]:
    fields = ("gpu", "note", "epoch_term", "kept_term", "kept", "kept_why")
    more = ("loss", "loss_change", "loss_below", "auc", "auc_change", "auc_below", "sign", "diagnosis")
    return {"tag": tag, "text": json.dumps(dict.fromkeys((*fields, *more), "") | {"epoch": str(epoch)})}


def progress_part(tag: str, epoch: int) -> dict[str, str]:
    return {"tag": tag, "text": json.dumps({"done": epoch / 10, "progress": f"epoch {epoch}"})}


def answered(**parts: dict[str, str]) -> dict[str, Any]:
    return {"layout_key": "layout-1", "wait": WAIT, "parts": parts, "problem": ""}


def show(page: Page, run: str | None = "a", epoch: int = 1) -> None:
    data: dict[str, Any] = {**figures_part(f"{run}-{epoch}", epoch), "layout_key": "layout-1", "wait": WAIT}
    page.evaluate(CALL, data | ({"address": f"/live?run={run}", "csrf_token": "secret"} if run else {}))


def pass_time(page: Page, milliseconds: int = WAIT) -> None:
    """Let timers fire, and their requests end."""
    page.clock.run_for(milliseconds)
    for _ in range(2):  # requests that began earlier have ended by then
        page.evaluate("() => fetch('/live.js').then((answer) => answer.text())")


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    opened = browser.new_page()
    opened.clock.install(time=0)
    opened.route(f"{URL}**", server.respond)
    opened.goto(URL)
    opened.clock.pause_at(60_000)  # time passes in `pass_time` only
    yield opened
    opened.close()


def epoch(page: Page) -> str | None:
    return page.locator("[data-field=epoch]").text_content()


def test_the_figures_and_the_charts_follow_the_run(page: Page, server: Server) -> None:
    page.evaluate("""() => { window.newer = []; window.chart.addEventListener("newer", (event) => {
      newer.push(event.detail.text); event.target.dataset.liveTag = event.detail.tag; }) }""")
    show(page)
    assert epoch(page) == "1"
    server.answer = answered(figures=figures_part("a-2", 2), loss={"tag": "loss-2", "text": "figure"})
    pass_time(page)
    assert epoch(page) == "2"
    assert page.evaluate("() => newer") == ["figure"]
    server.answer = answered()
    pass_time(page)
    assert epoch(page) == "2"
    asked = [(query["run"], query["have"], token) for query, token in server.requests]
    assert asked == [(["a"], ["a-1,loss-1"], "secret"), (["a"], ["a-2,loss-2"], "secret")]


def test_an_ended_run_is_not_polled(page: Page, server: Server) -> None:
    server.answer = answered()
    show(page)
    pass_time(page)
    show(page, run=None, epoch=10)
    pass_time(page, 10 * WAIT)
    assert (epoch(page), len(server.requests)) == ("10", 1)


def test_removed_figures_are_not_polled(page: Page, server: Server) -> None:
    server.answer = answered()
    show(page)
    page.evaluate("() => { place.remove(); cleanUp(); }")
    pass_time(page, 10 * WAIT)
    assert server.requests == []


def test_several_calls_poll_once(page: Page, server: Server) -> None:
    server.answer = answered()
    for _ in range(3):
        show(page)
    pass_time(page)
    assert len(server.requests) == 1


def test_polling_continues_after_a_lost_connection(page: Page, server: Server) -> None:
    show(page)
    pass_time(page)
    server.answer = answered(figures=figures_part("a-2", 2))
    pass_time(page)
    assert (len(server.requests), epoch(page)) == (1, "1"), "it waits after a failed request"
    pass_time(page, LOST_WAIT)
    assert (len(server.requests), epoch(page)) == (2, "2")


def test_a_problem_is_shown_as_long_as_it_lasts(page: Page, server: Server) -> None:
    show(page)
    problem = page.get_by_role("alert")
    server.answer = answered() | {"problem": "The supervisor stopped."}
    pass_time(page)
    expect(problem).to_have_text("The supervisor stopped.")
    server.answer = answered()
    pass_time(page)
    expect(problem).to_have_text("")


def test_a_changed_layout_is_reported_until_the_page_has_it(page: Page, server: Server) -> None:
    server.answer = answered() | {"layout_key": "layout-2"}
    show(page)
    pass_time(page)
    pass_time(page)
    assert page.evaluate("() => reported") == [["changed", "layout-2"]], "once for a rerun"
    for _ in range(16):
        pass_time(page)
    assert page.evaluate("() => reported") == [["changed", "layout-2"]] * 2, "again after three seconds"


def test_a_deleted_run_is_reported(page: Page, server: Server) -> None:
    server.answer = 404
    show(page)
    pass_time(page)
    assert page.evaluate("() => reported") == [["changed", "gone"]]


def test_the_answer_for_the_previous_run_is_not_shown(page: Page, server: Server) -> None:
    server.answer = answered(figures=figures_part("a-2", 2))
    show(page)
    page.evaluate("""() => { const real = window.fetch; window.fetch = async (...request) => {
      const answer = await real(...request); await window.between(); return answer; } }""")
    shown = []

    def show_other() -> None:
        if not shown:
            shown.append(page)
            server.answer = answered()
            show(page, "b", 7)

    page.expose_function("between", show_other)
    pass_time(page)
    assert (epoch(page), len(shown)) == ("7", 1)


DRAW_PROGRESS = """async (data) => {
  const { default: draw } = await import("/progress_bar.js");
  draw({ data, parentElement: document.querySelector("main") });
}"""


def test_the_progress_follows_the_run(page: Page, server: Server) -> None:
    page.evaluate(DRAW_PROGRESS, progress_part("p-1", 1))
    show(page)
    server.answer = answered(progress=progress_part("p-2", 2))
    pass_time(page)
    assert page.get_by_role("progressbar").get_attribute("aria-valuenow") == "20"
    assert page.locator(".train-progress-bar").evaluate("(bar) => bar.style.width") == "20%"
    assert page.locator(".train-progress-text").text_content() == "epoch 2"
    pass_time(page)
    assert [query["have"] for query, _ in server.requests] == [["a-1,p-1,loss-1"], ["a-1,p-2,loss-1"]]


def test_progress_jumps_back_without_a_transition(page: Page) -> None:
    page.evaluate(DRAW_PROGRESS, progress_part("p-9", 9))
    assert page.locator(".train-progress-bar").evaluate("(bar) => bar.style.transitionDuration") == ""
    page.evaluate(DRAW_PROGRESS, progress_part("p-1", 1))
    assert page.locator(".train-progress-bar").evaluate("(bar) => bar.style.transitionDuration") == "0s"
