"""The budget paper's second third: what is planned, field by field."""

from __future__ import annotations

from assets.papers.budget_look import BODY, LEFT, WIDE, panel, points, section, start
from assets.papers.charts import (
    BLUE,
    DEEP,
    Column,
    Scale,
    across,
    bars,
    curves,
    table,
)
from assets.papers.typeset import Sheet, Style

ROWS = Style(27, spacing=0.01)


def child_care(sheet: Sheet) -> None:
    start(sheet, "子育て支援の拡充")
    bottom = table(
        sheet,
        LEFT,
        176,
        WIDE,
        [
            Column("事業", 104, "left"),
            Column("対象", 640, "left"),
            Column("8年度", 1120),
            Column("9年度案", 1420, bold=True),
        ],
        [
            ["保育料の軽減", "3歳未満の第2子から", "22億円", "25億円"],
            ["病児・病後児保育の広域利用", "全19市町", "3億円", "5億円"],
            ["子ども医療費の助成", "18歳まで", "6億円", "8億円"],
            ["高校生への給付金", "年収590万円未満の世帯", "5億円", "10億円"],
            ["合計", "", "36億円", "48億円"],
        ],
        total=True,
        row=76,
        head=60,
        style=ROWS,
    )
    points(
        sheet,
        LEFT + 8,
        bottom + 84,
        WIDE - 60,
        [
            ("1", "病児保育は、住む市町のほか、勤め先の市町でも利用できるようになる。"),
            ("2", "高校生への給付金は、対象を年収590万円未満の世帯に広げる。新たに2,100人が対象となる。"),
            ("3", "申請は、いずれも電子申請で受け付け、住民票の写しの添付をなくす。"),
        ],
    )


def schools(sheet: Sheet) -> None:
    start(sheet, "教育環境の整備")
    section(sheet, LEFT, 189, "1", "体育館に空調のある県立学校")
    bars(
        sheet,
        140,
        313,
        560,
        360,
        [("6年度", 6), ("7年度", 11), ("8年度", 19), ("9年度案", 31), ("10年度", 43)],
        Scale(0, 50, 10),
        unit="（校）",
        strong=3,
    )
    section(sheet, 803, 189, "2", "9年度に行うこと")
    points(
        sheet,
        851,
        256,
        590,
        [
            ("（1）", "体育館の空調を、12校に設ける。\n避難所となる学校を先にする。"),
            ("（2）", "学習端末を、8,400台更新する。\n使い終えた端末は、福祉施設に譲る。"),
            ("（3）", "不登校の生徒のための別室を、\n全ての県立高校に置く。"),
        ],
        22,
    )
    panel(sheet, 790, 200)
    sheet.text(LEFT + 42, 852, "9年度案　40億円", Style(32, True, DEEP))
    sheet.block(
        LEFT + 42,
        912,
        WIDE - 90,
        "うち体育館の空調は14億円である。国の交付金（2分の1）は、12月に内定する。残りは県債で賄う。",
        BODY,
    )


def workers(sheet: Sheet) -> None:
    start(sheet, "中小企業の人手不足対策")
    section(sheet, LEFT, 189, "1", "人手が足りないと答えた企業の割合（9月）")
    across(
        sheet,
        LEFT + 8,
        236,
        WIDE - 8,
        [
            ("建設業", 71.4, "71.4％"),
            ("運輸業", 66.0, "66.0％"),
            ("介護・福祉", 64.8, "64.8％"),
            ("宿泊・飲食", 58.2, "58.2％"),
            ("製造業", 43.5, "43.5％"),
        ],
        100,
        pitch=78,
        thick=42,
        strong=0,
    )
    section(sheet, LEFT, 692, "2", "9年度に行うこと（19億円）")
    table(
        sheet,
        LEFT,
        722,
        WIDE,
        [Column("事業", 104, "left"), Column("内容", 480, "left"), Column("9年度案", 1420, bold=True)],
        [
            ["省力化の設備", "建設業・運輸業の機器の導入費を3分の2まで補助する", "11億円"],
            ["働き手の確保", "県外に住む経験者の引っ越しと住まいの費用を補助する", "5億円"],
            ["学び直し", "勤めながら通う人の授業料を補助し、企業に代わりの人を紹介する", "3億円"],
        ],
        row=66,
        head=52,
        style=Style(25, spacing=0.01),
    )


def visitors(sheet: Sheet) -> None:
    start(sheet, "観光と交流")
    section(sheet, LEFT, 189, "1", "延べ宿泊者数")
    curves(
        sheet,
        LEFT + 74,
        300,
        WIDE - 330,
        420,
        ["3年度", "4年度", "5年度", "6年度", "7年度", "8年度", "9年度"],
        [
            ("全体", [412, 536, 688, 741, 802, 846, 880], BLUE),
            ("うち国外から", [4, 22, 81, 118, 152, 176, 200], "#7A8797"),
        ],
        Scale(0, 1000, 200),
        unit="（万人泊　8年度から見込み）",
    )
    points(
        sheet,
        LEFT + 8,
        836,
        WIDE - 60,
        [
            ("1", "宿泊者数は、9年度に880万人泊を見込む。冬の落ち込みを埋める催しに2億円を充てる。"),
            ("2", "二次交通は、温泉地と海岸を結ぶ予約制の車を増やし、待ち時間を30分以内にする。"),
            ("3", "国外からの客には、14の言葉で緊急の知らせを届ける。"),
        ],
        10,
    )


def farming(sheet: Sheet) -> None:
    start(sheet, "農林水産業の担い手")
    bottom = table(
        sheet,
        LEFT,
        176,
        WIDE,
        [
            Column("区分", 104, "left"),
            Column("7年度", 560),
            Column("8年度", 760),
            Column("9年度目標", 1010, bold=True),
            Column("9年度案", 1420),
        ],
        [
            ["新しく農業に就く人", "118人", "126人", "150人", "7.2億円"],
            ["林業に就く人", "31人", "34人", "40人", "2.6億円"],
            ["漁業に就く人", "12人", "15人", "20人", "1.8億円"],
            ["スマート農業を入れた経営体", "284", "351", "450", "4.4億円"],
        ],
        row=76,
        head=60,
        style=ROWS,
    )
    section(sheet, LEFT, bottom + 88, "1", "進め方")
    points(
        sheet,
        LEFT + 48,
        bottom + 148,
        WIDE - 60,
        [
            ("（1）", "親から受け継ぐ場合も、新しく始める場合と同じ額を給付する。"),
            ("（2）", "水田の見回りに使う機器を、土地改良区がまとめて借りられるようにする。"),
            ("（3）", "漁港の冷蔵施設を2か所改修し、出荷の時間を3時間早める。"),
        ],
    )


def hospitals(sheet: Sheet) -> None:
    start(sheet, "医療提供体制の確保")
    bottom = table(
        sheet,
        LEFT,
        176,
        WIDE,
        [
            Column("医療圏", 104, "left"),
            Column("人口", 340),
            Column("医師（人口10万人当たり）", 720),
            Column("救急の受入れ", 940),
            Column("9年度に行うこと", 1020, "left"),
        ],
        [
            ["中央", "58万人", "312人", "24時間", "高度救命の病床を6床増やす"],
            ["南部", "27万人", "241人", "24時間", "当直の医師を2人増やす"],
            ["西部", "19万人", "188人", "22時まで", "24時間の受入れを始める"],
            ["北部", "11万人", "163人", "20時まで", "遠隔診療の車を2台置く"],
        ],
        row=78,
        head=60,
        style=Style(26, spacing=0.01),
    )
    panel(sheet, bottom + 46, 246)
    sheet.text(
        LEFT + 42, bottom + 106, "北部と西部で、夜間に受け入れられない時間をなくす", Style(32, True, DEEP)
    )
    points(
        sheet,
        LEFT + 42,
        bottom + 168,
        WIDE - 90,
        [
            ("1", "大学から派遣される医師を、4人から7人に増やす。派遣の費用は全額を県が負担する。"),
            ("2", "冬の吹雪に備え、ドクターヘリに代わる搬送の車を北部に置く。"),
        ],
        10,
    )


def nursing(sheet: Sheet) -> None:
    start(sheet, "介護人材の確保")
    section(sheet, LEFT, 189, "1", "介護職員の必要数と見込み")
    bars(
        sheet,
        150,
        313,
        560,
        360,
        [("7年度", 18.2), ("8年度", 18.4), ("9年度", 18.9), ("10年度", 19.6), ("必要数", 20.8)],
        Scale(0, 25, 5),
        unit="（千人）",
        digits=1,
    )
    section(sheet, 803, 189, "2", "9年度案　13億円の内訳")
    table(
        sheet,
        803,
        216,
        647,
        [Column("事業", 825, "left"), Column("8年度", 1250), Column("9年度案", 1429, bold=True)],
        [
            ["処遇の改善", "4.1億円", "6.0億円"],
            ["資格の取得", "1.8億円", "2.5億円"],
            ["見守りの機器", "1.5億円", "3.0億円"],
            ["外国人材の住まい", "0.6億円", "1.5億円"],
            ["合計", "8.0億円", "13.0億円"],
        ],
        total=True,
        row=72,
    )
    points(
        sheet,
        LEFT + 8,
        826,
        WIDE - 60,
        [
            ("1", "10年度に1,200人が不足する。このうち半数を、辞める人を減らすことで埋める。"),
            ("2", "見守りの機器を入れた施設では、夜勤の負担が2割軽くなり、辞める人が3割減った。"),
        ],
    )


PAGES = [child_care, schools, workers, visitors, farming, hospitals, nursing]
