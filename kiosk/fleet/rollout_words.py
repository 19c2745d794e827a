"""What is said of a rollout: how far it has come, why it was halted, what stands in the log of actions."""

from __future__ import annotations

from kiosk.fleet.hands import NAME_SHOWN
from kiosk.fleet.model import Cause, Concern, Condition, Fleet
from kiosk.fleet.others import Elsewhere
from kiosk.fleet.rollout import Rollout
from kiosk.fleet.waves import Halted, News, Through, WaveBegun, Why
from kiosk.fleet.words import cause_words, moment_words, room_name, room_names
from pageview.paper_words import clean_name
from pageview.wording import say


def stage_words(rollout: Rollout, fleet: Fleet, minutes: float) -> tuple[str, str]:
    """How far it has come, and in which tone; "" when nothing is under way."""
    stage = rollout.stage
    if stage.back:
        words = say("前の設定に戻しています。残り{n}台。", n=len(stage.back))
        later = [each for each in stage.back if not _answers(each, fleet)]
        if later:
            rooms = room_names(later, fleet)
            words += say("{rooms}は、応答するか説明が終わると戻ります。", rooms=rooms)
        return words, "warn"
    still = rollout.still(fleet)
    if stage.halted is not None:
        words = halted_words(stage.halted, fleet, minutes)
        untold = sum(not rollout.has_it(device) for device in still)
        told = sum(map(rollout.has_it, stage.reached))
        if untold:
            words += say("まだの{n}台は、いまの設定のままです。", n=untold)
        if told:
            words += say("反映したのは{n}台です。", n=told)
        return words, "err"
    if not stage.wave:
        return "", ""
    done = stage.size - len(stage.members)
    if not stage.members:
        words = say("{n}台に反映しました。", n=len(stage.passed))
        return words + say("{n}台は、応答するか説明が終わると反映されます。", n=len(still)), ""
    if stage.wave == 1:
        words = say("まず{rooms}で確かめています。", rooms=room_names(stage.members, fleet))
    else:
        words = say("第{n}波：{size}台のうち{done}台が戻りました。", n=stage.wave, size=stage.size, done=done)
    others = sum(device not in stage.members for device in still)
    return words + (say("このあと{n}台です。", n=others) if others else ""), ""


def elsewhere_words(other: Elsewhere) -> str:
    """Who at another console takes settings through the house, since when and how far; or that it has halted
    there."""
    who, when = clean_name(other.by, NAME_SHOWN), moment_words(other.begun)
    if not other.active:
        words = say("{who}の端末で{when}に始めた反映が、まだ終わっていません", who=who, when=when)
    else:
        words = say("{who}の端末が、{when}から設定を反映しています", who=who, when=when)
    return words + say("（{count}台のうち{done}台）。", count=other.count, done=other.done)


def halted_words(halted: Halted, fleet: Fleet, minutes: float) -> str:
    """Why nobody else is told anything."""
    display = fleet.displays.get(halted.device)
    name = "" if display is None else room_name(display)
    match halted.why:
        case Why.BY_HAND:
            return say("反映を止めています。")
        case Why.REFUSED:
            return say("{name}が設定を断ったので、止めました（{why}）。", name=name, why=halted.text[:300])
        case Why.ELSEWHERE:
            words = say(
                "{name}の設定がほかの管理の端末で変わったので、止めました（{why}）。",
                name=name,
                why=halted.text,
            )
            return words + say("違いを見て、残すか、もう一度反映するかを決めてください。")
        case Why.SECOND:
            words = say("{who}も設定を反映しているので、止めました。", who=halted.text)
            return words + say("そちらが終わってから続けてください。")
        case Why.LATE:
            return say(
                "{name}が、設定を変えて{n:g}分たっても戻らないので、止めました。", name=name, n=minutes
            )
        case Why.RETURNED:
            return say("{name}が、つながらずに前の設定へ戻ったので、止めました。", name=name)
        case Why.DIFFERS:
            return say("{name}が、新しい設定にならずに戻ったので、止めました。", name=name)
        case Why.TROUBLE:
            number = 0 if display is None else display.number
            concern = Concern(Cause(halted.cause), halted.device, number, 0.0, halted.value)
            return say("{name}に問題が出たので、止めました：{why}", name=name, why=cause_words(concern))


def news_words(news: News, fleet: Fleet, minutes: float) -> str:
    """As it stands in the log of actions."""
    match news:
        case WaveBegun(wave, devices):
            rooms = room_names(devices, fleet)
            return say("設定の反映：第{n}波、{count}台（{rooms}）", n=wave, count=len(devices), rooms=rooms)
        case Through(count, back=True, left=left):
            words = say("設定の反映：{n}台が前の設定に戻った", n=count)
            return words + (say("（{n}台は戻っていない）", n=left) if left else "")
        case Through(count):
            return say("設定の反映：{n}台に終わった", n=count)
        case Halted():
            return say("設定の反映：{why}", why=halted_words(news, fleet, minutes))


def _answers(device: bytes, fleet: Fleet) -> bool:
    display = fleet.displays.get(device)
    return display is None or (display.linked and fleet.condition(device) is not Condition.BRIEFING)
