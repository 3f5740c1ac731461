"""A shop that measures and keeps «Учёт клиентов», small enough to be read at one glance (M-5)."""

from __future__ import annotations

from functools import cache

from models.process import checks, parse
from models.process.process import Process

TEXT = """
process: visits
title: Замеры
client: {name: name, phone: phone}
intake: {pipeline: leads, comment: comment}
silence: {every: 7d, escalate: supervisor, text: Тишина}
sections:
  about: {title: О сделке}
ledger:
  title: Учёт клиентов
  date: measure_on
  sum: calc_total
  contract_sum: contract_total
  contract_number: contract_number
  result: visit_result
  statuses: {premeasure: Замер назначен, again: Повторный выезд, won: Договор заключён, lost: Отказ}
fields:
  name: {title: Имя, type: text, longest: 120, section: about}
  phone: {title: Телефон, type: phone, section: about}
  comment: {title: Что нужно, type: text, section: about}
  address: {title: Адрес, type: address, parts: [city, street, house], section: about}
  calc_total: {title: Сумма просчёта, type: money, section: about}
  measure_on: {title: Предполагаемая дата замера, type: date, section: about}
  visit_result:
    title: Результат замера
    type: choice
    options: {contract: Заключён договор, none: Листов нет}
    section: about
  contract_number: {title: № договора, type: text, section: about}
  contract_total: {title: Сумма договора, type: money, section: about}
  discount: {title: Скидка, type: money, at_least: 0, section: about}
  full_name: {title: ФИО клиента, type: text, section: about}
  lost_result:
    title: Результат
    type: choice
    options: {before: Отказ перед замером, after: Отказ после замера}
    section: about
pipelines:
  leads:
    title: Лиды
    kind: lead
    stages:
      new:
        title: Новый
        robots: [{on: {stuck: 3d}, escalate: supervisor, text: Лид стоит}]
      done: {title: Готово, ending: won, robots: [{on: enter, do: [{create_clients: contact}, {convert: sales}]}]}
      bad: {title: Плохой, ending: lost, from_any: true}
  sales:
    title: Продажи
    new: {ask: [name, phone, comment], button: Новая сделка, title: "{comment} · {name}"}
    stages:
      calc:
        title: Просчёт
        next: [premeasure, won]
        fields: [measure_on, calc_total]
        robots:
          - {on: {tap: Отложить}, carry: later}
          - {on: {stuck: 3d}, escalate: supervisor, text: Просчёт стоит}
      premeasure:
        title: Предзамер
        next: [again, won]
        robots:
          - {on: {tap: Отложить}, carry: later}
          - {on: {stuck: 3d}, escalate: supervisor, text: Замер стоит}
      again:
        title: Повторный замер
        next: [won]
        robots: [{on: {stuck: 3d}, escalate: supervisor, text: Повторный замер стоит}]
      won: {title: Успех, ending: won}
      lost: {title: Проигрыш, ending: lost, from_any: true}
  later:
    title: Отложенный спрос
    kind: deferred
    stages:
      waits:
        title: Ждёт
        next: [dropped]
        robots: [{on: {stuck: 30d}, escalate: supervisor, text: Пора позвонить}]
      dropped: {title: Отказ, ending: lost}
"""


@cache
def visits() -> Process:
    """The process, sound by every check."""
    process, problems, lines = parse.read(TEXT, "visits.yaml")
    assert process is not None, problems
    found = checks.find_problems(process, "visits.yaml", lines)
    assert not found, found
    return process
