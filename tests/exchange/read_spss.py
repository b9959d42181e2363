"""What pyreadstat reads of an SPSS file, as JSON: read_spss.py FILE.sav (pyreadstat 1.3.7)"""

import json
import sys

import pyreadstat

frame, meta = pyreadstat.read_sav(sys.argv[1], user_missing=True, output_format="dict", disable_datetime_conversion=True)
columns = frame


def plain(value):
    if value is None or value != value:
        return None
    return value if isinstance(value, (int, float, str)) else str(value)


print(
    json.dumps(
        {
            "names": meta.column_names,
            "labels": meta.column_names_to_labels,
            "values": {
                name: [[key, words] for key, words in labels.items()]
                for name, labels in meta.variable_value_labels.items()
            },
            "missing": meta.missing_ranges,
            "text_missing": {key: values for key, values in meta.missing_user_values.items()},
            "measures": meta.variable_measure,
            "sets": meta.mr_sets,
            "rows": meta.number_rows,
            "title": meta.file_label,
            "data": {name: [plain(value) for value in own] for name, own in columns.items()},
        },
        ensure_ascii=False,
    )
)
