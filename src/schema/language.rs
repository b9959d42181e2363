//! The questionnaire in another language: its own words where the schema has them.

use super::Survey;

/// Language of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// 日本語
    Japanese,
    /// English
    English,
}

impl Survey {
    /// The survey with its words in a language; what has no English words keeps its Japanese ones.
    ///
    /// For tables, after reading: cells hold the labels of the questionnaire that was answered.
    pub fn in_language(&self, language: Language) -> Survey {
        let mut survey = self.clone();
        if language == Language::Japanese {
            return survey;
        }
        swap(&mut survey.title, &survey.title_en);
        if let Some(wave) = &mut survey.wave {
            swap(&mut wave.label, &wave.label_en);
        }
        if !survey.note_en.is_empty() {
            survey.note.clone_from(&survey.note_en);
        }
        for question in &mut survey.questions {
            let english = &question.english;
            if english.text.is_some() || english.short.is_some() {
                // The Japanese short wording does not stand for an English text.
                question.short.clone_from(&english.short);
            }
            swap(&mut question.text, &english.text);
            if english.section.is_some() {
                question.section.clone_from(&english.section);
            }
            for option in &mut question.options {
                if option.label_en.is_some() {
                    option.short = None;
                }
                swap(&mut option.label, &option.label_en);
            }
            question.missing.iter_mut().for_each(|missing| swap(&mut missing.label, &missing.label_en));
            question.nets.iter_mut().for_each(|net| swap(&mut net.label, &net.label_en));
        }
        survey
    }
}

fn swap(words: &mut String, english: &Option<String>) {
    if let Some(english) = english {
        words.clone_from(english);
    }
}
