"""Reads the meters: which days, by whom, and what they showed."""

from __future__ import annotations

from ebok.operations.town.months import Calendar, Month
from ebok.operations.town.plan import Chain, Plan, PointPlan, Step


def read(plan: Plan, calendar: Calendar) -> None:
    """Fill the steps of every chain of the customer."""
    for point in plan.points:
        if point.chains and plan.last >= plan.first:
            kinds = _kinds(plan, point, calendar)
            for chain in point.chains:
                _count(plan, chain, kinds, calendar)


def opening_day(plan: Plan, calendar: Calendar) -> int:
    """The day of the reading the customer's time in the window begins with."""
    return calendar.months[plan.first].first if plan.first else calendar.start


def ends_period(plan: Plan, month: Month, calendar: Calendar) -> bool:
    """Whether the customer is billed for the time up to the end of this month."""
    if plan.wish.cycle == 1 or (month.place == plan.last and plan.closes(calendar)):
        return True
    return (month.year * 12 + month.number + plan.phase) % 2 == 0


def _prices_change_after(month: Month, calendar: Calendar) -> bool:
    following = month.place + 1
    return following < len(calendar.months) and calendar.months[following].tariff_year != month.tariff_year


def _kinds(plan: Plan, point: PointPlan, calendar: Calendar) -> list[str]:
    """For each month of the customer how the state of its last day is known; "" where it is not."""
    count, random, wish = len(calendar.months), plan.random.random, plan.wish
    found = []
    for month in calendar.months[plan.first : plan.last + 1]:
        roll = random()
        if count - wish.estimated <= month.place < count - 1:
            found.append("estimated")
        elif (month.place == plan.last and plan.closes(calendar)) or wish.stuck or wish.estimated:
            found.append("actual")
        elif wish.radio:
            found.append("remote" if roll < 0.985 else "estimated")
        elif ends_period(plan, month, calendar):
            found.append("actual" if roll < 0.68 else "customer" if roll < 0.86 else "estimated")
        else:
            found.append("estimated" if _prices_change_after(month, calendar) else "")
    return found


def _count(plan: Plan, chain: Chain, kinds: list[str], calendar: Calendar) -> None:
    """Go through the months; an estimate is never more than what the register really shows."""
    meter, shown, day = chain.meters[0].number, chain.start, opening_day(plan, calendar)
    total, average, passed, grain = chain.start, 0, 0, chain.grain
    steps = chain.steps
    for month, kind, used in zip(calendar.months[plan.first :], kinds, chain.usage, strict=False):
        total += used
        passed += 1
        if month.place == chain.exchange_place:
            new = chain.meters[1]
            rest = used * (month.last - new.mounted) // month.days
            value = (total - rest) // grain * grain
            steps.append(Step(meter, day, shown, new.mounted, value, "actual", month.place))
            old = chain.meters[0]
            old.removed, old.removed_value = new.mounted, value
            meter, shown, day, total = new.number, new.mounted_value, new.mounted, new.mounted_value + rest
        if not kind:
            continue
        value = total // grain * grain
        if kind == "estimated":
            value = min(value, shown + average * passed // grain * grain)
        steps.append(Step(meter, day, shown, month.last, value, kind, month.place))
        average, passed = (value - shown) // passed, 0
        shown, day = value, month.last
