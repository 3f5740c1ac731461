"""What README says of the sandbox is true: its steps, by the very labels that stand there, and its curl."""

from __future__ import annotations

import asyncio
import re
import shlex
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.page.visitor import ANNA, BOSS, CHROMIUM, DESKTOP, SLOW, Visitor, open_page
from tests.stories.program import ROOT, Program, free_port

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no browser: none of chromium, chromium-browser, google-chrome is on the PATH"
)
README = (ROOT / "README.md").read_text("utf-8")
TOKEN = "a-long-secret"
PEOPLE = {"Eight": 8}  # the number that step 1 begins with


@pytest.fixture
def processes() -> str:
    """All of them, as `make run` plays them."""
    return ""


def section(title: str) -> str:
    """What stands under a heading of README."""
    return re.split(rf"^#+ {re.escape(title)}\n", README, flags=re.MULTILINE)[1].partition("\n#")[0]


def steps() -> list[str]:
    """The numbered steps under «What to try in the sandbox»."""
    return re.findall(r"^\d\. (.+(?:\n   .+)*)", section("What to try in the sandbox"), flags=re.MULTILINE)


def labels(step: str) -> list[str]:
    return re.findall("«([^»]+)»", step)


async def press(visitor: Visitor, label: str) -> None:
    """A button of the page itself, not of a phone."""
    await visitor.page.get_by_role("button", name=label, exact=True).last.click()


async def test_the_steps_of_readme_go_as_they_are_written(browser: Browser, address: str) -> None:
    first, second, third = steps()
    visitor, complaints = await open_page(browser, address, DESKTOP)
    employees = visitor.page.locator("[data-phone]").filter(has_not_text="Клиент ·")
    await expect(employees).to_have_count(PEOPLE[first.split()[0]])

    on_the_site, send, *on_the_phone = labels(second)
    await press(visitor, on_the_site)
    await press(visitor, send)
    await expect(visitor.page.locator("dialog[open]")).to_have_count(0, timeout=SLOW)
    await visitor.tap(ANNA, on_the_phone[0], "Новый лид: Мария Иванова")
    for label in on_the_phone[1:]:
        await visitor.tap(ANNA, label, "Мария Иванова")
    await visitor.sees(ANNA, "Новая сделка: Хочу кухню, 3 метра, угловую · Мария Иванова")

    a_day, three_days = labels(third)
    reminder, escalation = "Сделка второй день на консультации: Хочу кухню", "Консультация идёт уже три дня: Хочу кухню"
    await press(visitor, a_day)
    await visitor.sees(ANNA, reminder)
    await visitor.sees_no(BOSS, escalation)
    await expect(visitor.page.locator(".moving")).to_have_count(0, timeout=SLOW)
    await press(visitor, three_days)
    await visitor.sees(BOSS, escalation)
    await visitor.tap(BOSS, "Открыть", escalation)
    await visitor.sees(BOSS, "Ответственный: Анна Соколова")
    assert complaints == []


async def test_an_emptied_form_says_which_field_is_missing_and_keeps_what_was_typed(
    browser: Browser, address: str
) -> None:
    visitor, _ = await open_page(browser, address, DESKTOP)
    await press(visitor, "Заявка с сайта")
    form = visitor.page.locator("dialog[open]")
    await form.locator('[name="name"]').fill("Ольга Резцова")
    await form.locator('[name="phone"]').fill("")
    await form.locator('[name="comment"]').fill("")
    await press(visitor, "Отправить")
    await expect(form.locator(".failure")).to_have_text("Телефон: заполните это поле", timeout=SLOW)
    await form.locator('[name="phone"]').fill("+7 912 000-00-01")
    await press(visitor, "Отправить")
    await expect(form).to_have_count(0, timeout=SLOW)
    await visitor.sees(ANNA, "Новый лид: Ольга Резцова")


# --- a site that sends leads ------------------------------------------------------------------------------------


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[tuple[str, str]]:
    """A sandbox started with HTTP_PORT and INTAKE_TOKEN: (the page's address, where leads are taken)."""
    port = str(free_port())
    settings = {"DATA_DIR": str(tmp_path), "HTTP_PORT": port, "INTAKE_TOKEN": TOKEN}
    program = Program(["sandbox", "--port", "0"], settings, born=False)
    await program.start()
    page = re.search(r"http://\S+", await program.line())
    told = await program.line()
    assert page, (tmp_path / "log.txt").read_text("utf-8")
    assert f"http://127.0.0.1:{port}/intake/leads" in told
    assert TOKEN not in told
    yield page[0], f"http://127.0.0.1:{port}"
    assert await program.stop() == 0


def curl(site: str) -> list[str]:
    """The words of README's curl, sent to where this sandbox takes leads; it also prints the answer's status."""
    block = re.search(r"```sh\n(curl .+?)```", section("Leads from a site"), flags=re.DOTALL)
    assert block
    words = shlex.split(block[1].replace("\\\n", "").replace("$INTAKE_TOKEN", TOKEN))
    return [*(word.replace("http://127.0.0.1:8000", site) for word in words), "-sS", "-w", "\n%{http_code}"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl")
async def test_the_curl_of_readme_brings_a_lead_to_a_managers_phone(browser: Browser, site: tuple[str, str]) -> None:
    page, intake = site
    visitor, complaints = await open_page(browser, page, DESKTOP)
    sent = await asyncio.create_subprocess_exec(*curl(intake), stdout=asyncio.subprocess.PIPE)
    out, _ = await sent.communicate()
    body, _, status = out.decode().rpartition("\n")
    assert status == "201", out.decode()
    assert '"number"' in body
    await visitor.sees(ANNA, "Новый лид: Мария Иванова")
    assert complaints == []
