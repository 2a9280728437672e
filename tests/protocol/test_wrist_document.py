"""docs/WRIST.md says what the code does."""

from paceline_protocol import wrist_notices, wrist_pack, wrist_plan, wrist_settings
from protocol.document_tables import assert_code_tables_agree, assert_layouts_agree, section


def test_settings_are_specified_as_they_are_packed() -> None:
    assert_layouts_agree("WRIST.md", {1: wrist_pack.HEAD, 2: wrist_pack.USER, 3: wrist_pack.GOAL})


def test_plans_are_specified_as_they_are_packed() -> None:
    assert_layouts_agree("WRIST.md", {4: wrist_pack.PLANS, 5: wrist_pack.PLAN, 6: wrist_pack.STEP})
    assert wrist_pack.PLANS.size == wrist_plan.HEAD_SIZE
    assert wrist_pack.STEP.format == wrist_plan.STEP_FORMAT
    assert wrist_plan.step_at(0, 0) == wrist_pack.PLAN.size
    assert wrist_plan.step_at(0, 1) - wrist_plan.step_at(0, 0) == wrist_pack.STEP.size


def test_the_formats_of_the_wrist_are_those_of_the_tables() -> None:
    assert wrist_pack.HEAD.size == wrist_settings.HEAD_SIZE
    assert wrist_pack.USER.format == wrist_settings.USER_FORMAT
    assert wrist_pack.GOAL.format == wrist_settings.GOAL_FORMAT
    assert wrist_settings.goal_at(0, 0) - wrist_settings.user_at(0) == wrist_pack.USER.size
    assert wrist_settings.goal_at(0, 1) - wrist_settings.goal_at(0, 0) == wrist_pack.GOAL.size
    assert wrist_settings.goal_at(0, 3) == wrist_settings.user_at(1)


def test_notices_are_specified_as_they_are_packed() -> None:
    assert_layouts_agree("WRIST.md", {7: wrist_pack.NOTICES, 8: wrist_pack.NOTICE})
    assert wrist_pack.NOTICES.size == wrist_notices.HEAD_SIZE == wrist_notices.notice_at(0)
    assert wrist_pack.NOTICE.format == wrist_notices.NOTICE_FORMAT
    assert wrist_notices.notice_at(1) - wrist_notices.notice_at(0) == wrist_pack.NOTICE.size
    assert f"Up to {wrist_notices.MOST_NOTICES} notices" in section("WRIST.md", "## Notices")


def test_codes_are_specified() -> None:
    assert_code_tables_agree(section("WRIST.md", "### Codes"), wrist_settings)
    assert_code_tables_agree(section("WRIST.md", "### Codes of steps"), wrist_plan)
