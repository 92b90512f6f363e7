#include "business_texts.hpp"

#include <array>
#include <span>

namespace mighost::dataset {

namespace {

constexpr std::array<std::string_view, 7> blanks = {"",     " ",    "\u00A0", "\u3000\t",
                                                    "\r\n", "\v\f", "  \n "};
constexpr std::array<std::string_view, 5> null_words = {"null", "None", "NULL", "none", "n/a"};

// None of these holds a word that decides. The question mark of the third is a full-width one, the
// last but one has a Kelvin sign for a K and full-width letters: lower case is a matter of ASCII.
constexpr std::array<std::string_view, 12> neutral = {
    "Torque on 11 increased by 5 degrees.",
    "確認しました。下顎のIPRは0.3mmです。",
    "これでいいですか？",
    "ขอบคุณครับ",
    "Correction of the midline by 1.5mm\r\nSee photo #3.",
    "Great result 😀👍🏽 🦷",
    "\u200Fشكرا\u200F",
    "Path is C:\\scans\\upper.stl\tand lower.stl",
    "It's \"fine\" -- {'json': True} \\u0000 100%",
    "null",
    "LOO\u212AS GOOD, ＰＬＡＮ",
    "Note: bite is open on the left side."};
constexpr std::array<std::string_view, 5> responses = {"Approved, go ahead.", "I APPROVE this.",
                                                       "Looks good to me", "looks good!!",
                                                       "Disapprove of the plan? Please explain."};
constexpr std::array<std::string_view, 6> questions = {"Please move 21 to the labial side.",
                                                       "Is the midline right?",
                                                       "QUESTION about the torque",
                                                       "下顎は大丈夫ですか?",
                                                       "Question: which treatment, which plan?",
                                                       "pLeAsE check again"};
constexpr std::array<std::string_view, 5> updates = {
    "New treatment uploaded.", "PLAN B is in the project.", "The occlusal plane is tilted",
    "See explanation below", "治療 Plan 2 を作成しました"};

std::span<const std::string_view> phrases_of(CommentKind kind) {
  switch (kind) {
    case CommentKind::doctor_response:
      return responses;
    case CommentKind::patient_question:
      return questions;
    case CommentKind::treatment_update:
      return updates;
    case CommentKind::clinical_note:
      break;
  }
  return neutral;
}

}  // namespace

std::string blank_text(Random& random) { return std::string(random.one_of(blanks)); }

std::string word_like_null(Random& random) { return std::string(random.one_of(null_words)); }

std::string comment_text(Random& random, CommentKind kind) {
  std::string text;
  while (random.chance(700)) {
    text += random.one_of(neutral);
    text += ' ';
  }
  text += random.one_of(phrases_of(kind));
  const std::uint32_t wordy = random.chance(20) ? 960 : 640;
  while (random.chance(wordy) && text.size() < 2000) {
    text += '\n';
    text += random.one_of(neutral);
  }
  return text;
}

}  // namespace mighost::dataset
