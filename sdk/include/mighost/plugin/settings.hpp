// The plugin's own table of the configuration, as the constructor of an entity or validator gets
// it.
#pragma once

#include <algorithm>
#include <charconv>
#include <mighost/plugin/types.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace mig {

/// Typed access to [plugins.<family>]. Valid in the constructor only; copy what you need. A value
/// that does not parse throws std::invalid_argument, a name that the plugin does not declare
/// std::logic_error; both end the run before the first row, with the message.
class settings {
 public:
  settings(const mig_settings* given, std::span<const setting> declared) noexcept
      : given_(given), declared_(declared) {}

  std::string text(std::string_view name, std::string_view fallback) const {
    require(name, kind::text);
    const mig_setting_value* found = find(name);
    return std::string{found != nullptr ? detail::view(found->value) : fallback};
  }

  std::int64_t integer(std::string_view name, std::int64_t fallback) const {
    require(name, kind::integer);
    const mig_setting_value* found = find(name);
    if (found == nullptr) return fallback;
    const std::string_view digits = detail::view(found->value);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size()) {
      throw std::invalid_argument(bad(name, digits, "an integer of 64 bits"));
    }
    return value;
  }

  bool boolean(std::string_view name, bool fallback) const {
    require(name, kind::boolean);
    const mig_setting_value* found = find(name);
    if (found == nullptr) return fallback;
    const std::string_view word = detail::view(found->value);
    if (word != "true" && word != "false") {
      throw std::invalid_argument(bad(name, word, "true or false"));
    }
    return word == "true";
  }

  /// The texts of a list, in its order; `fallback` when the configuration does not name it.
  std::vector<std::string> list(std::string_view name,
                                std::vector<std::string> fallback = {}) const {
    require(name, kind::list);
    std::vector<std::string> texts;
    for (const mig_setting_value* each : values()) {
      if (detail::view(each->name) != name) continue;
      if (each->key.size == 0) return {};  // the configuration gives an empty list
      texts.emplace_back(detail::view(each->value));
    }
    return texts.empty() ? std::move(fallback) : std::move(texts);
  }

  /// The entries of a table of texts, in its order.
  std::vector<std::pair<std::string, std::string>> map(std::string_view name) const {
    require(name, kind::map);
    std::vector<std::pair<std::string, std::string>> entries;
    for (const mig_setting_value* each : values()) {
      if (detail::view(each->name) == name && each->key.size != 0) {
        entries.emplace_back(detail::view(each->key), detail::view(each->value));
      }
    }
    return entries;
  }

 private:
  std::span<const mig_setting_value* const> values() const noexcept {
    if (given_ == nullptr) return {};
    return {given_->values, given_->n_values};
  }

  const mig_setting_value* find(std::string_view name) const noexcept {
    for (const mig_setting_value* each : values()) {
      if (detail::view(each->name) == name) return each;
    }
    return nullptr;
  }

  /// The host hands over only what is declared, so a misspelt name would give its fallback for
  /// ever.
  void require(std::string_view name, kind wanted) const {
    const bool declared = std::any_of(declared_.begin(), declared_.end(), [&](const setting& each) {
      return each.name == name && each.kind == wanted;
    });
    if (!declared) {
      throw std::logic_error("setting '" + std::string{name} +
                             "' is not declared in the plugin's `settings` with this kind");
    }
  }

  static std::string bad(std::string_view name, std::string_view value, std::string_view wanted) {
    std::string message = "setting '";
    message.append(name).append("': '").append(value).append("' is not ").append(wanted);
    return message;
  }

  const mig_settings* given_;
  std::span<const setting> declared_;
};

}  // namespace mig
