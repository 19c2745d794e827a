"""The budget paper's last third: digital work, buildings, the money, the days to come."""

from __future__ import annotations

from assets.papers.budget_look import BODY, LEFT, NOTE, RIGHT, WIDE, panel, points, section, start
from assets.papers.charts import (
    AMBER,
    BLUE,
    DEEP,
    GREEN,
    HEAD,
    LIGHT,
    NAVY,
    PALE,
    Column,
    Scale,
    bars,
    stacked,
    table,
)
from assets.papers.typeset import GREY, Sheet, Style


def digital(sheet: Sheet) -> None:
    start(sheet, "デジタル化の推進")
    bottom = table(
        sheet,
        LEFT,
        176,
        WIDE,
        [
            Column("事業", 104, "left"),
            Column("8年度", 700),
            Column("9年度案", 900, bold=True),
            Column("ねらい", 960, "left"),
        ],
        [
            ["電子申請の拡大", "4.2億円", "7.0億円", "1,240の手続を全て受け付ける"],
            ["庁内会議の電子化", "1.9億円", "3.4億円", "打合せから紙をなくす"],
            ["データの共有", "3.6億円", "6.1億円", "集めた値を部局の間で使う"],
            ["市町の支援", "5.8億円", "8.3億円", "19市町の仕組みをそろえる"],
            ["人材の育成", "2.5億円", "3.2億円", "各課に1人の担い手を置く"],
            ["合計", "18.0億円", "28.0億円", ""],
        ],
        total=True,
        row=70,
        head=58,
        style=Style(26, spacing=0.01),
    )
    section(sheet, LEFT, bottom + 84, "1", "減る経費")
    points(
        sheet,
        LEFT + 48,
        bottom + 142,
        WIDE - 60,
        [
            ("（1）", "印刷と用紙　▲1.2億円（庁内会議の電子化による。次のページで説明する。）"),
            ("（2）", "書庫の賃借　▲0.4億円（文書の電子化による。2か所のうち1か所を返す。）"),
        ],
        10,
    )


def paperless(sheet: Sheet) -> None:
    start(sheet, "庁内会議の電子化")
    sheet.text(LEFT + 240, 196, "従来", Style(30, True, GREY))
    sheet.text(LEFT + 740, 196, "9年度から", Style(30, True, BLUE))
    rows = [
        ("配る", "人数分を印刷し、\n前日までに配る", "会議室の画面と手元の端末で、\n同じページを見る"),
        ("答える", "疑問点を持ち帰り、\n日を改めて説明する", "その場で調べ、\n会議室の画面に示す"),
        ("直す", "自席に戻って直し、\nもう一度説明する", "見え消しで直し、\nその場で確認する"),
        ("残す", "紙に書き取り、\n後で報告書に打つ", "説明しながら記録し、\n終わると報告書ができる"),
    ]
    for number, (verb, before, after) in enumerate(rows):
        y = 226 + number * 140
        sheet.rect(LEFT, y, WIDE, 122, "#F6F8FB")
        sheet.text(LEFT + 36, y + 76, verb, Style(36, True, DEEP))
        sheet.block(LEFT + 240, y + 51, 420, before, BODY.of(color=GREY), 1.5)
        sheet.area([(LEFT + 656, y + 42), (LEFT + 688, y + 61), (LEFT + 656, y + 80)], BLUE)
        sheet.block(LEFT + 740, y + 51, 600, after, BODY.of(bold=True), 1.5)
    points(
        sheet,
        LEFT + 8,
        850,
        WIDE - 60,
        [
            ("1", "打合せ用の画面79台を使う（各課69台、部長室など10台）。新しい画面は買わない。"),
            ("2", "資料は会議室の画面に残さない。説明が終わると消え、消えたことを説明者に知らせる。"),
        ],
        12,
    )


def paperless_effect(sheet: Sheet) -> None:
    start(sheet, "庁内会議の電子化の効果")
    section(sheet, LEFT, 189, "1", "印刷と用紙の費用")
    bars(
        sheet,
        140,
        313,
        560,
        360,
        [("5年度", 3.4), ("6年度", 3.3), ("7年度", 3.1), ("8年度", 2.9), ("9年度案", 1.7)],
        Scale(0, 4, 1),
        unit="（億円）",
        digits=1,
    )
    section(sheet, 803, 189, "2", "試行した4課の変化（7月から9月）")
    table(
        sheet,
        803,
        216,
        647,
        [Column("項目", 825, "left"), Column("前", 1180), Column("後", 1300, bold=True), Column("差", 1429)],
        [
            ["同じ案件の打合せ", "2.3回", "1.4回", "▲0.9"],
            ["決まるまでの日数", "12.4日", "7.1日", "▲5.3"],
            ["報告書を書く時間", "52分", "18分", "▲34"],
            ["1回に刷る枚数", "240枚", "6枚", "▲234"],
        ],
        row=76,
    )
    sheet.text(1450, 616, "対象は186回の打合せ。", NOTE, "right")
    panel(sheet, 790, 200)
    points(
        sheet,
        LEFT + 42,
        850,
        WIDE - 90,
        [
            ("1", "減額1.2億円の内訳は、複写機の使用料0.7億円、用紙0.3億円、廃棄0.2億円である。"),
            ("2", "庁内の打合せは年に約3万1千回ある。1割を電子化するごとに1,200万円が減る。"),
        ],
        14,
    )


def buildings(sheet: Sheet) -> None:
    start(sheet, "公共施設の長寿命化")
    years = ["9年度", "10年度", "11年度", "12年度", "13年度"]
    x, step = 640, 162
    sheet.rect(LEFT, 176, WIDE, 56, HEAD)
    sheet.text(LEFT + 28, 213, "施設", Style(25, True))
    sheet.text(430, 213, "築年", Style(25, True))
    for number, year in enumerate(years):
        sheet.text(x + step * (number + 0.5), 213, year, Style(25, True), "center")
    plan = [
        ("県民会館", "昭和53年", [(0, 1, "設計"), (1, 2, "改修")]),
        ("中央病院 西棟", "昭和58年", [(0, 2, "改修")]),
        ("総合体育館", "昭和60年", [(1, 1, "設計"), (2, 2, "改修")]),
        ("工業試験場", "平成2年", [(2, 1, "設計"), (3, 2, "改修")]),
        ("東部合同庁舎", "平成4年", [(3, 1, "設計"), (4, 1, "改修")]),
        ("博物館", "平成7年", [(0, 1, "点検"), (4, 1, "設計")]),
    ]
    for row, (name, built, works) in enumerate(plan):
        y = 232 + row * 84
        sheet.text(LEFT + 28, y + 52, name, BODY)
        sheet.text(430, y + 52, built, Style(25, color=GREY))
        for first, length, kind in works:
            color = {"改修": BLUE, "設計": LIGHT, "点検": PALE}[kind]
            sheet.rect(x + step * first + 6, y + 18, step * length - 12, 50, color, 6)
            ink = "#FFFFFF" if kind == "改修" else DEEP
            sheet.text(x + step * (first + length / 2), y + 52, kind, Style(24, True, ink), "center")
        sheet.line(LEFT, y + 84, RIGHT, y + 84, "#D5DAE1", 1.2)
    points(
        sheet,
        LEFT + 8,
        822,
        WIDE - 60,
        [
            ("1", "築40年を超える施設から改修し、建て替えより5割安く、30年長く使う。"),
            ("2", "改修の年を分け、1年の費用を60億円以内に抑える。"),
            ("3", "博物館は、9年度の点検の結果により、改修の時期を決める。"),
        ],
        8,
    )


def buildings_cost(sheet: Sheet) -> None:
    start(sheet, "公共施設の改修費")
    section(sheet, LEFT, 189, "1", "平準化の前と後")
    bars(
        sheet,
        150,
        313,
        560,
        360,
        [("9年度", 31), ("10年度", 48), ("11年度", 112), ("12年度", 86), ("13年度", 22)],
        Scale(0, 120, 40),
        unit="（億円）　平準化の前",
        strong=2,
    )
    bars(
        sheet,
        869,
        313,
        560,
        360,
        [("9年度", 52), ("10年度", 58), ("11年度", 60), ("12年度", 59), ("13年度", 55)],
        Scale(0, 120, 40),
        unit="（億円）　平準化の後",
        strong=2,
    )
    panel(sheet, 790, 200)
    points(
        sheet,
        LEFT + 42,
        850,
        WIDE - 90,
        [
            (
                "1",
                "5年間の総額は、299億円から284億円に減る。足場と仮設の費用を、近い施設でまとめるためである。",
            ),
            ("2", "最も多い年の県債の発行は、52億円少なくなる。"),
        ],
        14,
    )


def sources_of_money(sheet: Sheet) -> None:
    start(sheet, "重点施策の財源")
    section(sheet, LEFT, 189, "1", "307億円の財源")
    stacked(
        sheet,
        LEFT,
        226,
        WIDE,
        110,
        [("国庫支出金", 118, BLUE), ("県債", 74, "#4F7FC0"), ("基金", 42, LIGHT), ("一般財源", 73, PALE)],
    )
    section(sheet, LEFT, 532, "2", "分野ごとの財源（億円）")
    table(
        sheet,
        LEFT,
        562,
        WIDE,
        [
            Column("分野", 104, "left"),
            Column("国庫支出金", 620),
            Column("県債", 800),
            Column("基金", 980),
            Column("一般財源", 1200),
            Column("合計", 1420, bold=True),
        ],
        [
            ["防災・減災", "41", "38", "6", "11", "96"],
            ["子育て・教育", "36", "14", "12", "26", "88"],
            ["産業・雇用", "17", "10", "11", "16", "54"],
            ["医療・福祉", "15", "8", "8", "10", "41"],
            ["デジタル化の推進", "9", "4", "5", "10", "28"],
            ["合計", "118", "74", "42", "73", "307"],
        ],
        total=True,
        row=62,
        head=54,
        style=Style(25, spacing=0.01),
    )


def middle_term(sheet: Sheet) -> None:
    start(sheet, "中期の収支")
    bottom = table(
        sheet,
        LEFT,
        176,
        WIDE,
        [
            Column("区分（億円）", 104, "left"),
            Column("8年度", 640),
            Column("9年度", 830, bold=True),
            Column("10年度", 1020),
            Column("11年度", 1220),
            Column("12年度", 1420),
        ],
        [
            ["歳入", "4,592", "4,615", "4,588", "4,602", "4,619"],
            ["　うち県税", "1,862", "1,910", "1,924", "1,938", "1,951"],
            ["歳出", "4,600", "4,638", "4,595", "4,600", "4,611"],
            ["　うち社会保障", "742", "768", "786", "803", "821"],
            ["　うち公債費", "611", "598", "590", "584", "577"],
            ["差引き", "▲8", "▲23", "▲7", "2", "8"],
        ],
        total=True,
        row=72,
        head=58,
        style=Style(27, spacing=0.01),
    )
    panel(sheet, bottom + 56, 236)
    sheet.text(LEFT + 42, bottom + 118, "11年度に収支が釣り合う見込み", Style(32, True, DEEP))
    points(
        sheet,
        LEFT + 42,
        bottom + 180,
        WIDE - 90,
        [
            ("1", "9年度と10年度の不足は、基金で補う。取り崩しは合わせて30億円である。"),
            ("2", "金利が見込みより0.5％上がると、釣り合うのは12年度となる。"),
        ],
        10,
    )


def schedule(sheet: Sheet) -> None:
    start(sheet, "今後の日程")
    days = [
        ("11月24日", "本日", "重点施策についてお諮りする", BLUE),
        ("12月上旬", "", "部局の要求を取りまとめる", NAVY),
        ("12月下旬", "", "国の予算案を踏まえ、国庫補助の見込みを改める", NAVY),
        ("1月中旬", "", "知事査定", GREEN),
        ("2月上旬", "", "予算案を公表する", NAVY),
        ("2月下旬", "", "県議会に提案する", AMBER),
    ]
    x = LEFT + 300
    sheet.line(x, 220, x, 220 + 120 * (len(days) - 1), "#C9D1DC", 5)
    for number, (day, mark, words, color) in enumerate(days):
        y = 220 + number * 120
        sheet.text(x - 56, y + 13, day, Style(34, True, DEEP), "right")
        sheet.disc(x, y, 17, color)
        width = sheet.text(x + 60, y + 12, words, Style(32))
        if mark:
            sheet.rect(x + 60 + width + 28, y - 24, 96, 48, BLUE, 24)
            sheet.text(x + 60 + width + 76, y + 10, mark, Style(26, True, "#FFFFFF"), "center")
    sheet.text(LEFT, 990, "日程は、国の予算編成により変わることがある。", NOTE)


PAGES = [
    *(digital, paperless, paperless_effect, buildings, buildings_cost),
    *(sources_of_money, middle_term, schedule),
]
