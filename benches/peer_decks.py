"""pandas + python-pptx: decks of every prefecture, one native stacked bar chart a slide, prefecture beside nation:
what an analyst scripts by hand.

    peer_decks.py DATA.csv FOLDER PREFECTURES
"""

import os
import sys

import pandas as pd
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Cm

data, folder, prefectures = pd.read_csv(sys.argv[1]), sys.argv[2], int(sys.argv[3])
os.makedirs(folder, exist_ok=True)
questions = [f"s{number:02d}" for number in range(1, 25)]


def shares(rows, question):
    return rows.groupby(question).weight.sum() / rows.loc[rows[question].notna(), "weight"].sum()


nation = {question: shares(data, question) for question in questions}
for prefecture in range(1, prefectures + 1):
    rows = data[data.pref == prefecture]
    deck = Presentation()
    for question in questions:
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = question
        chart = CategoryChartData()
        chart.categories = ["全国", f"都道府県{prefecture}"]
        own = shares(rows, question)
        for code in nation[question].index:
            chart.add_series(str(code), (float(nation[question][code]), float(own.get(code, 0))))
        slide.shapes.add_chart(XL_CHART_TYPE.BAR_STACKED_100, Cm(1), Cm(4), Cm(22), Cm(12), chart)
    deck.save(f"{folder}/{prefecture:02d}.pptx")
