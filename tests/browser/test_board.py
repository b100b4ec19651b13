"""The board in a real browser: run with the keyboard, measured, and looked at by two people at once."""

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from proeftuin import Engine
from proeftuin.cli.demo_pilots import fill
from tests.browser.boards import LEAD, OWNER, Keyboard, serving
from tests.browser.chromium import opened
from tests.browser.measure import clipped, overlaps, requests, violations
from tests.web.boards import BEGIN, engine, flow

WIDTHS = [(360, False), (1920, True)]
DARK = 3
"""So many pages are looked at for their colours in the dark, too: the board, a pilot, a form."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The programme of fifteen pilots that `proeftuin init --demo` makes."""
    url = f"sqlite:///{tmp_path_factory.mktemp('demo') / 'pilots.db'}"
    fill(url, date.today())  # noqa: DTZ011  # the board runs on the system's clock
    with Engine.open(url) as made:
        yield made


def test_a_pilot_is_run_with_the_keyboard_alone(browser: Browser) -> None:
    """In Dutch, without a mouse: begun, fired, refused, read why, what is missing done, and fired again."""
    on = Engine.open("memory://", workflows=[flow()])
    with serving(on) as url, opened(browser, f"{url}/") as page:
        keys = Keyboard(page)
        keys.press("Proeftuin starten")
        keys.press("Bestaande contracten")
        keys.type("Titel", "Catering")
        keys.type("Organisatie", "DJI")
        keys.pick("Leverancier")
        keys.press("Starten")
        expect(page.locator("#done")).to_be_focused()
        keys.press("Toch naar het formulier")
        keys.press("Uitvoeren: Verkenning afronden")
        expect(page.locator("#problem")).to_be_focused()
        told = page.locator("#problem").inner_text()
        for why in (
            "HR en inkoop zaten nog niet samen aan tafel",
            "Er ligt nog geen overzicht",
            "Er is nog geen route",
        ):
            assert why in told
        assert (1, "exploring") == (on.find().items[0].version, on.find().items[0].state)
        keys.press("Activiteit vastleggen")
        keys.type("Type", "Gezamenlijke")
        keys.type("Persoon", "hans")
        keys.type("Rol", "HR-pro")
        keys.press("Nog een rij")
        page.keyboard.type("ilse")  # the new row has the focus
        keys.type("Rol", "Inkoper")
        keys.press("Uitvoeren: Activiteit vastleggen")
        keys.press("Bewijsstuk toevoegen")
        keys.type("Kenmerk", "DOC-1")
        keys.press("Uitvoeren: Bewijsstuk toevoegen")
        keys.press("Route kiezen")
        keys.pick("Bestaande contracten")
        keys.type("Onderbouwing", "Het contract loopt nog")
        keys.press("Uitvoeren: Route kiezen")
        keys.press("Verkenning afronden")
        keys.press("Uitvoeren: Verkenning afronden")
        assert "Draagvlak en commitment" in page.locator(".heading").inner_text()
        assert on.find().items[0].state == "committing"
        assert [] == requests(page)


def test_enter_in_a_field_sends_the_form(browser: Browser) -> None:
    """In a form that also has a button for one more row, Enter in a field sends it, and asks for no row."""
    on = engine()
    with serving(on) as url, opened(browser, f"{url}/act?id=canteen&trigger=log_activity") as page:
        keys = Keyboard(page)
        keys.type("Type", "Koffie")
        keys.type("Persoon", "hans")
        keys.type("Rol", "HR-pro")
        keys.to("Partij")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert "Koffie" in page.locator("#done").inner_text()
        assert 1 == len(on.get("canteen").records("activity"))


def test_two_people_on_one_pilot(browser: Browser) -> None:
    """A page is brought up to date by itself; whoever loses a race reads what happened and keeps every word."""
    on = engine()
    with serving(on) as url, opened(browser, f"{url}/pilot?id=canteen") as looks:
        with opened(browser, f"{url}/act?id=canteen&trigger=add_lesson") as writes:
            writes.get_by_label("Tekst").or_(writes.locator("textarea").first).first.fill("Begin <klein>")
            on.fire("canteen", "assign", actor=OWNER, data={"duty": "hr", "person": "hans"})
            expect(looks.locator("#live")).to_contain_text("hans", timeout=20_000)
            expect(looks.locator("#news")).to_contain_text("bijgewerkt", timeout=20_000)
            expect(writes.locator("#news")).to_contain_text("Wat u schreef blijft", timeout=20_000)
            writes.locator("form.act button:not(.quiet)").click()
            expect(writes.locator("#problem")).to_be_focused()
            assert "Iemand was u net voor" in writes.locator("#problem").inner_text()
            assert "hans" in writes.locator("#problem").inner_text()
            assert writes.locator("textarea").first.input_value() == "Begin <klein>"
            writes.locator("form.act button:not(.quiet)").click()
            expect(writes.locator("#done")).to_contain_text("Begin <klein>")
        assert [] == requests(looks)


def test_it_works_without_scripts(browser: Browser) -> None:
    """Without JavaScript every form and link still does what it says."""
    on = engine()
    with serving(on) as url, opened(browser, f"{url}/pilot?id=canteen", scripts=False) as page:
        page.get_by_role("link", name="Taak toewijzen").first.click()
        page.locator("select").first.select_option("hr")
        page.locator("input:not([type=hidden]):visible").first.fill("hans")
        page.locator("form.act button:not(.quiet)").click()
        assert "hans" in page.locator("#done").inner_text()
        page.get_by_role("link", name="Bekijk als diagram").click()
        assert page.locator("svg").count() == 2


def addresses(on: Engine) -> list[str]:
    """A page of each kind, of pilots with something on them."""
    found = {one.state: one.id for one in on.find().items}
    one, many = found["committing"], found["implementing"]
    pages = ["/", f"/pilot?id={one}", f"/act?id={one}&trigger=log_activity", f"/pilot?id={many}"]
    pages += ["/agenda", "/portfolio", "/start?workflow=existing-contract", "/nothing", f"/pilot/history?id={many}"]
    mine = next(held.id for held in on.get(one).records("activity") if held.actor == LEAD.id)
    pages.append(f"/act?id={one}&trigger=correct&p.record={mine}")
    return [*pages, f"/act?id={one}&trigger=open_supplier_talks"]


@pytest.mark.timeout(900)  # axe looks at every element of every page, and the machine may have other things to do
@pytest.mark.parametrize(("width", "dark"), WIDTHS)
def test_every_page_can_be_read(browser: Browser, demo: Engine, width: int, dark: bool) -> None:  # noqa: FBT001  # a case
    """On a phone and a wide screen nothing overlaps or is cut off, axe finds nothing, nothing is from elsewhere."""
    found: list[str] = []
    with serving(demo) as url, opened(browser, f"{url}/", width=width, dark=dark) as page:
        for place, where in enumerate(addresses(demo)):
            page.goto(url + where)
            _settled(page)
            found += [f"{where}: {one}" for measure in (overlaps, clipped, requests) for one in measure(page)]
            if not dark or place < DARK:
                found += [f"{where}: {one}" for one in violations(page)]
        page.locator("form.act button:not(.quiet)").click()  # the last form, refused
        found += [f"refused: {one}" for measure in (overlaps, clipped, violations) for one in measure(page)]
    assert [] == found


def _settled(page: Page) -> None:
    """Wait for the pictures of a pilot, which come after its page."""
    if "/pilot?" in page.url:
        page.wait_for_selector("#live ~ div svg")


def test_hostile_words_change_no_tag_in_a_browser(browser: Browser) -> None:
    """What looks like markup in a title or a lesson is text in the browser too, and runs nothing."""
    on = engine()
    evil = '"><img src=x onerror="document.title=1"><script>document.title=2</script>'
    on.start("existing-contract", actor=LEAD, data={**BEGIN, "title": evil, "organisation": evil}, id="evil")
    on.fire("evil", "add_lesson", actor=LEAD, data={"text": evil})
    with serving(on) as url, opened(browser, f"{url}/") as page:
        for where in (
            "/",
            "/pilot?id=evil",
            "/pilot/pictures?id=evil",
            "/pilot/history?id=evil",
            "/act?id=evil&trigger=add_lesson",
        ):
            page.goto(url + where)
            assert (0, 0) == (page.locator("img").count(), page.locator("script:not([src])").count())
            assert page.title() not in {"1", "2"}
