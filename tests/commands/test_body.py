"""gongkai body: which division a name means."""

from __future__ import annotations

import json
from collections.abc import Callable

Run = Callable[..., tuple[int, str, str]]


def test_a_name_that_several_places_have_lists_them_and_takes_none(gongkai: Run) -> None:
    code, out, _ = gongkai("body", "仓山镇")
    assert code == 0
    assert "division  none: several places bear this name; name one with --in PLACE" in out
    assert (
        "candidate 350104100 福建省/福州市/仓山区/仓山镇\ncandidate 510623117 四川省/德阳市/中江县/仓山镇\n"
        in out
    )


def test_a_place_settles_it(gongkai: Run) -> None:
    out = gongkai("body", "仓山镇", "--in", "中江县")[1]
    assert "division  510623117 四川省/德阳市/中江县/仓山镇\nevidence  full_name, hint\n" in out


def test_programs_get_the_same(gongkai: Run) -> None:
    found = json.loads(gongkai("body", "科左后旗卫生健康委员会", "--json")[1])
    assert (found["division_code"], found["level"], found["organ"]) == ("150522", "county", "卫生健康委员会")
    assert found["division"]["parents"] == ["内蒙古自治区", "通辽市"]
    assert found["evidence"] == ["short_name"]


def test_a_place_that_is_two_is_refused(gongkai: Run) -> None:
    code, out, err = gongkai("body", "城关镇", "--in", "吉林")
    assert (code, out) == (2, "")
    assert err == "gongkai body: 吉林 may be 220000 吉林省; 220200 吉林省/吉林市; put the place before it\n"


def test_a_run_refuses_a_place_that_is_none(gongkai: Run, tmp_path: object) -> None:
    code, _, err = gongkai("run", tmp_path, "--to", f"{tmp_path}/out", "--in", "没有县")
    assert code == 2
    assert "there is no division 没有县 in the table" in err
