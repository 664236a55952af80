"""Which code a text in a claim means."""

from __future__ import annotations

from datetime import date

import pytest

from subsidy.model.level import Category, Stream
from subsidy.policy.policy import Policy
from subsidy.policy.problems import PolicyError
from subsidy.policy.texts import Title
from subsidy.policy.vocabulary import Classified, Vocabulary, read_classification
from tests.policy.support import Item, edition, policy

DAY = date(2023, 6, 1)


def occupation(code: str, name: str, **more: object) -> Item:
    return {"code": code, "name": {"zh": name}, **more}


def directory(published: str, *occupations: Item, name: str = "", **more: object) -> Item:
    return edition(name or f"d-{published}", published, published, occupations=list(occupations)) | more


class TestACodeMeansItself:
    """A code that any edition or the classification lists means itself (a former code: its present one)."""

    WHOLE = policy(
        "4-04-05-05,人工智能训练师,yes\n6-31-01-03,电工,no\n",
        occupations=[directory("2023-01-01", occupation("6-18-02-04", "焊工"), occupation("su-01", "苏绣工"))],
    )

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("6-18-02-04", "6-18-02-04"),
            ("６－１８－０２－０４", "6-18-02-04"),
            (" 6-18-02-04 ", "6-18-02-04"),
            ("4-04-05-05", "4-04-05-05"),
            ("su-01", "su-01"),
            ("SU-01", "su-01"),
            ("焊工", "6-18-02-04"),
            (" 焊 工", "6-18-02-04"),
            ("电工", "6-31-01-03"),
            ("9-99-99-99", "9-99-99-99"),  # well formed, found nowhere: it stays itself
            ("９-99-99-99", "9-99-99-99"),
            ("9-99-99-9", None),
            ("su-02", None),
            ("焊", None),
            ("", None),
        ],
    )
    def test_what_a_text_means(self, text: str, code: str | None) -> None:
        assert self.WHOLE.vocabulary.code_of(text) == code

    def test_an_alias_that_is_a_code_means_the_code(self) -> None:
        whole = policy(
            occupations=[directory("2023-01-01", occupation("a-1", "甲", aliases=["b-1"]), occupation("b-1", "乙"))]
        )
        assert whole.vocabulary.code_of("b-1") == "b-1"

    def test_an_occupation_that_no_edition_lists_has_its_name_and_mark_only(self) -> None:
        found = self.WHOLE.occupation("人工智能训练师", DAY)
        assert found is not None
        assert (found.code, found.name.zh, found.category, found.digital) == (
            "4-04-05-05",
            "人工智能训练师",
            None,
            True,
        )

    def test_a_code_found_nowhere_is_its_own_name(self) -> None:
        found = self.WHOLE.occupation("9-99-99-99", DAY)
        assert found is not None
        assert (found.name.zh, found.digital) == ("9-99-99-99", False)
        assert self.WHOLE.texts_on(DAY).listing("9-99-99-99") is None

    def test_a_text_that_means_nothing_is_no_occupation(self) -> None:
        assert self.WHOLE.occupation("木工", DAY) is None

    def test_the_nearest_name_is_offered(self) -> None:
        assert self.WHOLE.vocabulary.nearest("人工智能训练员") == "人工智能训练师"
        assert self.WHOLE.vocabulary.nearest("xyz") is None


class TestNamesOverEditions:
    """Names and aliases are looked up over all editions (the one published last wins), then in the classification."""

    OLD = directory("2022-01-01", occupation("a-1", "焊工", aliases=["电焊"]), occupation("a-2", "电工"))
    NEW = directory("2023-01-01", occupation("a-3", "焊工"), occupation("a-2", "电工(新)"))

    @pytest.mark.parametrize("order", [("OLD", "NEW"), ("NEW", "OLD")])
    def test_the_one_published_last_wins_wherever_it_stands(self, order: tuple[str, str]) -> None:
        words = policy(occupations=[getattr(self, name) for name in order]).vocabulary
        assert [words.code_of(name) for name in ("焊工", "电焊", "电工", "电工(新)")] == ["a-3", "a-1", "a-2", "a-2"]
        assert words.title("a-2").zh == "电工(新)"
        assert words.title("a-1").zh == "焊工"

    def test_of_one_day_the_later_in_the_file_wins(self) -> None:
        first = edition("d1", "2023-01-01", "2023-01-01", "2023-06-30", occupations=[occupation("a-1", "焊工")])
        second = edition("d2", "2023-01-01", "2023-07-01", occupations=[occupation("a-2", "焊工")])
        assert policy(occupations=[first, second]).vocabulary.code_of("焊工") == "a-2"
        assert policy(occupations=[second, first]).vocabulary.code_of("焊工") == "a-1"

    def test_an_edition_wins_over_the_classification(self) -> None:
        words = policy("b-1,焊工,no\nb-2,木工,no\n", occupations=[self.OLD]).vocabulary
        assert (words.code_of("焊工"), words.code_of("木工")) == ("a-1", "b-2")
        assert words.title("b-1").zh == "焊工"

    def test_chinese_english_and_alias_are_names_alike(self) -> None:
        item = {"code": "a-1", "name": {"zh": "焊工", "en": "Welder"}, "aliases": ["电焊 工"]}
        words = policy(occupations=[directory("2023-01-01", item)]).vocabulary
        for text in ("焊工", "welder", "ＷＥＬＤＥＲ", "电焊工"):
            assert words.code_of(text) == "a-1"

    def test_names_are_known_at_every_time(self) -> None:
        whole = policy(occupations=[self.OLD, self.NEW])
        before = whole.as_known_on(date(2021, 1, 1))
        assert before.vocabulary == whole.vocabulary
        assert before.directory == ()
        assert before.occupation("焊工", DAY) == whole.occupation("焊工", date(2021, 1, 1))

    def test_one_spelling_of_a_local_code_over_all_texts(self) -> None:
        old = directory("2022-01-01", occupation("su-1", "苏绣工"))
        new = directory("2023-01-01", occupation("SU-1", "刺绣工"))
        listed = edition("c", "2023-01-01", "2022-01-01", entries=[{"occupation": "Su-1"}])
        rates = edition("r", "2023-01-01", "2022-01-01", by_occupation={"training": {"su-1": {"3": "7"}}})
        whole = policy(occupations=[old, new], catalog=[listed], rates=[rates])
        for text in ("su-1", "SU-1", "苏绣工", "刺绣工"):
            assert whole.vocabulary.code_of(text) == "SU-1"
        for day in (date(2022, 6, 1), DAY):
            texts = whole.texts_on(day)
            assert texts.listing("SU-1") is not None
            assert "SU-1" in texts.entries
            assert [int(fen) for fen in texts.amounts_of(Stream.TRAINING, "SU-1").values()] == [700]


class TestFormerCodes:
    """In every edition and claim they mean the present code."""

    OLD = directory("2019-01-01", occupation("x-1", "旧名", category="A", tags=["old"]))
    MIDDLE = directory("2021-01-01", occupation("x-2", "中名", former_codes=["x-1"]))
    NEW = directory("2023-01-01", occupation("x-3", "新名", category="B", former_codes=["x-2", "x-0"]))
    RATES = edition("r", "2019-01-01", "2019-01-01", by_occupation={"training": {"x-1": {"3": "7"}}})
    LIST = edition("c", "2019-01-01", "2019-01-01", entries=[{"occupation": "x-2", "levels": [3]}])
    WHOLE = policy("x-1,类中名,yes\n", occupations=[OLD, MIDDLE, NEW], rates=[RATES], catalog=[LIST])

    @pytest.mark.parametrize("text", ["x-0", "x-1", "x-2", "x-3", "X-1", "旧名", "中名", "新名", "类中名"])
    def test_a_chain_leads_to_the_present_code(self, text: str) -> None:
        assert self.WHOLE.vocabulary.code_of(text) == "x-3"

    def test_in_every_edition(self) -> None:
        texts = self.WHOLE.texts_on(date(2020, 1, 1))
        listing = texts.listing("x-3")
        assert listing is not None
        assert (listing.category, listing.tags, listing.digital) == (Category.A, frozenset({"old"}), True)
        assert texts.listing("x-1") is None  # asked for by the present code only
        assert list(texts.entries) == ["x-3"]
        assert list(texts.amounts_of(Stream.TRAINING, "x-3").values()) == [700]
        assert self.WHOLE.catalog.lists("x-1", 3, date(2020, 1, 1))

    def test_known_at_every_time(self) -> None:
        before = self.WHOLE.as_known_on(date(2019, 6, 1))
        assert before.vocabulary.code_of("x-1") == "x-3"
        assert before.texts_on(DAY).listing("x-3") is not None

    def test_called_by_the_name_published_last(self) -> None:
        assert self.WHOLE.vocabulary.title("x-3") == Title(zh="新名")

    def test_the_later_edition_says_what_became_of_a_code(self) -> None:
        split = directory("2023-06-01", occupation("y-1", "分出", former_codes=["x-1"]))
        words = policy(occupations=[self.OLD, self.MIDDLE, split]).vocabulary
        assert words.code_of("x-1") == "y-1"
        assert words.code_of("旧名") == "y-1"
        assert words.code_of("x-2") == "x-2"

    def test_where_an_edition_lists_both_its_own_row_is_better(self) -> None:
        both = [occupation("x-3", "新名", category="C"), occupation("x-2", "中名", category="A")]
        for rows in (both, both[::-1]):
            rates = {"training": {row["code"]: {"3": row["code"][-1]} for row in rows}}
            entries = [{"occupation": row["code"], "levels": [row["code"][-1]]} for row in rows]
            whole = policy(
                occupations=[directory("2022-01-01", *rows), self.NEW],
                rates=[edition("r", "2022-01-01", "2022-01-01", by_occupation=rates)],
                catalog=[edition("c", "2022-01-01", "2022-01-01", entries=entries)],
            )
            texts = whole.texts_on(date(2022, 6, 1))
            listing = texts.listing("x-3")
            assert listing is not None
            assert listing.category is Category.C
            assert texts.entries["x-3"].entry.levels == ("3",)
            assert list(texts.amounts_of(Stream.TRAINING, "x-3").values()) == [300]
            assert whole.vocabulary.title("x-3").zh == "新名"

    def test_where_the_edition_published_last_lists_both_the_name_is_that_of_its_own_row(self) -> None:
        both = [occupation("x-3", "新名"), occupation("x-2", "中名")]
        declared = directory("2022-01-01", occupation("x-3", "先名", former_codes=["x-2"]))
        for rows in (both, both[::-1]):
            words = policy(occupations=[declared, directory("2023-01-01", *rows)]).vocabulary
            assert words.title("x-3").zh == "新名"
            assert [words.code_of(text) for text in ("先名", "中名", "新名", "x-2")] == ["x-3"] * 4

    def test_two_former_rows_of_one_code_give_one_answer_whatever_the_order_of_keys(self) -> None:
        new = directory("2023-01-01", occupation("x-3", "新名", former_codes=["x-1", "x-2"]))
        found = set()
        for codes in (["x-1", "x-2"], ["x-2", "x-1"]):
            rates = {"training": {code: {"3": code[-1]} for code in codes}}
            whole = policy(occupations=[new], rates=[edition("r", "2022-01-01", "2022-01-01", by_occupation=rates)])
            amounts = whole.texts_on(date(2022, 6, 1)).amounts_of(Stream.TRAINING, "x-3")
            found.add((whole.fingerprint, *amounts.values()))
        assert len(found) == 1

    def test_a_circle_over_editions_is_reported_in_the_circle(self) -> None:
        one = directory("2021-01-01", occupation("b", "乙", former_codes=["a", "c"]))
        two = directory("2022-01-01", occupation("c", "丙", former_codes=["b"]))
        with pytest.raises(PolicyError) as caught:
            policy(occupations=[one, two])
        (problem,) = caught.value.problems
        assert (problem.code, problem.found) == ("former_code_circle", "'b'")  # and not 'a', which only leads to it


class TestTheClassification:
    """Codes, names and digital marks of the national classification."""

    def test_digital_is_the_editions_word_else_the_classifications(self) -> None:
        rows = "a-1,甲,yes\na-2,乙,yes\na-3,丙,no\na-4,丁,\n"
        listed = [
            occupation("a-1", "甲"),
            occupation("a-2", "乙", digital=False),
            occupation("a-3", "丙", digital=True),
            occupation("a-4", "丁"),
            occupation("a-5", "戊"),
        ]
        texts = policy(rows, occupations=[directory("2023-01-01", *listed)]).texts_on(DAY)
        found = [texts.listing(f"a-{number}") for number in range(1, 6)]
        assert [one and one.digital for one in found] == [True, False, True, False, False]

    def test_covers_all_lists_what_the_classification_knows(self) -> None:
        whole = policy(
            "a-1,甲,yes\na-2,乙,no\n",
            occupations=[directory("2023-01-01", occupation("a-2", "乙", category="C"), covers="all")],
        )
        texts = whole.texts_on(DAY)
        one, two = texts.listing("a-1"), texts.listing("a-2")
        assert one == (None, True, frozenset(), None)
        assert two is not None
        assert two.category is Category.C
        assert texts.listing("9-99-99-99") is None

    def test_covers_all_lists_the_present_code_of_a_classified_former_one(self) -> None:
        one = directory("2022-01-01", covers="all")
        two = directory("2023-01-01", occupation("n-1", "新", former_codes=["o-1"]))
        texts = policy("o-1,旧,yes\n", occupations=[one, two]).texts_on(date(2022, 6, 1))
        assert texts.listing("n-1") == (None, True, frozenset(), None)
        assert texts.listing("o-1") is None

    def test_covers_listed_lists_nothing_more(self) -> None:
        whole = policy("a-1,甲,yes\n", occupations=[directory("2023-01-01", covers="listed")])
        assert whole.texts_on(DAY).listing("a-1") is None

    def test_no_directory_lists_nothing(self) -> None:
        whole = policy("a-1,甲,yes\n", occupations=[directory("2024-01-01", covers="all")])
        assert whole.texts_on(DAY).listing("a-1") is None

    def test_a_present_codes_own_row_is_better_than_that_of_a_former_one(self) -> None:
        new = directory("2023-01-01", occupation("b", "名", former_codes=["a", "c"]))
        for rows in ("a,旧甲,yes\nb,新,no\nc,旧丙,yes\n", "c,旧丙,yes\nb,新,no\na,旧甲,yes\n"):
            words = policy(rows, occupations=[new]).vocabulary
            assert words.digital == frozenset()
            assert words.classified == {"b"}
            assert [words.code_of(text) for text in ("旧甲", "新", "旧丙")] == ["b", "b", "b"]

    @pytest.mark.parametrize("ends", ["\n", "\r\n"])
    @pytest.mark.parametrize("mark", ["", "\ufeff"])
    def test_reading(self, ends: str, mark: str) -> None:
        text = mark + ends.join(["code,name,digital", 'a-1,"甲,乙",yes', "a-2,丙,", "a-3,丁,no"])
        rows, problems = read_classification(text.encode(), "c.csv")
        assert problems == []
        assert rows == {
            "a-1": Classified("甲,乙", True),
            "a-2": Classified("丙", False),
            "a-3": Classified("丁", False),
        }

    def test_good_rows_are_kept_and_each_bad_one_named(self) -> None:
        data = 'code,name,digital\na-1,"甲\n乙",yes\na-2,丙,maybe\nA-1,丁,no\na-3,戊\n'.encode()
        rows, problems = read_classification(data, "c.csv")
        assert list(rows) == ["a-1"]
        assert [(one.place.line, one.code, one.found) for one in problems] == [
            (4, "csv_mark", "'maybe'"),
            (5, "duplicate_code", "'A-1'"),
            (6, "csv_row", "'a-3,戊'"),
        ]
        assert problems[1].message() == "c.csv:5:1: found 'A-1', expected each only once; the first stands at line 2"

    def test_a_field_beyond_the_limit_of_csv(self) -> None:
        data = b"code,name,digital\na-1," + b"x" * 200_000 + b",yes\n"
        (problem,) = read_classification(data, "c.csv")[1]
        assert "field larger than field limit" in problem.message()


def test_conditions_are_those_of_every_rules_edition_once_in_order() -> None:
    def rules(name: str, published: str, *conditions: str) -> Item:
        items = [{"id": one, "title": {"en": one}} for one in conditions]
        return edition(name, published, published, procedure={"conditions": items})

    whole = policy(rules=[rules("two", "2023-01-01", "b", "a"), rules("one", "2022-01-01", "a", "c")])
    assert whole.vocabulary.conditions == ("b", "a", "c")
    assert whole.as_known_on(date(2022, 6, 1)).vocabulary.conditions == ("b", "a", "c")


def test_an_empty_vocabulary_knows_nothing_but_well_formed_codes() -> None:
    words = Vocabulary()
    assert (words.code_of("焊工"), words.code_of("6-18-02-04")) == (None, "6-18-02-04")
    assert words.title("su-1") == Title(zh="su-1", en="su-1")
    assert words.present("su-1") == "su-1"
    assert words.nearest("焊工") is None


def test_titles_speak_the_language_asked_for_or_the_other() -> None:
    both, one = Title(zh="焊工", en="Welder"), Title(en="Welder")
    assert (both.in_language("zh"), both.in_language("en")) == ("焊工", "Welder")
    assert (one.in_language("zh"), Title(zh="焊工").in_language("en")) == ("Welder", "焊工")


def test_policy_names_its_editions() -> None:
    whole: Policy = policy(
        occupations=[directory("2023-01-01", name="d")], rules=[edition("r", "2023-01-01", "2023-01-01")]
    )
    assert [one.id for one in whole.editions] == ["d", "r"]
