"""Words and their parts of speech are those of jieba.posseg, which takes a second to load."""

from itertools import islice, product

import jieba.posseg
import pytest

from gongkai.normalize.form.word_class import add_up, dictionary, tag_words, total

#: Places, endings, verbs and particles, some of which no dictionary has a word for together.
PARTS = ["柳泉", "望湖", "青石桥", "镇", "已", "对", "人民政府", "龘", "负责", "和", "办事处", "东", "一"]


@pytest.mark.parametrize("length", [1, 2, 3])
def test_short_texts_are_cut_and_tagged_as_by_jieba(length: int) -> None:
    texts = ["".join(parts) for parts in islice(product(PARTS, repeat=length), 0, 600, length)]
    assert {text: tag_words(text) for text in texts} == {text: by_jieba(text) for text in texts}


def test_a_text_that_is_not_chinese_alone_is_left_to_jieba() -> None:
    assert tag_words("第3中学(东校区)") == by_jieba("第3中学(东校区)")


def by_jieba(text: str) -> list[tuple[str, str]]:
    jieba.setLogLevel(60)
    return [(pair.word, pair.flag) for pair in jieba.posseg.lcut(text)]


def test_the_sum_that_stands_in_the_code_is_that_of_the_dictionary() -> None:
    assert total() == add_up(dictionary())
