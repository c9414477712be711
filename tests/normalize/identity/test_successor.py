from __future__ import annotations

import pytest

from gongkai.normalize.identity.successor import YearsOfBody, find_predecessors


@pytest.mark.parametrize(
    ("before", "after", "follows"),
    [
        (("341824/国土资源局", 2010, 2018), ("341824/自然资源局", 2019, 2023), True),
        (("341824/卫生和计划生育委员会", 2014, 2018), ("341824/卫生健康局", 2019, 2023), True),
        (("341824/扶贫开发领导小组办公室", 2012, 2020), ("341824/乡村振兴局", 2021, 2023), True),
        (("341824/国土资源局", 2010, 2018), ("341825/自然资源局", 2019, 2023), False),  # another county
        (("341824/国土资源局", 2010, 2021), ("341824/自然资源局", 2019, 2023), False),  # both at once
        (("341824/国土资源局", 2008, 2012), ("341824/自然资源局", 2013, 2014), False),  # before the reform
        (("341824/财政局", 2010, 2018), ("341824/自然资源局", 2019, 2023), False),
    ],
)
def test_a_reform_links_two_bodies_of_one_place(
    before: tuple[str, int, int], after: tuple[str, int, int], follows: bool
) -> None:
    old, new = YearsOfBody(*before), YearsOfBody(*after)
    assert list(find_predecessors(new, [old, new])) == ([old.id] if follows else [])
    assert list(find_predecessors(old, [old, new])) == []
