"""Faults on request, the journal, SMS, actions, the stream, and who may ask at all."""

import json
import time
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)

from sandbox import Sandbox, ShiftedClock
from sandbox.bot_api import method_registry

ANNA, CLIENT = 100_001, 100_002


async def test_a_429_says_how_long_to_wait_and_passes(started: Any, bot: Bot) -> None:
    await started.post("/faults", kind="429", methods=["sendMessage"], retry_after=7, times=1)
    with pytest.raises(TelegramRetryAfter) as caught:
        await bot.send_message(ANNA, "x")
    assert caught.value.retry_after == 7
    assert await bot.send_message(ANNA, "x")


@pytest.mark.parametrize(
    ("kind", "error"), [("500", TelegramServerError), ("502", TelegramServerError), ("403", TelegramForbiddenError)]
)
async def test_refusals_on_request(started: Any, bot: Bot, kind: str, error: type[Exception]) -> None:
    await started.post("/faults", kind=kind, times=2)
    for _ in range(2):
        with pytest.raises(error):
            await bot.send_message(ANNA, "x")
    assert await bot.send_message(ANNA, "x")


async def test_a_cut_connection_before_and_after_the_act(started: Any, bot: Bot) -> None:
    await started.post("/faults", kind="drop")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(ANNA, "не дошло")
    await started.post("/faults", kind="drop_after")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(ANNA, "дошло, а ответ нет")
    assert [m["text"] for m in await started.seen()] == ["/start", "дошло, а ответ нет"]


async def test_garbage_and_slowness(started: Any, bot: Bot) -> None:
    await started.post("/faults", kind="garbage")
    with pytest.raises(Exception, match="Failed to decode object"):
        await bot.send_message(ANNA, "x")
    await started.post("/faults", kind="slow", seconds=0.2)
    before = time.monotonic()
    assert await bot.send_message(ANNA, "x")
    assert time.monotonic() - before >= 0.2


async def test_faults_hit_only_their_method_and_chat(started: Any, bot: Bot) -> None:
    await started.post("/faults", kind="500", methods=["editMessageText"], times=9)
    await started.post("/faults", kind="500", chat=555, times=9)
    assert await bot.send_message(ANNA, "x")
    assert len((await started.get("/state"))["faults"]) == 2
    async with started.session.delete("/sandbox/faults") as response:
        assert response.status == 200
    assert (await started.get("/state"))["faults"] == []
    assert "unknown kind" in (await started.post("/faults", kind="earthquake"))["error"]


async def test_a_fault_for_all_methods_spares_the_polls(started: Any) -> None:
    await started.post("/faults", kind="500")
    assert await started.updates() == []
    assert (await started.bot("getMe"))["error_code"] == 500
    await started.post("/faults", kind="500", methods=["getUpdates"])
    assert (await started.bot("getUpdates"))["error_code"] == 500


async def test_the_journal_keeps_every_call(started: Any) -> None:
    known = (await started.get("/journal"))["calls"][-1]["n"]
    await started.bot("sendMessage", chat_id=ANNA, text="раз")
    await started.bot("sendMessage", chat_id=ANNA, text="")
    await started.bot("getUpdates")
    good, refused, poll = (await started.get(f"/journal?after={known}"))["calls"]
    assert (good["n"], good["bot"], good["method"], good["ok"]) == (known + 1, 42, "sendMessage", True)
    assert (good["params"]["text"], good["result"]["text"]) == ("раз", "раз")
    assert (refused["ok"], refused["error"]["description"]) == (False, "Bad Request: message text is empty")
    assert poll["result"] == []


async def test_the_journal_shows_a_message_as_it_was_answered(started: Any) -> None:
    sent = (await started.bot("sendMessage", chat_id=ANNA, text="раз"))["result"]
    await started.bot("editMessageText", chat_id=ANNA, message_id=sent["message_id"], text="два")
    results = [call["result"] for call in (await started.get("/journal"))["calls"][-2:]]
    assert [result["text"] for result in results] == ["раз", "два"]


async def test_a_sandbox_without_a_journal_says_so() -> None:
    box = Sandbox(journal=False, web=False)
    await box.start()
    async with aiohttp.ClientSession(box.url) as session, session.get("/sandbox/journal") as response:
        assert response.status == 409
    await box.close()


async def test_sms_come_to_the_phone_with_that_number(desk: Any) -> None:
    await desk.post("/sms", to="79123456789", text="Кухня готова", id="a1")
    await desk.post("/sms", to="79123456789", text="Кухня готова", id="a1")
    assert [(m["text"], m["out"]) for m in await desk.seen(CLIENT)] == [("Кухня готова", False)]
    await desk.post("/sms", to="+79990000000", text="Здравствуйте")
    fresh = (await desk.get("/state"))["phones"][-1]
    assert (fresh["sms"], fresh["number"], fresh["unread"]) == (True, "+79990000000", 1)
    assert [s["to"] for s in (await desk.get("/sms"))["sms"]] == ["79123456789", "+79990000000"]
    assert "no Telegram" in (await desk.post(f"/phones/{CLIENT}/text", text="x"))["error"]


async def test_actions_run_and_say_what_happened(desk: Any) -> None:
    (action,) = (await desk.get("/state"))["actions"]
    assert action["fields"] == [{"name": "name", "title": "Имя", "placeholder": "", "value": "мир"}]
    assert await desk.post("/actions/greet") == {"ok": True, "text": "Привет, мир!"}
    assert await desk.post("/actions/greet", name="Анна") == {"ok": True, "text": "Привет, Анна!"}
    assert await desk.post("/actions/greet", name="") == {"error": "Кого приветствовать?"}
    assert "error" in await desk.post("/actions/part")


async def test_the_clock_moves_over_http(desk: Any) -> None:
    assert await desk.get("/clock") == {"now": "2026-11-22T07:00:00Z", "local": "2026-11-22T10:00"}
    assert (await desk.post("/clock", next="10:45"))["local"] == "2026-11-22T10:45"
    assert (await desk.post("/clock", next="10:45"))["local"] == "2026-11-23T10:45"
    assert (await desk.post("/clock", to="2026-11-25T09:00"))["now"] == "2026-11-25T06:00:00Z"
    assert (await desk.post("/clock", to="2026-11-25T07:00:00+00:00"))["local"] == "2026-11-25T10:00"
    assert (await desk.post("/clock", advance=3600))["local"] == "2026-11-25T11:00"
    assert "forward" in (await desk.post("/clock", to="2026-11-01T09:00"))["error"]
    assert "error" in await desk.post("/clock", next="без четверти")
    for far in ({"advance": 1e12}, {"advance": float("inf")}, {"to": "2999-01-01T00:00"}):
        assert (await desk.post("/clock", **far))["error"] == "that is more than three years away"


async def test_phones_are_added_and_listed(desk: Any) -> None:
    phone = await desk.post("/phones", first_name="Пётр", title="Монтажник")
    assert (phone["name"], phone["title"], phone["blocked"]) == ("Пётр", "Монтажник", False)
    state = await desk.get("/state")
    assert [p["name"] for p in state["phones"]] == ["Анна Серова", "Мария", "Пётр"]
    assert "already" in (await desk.post("/phones", first_name="Павел", id=phone["id"]))["error"]
    assert "error" in await desk.post("/phones")
    assert (await desk.get("/phones/777/messages"))["error"] == "there is no phone 777"


async def test_unread_counts_until_the_phone_is_looked_at(started: Any, bot: Bot) -> None:
    await bot.send_message(ANNA, "раз")
    await bot.send_message(ANNA, "два")
    assert (await started.get("/state"))["phones"][0]["unread"] == 2
    await started.anna("read")
    assert (await started.get("/state"))["phones"][0]["unread"] == 0


async def test_only_what_changed_is_asked_for(started: Any, bot: Bot) -> None:
    first = await bot.send_message(ANNA, "раз")
    await bot.send_message(ANNA, "два")
    rev = (await started.get(f"/phones/{ANNA}/messages"))["rev"]
    assert await started.seen(after=rev) == []
    await first.edit_text("раз!")
    assert [m["text"] for m in await started.seen(after=rev)] == ["раз!"]


async def test_a_reset_forgets_everything_said(started: Any) -> None:
    await started.anna("text", text="раз")
    await started.post("/reset")
    assert await started.seen() == []
    assert await started.updates() == []
    assert (await started.get("/journal"))["calls"][0]["method"] == "getUpdates"


async def test_the_stream_tells_of_changes_as_they_happen(started: Any, sandbox: Sandbox) -> None:
    async with started.session.get(f"/sandbox/stream?after={sandbox.world.rev - 1}") as response:
        assert response.content_type == "text/event-stream"
        first = await _event(response)
        await started.bot("sendMessage", chat_id=ANNA, text="раз")
        event = await _event(response)
        assert (event["kind"], event["phone"], event["rev"]) == ("message", ANNA, first["rev"] + 1)
        await started.post("/clock", advance=60)
        assert (await _event(response))["kind"] == "clock"


async def _event(response: aiohttp.ClientResponse) -> dict[str, Any]:
    async for line in response.content:
        if line.startswith(b"data: "):
            event: dict[str, Any] = json.loads(line[6:])
            return event
    raise AssertionError("the stream ended")


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}])
async def test_strangers_are_turned_away(desk: Any, headers: dict[str, str]) -> None:
    async with desk.session.get("/sandbox/state", headers=headers) as response:
        assert response.status == 403


async def test_the_sandbox_listens_on_this_machine_only() -> None:
    with pytest.raises(ValueError, match="this machine only"):
        await Sandbox().start("0.0.0.0")


async def test_closing_ends_waiting_polls_and_streams(started: Any, sandbox: Sandbox) -> None:
    async with started.session.get("/sandbox/stream") as response:
        await sandbox.close()
        assert b"open" in await response.content.read()
    assert sandbox._ring not in sandbox.clock.listeners


async def test_two_sandboxes_live_side_by_side() -> None:
    one, two = Sandbox(clock=ShiftedClock(frozen=True)), Sandbox(web=False)
    await one.start()
    await two.start()
    assert one.url != two.url
    await one.close()
    await two.close()


async def test_a_closed_sandbox_opens_again_with_all_it_knew(started: Any, sandbox: Sandbox) -> None:
    port = int(sandbox.url.rpartition(":")[2])
    await sandbox.close()
    with pytest.raises(aiohttp.ClientConnectionError):
        await started.seen()
    await sandbox.start(port=port)
    assert [m["text"] for m in await started.seen()] == ["/start"]


ODD: list[Any] = [
    None,
    "",
    "x",
    "[",
    "[[1]]",
    '{"x":1}',
    [],
    {},
    [1],
    [[]],
    [[{}]],
    [{}],
    {"type": []},
    1.5,
    -1,
    True,
    10**30,
]


@pytest.mark.parametrize("name", sorted(method_registry.METHODS))
async def test_no_value_of_a_parameter_makes_the_server_fall_over(started: Any, name: str) -> None:
    method = method_registry.METHODS[name]
    usual = {"chat_id": ANNA, "message_id": 1, "text": "x", "from_chat_id": ANNA, "title": "x", "address": "x"}
    usual |= {"phone_number": "1", "first_name": "x", "latitude": 1, "longitude": 1, "media": [], "commands": []}
    usual = {key: value for key, value in usual.items() if key in method.takes}
    for parameter in sorted(method.takes - {"timeout"}):
        for value in ODD:
            url = f"/bot42:test-token/{method.name}"
            async with started.session.post(url, json={**usual, parameter: value}) as response:
                answer = await response.json()
                assert answer["ok"] or answer["error_code"] in (400, 403, 404, 409), (parameter, value)


async def test_no_odd_body_makes_the_control_side_fall_over(started: Any) -> None:
    paths = ["/phones", "/clock", "/faults", "/updates", "/sms", "/actions/greet"]
    acts = ("text", "start", "contact", "location", "files", "forward", "edit", "tap")
    names = ["text", "message_id", "data", "timeout", "advance", "to", "id", "first_name", "times", "update", "methods"]
    for path in [*paths, *(f"/phones/{ANNA}/{act}" for act in acts)]:
        for value in ODD:
            bodies: list[Any] = [value, *({"wait": False, "kind": "500", "label": "x", name: value} for name in names)]
            for body in bodies:
                async with started.session.post(f"/sandbox{path}", json=body) as response:
                    assert response.status < 500, (path, body)
        async with started.session.delete("/sandbox/faults") as response:
            assert response.status == 200


async def test_the_page_is_served_and_nothing_beside_it(desk: Any) -> None:
    async with desk.session.get("/") as response:
        assert (response.status, response.content_type) == (200, "text/html")
    for path in ("/server.py", "/%2e%2e%2fserver.py", "/nothing.js", "/../server.py"):
        async with desk.session.get(path) as response:
            assert response.status == 404
