"""「令和9年度 重点施策の予算案」: 24 pages of A4 landscape. This half: the whole picture and the first fields."""

from __future__ import annotations

from pathlib import Path

from assets.papers import budget_fields, budget_means
from assets.papers.budget_look import (
    BODY,
    DAY,
    LEFT,
    NOTE,
    RIGHT,
    TITLE,
    UNITS,
    WIDE,
    panel,
    points,
    section,
    start,
)
from assets.papers.charts import (
    BLUE,
    DEEP,
    GRID,
    HEAD,
    LIGHT,
    NAVY,
    PALE,
    SUNK,
    Column,
    Scale,
    across,
    bars,
    curves,
    table,
)
from assets.papers.typeset import GREY, Sheet, Style


def make(file: Path) -> Sheet:
    """Writes the paper; returns what is known of it."""
    sheet = Sheet(file, (841.89, 595.276), UNITS, TITLE)
    pages = [cover, contents, policy, outlook, revenue, progress, priorities, cameras, shelters]
    for number, page in enumerate([*pages, *budget_fields.PAGES, *budget_means.PAGES]):
        if number:
            sheet.next_page()
        page(sheet)
    sheet.close()
    return sheet


def cover(sheet: Sheet) -> None:
    sheet.bookmark("表紙")
    sheet.rect(0, 0, sheet.width, 17, NAVY)
    sheet.rect(LEFT, 300, 12, 190, BLUE)
    sheet.text(LEFT + 52, 372, "令和9年度", Style(44, True, BLUE))
    sheet.text(LEFT + 48, 468, "重点施策の予算案", Style(84, True, DEEP))
    sheet.text(LEFT + 52, 580, "知事説明資料", Style(32, color=GREY))
    sheet.line(LEFT, 850, RIGHT, 850, NAVY, 3)
    sheet.text(LEFT, 908, DAY, Style(32))
    sheet.text(LEFT, 960, "総務部 財政課", Style(32))
    mark = "検討中　取扱注意"
    sheet.frame(RIGHT - 250, 876, 250, 60, "#CE0000", 2.5)
    sheet.text(RIGHT - 125, 917, mark, Style(26, True, "#CE0000"), "center")
    sheet.text(RIGHT, 1044, "1", NOTE, "right")


def contents(sheet: Sheet) -> None:
    start(sheet, "本日の説明")
    parts = [
        ("1", "予算案の全体", "10分", "編成の考え方、財政の見通し、歳入、8年度の執行", "3〜6"),
        ("2", "重点施策", "8分", "総額307億円と分野別の内訳、お諮りすること", "7"),
        ("3", "カメラの更新", "12分", "河川監視カメラ36か所の更新時期", "8"),
    ]
    y = 180.0
    for number, name, minutes, words, pages in parts:
        sheet.rect(LEFT, y, WIDE, 134, SUNK)
        sheet.rect(LEFT, y, 9, 134, BLUE)
        sheet.text(LEFT + 48, y + 86, number, Style(56, True, BLUE))
        sheet.text(LEFT + 126, y + 60, name, Style(34, True, DEEP))
        sheet.text(LEFT + 126, y + 104, words, BODY.of(size=25, color=GREY))
        sheet.text(RIGHT - 230, y + 82, minutes, Style(34, True, DEEP), "right")
        sheet.text(RIGHT - 40, y + 80, f"{pages}ページ", BODY, "right")
        y += 154
    section(sheet, LEFT, 708, "4", "参考資料")
    fields = [
        ("避難所の環境整備", "9"),
        ("子育て・教育", "10・11"),
        ("産業・雇用", "12〜14"),
        ("医療・福祉", "15・16"),
        ("デジタル化の推進", "17〜19"),
        ("公共施設の長寿命化", "20・21"),
        ("財源と中期の見通し", "22・23"),
        ("今後の日程", "24"),
    ]
    for place, (name, pages) in enumerate(fields):
        x = LEFT + 48 + (place // 4) * 706
        y = 768 + (place % 4) * 62
        end = x + 620
        left = x + sheet.text(x, y, name, BODY)
        right = end - sheet.text(end, y, f"{pages}ページ", BODY, "right")
        sheet.line(left + 20, y - 9, right - 20, y - 9, "#C9D1DC", 2, dashed=True)


def policy(sheet: Sheet) -> None:
    start(sheet, "予算編成の考え方")
    columns = [
        (
            "備える",
            "防災・減災",
            "8月の大雨の検証を踏まえ、初動の体制と避難所を整える。河川監視カメラの更新を急ぐ。",
            "96億円",
        ),
        (
            "支える",
            "子育て・教育",
            "保育料の軽減を広げ、病児保育を県内のどこでも使えるようにする。",
            "88億円",
        ),
        ("変える", "デジタル化", "打合せから紙をなくし、手続の時間を県民への対応に振り向ける。", "28億円"),
    ]
    width = (WIDE - 2 * 32) / 3
    for number, (verb, field, words, amount) in enumerate(columns):
        x = LEFT + number * (width + 32)
        sheet.rect(x, 176, width, 396, SUNK)
        sheet.rect(x, 176, width, 8, BLUE)
        sheet.text(x + 32, 262, verb, Style(46, True, BLUE))
        sheet.text(x + width - 32, 258, field, Style(26, True, DEEP), "right")
        sheet.line(x + 32, 290, x + width - 32, 290, "#C9D1DC", 1.5)
        sheet.block(x + 32, 342, width - 64, words, BODY, 1.65)
        sheet.text(x + width - 32, 544, amount, Style(40, True, DEEP), "right")
    section(sheet, LEFT, 646, "1", "編成の方針")
    points(
        sheet,
        LEFT + 48,
        706,
        WIDE - 60,
        [
            (
                "（1）",
                "総額を307億円とし、前年度から55億円（21.8％）増やす。増額の半分近くを防災・減災に充てる。",
            ),
            ("（2）", "効果を確かめられない施策は、終える時期を決める。8年度の42事業のうち9事業を見直した。"),
            ("（3）", "内部の経費を減らす。打合せの電子化で、印刷と用紙の費用を1.2億円減らす。"),
        ],
    )


def outlook(sheet: Sheet) -> None:
    start(sheet, "財政の見通し")
    section(sheet, LEFT, 189, "1", "県債残高")
    bars(
        sheet,
        150,
        313,
        560,
        380,
        [("6年度", 11690), ("7年度", 11520), ("8年度", 11400), ("9年度", 11310), ("10年度", 11180)],
        Scale(0, 12000, 4000),
        unit="（億円）",
        strong=3,
    )
    section(sheet, 803, 189, "2", "基金残高")
    curves(
        sheet,
        869,
        313,
        560,
        380,
        ["6年度", "7年度", "8年度", "9年度", "10年度"],
        [("", [281, 296, 288, 265, 258], BLUE)],
        Scale(0, 400, 100),
        unit="（億円）",
    )
    panel(sheet, 790, 200)
    points(
        sheet,
        LEFT + 42,
        850,
        WIDE - 90,
        [
            ("1", "県債残高は、9年度も減らす。防災・減災の増額は、交付税措置のある県債と国庫補助で賄う。"),
            ("2", "基金は、金利が1％上がった場合の負担（年11億円）に備え、250億円を下回らないようにする。"),
        ],
        14,
    )


def revenue(sheet: Sheet) -> None:
    start(sheet, "歳入の見通し")
    bottom = table(
        sheet,
        LEFT,
        176,
        WIDE,
        [
            Column("区分", 104, "left"),
            Column("8年度", 760),
            Column("9年度見込み", 1060, bold=True),
            Column("増減率", 1420),
        ],
        [
            ["県税", "1,862億円", "1,910億円", "2.6％"],
            ["地方交付税", "1,318億円", "1,292億円", "▲2.0％"],
            ["国庫支出金", "612億円", "648億円", "5.9％"],
            ["県債", "458億円", "421億円", "▲8.1％"],
            ["その他", "342億円", "344億円", "0.6％"],
            ["合計", "4,592億円", "4,615億円", "0.5％"],
        ],
        total=True,
        row=74,
        head=60,
        style=Style(27, spacing=0.01),
    )
    points(
        sheet,
        LEFT + 8,
        bottom + 82,
        WIDE - 60,
        [
            ("1", "県税は、企業収益の回復を見込み、2年続けて増える。"),
            ("2", "国庫支出金は、防災・減災の補助金が18億円増える。内示は12月下旬の見込みである。"),
            ("3", "県債は、公共施設の改修を平準化し、37億円減らす。"),
        ],
        14,
    )


def progress(sheet: Sheet) -> None:
    start(sheet, "8年度 重点施策の執行状況")
    section(sheet, LEFT, 189, "1", "分野別の執行率（10月末）")
    across(
        sheet,
        LEFT + 8,
        240,
        WIDE - 8,
        [
            ("防災・減災", 87.0, "87.0％"),
            ("子育て・教育", 80.5, "80.5％"),
            ("産業・雇用", 73.8, "73.8％"),
            ("医療・福祉", 65.2, "65.2％"),
            ("デジタル化の推進", 58.9, "58.9％"),
        ],
        100,
        pitch=88,
        thick=48,
    )
    section(sheet, LEFT, 742, "2", "主な理由")
    points(
        sheet,
        LEFT + 48,
        800,
        WIDE - 60,
        [
            ("（1）", "防災・減災の執行率は、87.0％（見込み）で、前の年度を4.1ポイント上回る。"),
            ("（2）", "医療・福祉の執行が遅れたのは、人材の確保に時間がかかったためである。2月に取り戻す。"),
            ("（3）", "デジタル化は、機器の納入が12月に集まる。年度内に全て終える。"),
        ],
        10,
    )


def priorities(sheet: Sheet) -> None:
    start(sheet, TITLE)
    section(sheet, LEFT, 189, "1", "総額の推移")
    bars(
        sheet,
        128,
        313,
        584,
        291,
        [("5年度", 182), ("6年度", 202), ("7年度", 232), ("8年度", 252), ("9年度案", 307)],
        Scale(0, 300, 100),
        unit="（億円）",
    )
    section(sheet, 803, 189, "2", "分野別の内訳")
    table(
        sheet,
        803,
        216,
        647,
        [
            Column("分野", 825, "left"),
            Column("9年度案", 1199, bold=True),
            Column("前年度", 1307),
            Column("増減率", 1429),
        ],
        [
            ["防災・減災", "96", "71", "35.2％"],
            ["子育て・教育", "88", "75", "17.3％"],
            ["産業・雇用", "54", "52", "3.8％"],
            ["医療・福祉", "41", "36", "13.9％"],
            ["デジタル化の推進", "28", "18", "55.6％"],
            ["合計", "307", "252", "21.8％"],
        ],
        total=True,
        row=64.7,
    )
    panel(sheet, 704, 290)
    section(sheet, 115, 760, "3", "本日お諮りすること")
    points(
        sheet,
        118,
        822,
        1290,
        [
            ("（1）", "防災・減災分野の増額（25億円）の考え方について"),
            ("（2）", "河川監視カメラの更新時期を令和10年度に延ばす案について"),
            ("（3）", "庁内会議の電子化に伴う印刷費の減額（▲1.2億円）について"),
        ],
        15,
    )


def cameras(sheet: Sheet) -> None:
    start(sheet, "河川監視カメラの更新計画")
    section(sheet, LEFT, 189, "1", "36か所のうち26か所を替える")
    table(
        sheet,
        LEFT,
        216,
        800,
        [
            Column("土木事務所", 104, "left"),
            Column("設置数", 480),
            Column("更新済み", 650),
            Column("9年度", 850, bold=True),
        ],
        [
            ["東部", "12か所", "4", "8"],
            ["南部", "9か所", "3", "6"],
            ["西部", "8か所", "2", "6"],
            ["北部", "7か所", "1", "6"],
            ["合計", "36か所", "10", "26"],
        ],
        total=True,
        row=68,
    )
    _map(sheet, 930, 216)
    section(sheet, LEFT, 732, "2", "更新時期を令和10年度に延ばす場合との比較")
    table(
        sheet,
        LEFT,
        760,
        WIDE,
        [
            Column("案", 104, "left"),
            Column("費用", 640),
            Column("9年度の保守費", 900),
            Column("出水期までに新しくなる割合", 1420, bold=True),
        ],
        [
            ["9年度に26か所を替える", "6.1億円", "1,400万円", "100％"],
            ["令和10年度に延ばす", "6.4億円", "5,200万円", "28％"],
        ],
        row=58,
        head=48,
    )


def _map(sheet: Sheet, x: float, y: float) -> None:
    """The prefecture in outline with its rivers and cameras."""
    shape = [
        (40, 60),
        (190, 8),
        (380, 20),
        (500, 110),
        (512, 250),
        (420, 370),
        (270, 440),
        (130, 400),
        (60, 280),
        (14, 170),
    ]
    sheet.area([(x + a, y + b) for a, b in shape], HEAD, smooth=True)
    main = [(70, 60), (120, 120), (180, 190), (240, 250), (320, 300), (380, 350), (400, 400)]
    branch = [(440, 90), (400, 150), (340, 190), (280, 230), (240, 250)]
    for river, width in ((main, 9), (branch, 6)):
        sheet.path([(x + a, y + b) for a, b in river], "#7FA6D8", width, smooth=True)
    for a, b, done in [
        (118, 118, True),
        (178, 188, False),
        (262, 262, True),
        (330, 308, False),
        (386, 366, False),
        (398, 152, True),
        (330, 196, False),
    ]:
        sheet.disc(x + a, y + b, 13, LIGHT if done else BLUE, "#FFFFFF")
    sheet.disc(x + 70, y + 458, 11, BLUE)
    sheet.text(x + 92, y + 466, "9年度に替える", NOTE)
    sheet.disc(x + 292, y + 458, 11, LIGHT)
    sheet.text(x + 314, y + 466, "更新済み", NOTE)


def shelters(sheet: Sheet) -> None:
    start(sheet, "避難所の環境整備")
    large = Style(32)
    for number, words in enumerate(
        [
            "冷暖房の設置率を、72％から90％に引き上げる。",
            "簡易ベッドを、市町村と合わせて1万2千台備える。",
            "停電に備え、蓄電池を64か所に置く。",
        ]
    ):
        sheet.block(
            LEFT + 20, 216 + number * 82, WIDE - 60, words, large, label=str(number + 1), label_width=58
        )
    x, y = 370, 720
    sheet.slice(x, y, 190, 0, 1, PALE)
    sheet.slice(x, y, 190, 0, 0.72, BLUE)
    sheet.text(x + 56, y + 96, "72％", Style(64, True, "#FFFFFF"), "center")
    for number, (mark, name, count) in enumerate(
        [(BLUE, "設置済み", "288か所"), (PALE, "未設置", "112か所")]
    ):
        top = 640 + number * 66
        sheet.rect(680, top - 24, 28, 28, mark)
        sheet.text(730, top, name, large)
        sheet.text(1080, top, count, large, "right")
    sheet.line(680, 740, 1080, 740, GRID, 2)
    sheet.text(680, 792, "対象は、指定避難所400か所である。", large)
    sheet.text(680, 846, "冷暖房のない112か所のうち、体育館が97か所を占める。", Style(25, color=GREY))
