"""What somebody wants to be told, browsers, letters that wait, meals: the statements, on both databases."""

from dataclasses import replace

import pytest
from paceline_server.errors import ConflictError
from paceline_server.health import store as meals
from paceline_server.health.model import Meal
from paceline_server.keys import DATABASE
from paceline_server.notifications import store
from paceline_server.notifications.model import CHANNELS, DIGEST, GEAR, GOAL, INBOX, MAIL, REMINDER, Rules, Tale
from paceline_server.platform.ids import new_id
from paceline_server.platform.paging import Page
from paceline_server.push import store as push
from paceline_server.push.model import MOST_SUBSCRIPTIONS, Subscription
from server.running_server import RunningServer, make_person

WANTED = Rules(1320, 420, 1080, 0b000_0101, 480, 3, 24, {(GEAR, MAIL): True, (GOAL, INBOX): False})


def test_rules_come_back_as_they_were_set_and_a_tale_is_told_once(one_server: RunningServer) -> None:
    ann, bob = (make_person(one_server, name).owner_id for name in ("rules-ann", "rules-bob"))
    read, write = one_server.app[DATABASE].read_now, one_server.app[DATABASE].write_now
    assert read(store.rules, ann) == Rules()
    for wanted in (WANTED, replace(WANTED, digest_min=None, switches={})):
        write(store.set_rules, ann, wanted, 1.0)
        assert read(store.rules, ann) == wanted and read(store.rules, bob) == Rules()
    write(store.set_rules, ann, WANTED, 1.0)
    shown, hidden = Tale(GEAR, "shoes", "Worn", "Text"), Tale(GOAL, "goal", "Reached", "Text")
    told = [write(store.tell, ann, tale, 100.0) for tale in (shown, shown, hidden)]
    assert told == [True, False, True] and write(store.tell, bob, shown, 100.0)
    assert [one.title for one in read(store.page, ann, Page(10, 0))] == ["Worn"]
    assert read(store.unread, ann) == 1 and read(store.mailed, ann, DIGEST, 1e9) == []  # no address is confirmed
    assert write(store.note_read, ann, None, 200.0) == 1 and read(store.unread, bob) == 1
    assert write(store.remove, ann, read(store.page, ann, Page(10, 0))[0].notice_id, 300.0)
    assert read(store.page, ann, Page(10, 0)) == [] and not write(store.tell, ann, shown, 400.0)
    assert set(CHANNELS) >= {INBOX, MAIL}


def test_a_reminder_chosen_behind_its_hour_comes_on_the_next_day(one_server: RunningServer) -> None:
    cas = make_person(one_server, "rules-cas").owner_id
    read, write = one_server.app[DATABASE].read_now, one_server.app[DATABASE].write_now
    today, at_noon_s = Tale(REMINDER, "1970-01-03", "", ""), 2.5 * 86_400
    for reminder_min in (13 * 60, 11 * 60, 10 * 60):
        write(store.set_rules, cas, Rules(reminder_min=reminder_min), at_noon_s)
        assert read(store.is_told, cas, today) is (reminder_min < 12 * 60)
    assert read(store.page, cas, Page(10, 0)) == [] and read(store.unread, cas) == 0


def test_browsers_are_kept_forgotten_and_at_most_so_many(one_server: RunningServer) -> None:
    owner = make_person(one_server, "browsers").owner_id
    read, write = one_server.app[DATABASE].read_now, one_server.app[DATABASE].write_now
    each = [Subscription(owner, f"{number:032x}", "Browser", b"\0\xff", number) for number in range(MOST_SUBSCRIPTIONS)]
    assert all(write(push.add, one) for one in each) and not write(push.add, each[0])
    with pytest.raises(ConflictError):
        write(push.add, replace(each[0], subscription_id="f" * 32))
    assert read(push.every, owner) == each
    write(push.note_failing, owner, each[1].subscription_id, 5.0)
    found = read(push.get, owner, each[1].subscription_id)
    assert found is not None and found.failing_since_s == 5.0
    assert write(push.remove, owner, each[1].subscription_id)
    assert not write(push.remove, owner, each[1].subscription_id)


def test_meals_lie_between_two_moments(one_server: RunningServer) -> None:
    owner = make_person(one_server, "meals").owner_id
    database = one_server.app[DATABASE]
    eaten = [Meal(owner, new_id(number, bytes), None, "Soup", 100.5, 1000.0 * number) for number in (1, 2, 3)]
    for meal in eaten:
        database.write_now(meals.add, meal)
    assert database.read_now(meals.between, owner, 1000.0, 3000.0) == eaten[:2]
