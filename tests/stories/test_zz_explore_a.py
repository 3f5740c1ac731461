from tests.stories.driver import Phone, Shop

def show(m, p, what=""):
    print(f"--- {what} [{p.toast!r} {p.alert}]"); print(m.text)
    for row in m.rows: print("   ", " | ".join(f"[{b['text']}]" for b in row))
def mk(anna):
    async def tap(label, on=None):
        m = await anna._with_button(label, on)
        await anna.tap(label, m)
        m2 = {x.id: x for x in await anna.messages()}[m.id]
        show(m2, anna, "tap "+label)
        return m2
    async def text(t):
        m = await anna.text(t); show(m, anna, t); return m
    return tap, text
async def test_order(shop: Shop, anna: Phone, boss: Phone, nikolay: Phone) -> None:
    tap, text = mk(anna)
    await anna.tap("➕ Новый заказ")
    for t in ["Мария Иванова", "+79123456789", "Кухня", "150000"]: await anna.text(t)
    await tap("✔ Предоплата")
    await tap("✔ Изготовление мебели")
    await text("50 000")
    await tap("✔ Доставка")
    await tap("Монтаж")
    await tap("Нет")
    await text("завтра в 14:00")
    await tap("Верно")
    await text("послезавтра в 14:00")
    await tap("Верно")
    await tap("Николай")
    print("ALL", await anna.dump())
    await tap("Изменить")
    await tap("Да")
    print("ALL", await anna.dump())
    await tap("Задачи")
    await tap("Проверить качество")
    await shop.until("2026-11-24T23:00")
    await shop.until("2026-11-25T23:00")
    await shop.until("2026-11-27T23:00")
    print("ALL", await anna.dump())
    print("BOSS", await boss.dump())
    print("NIK", await nikolay.dump())
