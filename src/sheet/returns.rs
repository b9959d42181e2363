//! 回収状況表: sent, returned and valid, with their rates.

use super::profile::Profile;
use super::{Cell, Content, Format, Role, Sheet, Value};
use crate::diag::thousands;
use crate::schema::Survey;
use crate::stats::Ratio;
use crate::tabulate::{Returned, Returns};

/// The table of what came back.
pub fn returns_sheet(survey: &Survey, returns: &Returns, profile: &Profile) -> Sheet {
    let language = profile.language;
    let header = [
        language.choose("区分", "Group"),
        language.choose("配布数", "Sent"),
        language.choose("回収数", "Returned"),
        language.choose("有効回収数", "Valid"),
        language.choose("回収率（％）", "Returned (%)"),
        language.choose("有効回収率（％）", "Valid (%)"),
    ];
    let line = |label: &str, returned: &Returned| {
        let count = |count: Option<u64>, role: Role| match count {
            Some(count) => Cell::new(
                Content::Number(Value::Exact(Ratio::whole(count.into())), Format::Count { decimals: 0 }),
                role,
            ),
            None => Cell::new(Content::Undefined, role),
        };
        let rate = |part: u64| {
            let percent = returned.sent.and_then(|sent| Ratio::new(part.into(), sent.into())?.times(100));
            let content = percent.map_or(Content::Undefined, |percent| {
                Content::Number(Value::Exact(percent), Format::Percent { decimals: profile.decimals })
            });
            Cell::new(content, Role::Data)
        };
        vec![
            Cell::text(label, Role::Label),
            count(returned.sent, Role::Base),
            count(Some(returned.returned), Role::Data),
            count(Some(returned.valid), Role::Data),
            rate(returned.returned),
            rate(returned.valid),
        ]
    };
    let mut body = vec![line(language.words().total, &returns.total)];
    body.extend(returns.groups.iter().map(|(option, returned)| line(&option.label, returned)));
    if returns.by.is_some() && returns.unplaced.returned > 0 {
        body.push(line(language.words().no_answer, &returns.unplaced));
    }
    let title = match &returns.by {
        Some(by) => format!("{}{}", language.choose("回収状況 × ", "Returns by "), by.heading),
        None => language.choose("回収状況", "Returns").to_string(),
    };
    let mut notes: Vec<String> = super::footnote::symbols(&body, profile).into_iter().collect();
    notes.push(match (&returns.by, language) {
        (None, super::Language::Japanese) => {
            "有効回収数は、いずれかの設問に回答のあったもの（白紙を除く）".to_string()
        }
        (None, super::Language::English) => {
            "valid: returns with an answer to any question (blank ones left out)".to_string()
        }
        (Some(by), super::Language::Japanese) => {
            format!("有効回収数は、「{}」のほかのいずれかの設問に回答のあったもの（白紙を除く）", by.heading)
        }
        (Some(by), super::Language::English) => {
            format!("valid: returns with an answer to any question but {} (blank ones left out)", by.heading)
        }
    });
    notes.extend(profile.notes.iter().cloned());
    Sheet {
        title,
        above: vec![survey.title.clone()],
        header: vec![header.into_iter().map(|text| Cell::text(text, Role::Header)).collect()],
        body,
        side: 1,
        notes,
    }
}

/// The municipalities of which there is no record.
pub fn absent_sheet(returns: &Returns, profile: &Profile) -> Option<Sheet> {
    let language = profile.language;
    let absent = returns.absent.as_ref()?;
    let header = [language.choose("コード", "Code"), language.choose("市区町村", "Municipality")];
    let count = thousands(absent.len() as u64);
    let line = |option: &crate::schema::QuestionOption| {
        vec![Cell::text(option.code.to_string(), Role::Label), Cell::text(option.label.as_str(), Role::Label)]
    };
    Some(Sheet {
        title: language.choose("未回収の市区町村", "Municipalities without a return").to_string(),
        above: vec![match language {
            super::Language::Japanese => format!("{count}市区町村（コード順）"),
            super::Language::English => format!("{count} municipalities, by code"),
        }],
        header: vec![header.map(|text| Cell::text(text, Role::Header)).into()],
        body: absent.iter().map(line).collect(),
        side: 2,
        notes: profile.notes.clone(),
    })
}
