"""docs/POWER.md tells the budget as it is computed, and the budget the firmware's own duty cycles."""

from pathlib import Path

from paceline_tools import power_budget as budget
from wearable import motion_sense, power
from wearable.drivers import max3010x
from wearable.signal import led_current

DOCUMENT = (Path(__file__).parents[2] / "docs" / "POWER.md").read_text()


def test_the_tables_are_those_computed() -> None:
    assert "\n".join(budget.tables()) in DOCUMENT, "python -m paceline_tools.power_budget"


def test_the_duty_cycles_are_the_firmwares() -> None:
    assert (power.HEART_WINDOW_S, power.HEART_EVERY_S) == (budget.HEART_WINDOW_S, budget.HEART_EVERY_S)
    assert (power.ADVERTISE_FAST_MS, power.ADVERTISE_SLOW_MS) == (budget.ADVERTISE_FAST_MS, budget.ADVERTISE_SLOW_MS)
    assert (power.CPU_MHZ, power.CPU_PULLED_MHZ) == (budget.CPU_MHZ, budget.CPU_PULLED_MHZ)
    assert max3010x.FIFO_CALL / max3010x.SAMPLE_RATE_HZ == budget.HEART_CALL_S
    assert motion_sense.IDLE_SAMPLES / 26 == budget.MOTION_IDLE_CALL_S
    assert led_current.START == max3010x.START_CURRENT == budget.LED_STEPS
    assert max3010x.LED_STEP_UA == 1000 * budget.LED_STEP_MA


def test_each_part_saves_where_the_policy_says_so() -> None:
    draws = {state.name: budget.consumers(state, light_sleep=True) for state in budget.STATES}
    run, saved, indoors = draws["outdoor workout"], draws["outdoor workout, battery low"], draws["indoor workout"]
    assert run["GPS"] > saved["GPS"] > 10 * indoors["GPS"]
    assert draws["worn, no workout"]["heart rate"] < run["heart rate"] / 10
    assert all(
        budget.total_ma(state, light_sleep=True) < budget.total_ma(state, light_sleep=False) for state in budget.STATES
    )


def test_the_limits_that_the_document_tells_are_the_policys() -> None:
    for text in (
        f"Below {power.LOW_PERCENT} % it is *low*, from {power.LOW_ENDS_PERCENT} % on no longer",
        f"At {power.CRITICAL_PERCENT} % for {power.CRITICAL_AFTER_S} s",
        f"from {power.CRITICAL_ENDS_PERCENT} % or on the charger",
        f"{power.GPS_SEARCH_S} s of search every half hour",
        f"{power.HEART_WINDOW_S} s every {power.HEART_EVERY_S // 60} minutes while worn",
        f"{power.HEART_GLANCE_S} s to see whether it is worn",
        f"still for {power.STILL_S // 60} minutes",
    ):
        assert text in DOCUMENT, text
