from tests.stories.driver import Phone, Shop

async def test_x(shop: Shop, anna: Phone, boss: Phone, nikolay: Phone) -> None:
    await shop.lead(name="Вера Лебедева", phone="8 912 345-67-00", comment="Кухня для дачи", source="Сайт")
    await anna.tap("Открыть"); await anna.tap("Взять себе")
    await anna.tap("✔ В работе"); await anna.tap("Этапы…"); await anna.tap("Отправить в отдел дизайна"); await anna.tap("Контакт"); await anna.tap("Сделку"); await anna.tap("Готово")
    await anna.tap("✔ Заключение договора"); await anna.tap("✔ Предоплата"); await anna.text("сорок тысяч"); await anna.text("40 000")
    await anna.tap("✔ Дизайн"); await anna.text("20 000"); await anna.tap("✔ Утверждение"); 
    await anna.send_files(("дизайн.png", b"x"*100), kind="photo"); await anna.tap("Готово"); await anna.tap("✔ На монтаж")
    print(await anna.dump()); print("=====================")
    n=len(await anna.messages())
    await shop.later(days=1); await shop.until("2026-11-24T10:45")
    await shop.later(days=3)
    print(await boss.dump()); print("=====================")
    print("\n".join((await anna.dump()).split("\n")[-60:]))
