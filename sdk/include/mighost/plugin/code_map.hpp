// What the numbers of a legacy column mean: the plugin's defaults, and what the configuration says
// otherwise.
#pragma once

#include <mighost/plugin/settings.hpp>
#include <optional>

namespace mig {

/// A number of the legacy database and the word that the target has for it.
struct coded {
  std::int64_t code;
  std::string_view word;
};

/// The word for a code; nothing when the table does not have it.
constexpr std::optional<std::string_view> word_for(std::span<const coded> table,
                                                   std::int64_t code) noexcept {
  for (const coded& each : table) {
    if (each.code == code) return each.word;
  }
  return std::nullopt;
}

/// The word for each known code. Made in the constructor of an entity from constants and from a
/// setting of kind map, [plugins.<family>]: `jaw_reason = { 2 = "complete", 9 = "" }` gives code 2
/// another word and takes the word of code 9 away. Words live as long as the plugin.
///
/// Throws std::invalid_argument, which ends the run before the first row, for an entry that cannot
/// be meant: a code that is no integer, a word that is not among `words`, a code that is not among
/// `open` when that is given.
class code_map {
 public:
  code_map(std::span<const coded> defaults, std::span<const std::string_view> words,
           const settings& given, std::string_view setting, std::span<const std::int64_t> open = {})
      : entries_(defaults.begin(), defaults.end()) {
    for (const auto& [code, word] : given.map(setting)) {
      override_word(number(setting, code), word, words, setting, open);
    }
  }

  /// Nothing for a code that nobody knows.
  std::optional<std::string_view> operator()(std::int64_t code) const noexcept {
    return word_for(entries_, code);
  }

 private:
  static std::int64_t number(std::string_view setting, const std::string& text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) {
      refuse(setting, "'" + text + "' is no legacy code: codes are integers");
    }
    // 03 beside 3 would be two meanings of one code.
    if (std::to_string(value) != text) {
      refuse(setting, "'" + text + "' is code " + std::to_string(value) + ": write it like that");
    }
    return value;
  }

  void override_word(std::int64_t code, const std::string& word,
                     std::span<const std::string_view> words, std::string_view setting,
                     std::span<const std::int64_t> open) {
    if (!open.empty() && std::find(open.begin(), open.end(), code) == open.end()) {
      refuse(setting, std::to_string(code) + " is not a code whose meaning is open; these are " +
                          listed(open, [](std::int64_t each) { return std::to_string(each); }));
    }
    std::erase_if(entries_, [&](const coded& each) { return each.code == code; });
    if (word.empty()) return;
    const auto known = std::find(words.begin(), words.end(), word);
    if (known == words.end()) {
      refuse(setting, "'" + word + "' is not a word of the target; these are " +
                          listed(words, [](std::string_view each) { return std::string{each}; }));
    }
    entries_.push_back({code, *known});
  }

  template <class Items, class Text>
  static std::string listed(const Items& items, Text text) {
    std::string list;
    for (const auto& each : items) list += (list.empty() ? "" : ", ") + text(each);
    return list;
  }

  [[noreturn]] static void refuse(std::string_view setting, const std::string& why) {
    throw std::invalid_argument("setting '" + std::string{setting} + "': " + why);
  }

  std::vector<coded> entries_;
};

}  // namespace mig
