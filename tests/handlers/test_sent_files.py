"""Files by themselves: put into a deal by one tap, listed by folder, sent back (K-7)."""

import pytest
from form_phone import Phone, Shop

from models.errors import NotAllowed, NotFound
from services import deals, files


def test_a_file_by_itself_is_put_where_a_tap_says(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    manager.send_file("договор.pdf")
    assert "Куда положить файл?" in manager.text
    question = max(manager.messages)
    manager.tap("Шкаф · Мария", question)
    assert manager.toast == "Добавлен 1 файл"
    found = files.of_deal(shop.work(manager.person), deal.id)
    assert [(one.name, one.field, one.author) for one in found] == [("договор.pdf", None, "Мария")]


def test_an_album_is_asked_about_once_and_goes_as_a_whole(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    manager.send_file("1.jpg", kind="photo", album="77")
    question = max(manager.messages)
    data = manager.find("Шкаф").data
    manager.send_file("2.jpg", kind="photo", album="77").send_file("3.jpg", kind="photo", album="77")
    assert max(manager.messages) == question
    manager.tap("Шкаф", question)
    assert len(files.of_deal(shop.work(manager.person), deal.id)) == 3
    manager.press(str(data))
    assert manager.toast == "Этот файл уже сохранён."
    assert len(files.of_deal(shop.work(manager.person), deal.id)) == 3


def test_a_file_nobody_wants_is_put_nowhere(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    manager.send_file().tap("Никуда")
    assert "не сохранён" in manager.text
    assert files.of_deal(shop.work(manager.person), deal.id) == []


def test_a_file_that_is_too_big_says_telegrams_limit(shop: Shop, manager: Phone) -> None:
    shop.order(manager.person)
    manager.send_file(size=20 * 1024 * 1024 + 1)
    assert "не больше 20 МБ" in manager.text
    assert manager.last.rows == ()


def test_the_list_sends_a_file_back(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    manager.send_file("фото.jpg", kind="photo").tap("Шкаф")
    manager.press(f"v1:files:{deal.id}")
    assert "Прочее" in manager.text
    manager.tap("📎 фото.jpg")
    assert manager.last.photo == "tg-фото.jpg"


def test_a_long_list_has_pages(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    for n in range(23):
        manager.send_file(f"{n:02}.pdf", album="1")
    manager.tap("Шкаф", min(manager.messages))
    manager.press(f"v1:files:{deal.id}").tap("›").tap("›")
    assert "📎 22.pdf" in manager.labels
    assert "›" not in manager.labels


def test_strangers_to_a_deal_neither_see_nor_add_its_files(shop: Shop, manager: Phone, installer: Phone) -> None:
    deal = shop.order(manager.person)
    manager.send_file("договор.pdf").tap("Шкаф")
    one = files.of_deal(shop.work(manager.person), deal.id)[0]
    with pytest.raises(NotAllowed):
        installer.press(f"v1:file:{one.id}")
    with pytest.raises(NotAllowed):
        installer.press(f"v1:files:{deal.id}")
    installer.send_file("чужой.pdf")
    assert "положить пока некуда" in installer.text
    token = str(installer.find("Никуда").data).rsplit(":", 1)[1]
    with pytest.raises(NotAllowed):
        installer.press(f"v1:put:{deal.id}:{token}")
    manager.press(f"v1:put:{deal.id}:{token}")
    assert manager.toast == "Этот файл уже сохранён."  # a heap belongs to who sent it
    assert deals.get(shop.work(manager.person), deal.id)


def test_a_forged_file_is_not_there(shop: Shop, manager: Phone) -> None:
    with pytest.raises(NotFound):
        manager.press("v1:file:zz")
