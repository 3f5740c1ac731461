"""What a rule of a process says about itself, for «Почему мне это пришло?» and beside a message to the client."""

from __future__ import annotations

from keyboards.translator import Translator
from models.engine import engine_run
from models.process import robots as r
from models.process.process import Process
from models.process.robots import Robot


def rule_in_words(process: Process, rule: str, t: Translator) -> str:
    """The stage of a rule and when it fires."""
    pipeline, _, rest = rule.partition(".")
    line = process.pipelines.get(pipeline)
    stage = process.find_stage(pipeline, rest.partition(".")[0])
    if rule == engine_run.SILENCE:
        return t("Давно ничего не происходит: правило следит за каждой открытой сделкой")
    if rule == engine_run.CLAIM:
        return t("Клиент предъявил претензию")
    if line is None or stage is None:
        return t("Сообщение от человека или по задаче")
    when = _when(process.rules.get(rule), t)
    return t("«{pipeline}», стадия «{stage}»: {when}", pipeline=t(line.title), stage=t(stage.title), when=when)


def _when(robot: Robot | None, t: Translator) -> str:
    match robot.on if robot else None:
        case r.Stuck(stuck=span):
            return t("стадия не меняется {span}", span=t.span(span))
        case r.OnDate():
            return t("по дате в карточке")
        case r.Changed() | r.FilledIn():
            return t("поле заполнено или изменено")
        case r.Closed():
            return t("закрыта задача")
        case r.Tapped():
            return t("нажата кнопка")
        case r.Becomes(becomes="claim_open"):
            return t("клиент предъявил претензию")
        case r.Becomes(becomes="claim_settled"):
            return t("претензия улажена")
        case r.Becomes():
            return t("заказ полностью оплачен")
        case _:
            return t("переход на эту стадию")
