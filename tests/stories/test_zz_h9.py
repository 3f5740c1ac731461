from tests.stories.driver import Phone, Shop
from tests.stories.test_who_may import order_of

async def test_x(shop: Shop, anna: Phone, boss: Phone, nikolay: Phone) -> None:
    await order_of(shop, anna)
    n=len(await anna.messages())
    await anna.tap("✔ Предоплата"); await anna.tap("✔ Изготовление мебели"); await anna.fill("75 000"); await anna.tap("✔ Доставка")
    await anna.tap("Этапы…"); print(await anna.dump())
    await anna.tap("Монтаж"); print("=======");print(await anna.dump())
