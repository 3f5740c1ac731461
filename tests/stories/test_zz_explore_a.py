from tests.stories.driver import Phone, Shop

async def test_first(shop: Shop, anna: Phone, boss: Phone) -> None:
    status, body = await shop.lead(name="Мария Иванова", phone="8 912 345-67-89", comment="Кухня угловая", source="Сайт")
    print(status, body)
    print(await anna.dump()); print("BOSS", await boss.dump())
    await anna.tap("Открыть"); print((await anna.last()).text)
    await anna.tap("Взять себе"); await anna.tap("✔ В работе"); await anna.tap("Этапы…")
    print("=====", await anna.dump())
    await anna.tap("Отправить в отдел дизайна");print("=====", await anna.dump())
    await anna.tap("Контакт"); await anna.tap("Сделку"); await anna.tap("Готово")
    await shop.later(days=1); 
    print("=====", await anna.dump())
    await shop.later(days=2, hours=1); print("=====", await anna.dump())
    print("BOSS", await boss.dump())
