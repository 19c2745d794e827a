"""「打合せを紙から画面へ」: twelve slides of 16:9 about the four promises."""

from __future__ import annotations

from pathlib import Path

from assets.papers.charts import Column, Scale, bars, table
from assets.papers.typeset import GREY, Sheet, Style, width_of

TITLE = "打合せを紙から画面へ"
TEAL, MIST, DEEP, SOFT, LINE, RED = "#00615C", "#A5CBC7", "#0E2B2A", "#F1F7F6", "#C7D8D6", "#CE0000"
LEFT, RIGHT = 120, 1800
WIDE = RIGHT - LEFT

HEADING = Style(60, True, DEEP, spacing=0.01)
LABEL = Style(30, True, TEAL)
BODY = Style(36)
SMALL = Style(28, color=GREY)


def make(file: Path) -> Sheet:
    """Writes the paper; returns what is known of it."""
    sheet = Sheet(file, (960, 540), (1920, 1080), TITLE)
    for number, slide in enumerate(SLIDES):
        if number:
            sheet.next_page()
        slide(sheet)
    sheet.close()
    return sheet


def start(sheet: Sheet, label: str, title: str) -> None:
    sheet.bookmark(title)
    sheet.text(LEFT, 96, label, LABEL)
    sheet.text(LEFT, 172, title, HEADING)
    sheet.text(LEFT, 1036, TITLE, SMALL.of(size=24))
    sheet.text(RIGHT, 1036, str(sheet.page), SMALL.of(size=24), "right")


def cover(sheet: Sheet) -> None:
    sheet.bookmark("表紙")
    sheet.rect(0, 0, sheet.width, sheet.height, DEEP)
    white = Style(108, True, "#FFFFFF", spacing=0.01)
    sheet.text(LEFT, 430, "打合せを", white)
    sheet.text(LEFT, 570, "紙から画面へ", white)
    sheet.text(LEFT + 4, 664, "庁内打合せの電子化　本格実施について", Style(38, color="#CFE5E2"))
    sheet.text(LEFT + 4, 930, "令和8年11月24日", Style(32, color="#CFE5E2"))
    sheet.text(LEFT + 4, 980, "総務部 行政経営課", Style(32, color="#CFE5E2"))
    for number in range(6):
        x, y = 1130 + number * 26, 300 + number * 22
        sheet.frame(x, y, 300, 400, "#3E6B68", 3, 6)
    sheet.rect(1290, 452, 480, 290, "#FFFFFF", 14)
    sheet.rect(1310, 472, 440, 250, SOFT, 6)
    sheet.rect(1346, 510, 220, 22, TEAL)
    for number, length in enumerate((360, 330, 350, 240)):
        sheet.rect(1346, 566 + number * 34, length, 12, MIST)
    sheet.rect(1500, 742, 60, 44, "#FFFFFF")
    sheet.rect(1430, 784, 200, 16, "#FFFFFF", 8)


def why(sheet: Sheet) -> None:
    start(sheet, "なぜ変えるのか", "1回の打合せで、240枚")
    for number, (figure, unit, words) in enumerate(
        [
            ("3万1千", "回", "1年に開く庁内の打合せ"),
            ("744", "万枚", "そのために刷る紙"),
            ("2.9", "億円", "印刷・用紙・廃棄の費用"),
        ]
    ):
        x = LEFT + number * 572
        sheet.rect(x, 250, 536, 330, SOFT, 12)
        size = Style(120, True, TEAL, spacing=0)
        width = sheet.text(x + 44, 442, figure, size)
        sheet.text(x + 58 + width, 442, unit, Style(44, True, TEAL))
        sheet.text(x + 44, 524, words, Style(32))
    sheet.block(
        LEFT,
        690,
        WIDE,
        "紙は、配った後に直せない。数字が1つ変わると、刷り直し、配り直し、説明し直す。",
        BODY,
        1.7,
    )
    sheet.block(
        LEFT, 756, WIDE, "変えたいのは紙の枚数ではなく、決まるまでの時間である。", BODY.of(bold=True), 1.7
    )
    sheet.text(LEFT, 930, "令和7年度の実績。1回の枚数は、平均12人に20ページを配るものとして計算した。", SMALL)


PROMISES = [
    ("1", "配らない", "人数分を印刷し、前日までに配る", "会議室の画面と手元の端末で見る"),
    ("2", "持ち帰らない", "疑問点を持ち帰り、日を改めて説明する", "その場で調べ、画面に示す"),
    ("3", "出直さない", "自席で直し、もう一度説明する", "その場で直し、その場で確かめる"),
    ("4", "書き起こさない", "紙に書き取り、後で報告書に打つ", "説明しながら残し、そのまま報告書にする"),
]


def promises(sheet: Sheet) -> None:
    start(sheet, "何を変えるのか", "四つの約束")
    for number, (mark, name, before, after) in enumerate(PROMISES):
        x, y = LEFT + (number % 2) * 860, 240 + (number // 2) * 370
        sheet.rect(x, y, 820, 336, SOFT, 12)
        sheet.disc(x + 78, y + 82, 38, TEAL)
        sheet.text(x + 78, y + 97, mark, Style(42, True, "#FFFFFF"), "center")
        sheet.text(x + 140, y + 98, name, Style(46, True, DEEP))
        sheet.text(x + 48, y + 190, "これまで", SMALL.of(size=26))
        sheet.text(x + 190, y + 190, before, Style(30, color=GREY))
        sheet.line(x + 48, y + 222, x + 772, y + 222, LINE, 2)
        sheet.text(x + 48, y + 284, "これから", Style(26, True, TEAL))
        sheet.text(x + 190, y + 284, after, Style(32, True))


def promise_1(sheet: Sheet) -> None:
    start(sheet, "約束1", "配らない")
    _box(sheet, LEFT, 380, 400, "説明者の端末", "資料を開き、会議室を選ぶ")
    _arrow(sheet, LEFT + 420, 490, LEFT + 610)
    _box(sheet, LEFT + 630, 250, 470, "会議室の画面", "説明者と同じページ、同じ部分")
    _box(sheet, LEFT + 630, 510, 470, "参加者の端末", "手元で前のページも見られる")
    steps = [("印刷", "45分", "0分"), ("配布", "20分", "0分"), ("接続", "0分", "1分")]
    table(
        sheet,
        LEFT + 1180,
        250,
        500,
        [
            Column("準備", LEFT + 1204, "left"),
            Column("これまで", LEFT + 1480),
            Column("これから", LEFT + 1656, bold=True),
        ],
        [*[list(step) for step in steps], ["計", "65分", "1分"]],
        total=True,
        row=92,
        head=72,
        style=Style(32, spacing=0.01),
        ground=SOFT,
    )
    sheet.block(
        LEFT, 850, WIDE, "会議室の番号を入力しなければ、資料は映らない。別の会議室に映ることはない。", BODY
    )
    sheet.block(LEFT, 914, WIDE, "急に1人増えても、刷り足さない。", BODY)


def _box(sheet: Sheet, x: float, y: float, width: float, name: str, words: str) -> None:
    sheet.rect(x, y, width, 220, SOFT, 12)
    sheet.rect(x, y, 10, 220, TEAL)
    sheet.text(x + 44, y + 84, name, Style(38, True, DEEP))
    sheet.block(x + 44, y + 142, width - 70, words, Style(28, color=GREY), 1.5)


def _arrow(sheet: Sheet, x1: float, y: float, x2: float) -> None:
    sheet.line(x1, y, x2 - 24, y, TEAL, 8)
    sheet.area([(x2 - 30, y - 24), (x2, y), (x2 - 30, y + 24)], TEAL)


def promise_2(sheet: Sheet) -> None:
    start(sheet, "約束2", "持ち帰らない")
    lanes: list[tuple[str, list[tuple[str, float, float, str]]]] = [
        (
            "これまで",
            [
                ("説明する", 0, 1, MIST),
                ("持ち帰って調べる", 1, 4, MIST),
                ("部局に照会する", 4, 7, MIST),
                ("もう一度説明する", 9, 10, MIST),
            ],
        ),
        ("これから", [("説明する・調べる・示す", 0, 1.9, TEAL)]),
    ]
    x, step = LEFT + 200, 145
    for day in range(11):
        sheet.line(x + step * day, 250, x + step * day, 640, LINE, 1.5)
        if day < 10:
            sheet.text(x + step * (day + 0.5), 238, f"{day + 1}日目", SMALL.of(size=24), "center")
    for number, (name, works) in enumerate(lanes):
        y = 290 + number * 180
        sheet.text(LEFT, y + 78, name, Style(34, True, TEAL if number else GREY))
        for words, first, last, color in works:
            sheet.rect(x + step * first + 5, y, step * (last - first) - 10, 130, color, 10)
            ink = Style(28, True, "#FFFFFF" if color == TEAL else DEEP)
            room = step * (last - first) - 30
            lines = (
                [words]
                if width_of(words, ink) <= room
                else [words[: len(words) // 2], words[len(words) // 2 :]]
            )
            for place, line in enumerate(lines):
                middle = y + 76 + (place - (len(lines) - 1) / 2) * 40
                sheet.text(x + step * (first + last) / 2, middle, line, ink, "center")
    for number, words in enumerate(
        [
            "資料庫の3,080点と庁外の公表資料を、打合せの画面から調べる。",
            "見つけたものは、説明者が選んだときだけ会議室に映る。",
            "答えられなかったことは「持ち帰り」に残り、担当と期限が付く。",
        ]
    ):
        sheet.disc(LEFT + 12, 738 + number * 78, 8, TEAL)
        sheet.text(LEFT + 46, 750 + number * 78, words, BODY)


def promise_3(sheet: Sheet) -> None:
    start(sheet, "約束3", "出直さない")
    sheet.rect(LEFT, 240, WIDE, 320, SOFT, 12)
    sheet.text(LEFT + 56, 310, "会議室の画面での見え方", SMALL)
    text = Style(46)
    x = LEFT + 56.0
    x += sheet.text(x, 420, "河川監視カメラの更新時期を", text)
    old = sheet.text(x, 420, "令和10年度に延ばす", text.of(color=RED))
    sheet.line(x, 404, x + old, 404, RED, 4)
    x += old + 10
    new = sheet.text(x, 420, "令和9年度に前倒しする", text.of(color=RED, bold=True))
    sheet.line(x, 434, x + new, 434, RED, 4)
    sheet.text(x + new, 420, "案", text)
    sheet.disc(LEFT + 78, 500, 24, "#FFFFFF", RED)
    sheet.text(LEFT + 78, 512, "3", Style(30, True, RED), "center")
    sheet.text(LEFT + 122, 512, "修正3　副知事　14時16分", Style(30, color=GREY))
    for number, (name, words) in enumerate(
        [
            ("指示", "直す言葉を選ぶと、番号が付く"),
            ("入力", "打った言葉が、見え消しで映る"),
            ("反映", "確かめてから、資料そのものを直す"),
            ("一覧", "修正前と修正後が、\n表になって残る"),
        ]
    ):
        x = LEFT + number * 430
        sheet.rect(x, 620, 390, 250, "#FFFFFF", 12)
        sheet.frame(x, 620, 390, 250, LINE, 2, 12)
        sheet.text(x + 36, 700, name, Style(40, True, TEAL))
        sheet.block(x + 36, 762, 330, words, Style(30), 1.6)
        if number < 3:
            sheet.area([(x + 398, 728), (x + 422, 745), (x + 398, 762)], TEAL)
    sheet.text(LEFT, 950, "原本は変えない。直した資料は、新しい版として残る。", BODY)


def promise_4(sheet: Sheet) -> None:
    start(sheet, "約束4", "書き起こさない")
    rows = [
        ("14:05", "質問", "国庫補助の内示が遅れた場合、一般財源で先に執行できるか。", "持ち帰り　財政課"),
        ("14:12", "決定", "防災・減災の増額は、案のとおりとする。", ""),
        ("14:16", "指示", "カメラの更新時期を、令和9年度に前倒しする。", "修正3"),
        ("14:21", "宿題", "前倒しに必要な額を、土木事務所ごとにまとめる。", "河川課　11月27日まで"),
    ]
    colors = {"質問": "#0B4EA2", "決定": "#197A4B", "指示": RED, "宿題": "#806300"}
    for number, (time, kind, words, owner) in enumerate(rows):
        y = 240 + number * 112
        sheet.text(LEFT, y + 66, time, Style(30, color=GREY))
        sheet.rect(LEFT + 120, y + 22, 116, 64, colors[kind], 10)
        sheet.text(LEFT + 178, y + 66, kind, Style(30, True, "#FFFFFF"), "center")
        sheet.text(LEFT + 276, y + 67, words, Style(34))
        sheet.text(RIGHT, y + 66, owner, Style(30, color=GREY), "right")
        sheet.line(LEFT, y + 112, RIGHT, y + 112, LINE, 2)
    sheet.text(LEFT, 784, "報告書を書く時間", Style(34, True, DEEP))
    for number, (name, minutes, color) in enumerate([("これまで", 52, MIST), ("これから", 18, TEAL)]):
        y = 816 + number * 78
        sheet.text(LEFT, y + 44, name, Style(30))
        sheet.rect(LEFT + 180, y, minutes * 24, 60, color, 6)
        sheet.text(
            LEFT + 200 + minutes * 24, y + 44, f"{minutes}分", Style(36, True, TEAL if number else GREY)
        )


def displays(sheet: Sheet) -> None:
    start(sheet, "どこで使えるのか", "79台の画面を使う")
    bars(
        sheet,
        LEFT + 70,
        330,
        1010,
        470,
        [
            ("総務", 9),
            ("企画", 7),
            ("健康福祉", 11),
            ("商工", 8),
            ("農林", 9),
            ("土木", 12),
            ("教育", 8),
            ("その他", 5),
            ("部長室など", 10),
        ],
        Scale(0, 15, 5),
        unit="（台）",
        strong=8,
        tint=(TEAL, MIST),
    )
    x = 1330
    for number, (figure, words) in enumerate(
        [
            ("69台", "各課の打合せ場所"),
            ("10台", "部長室など"),
            ("2台", "知事室・副知事室の\n大型画面（別に数える）"),
        ]
    ):
        y = 300 + number * 170
        sheet.text(x, y + 70, figure, Style(64, True, TEAL, spacing=0))
        sheet.block(x + 190, y + 62, 280, words, Style(30), 1.5)
        if number < 2:
            sheet.line(x, y + 124, RIGHT, y + 124, LINE, 2)
    sheet.text(LEFT, 936, "新しい画面は買わない。今ある画面に、小さな端末を付ける。", BODY)


def trial(sheet: Sheet) -> None:
    start(sheet, "試した結果", "決まるまでが、5日早くなった")
    figures = [
        ("同じ案件の打合せ", 2.3, 1.4, "回"),
        ("決まるまでの日数", 12.4, 7.1, "日"),
        ("報告書を書く時間", 52, 18, "分"),
        ("1回に刷る枚数", 240, 6, "枚"),
    ]
    for number, (name, before, after, unit) in enumerate(figures):
        x = LEFT + number * 430
        sheet.rect(x, 240, 390, 560, SOFT, 12)
        sheet.text(x + 195, 310, name, Style(34, True, DEEP), "center")
        for place, (value, color) in enumerate([(before, MIST), (after, TEAL)]):
            height = max(8.0, 290 * value / before)
            left = x + 70 + place * 140
            sheet.rect(left, 700 - height, 110, height, color)
            strong = Style(36, True, TEAL if place else GREY, spacing=0)
            sheet.text(left + 55, 684 - height, f"{value:g}{unit}", strong, "center")
            sheet.text(left + 55, 748, "後" if place else "前", Style(28, color=GREY), "center")
    sheet.text(LEFT, 876, "財政課・危機管理課・河川課・産業政策課で、7月から9月まで186回試した。", BODY)
    sheet.text(LEFT, 936, "「元に戻したい」と答えた職員は、112人のうち4人であった。", BODY)


def safety(sheet: Sheet) -> None:
    start(sheet, "資料を守る", "どこに何が残るのか")
    table(
        sheet,
        LEFT,
        240,
        WIDE,
        [
            Column("場所", LEFT + 32, "left", bold=True),
            Column("説明している間", LEFT + 420, "left"),
            Column("説明が終わると", LEFT + 920, "left"),
            Column("線が切れると", LEFT + 1310, "left"),
        ],
        [
            ["会議室の画面", "記憶装置に書かずに映す", "1秒以内に消す", "3分で隠す"],
            ["参加者の端末", "画面に映すだけ", "消す", "15分で消す"],
            ["説明者の端末", "原本と記録", "残る", "記録を続ける"],
        ],
        row=112,
        head=80,
        style=Style(34, spacing=0.01),
        ground=SOFT,
    )
    for number, words in enumerate(
        [
            "通信は庁内だけで行い、外へは出さない。全て暗号にする。",
            "会議室の番号は、使うたびに変わる。前の打合せの番号では、つながらない。",
            "消えたことは、会議室ごとに説明者の画面で確かめられる。",
        ]
    ):
        sheet.disc(LEFT + 12, 772 + number * 78, 8, TEAL)
        sheet.text(LEFT + 46, 784 + number * 78, words, BODY)


def plan(sheet: Sheet) -> None:
    start(sheet, "進め方", "9年度の夏までに、全ての部局で")
    months = ["11月", "12月", "1月", "2月", "3月", "4月", "5月", "6月", "7月"]
    x, step = LEFT + 380, 144
    sheet.rect(LEFT, 240, WIDE, 70, SOFT)
    for number, month in enumerate(months):
        sheet.text(x + step * (number + 0.5), 286, month, Style(28, True, DEEP), "center")
    works = [
        ("規程の改正", 0, 2.5, MIST, "案を作る"),
        ("機器の取付け", 1, 3.6, MIST, "79台に付ける"),
        ("職員の研修", 3, 3, MIST, "各課2人ずつ"),
        ("商工・総務・土木", 4, 2, TEAL, "始める"),
        ("ほかの部局", 6, 3, TEAL, "始める"),
        ("効果の検証", 8, 1, "#B58A00", "公表"),
    ]
    for number, (name, first, length, color, words) in enumerate(works):
        y = 310 + number * 96
        sheet.text(LEFT + 20, y + 60, name, Style(32))
        sheet.rect(x + step * first + 6, y + 18, step * length - 12, 60, color, 8)
        ink = Style(28, True, DEEP if color == MIST else "#FFFFFF")
        sheet.text(x + step * (first + length / 2), y + 58, words, ink, "center")
        sheet.line(LEFT, y + 96, RIGHT, y + 96, LINE, 2)
    sheet.text(LEFT, 956, "紙を全てやめるのではない。署名の要る文書と、停電のときの備えは残す。", BODY)


def requests(sheet: Sheet) -> None:
    start(sheet, "本日お諮りすること", "お願いしたいこと")
    for number, (name, words) in enumerate(
        [
            ("知事への説明から始める", "12月の知事への説明を、会議室の画面で行う。紙の資料は置かない。"),
            ("指示は、その場で", "資料の修正は、持ち帰らず、その場で言葉を決める。"),
            (
                "刷らないことを、決まりにする",
                "庁内の打合せの資料は、印刷しないことを原則とする。規程を改める。",
            ),
        ]
    ):
        y = 250 + number * 210
        sheet.rect(LEFT, y, WIDE, 180, SOFT, 12)
        sheet.rect(LEFT, y, 12, 180, TEAL)
        sheet.text(LEFT + 96, y + 116, str(number + 1), Style(84, True, TEAL), "center")
        sheet.text(LEFT + 180, y + 78, name, Style(42, True, DEEP))
        sheet.text(LEFT + 180, y + 138, words, Style(34))
    sheet.text(LEFT, 950, "担当　総務部 行政経営課（内線2211）", SMALL)


SLIDES = [
    *(cover, why, promises, promise_1, promise_2, promise_3),
    *(promise_4, displays, trial, safety, plan, requests),
]
