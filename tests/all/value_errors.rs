//! One smallest broken file for each thing that reading says about values.

use super::data::{AGE, AREA, CHILDREN, HELP, NOTE, PETS, SEX, plain, refuses, weighted};

#[test]
fn an_unknown_code_is_said_once_with_its_count() {
    refuses(&[SEX], b"id,sex\n1,1\n2,\"7\n\"\n3,7\n4,8\n", &plain(), "error: data.csv:3: record 2, column `sex`: `7` is no option of question `sex` in 2 records, first here
error: data.csv:6: record 4, column `sex`: `8` is no option of question `sex`
");
}

#[test]
fn a_label_that_is_nearly_right_gets_a_suggestion() {
    refuses(
        &[PETS],
        "id,pets\n1,いぬ;ねこ\n2,いぬ;へびとかめれおん\n3,へびとかめれおんと\n",
        &plain(),
        "error: data.csv:3: record 2, column `pets`: `へびとかめれおん` is no option of question `pets`
  hint: did you mean `へびとかめれおんとう`?
error: data.csv:4: record 3, column `pets`: `へびとかめれおんと` is no option of question `pets`
  hint: did you mean `へびとかめれおんとう`?
",
    );
}

#[test]
fn a_lost_zero_is_suspected() {
    refuses(
        &[AREA],
        b"id,area\n1,01\n2,1\n",
        &plain(),
        "error: data.csv:3: record 2, column `area`: `1` is no option of question `area`
  hint: did Excel drop a leading zero?
",
    );
}

#[test]
fn a_date_made_by_excel_is_suspected() {
    refuses(
        &[AREA],
        "id,area\n1,01\n2,3月1日\n",
        &plain(),
        "error: data.csv:3: record 2, column `area`: `3月1日` is no option of question `area`
  hint: did Excel make a date of a code or label such as 3-1?
",
    );
}

#[test]
fn undeclared_words_for_missing_are_refused() {
    refuses(
        &[SEX, AGE],
        b"id,sex,age\n1,NULL,n/a\n2,-,.\n",
        &plain(),
        "error: data.csv:2: record 1, column `sex`: `NULL` is no option of question `sex`
  hint: if it means 無回答, declare it under `missing`; if 非該当, under `not_asked`
error: data.csv:3: record 2, column `sex`: `-` is no option of question `sex`
  hint: if it means 無回答, declare it under `missing`; if 非該当, under `not_asked`
error: data.csv:2: record 1, column `age`: expected a number, found `n/a` for question `age`
  hint: if it means 無回答, declare it under `missing`; if 非該当, under `not_asked`
error: data.csv:3: record 2, column `age`: expected a number, found `.` for question `age`
  hint: if it means 無回答, declare it under `missing`; if 非該当, under `not_asked`
",
    );
}

#[test]
fn a_zero_width_character_is_shown() {
    refuses(
        &[SEX],
        "id,sex\n1,\u{200b}1\n",
        &plain(),
        r#"error: data.csv:2: record 1, column `sex`: `\u{200b}1` is no option of question `sex`
"#,
    );
}

#[test]
fn codes_and_labels_in_one_column_are_refused() {
    refuses(
        &[SEX],
        "id,sex\n1,1\n2,女性\n",
        &plain(),
        r#"error: data.csv:3: record 2, column `sex`: codes and labels stand in one column: `1` and `女性`
  hint: say how column `sex` is read: `values = "code"` or `values = "label"`
"#,
    );
}

#[test]
fn a_column_that_means_two_things_is_refused() {
    refuses(
        &[CHILDREN],
        b"id,children\n1,1\n2,2\n",
        &plain(),
        r#"error: data.csv:2: record 1, column `children`: `1` is the code of one option and the label of another, and no other cell tells which is meant
  hint: say how column `children` is read: `values = "code"` or `values = "label"`
"#,
    );
}

#[test]
fn a_mark_that_does_not_mean_selected_is_refused() {
    refuses(
        &[HELP],
        "id,help_1,help_2,help_3\n1,0,1,0\n2,○,0,2\n",
        &plain(),
        "error: data.csv:3: record 2, column `help_1`: expected a mark of selected, 0 or a blank, found `○`
  hint: which marks mean selected is said by `selected` of question `help`
error: data.csv:3: record 2, column `help_3`: expected a mark of selected, 0 or a blank, found `2`
  hint: which marks mean selected is said by `selected` of question `help`
",
    );
}

#[test]
fn a_cell_that_is_no_number_is_refused_whole() {
    refuses(&[AGE], "id,age\n1,12\n2,12歳\n3,1E+05\n4,NaN\n5,99999999999999999999\n", &plain(), "error: data.csv:3: record 2, column `age`: expected a number, found `12歳` for question `age`
error: data.csv:4: record 3, column `age`: expected a number, found `1E+05` for question `age`
  hint: Excel writes large numbers so and loses digits; format the column as a number
error: data.csv:5: record 4, column `age`: expected a number, found `NaN` for question `age`
  hint: if it means 無回答, declare it under `missing`; if 非該当, under `not_asked`
error: data.csv:6: record 5, column `age`: expected a number of up to 18 digits, found `99999999999999999999` for question `age`
");
}

#[test]
fn numbers_that_cannot_share_a_scale_are_refused() {
    refuses(&[AGE], b"id,age\n1,9223372036854775807\n2,0.5\n", &plain(), "error: data.csv:3: record 2, column `age`: `0.5` and the other numbers of question `age` need more than 18 digits together
");
}

#[test]
fn weights_are_checked() {
    refuses(
        &[SEX],
        b"id,sex,w\n1,1,1.5\n2,1,-1\n3,1,\n4,2,heavy\n5,2,\n",
        &weighted(),
        "error: data.csv:3: record 2, column `w`: expected a weight of zero or more, found `-1`
error: data.csv:4: record 3, column `w`: expected a weight, found a blank in 2 records, first here
  hint: write 0 for a respondent who must not count
error: data.csv:5: record 4, column `w`: expected a weight, found `heavy`
",
    );
}

#[test]
fn a_weight_column_that_is_not_there_is_named() {
    refuses(
        &[SEX],
        b"id,sex,wt\n1,1,1\n",
        &weighted(),
        "error: data.csv:1: header: expected a column `w` for the weight, found none in the header
  hint: did you mean `wt`?
",
    );
}

#[test]
fn errors_come_by_column_and_record() {
    refuses(
        &[SEX, AGE],
        b"id,sex,age\n1,7,x\n2,8,1\n",
        &plain(),
        "error: data.csv:2: record 1, column `sex`: `7` is no option of question `sex`
error: data.csv:3: record 2, column `sex`: `8` is no option of question `sex`
error: data.csv:2: record 1, column `age`: expected a number, found `x` for question `age`
",
    );
}

#[test]
fn a_free_text_answer_is_never_quoted() {
    refuses(
        &[SEX, NOTE],
        "id,sex,note\n1,7,my secret\n2,1,my \u{200b}secret\n",
        &plain(),
        "error: data.csv:2: record 1, column `sex`: `7` is no option of question `sex`
",
    );
}

#[test]
fn of_many_unknown_values_ten_are_told() {
    let mut data = "id,sex\n".to_string();
    for id in 1..=30 {
        data.push_str(&format!("{id},{}\n", 100 + id % 13));
    }
    refuses(&[SEX], data, &plain(), "error: data.csv:2: record 1, column `sex`: `101` is no option of question `sex` in 3 records, first here
error: data.csv:3: record 2, column `sex`: `102` is no option of question `sex` in 3 records, first here
error: data.csv:4: record 3, column `sex`: `103` is no option of question `sex` in 3 records, first here
error: data.csv:5: record 4, column `sex`: `104` is no option of question `sex` in 3 records, first here
error: data.csv:6: record 5, column `sex`: `105` is no option of question `sex` in 2 records, first here
error: data.csv:7: record 6, column `sex`: `106` is no option of question `sex` in 2 records, first here
error: data.csv:8: record 7, column `sex`: `107` is no option of question `sex` in 2 records, first here
error: data.csv:9: record 8, column `sex`: `108` is no option of question `sex` in 2 records, first here
error: data.csv:10: record 9, column `sex`: `109` is no option of question `sex` in 2 records, first here
error: data.csv:11: record 10, column `sex`: `110` is no option of question `sex` in 2 records, first here
error: data.csv:11: record 10, column `sex`: and 3 other values like these in 6 cells
");
}

#[test]
fn numbers_outside_the_question_s_range_are_refused() {
    refuses(
        &[AGE, "from = 0\nto = 120\nmissing = [ { code = 999, label = \"無回答\" } ]\n"],
        b"id,age\n1,120\n2,121\n3,999\n4,-0.5\n5,0\n",
        &plain(),
        "error: data.csv:3: record 2, column `age`: the number `121` is out of range for question `age`
  hint: its numbers are 0 to 120
error: data.csv:5: record 4, column `age`: the number `-0.5` is out of range for question `age`
  hint: its numbers are 0 to 120
",
    );
    for (range, hint) in
        [("from = 1.5", "its least number is 1.5"), ("to = 0.25", "its greatest number is 0.25")]
    {
        refuses(
            &[AGE, range, "\n"],
            b"id,age\n1,1\n",
            &plain(),
            &format!(
                "error: data.csv:2: record 1, column `age`: the number `1` is out of range for question `age`\n  hint: {hint}\n"
            ),
        );
    }
}
