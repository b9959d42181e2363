"""An SPSS file as pyreadstat writes it: write_spss.py FILE.sav [zsav] (pyreadstat 1.3.7)"""

import datetime
import sys

import polars
import pyreadstat

frame = polars.DataFrame(
    {
        "回答者番号": [1, 2, 3, 4, 5],
        "性別": [1, 2, 9, 1, None],
        "score": [1.5, 2.25, -99.0, -98.0, 1e6],
        "region": ["01", "47", "99", "01", ""],
        "自由回答": ["とても良い、\"最高\"", "", "改行\nあり", "あ" * 400, "x"],
        "day": [
            datetime.date(2016, 11, 10),
            datetime.date(1970, 1, 1),
            None,
            datetime.date(2026, 1, 13),
            datetime.date(1999, 12, 31),
        ],
    }
)
pyreadstat.write_sav(
    frame,
    sys.argv[1],
    file_label="模擬データ",
    column_labels=["番号", "あなたの性別", "点数", "地域", "ご意見", "回答日"],
    variable_value_labels={"性別": {1: "男性", 2: "女性", 9: "無回答"}, "region": {"01": "北海道", "47": "沖縄県"}},
    missing_ranges={"性別": [9], "score": [{"lo": -99, "hi": -98}], "region": ["99"]},
    variable_measure={"性別": "nominal", "score": "scale"},
    compress="zsav" in sys.argv,
)
