"""A shop that takes payments, small enough to be read at one glance (K-13, K-14, K-17, K-18)."""

from __future__ import annotations

from functools import cache

from models.process import checks, parse
from models.process.process import Process

TEXT = """
process: bench
title: Верстаки
client: {name: name, phone: phone}
silence: {every: 7d, escalate: supervisor, text: Тишина}
payments:
  total: price
  methods: {card: Карта, cash: Наличные}
sections:
  about: {title: О сделке}
  payment: {title: Детали по оплате}
fields:
  name: {title: Имя, type: text, longest: 120, section: about}
  phone: {title: Телефон, type: phone, section: about}
  comment: {title: Что нужно, type: text, section: about}
  price: {title: Сумма договора, type: money, section: payment}
  prepayment: {title: Сумма предоплаты, type: payment, of: price, section: payment}
  rest: {title: Доплата, type: payment, of: price, section: payment}
  ready_on: {title: Дата готовности, type: date, section: about}
pipelines:
  order:
    title: Общее
    kind: deal
    new: {ask: [name, phone, comment], button: Новая сделка, title: "{comment} · {name}"}
    stages:
      contract:
        title: Договор
        next: [prepaid]
        robots:
          - {on: enter, pin: "Договор {price} · оплачено {paid} · остаток {balance}"}
          - {on: {stuck: 3d}, escalate: supervisor, text: Договор не подписан}
      prepaid:
        title: Предоплата получена
        enter: {requires: [prepayment]}
        fields: [rest]
        next: [full, done]
        robots:
          - {on: {becomes: paid_in_full}, move: full}
          - {on: {changed: ready_on}, notify: responsible, text: "Готовность была {was}, стала {ready_on}"}
          - {on: {stuck: 3d}, escalate: supervisor, text: Ждём денег}
      full:
        title: Доплата получена
        enter: {if: {known: paid_in_full}}
        next: [done]
        robots:
          - {on: {stuck: 3d}, escalate: supervisor, text: Что дальше}
      done: {title: Готово, ending: won}
      off: {title: Отказ, ending: lost, from_any: true}
"""


@cache
def bench() -> Process:
    """The process, sound by every check."""
    process, problems, lines = parse.read(TEXT, "bench.yaml")
    assert process is not None, problems
    found = checks.find_problems(process, "bench.yaml", lines)
    assert not found, found
    return process
