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
from tests.stories.test_order import order, order_on, go, ASSEMBLY
async def test_c3(shop: Shop, anna: Phone, boss: Phone, nikolay: Phone) -> None:
    tap, text = mk(nikolay)
    await order_on(shop, anna, "Доставка")
    await go(anna, "Монтаж", *ASSEMBLY)
    await tap("Подтверждаю выезд")
    await tap("Акт подписан")
    await tap("Подтверждаю выезд")
    await tap("Подтверждаю выезд")
    await tap("На месте")
    await tap("Собрано")
    await text("готово")
    show(await nikolay.send_files(("a.jpg", b"\xff\xd8\xff\xe01"), ("b.jpg", b"\xff\xd8\xff\xe02"), kind="photo"), nikolay, "photos")
    await tap("Готово")
    print("NIK", await nikolay.dump())
    await tap("Акт подписан")
    show(await nikolay.send_files(("act.jpg", b"\xff\xd8\xff\xe03"), kind="photo"), nikolay, "act")
    if (await nikolay._with_button("Готово", None)): await tap("Готово")
    print("NIK", await nikolay.dump())
    print("ANNA", (await anna.dump())[-1500:])

async def test_card(shop, anna, nikolay, boss):
    tap, text = mk(anna)
    await order(shop, anna)
    await tap("Заполнить")
    for s in ("О сделке", "Проект", "Общая информация", "Дополнительно"):
        if not anna.screen.button("✏️ "+s): print("NO BUTTON", s); continue
        await tap("✏️ "+s)
        await tap("‹ Назад")
    await tap("✏️ Название")
    await text("Кухня «Прованс»")
    await anna.tap("Заполнить")
    await tap("💬 Заметка")
    await text("Позвонить после обеда")
    await tap("История")
