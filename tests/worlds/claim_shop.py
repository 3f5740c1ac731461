"""A small shop for tests of claims (K-24) and of practice (K-2): its process, its people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from models.entities import Deal
from models.process import checks, parse
from models.process.process import Process
from models.values.work_calendar import WorkCalendar
from services import processes
from services.deals import deal_commands
from services.unit_of_work import Company, UnitOfWork
from tests.worlds.office import PROCESS, ZONE, Office, open_office

SHOP = """\
process: kitchens
title: Магазин кухонь
client: {name: name, phone: phone}
silence: {every: 7d, escalate: supervisor, text: "По сделке тихо"}
sections: {about: {title: О сделке}}
fields:
  name: {title: Имя клиента, type: text, section: about}
  phone: {title: Телефон, type: phone, section: about}
  comment: {title: Что нужно, type: text, section: about}
  total: {title: Сумма договора, type: money, section: about}
  fitter: {title: Монтажник, type: person, role: installer, section: about}
  claim: {title: Претензия, type: text, section: about}
  claim_photos: {title: Фото претензии, type: photo, section: about}
  word: {title: Слово клиента, type: text, section: about}
tasks:
  settle:
    title: Уладить претензию
    due: {after: 2d}
    outcomes:
      settled: {title: Клиент доволен, style: success, ask: [word], do: [{settle_claim: word}]}
      repair:
        title: Открыть ремонт
        stays: true
        if: {runs: furniture}
        do: [{convert: "furniture:repair", fill: {fault: claim}}]
pipelines:
  general:
    title: Общее
    new: {button: Новая сделка, ask: [name, phone], title: "Кухня · {name}"}
    stages: &stages
      contract:
        title: Договор
        leave: {requires: [total]}
        fields: [total]
        tasks:
          sign: {title: Подписать договор, due: {after: 1d}}
        robots:
          - {on: {stuck: 3d}, escalate: supervisor, text: "Договор не подписан"}
          - {on: {tap: Кнопка мебели}, if: {runs: nowhere}, notify: responsible, text: "Нажали"}
          - {on: {filled: total}, notify: technologist, text: "Сумма: {total}"}
      assembly:
        title: Монтаж
        tasks:
          job:
            title: Собрать кухню
            to: fitter
            due: {after: 1d}
            outcomes:
              done: {title: Собрано, style: success}
              claim:
                title: Есть претензия
                style: danger
                ask: [claim, claim_photos]
                do: [{open_claim: claim, photos: claim_photos}]
        robots:
          - on: {becomes: claim_open}
            do:
              - {escalate: supervisor, text: "Претензия по сделке {client}: {claim}"}
              - {give: settle}
          - {on: {becomes: claim_settled}, notify: responsible, text: "Претензия улажена: {word}"}
      won:
        title: Успех
        ending: won
        enter: {if: {not: {known: claim_open}, why: "Сначала уладьте претензию"}}
        robots:
          - on: {becomes: claim_open}
            do: [{escalate: supervisor, text: "Претензия после закрытия"}, {give: settle}]
      lost: {title: Отказ, ending: lost, from_any: true}
  school:
    title: Обучение
    kind: practice
    new: {button: Начать учебную сделку, ask: [name, phone], title: "Кухня · {name}"}
    stages: *stages
"""


def read(text: str = SHOP) -> Process:
    """The process; every problem of the file is told."""
    process, problems, lines = parse.read(text, "shop.yaml")
    assert process is not None, problems
    found = checks.find_problems(process, "shop.yaml", lines)
    assert not found, "\n".join(map(str, found))
    return process


KITCHENS = read()
ALONE = Company({"kitchens": KITCHENS}, WorkCalendar(ZONE))
BOTH = Company({"kitchens": KITCHENS, **processes.load([PROCESS])}, WorkCalendar(ZONE))


async def open_shop(database: Any, company: Company = ALONE) -> Office:
    """The office's people in the kitchen shop."""
    office = await open_office(database)
    office.company = company
    return office


def begin(work: UnitOfWork, office: Office, pipeline: str = "general", who: str = "manager", **values: Any) -> Deal:
    """A deal of the manager."""
    told = {"name": "Мария Иванова", "phone": "+79123456789", **values}
    return deal_commands.begin(work, KITCHENS, pipeline, told, source="manual", responsible_id=office.staff[who].id)


def load(folder: Path, **files: str) -> dict[str, Process]:
    """Process files written into a folder, and read."""
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return processes.load(folder)
