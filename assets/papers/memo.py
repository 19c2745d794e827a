"""「災害対策本部の初動体制の見直し（案）」: six pages of A4 portrait in 10.5 pt, set like an office's own paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assets.papers.typeset import GREY, INK, UD_GOTHIC, UD_MINCHO, Align, Sheet, Style, broken

TITLE = "災害対策本部の初動体制の見直し（案）"
PAGE = (595.276, 841.89)
LEFT, RIGHT, TOP = 66.0, 529.0, 78.0
WIDE = RIGHT - LEFT
LEADING = 1.86

BODY = Style(10.5, family=UD_MINCHO, spacing=0.015)
HEADING = Style(12, True, INK, UD_GOTHIC, 0.02)
SUB = Style(10.5, True, INK, UD_GOTHIC, 0.02)
CELL = Style(9.5, family=UD_GOTHIC, spacing=0.01)
NOTE = Style(9, color=GREY, family=UD_GOTHIC, spacing=0.01)
RULE = "#6B6B6B"


@dataclass(frozen=True)
class Cell:
    """A column of a ruled table: heading, share of the width, where its words stand."""

    name: str
    share: float
    align: Align = "left"


class Memo:
    """Sets one element below the other on a page."""

    def __init__(self, sheet: Sheet, added: str) -> None:
        self.sheet, self.added = sheet, added
        self.y = TOP

    def page(self, annex: str, title: str) -> None:
        """A new page that opens with the number and the title of an annex."""
        self.sheet.next_page()
        self.sheet.bookmark(f"{annex}　{title}")
        self.foot()
        self.sheet.text(RIGHT, 52, annex, SUB, "right")
        self.y = TOP + 4
        self.sheet.text(LEFT, self.y, title, HEADING.of(size=14))
        self.sheet.line(LEFT, self.y + 9, RIGHT, self.y + 9, INK, 1.2)
        self.y += 38

    def foot(self) -> None:
        self.sheet.text(PAGE[0] / 2, 806, str(self.sheet.page), NOTE, "center")

    def heading(self, number: str, words: str) -> None:
        self.y += 7
        self.sheet.text(LEFT, self.y, number, HEADING)
        self.sheet.text(LEFT + 24, self.y, words, HEADING)
        self.y += 21

    def sub(self, words: str) -> None:
        self.y += 5
        self.sheet.text(LEFT, self.y, words, SUB)
        self.y += 18.5

    def say(self, words: str) -> None:
        """A paragraph: justified, its first line moved in by one letter."""
        self.y = self.sheet.block(LEFT, self.y, WIDE, words, BODY, LEADING, justify=True, indent=1) + 2

    def item(self, label: str, words: str) -> None:
        self.y = 1 + self.sheet.block(
            LEFT, self.y, WIDE, words, BODY, LEADING, justify=True, label=label, label_width=28
        )

    def note(self, words: str) -> None:
        self.y = self.sheet.block(LEFT, self.y - 2, WIDE, words, NOTE, 1.6) + 8

    def table(self, columns: Sequence[Cell], rows: Sequence[Sequence[str]], *, strong: int = -1) -> None:
        """A ruled table; cells wrap, and the row number `strong` is bold."""
        top, pad, leading = self.y - 9, 7.0, CELL.size * 1.5
        lefts = [LEFT]
        for column in columns:
            lefts.append(lefts[-1] + WIDE * column.share)
        y = top
        for number, row in enumerate([[column.name for column in columns], *rows]):
            style = CELL.of(bold=number in (0, strong))
            wrapped = [
                [
                    line
                    for part in text.split("\n")
                    for line in broken(part, WIDE * column.share - 2 * pad, style, phrases=True)
                ]
                for column, text in zip(columns, row, strict=True)
            ]
            height = max(map(len, wrapped)) * leading + 9
            if number == 0:
                self.sheet.rect(LEFT, y, WIDE, height, "#ECEFF4")
            for column, left, lines in zip(columns, lefts, wrapped, strict=False):
                align: Align = "center" if number == 0 else column.align
                right = left + WIDE * column.share
                at = {"left": left + pad, "center": (left + right) / 2, "right": right - pad}[align]
                baseline = y + (height - leading * len(lines)) / 2 + leading * 0.5 + CELL.size * 0.36
                for line in lines:
                    self.sheet.text(at, baseline, line, style, align)
                    baseline += leading
            y += height
            self.sheet.line(LEFT, y, RIGHT, y, RULE, 0.6)
        self.sheet.frame(LEFT, top, WIDE, y - top, RULE, 0.9)
        for left in lefts[1:-1]:
            self.sheet.line(left, top, left, y, RULE, 0.6)
        self.y = y + 22

    def measures(self, rows: Sequence[tuple[str, float, float, str]]) -> None:
        """Two bars a row: now and after."""
        for name, before, after, unit in rows:
            self.sheet.text(LEFT, self.y + 9, name, CELL)
            whole = 250 / max(before, after)
            for place, (value, color) in enumerate([(before, "#B8BEC8"), (after, "#2B4C7E")]):
                y = self.y - 5 + place * 13
                self.sheet.rect(LEFT + 138, y, value * whole, 10.5, color)
                self.sheet.text(
                    LEFT + 144 + value * whole, y + 8.8, f"{value:g}{unit}", CELL.of(bold=place == 1)
                )
            self.y += 37


def make(file: Path, added: str = "") -> Sheet:
    """Writes the paper; returns what is known of it. ``added``: one more paragraph, at the head of annex 3."""
    sheet = Sheet(file, PAGE, PAGE, TITLE)
    memo = Memo(sheet, added)
    for part in (summary, review, gathering, meeting, costs, steps):
        part(memo)
    sheet.close()
    return sheet


def summary(memo: Memo) -> None:
    sheet = memo.sheet
    sheet.bookmark(TITLE)
    memo.foot()
    sheet.text(LEFT, 58, "知事・副知事説明資料", SUB)
    sheet.text(RIGHT, 58, "令和8年11月24日", CELL.of(size=10.5), "right")
    sheet.text(RIGHT, 75, "危機管理課", CELL.of(size=10.5), "right")
    sheet.text(PAGE[0] / 2, 116, TITLE, HEADING.of(size=16), "center")
    sheet.line(LEFT, 130, RIGHT, 130, INK, 1.2)
    memo.y = 158
    memo.heading("1", "現状と課題")
    memo.say(
        "8月11日の大雨では、大雨特別警報の発令から災害対策本部の設置までに70分を要した。本部の設置基準が、気象台の発表を待って判断するものになっているためである。"
    )
    memo.say(
        "夜間の参集は、全ての職員が本庁舎に集まることを前提としている。8月の参集では、1時間以内に登庁できた職員は48人であり、計画の人数の6割に満たなかった。"
    )
    memo.say(
        "本部会議では、被害報告を紙で集め、2時間ごとに一覧表を作り直して配った。数字が配る前に古くなり、同じ問いが会議のたびに繰り返された。"
    )
    memo.heading("2", "見直しの内容")
    memo.item("(1)", "線状降水帯の直前予測を、本部の設置基準に加える。")
    memo.item("(2)", "夜間の参集を、職員の居住地に応じた三つの班に改める。")
    memo.item("(3)", "各部局の被害報告を電子化し、紙による集計をやめる。")
    memo.y += 6
    memo.table(
        [Cell("項目", 0.53), Cell("現行", 0.25, "right"), Cell("見直し後", 0.22, "right")],
        [
            ["発令から本部の設置まで", "70分", "30分"],
            ["1時間以内に参集する職員", "48人", "85人"],
            ["被害報告の集計", "2時間ごと", "随時"],
        ],
    )
    memo.heading("3", "必要な経費")
    memo.say(
        "通信機器の更新と報告システムの改修に、4,200万円を見込む。このうち2,100万円は、国の緊急防災・減災事業債を充てる。"
    )
    memo.heading("4", "今後の予定")
    memo.item("(1)", "12月に、夜間を想定した参集訓練を行い、班の編成を検証する。")
    memo.item("(2)", "2月に、地域防災計画の改正案を防災会議に諮る。")
    memo.item("(3)", "4月から、新しい体制で運用する。出水期までに各部局の訓練を終える。")
    memo.heading("5", "本日お諮りすること")
    memo.item("(1)", "設置の基準に直前予測を加え、協議を待たずに本部を設置すること（別紙2）")
    memo.item("(2)", "夜間の参集を三つの班に改めること（別紙2）")
    memo.item("(3)", "本部会議の資料を刷らないこと（別紙3）")


def review(memo: Memo) -> None:
    memo.page("別紙1", "8月11日の大雨の検証")
    memo.heading("1", "当日の経過")
    memo.table(
        [
            Cell("時刻", 0.14, "center"),
            Cell("出来事", 0.27),
            Cell("本部の動き", 0.27),
            Cell("気付いたこと", 0.32),
        ],
        [
            [
                "21時05分",
                "線状降水帯の直前予測が発表される",
                "当直2人が課長に電話で知らせる",
                "予測は設置の基準に入っていない",
            ],
            [
                "21時40分",
                "東部で1時間に68ミリ降る",
                "幹部への連絡を始める",
                "連絡網が電話のみで、25分かかった",
            ],
            [
                "22時10分",
                "大雨特別警報が発令される",
                "設置の可否を協議する",
                "判断する人が登庁していなかった",
            ],
            ["23時20分", "東部の2河川で氾濫", "災害対策本部を設置する", "発令から70分が過ぎていた"],
            ["0時30分", "孤立した集落が3か所", "第1回本部会議を開く", "資料を刷り終えるのを20分待った"],
            [
                "2時30分",
                "避難者が4,100人になる",
                "第2回本部会議を開く",
                "配った表の数字が1時間前のものだった",
            ],
        ],
    )
    memo.heading("2", "参集した職員")
    memo.say(
        "本庁舎から8キロメートルを超える所に住む職員は、全体の57％を占める。道路の冠水により、このうち112人が途中で引き返した。一方、地方事務所の近くに住む職員は、指示がないまま自宅で待っていた。"
    )
    memo.say(
        "参集の状況は、各課が電話で集め、危機管理課が表計算の表に書き写した。最後の課の報告がそろったのは、翌朝の5時40分である。"
    )
    memo.heading("3", "本部会議")
    memo.say(
        "会議ごとに、平均で38ページの資料を60部、合わせて2,280枚刷った。刷る時間と配る時間を合わせると、1回に35分かかる。会議中に出た問い31件のうち、その場で答えられたのは9件であった。残る22件は持ち帰りとなり、14件は同じ問いが次の会議で再び出た。"
    )
    memo.note("出典：災害対策本部の活動記録、参集記録、各部局への聞き取り（9月2日から18日まで、延べ64人）")


def gathering(memo: Memo) -> None:
    memo.page("別紙2", "参集と設置の基準")
    memo.heading("1", "設置の基準")
    memo.say(
        "本部の設置は、次の表のいずれかに当たるときに、協議を待たずに行う。知事と連絡が取れないときは、副知事、危機管理監の順に判断する。"
    )
    memo.y += 4
    memo.table(
        [Cell("区分", 0.11, "center"), Cell("現行", 0.30), Cell("見直し後", 0.59)],
        [
            [
                "大雨",
                "特別警報が発令されたとき",
                "線状降水帯の直前予測が発表され、かつ、警戒レベル4相当の河川が1か所以上あるとき。特別警報が発令されたとき",
            ],
            ["地震", "震度6弱以上", "震度5強以上。5弱でも、停電が1万戸を超えるとき"],
            ["大雪", "定めがない", "国道の車の滞留が3時間を超えると見込まれるとき"],
            ["停電", "定めがない", "県内の3万戸以上で、6時間を超えると見込まれるとき"],
        ],
    )
    memo.heading("2", "三つの班")
    memo.table(
        [
            Cell("班", 0.11),
            Cell("対象となる職員", 0.31),
            Cell("人数", 0.10, "right"),
            Cell("集まる所と役割", 0.48),
        ],
        [
            ["本庁班", "本庁舎から4キロメートル以内", "85人", "本庁舎に集まり、1時間以内に本部を動かす"],
            [
                "地域班",
                "地方事務所から4キロメートル以内",
                "142人",
                "最寄りの事務所に集まり、現地の状況を送る",
            ],
            [
                "在宅班",
                "上のいずれにも当たらない者",
                "318人",
                "自宅から被害報告をまとめ、夜が明けてから交代する",
            ],
            ["計", "", "545人", ""],
        ],
        strong=4,
    )
    memo.say(
        "班は、4月と10月に住所を確かめて改める。育児や介護のために参集が難しい職員は、申し出により在宅班とする。理由は問わない。"
    )
    memo.heading("3", "連絡の方法")
    memo.item(
        "(1)",
        "気象台の発表を受けて、全員の携帯電話に自動で知らせる。返事は「向かう」「在宅で行う」「動けない」の三つから選ぶ。",
    )
    memo.item("(2)", "返事は、会議室の画面に班ごとの人数として表れる。電話で集めることはしない。")
    memo.item(
        "(3)", "携帯電話の網が使えないときは、防災行政無線と衛星電話により、地方事務所の長が班を集める。"
    )


def meeting(memo: Memo) -> None:
    memo.page("別紙3", "本部会議の進め方")
    if memo.added:
        memo.say(memo.added)
    memo.say(
        "本部会議から紙をなくし、会議の中で調べ、直し、残す。日頃の打合せと同じ道具を使い、災害のときだけの仕組みは作らない。"
    )
    memo.heading("1", "印刷しない")
    memo.say(
        "資料は、本部室の画面と各部局の端末に同じページを映す。初めの会議は、資料を刷り終えるのを待たず、設置から15分で開く。60部の印刷と配布に要していた35分がなくなる。"
    )
    memo.heading("2", "持ち帰らない")
    memo.say(
        "問いが出たら、その場で資料庫と公表資料を調べ、見つけたものを画面に示す。答えられないものは、担当と期限を決めて一覧に残す。同じ問いが次の会議で出たときは、前の答えが画面に出る。"
    )
    memo.heading("3", "その場で直す")
    memo.say(
        "被害の数字や文言の誤りは、見え消しで直し、出席者が確かめてから反映する。直す前と後は、版として残る。広報文は、会議が終わるときには確定している。"
    )
    memo.y += 4
    memo.table(
        [Cell("広報文の例", 0.16), Cell("修正前", 0.42), Cell("修正後", 0.42)],
        [
            ["避難所", "市内の避難所を順次開設しています。", "東部の避難所12か所を開設しました。"],
            ["道路", "一部の道路で通行止めが発生しています。", "国道の東谷と岩瀬の間は、通れません。"],
            ["断水", "断水の解消に努めています。", "断水は、明日の正午までに復旧する見込みです。"],
        ],
    )
    memo.heading("4", "書き起こさない")
    memo.say(
        "発言、決定、指示、宿題は、会議の間に種類を付けて記録する。会議が終わると、活動記録と、部局ごとの宿題の一覧が出来上がる。8月は、記録の整理に延べ46時間を要した。"
    )
    memo.heading("5", "守ること")
    memo.item("(1)", "資料は、本部室の画面に残さない。会議が終わると消え、消えたことを確かめられる。")
    memo.item("(2)", "通信は庁内の網だけを使う。網が切れても、映っているページはそのまま見られる。")
    memo.item("(3)", "停電に備え、会議1回分の資料を60部刷ることのできる用紙と発電機を、本部室に残す。")


def costs(memo: Memo) -> None:
    memo.page("別紙4", "経費と効果")
    memo.heading("1", "経費の内訳")
    memo.table(
        [
            Cell("区分", 0.30),
            Cell("内容", 0.40),
            Cell("金額（万円）", 0.15, "right"),
            Cell("財源", 0.15, "center"),
        ],
        [
            ["衛星電話の更新", "地方事務所8か所、16台", "640", "県債"],
            ["防災行政無線の中継機", "東谷局の蓄電池を48時間に延ばす", "1,160", "県債"],
            ["参集の連絡", "自動の通知と返事の集計", "520", "一般財源"],
            ["被害報告のシステム", "入力画面の改修、地図の表示", "1,580", "県債ほか"],
            ["訓練", "夜間2回、延べ700人", "300", "一般財源"],
            ["計", "", "4,200", ""],
        ],
        strong=6,
    )
    memo.note(
        "県債は、緊急防災・減災事業債（充当率100％、交付税措置70％）。9年度以降の維持費は、年に380万円である。"
    )
    memo.heading("2", "見込まれる効果")
    memo.y += 4
    memo.measures(
        [
            ("発令から本部の設置まで", 70, 30, "分"),
            ("設置から初めの会議まで", 70, 15, "分"),
            ("1時間以内に参集する職員", 48, 85, "人"),
            ("会議1回の印刷と配布", 35, 0.5, "分"),
            ("その場で答えられた問い", 29, 80, "％"),
        ]
    )
    memo.note("上の段は8月の実績、下の段は見直し後の見込み。印刷と配布の0.5分は、画面につなぐ時間である。")
    memo.heading("3", "ほかの方法との比較")
    memo.say(
        "本部室に職員を常駐させる方法は、設置までの時間を20分に縮められるが、年に6,800万円を要する。宿直を2人から4人に増やす方法は、1,900万円で済むが、参集の人数は変わらない。いずれも、会議の進め方は改まらない。"
    )


def steps(memo: Memo) -> None:
    memo.page("別紙5", "工程と残る課題")
    memo.heading("1", "工程")
    memo.table(
        [Cell("時期", 0.18, "center"), Cell("行うこと", 0.52), Cell("担当", 0.30)],
        [
            ["11月24日", "本案について了承を得る", "危機管理課"],
            ["12月9日", "夜間の参集訓練（第1回）。班の編成を検証する", "危機管理課、人事課"],
            ["12月中旬", "9年度予算に要求する", "危機管理課、財政課"],
            ["1月下旬", "市町と協定を改める", "危機管理課、市町"],
            ["2月16日", "防災会議に地域防災計画の改正案を諮る", "危機管理課"],
            ["3月", "報告システムの改修を終え、試す", "デジタル推進課"],
            ["4月1日", "新しい体制で運用を始める", "全ての部局"],
            ["5月", "夜間の参集訓練（第2回）", "全ての部局"],
        ],
    )
    memo.heading("2", "残る課題")
    memo.item("(1)", "市町との間で、避難所の数字の数え方がそろっていない。報告の様式を1月までに一つにする。")
    memo.item(
        "(2)",
        "在宅班が自宅から報告をまとめるには、庁内の網につなぐ端末が要る。318人のうち、貸し出せる端末は240台である。不足する78台は、9年度の更新に合わせて配る。",
    )
    memo.item(
        "(3)",
        "東部の2河川の監視カメラは、8月に夜間の映像が届かなかった。更新の時期は、「令和9年度 重点施策の予算案」で別に諮る。",
    )
    memo.heading("3", "用語")
    memo.table(
        [Cell("用語", 0.26), Cell("意味", 0.74)],
        [
            [
                "線状降水帯の直前予測",
                "2、3時間先までに線状降水帯による大雨が起きるおそれを、気象台が知らせるもの",
            ],
            ["警戒レベル4相当", "自治体が避難指示を出す目安となる、河川の水位や土砂災害の危険の度合い"],
            ["見え消し", "元の文言を線で消し、直した文言を並べて示すこと"],
        ],
    )
    memo.sheet.text(RIGHT, memo.y + 2, "担当　危機管理課 初動対策係（内線3112）", CELL, "right")
