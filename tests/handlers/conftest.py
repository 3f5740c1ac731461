"""A shop over an in-memory database, and its people's phones."""

import sqlite3
from collections.abc import Iterator

import pytest
from form_phone import Phone, Shop, copy_of, furniture, template


@pytest.fixture(scope="session")
def migrated() -> sqlite3.Connection:
    return template()


@pytest.fixture
def shop(migrated: sqlite3.Connection) -> Iterator[Shop]:
    with copy_of(migrated) as tx, tx.begin():
        yield Shop(tx, furniture())


@pytest.fixture
def manager(shop: Shop) -> Phone:
    shop.hire("owner", "Ольга")
    return shop.phone(shop.hire("manager", "Мария"))


@pytest.fixture
def installer(shop: Shop, manager: Phone) -> Phone:
    return shop.phone(shop.hire("installer", "Игорь Лукин"))
