"""What a rule of a process says about itself, for «Почему мне это пришло?» and beside a message to the client."""

from __future__ import annotations

from keyboards.notices import trigger_words
from keyboards.translator import Translator
from models.engine import claim_runs, engine_run, holds, silences, task_escalations
from models.process.process import Process
from models.process.triggers import Enter


def rule_in_words(process: Process, rule: str, t: Translator) -> str:
    """The stage of a rule and when it fires."""
    pipeline, _, rest = rule.partition(".")
    line = process.pipelines.get(pipeline)
    stage = process.find_stage(pipeline, rest.partition(".")[0])
    if rule == silences.SILENCE:
        return t("Давно ничего не происходит: правило следит за каждой открытой сделкой")
    if rule == claim_runs.CLAIM:
        return t("Клиент предъявил претензию")
    if rule == task_escalations.UNDONE:
        return t("Задача не сделана: пока она открыта, о ней узнают те, кто выше исполнителя")
    if rule == task_escalations.UNREADY:
        return t("Назначенный день ждёт этой задачи, а она не сделана")
    if rule == engine_run.MONEY:
        return t("Деньги клиента: о возвратах и о деньгах законченных сделок знает руководитель")
    if rule == holds.HOLDS:
        return t("То, что на этой стадии должно оставаться верным, изменилось")
    if line is None or stage is None:
        return t("Сообщение от человека или по задаче")
    robot = process.rules.get(rule)  # None for a task that the stage gives on entering, and for a rule that is gone
    when = trigger_words.when(robot.on if robot else Enter(), t)
    return t("«{pipeline}», стадия «{stage}»: {when}", pipeline=t(line.title), stage=t(stage.title), when=when)
