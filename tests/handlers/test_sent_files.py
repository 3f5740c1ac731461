"""Files by themselves: put into a deal by one tap, listed by folder, sent back (K-7)."""

import pytest
from form_phone import Phone, Shop
from sqlalchemy import select

from handlers.forms import form_runner
from keyboards.screen import DealFile
from models.errors import NotAllowed, NotFound
from models.tables.outbox import ScheduledRow
from services.deals import deal_queries
from services.files import deal_files, folder_changes
from services.files.incoming_files import IncomingFile
from services.purposes.deal_purposes import FillPurpose


def test_a_file_by_itself_is_put_where_a_tap_says(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    manager.send_file("договор.pdf")
    assert "Куда положить файл?" in manager.text
    question = max(manager.messages)
    manager.tap("Шкаф · Мария", question)
    assert manager.toast == "Добавлен 1 файл"
    found = deal_files.of_deal(shop.work(manager.person), deal.id)
    assert [(one.name, one.field, one.author) for one in found] == [("договор.pdf", None, "Мария")]


def test_an_album_is_asked_about_once_and_goes_as_a_whole(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    manager.send_file("1.jpg", kind="photo", album="77")
    question = max(manager.messages)
    data = manager.find("Шкаф").data
    manager.send_file("2.jpg", kind="photo", album="77").send_file("3.jpg", kind="photo", album="77")
    assert max(manager.messages) == question
    manager.tap("Шкаф", question)
    assert len(deal_files.of_deal(shop.work(manager.person), deal.id)) == 3
    manager.press(str(data))
    assert manager.toast == "Этот файл уже сохранён."
    assert len(deal_files.of_deal(shop.work(manager.person), deal.id)) == 3


def test_a_file_nobody_wants_is_put_nowhere(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    manager.send_file().tap("Никуда")
    assert "не сохранён" in manager.text
    assert deal_files.of_deal(shop.work(manager.person), deal.id) == []


def test_a_file_that_is_too_big_says_telegrams_limit(shop: Shop, manager: Phone) -> None:
    shop.order(manager.person)
    manager.send_file(size=20 * 1024 * 1024 + 1)
    assert "не больше 20 МБ" in manager.text
    assert "Сожмите его" in manager.text, "and what to do"
    assert manager.last.rows == ()


def test_the_folder_is_named_after_the_deal_and_sends_a_file_back(shop: Shop, manager: Phone) -> None:
    """K-7: grouped by folders, with kind, author, date and size; one tap sends a file back."""
    deal = shop.order(manager.person)
    manager.send_file("фото.jpg", kind="photo", size=150 * 1024).tap("Шкаф")
    deal_files.attach(shop.work(manager.person), deal.id, "design", FILE)
    manager.press(f"v1:files:{deal.id}")
    lines = manager.text.splitlines()
    assert lines[0] == "📁 Папка: Шкаф · Мария"
    assert lines[3:] == ["Дизайн", "📎 макет.pdf · 2,5 МБ · Мария · 10.03.26 12:00", "Прочее", LISTED]
    manager.tap("🖼 фото.jpg")
    assert manager.last.photo == DealFile(1, "фото.jpg")
    assert "Прочее · 150 КБ · Мария" in manager.text
    manager.press(f"v1:files:{deal.id}").tap("📎 макет.pdf")
    assert manager.last.document == DealFile(2, "макет.pdf")


FILE = IncomingFile("document", "tg-m", "m", "макет.pdf", 2_621_440, None)
LISTED = "🖼 фото.jpg · 150 КБ · Мария · 10.03.26 12:00"


def test_photos_without_names_are_numbered_and_come_all_at_once(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    for n in range(3):
        manager.send_file("photo.jpg", kind="photo", unique=str(n), album="1")
    manager.tap("Шкаф").press(f"v1:files:{deal.id}")
    assert "🖼 Фото 3" in manager.labels
    manager.tap("Прислать все фото")
    assert manager.toast == "Присылаю 3 фото"
    row = shop.tx.execute(select(ScheduledRow).where(ScheduledRow.rule == "album")).one()
    assert (row.employee_id, row.payload) == (manager.person.id, {"files": [1, 2, 3]})


def test_a_file_is_found_by_a_part_of_its_name(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    for n in range(12):
        manager.send_file(f"Эскиз {n:02}.pdf", album="1")
    manager.tap("Шкаф").press(f"v1:files:{deal.id}").tap("🔎 Найти")
    manager.type("эскиз 07")
    assert "Найдено по «эскиз 07»" in manager.text
    assert manager.labels == ["📎 Эскиз 07.pdf", "‹ Назад", "🏠 Меню"]
    manager.tap("‹ Назад")
    assert "🔎 Найти" in manager.labels
    manager.tap("🔎 Найти").type("кровать")
    assert "Ничего не нашлось" in manager.text


def test_a_few_files_need_no_search(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    manager.send_file("a.pdf").tap("Шкаф").press(f"v1:files:{deal.id}")
    assert "🔎 Найти" not in manager.labels
    assert "Прислать все фото" not in manager.labels


def test_a_file_is_said_to_be_something_else_and_taken_out(shop: Shop, manager: Phone, installer: Phone) -> None:
    """K-7: «это документ»; a mistake is taken out by the responsible, after a question, with a line of history."""
    deal = shop.order(manager.person)
    manager.send_file("a.pdf").tap("Шкаф").press(f"v1:files:{deal.id}").tap("📎 a.pdf")
    manager.tap("Переложить в…")
    assert "Что это за файл?" in manager.text
    assert not [label for label in manager.labels if label.startswith("Фото")], "a PDF is no photo"
    manager.tap("Прочие документы")
    assert manager.toast == "Переложено"
    found = deal_queries.find(shop.work(), deal.id)
    assert found is not None
    assert found.fields["documents"] == (1,)
    for data in ("v1:fdel:1", "v1:fdel_yes:1", "v1:fmove:1", "v1:fput:1:design"):
        with pytest.raises(NotAllowed):
            installer.press(data)
    manager.tap("📎 a.pdf").tap("Убрать из папки")
    assert "Убрать файл из папки?" in manager.text
    manager.tap("Убрать")
    assert manager.toast == "Файл убран в корзину"
    assert "Пока ничего нет" in manager.text
    manager.press(f"v1:history:{deal.id}")
    assert "файл a.pdf убран из папки" in manager.text
    assert "файл a.pdf переложен: Прочие документы" in manager.text
    with pytest.raises(NotFound):
        manager.press("v1:fdel_yes:1")


def test_a_removed_file_is_found_in_the_bin_and_put_back(shop: Shop, manager: Phone, installer: Phone) -> None:
    """Safety 21: who removed it, when, until when it is kept; one tap puts it back."""
    deal = shop.order(manager.person)
    manager.send_file("a.pdf", size=2048).tap("Шкаф").press(f"v1:files:{deal.id}")
    assert not [label for label in manager.labels if "Корзина" in label]
    manager.tap("📎 a.pdf").tap("Убрать из папки")
    assert "полежит в корзине сделки 30 дней: до тех пор его можно вернуть" in manager.text
    manager.tap("Убрать").tap("🗑 Корзина · 1")
    assert manager.text.splitlines()[3:] == [
        "📎 a.pdf · Прочее · 2 КБ · Мария · 10.03.26 12:00",
        "Убрано: Мария, 10.03.26 12:00; хранится до 09.04.26",
    ]
    with pytest.raises(NotAllowed):
        installer.press(f"v1:bin:{deal.id}")
    with pytest.raises(NotAllowed):
        installer.press("v1:fback:1")
    manager.tap("↩️ Вернуть: a.pdf")
    assert manager.toast == "Файл снова в папке"
    assert "📎 a.pdf" in manager.labels
    with pytest.raises(NotFound):
        manager.press("v1:fback:1")
    manager.press(f"v1:bin:{deal.id}")
    assert "Здесь пусто" in manager.text
    manager.press(f"v1:history:{deal.id}")
    assert "файл a.pdf возвращён из корзины: Прочее" in manager.text


def test_a_full_bin_has_pages(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    for n in range(9):
        manager.send_file(f"{n}.pdf", unique=str(n), album="1")
    manager.tap("Шкаф")
    for one in deal_files.of_deal(shop.work(manager.person), deal.id):
        folder_changes.remove(shop.work(manager.person), one.id)
    manager.press(f"v1:files:{deal.id}").tap("🗑 Корзина · 9").tap("›")
    assert [label for label in manager.labels if "Вернуть" in label] == ["↩️ Вернуть: 0.pdf"]
    manager.tap("‹")
    assert len([label for label in manager.labels if "Вернуть" in label]) == 8


def test_a_form_forgets_a_file_that_was_removed_meanwhile(shop: Shop, manager: Phone) -> None:
    deal = shop.order(manager.person)
    visit = manager.as_request()
    manager.do(form_runner.begin(visit, FillPurpose(deal.id), ["documents"], process=shop.process, deal=deal))
    manager.send_file("a.pdf").send_file("b.pdf")
    folder_changes.remove(shop.work(manager.person), 1)
    manager.tap("Готово")
    found = deal_queries.find(shop.work(), deal.id)
    assert found is not None
    assert found.fields["documents"] == (2,)


def test_k_8_files_sent_several_ways_answer_one_question(shop: Shop, manager: Phone) -> None:
    """K-8: the question takes documents, an album, photos, in one go, and counts each once."""
    deal = shop.order(manager.person)
    visit = manager.as_request()
    purpose = FillPurpose(deal.id)
    manager.do(form_runner.begin(visit, purpose, ["documents"], process=shop.process, deal=deal, again=True))
    manager.send_file("договор.pdf")
    manager.send_file("1.jpg", kind="photo", album="8").send_file("2.jpg", kind="photo", album="8")
    manager.send_file("договор.pdf").send_file("акт.mp4", kind="video")
    manager.tap("Готово")
    found = deal_queries.find(shop.work(), deal.id)
    assert found is not None
    assert len(found.fields["documents"]) == 4


def test_k_8_an_album_that_outlives_its_question_lands_in_the_same_folder(shop: Shop, manager: Phone) -> None:
    """K-8: the rest of an album that comes after «Готово» (a restart) goes to the same folder, not to what is next."""
    deal = shop.order(manager.person)
    purpose = FillPurpose(deal.id)
    fields = ["documents", "design"]
    manager.do(form_runner.begin(manager.as_request(), purpose, fields, process=shop.process, deal=deal, again=True))
    manager.send_file("1.jpg", kind="photo", album="8").tap("Готово")
    assert "Дизайн" in manager.text
    last = max(manager.messages)
    manager.send_file("2.jpg", kind="photo", album="8").send_file("3.jpg", kind="photo", album="8")
    assert max(manager.messages) == last, "silently"
    manager.send_file("макет.pdf").tap("Готово")
    manager.send_file("4.jpg", kind="photo", album="8")
    lies = {one.name: one.field for one in deal_files.of_deal(shop.work(manager.person), deal.id)}
    assert lies == dict.fromkeys([f"{n}.jpg" for n in (1, 2, 3, 4)], "documents") | {"макет.pdf": "design"}
    begun = form_runner.begin(manager.as_request(), purpose, ["documents"], process=shop.process, deal=deal, again=True)
    manager.do(begun)
    manager.tap("Готово")
    found = deal_queries.find(shop.work(), deal.id)
    assert found is not None
    assert len(found.fields["documents"]) == 4, "asked again, the question has them all"


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
    one = deal_files.of_deal(shop.work(manager.person), deal.id)[0]
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
    assert deal_queries.get(shop.work(manager.person), deal.id)


def test_a_forged_file_is_not_there(shop: Shop, manager: Phone) -> None:
    with pytest.raises(NotFound):
        manager.press("v1:file:zz")
